// SPDX-License-Identifier: Apache-2.0
// What master knows of services beyond master.cf: those that run without a line there, and those
// of Postfix that need no process here. Two tables; nothing else in master names a program.
#pragma once

#include <span>
#include <string_view>

namespace master {

// Lines of master.cf that are there unless the file has the same name and type.
std::span<const std::string_view> built_in_lines();

// A program of Postfix that Posthouse does without, or serves by another.
struct Replaced {
    std::string_view command;
    std::string_view served_by; // For a person.
    std::string_view program;   // Runs in its place on the same sockets; empty: no process.
    // The service (NAME/TYPE) whose arguments that program gets too; empty: none.
    std::string_view arguments_of;
};
const Replaced* find_replaced(std::string_view command);

} // namespace master
