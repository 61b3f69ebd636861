// SPDX-License-Identifier: Apache-2.0
// The $ language of main.cf values.
#include "lib/config/expand.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "lib/config/main_cf.h"

namespace config {
namespace {

MainCf parse(std::string_view text)
{
    Faults faults;
    return MainCf::parse(text, "main.cf", faults);
}

TEST(Expand, FollowsTheLanguage)
{
    struct {
        const char* text;
        const char* want;
    } const cases[] = {
        {"plain", "plain"},
        {"$a", "A"},
        {"${a}", "A"},
        {"$(a)", "A"},
        {"${ a }", "A"},
        {"mail.$a.b", "mail.A.b"},
        {"$a$b", "AA."},
        {"$$a $$$a", "$a $A"},
        {"$nosuch|", "|"},
        {"${a?yes}", "yes"},
        {"${empty?yes}", ""},
        {"${a:no}", ""},
        {"${empty:no}${nosuch:no}", "nono"},
        {"${a ? x }", "x"},
        {"${a?x:y}", "x:y"},
        {"${a?{yes}:{no}}", "yes"},
        {"${empty?{yes} : {no}}", "no"},
        {"${a?{$b}:{$}}", "A."},
        {"${a?x}y}", "xy}"},
        {"$(a?{x}:{y})$(a?(x))$(empty:z)", "x(x)z"},
        {"${a?$(b)}", "A."},
        {"${a?{a$$b$a}}", "a$bA"},
        {"${{1} == {1} ? {yes} : {no}}", "yes"},
        {"${{1}=={2}?{yes}:{no}}", "no"},
        {"${{$a} == {A} ? {yes}}", "yes"},
        {"${{1}!={2}?x}", "x"},
        {"${{2}<{10}}", "true"},
        {"${{2}<{b}}", "true"},
        {"${{02}=={2}}", "true"},
        {"${{10}<{9}}", ""},
        {"${{b}>={a}?x:y}", "x:y"},
        {"${{a}>{b}:y}", "y"},
        {"${{}=={}?{e}}", "e"},
        {"${{3.6} <level {3.10} ? {older} : {newer}}", "older"},
        {"${{3.6}>=level {3.6.1}?{a}:{b}}", "b"},
        {"${{$level} <=level {1} ? {yes} : {no}}", "yes"},
    };
    MainCf main = parse("a = A\nb = $a.\nempty =\nlevel = 0\n");
    for (const auto& c : cases) {
        auto got = main.expand(c.text);
        ASSERT_TRUE(got) << c.text << ": " << got.error().text;
        EXPECT_EQ(*got, c.want) << c.text;
    }
}

TEST(Expand, RefusesBadSyntax)
{
    const char* const cases[] = {
        "$",
        "x $ y",
        "${",
        "${a",
        "$(a",
        "${}",
        "$()",
        "${a b}",
        "${a.b}",
        "${a-b}",
        "${a?{b}",
        "${a?{b}c}",
        "${{a}}",
        "${{a} foo {b} ? {x}}",
        "${{a}==b}",
        "${{a}=={b}x}",
        "${{a} <=level {3} ? {x}}",
    };
    for (const char* text : cases)
        EXPECT_FALSE(parse("a = A\n").expand(text)) << text;
}

TEST(Expand, NamesTheParameterThatRefersToItself)
{
    Faults faults;
    MainCf main = MainCf::parse("x = $y\ny = ${z}\n\nz = a$x\n", "main.cf", faults);
    EXPECT_EQ(main.expanded("x", faults), std::nullopt);
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].to_string(), "main.cf, line 4: parameter z: refers to itself: "
                                     "x -> y -> z -> x (a parameter cannot contain itself)");
}

TEST(Expand, TellsTheLineOfTheTextThatIsWrong)
{
    Faults faults;
    MainCf main = MainCf::parse("x = $y\ny = a ${z\n", "main.cf", faults);
    main.expanded("x", faults);
    main.expanded("y", faults);
    ASSERT_EQ(faults.size(), 1u) << "the same fault is told once";
    EXPECT_EQ(faults[0].line, 2);
}

TEST(Expand, EndsOnHostileTexts)
{
    std::string text = "n0 =\n";
    for (int i = 1; i < 90; ++i)
        base::append(text, "n", i, " = $n", i - 1, "$n", i - 1, "\n");
    EXPECT_FALSE(parse(text).expanded("n89"));
    text[4] = ' ';
    text.insert(5, "xxxxxxxx");
    EXPECT_FALSE(parse(text).expanded("n80"));
    std::string deep(10'000, '{');
    EXPECT_FALSE(parse("").expand("${a:" + deep));
    std::string nested;
    for (int i = 0; i < 1000; ++i)
        nested += "${a:";
    nested += std::string(1000, '}');
    EXPECT_FALSE(parse("").expand(nested));
}

TEST(Expand, FindsTheNamesInAllBranches)
{
    EXPECT_EQ(referenced_names("$a ${b?{$c}:{$d}} $$e ${{$f}=={$g}?$h}"),
              (std::vector<std::string>{"a", "b", "c", "d", "f", "g", "h"}));
}

} // namespace
} // namespace config
