// SPDX-License-Identifier: Apache-2.0
// Editing configuration files. What whole commands do is in tests/golden/postconf.
#include "lib/config/edit.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(EditMainCf, ChangesOnlyWhatIsAskedFor)
{
    constexpr std::string_view text = "# head\na = 1\n # in\n  2\n\nb=  3\na = 4\nc = 5";
    struct {
        EditKind kind;
        const char* key;
        const char* want;
        int found;
    } const cases[] = {
        {EditKind::Set, "a", "# head\nNEW\n # in\n\nb=  3\nNEW\nc = 5\n", 2},
        {EditKind::Set, "d", "# head\na = 1\n # in\n  2\n\nb=  3\na = 4\nc = 5\nNEW\n", 0},
        {EditKind::CommentOut, "a", "# head\n#a = 1\n # in\n#  2\n\nb=  3\n#a = 4\nc = 5\n", 2},
        {EditKind::Delete, "b", "# head\na = 1\n # in\n  2\n\na = 4\nc = 5\n", 1},
    };
    for (const auto& c : cases) {
        std::vector<LineEdit> edits{{c.kind, c.key, "NEW"}};
        EXPECT_EQ(edit_main_cf(text, edits), c.want) << c.key;
        EXPECT_EQ(edits[0].found, c.found) << c.key;
    }
}

ServiceEntry entry_of(std::string_view line)
{
    Faults faults;
    return MasterCf::parse(line, "", {}, faults).entries().at(0);
}

TEST(FormatService, PutsColumnsInTheirPlaces)
{
    EXPECT_EQ(
        format_service(entry_of("smtp inet n - y - - smtpd -v -o a=b -o { c = d e }"), false),
        "smtp       inet  n       -       y       -       -       smtpd -v -o a=b -o {c=d e}");
    EXPECT_EQ(format_service(entry_of("127.0.0.1:10025 inet n - y - 0 x"), false),
              "127.0.0.1:10025 inet n   -       y       -       0       x");
    EXPECT_EQ(
        format_service(entry_of("p unix - n n - - pipe -v -o a=b -v {x y}"), true),
        "p          unix  -       n       n       -       -       pipe -v\n    -o a=b\n    -v "
        "{x y}");
}

TEST(ChangeOverride, SetsAddsAndRemoves)
{
    const std::string value = "new";
    ServiceEntry entry = entry_of("smtp inet n - y - - smtpd -o a=1 -v -o b=2 -o a=3 x -o a=4");
    change_override(entry, "a", &value);
    EXPECT_EQ(format_command(entry), "smtpd -o a=new -v -o b=2 x -o a=4");
    change_override(entry, "c", &value);
    EXPECT_EQ(format_command(entry), "smtpd -o a=new -v -o b=2 -o c=new x -o a=4");
    change_override(entry, "b", nullptr);
    change_override(entry, "a", nullptr);
    EXPECT_EQ(format_command(entry), "smtpd -v -o c=new x -o a=4");
}

TEST(FoldWords, BreaksBeforeColumnEighty)
{
    EXPECT_EQ(fold_words(" a \t b\n c ", false), "a b c");
    const std::string long_word(70, 'x');
    EXPECT_EQ(fold_words("a = " + long_word + " yyyyyyy", true),
              "a = " + long_word + "\n    yyyyyyy");
    EXPECT_EQ(fold_words("", true), "");
}

} // namespace
} // namespace config
