// SPDX-License-Identifier: Apache-2.0
// Addresses on their way through cleanup: envelope and header, tables and their failure.
#include "cleanup/addressing.h"

#include "lib/base/strings.h"
#include "tests/unit/cleanup/cleanup_fixture.h"

namespace cleanup {
namespace {

namespace option = ipc::cleanup::option;

class AddressingTest : public CleanupTest {
protected:
    static constexpr const char* header =
        "From: \"Joe, J.\" <joe@in.example.net> (home),\r\n\tann\r\n"
        "To: joe@in.example.net, list: bob; \"q r\"@x\r\nSubject: joe\r\nMessage-Id: <1>\r\n"
        "Date: d\r\n\r\njoe\r\n";
};

TEST_F(AddressingTest, CompletesEnvelopeAddresses)
{
    envelope_.sender = "joe";
    recipients_ = {"ann", "bob%example.org", "@relay.example:eve@example.org", ""};
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_message().envelope.sender, "joe@mx.example.net");
    EXPECT_EQ(stored_recipients(), "ann@mx.example.net(ann) bob@example.org(bob%example.org) "
                                   "eve@example.org(@relay.example:eve@example.org) "
                                   "MAILER-DAEMON@mx.example.net()");
}

TEST_F(AddressingTest, RewritesHeadersOfLocalMailInPlace)
{
    options_ = option::local_rewrite;
    EXPECT_EQ(send(header), "ok");
    EXPECT_EQ(stored_text(),
              "From: \"Joe, J.\" <joe@in.example.net> (home),\r\n\tann@mx.example.net\r\n"
              "To: joe@in.example.net, list: bob@mx.example.net;, \"q r\"@x\r\nSubject: joe\r\n"
              "Message-Id: <1>\r\nDate: d\r\n\r\njoe\r\n");
}

TEST_F(AddressingTest, LeavesHeadersOfStrangersAlone)
{
    configure("canonical_maps = static:other@example.org\n");
    EXPECT_EQ(send(header), "ok");
    EXPECT_EQ(stored_text(), header);
    EXPECT_EQ(stored_message().envelope.sender, "other@example.org");
    EXPECT_EQ(stored_recipients(), "other@example.org(user@example.org)");
    configure("remote_header_rewrite_domain = invalid\n");
    EXPECT_EQ(send("To: ann, a@b\r\nFrom: x@y\r\nDate: d\r\nMessage-Id: <1>\r\n\r\n"), "ok");
    EXPECT_EQ(stored_text(), "To: ann@invalid, a@b\r\nFrom: x@y\r\nDate: d\r\n"
                             "Message-Id: <1>\r\n\r\n");
}

TEST_F(AddressingTest, MapsByClass)
{
    struct {
        const char* name;
        const char* main_cf;
        const char* want; // sender, recipient, From, To
    } const cases[] = {
        {"all", "canonical_maps = inline:{a@x.y=new@x.y}", "new@x.y new@x.y <new@x.y> <new@x.y>"},
        {"senders", "sender_canonical_maps = inline:{a@x.y=new@x.y}",
         "new@x.y a@x.y <new@x.y> <a@x.y>"},
        {"recipients", "recipient_canonical_maps = inline:{a@x.y=new@x.y}",
         "a@x.y new@x.y <a@x.y> <new@x.y>"},
        {"envelope",
         "canonical_maps = inline:{a@x.y=new@x.y}\n"
         "canonical_classes = envelope_sender, envelope_recipient",
         "new@x.y new@x.y <a@x.y> <a@x.y>"},
        {"header sender",
         "sender_canonical_maps = inline:{a@x.y=new@x.y}\n"
         "sender_canonical_classes = header_sender",
         "a@x.y a@x.y <new@x.y> <a@x.y>"},
        {"in order",
         "sender_canonical_maps = inline:{a@x.y=b@x.y}\n"
         "canonical_maps = inline:{{b@x.y=c@x.y} {a@x.y=d@x.y}}",
         "c@x.y d@x.y <c@x.y> <d@x.y>"},
        {"masquerade", "masquerade_domains = y", "a@y a@x.y <a@y> <a@y>"},
        {"exceptions", "masquerade_domains = y\nmasquerade_exceptions = root A",
         "a@x.y a@x.y <a@x.y> <a@x.y>"},
        {"masquerade recipients", "masquerade_domains = y\nmasquerade_classes = envelope_recipient",
         "a@x.y a@y <a@x.y> <a@x.y>"},
    };
    options_ = option::local_rewrite;
    envelope_.sender = "a@x.y";
    recipients_ = {"a@x.y"};
    for (const auto& c : cases) {
        configure(c.main_cf);
        EXPECT_EQ(send("From: <a@x.y>\r\nTo: <a@x.y>\r\nDate: d\r\nMessage-Id: <1>\r\n\r\n"), "ok");
        const auto message = stored_message();
        std::string text = stored_text();
        std::string_view rest = text;
        const auto from = base::cut(rest, '\r').substr(6);
        const auto to = base::cut(rest, '\r').substr(5);
        EXPECT_EQ(base::cat(message.envelope.sender, " ", message.recipients.at(0).address, " ",
                            from, " ", to),
                  c.want)
            << c.name;
    }
}

TEST_F(AddressingTest, Masquerades)
{
    struct {
        const char* address;
        const char* domains;
        const char* want;
    } const cases[] = {
        {"a@b.c.d", "c.d", "a@c.d"},
        {"a@c.d", "c.d", "a@c.d"},
        {"a@bc.d", "c.d", "a@bc.d"},
        {"a@x.B.c.D", "b.c.d c.d", "a@B.c.D"},
        {"a@x.b.c.d", "!b.c.d c.d", "a@x.b.c.d"},
        {"a@x.e", "c.d", "a@x.e"},
        {"a", "c.d", "a"},
        {"a@", "c.d", "a@"},
    };
    for (const auto& c : cases) {
        std::vector<std::string> domains;
        for (auto domain : base::split(c.domains, " "))
            domains.emplace_back(domain);
        EXPECT_EQ(masqueraded(c.address, domains), c.want) << c.address << " by " << c.domains;
    }
}

TEST_F(AddressingTest, ExpandsAliases)
{
    configure("virtual_alias_maps = inline:{{all@example.org=one@x.y, two@x.y, three@x.y}"
              " {one@x.y=two@x.y, four} {self@x.y=self@x.y, other@x.y}}\n");
    recipients_ = {"all@example.org"};
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_recipients(), "two@x.y(all@example.org) three@x.y(all@example.org) "
                                   "four@mx.example.net(all@example.org)");
    recipients_ = {"self@x.y"};
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_recipients(), "self@x.y other@x.y(self@x.y)");
    options_ = option::no_address_mappings;
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_recipients(), "self@x.y");
}

