// SPDX-License-Identifier: Apache-2.0
// The command line of sendmail; see options.h.
#include "submit/sendmail/options.h"

#include <algorithm>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace sendmail {

using base::permanent;
using base::Result;

namespace {

// Of these, A, h, L, m, O, p and U are passed over; c, e and x too.
constexpr const char* letters = "+A:B:C:F:GIL:N:O:R:UV:X:b:ce:f:h:imno:p:r:q:tvx";

struct NotifyWord {
    std::string_view word;
    std::uint8_t bit;
};
constexpr NotifyWord notify_words[] = {{"never", mail::notify::never},
                                       {"success", mail::notify::success},
                                       {"failure", mail::notify::failure},
                                       {"delay", mail::notify::delay}};

struct ModeWord {
    char letter;
    Mode mode;
};
constexpr ModeWord mode_words[] = {
    {'d', Mode::Daemon},  {'l', Mode::Daemon}, {'h', Mode::DoNothing}, {'H', Mode::DoNothing},
    {'i', Mode::Aliases}, {'m', Mode::Submit}, {'p', Mode::ShowQueue}, {'s', Mode::Dialogue},
};

Mode mode_of_name(std::string_view name)
{
    if (name == "mailq")
        return Mode::ShowQueue;
    if (name == "newaliases")
        return Mode::Aliases;
    return name == "smtpd" ? Mode::Dialogue : Mode::Submit;
}

void warn(Options& options, std::string text)
{
    options.warnings.push_back(std::move(text));
}

Result<void> take_mode(Options& options, std::string_view value)
{
    if (value.starts_with('v')) {
        options.trial = true;
        return {};
    }
    for (const auto& [letter, mode] : mode_words)
        if (value.starts_with(letter)) {
            options.mode = mode;
            return {};
        }
    return permanent(base::cat("unsupported: -b", value.substr(0, 1)));
}

Result<void> take_queue(Options& options, std::string_view value)
{
    const char kind = value.empty() ? '\0' : value.front();
    if (base::is_digit(kind)) {
        options.interval = true;
        return {};
    }
    if (kind != 'R' && kind != 'I')
        return permanent(base::cat("-q", value.substr(0, 1), " is not implemented"));
    std::string& what = kind == 'R' ? options.flush_site : options.flush_id;
    what = value.substr(1);
    if (what.empty())
        return permanent(kind == 'R' ? "specify: -qRsitename" : "specify: -qIqueueid");
    return {};
}

void take_notify(Options& options, std::string_view value)
{
    std::uint8_t bits = 0;
    for (const auto word : base::split(value, ", \t")) {
        const auto* found =
            std::find_if(std::begin(notify_words), std::end(notify_words),
                         [&](const auto& known) { return base::iequals(known.word, word); });
        if (found == std::end(notify_words)) {
            warn(options,
                 base::cat("unknown DSN NOTIFY command value \"", word, "\" in \"", value, "\""));
            return warn(options, "bad -N option value -- ignored");
        }
        bits |= found->bit;
    }
    if (bits == 0 || ((bits & mail::notify::never) != 0 && bits != mail::notify::never))
        return warn(options, "bad -N option value -- ignored");
    options.dsn_notify = bits;
}

void take_return(Options& options, std::string_view value)
{
    if (base::iequals(value, "full"))
        options.dsn_return = mail::DsnReturn::Full;
    else if (base::iequals(value, "hdrs"))
        options.dsn_return = mail::DsnReturn::Headers;
    else
        warn(options, "bad -R option value -- ignored");
}

void take_envid(Options& options, std::string_view value)
{
    if (value.size() > submit::envid_limit)
        warn(options, "too long -V option value -- ignored");
    else if (value.empty() || !std::all_of(value.begin(), value.end(), base::is_print))
        warn(options, "bad syntax in -V option value -- ignored");
    else
        options.dsn_envid = value;
}

Result<void> take_body(Options& options, std::string_view value)
{
    if (base::iequals(value, "8BITMIME"))
        options.body = mail::BodyType::EightBitMime;
    else if (base::iequals(value, "7BIT"))
        options.body = mail::BodyType::SevenBit;
    else
        return permanent("-B option needs 8BITMIME or 7BIT");
    return {};
}

// -oX and "-o X": most of them are gone.
Result<void> take_old(Options& options, std::string_view value)
{
    if (value == "i")
        options.dot_ends = false;
    if (!value.starts_with('A'))
        return {};
    options.alias_source = value.substr(1);
    if (options.alias_source.empty())
        return permanent("-oA requires pathname");
    return {};
}

// Sendmail's log of all that is said, which there is not; but -XVxy asks for something else.
Result<void> take_verp(Options& options, std::string_view value)
{
    if (!value.starts_with('V'))
        return permanent(base::cat("unsupported: -X", value.substr(0, 1)));
    options.verp = value.substr(1);
    return {};
}

// -C names main.cf or the directory that it lies in.
std::string config_directory(std::string_view value)
{
    return std::string(base::base_name(value) == "main.cf" ? base::directory_of(value) : value);
}

Result<void> take(Options& options, int letter, std::string_view value)
{
    switch (letter) {
    case 'B': return take_body(options, value);
    case 'C': options.config_directory = config_directory(value); break;
    case 'F': options.full_name = std::string(value); break;
    case 'G': options.gateway = true; break;
    case 'I': options.mode = Mode::Aliases; break;
    case 'N': take_notify(options, value); break;
    case 'R': take_return(options, value); break;
    case 'V': take_envid(options, value); break;
    case 'X': return take_verp(options, value);
    case 'b': return take_mode(options, value);
    case 'f':
    case 'r': options.sender = std::string(value); break;
    case 'i': options.dot_ends = false; break;
    case 'n': return permanent("-n option not supported");
    case 'o': return take_old(options, value);
    case 'q': return take_queue(options, value);
    case 't': options.from_header = true; break;
    case 'v': ++options.verbose; break;
    }
    return {};
}

// What goes with sending only.
Result<void> check_delivery(const Options& options)
{
    if (options.from_header && options.mode != Mode::Submit)
        return permanent("-t can be used only in delivery mode");
    if (!options.flush_site.empty() && options.mode != Mode::Submit)
        return permanent("-qR can be used only in delivery mode");
    if (!options.flush_id.empty() && options.mode != Mode::Submit)
        return permanent("-qI can be used only in delivery mode");
    if (options.trial && options.from_header)
        return permanent("-t option cannot be used with -bv");
    if (options.trial && options.dsn_notify != 0)
        return permanent("-N option cannot be used with -bv");
    if (options.trial && options.verbose == 1)
        return permanent("-v option cannot be used with -bv");
    return {};
}

// What -q asks for counts where no option asked for something else. An interval is what a daemon
// has anyway; without one there is nobody whom it could tell.
void settle_mode(Options& options)
{
    if (options.interval && options.mode != Mode::Daemon)
        options.mode = Mode::DoNothing;
    else if (!options.flush_site.empty())
        options.mode = Mode::FlushSite;
    else if (!options.flush_id.empty())
        options.mode = Mode::FlushOne;
}

Result<void> check_recipients(const Options& options)
{
    if (options.recipients.empty())
        return {};
    switch (options.mode) {
    case Mode::ShowQueue: return permanent("display queue mode requires no recipient");
    case Mode::Aliases: return permanent("alias initialization mode requires no recipient");
    case Mode::Dialogue: return permanent("stand-alone mode requires no recipient");
    case Mode::Daemon: return permanent("daemon mode requires no recipient");
    case Mode::Flush: return permanent("flush queue mode requires no recipient");
    case Mode::FlushSite: return permanent("flush site requires no recipient");
    case Mode::FlushOne: return permanent("flush queue_id requires no recipient");
    case Mode::Submit:
    case Mode::DoNothing: break;
    }
    return {};
}

// Words that getopt would misread: some stand alone where it would take the next one as their
// value; and before ENVID came, -V asked for what -XV does, and still does with two characters.
bool take_word(Options& options, std::string_view word, const char* next)
{
    const bool old_bare = word == "-V" && next != nullptr && std::string_view(next).size() == 2;
    const bool old_with_value = word.size() == 4 && word.starts_with("-V");
    if (old_bare || old_with_value)
        warn(options, base::cat("option ", word, " is deprecated with Postfix 2.3; specify -X",
                                word.substr(1), " instead"));
    if (word == "-XV" || old_bare || old_with_value)
        options.verp = old_with_value ? word.substr(2) : "";
    else if (word == "-q" && options.mode != Mode::Daemon)
        options.mode = Mode::Flush;
    else
        return word == "-q";
    return true;
}

} // namespace

