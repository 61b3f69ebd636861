// SPDX-License-Identifier: Apache-2.0
// What the end of a command says about the delivery; see command.h.
#include <array>
#include <sys/wait.h>
#include <sysexits.h>

#include "lib/base/strings.h"
#include "lib/delivery/command.h"
#include "lib/delivery/outcomes.h"
#include "lib/mail/status_code.h"

namespace delivery {

namespace {

struct ExitMeaning {
    int code;
    std::string_view dsn;
    std::string_view text;
};

constexpr std::array<ExitMeaning, 15> exit_meanings = {{
    {EX_USAGE, "5.3.0", "command line usage error"},
    {EX_DATAERR, "5.6.0", "data format error"},
    {EX_NOINPUT, "5.3.0", "cannot open input"},
    {EX_NOUSER, "5.1.1", "user unknown"},
    {EX_NOHOST, "5.1.2", "host name unknown"},
    {EX_UNAVAILABLE, "5.3.0", "service unavailable"},
    {EX_SOFTWARE, "5.3.0", "internal software error"},
    {EX_OSERR, "4.3.0", "system resource problem"},
    {EX_OSFILE, "5.3.0", "critical OS file missing"},
    {EX_CANTCREAT, "5.2.0", "can't create user output file"},
    {EX_IOERR, "5.3.0", "input/output error"},
    {EX_TEMPFAIL, "4.3.0", "temporary failure"},
    {EX_PROTOCOL, "5.5.0", "remote error in protocol"},
    {EX_NOPERM, "5.7.0", "permission denied"},
    {EX_CONFIG, "5.3.5", "local configuration error"},
}};

const ExitMeaning* meaning_of(int status)
{
    for (const auto& meaning : exit_meanings)
        if (meaning.code == status)
            return &meaning;
    return nullptr;
}

std::string with_output(std::string text, const std::string& output)
{
    if (!output.empty())
        base::append(text, ". Command output: ", output);
    return text;
}

std::string about(std::string_view what, const Command& command, const std::string& output)
{
    return with_output(base::cat(what, ": \"", command.shown(), "\""), output);
}

} // namespace

// What the exit status and the output say together.
static mail::Outcome outcome_of_status(const Command& command, const CommandEnd& end)
{
    if (end.timed_out)
        return outcome_of("5.3.0", about("Command time limit exceeded", command, end.output));
    if (WIFSIGNALED(end.status))
        return outcome_of("4.3.0",
                          about(base::cat("Command died with signal ", WTERMSIG(end.status)),
                                command, end.output));
    const int code = WEXITSTATUS(end.status);
    if (code == EX_OK)
        return outcome_of("2.0.0", end.output);
    const std::size_t length = mail::status_code_length(end.output);
    if (length > 0 && !end.output.starts_with('2'))
        return outcome_of(
            end.output.substr(0, length),
            std::string(base::trim_left(std::string_view(end.output).substr(length))));
    if (const auto* meaning = meaning_of(code); meaning != nullptr)
        return outcome_of(std::string(meaning->dsn),
                          with_output(std::string(meaning->text), end.output));
    return outcome_of("5.3.0",
                      about(base::cat("Command died with status ", code), command, end.output));
}

// What the program said; or what its end stands for when it said nothing.
static std::string said_by(const CommandEnd& end)
{
    const std::string_view all = base::trim(end.output);
    const std::string_view said = base::trim_left(all.substr(mail::status_code_length(all)));
    if (!all.empty())
        return std::string(said.empty() ? all : said);
    const bool cut_off = end.timed_out || WIFSIGNALED(end.status);
    const int code = cut_off ? EX_SOFTWARE : WEXITSTATUS(end.status);
    const auto* meaning = meaning_of(code);
    return meaning != nullptr ? std::string(meaning->text)
                              : base::cat("unknown mail system error ", code);
}

mail::Outcome command_outcome(const Command& command, const CommandEnd& end)
{
    mail::Outcome outcome = outcome_of_status(command, end);
    if (outcome.status == mail::Status::Sent)
        return outcome;
    outcome.reply = said_by(end);
    return outcome;
}

} // namespace delivery
