// SPDX-License-Identifier: Apache-2.0
// header_checks(5): tables that are asked about header fields and lines of the body, and what
// their answers do. Everything here is about one message; the tables are the process's.
#pragma once

#include <string>
#include <string_view>

#include "cleanup/envelope_builder.h"
#include "cleanup/failure.h"
#include "lib/config/params/cleanup.h"
#include "lib/table/maps.h"

namespace cleanup {

// What is the same for all messages. Opens tables: build it at start.
class CheckTables {
public:
    CheckTables() = default;
    CheckTables(table::Tables& tables, const config::CleanupParams& params);

    bool wants_header() const { return !header_.empty() || !mime_.empty(); }
    bool wants_body_lines() const { return !body_.empty(); }
    // Whether the structure of the body has to be known.
    bool wants_body() const { return !body_.empty() || !mime_.empty() || !nested_.empty(); }

private:
    friend class ContentChecks;
    table::Maps header_, mime_, nested_, body_;
    std::uint64_t body_size_ = 0; // 0: all of it.
};

// What checks may do to a message besides its envelope.
struct Disposition {
    Failure failure;
    bool discard = false;
    bool hold = false;
};

// "ACTION: CONTEXT CONTENT from CLIENT; from=<...> to=<...> proto=P helo=<...>: TEXT".
void log_action(const base::Log& log, const EnvelopeBuilder& envelope, std::string_view action,
                std::string_view content, std::string_view text);

class ContentChecks {
public:
    // All outlive it.
    ContentChecks(const CheckTables& tables, EnvelopeBuilder& envelope, Disposition& disposition,
                  const base::Log& log)
        : tables_(tables), envelope_(envelope), disposition_(disposition), log_(log)
    {
    }
    ContentChecks(const ContentChecks&) = delete;

    // Which message's header a field stands in.
    enum class Place : unsigned char { Message, Part, Nested };

    // What takes the place of a field or line.
    struct Result {
        std::string before; // Put in front, whole lines in wire form.
        std::string text;   // As given, or its replacement.
        bool kept = true;
    };
    // `raw` is a whole field in wire form.
    base::Task<Result> field(Place place, std::string raw);
    // A line of a body without its end, `offset` bytes behind the beginning of that body.
    base::Task<Result> line(std::string text, std::uint64_t offset);

    // An action has said that nothing more is to be looked at.
    bool done() const { return done_; }

private:
    struct Subject {
        const table::Maps& maps;
        bool header = false;
        std::string shown; // As tables and log see it.
    };
    struct Action {
        std::string_view name;
        base::Task<void> (ContentChecks::*act)(const Subject& subject, std::string argument,
                                               Result& result);
    };
    static const Action actions[];

    base::Task<void> check(const Subject& subject, Result& result);
    void log(const Subject& subject, std::string_view action, std::string_view text) const;
    bool is_line_for(const Subject& subject, std::string_view action, std::string_view line) const;

    using Step = base::Task<void>;
    Step reject(const Subject& subject, std::string argument, Result& result);
    Step warning(const Subject& subject, std::string argument, Result& result);
    Step info(const Subject& subject, std::string argument, Result& result);
    Step filter(const Subject& subject, std::string argument, Result& result);
    Step pass(const Subject& subject, std::string argument, Result& result);
    Step discard(const Subject& subject, std::string argument, Result& result);
    Step hold(const Subject& subject, std::string argument, Result& result);
    Step prepend(const Subject& subject, std::string argument, Result& result);
    Step replace(const Subject& subject, std::string argument, Result& result);
    Step redirect(const Subject& subject, std::string argument, Result& result);
    Step bcc(const Subject& subject, std::string argument, Result& result);
    Step strip(const Subject& subject, std::string argument, Result& result);
    Step ignore(const Subject& subject, std::string argument, Result& result);
    Step dunno(const Subject& subject, std::string argument, Result& result);

    const CheckTables& tables_;
    EnvelopeBuilder& envelope_;
    Disposition& disposition_;
    const base::Log& log_;
    bool done_ = false;
};

} // namespace cleanup
