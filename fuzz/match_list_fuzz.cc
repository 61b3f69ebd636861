// SPDX-License-Identifier: Apache-2.0
// Match lists: the first line is the host, the second the address, the rest the list, without
// files and tables.
#include <cstddef>
#include <cstdint>

#include "lib/base/log_sinks.h"
#include "lib/base/strings.h"
#include "lib/config/param.h"
#include "lib/table/address_keys.h"
#include "lib/table/match_list.h"

// A named function, because a capturing lambda is never a coroutine.
static base::Task<void> match(const table::MatchList& list, std::string host, std::string address)
{
    (void)co_await list.match(std::move(host), std::move(address));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    base::MemoryLogSink sink;
    base::LogSink* before = base::set_log_sink(&sink);
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    std::string host(base::cut(rest, '\n'));
    std::string address(base::cut(rest, '\n'));
    std::vector<std::string> elements;
    std::string why;
    if (config::List::parse(rest, elements, why)) {
        std::erase_if(elements, [](const auto& element) {
            auto text = std::string_view(element);
            text.remove_prefix(std::min(text.find_first_not_of('!'), text.size()));
            return text.starts_with('/') || table::is_table_name(text);
        });
        table::Tables tables{{}};
        table::MatchList list(tables, {"fuzz", table::ListKind::Hosts, size % 2 == 0}, elements);
        base::Scope scope;
        scope.spawn(match(list, host, address));
    }
    (void)table::address_keys(host, 0xff, {"+-", "double-bounce", false});
    base::set_log_sink(before);
    return 0;
}
