// SPDX-License-Identifier: Apache-2.0
// `postfix bounces`: what is known of addresses and domains to which mail failed, from the failures
// service; and what class a reply would get.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/ipc/messages/failures.h"

namespace bounces {

enum class Verb : std::uint8_t { List, Explain, Clear, Classify };

struct Request {
    Verb verb = Verb::List;
    std::vector<std::string> subjects; // Addresses, domains, or for Classify texts.
    bool json = false;
    bool only_hard = false;  // list --hard
    bool suppressed = false; // list --suppressed
    std::optional<mail::FailureClass> kind;
    bool all = false; // clear --all
};

// Reads the words behind the command's name. A usage text when they are wrong, else empty.
std::string parse_words(const std::vector<std::string>& words, Request& request);

// Runs it in the queue directory and prints on standard output. 0: done; 1: nothing is known of a
// subject, or the service cannot be asked, which standard error tells.
int run(const Request& request);

// One entry as a line of the list, or as JSON on one line.
std::string list_line(const ipc::failures::Entry& entry);
std::string json(const ipc::failures::Entry& entry);
// All that is known, for a person.
std::string page(const ipc::failures::Entry& entry);
// The same for a reply.
std::string classified(const std::string& text, bool json);

} // namespace bounces
