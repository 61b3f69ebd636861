// SPDX-License-Identifier: Apache-2.0
// Names that large providers give to their reasons, and document: families of codes such as
// "RCP-P1" or "AUP#In-1370", read as the words they consist of. They say more than the text around
// them, which is often the same for all. See failure_rules.h.
#include "lib/mail/failure_rules.h"

namespace mail::failure_rules {

namespace {

using enum FailureClass;

constexpr PhraseRule rules[] = {
    // Facebook, "SMTP response codes" of its postmaster pages: P is for good, T for now.
    {Policy, false, 18, "dns p1|p2|t1"},
    {Blocked, false, 18, "dns p3|t2"},
    {BadAddress, true, 18, "rcp p1"},
    {BadAddress, true, 18, "int p1|p3|p4"},
    {Policy, false, 18, "rcp p2"},
    {Unknown, false, 18, "rcp t1|t2"},
    {Unknown, false, 18, "int t1|t2|t3|t4|t5|t6|t7|t8|t9|t10|t11|t12"},
    {Content, false, 18, "msg p1|p2"},
    {Content, false, 18, "int p2"},
    {Policy, false, 18, "con t1|t2|t3|t4"},
    {Content, false, 18, "pol p6"},
    {Policy, false, 12, "pol p*|t*"},

    // AOL, "Error messages": kind of block and list, as in "554 RLY:B1".
    {Blocked, false, 18, "rtr|rly|dyn|ipt b*|bb|bg|bl|ch|cs*|du|ge|gsp|ni|rd|sc|sn|t*|ir"},
    {Blocked, false, 18, "dns nr|b1|b2"},
    {Blocked, false, 18, "cvly"},
    {Policy, false, 18, "con b1"},
    {Content, false, 18, "hvu b*|r"},

    // Yahoo, "SMTP error codes".
    {Blocked, false, 14, "bl21|bl23|tss07|tss09|ts03"},
    {Policy, false, 12, "tss04|tss06|tss11|tss12|gl01"},
    {Policy, false, 12, "ph01"},

    // Outlook.com, "Troubleshooting" for postmasters.
    {Policy, false, 18, "rp 001|002|003"},
    {Blocked, false, 18, "sc 001|002|003|004"},
    {Blocked, false, 18, "dy 001|002"},
    {Blocked, false, 18, "ou 001|002"},
    {Blocked, false, 15, "s3140|s3150|as3140|as3150|as3160"},

    // Apple, "Postmaster information for iCloud Mail".
    {Policy, false, 12, "cs01"},

    // Comcast, "Mail delivery error codes".
    {Blocked, false, 15, "bl0000*|bl0001*|bl001|bl002|bl003|bl004|bl005|bl006|bl007|bl008"},
    {Blocked, false, 15, "es0000*"},
    {Policy, false, 15, "rl0000*|rl001|dm0000*"},

    // Trend Micro, Email Reputation Services.
    {Blocked, false, 18, "ers qil|rbl|dul|kss|zombie"},

    // Cox, "Error codes".
    {Blocked, false, 18, "cxbl|cdrbl|ipbl*|cxdns"},
    {Policy, false, 18, "cxthrt|cxmxrt|cxcnct|cxsndr"},

    // Charter Spectrum, "Understanding email error codes".
    {Blocked, false, 15, "aup ~ 1010|1300|137*"},
    {Policy, false, 15, "aup ~ 131*"},
    {Policy, false, 9, "aup"},

    // Orange, "Postmaster": the number at the end of OFR_ and LPN codes.
    {Blocked, false, 15, "ofr*|lpn* 102"},
    {Policy, false, 15, "ofr*|lpn* 104|105|409"},
    {Policy, false, 15, "ofr*|lpn* 405|414"},
    {BadAddress, true, 15, "ofr*|lpn* 401|416"},
    {MailboxFull, false, 15, "ofr*|lpn* 417"},
    {BadAddress, false, 15, "ofr*|lpn* 426"},
    {Content, false, 15, "ofr*|lpn* 506"},

    // GoDaddy, "Fix rejected email with a bounce error".
    {Policy, false, 15, "ib001|ib002|ib003|ib004|ib005|ib006|ib007"},
    {Unknown, false, 15, "ib101|ib701"},
    {Blocked, false, 15, "ib103|ib104|ib105|ib106|ib108|ib110|ib111"},
    {Content, false, 15, "ib2*|ib704|ib705"},

    // NetEase (163.com, 126.com), "Codes of returned mail".
    {Policy, false, 18, "hl icc|ifc|ifq|mep"},
    {Blocked, false, 18, "hl rep|ipb|ihu|itc"},
    {Policy, false, 18, "mi|rp|cr cel|dmc|ccl|drc|sfq|qrc|trc|stc|mdc"},
    {Blocked, false, 18, "mi|rp|dt rbl|spb"},
    {Blocked, false, 18, "wm bli"},
    {Policy, false, 18, "wm blu"},
    {Content, false, 18, "dt spm|sum"},
};

} // namespace

std::span<const PhraseRule> provider_codes()
{
    return rules;
}

} // namespace mail::failure_rules
