// SPDX-License-Identifier: Apache-2.0
#include "qmgr/window.h"

#include <gtest/gtest.h>

using qmgr::Feedback;
using qmgr::Window;

namespace {

Feedback feedback(const char* text)
{
    auto made = Feedback::parse(text);
    EXPECT_TRUE(made.ok()) << text;
    return *made;
}

// Window size after each of `count` successes.
std::vector<int> growth(const char* rule, int initial, int limit, int count)
{
    Window window{initial};
    std::vector<int> sizes;
    for (int i = 0; i < count; ++i) {
        window.succeeded(feedback(rule), limit);
        sizes.push_back(window.size());
    }
    return sizes;
}

std::vector<int> shrinking(const char* rule, int initial, int count)
{
    Window window{initial};
    std::vector<int> sizes;
    for (int i = 0; i < count; ++i) {
        window.failed(feedback(rule), window.size());
        sizes.push_back(window.size());
    }
    return sizes;
}

using Sizes = std::vector<int>;

} // namespace

TEST(Feedback, ReadsAllForms)
{
    struct {
        const char* text;
        double at_four;
    } const table[] = {
        {"1", 1},
        {"0", 0},
        {"0.25", .25},
        {".5", .5},
        {"1/8", .125},
        {"1 / 8", .125},
        {"1/concurrency", .25},
        {"0.5 / concurrency", .125},
        {"1/sqrt_concurrency", .5},
        {"1/CONCURRENCY", .25},
    };
    for (const auto& row : table)
        EXPECT_DOUBLE_EQ(feedback(row.text).at(4), row.at_four) << row.text;
}

TEST(Feedback, RefusesWhatIsNotAFeedback)
{
    for (const char* text : {"", "x", "2", "-1", "1/", "/2", "1/0", "1/2/3", "1/foo", "1.", ".",
                             "1e3", "0.12345678901", "3/2"})
        EXPECT_FALSE(Feedback::parse(text).ok()) << text;
}

TEST(Window, GrowsByOneForEachSuccessWithFeedbackOne)
{
    EXPECT_EQ(growth("1", 5, 8, 5), (Sizes{6, 7, 8, 8, 8}));
}

TEST(Window, GrowsAtTheEndOfARowOfSuccesses)
{
    EXPECT_EQ(growth("0.25", 5, 20, 8), (Sizes{5, 5, 5, 6, 6, 6, 6, 7}));
}

TEST(Window, GrowsByOneForEachCohortWithFeedbackPerConcurrency)
{
    EXPECT_EQ(growth("1/concurrency", 3, 20, 7), (Sizes{3, 3, 4, 4, 4, 4, 5}));
}

TEST(Window, GrowsWithSquareRootFeedback)
{
    EXPECT_EQ(growth("1/sqrt_concurrency", 4, 20, 2), (Sizes{4, 5}));
}

TEST(Window, HasNoUpperLimitWhenTheLimitIsZero)
{
    EXPECT_EQ(growth("1", 5, 0, 30).back(), 35);
}

TEST(Window, ShrinksAtTheBeginningOfARowOfFailures)
{
    EXPECT_EQ(shrinking("0.25", 5, 6), (Sizes{4, 4, 4, 4, 3, 3}));
}

TEST(Window, ShrinksToOneAndNoFurther)
{
    EXPECT_EQ(shrinking("1", 3, 4), (Sizes{2, 1, 1, 1}));
}

TEST(Window, IgnoresFailuresWithFeedbackZero)
{
    EXPECT_EQ(shrinking("0", 3, 3), (Sizes{3, 3, 3}));
}

TEST(Window, DoesNotFlutterWhenSuccessAndFailureAlternate)
{
    Window window{5};
    for (int i = 0; i < 40; ++i) {
        window.succeeded(feedback("0.25"), 20);
        window.failed(feedback("0.25"), window.size());
        EXPECT_GE(window.size(), 1);
        EXPECT_LE(window.size(), 6);
    }
}

TEST(Window, CountsFailedCohortsUntilASuccess)
{
    Window window{5};
    for (int i = 0; i < 4; ++i)
        window.failed(feedback("0"), window.size());
    EXPECT_FALSE(window.exhausted(1));
    window.failed(feedback("0"), window.size());
    EXPECT_TRUE(window.exhausted(1));
    EXPECT_FALSE(window.exhausted(2));
    EXPECT_FALSE(window.exhausted(0));
    window.succeeded(feedback("1"), 20);
    EXPECT_FALSE(window.exhausted(1));
}
