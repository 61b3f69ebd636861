// SPDX-License-Identifier: Apache-2.0
// master.cf: any bytes are read, and what was understood means the same once it is written anew.

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/config/edit.h"
#include "lib/config/master_cf.h"

static void write_and_read(const config::ServiceEntry& entry)
{
    config::Faults faults;
    std::string text = config::format_service(entry, false);
    auto again = config::MasterCf::parse(text, "", {}, faults);
    if (again.entries().size() != 1)
        __builtin_trap();
    const config::ServiceEntry& same = again.entries().front();
    if (same.key() != entry.key() || same.wakeup != entry.wakeup ||
        same.overrides != entry.overrides)
        __builtin_trap();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text(reinterpret_cast<const char*>(data), size);
    config::Faults faults;
    auto master = config::MasterCf::parse(text, "master.cf", {}, faults);
    for (const config::ServiceEntry& entry : master.entries())
        write_and_read(entry);
    (void)config::parse_inet_endpoint(text.substr(0, 300));
    return 0;
}
