// SPDX-License-Identifier: Apache-2.0
// Tables that the proxymap service asks for us, because they are outside our jail or may block.
#pragma once

#include <memory>

#include "lib/table/proxy_pool.h"
#include "lib/table/table.h"

namespace table {

// `name` is for messages, "proxy:type:name" or "type:name"; `remote` what proxymap opens, without
// "proxy:". `pool` outlives the table.
std::unique_ptr<Table> make_proxy_table(const std::string& name, const std::string& remote,
                                        ProxyPool& pool);

} // namespace table
