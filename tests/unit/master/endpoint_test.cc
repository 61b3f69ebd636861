// SPDX-License-Identifier: Apache-2.0
// From master.cf's names to sockets.
#include "master/endpoint.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"

namespace {

using master::Endpoint;

std::vector<net::Address> fake_addresses(const std::string& host)
{
    std::vector<net::Address> found;
    if (host == "localhost" || host == "mail.example")
        found.push_back(*net::Address::parse("127.0.0.1"));
    if (host == "localhost")
        found.push_back(*net::Address::parse("::1"));
    return found;
}

int fake_port(const std::string& service)
{
    return service == "smtp" ? 25 : 0;
}

master::Names fake_names()
{
    return {fake_addresses, fake_port};
}

std::string keys(const std::string& line, std::vector<std::string> interfaces,
                 std::vector<std::string> protocols, config::Faults& faults)
{
    auto file = config::MasterCf::parse(line + " - - n - - smtpd\n", "master.cf", {}, faults);
    std::string out;
    if (file.entries().empty())
        return "no entry";
    for (const auto& endpoint : master::endpoints_of(file.entries().front(),
                                                     {interfaces, protocols}, fake_names(), faults))
        base::append(out, out.empty() ? "" : " ", endpoint.key(), endpoint.optional ? "?" : "");
    return out;
}

TEST(Endpoints, AreMadeFromTheServiceName)
{
    const struct {
        const char* line;
        std::vector<std::string> interfaces;
        std::vector<std::string> protocols;
        const char* want;
    } rows[] = {
        {"smtp inet", {"all"}, {"all"}, "inet:[0.0.0.0]:25 inet:[::]:25?"},
        {"2525 inet", {"all"}, {"ipv4"}, "inet:[0.0.0.0]:2525"},
        {"2525 inet", {"all"}, {"ipv6"}, "inet:[::]:2525?"},
        {"smtp inet", {"loopback-only"}, {"ipv4", "ipv6"}, "inet:[127.0.0.1]:25 inet:[::1]:25?"},
        {"smtp inet",
         {"192.0.2.1", "[2001:db8::1]"},
         {"all"},
         "inet:[192.0.2.1]:25 inet:[2001:db8::1]:25"},
        {"smtp inet", {"192.0.2.1", "2001:db8::1"}, {"ipv4"}, "inet:[192.0.2.1]:25"},
        {"smtp inet", {"localhost", "mail.example"}, {"all"}, "inet:[127.0.0.1]:25 inet:[::1]:25?"},
        {"127.0.0.1:10025 inet", {"all"}, {"all"}, "inet:[127.0.0.1]:10025"},
        {"[::1]:smtp inet", {"all"}, {"all"}, "inet:[::1]:25"},
        {"localhost:10025 inet", {"192.0.2.1"}, {"ipv4"}, "inet:[127.0.0.1]:10025"},
        {"smtp inet", {}, {"all"}, ""},
        {"cleanup unix", {"all"}, {"all"}, "unix:private/cleanup"},
        {"pickup fifo", {"all"}, {"all"}, "unix:private/pickup"},
        {"smtpd pass", {"all"}, {"all"}, "unix:private/smtpd"},
        {"postlog unix-dgram", {"all"}, {"all"}, "dgram:private/postlog"},
    };
    for (const auto& row : rows) {
        config::Faults faults;
        EXPECT_EQ(keys(row.line, row.interfaces, row.protocols, faults), row.want) << row.line;
        EXPECT_TRUE(faults.empty()) << row.line << ": " << faults.front().to_string();
    }
}

TEST(Endpoints, FaultsNameTheLine)
{
    const struct {
        const char* line;
        const char* want;
    } rows[] = {
        {"nosuchservice inet", "unknown service name: nosuchservice"},
        {"nohost.example:25 inet", "host not found: nohost.example"},
        {"[::1]:25 inet", "no valid IP address found: ::1"},
    };
    for (const auto& row : rows) {
        config::Faults faults;
        EXPECT_EQ(keys(row.line, {"all"}, {"ipv4"}, faults), "") << row.line;
        ASSERT_EQ(faults.size(), 1u) << row.line;
        EXPECT_EQ(faults[0].text, row.want);
        EXPECT_EQ(faults[0].line, 1);
        EXPECT_FALSE(faults[0].hint.empty());
    }
}

} // namespace
