// SPDX-License-Identifier: Apache-2.0
// smtp_header_checks and its kin: tables that are asked about header fields and body lines of what
// goes to another host, and what their answers do (header_checks(5)). The message in the queue
// stays as it is.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/config/params/smtp_client.h"
#include "lib/mail/mime_walk.h"
#include "lib/smtp/client_transport.h"
#include "lib/table/maps.h"

namespace delivery {

// What is the same for all messages. Opens tables: build it at start.
struct OutgoingTables {
    OutgoingTables() = default;
    OutgoingTables(table::Tables& tables, const config::SmtpClientParams& params);

    bool wants_body() const { return !mime.empty() || !nested.empty() || !body.empty(); }
    bool empty() const { return header.empty() && !wants_body(); }

    table::Maps header, mime, nested, body;
    std::uint64_t body_size = 0; // Of each body, that is looked at; 0: all of it.
    mail::MimeWalk::Limits limits;
    std::function<void()> refresh; // Called before each message, if there is one.
};

// Content as the tables want it to be. An error of `content` or of a table ends it.
class CheckedContent final : public smtp::ContentSource {
public:
    // All outlive it.
    CheckedContent(smtp::ContentSource& content, const OutgoingTables& tables,
                   std::string_view queue_id);
    CheckedContent(const CheckedContent&) = delete;

    base::Task<base::Result<smtp::ContentChunk>> next() override;

private:
    class Fields final : public mail::HeaderSink {
    public:
        void field(const mail::HeaderField& field) override { raw.emplace_back(field.raw); }
        std::vector<std::string> raw;
    };
    // A field or a line, and the tables that are asked.
    struct Subject {
        const table::Maps& maps;
        std::string text;
        std::string_view line_end; // That `text` does not have.
        bool is_header = false;
    };
    using Done = base::Task<base::Result<void>>;

    Done take(std::string_view bytes, bool last);
    Done end_header(std::string_view body);
    Done take_fields();
    Done take_body(std::string_view bytes);
    Done take_items(std::vector<mail::MimeItem> items);
    Done check(Subject subject);
    void act(const Subject& subject, std::string_view answer);
    void log(const Subject& subject, std::string_view action, std::string_view text) const;
    bool may_stand_for(const Subject& subject, std::string_view action,
                       std::string_view text) const;

    smtp::ContentSource& content_;
    const OutgoingTables& tables_;
    const std::string_view queue_id_;
    mail::HeaderSplitter splitter_;
    mail::MimeWalk walk_;
    Fields fields_;
    bool in_body_ = false;
    std::string out_;
};

} // namespace delivery
