// SPDX-License-Identifier: Apache-2.0
// Decides of which class a failure is, from SMTP code, enhanced code and text, by general rules
// (failure_rules.h) that are scored: each rule that fits speaks for a class with a weight. For each
// class the strongest phrase (twice), the strongest enhanced code and the SMTP code are added up;
// the class with the most wins. Nothing is looked up and nothing is remembered.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/mail/failure_class.h"
#include "lib/mail/failure_rules.h"
#include "lib/mail/outcome.h"

namespace mail {

// Later bytes of a text do not count.
inline constexpr std::size_t failure_text_limit = 4096;

class FailureClassifier {
public:
    FailureClassifier();

    // `dsn` is "X.Y.Z" or empty. `text` may begin with the reply's code ("550 5.1.1 ...",
    // continuation lines joined by blanks or line ends), or be a text of our own. Hostile bytes are
    // fine. Never None.
    Failure classify(std::string_view dsn, std::string_view text) const;

    // Of an outcome: its reply, or, where there was none, its text. None for what is no failure. A
    // deferral is never hard.
    Failure classify(const Outcome& outcome) const;

private:
    struct Word {
        std::vector<std::string_view> choices; // Any of these; "x*" fits by its beginning.
        unsigned gap = 0;                      // Words that may stand before it.
    };
    struct Phrase {
        std::vector<Word> words;
        const failure_rules::PhraseRule* rule = nullptr;
    };
    static Phrase compile(const failure_rules::PhraseRule& rule);
    static bool fits(const Word& word, std::string_view text);
    static bool fits_at(const Phrase& phrase, const std::vector<std::string_view>& words,
                        std::size_t at);

    void index(std::uint16_t phrase);

    std::vector<Phrase> phrases_;
    // By the first byte of a word: the phrases that may begin with it.
    std::array<std::vector<std::uint16_t>, 256> by_first_byte_;
};

} // namespace mail
