// SPDX-License-Identifier: Apache-2.0
// The names that forward_path, luser_relay and command_execution_directory may use: parts of the
// recipient and of the user.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace local {

// What is known of the recipient at hand. A name without a value is not the same as an empty one.
struct Names {
    std::string user;      // The local part without extension, folded.
    std::string local;     // The local part, folded.
    std::string recipient; // The whole address.
    std::optional<std::string> domain;
    std::optional<std::string> extension;
    std::optional<std::string> home; // Of the user whose rights are used.
    std::optional<std::string> shell;
    std::string delimiter; // Before the extension; without one, the first that would count.

    // $mailbox is $local, $recipient_delimiter the delimiter.
    std::optional<std::string> find(std::string_view name) const;
};

struct Expanded {
    std::string text;
    bool undefined = false;      // A name without a value was to be put in.
    bool uses_extension = false; // $extension was put in.
};

// `pattern` with its names replaced; the syntax is main.cf's. Values have only characters of
// `allowed`, others become '_'; an empty `allowed` lets all pass. Fails on bad syntax.
base::Result<Expanded> expand(std::string_view pattern, const Names& names,
                              std::string_view allowed);

// `value` with other characters than `allowed` as '_'.
std::string filtered(std::string value, std::string_view allowed);

} // namespace local