std::string program_name(int argc, char** argv)
{
    const std::string_view name = argc > 0 ? base::base_name(argv[0]) : std::string_view{};
    return std::string(name.empty() ? "sendmail" : name);
}

submit::Report Options::report() const
{
    if (trial)
        return submit::Report::Trial;
    return verbose == 1 ? submit::Report::Delivery : submit::Report::None;
}

Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    options.mode = mode_of_name(program_name(argc, argv));
    opterr = 0; // The usage line says enough.
    optind = 0;
    char* nothing[] = {nullptr, nullptr};
    static_cast<void>(::getopt(1, nothing, letters)); // Forgets an earlier command line.
    while (optind < argc) {
        if (take_word(options, argv[optind], argv[optind + 1])) {
            ++optind;
            continue;
        }
        const int letter = ::getopt(argc, argv, letters);
        if (letter == -1)
            break;
        const std::string_view value = optarg == nullptr ? "" : optarg;
        if (letter == '?')
            return permanent(base::cat("usage: ", program_name(argc, argv), " [options]"));
        if (auto taken = take(options, letter, value); !taken)
            return taken.error();
    }
    for (int i = optind; i < argc; ++i)
        options.recipients.emplace_back(argv[i]);
    if (auto checked = check_delivery(options); !checked)
        return checked.error();
    settle_mode(options);
    if (auto checked = check_recipients(options); !checked)
        return checked.error();
    return options;
}

} // namespace sendmail
