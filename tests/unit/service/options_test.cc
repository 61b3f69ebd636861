// SPDX-License-Identifier: Apache-2.0
// The command line of daemons.
#include "lib/service/options.h"

#include <gtest/gtest.h>

namespace {

base::Result<service::Options> parse(std::vector<const char*> words)
{
    words.insert(words.begin(), "daemon");
    return service::parse_options(static_cast<int>(words.size()), const_cast<char**>(words.data()));
}

TEST(ServiceOptions, ReadWhatMasterGives)
{
    auto options = parse({"-n", "127.0.0.1:25", "-t", "inet", "-s", "2", "-l", "100", "-u", "-c",
                          "-v", "-o", "a = b c", "-o", "d=", "flags=R", "argv=/bin/x"});
    ASSERT_TRUE(options);
    EXPECT_EQ(options->service_name, "127.0.0.1:25");
    EXPECT_EQ(options->service_type, "inet");
    EXPECT_EQ(options->listeners, 2);
    EXPECT_EQ(options->process_limit, 100);
    EXPECT_TRUE(options->privileged && options->chroot && options->verbose);
    EXPECT_FALSE(options->stand_alone);
    using Overrides = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(options->overrides, (Overrides{{"a", "b c"}, {"d", ""}}));
    EXPECT_EQ(options->arguments, (std::vector<std::string>{"flags=R", "argv=/bin/x"}));
}

TEST(ServiceOptions, LeaveTheArgumentsOfTheDaemonAlone)
{
    const std::vector<const char*> words = {"-u", "user=uucp", "argv=uux", "-r", "-n",
                                            "-z", "-c",        "-o",       "x",  "-"};
    auto options = parse(words);
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->privileged);
    EXPECT_FALSE(options->chroot);
    EXPECT_TRUE(options->overrides.empty());
    EXPECT_EQ(options->arguments, std::vector<std::string>(words.begin() + 1, words.end()));
}

TEST(ServiceOptions, RefuseWhatMakesNoSense)
{
    for (auto words : std::vector<std::vector<const char*>>{
             {"-s", "x"}, {"-s", "-1"}, {"-l", "1x"}, {"-o", "noequals"}, {"-o", "=x"}, {"-n"}})
        EXPECT_FALSE(parse(words)) << words[0];
}

} // namespace
