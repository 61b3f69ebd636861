// SPDX-License-Identifier: Apache-2.0
// Classes of failures; see failure_classifier.h.
#include "lib/mail/failure_classifier.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace mail {

namespace {

using failure_rules::DetailRule;

constexpr std::size_t word_limit = 600;

struct Detail { // The last two numbers of an enhanced code.
    unsigned subject = 0;
    unsigned number = 0;
};

bool is_word_byte(char c)
{
    return base::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80;
}

// RFC 3463 2: class "." subject "." detail, each of the last two up to three digits.
bool is_detail(std::string_view token, Detail& detail)
{
    if (token.size() < 5 || (token[0] != '4' && token[0] != '5') || token[1] != '.')
        return false;
    token.remove_prefix(2);
    const std::string_view subject = base::cut(token, '.');
    const auto first = base::parse_int<unsigned>(subject);
    const auto second = base::parse_int<unsigned>(token);
    if (!first || !second || *first > 999 || *second > 999)
        return false;
    detail = {*first, *second};
    return true;
}

// A reply as the rules want it.
struct Reading {
    std::string text; // Lower case; words point into it.
    std::vector<std::string_view> words;
    std::vector<Detail> details;
    unsigned code = 0; // The first SMTP code, or 0.
};

// "550", "550-5.1.1", "5.1.1", "#5.1.1": what a reply has in front of its text, on each line.
bool take_code(std::string_view token, Reading& reading)
{
    Detail detail;
    while (!token.empty() && !base::is_alnum(token.back()))
        token.remove_suffix(1);
    while (!token.empty() && !base::is_alnum(token.front()))
        token.remove_prefix(1);
    const bool has_code = token.size() >= 3 && (token[0] == '4' || token[0] == '5') &&
                          base::is_digit(token[1]) && base::is_digit(token[2]) &&
                          (token.size() == 3 || !base::is_alnum(token[3]));
    if (has_code && token.size() > 3 && token[3] == '.')
        return false; // An address.
    if (has_code) {
        if (reading.code == 0)
            reading.code = base::parse_int<unsigned>(token.substr(0, 3)).value_or(0);
        token.remove_prefix(std::min<std::size_t>(token.size(), 4));
        while (!token.empty() && !base::is_alnum(token.front()))
            token.remove_prefix(1);
    }
    if (!is_detail(token, detail))
        return has_code && token.empty();
    reading.details.push_back(detail);
    return true;
}

void take_words(std::string_view token, Reading& reading)
{
    std::size_t at = 0;
    while (at < token.size() && reading.words.size() < word_limit) {
        std::size_t end = at;
        while (end < token.size() && is_word_byte(token[end]))
            ++end;
        if (end > at)
            reading.words.push_back(token.substr(at, end - at));
        at = end + 1;
    }
}

Reading read(std::string_view dsn, std::string_view text)
{
    Reading reading;
    Detail detail;
    if (is_detail(base::trim(dsn), detail))
        reading.details.push_back(detail);
    text = text.substr(0, failure_text_limit);
    reading.text.reserve(text.size());
    for (const char c : text)
        if (c != '\'')
            reading.text += base::lower(c);
    for (std::string_view token : base::split(reading.text, " \t\r\n<>()[]\":;,=")) {
        // Addresses say nothing of the reason, whatever words they are made of.
        if (token.find('@') == std::string_view::npos && !take_code(token, reading))
            take_words(token, reading);
    }
    return reading;
}

struct Vote {
    unsigned phrase = 0;
    unsigned detail = 0;
    unsigned code = 0;
    // Whether the strongest of the three speaks of a hard failure.
    unsigned strongest = 0;
    bool hard = false;

    unsigned sum() const { return 2 * phrase + detail + code; }
    void count(unsigned& part, unsigned weight, bool is_hard)
    {
        part = std::max(part, weight);
        if (weight > strongest) {
            strongest = weight;
            hard = is_hard;
        }
    }
};
using Votes = std::array<Vote, failure_class_count>;

Vote& vote_of(Votes& votes, FailureClass kind)
{
    return votes[static_cast<std::size_t>(kind)];
}

void count_codes(const Reading& reading, Votes& votes)
{
    for (const Detail& detail : reading.details)
        for (const DetailRule& rule : failure_rules::details())
            if (detail.subject == rule.subject && detail.number >= rule.first &&
                detail.number <= rule.last) {
                Vote& vote = vote_of(votes, rule.kind);
                vote.count(vote.detail, rule.weight, rule.hard);
            }
    for (const auto& rule : failure_rules::codes())
        if (reading.code == rule.code) {
            Vote& vote = vote_of(votes, rule.kind);
            vote.count(vote.code, rule.weight, rule.hard);
        }
}

Failure winner(const Votes& votes)
{
    const auto best = std::max_element(
        votes.begin(), votes.end(), [](const Vote& a, const Vote& b) { return a.sum() < b.sum(); });
    if (best->sum() < failure_rules::weight_needed)
        return {FailureClass::Unknown, false};
    return {static_cast<FailureClass>(best - votes.begin()), best->hard};
}

} // namespace

