// SPDX-License-Identifier: Apache-2.0
// Submitting a message; see submission.h.
#include "submit/sendmail/submission.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/verp.h"
#include "lib/submit/postdrop.h"
#include "submit/sendmail/content.h"
#include "submit/sendmail/recipients.h"
#include "submit/sendmail/sender.h"

namespace sendmail {

using service::ExitStatus;
using submit::Handed;

namespace {

constexpr std::size_t read_size = 64 * 1024;

base::Result<std::size_t> read_input(std::string& room)
{
    while (true) {
        const ssize_t got = ::read(STDIN_FILENO, room.data(), room.size());
        if (got >= 0)
            return static_cast<std::size_t>(got);
        if (errno != EINTR)
            return base::system_error("error reading input", errno);
    }
}

std::optional<Handed> fault(ExitStatus status, std::string text)
{
    return Handed{status, std::move(text)};
}

class Submission {
public:
    Submission(const Context& context, submit::Postdrop& postdrop)
        : context_(context), postdrop_(postdrop)
    {
    }

    // Nothing when all is well so far.
    std::optional<Handed> arguments();
    void trial(const std::string& sender);
    std::optional<Handed> message();

private:
    std::optional<Handed> add(const std::string& address);
    bool pass_on(std::string_view wire);
    std::optional<Handed> end_of_message();

    const Context& context_;
    submit::Postdrop& postdrop_;
    HeaderRecipients header_;
    std::uint64_t recipients_ = 0;
    std::vector<std::string> tried_; // Recipients of a trial.
};

std::optional<Handed> Submission::add(const std::string& address)
{
    if (address.size() > mail::address_limit)
        return fault(ExitStatus::Data, "a recipient address is too long");
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    };
    if (std::any_of(address.begin(), address.end(), is_control))
        return fault(ExitStatus::Data, "control character in a recipient address");
    ++recipients_;
    if (context_.options.trial)
        tried_.push_back(address);
    postdrop_.recipient({address, address, {}, context_.options.dsn_notify});
    return std::nullopt;
}

std::optional<Handed> Submission::arguments()
{
    for (const auto& argument : context_.options.recipients) {
        auto addresses = addresses_of(argument);
        if (addresses.empty()) // Nobody is passed over: cleanup knows who gets such mail.
            addresses.emplace_back();
        for (const auto& address : addresses)
            if (auto failed = add(address))
                return failed;
    }
    if (recipients_ == 0 && !context_.options.from_header)
        return fault(ExitStatus::Usage, "Recipient addresses must be specified on the command "
                                        "line or via the -t option");
    return std::nullopt;
}

void Submission::trial(const std::string& sender)
{
    postdrop_.content(trial_content(sender, tried_));
}

bool Submission::pass_on(std::string_view wire)
{
    if (context_.options.from_header)
        header_.feed(wire);
    return postdrop_.content(wire);
}

// Reads all of the input, also when nobody wants it any more: whoever writes it need not know.
std::optional<Handed> Submission::message()
{
    ContentReader reader{{context_.options.dot_ends, context_.params.fix_line_endings()}};
    std::string room(read_size, '\0');
    std::string wire;
    while (!reader.ended()) {
        auto got = read_input(room);
        if (!got)
            return fault(ExitStatus::Data, got.error().text);
        if (*got == 0)
            reader.finish(wire);
        else
            reader.feed(std::string_view(room).substr(0, *got), wire);
        if (!pass_on(wire))
            return std::nullopt; // postdrop tells why.
        wire.clear();
    }
    return end_of_message();
}

std::optional<Handed> Submission::end_of_message()
{
    if (!context_.options.from_header)
        return std::nullopt;
    header_.finish();
    if (header_.too_long())
        return fault(ExitStatus::Data, "a recipient field of the message header is too long");
    for (const auto& address : header_.recipients())
        if (auto failed = add(address))
            return failed;
    if (recipients_ == 0)
        return fault(ExitStatus::Usage, "No recipient addresses found in message header");
    return std::nullopt;
}

// The delimiters of variable envelope return paths; "" when they are not asked for.
std::string verp_delimiters(const Context& context)
{
    const auto& asked = context.options.verp;
    if (!asked)
        return {};
    return asked->empty() ? context.verp.default_delimiters() : *asked;
}

// What is wrong with the wish for them; "" when nothing is.
std::string verp_fault(const Context& context, const submit::Head& head)
{
    const std::string& allowed = context.verp.delimiter_filter();
    if (!context.options.verp)
        return {};
    if (!mail::are_verp_delimiters(head.verp, allowed))
        return base::cat("-V requires two characters from ", allowed);
    return head.sender.empty() ? "-V option requires non-null sender address" : "";
}

submit::Head make_head(const Context& context, const Caller& caller, std::string sender)
{
    const Options& options = context.options;
    submit::Head head;
    head.sender = std::move(sender);
    head.full_name = sender_name(options, caller);
    head.dsn_envid = options.dsn_envid;
    head.dsn_return = options.dsn_return;
    head.body = options.body;
    head.report = options.report();
    head.gateway = options.gateway;
    head.verp = verp_delimiters(context);
    return head;
}

Handed hand_over(const Context& context, const submit::Head& head)
{
    auto postdrop = submit::Postdrop::start(context.command.common().command_directory());
    if (!postdrop)
        return {ExitStatus::TempFail, postdrop.error().text};
    if (!postdrop->begin(head))
        return postdrop->finish();
    Submission submission{context, *postdrop};
    if (auto failed = submission.arguments())
        return *failed;
    if (context.options.trial)
        submission.trial(head.sender);
    else if (auto failed = submission.message())
        return *failed;
    return postdrop->finish();
}

} // namespace

int submit_message(const Context& context)
{
    std::signal(SIGPIPE, SIG_IGN);
    auto caller = find_caller();
    if (!caller)
        return context.command.fail(ExitStatus::OsError, caller.error().text);
    const auto& options = context.options;
    const auto head = make_head(context, *caller, sender_address(options, *caller));
    if (head.sender.size() > mail::address_limit)
        return context.command.fail(ExitStatus::Data, "the sender address is too long");
    if (const auto fault = verp_fault(context, head); !fault.empty())
        return context.command.fail(ExitStatus::Usage, fault);
    const Handed handed = hand_over(context, head);
    if (!handed.ok()) {
        const bool names_user = handed.text.starts_with("User "); // He may not submit mail.
        const auto who = base::cat(head.sender, "(", ::getuid(), "): ");
        return context.command.fail(handed.status, base::cat(names_user ? "" : who, handed.text));
    }
    if (head.report != submit::Report::None)
        (void)base::write_all(STDOUT_FILENO,
                              base::cat("Mail Delivery Status Report will be mailed to <",
                                        base::printable(head.sender, true), ">.\n"));
    return static_cast<int>(ExitStatus::Ok);
}

} // namespace sendmail
