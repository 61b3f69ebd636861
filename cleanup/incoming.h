// SPDX-License-Identifier: Apache-2.0
// The message under way: content comes in pieces and goes through header rules into the queue file,
// the body as it is. Errors are kept until the end, as in SMTP, where the client hears of them only
// after it has sent everything.
#pragma once

#include <string>

#include "cleanup/characters.h"
#include "cleanup/content_checks.h"
#include "cleanup/envelope_builder.h"
#include "cleanup/header_rules.h"
#include "lib/config/params/common.h"
#include "lib/mail/mime_walk.h"
#include "lib/queue/writer.h"

namespace cleanup {

// What is the same for all messages of the process.
struct Settings {
    const config::CleanupParams& params;
    const config::CommonParams& common;
    const Addressing& addressing;
    bool remote_rewrite = false; // remote_header_rewrite_domain is set.
    Characters reject = {};
    Characters strip = {};
    CheckTables checks = {};
    std::string verp_filter = {}; // verp_delimiter_filter
};

// Fields that wait to be looked at.
class HeaderFields final : public mail::HeaderSink {
public:
    // Without blanks before the colon, which would hide a name from tables.
    void field(const mail::HeaderField& field) override;
    std::vector<std::string> take() { return std::exchange(fields_, {}); }

private:
    std::vector<std::string> fields_;
};

class Incoming {
public:
    // `settings` outlives it. `options` are those of ipc::cleanup::Open.
    Incoming(const Settings& settings, queue::MessageWriter writer, std::uint32_t options);
    Incoming(const Incoming&) = delete;

    base::Task<void> begin(mail::Envelope envelope);
    // A permanent error: no such action.
    base::Task<base::Result<void>> action(std::string key, std::string value);
    EnvelopeBuilder& envelope() { return envelope_; }

    base::Task<void> content(std::string_view bytes);
    // The header is over and its failures are known: content may go to body() at once.
    bool in_body() const { return header_ended_ && !filters_; }
    void body(std::string_view bytes) { append(bytes); }

    // No more content. Then failure() tells, or the rest is written and the file has its name.
    base::Task<void> end();
    const Failure& failure() const;
    base::Result<queue::UncommittedMessage> finish();

    bool discarded() const { return disposition_.discard; }
    bool held() const { return disposition_.hold; }
    const mail::QueueId& id() const { return writer_.id(); }
    const base::Log& log() const { return log_; }

private:
    bool has(std::uint32_t option) const { return (options_ & option) != 0; }
    mail::HeaderSink& header_sink();
    bool rewrites_header() const { return local_ || settings_.remote_rewrite; }
    void keep(std::string_view attribute);
    void start();
    std::string trace_fields() const;
    std::string missing_fields();
    std::string missing_from(std::string_view prefix) const;
    base::Task<void> first_content(std::string_view bytes);
    base::Task<void> header(std::string_view bytes);
    void take_verp(std::string delimiters);
    base::Task<void> check_fields();
    base::Task<void> write_kept();
    base::Task<void> end_header();
    base::Task<void> check_body(std::string_view bytes);
    base::Task<void> check_items(std::vector<mail::MimeItem> items);
    bool acceptable(std::string_view bytes);
    void append(std::string_view bytes);

    const Settings& settings_;
    queue::MessageWriter writer_;
    base::Log log_;
    std::uint32_t options_;
    bool local_;
    bool filters_;       // Content is looked at, not only passed on.
    bool checks_header_; // By tables.
    bool checks_body_;
    EnvelopeBuilder envelope_;
    HeaderRules rules_;
    mail::HeaderSplitter splitter_;
    Disposition disposition_;
    Failure& failure_ = disposition_.failure;
    ContentChecks checks_{settings_.checks, envelope_, disposition_, log_};
    HeaderFields fields_;
    mail::MimeWalk walk_;

    std::string prepend_; // Header lines to put in front.
    std::string login_;   // For the Received field.
    std::string uid_;     // Of the user who submits.
    std::string full_name_;
    bool authenticated_ = false;
    bool encrypted_ = false;
    bool started_ = false;      // Trace fields are written.
    bool header_ended_ = false; // What follows is body.
    bool utf8_header_ = false;  // A field that came is not ASCII.
    bool line_ended_ = true;    // The last byte of the header so far is the end of a line.
};

} // namespace cleanup
