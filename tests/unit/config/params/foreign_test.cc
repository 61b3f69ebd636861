// SPDX-License-Identifier: Apache-2.0
// The table of Postfix's parameters.
#include "lib/config/params/foreign.h"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace config {
namespace {

TEST(Foreign, KnowsEveryParameterOfPostfix)
{
    const char* root = std::getenv("SRCDIR");
    auto table =
        base::read_file(base::cat(root ? root : ".", "/../shared/compat/params.tsv"), 1 << 20);
    if (!table)
        GTEST_SKIP() << "the list of parameters is not here";
    int seen = 0;
    std::string_view rest = *table;
    base::cut(rest, '\n');
    while (!rest.empty()) {
        std::string_view line = base::cut(rest, '\n');
        if (line.ends_with("user-defined"))
            continue;
        std::string_view name = base::cut(line, '\t');
        EXPECT_TRUE(find_foreign(name)) << name;
        ++seen;
    }
    EXPECT_EQ(seen, 958);
}

TEST(Foreign, HasEveryNameOnce)
{
    auto names = foreign_names();
    std::sort(names.begin(), names.end());
    auto twice = std::adjacent_find(names.begin(), names.end());
    EXPECT_EQ(twice, names.end()) << *twice;
    EXPECT_FALSE(find_foreign("nosuch"));
    EXPECT_FALSE(find_foreign("biff content_filter"));
    EXPECT_FALSE(find_foreign(""));
}

TEST(Foreign, RefusesOnlyActiveValues)
{
    struct {
        const char* name;
        const char* value;
        char want; // e, w, or - for nothing.
    } const cases[] = {
        {"smtp_tls_security_level", "dane", 'e'},
        {"smtp_tls_security_level", "may", '-'},
        {"smtp_tls_security_level", "", '-'},
        {"content_filter", "", '-'},
        {"content_filter", "smtp:[::1]:1", 'e'},
        {"smtpd_tls_wrappermode", "no", '-'},
        {"smtpd_sasl_auth_enable", "yes", 'w'},
        {"readme_directory", "no", '-'},
        {"authorized_submit_users", "static:anyone", '-'},
    };
    for (const auto& c : cases) {
        auto fault = judge_foreign(c.name, *find_foreign(c.name), c.value);
        char got = !fault ? '-' : fault->warning ? 'w' : 'e';
        EXPECT_EQ(got, c.want) << c.name << " = " << c.value;
    }
}

} // namespace
} // namespace config
