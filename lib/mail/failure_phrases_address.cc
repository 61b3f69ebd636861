// SPDX-License-Identifier: Apache-2.0
// What is said of a mailbox: that it is not there, closed, or full; see failure_rules.h.
#include "lib/mail/failure_rules.h"

namespace mail::failure_rules {

namespace {

using enum FailureClass;

constexpr PhraseRule rules[] = {
    // Bad address: nobody of that name.
    {BadAddress, true, 8, "$who ~ $missing"},
    {BadAddress, true, 8, "$missing ~ $who"},
    {BadAddress, true, 9, "unrecogni* or name"},
    {BadAddress, true, 7, "unknown name"},
    {BadAddress, true, 4, "!exist*|!exists"},
    {BadAddress, true, 8, "!ma takie*"},
    {BadAddress, true, 7, "!found|!known here|there"},
    {BadAddress, true, 8, "exrecipnotfound"},
    {BadAddress, true, 9, "notes mail file"},
    {BadAddress, false, 7, "unavailable to"},
    {BadAddress, true, 8, "address|part ~ too long"},
    {BadAddress, true, 8, "has|have left"},
    {BadAddress, true, 7, "incorrectly|wrongly addressed"},
    {BadAddress, true, 6, "!id"},
    {BadAddress, true, 9, "deleted|removed user|account|mailbox"},
    {BadAddress, true, 8, "!one of ~ ours|our"},
    {BadAddress, true, 8, "!on file|record"},
    {BadAddress, true, 12, "user|recipient|mailbox|account|addressee unknown"},
    {BadAddress, true, 7, "!$who"},
    {BadAddress, true, 7, "!one|nobody|noone|!body ~ here|address|name|named"},
    {BadAddress, true, 7, "$dest ~ $missing"},
    {BadAddress, true, 7, "$missing ~ $dest"},
    {BadAddress, true, 7, "bad|nosuch|such|!such $dest"},
    {BadAddress, true, 7, "$dest ~~ !exist*|!exit|!found|!longer|!valid"},
    {BadAddress, true, 7, "$who ~~ unknown|!known"},
    {BadAddress, true, 7, "!longer ~ server|company|us|service|employ*|works|work|here"},
    {BadAddress, true, 8,
     "nosuchuser|recipnotfound|recipientnotfound|unknownuser|usernotfound|userunknown|"
     "nosuchmailbox|invalidrecipient|badrcptto|badrecipient|nouser|usersearch|unknownaddress"},
    {BadAddress, true, 6, "$dest ~ unavailable|!available|deleted|removed|closed|terminated"},
    {BadAddress, true, 8, "mailbox unavailable|!available"},
    {BadAddress, true, 7, "all|specified|one recipients|recipient ~ invalid|failed|rejected"},
    {BadAddress, true, 7, "check|double|verify ~~ typo*|spelling|spelled|misspel*"},
    {BadAddress, true, 7, "name|user|recipient ~ !unique|!listed ~ directory|domino|book"},
    {BadAddress, true, 6, "!found|!find|!listed ~ directory|ldap|database|aliases|passwd"},
    {BadAddress, true, 7, "$dest ~ moved|left|relocated|departed|resigned|changed|replaced"},
    {BadAddress, true, 7, "!longer ~ !valid|!active|!available"},
    {BadAddress, true, 7, "please|use ~ new ~ address"},
    {BadAddress, true, 7, "never possible"},
    {BadAddress, false, 6, "inactive|deactivated|discontinued|suspended"},
    {BadAddress, false, 4, "disabled"},
    {BadAddress, true, 6, "!longer"},
    {BadAddress, true, 8, "!longer ~ accepting|accepts|accept ~ mail|messages|email"},
    {BadAddress, true, 7, "malformed|badly|misformed ~ $dest"},
    {BadAddress, true, 8,
     "!listed|!known|!present|!found ~ in|at|on|to ~~ directory|site|book|system|server|table|"
     "database|domain"},
    {BadAddress, true, 6, "!address|!addresses"},
    {BadAddress, true, 9, "!in ~ database|directory|ldap"},
    {BadAddress, true, 9, "!deliver mail|message|email for"},
    {BadAddress, true, 13, "!in|!on ~ list of ~ recipients|users|addresses"},
    {BadAddress, true, 9, "address|user|mailbox|recipient ~ !receive|!accept mail|email|messages"},
    {BadAddress, true, 9, "domain missing|malformed"},
    {BadAddress, true, 9, "left|leaving the company|organisation|organization|firm|school"},
    {BadAddress, false, 9, "several|multiple|duplicate|ambiguous match|matches|entries"},
    {BadAddress, true, 12, "!accept* ~ mail|messages|email ~ for ~ address|user|recipient|mailbox"},
    {BadAddress, true, 13, "!in|!on ~ validrcptto|rcpt|recipient list|table"},
    {BadAddress, true, 9, "user|rcpt|recipient ~ !ok|!okay"},
    {BadAddress, true, 9, "recipient|rcpt verify|verification fail*"},
    {BadAddress, true, 11, "!route ~ to user|recipient|address"},
    {BadAddress, true, 5, "unrouteable|unroutable|unrouted"},
    {BadAddress, true, 6, "possibly incorrect"},
    {BadAddress, true, 9, "address syntax"},
    {BadAddress, true, 9, "syntax ~~ mailbox|recipient|rcpt|destination"},
    {BadAddress, true, 9, "recipient address rejected access denied"},
    {BadAddress, true, 5, "$dest $refused"},
    {BadAddress, false, 7, "recipient|user rejects|refuses|declines"},
    {BadAddress, true, 5, "$refused ~ recipient*|destination"},
    {BadAddress, true, 5, "undeliverable|undelivered"},
    {BadAddress, true, 5, "bad|unknown ~ destination"},
    {BadAddress, true, 8, "$missing|missing|malformed ~ local part"},
    {BadAddress, true, 11, "$dest ~ lookup|mapping|verification ~ fail*"},
    {BadAddress, false, 7, "$dest ~ !ok|!okay|!allowed|!permitted|!accepted"},
    {BadAddress, false, 10, "mailbox|user|account|local name|part ~ !allowed|!permitted"},
    {BadAddress, true, 9, "!in ~ recipient|recipients|user|alias|local ~ list|table|file"},
    {BadAddress, false, 7, "!accept* ~ for ~ mailbox|user|account|recipient"},
    {BadAddress, false, 3, "$who"},
    {BadAddress, false, 7, "mail|message|messages receiving|reception|delivery disabled|closed"},
    // The mailbox is there, and not in use. An administrator may bring it back: soft.
    {BadAddress, false, 9, "$who ~ $closed"},
    {BadAddress, false, 8, "$who ~~ disabled|suspended|locked|frozen|inactive|deactivated"},
    {BadAddress, false, 8,
     "disabled|suspended|discontinued|locked|frozen|inactive|deactivated|expired|dormant|closed "
     "$who|address|email"},
    {BadAddress, false, 8,
     "disableduser|userdisabled|accountdisabled|mailboxdisabled|inactiveuser|inactiverecipient|"
     "suspend|inbounds|accountdisabled*|mapiexceptionmailboxdisabled"},
    {BadAddress, false, 10, "!active|!enabled ~ $dest"},
    {BadAddress, true, 10, "!valid ~ $dest"},
    {BadAddress, false, 7, "address|email|domain ~~ disabled|suspended|discontinued|deactivated"},
    {BadAddress, false, 7, "mailbox|account|user|recipient ~ !accept*|!taking|!receiv*"},
    {BadAddress, false, 5, "$who ~ unavailable|!available|unable|temporar*"},
    // Languages that put no blanks between words, and Cyrillic.
    {BadAddress, true, 7,
     "*用户不存在*|*收件人不存在*|*邮箱不存在*|*該当するユーザ*|*つかりません*|*存在しません*|*"
     "ユーザは*|*見つかりません*|*宛先不明*|"
     "*지않는*|*존재하지*"},
    {BadAddress, true, 7,
     "*пользовател*|*ящик*|*адрес*|*получател* ~ не|нет ~ найден*|"
     "существует|зарегистрирован*|такого"},
    {BadAddress, true, 7, "не|нет ~ пользовател*|ящик*|адрес*|получател*"},
    {BadAddress, true, 7, "*пользовател*|*ящик*|*адрес*|*получател* нет"},

    // Mailbox full.
    {MailboxFull, false, 10, "$who|email|mail|folder|quota|disk|disc|space ~ $full"},
    {MailboxFull, false, 10, "full $who"},
    {MailboxFull, false, 9, "over|exceed*|out|beyond|above|violat*|short|lack ~ $quota"},
    {MailboxFull, false, 13, "over|exceed* quota"},
    {MailboxFull, false, 11, "larger|bigger ~ space|quota|available"},
    {MailboxFull, false, 14, "disk|disc quota exceed*"},
    {MailboxFull, false, 9,
     "$quota ~ $exceed|$full|limit|!available|!enough|!left|!sufficient|violated|superad*|"
     "exces*"},
    {MailboxFull, false, 9,
     "overquota*|quotaexceeded|mailboxfull|mailboxquotaexceeded|diskquota|"
     "mapiexceptionshutoffquotaexceeded|exceededquota|noquota|*quotaexceeded*"},
    {MailboxFull, false, 9, "!enough|!sufficient|insufficient|!more|low|!free ~ $quota"},
    {MailboxFull, false, 8, "!space|!room|!storage|!diskspace|!quota"},
    {MailboxFull, false, 13, "file too large"},
    {MailboxFull, false, 9, "space|storage shortage"},
    {MailboxFull, false, 9, "blocks|inode|inodes limit exceeded"},
    {MailboxFull, false, 11, "$who|folder ~ size|limit ~ exceed*|reached|over"},
    {MailboxFull, false, 11, "mailbox|inbox|maildir|account ~ $exceed ~ limit|size|allowed"},
    {MailboxFull, false, 8, "$who ~~ $exceed ~ limit|size|allowed|maximum|allotted"},
    {MailboxFull, false, 9, "message count|counts"},
    {MailboxFull, false, 8, "receive|!receive|accept|hold ~ more mail|messages|email"},
    {MailboxFull, false, 12, "size|storage|space limit ~ mailbox|box|inbox|account|folder"},
    {MailboxFull, false, 12, "allowed|maximum|max ~ mailbox|inbox|account|folder ~ size"},
    {MailboxFull, false, 12, "mailfolder|mailfile|maildir|mailbox ~ over ~ allowed|size|limit"},
    {MailboxFull, false, 9, "maximum|max|allowed number ~ messages|mails"},
    {MailboxFull, false, 11, "space|quota|storage ~ used"},
    {MailboxFull, false, 8, "mailbox|inbox|account|maildir|maildrop too large|big"},
    {MailboxFull, false, 8,
     "too|many|much|maximum|zuviele|viele ~ messages|mail|mails|nachrichten|emails ~ in|on|auf|"
     "im ~ mailbox|server|inbox|maildrop|account|postfach"},
    {MailboxFull, false, 9, "mailbox|inbox|maildrop limit|limits"},
    {MailboxFull, false, 7, "storage allocation"},
    {MailboxFull, false, 5, "quota"},
    {MailboxFull, false, 9,
     "*邮箱空间*|*邮箱已满*|*容量超*|*容量オーバー*|*オーバー*|*いっぱい*|*一杯*|*용량*|"
     "*переполнен*"},
};

} // namespace

std::span<const PhraseRule> address_phrases()
{
    return rules;
}

} // namespace mail::failure_rules
