// SPDX-License-Identifier: Apache-2.0
// Parameter types and sets.
#include "lib/config/params/common.h"

#include <gtest/gtest.h>

namespace config {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

enum class Color { Red, Green };
constexpr std::array<ChoiceName<Color>, 2> choice_table(Color)
{
    return {{{"red", Color::Red}, {"green", Color::Green}}};
}

struct Sample : ParamSet {
    Param<Int> count{*this, {.name = "count", .value = "5", .min = "1", .max = "10"}};
    Param<Seconds> lifetime{*this,
                            {.name = "lifetime", .value = "5d", .min = "60s", .max = "100d"}};
    Param<Seconds> delay{*this, {.name = "delay", .value = "0.25s"}};
    Param<Bool> flag{*this, {.name = "flag", .value = "no"}};
    Param<Choice<Color>> color{*this, {.name = "color", .value = "green"}};
    Param<List> hosts{*this, {.name = "hosts", .value = "a, $base {b c}"}};
    Param<Size> limit{*this, {.name = "limit", .value = "$count"}};
    Param<Text> base{*this, {.name = "base", .value = "x.y"}};

    void check(const MainCf&, Faults& faults) const override
    {
        if (flag() && count() > 5)
            faults.push_back({"", 0, false, "flag and count", ""});
    }
};

struct Loaded {
    Sample params;
    Faults faults;

    explicit Loaded(std::string_view text)
    {
        MainCf main = MainCf::parse(text, "main.cf", faults);
        params.declare(main);
        params.load(main, faults);
    }
};

TEST(ParamSet, TakesDefaultsByTheSameCode)
{
    Loaded l("");
    EXPECT_TRUE(l.faults.empty());
    EXPECT_EQ(l.params.count(), 5);
    EXPECT_EQ(l.params.lifetime(), seconds(5 * 86400));
    EXPECT_EQ(l.params.delay(), microseconds(250'000));
    EXPECT_FALSE(l.params.flag());
    EXPECT_EQ(l.params.color(), Color::Green);
    EXPECT_EQ(l.params.hosts(), (std::vector<std::string>{"a", "x.y", "{b c}"}));
    EXPECT_EQ(l.params.limit(), 5);
}

TEST(ParamSet, TakesValuesOfTheFile)
{
    Loaded l("count = 7\nlifetime = 2\ndelay = 1.5m\ncolor = Red\nbase = q\nflag = YES\n"
             "count = 3\n");
    EXPECT_EQ(l.params.count(), 3);
    EXPECT_EQ(l.params.lifetime(), seconds(2 * 86400)) << "the default's unit is the default unit";
    EXPECT_EQ(l.params.delay(), seconds(90));
    EXPECT_EQ(l.params.color(), Color::Red);
    EXPECT_TRUE(l.params.flag());
    EXPECT_EQ(l.params.limit(), 3);
}

TEST(ParamSet, TellsAllFaultsAndKeepsDefaults)
{
    Loaded l("count = 11\nlifetime = 10s\ndelay = soon\nflag = maybe\ncolor = blue\n"
             "hosts = {a\nlimit = -1\n");
    ASSERT_EQ(l.faults.size(), 7u);
    EXPECT_EQ(l.faults[0].to_string(), "main.cf, line 1: bad value for count: \"11\" must be at "
                                       "most 10 (the default is: 5)");
    EXPECT_EQ(l.faults[1].line, 2);
    EXPECT_EQ(l.params.count(), 5);
    EXPECT_EQ(l.params.color(), Color::Green);
    EXPECT_EQ(l.params.lifetime(), seconds(5 * 86400));
    EXPECT_EQ(l.params.hosts().size(), 3u);
}

TEST(ParamSet, TellsContradictions)
{
    Loaded l("count = 6\nflag = yes\n");
    ASSERT_EQ(l.faults.size(), 1u);
    EXPECT_EQ(l.faults[0].text, "flag and count");
}

TEST(Seconds, ReadsUnitsAndFractions)
{
    struct {
        const char* text;
        char unit;
        long long want; // Microseconds; -1: refused.
    } const cases[] = {
        {"1", 's', 1'000'000},
        {"1", 'h', 3'600'000'000},
        {"0", 's', 0},
        {"2m", 's', 120'000'000},
        {"1w", 's', 604'800'000'000},
        {"1D", 's', 86'400'000'000},
        {"0.25s", 's', 250'000},
        {"0.0000019", 's', 1},
        {"", 's', -1},
        {"s", 's', -1},
        {"-1", 's', -1},
        {"1.s", 's', -1},
        {".5s", 's', -1},
        {"1 s", 's', -1},
        {"1x", 's', -1},
        {"1h30m", 's', -1},
        {"99999999999999999w", 's', -1},
    };
    for (const auto& c : cases) {
        base::Duration value{};
        std::string why;
        bool good = Seconds::parse(c.text, value, why, c.unit);
        EXPECT_EQ(good ? value.count() : -1, c.want) << c.text;
    }
}

TEST(Seconds, TakesTheDefaultUnitFromTheDefaultText)
{
    EXPECT_EQ(default_unit("5d"), 'd');
    EXPECT_EQ(default_unit("0.25h"), 'h');
    EXPECT_EQ(default_unit("100"), 's');
    EXPECT_EQ(default_unit(""), 's');
    EXPECT_EQ(default_unit("$queue_days"), 's');
}

TEST(CommonParams, DefaultsAreGood)
{
    CommonParams params;
    Faults faults;
    MainCf main = MainCf::parse("myhostname = mx.example.com\n", "main.cf", faults);
    params.declare(main);
    params.load(main, faults);
    EXPECT_TRUE(faults.empty());
    EXPECT_EQ(params.mydomain(), "example.com");
    EXPECT_EQ(params.myorigin(), "mx.example.com");
    EXPECT_EQ(params.syslog_name(), "postfix");
    EXPECT_EQ(params.daemon_timeout(), seconds(18000));
}

} // namespace
} // namespace config
