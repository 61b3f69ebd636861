// SPDX-License-Identifier: Apache-2.0
// main.cf: any bytes are read, expanded and checked without an end that nobody chose, and editing
// never changes what it was not asked to change.

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/config/edit.h"
#include "lib/config/expand.h"
#include "lib/config/main_cf.h"
#include "lib/config/params/registry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text(reinterpret_cast<const char*>(data), size);
    config::Faults faults;
    config::MainCf main = config::MainCf::parse(text, "main.cf", faults);
    for (const auto& [name, entry] : main.entries()) {
        config::referenced_names(entry.value);
        auto value = main.expanded(name);
        if (value && value->size() > 2 * config::kExpansionBytes)
            __builtin_trap();
    }
    for (const config::KnownSet& known : config::known_sets()) {
        known.set->declare(main);
        known.set->load(main, faults);
    }
    std::vector<config::LineEdit> nothing;
    std::string same = config::edit_main_cf(text, nothing);
    if (!text.empty() && same.substr(0, size) != text)
        __builtin_trap();
    std::vector<config::LineEdit> one{{config::EditKind::Set, "a", "a = 1"}};
    config::Faults ignored;
    auto edited = config::MainCf::parse(config::edit_main_cf(text, one), "main.cf", ignored);
    if (edited.find("a") == nullptr)
        __builtin_trap();
    return 0;
}
