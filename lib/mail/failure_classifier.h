// SPDX-License-Identifier: Apache-2.0
// Decides of which class a failure is, from SMTP code, enhanced code and text, by general rules
// (failure_rules.h) that are scored: each rule that fits speaks for a class with a weight. For each
// class the strongest phrase (twice), the strongest enhanced code and the SMTP code are added up;
// the class with the most wins. Nothing is looked up and nothing is remembered. The time is bounded
// by the limits of FailureReading, whatever the text.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/mail/failure_class.h"
#include "lib/mail/failure_reading.h"
#include "lib/mail/failure_rules.h"
#include "lib/mail/outcome.h"

namespace mail {

class FailureClassifier {
public:
    FailureClassifier();

    // `dsn` is "X.Y.Z" or empty. `text` may begin with the reply's code ("550 5.1.1 ...",
    // continuation lines joined by blanks or line ends), be a Diagnostic-Code field, or be a text
    // of our own. Hostile bytes are fine. Never None.
    Failure classify(std::string_view dsn, std::string_view text) const;

    // Of an outcome: its reply, or, where there was none, its text. None for what is no failure. A
    // deferral is never hard.
    Failure classify(const Outcome& outcome) const;

private:
    // What a phrase may ask of one word, each different question once: a "slot". A word of a
    // reply is compared with all of them at once, by table; phrases then look at bits.
    static constexpr std::size_t slot_limit = 1280;
    using Slots = std::bitset<slot_limit>;
    enum class When : std::uint8_t { Always, Negated, Plain };
    struct Answer {
        std::uint16_t slot;
        When when;
    };
    struct Part {
        std::uint16_t slot;
        std::uint8_t gap; // Words that may stand before it.
    };
    struct Phrase {
        std::vector<Part> parts;
        const failure_rules::PhraseRule* rule;
    };
    struct Beginning {
        std::string_view text;
        Answer answer;
    };

    void compile(const failure_rules::PhraseRule& rule);
    std::uint16_t slot_of(std::string_view words);
    void add_choice(std::string_view choice, std::uint16_t slot, When when);
    Slots slots_of(const FailureReading::Word& word) const;
    static bool fits_at(const Phrase& phrase, const FailureReading& reading,
                        const std::vector<Slots>& slots, std::size_t at);

    std::vector<Phrase> phrases_;
    std::unordered_map<std::string_view, std::uint16_t> slots_;
    std::unordered_map<std::string_view, std::vector<Answer>> exact_;
    std::unordered_map<char, std::vector<Beginning>> beginnings_; // By first byte.
    std::vector<Beginning> anywhere_;
};

} // namespace mail