FailureClassifier::FailureClassifier()
{
    for (const auto& rule : failure_rules::phrases()) {
        phrases_.push_back(compile(rule));
        index(static_cast<std::uint16_t>(phrases_.size() - 1));
    }
}

void FailureClassifier::index(std::uint16_t phrase)
{
    for (std::string_view choice : phrases_[phrase].words.front().choices) {
        const bool anywhere = choice.front() == '*';
        const auto first = static_cast<unsigned char>(choice.front());
        for (unsigned byte = anywhere ? 0 : first; byte <= (anywhere ? 255u : first); ++byte) {
            auto& list = by_first_byte_[byte];
            if (list.empty() || list.back() != phrase)
                list.push_back(phrase);
        }
    }
}

// "a|$set|b": the members of a set stand in its place.
static std::vector<std::string_view> choices_of(std::string_view word)
{
    std::vector<std::string_view> choices;
    for (std::string_view choice : base::split(word, "|")) {
        if (choice[0] != '$') {
            choices.push_back(choice);
            continue;
        }
        for (const auto& set : failure_rules::word_sets()) {
            const bool named = set.name == choice.substr(1);
            const auto members = base::split(named ? set.words : std::string_view(), "|");
            choices.insert(choices.end(), members.begin(), members.end());
        }
    }
    return choices;
}

FailureClassifier::Phrase FailureClassifier::compile(const failure_rules::PhraseRule& rule)
{
    constexpr unsigned short_gap = 3, long_gap = 10;
    Phrase phrase;
    phrase.rule = &rule;
    unsigned gap = 0;
    for (std::string_view part : base::split(rule.words, " ")) {
        if (part == "~" || part == "~~") {
            gap = part.size() == 1 ? short_gap : long_gap;
            continue;
        }
        phrase.words.push_back({choices_of(part), std::exchange(gap, 0)});
    }
    return phrase;
}

bool FailureClassifier::fits(const Word& word, std::string_view text)
{
    return std::any_of(word.choices.begin(), word.choices.end(), [&](std::string_view choice) {
        if (choice.front() == '*') // "*x*": languages that put no blanks between words.
            return text.find(choice.substr(1, choice.size() - 2)) != std::string_view::npos;
        if (choice.front() != text.front())
            return false;
        return choice.back() == '*' ? text.starts_with(choice.substr(0, choice.size() - 1))
                                    : text == choice;
    });
}

// The first place for each word is good enough: gaps are short.
bool FailureClassifier::fits_at(const Phrase& phrase, const std::vector<std::string_view>& words,
                                std::size_t at)
{
    for (const Word& word : phrase.words) {
        std::size_t last = std::min(words.size(), at + word.gap + 1);
        while (at < last && !fits(word, words[at]))
            ++at;
        if (at == last)
            return false;
        ++at;
    }
    return true;
}

Failure FailureClassifier::classify(std::string_view dsn, std::string_view text) const
{
    const Reading reading = read(dsn, text);
    Votes votes{};
    count_codes(reading, votes);
    for (std::size_t at = 0; at < reading.words.size(); ++at) {
        for (const std::uint16_t index :
             by_first_byte_[static_cast<unsigned char>(reading.words[at].front())]) {
            const Phrase& phrase = phrases_[index];
            Vote& vote = vote_of(votes, phrase.rule->kind);
            if (phrase.rule->weight > vote.phrase && fits_at(phrase, reading.words, at))
                vote.count(vote.phrase, phrase.rule->weight, phrase.rule->hard);
        }
    }
    return winner(votes);
}

Failure FailureClassifier::classify(const Outcome& outcome) const
{
    if (outcome.status != Status::Deferred && outcome.status != Status::Bounced)
        return {};
    const bool replied = !outcome.reply.empty();
    Failure failure = classify(outcome.dsn, replied ? outcome.reply : outcome.text);
    failure.hard = failure.hard && outcome.status == Status::Bounced;
    return failure;
}

} // namespace mail
