// SPDX-License-Identifier: Apache-2.0
// master.cf: columns, options, faults.
#include "lib/config/master_cf.h"

#include <gtest/gtest.h>

namespace config {
namespace {

using Strings = std::vector<std::string>;

MasterCf parse(std::string_view text, Faults& faults, MasterCf::Defaults defaults = {})
{
    return MasterCf::parse(text, "master.cf", defaults, faults);
}

TEST(MasterCf, BracesAroundAWholeWordAreTakenOff)
{
    Faults faults;
    MasterCf master =
        parse("x unix - n n - - pipe argv=/x { a b } {a}b{c} ${a ? {b c}} {}\n", faults);
    ASSERT_TRUE(faults.empty()) << faults[0].to_string();
    EXPECT_EQ(master.entries()[0].arguments,
              (Strings{"argv=/x", "a b", "{a}b{c}", "${a ? {b c}}", ""}));
}

TEST(MasterCf, ReadsAllColumns)
{
    Faults faults;
    MasterCf master = parse("# services\n"
                            "smtp inet n - y - - smtpd\n"
                            "  -o syslog_name=postfix/$service_name -v\n"
                            "flush unix n n - 1000? 0 flush\n"
                            "pickup fifo - y n 60 1 pickup -oa=b -o { c = d e } {f g} -o x=y\n",
                            faults, {.process_limit = 42, .chroot = true});
    ASSERT_TRUE(faults.empty()) << faults[0].to_string();
    ASSERT_EQ(master.entries().size(), 3u);
    const ServiceEntry& smtp = master.entries()[0];
    EXPECT_EQ(smtp.key(), "smtp/inet");
    EXPECT_FALSE(smtp.is_private);
    EXPECT_TRUE(smtp.unprivileged);
    EXPECT_TRUE(smtp.chroot);
    EXPECT_EQ(smtp.wakeup, 0);
    EXPECT_EQ(smtp.max_processes, 42);
    EXPECT_EQ(smtp.command, "smtpd");
    EXPECT_EQ(smtp.arguments, (Strings{"-o", "syslog_name=postfix/$service_name", "-v"}));
    EXPECT_EQ(smtp.line, 2);
    const ServiceEntry& flush = master.entries()[1];
    EXPECT_TRUE(flush.chroot) << "the default";
    EXPECT_FALSE(flush.unprivileged);
    EXPECT_EQ(flush.wakeup, 1000);
    EXPECT_TRUE(flush.wakeup_if_used);
    EXPECT_EQ(flush.max_processes, 0);
    const ServiceEntry& pickup = master.entries()[2];
    EXPECT_TRUE(pickup.is_private);
    EXPECT_EQ(pickup.arguments, (Strings{"-o", "a=b", "-o", "c=d e", "f g", "-o", "x=y"}));
    EXPECT_EQ(pickup.overrides.size(), 2u) << "after the first word that is no option";
    EXPECT_EQ(pickup.overrides[1], (std::pair<std::string, std::string>{"c", "d e"}));
}

TEST(MasterCf, TellsEveryFaultWithItsLine)
{
    Faults faults;
    MasterCf master = parse("smtp inet n - y - - smtpd\n"
                            "short inet n\n"
                            "a foo q x z 1?x -3 /bin/smtpd\n"
                            "::1:25 inet n - - - - smtpd\n"
                            "b unix - - - - - pipe -o nothing\n"
                            "c unix - - - - - pipe -o\n"
                            "d unix - - - - - pipe -o {a=b\n"
                            "../e unix - - - - - pipe\n",
                            faults);
    EXPECT_EQ(master.entries().size(), 1u);
    std::vector<int> lines;
    for (const Fault& fault : faults)
        lines.push_back(fault.line);
    EXPECT_EQ(lines, (std::vector<int>{2, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8}));
    EXPECT_EQ(faults[1].to_string(), "master.cf, line 3: invalid type field \"foo\" (use inet, "
                                     "unix, fifo, pass or unix-dgram)");
    for (const Fault& fault : faults)
        EXPECT_FALSE(fault.hint.empty()) << fault.text;
}

TEST(MasterCf, TakesTheLastOfTwoEntriesInThePlaceOfTheFirst)
{
    Faults faults;
    MasterCf master = parse("a unix - - n 1 - x\nb unix - - n - - y\na unix - - n 2 - z\n", faults);
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_TRUE(faults[0].warning);
    ASSERT_EQ(master.entries().size(), 2u);
    EXPECT_EQ(master.entries()[0].command, "z");
    EXPECT_EQ(master.find("b", ServiceType::Unix)->command, "y");
    EXPECT_EQ(master.find("b", ServiceType::Inet), nullptr);
}

TEST(InetEndpoint, ReadsAllForms)
{
    struct {
        const char* text;
        const char* host;
        const char* port; // nullptr: refused.
    } const cases[] = {
        {"smtp", "", "smtp"},
        {"2525", "", "2525"},
        {":25", "", "25"},
        {"127.0.0.1:10025", "127.0.0.1", "10025"},
        {"[::1]:25", "::1", "25"},
        {"[127.0.0.1]:smtp", "127.0.0.1", "smtp"},
        {"localhost:submission", "localhost", "submission"},
        {"", "", nullptr},
        {"0", "", nullptr},
        {"65536", "", nullptr},
        {"-5", "", nullptr},
        {"::1:25", "", nullptr},
        {"[::1]", "", nullptr},
        {"[::1]25", "", nullptr},
        {"[]:25", "", nullptr},
        {"[::1", "", nullptr},
        {"host:", "", nullptr},
        {"a b", "", nullptr},
    };
    for (const auto& c : cases) {
        auto got = parse_inet_endpoint(c.text);
        ASSERT_EQ(got.ok(), c.port != nullptr) << c.text;
        if (!got)
            continue;
        EXPECT_EQ(got->host, c.host) << c.text;
        EXPECT_EQ(got->port, c.port) << c.text;
    }
}

} // namespace
} // namespace config
