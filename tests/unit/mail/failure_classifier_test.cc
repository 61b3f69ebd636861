// SPDX-License-Identifier: Apache-2.0
// Failure classes of replies: a table of our own in the wordings of many servers, and, where they
// are present, replies that others have collected.
#include "lib/mail/failure_classifier.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <set>

#include "lib/base/strings.h"
#include "lib/mail/failure_rules.h"

namespace mail {

namespace {

using enum FailureClass;

struct Case {
    FailureClass want;
    bool hard;
    std::string_view dsn;
    std::string_view text;
};

constexpr Case cases[] = {
    {BadAddress, true, "5.1.1",
     "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown"},
    {BadAddress, true, "5.0.0", "550 No Such User Here"},
    {BadAddress, true, "5.0.0", "550 Requested action not taken: mailbox unavailable"},
    {BadAddress, true, "5.1.1", "550 sorry, no mailbox here by that name. (#5.1.1)"},
    {BadAddress, true, "5.0.0",
     "554 delivery error: dd This user doesn't have a b.example account"},
    {BadAddress, true, "5.4.1", "550 5.4.1 Recipient address rejected: Access denied."},
    {BadAddress, true, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found"},
    {BadAddress, true, "5.0.0", "550 Unknown local part a in <a@b.example>"},
    {BadAddress, true, "5.0.0", "550 Benutzer unbekannt"},
    {BadAddress, true, "5.1.1", "550 5.1.1 Adresse d au moins un destinataire invalide."},
    {BadAddress, true, "5.0.0", "550 Пользователь не найден"},
    {BadAddress, true, "5.1.6", "550 5.1.6 recipient no longer on server"},
    {BadAddress, true, "5.1.1", "unknown user: \"a\""},
    {BadAddress, false, "5.2.1", "550 5.2.1 The mailbox is disabled, not accepting messages"},
    {BadAddress, false, "5.0.0", "554 This account has been suspended"},
    {MailboxFull, false, "5.2.2", "552 5.2.2 The mailbox you tried to reach is over quota"},
    {MailboxFull, false, "4.2.2", "452 4.2.2 inbox is out of storage space and inactive"},
    {MailboxFull, false, "5.0.0", "552 Requested mail action aborted: exceeded storage allocation"},
    {MailboxFull, false, "4.2.2", "Quota exceeded (mailbox for user is full)"},
    {MailboxFull, false, "4.3.1", "452 4.3.1 Insufficient system storage"},
    {MailboxFull, false, "5.0.0", "552 Boîte du destinataire pleine"},
    {MailboxFull, false, "5.0.0", "552 Postfach ist voll"},
    {MailboxFull, false, "5.2.2", "cannot update mailbox /var/mail/a. error: File too large"},
    {Blocked, false, "5.7.1",
     "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
     "zen.spamhaus.org"},
    {Blocked, false, "5.0.0",
     "554-your access to this mail system has been rejected due to the "
     "sending MTA's poor reputation"},
    {Blocked, false, "5.7.1",
     "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Part "
     "of their network is on our block list"},
    {Blocked, false, "4.7.0",
     "421 4.7.0 [TS01] Messages from 192.0.2.1 temporarily deferred due to "
     "user complaints"},
    {Blocked, false, "5.7.606", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]"},
    {Blocked, false, "4.7.25", "450 4.7.25 Client host rejected: cannot find your hostname"},
    {Blocked, false, "5.7.25",
     "550 5.7.25 The IP address sending this message does not have a PTR "
     "record setup"},
    {Blocked, false, "5.0.0", "554 We do not accept mail from dynamic IPs"},
    {Policy, false, "5.7.26",
     "550-5.7.26 Unauthenticated email from b.example is not accepted due to "
     "domain's DMARC policy"},
    {Policy, false, "5.7.1", "550 5.7.1 SPF check failed: 192.0.2.1 may not send for b.example"},
    {Policy, false, "5.7.1", "554 5.7.1 <a@b.example>: Relay access denied"},
    {Policy, false, "5.1.8", "553 5.1.8 Domain of sender address a@b.example does not exist"},
    {Policy, false, "5.0.0", "550-Verification failed for <a@b.example> 550 Sender verify failed"},
    {Policy, false, "4.2.0", "450 4.2.0 Recipient address rejected: Greylisted, see the help page"},
    {Policy, false, "4.7.0", "421 4.7.0 Too many concurrent SMTP connections"},
    {Policy, false, "4.2.1",
     "450 4.2.1 The user you are trying to contact is receiving mail too "
     "quickly"},
    {Policy, false, "5.0.0", "550 Administrative prohibition"},
    {Policy, false, "5.7.1", "550 5.7.1 [CS01] Message rejected due to local policy."},
    {Policy, false, "5.7.133", "550 5.7.133 sender not authenticated for group"},
    {Content, false, "5.7.1", "550 5.7.1 This message was classified as SPAM"},
    {Content, false, "5.0.0", "550 Message rejected: contains virus EICAR-Test"},
    {Content, false, "5.3.4", "552 5.3.4 Message size exceeds fixed limit"},
    {Content, false, "5.2.3", "552-5.2.3 Your message exceeded the size limits of this server"},
    {Content, false, "5.7.0",
     "552 5.7.0 This message was blocked because its content presents a "
     "potential security issue"},
    {Content, false, "5.6.0", "554 5.6.0 Message contains NUL bytes"},
    {Content, false, "5.7.1",
     "550 5.7.1 message is not RFC 5322 compliant: duplicate Subject header"},
    {Network, false, "4.4.1", "connect to mx.b.example[192.0.2.1]:25: Connection timed out"},
    {Network, false, "4.4.1", "connect to mx.b.example[192.0.2.1]:25: No route to host"},
    {Network, false, "4.4.2", "lost connection with mx.b.example[192.0.2.1] while sending RCPT TO"},
    {Network, false, "4.4.7", "message has expired"},
    {Dns, true, "5.4.4",
     "Host or domain name not found. Name service error for name=b.example "
     "type=A: Host not found"},
    {Dns, true, "5.1.2", "Sorry, I couldn't find any host named b.example. (#5.1.2)"},
    {Dns, true, "5.1.0", "Domain b.example does not accept mail (nullMX)"},
    {Tls, false, "4.7.4", "TLS is required, but was not offered by host mx.b.example[192.0.2.1]"},
    {Tls, false, "4.7.5", "Server certificate not trusted"},
    {Tls, false, "5.7.0", "530 5.7.0 Must issue a STARTTLS command first"},
    {Loop, false, "5.4.6", "mail for b.example loops back to myself"},
    {Loop, false, "5.4.6", "554 5.4.6 Too many hops 26 (25 max)"},
    {Loop, false, "5.4.14", "554 5.4.14 Hop count exceeded - possible mail loop"},
    {Loop, false, "5.4.6", "mail forwarding loop for a@b.example"},
    {AutoReply, false, "", "I am out of the office until Monday"},
    {AutoReply, false, "", "This is an automatic reply"},
    {Unknown, false, "5.0.0", "554 Transaction failed"},
    {Unknown, false, "4.3.0", "451 4.3.0 Temporary server error"},
    {Unknown, false, "", ""},
    {Network, false, "4.5.0", "SMTP; "},
    {Unknown, false, "5.5.0", "SMTP; "},
    {BadAddress, true, "5.1.1", "550 5.1.1 inactive email address"},
    {BadAddress, false, "5.2.0", "550 : User unknown"},
    {BadAddress, false, "5.0.0", "550 Unknown user a@b.example"},
    {BadAddress, true, "5.1.1", "550 Unknown user a@b.example"},
    {Dns, false, "4.4.3", "Host or domain name not found. Name service error: Host not found"},
    {Unknown, false, "5.3.0", "x-unix; status 127: \"|/usr/bin/vacation a\" out of paper"},
    {Unknown, false, "4.0.0", "451 qwertz"},
    {Blocked, false, "5.7.1",
     "553 5.7.1 Connections will not be accepted, the ip is in Spamhaus's list"},
    {Blocked, false, "5.0.0", "550 Rejected 192.0.2.1 found in dnsbl.list.example"},
    {Blocked, false, "4.7.0",
     "421 4.7.0 unusual rate of unsolicited mail originating from your IP"},
    {Blocked, false, "5.0.0",
     "550 permanent failure for one or more recipients (a@b.example:blocked)"},
    {Blocked, false, "5.7.1", "554 5.7.1 You are not allowed to connect"},
    {Content, false, "5.7.1", "554 5.7.1 Client host blocked using multi.uribl.example"},
    {Content, false, "5.0.0", "550 Mail content denied"},
    {Policy, false, "5.0.0", "550 mailbox unavailable: invalid MX record for sender domain"},
    {Policy, false, "4.0.0", "421 We have limits for how many messages can be sent per hour"},
    {Policy, false, "5.7.1", "553 5.7.1 Sender address rejected: not owned by user"},
    {Network, false, "4.3.2",
     "host mx[192.0.2.1] refused to talk to me: 421 Service shutting down"},
    {Network, false, "4.4.1",
     "delivery temporarily suspended: connect to mx[192.0.2.1]:25: Connection "
     "refused"},
    {Tls, false, "4.7.5", "Cannot start TLS: handshake failure"},
    {Dns, true, "5.1.2", "550 5.1.2 <a@b.example>: Recipient address rejected: Domain not found"},
    // Words inside addresses say nothing.
    {BadAddress, true, "5.1.1", "550 5.1.1 <spam.blocked.quota.full@b.example>: user unknown"},
};

// The reasons that the collection's labels name, as our classes. Where a label spans several of
// them, the text decides which it is, and any of them is right.
const std::map<std::string, std::set<FailureClass>, std::less<>> classes_of_label = {
    {"authfailure", {Policy}},
    {"badreputation", {Blocked}},
    {"blocked", {Blocked}},
    {"contenterror", {Content}},
    {"exceedlimit", {Content}},
    {"expired", {Network, Dns}},
    {"filtered", {BadAddress, Policy}},
    {"hasmoved", {BadAddress}},
    {"hostunknown", {Dns}},
    {"mailboxfull", {MailboxFull}},
    {"mailererror", {Unknown}},
    {"mesgtoobig", {Content}},
    {"networkerror", {Network, Dns, Loop}},
    {"norelaying", {Policy}},
    {"notaccept", {Dns}},
    {"notcompliantrfc", {Content}},
    {"onhold", {Unknown}},
    {"policyviolation", {Policy}},
    {"rejected", {Policy}},
    {"requireptr", {Blocked}},
    {"securityerror", {Policy}},
    {"spamdetected", {Content}},
    {"speeding", {Policy}},
    {"suspend", {BadAddress}},
    {"syntaxerror", {Unknown}},
    {"systemerror", {Unknown}},
    {"systemfull", {MailboxFull}},
    {"toomanyconn", {Policy}},
    {"undefined", {Unknown}},
    {"userunknown", {BadAddress}},
    {"virusdetected", {Content}},
};

std::string collection_path()
{
    const char* folder = std::getenv("POSTHOUSE_VECTORS");
    const char* source = std::getenv("SRCDIR");
    return folder != nullptr ? base::cat(folder, "/bounces/replies.tsv")
                             : base::cat(source == nullptr ? "." : source,
                                         "/../shared/vectors/bounces/replies.tsv");
}

struct Sample {
    std::string dsn, text, label;
    bool hard = false;
};

std::vector<Sample> collection()
{
    std::vector<Sample> samples;
    std::ifstream file(collection_path());
    for (std::string line; std::getline(file, line);) {
        std::string_view rest = line;
        Sample sample;
        sample.dsn = base::cut(rest, '\t');
        sample.text = base::cut(rest, '\t');
        sample.label = base::cut(rest, '\t');
        sample.hard = base::cut(rest, '\t') == "1";
        // "smtp; 550 ...": the type of a Diagnostic-Code field.
        if (const auto type = sample.text.find(';'); type < 24)
            sample.text.erase(0, type + 1);
        samples.push_back(std::move(sample));
    }
    return samples;
}

// How many answers are right; the wrong ones are shown.
struct Score {
    std::size_t right = 0, all = 0;
    std::string wrong;

    void count(bool is_right, Failure got, std::string_view text)
    {
        ++all;
        right += is_right;
        if (!is_right)
            base::append(wrong, "  not ", failure_text(got), ": ", text, "\n");
    }
    std::size_t percent() const { return all == 0 ? 0 : right * 100 / all; }
    void tell(std::string_view what) const
    {
        std::cout << what << ": " << right << " of " << all << " right\n" << wrong;
    }
};

} // namespace

TEST(FailureClassifier, KnowsTheWordsOfManyServers)
{
    const FailureClassifier classifier;
    for (const Case& one : cases) {
        const Failure got = classifier.classify(one.dsn, one.text);
        EXPECT_EQ(failure_text(got), failure_text({one.want, one.hard})) << one.text;
    }
}

TEST(FailureClassifier, AgreesWithPeopleAboutCollectedReplies)
{
    const std::vector<Sample> samples = collection();
    if (samples.empty())
        GTEST_SKIP() << "no collection of replies at " << collection_path();
    const FailureClassifier classifier;
    Score kinds, hardness;
    for (const Sample& sample : samples) {
        const auto wanted = classes_of_label.find(sample.label);
        ASSERT_NE(wanted, classes_of_label.end()) << sample.label;
        const Failure got = classifier.classify(sample.dsn, sample.text);
        kinds.count(wanted->second.contains(got.kind), got, sample.text);
        hardness.count(got.hard == sample.hard, got, sample.text);
    }
    kinds.tell("class");
    hardness.tell("hard or soft");
    EXPECT_GE(kinds.percent(), 95u);
    EXPECT_GE(hardness.percent(), 95u);
}

TEST(FailureClassifier, AgreesWithReadersOfQuotedReplies)
{
    const char* source = std::getenv("SRCDIR");
    std::ifstream file(
        base::cat(source == nullptr ? "." : source, "/tests/unit/mail/failure_replies.tsv"));
    const FailureClassifier classifier;
    Score kinds, hardness;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("#"))
            continue;
        std::string_view rest = line;
        std::string_view wanted = base::cut(rest, '\t');
        const std::string_view dsn = base::cut(rest, '\t');
        const Failure got = classifier.classify(dsn, rest);
        if (const char mark = wanted.back(); mark == '+' || mark == '-') {
            wanted.remove_suffix(1);
            hardness.count(got.hard == (mark == '+'), got, rest);
        }
        const auto names = base::split(wanted, "|");
        const auto name = failure_class_name(got.kind);
        kinds.count(std::find(names.begin(), names.end(), name) != names.end(), got, rest);
    }
    kinds.tell("class");
    hardness.tell("hard or soft");
    EXPECT_GT(kinds.all, 2'500u);
    EXPECT_GE(kinds.percent(), 97u);
    EXPECT_GT(hardness.all, 1'000u);
    EXPECT_GE(hardness.percent(), 97u);
}

TEST(FailureClassifier, HoldsNoReplyOfTheCollectionWhole)
{
    for (const auto& table : failure_rules::phrases())
        for (const auto& rule : table)
            EXPECT_LE(base::split(rule.words, " ").size(), 9u) << rule.words;
}

TEST(FailureClassifier, NamesNoWordSetThatIsMissing)
{
    std::set<std::string_view> names;
    for (const auto& set : failure_rules::word_sets())
        names.insert(set.name);
    std::string words;
    for (const auto& table : failure_rules::phrases())
        for (const auto& rule : table)
            base::append(words, rule.words, " ");
    for (std::string_view part : base::split(words, " |")) {
        part.remove_prefix(part.front() == '!' || part.front() == '+' ? 1 : 0);
        EXPECT_TRUE(part.front() != '$' || names.contains(part.substr(1))) << part;
    }
}

TEST(FailureClassifier, LooksAtTheReplyOfAnOutcome)
{
    const FailureClassifier classifier;
    Outcome outcome;
    EXPECT_EQ(classifier.classify(outcome), Failure{});
    outcome.status = Status::Sent;
    EXPECT_EQ(classifier.classify(outcome), Failure{});
    outcome.status = Status::Bounced;
    outcome.dsn = "5.1.1";
    outcome.text = "host full.quota.example[192.0.2.1] said: 550 5.1.1 User unknown";
    outcome.reply = "550 5.1.1 User unknown";
    EXPECT_EQ(classifier.classify(outcome), (Failure{BadAddress, true}));
    // A temporary failure is no reason to give an address up.
    outcome.status = Status::Deferred;
    EXPECT_EQ(classifier.classify(outcome), (Failure{BadAddress, false}));
}

TEST(FailureClassifier, ReadsRepliesOfSeveralLines)
{
    const FailureClassifier classifier;
    EXPECT_EQ(classifier.classify("5.2.1",
                                  "550-5.2.1 The user you are trying to contact is receiving "
                                  "mail at a rate that\r\n550-5.2.1 prevents additional "
                                  "messages\r\n550 5.2.1 from being delivered"),
              (Failure{Policy, false}));
}

TEST(FailureClassifier, IsQuickEvenWithLongReplies)
{
    const FailureClassifier classifier;
    std::string text = "550 5.7.1";
    while (text.size() < 2 * failure_text_limit)
        text += " mail user over server";
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i)
        classifier.classify("5.7.1", text);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

} // namespace mail
