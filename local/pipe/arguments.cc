// SPDX-License-Identifier: Apache-2.0
// Macros in commands; see arguments.h.
#include "local/pipe/arguments.h"

#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/table/address_keys.h"

namespace pipe_mail {

using base::Result;

namespace {

std::string styled(const std::string& address, const AddressStyle& style)
{
    std::string shown = style.quote ? mail::quote_address(address) : address;
    const auto at = shown.rfind('@');
    const std::string_view view = shown;
    const std::string local(view.substr(0, at));
    const std::string domain(at == std::string::npos ? std::string_view{} : view.substr(at));
    return base::cat(style.fold_local ? base::lower(local) : local,
                     style.fold_domain ? base::lower(domain) : domain);
}

std::string sender(const Values& values, const mail::Recipient&)
{
    const auto& from = values.request.envelope.sender;
    const std::string& shown = from.empty() ? values.style.null_sender : from;
    return values.style.quote && !shown.empty() ? mail::quote_address(shown) : shown;
}

std::string recipient_address(const Values& values, const mail::Recipient& recipient)
{
    return styled(recipient.address, values.style);
}

std::string original_recipient(const Values& values, const mail::Recipient& recipient)
{
    return styled(recipient.original, values.style);
}

std::string mailbox(const Values& values, const mail::Recipient& recipient)
{
    const auto local = mail::local_part(recipient.address);
    return values.style.fold_local ? base::lower(local) : std::string(local);
}

std::size_t user_length(const Values& values, std::string_view local)
{
    table::AddressRules rules;
    rules.delimiters = values.style.delimiters;
    return table::user_length(local, rules);
}

std::string user(const Values& values, const mail::Recipient& recipient)
{
    const std::string local = mailbox(values, recipient);
    return local.substr(0, user_length(values, local));
}

std::string extension(const Values& values, const mail::Recipient& recipient)
{
    const std::string local = mailbox(values, recipient);
    const std::size_t length = user_length(values, local);
    return length < local.size() ? local.substr(length + 1) : std::string();
}

std::string domain(const Values& values, const mail::Recipient& recipient)
{
    const auto text = mail::domain(recipient.address);
    return values.style.fold_domain ? base::lower(text) : std::string(text);
}

std::string next_hop(const Values& values, const mail::Recipient&)
{
    const auto& hop = values.request.next_hop;
    return values.style.fold_domain ? base::lower(hop) : hop;
}

std::string size(const Values& values, const mail::Recipient&)
{
    return base::cat(values.request.content.size);
}

std::string queue_id(const Values& values, const mail::Recipient&)
{
    return values.request.queue_id;
}

std::string envelope_id(const Values& values, const mail::Recipient&)
{
    return values.request.envelope.dsn_envid;
}

std::string client_address(const Values& values, const mail::Recipient&)
{
    return values.request.envelope.client.address;
}

std::string client_helo(const Values& values, const mail::Recipient&)
{
    return values.request.envelope.client.helo;
}

std::string client_hostname(const Values& values, const mail::Recipient&)
{
    return values.request.envelope.client.name;
}

std::string client_port(const Values& values, const mail::Recipient&)
{
    return base::cat(values.request.envelope.client.port);
}

std::string client_protocol(const Values& values, const mail::Recipient&)
{
    return values.request.envelope.client.protocol;
}

// No client logs in to this release.
std::string nothing(const Values&, const mail::Recipient&)
{
    return {};
}

bool is_name_character(char c)
{
    return base::is_alnum(c) || c == '_';
}

} // namespace

struct Argument::Macro {
    std::string_view name;
    Value value;
    bool per_recipient;
};

const Argument::Macro* Argument::find(std::string_view name)
{
    static constexpr Macro macros[] = {
        {"client_address", client_address, false},
        {"client_helo", client_helo, false},
        {"client_hostname", client_hostname, false},
        {"client_port", client_port, false},
        {"client_protocol", client_protocol, false},
        {"domain", domain, true},
        {"envid", envelope_id, false},
        {"extension", extension, true},
        {"mailbox", mailbox, true},
        {"nexthop", next_hop, false},
        {"original_recipient", original_recipient, true},
        {"queue_id", queue_id, false},
        {"recipient", recipient_address, true},
        {"sasl_method", nothing, false},
        {"sasl_sender", nothing, false},
        {"sasl_username", nothing, false},
        {"sender", sender, false},
        {"size", size, false},
        {"user", user, true},
    };
    for (const auto& macro : macros)
        if (macro.name == name)
            return &macro;
    return nullptr;
}

void Argument::add_text(std::string_view text)
{
    if (text.empty())
        return;
    if (parts_.empty() || parts_.back().value != nullptr)
        parts_.push_back({});
    parts_.back().text += text;
}

// The name of the macro at the beginning of `rest`, which stands behind a '$'; cut off there.
// Empty: it is not complete.
static std::string_view take_name(std::string_view& rest)
{
    const char open = rest.empty() ? '\0' : rest.front();
    if (open == '{' || open == '(') {
        const auto close = rest.find(open == '{' ? '}' : ')');
        const auto name =
            close == std::string_view::npos ? rest.substr(0, 0) : rest.substr(1, close - 1);
        rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 1);
        return name;
    }
    std::size_t length = 0;
    while (length < rest.size() && is_name_character(rest[length]))
        ++length;
    const auto name = rest.substr(0, length);
    rest.remove_prefix(length);
    return name;
}

Result<Argument> Argument::parse(std::string_view text)
{
    Argument argument;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto dollar = std::min(rest.find('$'), rest.size());
        argument.add_text(rest.substr(0, dollar));
        if (dollar == rest.size())
            break;
        rest.remove_prefix(dollar + 1);
        if (rest.starts_with('$')) {
            argument.add_text("$");
            rest.remove_prefix(1);
            continue;
        }
        const auto name = take_name(rest);
        if (name.empty())
            return base::permanent(base::cat("truncated macro reference: \"", text, "\""));
        const Macro* macro = find(name);
        if (macro == nullptr)
            return base::permanent(base::cat("unknown macro name: \"", name, "\""));
        argument.parts_.push_back({{}, macro->value});
        argument.per_recipient_ = argument.per_recipient_ || macro->per_recipient;
    }
    return argument;
}

std::string Argument::expand(const Values& values, const mail::Recipient& recipient) const
{
    std::string word;
    for (const auto& part : parts_)
        word += part.value == nullptr ? part.text : part.value(values, recipient);
    // No word of a command can hold one.
    std::erase(word, '\0');
    return word;
}

} // namespace pipe_mail
