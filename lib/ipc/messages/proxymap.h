// SPDX-License-Identifier: Apache-2.0
// What proxymap understands: look-ups in tables that the asking process cannot reach itself, or
// that may block. Only tables that proxy_read_maps lists are asked.
#pragma once

#include <string>

#include "lib/ipc/protocol.h"

namespace ipc::proxymap {

struct Value {
    bool found = false;
    std::string value;
    static constexpr auto fields =
        std::tuple{field("found", &Value::found), field("value", &Value::value)};
};

struct Lookup {
    std::string table; // "type:name", without "proxy:".
    bool fold = true;
    bool utf8 = true;
    std::string key;
    using Response = Value;
    static constexpr std::string_view name = "lookup";
    static constexpr auto fields =
        std::tuple{field("table", &Lookup::table), field("fold", &Lookup::fold),
                   field("utf8", &Lookup::utf8), field("key", &Lookup::key)};
};

struct Protocol : Requests<Lookup> {
    static constexpr std::string_view name = "proxymap";
    static constexpr unsigned version = 1;
};

} // namespace ipc::proxymap
