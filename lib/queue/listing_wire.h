// SPDX-License-Identifier: Apache-2.0
// The bytes of a queue listing as they leave the socket public/showq: Postfix's format, which
// monitoring programs read without our commands. Names and values, each ended by a NUL byte; an
// empty name ends a message, and a message without anything in it ends the listing:
//
//   protocol mail_queue_list_protocol <end>
//   queue_name Q queue_id I time T size N forced_expire 0|1 sender S
//       (recipient R reason W [failure_class "C (hard|soft)"])* <end>
//   ...
//   <end>
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/queue/listing.h"

namespace queue {

// A longer name or value is refused by the parser; none that we write is.
inline constexpr std::size_t listing_value_limit = 64 * 1024;

std::string_view listing_begin();
void append_listed(std::string& to, const ListedMessage& message);
std::string_view listing_end();

// Reads a listing piece by piece.
class ListingParser {
public:
    // Where messages go, once they are complete.
    class Sink {
    public:
        virtual ~Sink() = default;
        virtual void take(const ListedMessage& message) = 0;
    };
    explicit ListingParser(Sink& sink) : sink_(sink) {}

    // A permanent error: this is no listing. Attributes that we do not know are passed over.
    base::Result<void> feed(std::string_view bytes);

    // The end has been seen. Without it a listing is not to be trusted.
    bool complete() const { return complete_; }

private:
    base::Result<void> token(std::string_view text);
    base::Result<void> attribute(std::string_view value);
    base::Result<void> end_of_record();

    Sink& sink_;
    std::string partial_; // A token whose end has not come yet.
    std::string name_;    // Of the value that comes next; empty: a name comes next.
    ListedMessage message_;
    unsigned seen_ = 0; // Attributes of the message so far, a bit each.
    bool announced_ = false;
    bool complete_ = false;
};

} // namespace queue
