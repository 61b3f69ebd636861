// SPDX-License-Identifier: Apache-2.0
// postdrop's options, its answer, and the files it makes.
#include "lib/submit/postdrop.h"

#include <gtest/gtest.h>

#include "submit/postdrop/options.h"

using service::ExitStatus;

namespace {

base::Result<postdrop::Options> parse(std::vector<std::string> words)
{
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    return postdrop::parse_options(static_cast<int>(words.size()), arguments.data());
}

} // namespace

TEST(PostdropAnswer, ComesBackAsItWent)
{
    const submit::Handed cases[] = {{ExitStatus::Ok, "4F2A1B3C"},
                                    {ExitStatus::TempFail, "no room: disk full"},
                                    {ExitStatus::NoPermission, ""}};
    for (const auto& handed : cases) {
        auto back = submit::decode_answer(submit::encode_answer(handed));
        ASSERT_TRUE(back);
        EXPECT_EQ(back->status, handed.status);
        EXPECT_EQ(back->text, handed.text);
    }
}

TEST(PostdropAnswer, RefusesWhatItNeverSays)
{
    for (const auto* line : {"", "0 id", "x id\n", "0\nid\n", "1 what\n", "256 x\n", "-1 x\n",
                             "0 id\nmore\n", " 0 id\n"})
        EXPECT_FALSE(submit::decode_answer(line)) << line;
}

TEST(PostdropAnswer, IsOneLine)
{
    const auto line = submit::encode_answer({ExitStatus::TempFail, "a\nb\x01"});
    EXPECT_EQ(line, "75 a?b?\n");
}

TEST(PostdropOptions, TakesThoseOfPostfix)
{
    auto options = parse({"postdrop", "-rv", "-c", "/etc/x"});
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->answer);
    EXPECT_TRUE(options->verbose);
    EXPECT_EQ(options->config_directory, "/etc/x");
    EXPECT_FALSE(parse({"postdrop"})->answer);
}

TEST(PostdropOptions, RefusesOthers)
{
    EXPECT_FALSE(parse({"postdrop", "-x"}));
    EXPECT_FALSE(parse({"postdrop", "-c"}));
    EXPECT_FALSE(parse({"postdrop", "-r", "file"}));
}
