// SPDX-License-Identifier: Apache-2.0
// A reply as FailureClassifier's rules want it: words in lower case without accents, each knowing
// whether it is negated and whether a sentence begins with it; the codes apart. What says nothing
// of the reason is left out: mail addresses, names of hosts, paths of URLs, and the words that mail
// systems put around the reply of another.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mail {

// Later bytes of a text do not count, nor do later words.
inline constexpr std::size_t failure_text_limit = 4096;
inline constexpr std::size_t failure_word_limit = 600;

class FailureReading {
public:
    struct Word {
        std::string_view text; // An IP address reads "ip", a path "path".
        bool negated = false;  // "not found", "could not be found", "no such user".
        bool opens = false;    // First of a sentence.
        unsigned sentence = 0; // Which sentence it stands in.
    };
    struct Detail { // The last two numbers of an enhanced code.
        unsigned subject = 0;
        unsigned number = 0;
    };
    // What was answered, as mail systems note it: "(in reply to RCPT TO command)".
    enum class Stage { Unsaid, Hello, Mail, Rcpt, Data };

    // `dsn` is "X.Y.Z" or empty. Words that are names or parts of URLs count only if `keep_name`
    // says so.
    FailureReading(std::string_view dsn, std::string_view text,
                   bool (*keep_name)(std::string_view));
    FailureReading(const FailureReading&) = delete;
    FailureReading& operator=(const FailureReading&) = delete;

    const std::vector<Word>& words() const { return words_; }
    // That of `dsn` first, if it has one.
    const std::vector<Detail>& details() const { return details_; }
    unsigned code() const { return code_; } // The first SMTP code, or 0.
    Stage stage() const { return stage_; }
    // The whole text is a number: how a program ended (sysexits).
    unsigned exit_status() const { return exit_status_; }
    bool says_nothing() const { return says_nothing_; }
    // The code that comes with it, or the one in front of the text, is of the kind 4xx.
    bool temporary() const { return temporary_; }
    // The reply speaks of a recipient and says whom, or, where the name should stand, nothing:
    // "550 : User unknown", "550 Unknown user name@host".
    bool names_nobody() const { return names_nobody_; }
    bool ends_with_name() const { return ends_with_name_; }

private:
    std::string_view unwrapped(std::string_view text);
    void take_addressee(std::string_view token, char border);
    void take_token(std::string_view token, bool ends_sentence);
    bool take_code(std::string_view token);
    void take_words(std::string_view token, bool names_only);
    void add(std::string_view word);
    bool negates(std::string_view word);

    bool (*keep_name_)(std::string_view);
    std::string text_; // Words point into it.
    std::vector<Word> words_;
    std::vector<Detail> details_;
    unsigned code_ = 0;
    unsigned exit_status_ = 0;
    Stage stage_ = Stage::Unsaid;
    bool says_nothing_ = false;
    bool temporary_ = false;
    bool has_name_ = false;
    bool names_nobody_ = false;
    bool ends_with_name_ = false;
    bool opens_ = true;
    unsigned sentence_ = 0;
    unsigned negation_ = 0; // How many of the next words a negation may still reach.
};

} // namespace mail
