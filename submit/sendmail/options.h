// SPDX-License-Identifier: Apache-2.0
// The command line of sendmail, in all its age: what the options of Sendmail and Postfix mean here,
// and which of them mean nothing any more.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/mail/envelope.h"
#include "lib/submit/stream.h"

namespace sendmail {

enum class Mode : std::uint8_t {
    Submit,    // -bm: a message on standard input.
    ShowQueue, // -bp, mailq
    Aliases,   // -bi, -I, newaliases
    Dialogue,  // -bs, smtpd: SMTP on standard input and output.
    Daemon,    // -bd, -bl
    Flush,     // -q
    FlushSite, // -qRsite
    FlushOne,  // -qIid
    DoNothing, // -bh, -bH, -qinterval
};

struct Options {
    Mode mode = Mode::Submit;
    std::string config_directory;      // -C
    std::optional<std::string> sender; // -f, -r, as written.
    std::optional<std::string> full_name;
    bool dot_ends = true;     // Off with -i, -oi.
    bool from_header = false; // -t
    bool gateway = false;     // -G
    bool trial = false;       // -bv
    unsigned verbose = 0;     // -v
    bool interval = false;    // -qINTERVAL
    std::string flush_site;   // -qR
    std::string flush_id;     // -qI
    std::string alias_source; // -oA
    mail::BodyType body = mail::BodyType::Unspecified;
    std::uint8_t dsn_notify = 0;
    mail::DsnReturn dsn_return = mail::DsnReturn::Unspecified;
    std::string dsn_envid;
    std::optional<std::string> verp; // -XV: delimiters; "" for those of the configuration.
    std::vector<std::string> recipients;
    std::vector<std::string> warnings; // Values that are passed over.

    submit::Report report() const;
};

// The name by which the caller knows the program: the last part of argv[0].
std::string program_name(int argc, char** argv);

// `argv[0]` decides the mode where no option does. Errors are about usage; their text is for the
// caller.
base::Result<Options> parse_options(int argc, char** argv);

} // namespace sendmail
