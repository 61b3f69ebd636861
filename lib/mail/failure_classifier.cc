// SPDX-License-Identifier: Apache-2.0
// Classes of failures; see failure_classifier.h.
#include "lib/mail/failure_classifier.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <utility>

#include "lib/base/strings.h"

namespace mail {

namespace {

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

void count_details(const FailureReading& reading, Votes& votes)
{
    for (const auto& detail : reading.details())
        for (const auto& rule : failure_rules::details())
            if (detail.subject == rule.subject && detail.number >= rule.first &&
                detail.number <= rule.last) {
                Vote& vote = vote_of(votes, rule.kind);
                vote.count(vote.detail, rule.weight, rule.hard);
            }
}

void count_codes(const FailureReading& reading, Votes& votes)
{
    for (const auto& rule : failure_rules::codes())
        if (reading.code() == rule.code) {
            Vote& vote = vote_of(votes, rule.kind);
            vote.count(vote.code, rule.weight, rule.hard);
        }
    for (const auto& rule : failure_rules::exit_statuses())
        if (reading.exit_status() == rule.code) {
            Vote& vote = vote_of(votes, rule.kind);
            vote.count(vote.code, rule.weight, rule.hard);
        }
    for (const auto& rule : failure_rules::stages())
        if (reading.stage() == rule.stage) {
            Vote& vote = vote_of(votes, rule.kind);
            vote.count(vote.code, rule.weight, false);
        }
    if (reading.says_nothing() && reading.temporary()) {
        Vote& vote = vote_of(votes, FailureClass::Network);
        vote.count(vote.code, failure_rules::weight_of_silence, false);
    }
}

struct Hit { // A phrase that fits, where it does so first.
    const failure_rules::PhraseRule* rule;
    unsigned sentence;
};

// Who answers with a code for good can be reached: "554 Connection refused" is a matter of rules.
unsigned weight_of(const Hit& hit, const FailureReading& reading)
{
    constexpr unsigned answered_discount = 3;
    const unsigned weight = hit.rule->weight;
    const bool answered = hit.rule->kind == FailureClass::Network && reading.code() >= 500;
    return answered ? weight - std::min(weight, answered_discount) : weight;
}

// What comes after the sentence that gives a reason is advice, and may name what might also be
// wrong.
void count_phrases(const std::vector<Hit>& hits, const FailureReading& reading, Votes& votes)
{
    constexpr unsigned decisive = 10, unmistakable = 12, advice_discount = 4;
    unsigned reason = std::numeric_limits<unsigned>::max();
    for (const Hit& hit : hits)
        if (weight_of(hit, reading) >= decisive)
            reason = std::min(reason, hit.sentence);
    for (const Hit& hit : hits) {
        unsigned weight = weight_of(hit, reading);
        if (hit.sentence > reason && weight < unmistakable)
            weight -= std::min(weight, advice_discount);
        Vote& vote = vote_of(votes, hit.rule->kind);
        vote.count(vote.phrase, weight, hit.rule->hard);
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

// "5.1.1" in the server's own words (not what another made of them): no such mailbox.
bool denies_address(const FailureReading& reading)
{
    const auto& details = reading.details();
    return details.size() > 1 && std::any_of(details.begin() + 1, details.end(), [](auto& detail) {
               return detail.subject == 1 && detail.number == 1;
           });
}

// Who refuses a message after its recipient was accepted often says "unknown" and means a filter
// of that recipient: what Sendmail notes as 5.2.0, and, where no code says better, what names no
// recipient, and the words of Japanese carriers, "Unknown user NAME", which they answer for both.
bool may_be_a_filter(const FailureReading& reading)
{
    const auto& words = reading.words();
    const auto& details = reading.details();
    const bool address = std::any_of(details.begin(), details.end(),
                                     [](const auto& detail) { return detail.subject == 1; });
    const bool noted = details.size() == 1 && details[0].subject == 2 && details[0].number == 0;
    const bool carrier = words.size() == 2 && words[0].text == "unknown" &&
                         words[1].text == "user" && reading.ends_with_name();
    return noted || (!address && (carrier || reading.names_nobody()));
}

// What the words say of the address is corrected where the rest says otherwise.
bool is_hard(Failure failure, const FailureReading& reading)
{
    if (failure.kind == FailureClass::BadAddress)
        return (failure.hard || denies_address(reading)) && !may_be_a_filter(reading);
    return failure.hard && !reading.temporary();
}

std::string_view set_named(std::string_view name)
{
    for (const auto& set : failure_rules::word_sets())
        if (set.name == name)
            return set.words;
    return {};
}

} // namespace

FailureClassifier::FailureClassifier()
{
    for (const auto& table : failure_rules::phrases())
        for (const auto& rule : table)
            compile(rule);
}

void FailureClassifier::compile(const failure_rules::PhraseRule& rule)
{
    constexpr std::uint8_t short_gap = 3, long_gap = 10;
    Phrase phrase{{}, &rule};
    std::uint8_t gap = 0;
    for (std::string_view part : base::split(rule.words, " ")) {
        if (part == "~" || part == "~~")
            gap = part.size() == 1 ? short_gap : long_gap;
        else
            phrase.parts.push_back({slot_of(part), std::exchange(gap, std::uint8_t{0})});
    }
    phrases_.push_back(std::move(phrase));
}

std::uint16_t FailureClassifier::slot_of(std::string_view words)
{
    const auto [place, is_new] =
        slots_.try_emplace(words, static_cast<std::uint16_t>(slots_.size()));
    assert(place->second < slot_limit);
    if (is_new)
        for (std::string_view choice : base::split(words, "|"))
            add_choice(choice, place->second, When::Always);
    return place->second;
}

void FailureClassifier::add_choice(std::string_view choice, std::uint16_t slot, When when)
{
    if (choice.front() == '!' || choice.front() == '+') {
        when = choice.front() == '!' ? When::Negated : When::Plain;
        choice.remove_prefix(1);
    }
    const Answer answer{slot, when};
    if (choice.front() == '$') {
        for (std::string_view member : base::split(set_named(choice.substr(1)), "|"))
            add_choice(member, slot, when);
    } else if (choice.front() == '*') {
        anywhere_.push_back({choice.substr(1, choice.size() - 2), answer});
    } else if (choice.back() == '*') {
        choice.remove_suffix(1);
        beginnings_[choice.front()].push_back({choice, answer});
    } else {
        exact_[choice].push_back(answer);
    }
}

FailureClassifier::Slots FailureClassifier::slots_of(const FailureReading::Word& word) const
{
    Slots slots;
    const auto count = [&](const Answer& answer) {
        const When other = word.negated ? When::Plain : When::Negated;
        if (answer.when != other)
            slots.set(answer.slot);
    };
    if (const auto same = exact_.find(word.text); same != exact_.end())
        for (const Answer& answer : same->second)
            count(answer);
    if (const auto list = beginnings_.find(word.text.front()); list != beginnings_.end())
        for (const Beginning& beginning : list->second)
            if (word.text.starts_with(beginning.text))
                count(beginning.answer);
    for (const Beginning& part : anywhere_)
        if (word.text.find(part.text) != std::string_view::npos)
            count(part.answer);
    return slots;
}

// The first place for each word is good enough: gaps are short. No phrase goes on in the next
// sentence.
bool FailureClassifier::fits_at(const Phrase& phrase, const FailureReading& reading,
                                const std::vector<Slots>& slots, std::size_t at)
{
    const std::size_t begin = at;
    for (const Part& part : phrase.parts) {
        const std::size_t last = std::min(slots.size(), at + part.gap + 1);
        while (at < last && !slots[at][part.slot]) {
            if (at > begin && reading.words()[at].opens)
                return false;
            ++at;
        }
        if (at == last || (at > begin && reading.words()[at].opens))
            return false;
        ++at;
    }
    return true;
}

Failure FailureClassifier::classify(std::string_view dsn, std::string_view text) const
{
    const FailureReading reading(dsn, text, failure_rules::tells_in_names);
    Votes votes{};
    count_details(reading, votes);
    count_codes(reading, votes);
    std::vector<Slots> slots;
    slots.reserve(reading.words().size());
    for (const auto& word : reading.words())
        slots.push_back(slots_of(word));
    std::vector<Hit> hits;
    for (const Phrase& phrase : phrases_)
        for (std::size_t at = 0; at < slots.size(); ++at)
            if (slots[at][phrase.parts.front().slot] && fits_at(phrase, reading, slots, at)) {
                hits.push_back({phrase.rule, reading.words()[at].sentence});
                break;
            }
    count_phrases(hits, reading, votes);
    Failure failure = winner(votes);
    failure.hard = is_hard(failure, reading);
    return failure;
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
