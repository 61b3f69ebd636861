// SPDX-License-Identifier: Apache-2.0
// A file in maildrop; see drop.h.
#include "submit/postdrop/drop.h"

#include "lib/base/strings.h"
#include "lib/mail/verp.h"
#include "lib/submit/maildrop.h"

namespace postdrop {

namespace attribute = submit::attribute;

Drop::Drop(const queue::Directories& directories, base::WallTime now, Rules rules)
    : directories_(directories), now_(now), rules_(std::move(rules))
{
}

base::Result<void> Drop::check_verp(const submit::Head& head) const
{
    if (head.verp.empty())
        return {};
    if (head.sender.empty())
        return base::permanent("VERP requires a non-null sender");
    if (!mail::are_verp_delimiters(head.verp, rules_.verp_filter))
        return base::permanent(base::cat("VERP requires two characters from ", rules_.verp_filter));
    return {};
}

base::Result<void> Drop::head(submit::Head head)
{
    if (auto checked = check_verp(head); !checked)
        return checked;
    if (auto allowed = rules_.senders.check(rules_.login, head.sender); !allowed) {
        forbidden_ = !allowed.error().temporary();
        return allowed;
    }
    auto& envelope = message_.envelope;
    envelope.sender = std::move(head.sender);
    envelope.arrival = now_;
    envelope.dsn_envid = std::move(head.dsn_envid);
    envelope.dsn_return = head.dsn_return;
    envelope.body = head.body;
    envelope.smtputf8 = head.smtputf8;
    const auto add = [this](std::string_view name, std::string value) {
        message_.attributes.push_back({std::string(name), std::move(value)});
    };
    if (!head.full_name.empty())
        add(attribute::full_name, std::move(head.full_name));
    if (head.report != submit::Report::None)
        add(attribute::trace, head.report == submit::Report::Trial ? "verify" : "record");
    if (head.gateway)
        add(attribute::gateway, "yes");
    if (!head.verp.empty())
        add(attribute::verp, std::move(head.verp));
    queue::MessageWriter::Options options;
    options.queue = queue::Queue::Maildrop;
    options.long_ids = rules_.long_ids;
    options.mode = submit::maildrop_mode;
    auto writer = queue::MessageWriter::begin(directories_, now_, options);
    if (!writer)
        return writer.error();
    writer_.emplace(std::move(*writer));
    return {};
}

base::Result<void> Drop::recipient(mail::Recipient recipient)
{
    message_.recipients.push_back(std::move(recipient));
    return {};
}

base::Result<void> Drop::content(std::string_view bytes)
{
    size_ += bytes.size();
    too_big_ = rules_.size_limit > 0 && size_ > rules_.size_limit;
    if (too_big_)
        return base::permanent("message file too big");
    return writer_->append(bytes);
}

base::Result<mail::QueueId> Drop::commit()
{
    auto named = writer_->finish(std::move(message_));
    if (!named)
        return named.error();
    // The directory cannot be synced by who may only write to it, as the group may. ext4, XFS and
    // btrfs put the name that a file has on disk together with the file.
    named->directory.clear();
    if (auto safe = queue::commit(directories_.disk(), *named); !safe)
        return safe.error();
    return named->id;
}

} // namespace postdrop
