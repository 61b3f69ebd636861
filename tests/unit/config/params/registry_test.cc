// SPDX-License-Identifier: Apache-2.0
// Every declared parameter: sound, told once, documented.
#include "lib/config/params/registry.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace config {
namespace {

TEST(Registry, DefaultsOfAllSetsAreGood)
{
    Faults faults;
    MainCf main = MainCf::parse("", "main.cf", faults);
    const auto sets = known_sets();
    for (const KnownSet& known : sets)
        known.set->declare(main);
    for (const KnownSet& known : sets)
        known.set->load(main, faults);
    for (const Fault& fault : faults)
        ADD_FAILURE() << fault.to_string();
}

TEST(Registry, EveryParameterIsDocumented)
{
    const auto sets = known_sets();
    for (const ParamBase* param : sorted_params(sets)) {
        std::string_view doc = param->spec().doc;
        EXPECT_TRUE(doc.ends_with('.')) << param->name();
        EXPECT_EQ(std::count(doc.begin(), doc.end(), '*') % 2, 0) << param->name();
    }
}

bool same(const char* a, const char* b)
{
    return std::string_view(a == nullptr ? "-" : a) == (b == nullptr ? "-" : b);
}

TEST(Registry, SetsThatShareANameDeclareTheSame)
{
    const auto sets = known_sets();
    const auto params = sorted_params(sets);
    for (const KnownSet& known : sets) {
        for (const ParamBase* param : known.set->params()) {
            auto first = std::find_if(params.begin(), params.end(), [&](const ParamBase* p) {
                return p->name() == param->name();
            });
            const Spec& one = (*first)->spec();
            const Spec& two = param->spec();
            EXPECT_EQ((*first)->type_name(), param->type_name()) << param->name();
            EXPECT_STREQ(one.value, two.value) << param->name();
            EXPECT_TRUE(same(one.min, two.min) && same(one.max, two.max)) << param->name();
            EXPECT_STREQ(one.doc, two.doc) << param->name();
        }
    }
}

} // namespace
} // namespace config