TEST_F(AddressingTest, HasTheSenderToldOfExpansionInsteadOfSuccess)
{
    configure("virtual_alias_maps = inline:{{all@example.org=one@x.y, two@x.y}}\n");
    recipients_ = {"all@example.org"};
    notify_ = mail::notify::success | mail::notify::failure;
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_message().recipients[0].dsn_notify, mail::notify::failure);
    EXPECT_EQ(stored_message().recipients[1].dsn_notify, mail::notify::failure);
    EXPECT_EQ(stored_message().attribute(queue::attribute::expanded),
              "all@example.org\nall@example.org\n");
    notify_ = mail::notify::success;
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_message().recipients[1].dsn_notify, mail::notify::never);
}

TEST_F(AddressingTest, KeepsTheOriginalRecipientUnlessToldNotTo)
{
    configure("canonical_maps = static:one@x.y\n");
    recipients_ = {"a@x.y", "b@x.y"};
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_recipients(), "one@x.y(a@x.y) one@x.y(b@x.y)");
    configure("canonical_maps = static:one@x.y\nenable_original_recipient = no\n");
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_recipients(), "one@x.y");
}

TEST_F(AddressingTest, SendsCopies)
{
    configure("always_bcc = archive\nsender_bcc_maps = inline:{sender@example.com=s@x.y}\n"
              "recipient_bcc_maps = inline:{user@example.org=r@x.y}\n"
              "virtual_alias_maps = inline:{r@x.y=alias@x.y}\n");
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_recipients(), "s@x.y user@example.org alias@x.y(r@x.y) "
                                   "archive@mx.example.net(archive)");
    EXPECT_EQ(stored_message().recipients[0].dsn_notify, mail::notify::never);
    options_ = option::internal;
    EXPECT_EQ(send("\r\n"), "ok");
    EXPECT_EQ(stored_recipients(), "user@example.org");
}

