// SPDX-License-Identifier: Apache-2.0
// Filter: which waiting messages somebody means. Terms come as text, the same on the command line
// of postqueue and postsuper and in a request to the queue manager:
//
//   sender PATTERN       the envelope sender; <> is the null sender
//   recipient PATTERN    a recipient that still waits
//   destination PATTERN  the next hop of its last attempt, or its domain
//   reason TEXT          why it waits: a part of the text, or a pattern
//   class NAME           the class of that reason (failure_classes(5)), or none
//   older TIME           in the queue for longer than this: 90s, 5m, 2h, 3d, 1w
//   newer TIME           for less
//   larger SIZE          content of more than so many bytes: 1000, 10k, 5M, 1G
//   queue NAME           maildrop, incoming, active, deferred or hold
//
// A PATTERN is a whole address or name, @DOMAIN for all addresses of a domain, or has * for any
// text and ? for any character. Case does not matter. Of terms with the same name one must match;
// those with different names must all match, and those about recipients the same recipient.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/queue/index.h"

namespace search {

enum class TermKind : std::uint8_t {
    Sender,
    Recipient,
    Destination,
    Reason,
    Class,
    Older,
    Newer,
    Larger,
    Queue,
};
inline constexpr std::size_t term_kinds = 9;

struct Term {
    TermKind kind = TermKind::Sender;
    std::string value;

    bool operator==(const Term&) const = default;
};

inline constexpr std::size_t term_limit = 100;
inline constexpr std::size_t term_value_limit = 2000;

// "sender", "recipient", ...
std::string_view term_name(TermKind kind);
std::optional<TermKind> term_of_name(std::string_view name);

// A pattern for addresses, names and texts, in lower case.
class Pattern {
public:
    enum class Plain : std::uint8_t { Whole, Part }; // What a text without * and ? must equal.
    Pattern(std::string_view text, Plain plain);

    bool matches(std::string_view text) const;
    // The only text that it matches; nothing when there may be more.
    std::optional<std::string> exact() const;
    // The domain, when it stands for all addresses of one.
    std::optional<std::string> domain() const;

private:
    enum class Kind : std::uint8_t { Exact, Domain, Glob };
    Kind kind_ = Kind::Exact;
    std::string text_;
};

class Filter {
public:
    Filter() = default; // Everything.

    // A permanent error names the term that cannot be understood. Ages count from `now`.
    static base::Result<Filter> make(std::span<const Term> terms, base::WallTime now);

    bool matches(const queue::IndexEntry& entry) const;
    // Is it one of the recipients that are meant, of a message that matches?
    bool matches(const queue::IndexedRecipient& recipient) const;

    bool empty() const { return empty_; }
    // Nothing in this queue can match.
    bool excludes(queue::Queue queue) const;

    // Index keys that lead to every deferred and held message that matches; none when all of them
    // have to be looked at.
    struct Key {
        queue::IndexField field;
        std::string value;

        bool operator==(const Key&) const = default;
    };
    std::vector<Key> keys() const;

private:
    base::Result<void> add(const Term& term, base::WallTime now);
    base::Result<void> add_class(const Term& term);
    base::Result<void> add_age(const Term& term, base::WallTime now);
    bool asks_recipients() const;

    bool empty_ = true;
    std::vector<Pattern> senders_, recipients_, destinations_, reasons_, classes_;
    std::optional<base::WallTime> arrived_before_, arrived_after_;
    std::optional<std::uint64_t> larger_;
    std::vector<queue::Queue> queues_;
};

// Whether an index entry has this key.
bool has_key(const queue::IndexEntry& entry, const Filter::Key& key);

} // namespace search
