// SPDX-License-Identifier: Apache-2.0
// The check of a whole configuration.
#include "lib/checkup/checkup.h"

#include "tests/unit/checkup/configuration.h"

namespace checkup {
namespace {

using Check = Configuration;

TEST_F(Check, FindsNothingInAGoodConfiguration)
{
    EXPECT_EQ(run("compatibility_level = 3.6\nmyhostname = mx.example.com\nmymacro = x\n"
                  "myorigin = $mymacro.$mydomain\nrelay_destination_concurrency_limit = 5\n"
                  "smtpd_restriction_classes =\nreadme_directory = no\n"
                  "smtp_tls_security_level = may\nsmtpd_milters =\n",
                  "relay unix - - n - - smtp\n  -o syslog_name=${multi_instance_name?x}y\n"),
              std::vector<std::string>{});
}

TEST_F(Check, TellsAllFaultsOfBothFilesAtOnce)
{
    EXPECT_EQ(
        run("myhostnam = a\nmax_use = 0\nno equals\nmax_idle = soon\n"
            "smtp_tls_security_level = encrypt\nnobody_destination_recipient_limit = 1\n"
            "myorigin = ${mydomain\nenable_errors_to = yes\nsmtpd_milters = inet:[::1]:8891\n"
            "compatibility_level = 3.6\n",
            "smtp inet n - - - - smtpd\n  -o max_idle=never -o smtpd_sasl_auth_enable=yes\n"
            "  -o smtp_tls_wrappermode=yes\nbad line\n"),
        (std::vector<std::string>{
            "main.cf 1 w unused parameter: myhostnam=a (did you mean myhostname?)",
            "main.cf 2 e bad value for max_use: \"0\" must be at least 1 (the default is: 100)",
            "main.cf 3 e missing '=' after attribute name: \"no equals\" (a line is: name = value; "
            "begin it with # to make it a comment)",
            "main.cf 4 e bad value for max_idle: \"soon\" must be a time: a number and one of the "
            "units s, m, h, d, w (the default is: 100s)",
            "main.cf 5 e this release cannot do smtp_tls_security_level = encrypt: this release "
            "has no TLS, so mail would travel in clear (remove the setting if the system may run "
            "without it)",
            "main.cf 6 w unused parameter: nobody_destination_recipient_limit=1 (no such parameter "
            "is known, and nothing refers to it)",
            "main.cf 7 e parameter myorigin: missing '}' in \"${mydomain\"",
            "main.cf 8 w this release does not act on parameter enable_errors_to",
            "main.cf 9 e this release cannot do smtpd_milters = inet:[::1]:8891: mail would pass "
            "unfiltered (remove the setting if the system may run without it)",
            "master.cf 1 w this release does not act on parameter smtpd_sasl_auth_enable",
            "master.cf 1 e this release cannot do smtp_tls_wrappermode = yes: this release has no "
            "TLS, so mail would travel in clear (remove the setting if the system may run without "
            "it)",
            "master.cf 1 e bad value for max_idle: \"never\" must be a time: a number and one of "
            "the units s, m, h, d, w (the default is: 100s)",
            "master.cf 4 e bad field count: 2 of the 8 columns in \"bad line\" (columns are: "
            "service type private unpriv chroot wakeup maxproc command; a line that continues "
            "another begins with a blank)"}));
}

TEST_F(Check, KnowsTheAddressFamilies)
{
    EXPECT_EQ(run("inet_protocols = IPv4, all\ncompatibility_level = 3.6\n",
                  "smtp unix - - n - - smtp\n  -o inet_protocols=ipv6\n"),
              std::vector<std::string>{});
    EXPECT_EQ(run("inet_protocols = ipv4, pigeon\ncompatibility_level = 3.6\n",
                  "smtp unix - - n - - smtp\n  -o inet_protocols=ipv5\n"),
              (std::vector<std::string>{
                  "main.cf 1 e unknown inet_protocols value \"pigeon\" in \"ipv4, pigeon\" (use "
                  "all, ipv4, ipv6, or a list of them)",
                  "master.cf 1 e unknown inet_protocols value \"ipv5\" in \"ipv5\" (use all, "
                  "ipv4, ipv6, or a list of them)"}));
}

TEST_F(Check, TellsThatFilesAreMissing)
{
    config::Faults faults = check(directory_.file("nowhere"));
    ASSERT_EQ(faults.size(), 2u);
    EXPECT_TRUE(config::has_errors(faults));
}

} // namespace
} // namespace checkup
