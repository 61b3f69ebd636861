// SPDX-License-Identifier: Apache-2.0
// main.cf: lines, entries, and the $ language.
#include "lib/config/main_cf.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "lib/config/compat_level.h"
#include "lib/config/expand.h"
#include "lib/config/host.h"

namespace config {
namespace {

std::vector<std::string> texts(const Faults& faults)
{
    std::vector<std::string> out;
    for (const Fault& fault : faults)
        out.push_back(base::cat(fault.line, fault.warning ? " w " : " e ", fault.text));
    return out;
}

MainCf parse(std::string_view text)
{
    Faults faults;
    return MainCf::parse(text, "main.cf", faults);
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

TEST(MainCf, ComputesHostNameAndDomain)
{
    EXPECT_EQ(full_host_name("mx", "example.org"), "mx.example.org");
    EXPECT_EQ(full_host_name("mx.example.com", "example.org"), "mx.example.com");
    EXPECT_EQ(domain_of_host("mx.example.com"), "example.com");
    EXPECT_EQ(domain_of_host("mx"), "localdomain");
    EXPECT_EQ(*parse("myhostname = mx.example.com\n").expanded("mydomain"), "example.com");
    MainCf main = parse("mydomain = example.net\n");
    EXPECT_TRUE(main.expanded("myhostname").value().find('.') != std::string::npos);
    main.set("myhostname", "a.b.c");
    EXPECT_EQ(*parse("myhostname = x.$mydomain\nmydomain = $myhostname\n").expand("ok"), "ok");
    EXPECT_FALSE(parse("myhostname = x.$mydomain\n").expanded("myhostname"))
        << "mydomain is taken from myhostname";
}

TEST(CompatLevel, ReadsAndOrders)
{
    EXPECT_EQ(parse_compat_level("3.6"), (CompatLevel{3, 6, 0}));
    EXPECT_LT(*parse_compat_level("3.9"), *parse_compat_level("3.10"));
    EXPECT_LT(*parse_compat_level("2"), *parse_compat_level("3.0.1"));
    for (const char* bad : {"", "x", "3.", ".3", "3..1", "1.2.3.4", "-1", "99999", "3.6 "})
        EXPECT_FALSE(parse_compat_level(bad)) << bad;
}

} // namespace
} // namespace config
