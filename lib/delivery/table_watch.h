// SPDX-License-Identifier: Apache-2.0
// What an administrator has just put into a table counts for the next message. Programs with lookup
// tables of their own open again what changed, and make room for a fresh process when they cannot,
// in their jail.
#pragma once

#include "lib/service/service.h"
#include "lib/table/tables.h"

namespace delivery {

// Before each piece of work: opens again what changed. False: a fresh process is needed; that is
// told, and this one retires. Asks the file system a few times a second at most.
bool tables_are_current(service::Service& service, table::Tables& tables);

// For programs without work: tells what was wrong with the tables, then looks every few seconds. A
// task of the service's own scope. Both outlive it.
base::Task<void> watch_tables(service::Service& service, table::Tables& tables);

// The table specifications of a parameter whose answers decide about rights: "proxy:" is taken away
// from types that this process opens itself, so that no other process has a say.
std::vector<std::string> direct_tables(const std::vector<std::string>& specs);

} // namespace delivery
