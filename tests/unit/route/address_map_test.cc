// SPDX-License-Identifier: Apache-2.0
// Canonical and virtual alias mapping.
#include "lib/route/address_map.h"

#include "tests/unit/route/site.h"

namespace route {
namespace {

std::string expanded(std::string_view config, const std::string& recipient)
{
    test::SiteUnderTest site(config);
    AliasExpander expander(site.tables(), site.destinations());
    auto all = test::run(expander.expand(recipient));
    if (!all)
        return all.error().text;
    std::string text;
    for (const auto& one : *all)
        base::append(text, text.empty() ? "" : " ", one);
    return text;
}

TEST(AliasExpander, ReplacesUntilNothingIsLeft)
{
    std::string_view map = R"(virtual_alias_maps = inline:{
 {a@valias.example=b@valias.example} {b@valias.example=c@other.example}
 {many@valias.example=x@one.example, y@two.example,a@valias.example}
 {self@valias.example=self@valias.example, z@other.example}
 {self2@valias.example=z@other.example, self2@valias.example}
 {@all.example=@new.example} {@one.example=catch@all-one.example}
 {local=moved@other.example} {bare@valias.example=user}
 {loop1@valias.example=loop2@valias.example} {loop2@valias.example=loop1@valias.example}
 {blank@valias.example=b@o.example c@o.example}
 {dup@valias.example=q@o.example, q@o.example}
 {Named@valias.example=Some Name <named@o.example>} {quoted@valias.example="a b"@o.example} }
)";
    struct {
        std::string recipient;
        std::string_view want;
    } cases[] = {
        {"nobody@valias.example", "nobody@valias.example"},
        {"a@valias.example", "c@other.example"},
        {"A@Valias.Example", "c@other.example"},
        {"a+ext@valias.example", "c+ext@other.example"},
        {"many@valias.example", "catch@all-one.example y@two.example c@other.example"},
        {"self@valias.example", "self@valias.example z@other.example"},
        {"self2@valias.example", "self2@valias.example z@other.example"},
        {"u@all.example", "u@new.example"},
        {"u+e@all.example", "u+e@new.example"},
        {"local@us.example", "moved@other.example"},
        {"local@host.us.example", "moved@other.example"},
        {"local@other.example", "local@other.example"},
        {"local+e@us.example", "moved+e@other.example"},
        {"bare@valias.example", "user@host.us.example"},
        {"dup@valias.example", "q@o.example"},
        {"blank@valias.example", "b@o.example c@o.example"},
        {"named@valias.example", "named@o.example"},
        {"quoted@valias.example", "a b@o.example"},
        {"loop1@valias.example",
         "unreasonable virtual_alias_maps map nesting for loop1@valias.example -- message not "
         "accepted, try again later"},
    };
    for (const auto& one : cases)
        EXPECT_EQ(expanded(map, one.recipient), one.want) << one.recipient;
}

TEST(AliasExpander, HasLimits)
{
    EXPECT_EQ(expanded("virtual_alias_expansion_limit = 2\n"
                       "virtual_alias_maps = inline:{{a@v.example=b@x,c@x,d@x}}",
                       "a@v.example"),
              "unreasonable virtual_alias_maps map expansion size for a@v.example -- message not "
              "accepted, try again later");
    EXPECT_TRUE(expanded("virtual_alias_address_length_limit = 10\n"
                         "virtual_alias_maps = inline:{{a@v.example=bbbbbbbbbbb@x}}",
                         "a@v.example")
                    .starts_with("unreasonable virtual_alias_maps result size"));
    EXPECT_TRUE(expanded("virtual_alias_maps = regexp:{{/^(.*)@g.example/ $${1}x@g.example}}",
                         "a@g.example")
                    .starts_with("unreasonable"));
    EXPECT_NE(expanded("virtual_alias_maps = fail:x", "a@b.example").find("query error"),
              std::string::npos);
}

TEST(AliasExpander, KeepsExtensionsOnlyWhenAsked)
{
    EXPECT_EQ(expanded("propagate_unmatched_extensions =\n"
                       "virtual_alias_maps = inline:{{a@v.example=b@o.example}}",
                       "a+e@v.example"),
              "b@o.example");
    EXPECT_EQ(
        expanded("virtual_alias_maps = inline:{{a+e@v.example=b@o.example}}", "a+e@v.example"),
        "b@o.example");
}

TEST(CanonicalMap, ReplacesOnce)
{
    test::SiteUnderTest site;
    table::Maps maps(site.tables(), "canonical_maps",
                     {"inline:{{a@us.example=b} {b@host.us.example=c} @old.example=@new.example}"});
    EXPECT_EQ(*test::run(map_one(site.destinations(), maps, "a@us.example", true)),
              "b@host.us.example");
    EXPECT_EQ(*test::run(map_one(site.destinations(), maps, "a+x@us.example", true)),
              "b+x@host.us.example");
    EXPECT_EQ(*test::run(map_one(site.destinations(), maps, "u@old.example", true)),
              "u@new.example");
    EXPECT_EQ(*test::run(map_one(site.destinations(), maps, "none@us.example", true)),
              "none@us.example");
    EXPECT_EQ(*test::run(map_one(site.destinations(), maps, "", true)), "");
}

} // namespace
} // namespace route
