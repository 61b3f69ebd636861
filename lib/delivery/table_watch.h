// SPDX-License-Identifier: Apache-2.0
// Delivery agents with lookup tables of their own make room for a fresh process when a table
// changed and cannot be opened again here.
#pragma once

#include "lib/service/service.h"
#include "lib/table/tables.h"

namespace delivery {

// Tells what was wrong with the tables, then watches them: a task of the service's own scope. Both
// outlive it.
base::Task<void> watch_tables(service::Service& service, table::Tables& tables);

// The table specifications of a parameter whose answers decide about rights: "proxy:" is taken away
// from types that this process opens itself, so that no other process has a say.
std::vector<std::string> direct_tables(const std::vector<std::string>& specs);

} // namespace delivery
