// SPDX-License-Identifier: Apache-2.0
// From parameters to settings; see settings.h.
#include "smtpd/settings.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace smtpd {

static smtp::BareNewline bare_newline(config::BareNewlineRule rule)
{
    switch (rule) {
    case config::BareNewlineRule::No: return smtp::BareNewline::No;
    case config::BareNewlineRule::Normalize: return smtp::BareNewline::Normalize;
    case config::BareNewlineRule::Reject: return smtp::BareNewline::Reject;
    case config::BareNewlineRule::Note: return smtp::BareNewline::Note;
    }
    return smtp::BareNewline::Normalize;
}

smtp::ServerSettings session_settings(const config::SmtpdParams& params,
                                      const config::CommonParams& common,
                                      const config::VerpParams& verp)
{
    auto number = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
    smtp::ServerSettings out;
    out.hostname = common.myhostname();
    out.banner = params.banner();
    out.line_length_limit = static_cast<std::size_t>(params.line_length_limit());
    out.message_size_limit = params.message_size_limit();
    out.recipient_limit = number(params.recipient_limit());
    out.overshoot_limit = number(params.recipient_overshoot_limit());
    out.soft_error_limit = number(params.soft_error_limit());
    out.hard_error_limit = number(params.hard_error_limit());
    out.junk_command_limit = number(params.junk_command_limit());
    out.error_sleep_time = params.error_sleep_time();
    out.helo_required = params.helo_required();
    out.delay_reject = params.delay_reject();
    out.vrfy_disabled = params.disable_vrfy_command();
    out.strict_envelopes = params.strict_rfc821_envelopes();
    out.allow_dash = params.allow_min_user();
    out.smtputf8 = params.smtputf8_enable();
    out.soft_bounce = params.soft_bounce();
    out.strict_smtputf8 = params.strict_smtputf8();
    out.forbid_unauth_pipelining = params.forbid_unauth_pipelining();
    out.bare_newline = bare_newline(params.forbid_bare_newline());
    out.bare_newline_reject_code =
        static_cast<std::uint16_t>(params.forbid_bare_newline_reject_code());
    out.replace_stray_cr = params.replace_stray_cr_lf();
    out.verp_delimiters = verp.default_delimiters();
    out.verp_filter = verp.delimiter_filter();
    return out;
}

DriverSettings driver_settings(const config::SmtpdParams& params)
{
    DriverSettings out;
    out.timeout = params.timeout();
    out.per_request_deadline = params.per_request_deadline();
    out.min_data_rate = params.min_data_rate();
    return out;
}

// Keywords of extensions that this release does not offer anyway.
static bool is_never_offered(std::string_view keyword)
{
    static constexpr std::string_view words[] = {"starttls", "auth", "xclient",   "xforward",
                                                 "etrn",     "burl", "requiretls"};
    for (std::string_view word : words)
        if (base::iequals(word, keyword))
            return true;
    return false;
}

std::uint32_t discard_bits(const std::vector<std::string>& keywords)
{
    std::uint32_t bits = 0;
    for (const auto& keyword : keywords) {
        std::uint32_t bit = smtp::extension_bit(keyword);
        if (bit == 0 && !is_never_offered(keyword))
            base::Log{}.warning("unknown EHLO keyword: ", keyword);
        bits |= bit;
    }
    return bits;
}

} // namespace smtpd
