// SPDX-License-Identifier: Apache-2.0
// What an examination of the mail system finds: values that a page and JSON are made from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace doctor {

// In the order in which they matter.
enum class Level : std::uint8_t {
    Ok,      // Looked at, and well.
    Note,    // Worth knowing; nothing to do.
    Skipped, // Could not be looked at, or was not asked for; the text says why.
    Warning, // Works, but will hurt.
    Problem  // Mail is lost, refused, late or abused because of it.
};

// "ok", "note", "skipped", "warning", "problem".
std::string_view level_name(Level level);

struct Finding {
    Level level = Level::Ok;
    std::string text;       // What was seen, with names and figures.
    std::string cause = {}; // Why it is so, or what comes of it; empty when the text says all.
    std::string cure = {};  // What an administrator can do.

    bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

// One check with what it found.
struct Section {
    std::string name;
    Findings findings;
};
using Sections = std::vector<Section>;

// The worst level of all findings decides: 0 nothing to do, 1 warnings, 2 problems.
int exit_status(const Sections& sections);

struct Heading {
    std::string myhostname;
    std::string mail_version;
    std::string when;     // Local time, readable.
    bool outside = false; // The network was asked.
};

// The page for a person; lines of at most 100 columns where words allow.
std::string page(const Heading& heading, const Sections& sections);
// One JSON object: host, version, time, network, status, counts, findings.
std::string json(const Heading& heading, const Sections& sections);

} // namespace doctor
