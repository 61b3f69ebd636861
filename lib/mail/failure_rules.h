// SPDX-License-Identifier: Apache-2.0
// The rules of FailureClassifier as data. Texts are compared as FailureReading has them. A phrase
// joins concepts (who is spoken of, what is said of it), never a whole reply: word sets name the
// concepts. Where a text fits several classes, weights decide: who is spoken of (the sender, our
// host) weighs more than what is said ("unknown", "rejected"), and a name that means one thing only
// weighs most.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "lib/mail/failure_class.h"
#include "lib/mail/failure_reading.h"

namespace mail::failure_rules {

// A phrase: words in a row, in one sentence. "a|b" is either, "a*" any word that begins so, "*a*"
// any that contains it, "!a" the word where it is negated ("not a", "could not be a"), "+a" where
// it is not, "$name" a word set, "!$name" any of it negated, "~" up to three words of any kind,
// "~~" up to ten.
struct PhraseRule {
    FailureClass kind;
    bool hard;
    std::uint8_t weight; // 9 decides alone, 7 strong, 5 fair, 3 a hint.
    std::string_view words;
};

struct WordSet {
    std::string_view name;
    std::string_view words; // Separated by "|"; other sets too.
};

// Enhanced codes X.subject.first to X.subject.last; X does not matter.
struct DetailRule {
    std::uint16_t subject;
    std::uint16_t first;
    std::uint16_t last;
    FailureClass kind;
    bool hard;
    std::uint8_t weight;
};

struct CodeRule { // SMTP codes; exit statuses.
    std::uint16_t code;
    FailureClass kind;
    bool hard;
    std::uint8_t weight;
};

struct StageRule { // What was answered.
    FailureReading::Stage stage;
    FailureClass kind;
    std::uint8_t weight;
};

// Less than this for the best class: Unknown.
inline constexpr unsigned weight_needed = 2;
// A failure for now of which nothing is told: no reply came.
inline constexpr unsigned weight_of_silence = 4;

// Phrases lie in several tables, by what they speak of.
inline constexpr std::size_t phrase_tables = 5;
std::array<std::span<const PhraseRule>, phrase_tables> phrases();
std::span<const PhraseRule> provider_codes(); // Names that providers give to their reasons.
std::span<const PhraseRule> address_phrases();
std::span<const PhraseRule> refusal_phrases();
std::span<const PhraseRule> message_phrases();
std::span<const PhraseRule> transport_phrases();

std::span<const WordSet> word_sets();
std::span<const DetailRule> details();
std::span<const CodeRule> codes();
std::span<const CodeRule> exit_statuses();
std::span<const StageRule> stages();

// Whether a word tells something even as part of a URL or host name: names of block lists, and the
// reasons that providers write into addresses of their help pages.
bool tells_in_names(std::string_view word);

} // namespace mail::failure_rules
