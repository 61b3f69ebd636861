// SPDX-License-Identifier: Apache-2.0
// Sources of texthash, regexp, pcre and cidr tables, and a key that is looked up in them. The first
// line of the input is the key.
#include <cstddef>
#include <cstdint>

#include "lib/base/log_sinks.h"
#include "lib/base/strings.h"
#include "lib/table/cidr_table.h"
#include "lib/table/pattern_table.h"
#include "lib/table/simple_tables.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    base::MemoryLogSink sink;
    base::LogSink* before = base::set_log_sink(&sink);
    std::string_view source(reinterpret_cast<const char*>(data), size);
    std::string_view key = base::cut(source, '\n');
    table::Warnings warnings;
    (void)table::make_cidr_table("cidr:x", source, warnings)->now(key);
    for (auto dialect : {table::Dialect::Posix, table::Dialect::Perl})
        (void)table::make_pattern_table("re:x", source, dialect, true, warnings)->now(key);
    for (const auto& line : table::source_lines(source)) {
        table::Entry entry;
        std::string why;
        (void)table::split_entry(line.text, entry, why);
    }
    std::string rules = base::cat("{", source, "}");
    auto inline_table = table::make_inline_table("inline:x", rules, true);
    if (inline_table)
        (void)(*inline_table)->now(key);
    base::set_log_sink(before);
    return 0;
}
