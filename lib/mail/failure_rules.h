// SPDX-License-Identifier: Apache-2.0
// The rules of FailureClassifier as data. Texts are compared as words: lower case, apostrophes
// dropped, all other punctuation a blank, mail addresses and reply codes left out.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "lib/mail/failure_class.h"

namespace mail::failure_rules {

// A phrase: words in a row. "a|b" is either, "a*" any word that begins so, "*a*" any
// that contains it, "$name" a word set, "~" up to three words of any kind, "~~" up to ten.
struct PhraseRule {
    FailureClass kind;
    bool hard;
    std::uint8_t weight; // 9 decides alone, 7 strong, 5 fair, 3 a hint.
    std::string_view words;
};

struct WordSet {
    std::string_view name;
    std::string_view words; // Separated by "|".
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

struct CodeRule { // SMTP codes.
    std::uint16_t code;
    FailureClass kind;
    bool hard;
    std::uint8_t weight;
};

// Less than this for the best class: Unknown.
inline constexpr unsigned weight_needed = 2;

std::span<const PhraseRule> phrases();
std::span<const WordSet> word_sets();
std::span<const DetailRule> details();
std::span<const CodeRule> codes();

} // namespace mail::failure_rules
