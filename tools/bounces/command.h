// SPDX-License-Identifier: Apache-2.0
// `postfix bounces`: what is known of addresses and domains to which mail failed, from the failures
// service; and what class a reply would get.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/ipc/messages/failures.h"
#include "lib/mail/outcome.h"

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

// For Classify: asks the tables, opened here, then the rules. Without subjects each line of
// standard input is a reply.
int classify(const Request& request, const std::vector<std::string>& class_maps);

// A reply, or a line of the log that quotes one, as what the queue manager sees of an attempt.
mail::Outcome outcome_of(std::string_view text);

// One entry as a line of the list, below the heading, or as JSON on one line.
std::string list_heading();
std::string list_line(const ipc::failures::Entry& entry);
std::string json(const ipc::failures::Entry& entry);
// All that is known, for a person.
std::string page(const ipc::failures::Entry& entry);
// The same for a reply. `by_tables`: failure_class_maps decided.
std::string classified(const std::string& text, mail::Failure failure, bool by_tables, bool json);

} // namespace bounces
