// SPDX-License-Identifier: Apache-2.0
// Tables of failure_class_maps looked at before they are used: each entry must give a class of
// failure, and in tables of exact keys be one that can be asked for. Patterns that do not compile
// are told by those who open tables.
#pragma once

#include <string>
#include <vector>

namespace failure {

// What is wrong in the table "type:name", one line each, with the name of its source and the line.
// Tables whose text is out of reach (SQL, LDAP, an index without its source) are passed over.
std::vector<std::string> map_faults(const std::string& spec);

} // namespace failure