TEST_F(AddressingTest, RefusesMailForTheTimeBeingWhenATableFails)
{
    struct {
        const char* main_cf;
        const char* reply;
        const char* line;
    } const cases[] = {
        {"canonical_maps = fail:x", "451 4.3.0 Error: queue file write error",
         "warning: Q: canonical_maps map lookup problem for sender@example.com -- "
         "message not accepted, try again later\n"},
        {"recipient_canonical_maps = fail:x", "451 4.3.0 Error: queue file write error",
         "warning: Q: recipient_canonical_maps map lookup problem for user@example.org -- "},
        {"recipient_canonical_maps = fail:x\nrecipient_canonical_classes = header_recipient",
         "451 4.3.0 Error: queue file write error",
         "warning: Q: recipient_canonical_maps map lookup problem for to@example.org -- "},
        {"virtual_alias_maps = fail:x", "451 4.3.0 Error: queue file write error",
         "warning: Q: virtual_alias_maps map lookup problem for user@example.org -- "},
        {"sender_bcc_maps = fail:x", "451 4.3.0 Error: queue file write error",
         "warning: Q: sender_bcc_maps map lookup problem -- "},
        {"recipient_bcc_maps = fail:x", "451 4.3.0 Error: queue file write error",
         "warning: Q: recipient_bcc_maps map lookup problem -- "},
        {"virtual_alias_maps = inline:{{user@example.org=a@b, c@d}}\n"
         "virtual_alias_expansion_limit = 1",
         "451 4.6.0 Alias expansion error",
         "warning: Q: unreasonable virtual_alias_maps map expansion size for user@example.org -- "
         "message not accepted, try again later\n"},
        {"virtual_alias_maps = pcre:{{/^(.*)@/ x$$1@b}}\nvirtual_alias_recursion_limit = 9",
         "451 4.6.0 Alias expansion error",
         "warning: Q: unreasonable virtual_alias_maps map nesting for "},
    };
    options_ = option::local_rewrite;
    for (const auto& c : cases) {
        configure(c.main_cf);
        log_lines_.lines.clear();
        EXPECT_EQ(send("To: to@example.org\r\n\r\n"), c.reply) << c.main_cf;
        EXPECT_NE(log().find(c.line), std::string::npos) << c.main_cf << "\n" << log();
        EXPECT_TRUE(nothing_left()) << c.main_cf;
    }
}

TEST_F(AddressingTest, StopsAtTheTokenLimit)
{
    configure("header_address_token_limit = 3\n");
    options_ = option::local_rewrite;
    EXPECT_EQ(send("To: a, b, c\r\nFrom: x@y\r\nDate: d\r\nMessage-Id: <1>\r\n\r\n"), "ok");
    EXPECT_EQ(stored_text(), "To: a@mx.example.net, b, c\r\nFrom: x@y\r\nDate: d\r\n"
                             "Message-Id: <1>\r\n\r\n");
}

} // namespace
} // namespace cleanup
