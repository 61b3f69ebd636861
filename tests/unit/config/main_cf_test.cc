// SPDX-License-Identifier: Apache-2.0
// main.cf: lines and entries.
#include "lib/config/main_cf.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"

namespace config {
namespace {

std::vector<std::string> texts(const Faults& faults)
{
    std::vector<std::string> out;
    for (const Fault& fault : faults)
        out.push_back(base::cat(fault.line, fault.warning ? " w " : " e ", fault.text));
    return out;
}

TEST(MainCf, JoinsContinuationLinesAcrossCommentsAndEmptyLines)
{
    Faults faults;
    MainCf main = MainCf::parse("# head\na = one\n# between\n\n\ttwo\n   # not a value\n  three\n"
                                "b=\nc =x=y # z\r\n",
                                "main.cf", faults);
    EXPECT_TRUE(faults.empty());
    EXPECT_EQ(main.find("a")->value, "one two three");
    EXPECT_EQ(main.find("a")->line, 2);
    EXPECT_EQ(main.find("b")->value, "");
    EXPECT_EQ(main.find("c")->value, "x=y # z");
    EXPECT_EQ(main.find("d"), nullptr);
}

TEST(MainCf, TellsEveryBadLineAndKeepsTheGoodOnes)
{
    Faults faults;
    MainCf main = MainCf::parse("  lost = 1\nok = 1\nno equals\n= 2\na b = c\nok = 2\n",
                                "/x/main.cf", faults);
    EXPECT_EQ(texts(faults), (std::vector<std::string>{
                                 "1 w logical line must not start with whitespace: \"  lost = 1\"",
                                 "3 e missing '=' after attribute name: \"no equals\"",
                                 "4 e missing attribute name: \"= 2\"",
                                 "5 e missing '=' after attribute name: \"a b = c\"",
                                 "6 w overriding earlier entry: ok=1"}));
    EXPECT_EQ(main.find("ok")->value, "2");
    EXPECT_TRUE(has_errors(faults));
    EXPECT_EQ(faults.back().to_string(), "/x/main.cf, line 6: overriding earlier entry: ok=1");
}

TEST(MainCf, RefusesNulBytes)
{
    Faults faults;
    MainCf::parse(std::string_view("a = b\0c\n", 8), "main.cf", faults);
    EXPECT_EQ(texts(faults), std::vector<std::string>{"1 e the line has a NUL byte"});
}

} // namespace
} // namespace config
