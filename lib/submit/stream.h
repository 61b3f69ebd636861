// SPDX-License-Identifier: Apache-2.0
// The stream of records in which sendmail hands a message to postdrop (README.md). The reader is a
// set-gid program and the writer is whoever started it: nothing in the stream is believed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/mail/envelope.h"

namespace submit {

// A report that the sender asked for: sendmail -v, -bv.
enum class Report : std::uint8_t { None, Delivery, Trial };

// What is said once about a message.
struct Head {
    std::string sender;    // In internal form; "" is the null sender.
    std::string full_name; // For a From field that is missing.
    std::string dsn_envid; // Decoded.
    mail::DsnReturn dsn_return = mail::DsnReturn::Unspecified;
    mail::BodyType body = mail::BodyType::Unspecified;
    bool smtputf8 = false;
    Report report = Report::None;
    bool gateway = false;  // sendmail -G: mail that comes from elsewhere.
    std::string verp = {}; // Two delimiters (lib/mail/verp.h), or empty.

    bool operator==(const Head&) const = default;
};

inline constexpr std::size_t full_name_limit = 1000;
inline constexpr std::size_t envid_limit = 100; // RFC 3461 section 4.4
inline constexpr std::size_t verp_size = 2;
inline constexpr std::size_t content_record_limit = 65536;
// Of a recipient, the address and its original form "type;value" (RFC 3461 section 4.2).
inline constexpr std::size_t orcpt_limit = 500;

// The beginning of the stream.
void append_head(std::string& to, const Head& head);
// `recipient.original` does not travel: it is the address.
void append_recipient(std::string& to, const mail::Recipient& recipient);
// Any size; cut into records.
void append_content(std::string& to, std::string_view bytes);
void append_end(std::string& to, std::uint32_t recipients, std::uint64_t content_bytes);

// Takes what is read. After an error no more comes.
class StreamSink {
public:
    virtual ~StreamSink() = default;
    virtual base::Result<void> head(Head head) = 0;
    virtual base::Result<void> recipient(mail::Recipient recipient) = 0;
    virtual base::Result<void> content(std::string_view bytes) = 0;
};

class StreamParser {
public:
    explicit StreamParser(StreamSink& sink) : sink_(sink) {}

    // The next bytes, in any pieces; holds at most one record of them. A permanent error: this is
    // no such stream. Other errors are the sink's. After an error, feed() must not be called again.
    base::Result<void> feed(std::string_view bytes);

    // The end has come, and agreed with what came before it.
    bool complete() const { return complete_; }

private:
    base::Result<std::size_t> take(std::string_view bytes);
    base::Result<void> record(std::uint8_t type, std::string_view value);
    base::Result<void> head(std::string_view value);
    base::Result<void> recipient(std::string_view value);
    base::Result<void> end(std::string_view value);

    StreamSink& sink_;
    std::string held_; // The beginning of a record whose rest has not come.
    bool begun_ = false;
    bool has_head_ = false;
    bool complete_ = false;
    std::uint32_t recipients_ = 0;
    std::uint64_t content_ = 0;
};

} // namespace submit
