// SPDX-License-Identifier: Apache-2.0
// The envelope; see envelope_builder.h.
#include "cleanup/envelope_builder.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace cleanup {

using base::Task;

void EnvelopeBuilder::fail(const base::Error& error)
{
    log_.warning(error.text);
    failure_.set(Addressing::is_unreasonable(error) ? failure::alias_error : failure::write_error);
}

void EnvelopeBuilder::attribute(std::string_view name, std::string value)
{
    auto& all = message_.attributes;
    auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    if (found == all.end())
        all.push_back({std::string(name), std::move(value)});
    else
        found->value = std::move(value);
}

void EnvelopeBuilder::add_attribute(std::string_view name, std::string value)
{
    if (added_++ < added_limit)
        message_.attributes.push_back({std::string(name), std::move(value)});
}

Task<void> EnvelopeBuilder::begin(mail::Envelope envelope)
{
    message_.envelope = std::move(envelope);
    std::string& sender = message_.envelope.sender;
    if (sender.empty())
        co_return;
    if (addressing_.is_mail_system(sender)) { // Nobody who could read a notice.
        sender.clear();
        co_return;
    }
    const Addressing::Rules how{.map = rules_.map};
    auto rewritten = co_await addressing_.rewrite(sender, Role::EnvelopeSender, how);
    if (!rewritten)
        co_return fail(rewritten.error());
    sender = std::move(*rewritten);
    if (!rules_.bcc)
        co_return;
    auto copy = co_await addressing_.sender_bcc(sender);
    if (!copy)
        co_return fail(copy.error());
    co_await copy_to(std::move(*copy));
}

Task<void> EnvelopeBuilder::recipient(mail::Recipient recipient)
{
    if (given_++ == 0)
        first_given_ = recipient.original;
    if (failure_)
        co_return;
    if (recipient.address.empty())
        recipient.address = addressing_.empty_recipient();
    const Addressing::Rules how{.map = rules_.map};
    auto rewritten =
        co_await addressing_.rewrite(std::move(recipient.address), Role::EnvelopeRecipient, how);
    if (!rewritten)
        co_return fail(rewritten.error());
    recipient.address = *rewritten;
    // Whoever submits on this host may write an address that nobody else knows: others are told
    // what was made of it.
    const bool local = message_.envelope.client.protocol.empty();
    if (local && recipient.dsn_orcpt.empty() && base::is_ascii(recipient.address))
        recipient.dsn_orcpt = base::cat("rfc822;", mail::quote_address(recipient.address));
    co_await place(std::move(recipient));
    if (!rules_.bcc)
        co_return;
    auto copy = co_await addressing_.recipient_bcc(std::move(*rewritten));
    if (!copy)
        co_return fail(copy.error());
    co_await copy_to(std::move(*copy));
}

bool EnvelopeBuilder::has_utf8() const
{
    const auto& all = message_.recipients;
    return !base::is_ascii(message_.envelope.sender) ||
           std::any_of(all.begin(), all.end(), [](const mail::Recipient& recipient) {
               return !base::is_ascii(recipient.address);
           });
}

Task<void> EnvelopeBuilder::bcc(std::string address)
{
    if (rules_.bcc)
        co_await copy_to(std::move(address));
}

Task<void> EnvelopeBuilder::copy_to(std::optional<std::string> address)
{
    if (!address || address->empty() || failure_)
        co_return;
    const Addressing::Rules how{.map = rules_.map};
    auto rewritten = co_await addressing_.rewrite(*address, Role::EnvelopeRecipient, how);
    if (!rewritten)
        co_return fail(rewritten.error());
    mail::Recipient copy{std::move(*rewritten), std::move(*address), {}, mail::notify::never};
    co_await place(std::move(copy));
}

Task<void> EnvelopeBuilder::redirect(std::string address)
{
    const Addressing::Rules how{.map = false};
    auto rewritten = co_await addressing_.rewrite(std::move(address), Role::EnvelopeRecipient, how);
    if (!rewritten)
        co_return fail(rewritten.error());
    redirect_ = std::move(*rewritten);
}

// Expands aliases. A success notice that was asked for tells of the expansion, not of its results
// (RFC 3461 section 5.2.7.2); where there are too many of these, of the first result alone.
Task<void> EnvelopeBuilder::place(mail::Recipient recipient)
{
    if (!rules_.map || !addressing_.has_aliases())
        co_return add(std::move(recipient));
    auto all = co_await addressing_.expand(recipient.address);
    if (!all)
        co_return fail(all.error());
    const bool replaced = all->size() != 1 || all->front() != recipient.address;
    if (replaced && (recipient.dsn_notify & mail::notify::success) != 0 && note_expanded(recipient))
        drop_success(recipient);
    for (auto& address : *all) {
        recipient.address = std::move(address);
        add(recipient);
        drop_success(recipient);
    }
}

void EnvelopeBuilder::drop_success(mail::Recipient& recipient)
{
    const auto rest = static_cast<std::uint8_t>(recipient.dsn_notify & ~mail::notify::success);
    if ((recipient.dsn_notify & mail::notify::success) != 0)
        recipient.dsn_notify = rest == 0 ? mail::notify::never : rest;
}

// Has the sender told that the address was expanded. False when there are too many of these.
bool EnvelopeBuilder::note_expanded(const mail::Recipient& recipient)
{
    if (expanded_ >= expanded_limit)
        return false;
    ++expanded_;
    std::string value =
        base::cat(recipient.address, "\n", recipient.original, "\n", recipient.dsn_orcpt);
    bytes_ += value.size();
    message_.attributes.push_back({std::string(queue::attribute::expanded), std::move(value)});
    return true;
}

bool EnvelopeBuilder::is_new(const mail::Recipient& recipient)
{
    std::string key = recipient.address;
    if (addressing_.keeps_original())
        base::append(key, '\n', recipient.original, '\n', recipient.dsn_orcpt, '\n',
                     unsigned{recipient.dsn_notify});
    for (char& c : key)
        c = base::lower(c);
    if (rules_.remembered > 0 && seen_.size() >= rules_.remembered)
        return seen_.count(key) == 0;
    bytes_ += key.size() + sizeof(std::string);
    return seen_.insert(std::move(key)).second;
}

void EnvelopeBuilder::add(mail::Recipient recipient)
{
    if (failure_ || !is_new(recipient))
        return;
    if (!addressing_.keeps_original())
        recipient.original = recipient.address;
    bytes_ += sizeof recipient + recipient.address.size() + recipient.original.size() +
              recipient.dsn_orcpt.size();
    if (bytes_ > envelope_bytes_limit || message_.recipients.size() >= queue::recipient_limit) {
        log_.warning("too many recipients for one message");
        return failure_.set(failure::too_many_recipients);
    }
    message_.recipients.push_back(std::move(recipient));
}

Task<void> EnvelopeBuilder::end()
{
    if (rules_.bcc && given_ > 0)
        co_await copy_to(addressing_.always_bcc());
    if (!redirect_)
        co_return;
    auto& recipients = message_.recipients;
    recipients.resize(std::min<std::size_t>(recipients.size(), 1));
    for (auto& recipient : recipients)
        recipient = {*redirect_, recipient.original, {}, 0};
}

} // namespace cleanup
