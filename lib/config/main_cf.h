// SPDX-License-Identifier: Apache-2.0
// main.cf: reading it, and the value of a name after expansion. Syntax is Postfix's:
//   - '#' begins a comment only as the first non-blank character of a line; empty lines separate
//     nothing; a line that begins with white space continues the line before it;
//   - "name = value" with optional blanks; the last definition of a name wins;
//   - $name $(name) ${name} ${name?yes} ${name:no} ${name?{yes}:{no}} ${{a} == {b} ? {yes} : {no}}
//     with == != < <= >= > and the <=level family; $$ is a dollar sign.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace config {

// One fault in a configuration, told with its place and, where we know one, a cure. Faults are
// collected, never thrown at the first: a person wants to see all of them at once.
struct Fault {
    std::string file = {}; // Empty for faults that belong to no file.
    int line = 0;
    bool warning = false; // A warning does not keep the system from starting.
    std::string text = {};
    std::string hint = {}; // "Use ...", or empty.

    // "FILE, line N: TEXT (HINT)", as commands and the log show it.
    std::string to_string() const;
    bool operator==(const Fault&) const = default;
};
using Faults = std::vector<Fault>;

// Adds `fault` unless it is there already: one wrong line may be met on many ways.
void add_fault(Faults& faults, Fault fault);

// Whether any of them keeps the system from starting.
bool has_errors(const Faults& faults);

// Larger files are refused.
inline constexpr std::size_t kConfigFileBytes = 8 << 20;

class MainCf {
public:
    struct Entry {
        std::string value; // As written: not expanded, continuation lines joined by one space.
        std::string file;
        int line = 0;
    };

    // Reads DIRECTORY/main.cf. A missing file reads as an empty one when `may_be_missing`. Syntax
    // faults are added to `faults`; what could be read is there all the same.
    static base::Result<MainCf> load(const std::string& directory, Faults& faults,
                                     bool may_be_missing = false);
    static MainCf parse(std::string_view text, const std::string& file, Faults& faults);

    // Overrides, from "-o name=value" in master.cf or on a command line.
    void set(std::string_view name, std::string_view value, const std::string& from = "-o",
             int line = 0);

    const Entry* find(std::string_view name) const;
    const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

    // Defaults for names that the file does not define: what $name gives then. Filled by the
    // ParamSets of a program (their default texts), so that $queue_directory works everywhere.
    void set_default(std::string_view name, std::string_view value);
    const std::string* find_default(std::string_view name) const;

    // Whether file, defaults or the machine (host.h) give `name` a value.
    bool knows(std::string_view name) const;

    // The value of `name` (empty when unknown) with every $ expression replaced. Recursion and
    // syntax errors are permanent errors; their text names the parameter that is wrong.
    base::Result<std::string> expanded(std::string_view name) const;
    // The same for a text that is no parameter's value.
    base::Result<std::string> expand(std::string_view text) const;
    // The same; a failure is told as a fault of the parameter that is wrong, which may be another
    // than `name`, with its place.
    std::optional<std::string> expanded(std::string_view name, Faults& faults) const;

    // Where main.cf was read from; empty for parsed text. load() also sets config_directory to it.
    const std::string& directory() const { return directory_; }
    // The file name for messages.
    const std::string& file() const { return file_; }

private:
    void add(std::string_view line_text, int line, Faults& faults);

    std::string file_;
    std::string directory_;
    std::map<std::string, Entry, std::less<>> entries_;
    std::map<std::string, std::string, std::less<>> defaults_;
};

} // namespace config
