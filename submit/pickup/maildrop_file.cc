// SPDX-License-Identifier: Apache-2.0
// Files in maildrop; see maildrop_file.h.
#include "submit/pickup/maildrop_file.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/submit/maildrop.h"

namespace pickup {

namespace attribute = submit::attribute;

namespace {

Opened refuse(Refusal what, std::string text)
{
    Opened opened;
    opened.refused = {what, std::move(text)};
    return opened;
}

// Before it is opened: a device may do something when it is.
std::optional<Refused> look_at(const queue::FileStatus& status)
{
    if (!S_ISREG(status.mode))
        return Refused{Refusal::Foreign, base::cat("uid ", status.owner, ": not a regular file")};
    if ((status.mode & S_IXUSR) == 0)
        return Refused{Refusal::NotYet, {}};
    if (status.links != 1)
        return Refused{Refusal::Foreign,
                       base::cat("uid ", status.owner, ": file has ", status.links, " hard links")};
    if ((status.mode & (S_IWGRP | S_IWOTH)) != 0)
        return Refused{Refusal::Foreign,
                       base::cat("uid ", status.owner, ": others may write to it")};
    return std::nullopt;
}

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

// postdrop has looked at all of this; nobody has to believe that.
bool is_sane(const mail::Envelope& envelope)
{
    return envelope.sender.size() <= mail::address_limit && !has_control(envelope.sender) &&
           envelope.dsn_envid.size() <= submit::envid_limit && !has_control(envelope.dsn_envid);
}

submit::Report report_of(std::string_view trace)
{
    if (trace == "record")
        return submit::Report::Delivery;
    return trace == "verify" ? submit::Report::Trial : submit::Report::None;
}

// False: nobody may say that in this way.
bool take_attribute(MaildropFile& file, std::string_view key, const std::string& value, bool ours)
{
    if (key == attribute::full_name && value.size() <= submit::full_name_limit &&
        !has_control(value))
        file.full_name = value;
    else if (key == attribute::trace && report_of(value) != submit::Report::None)
        file.report = report_of(value);
    else if (key == attribute::gateway && value == "yes")
        file.gateway = true;
    else if (key == attribute::verp && value.size() == submit::verp_size && !has_control(value))
        file.verp = value;
    else if (key == attribute::uid && ours)
        file.owner = base::parse_int<uid_t>(value).value_or(file.owner);
    else
        return key == queue::attribute::imported_from;
    return true;
}

// Attributes that only our own programs may give to a message are left out.
void take_attributes(MaildropFile& file, const std::string& name)
{
    const uid_t owner = file.owner;
    for (const auto& [key, value] : file.reader.message().attributes)
        if (!take_attribute(file, key, value, owner == ::geteuid()))
            base::Log{}.warning("maildrop/", name, ": uid ", owner, ": ignoring attribute ", key);
}

// Others may read what postdrop writes (maildrop_mode), but nothing of the queue.
bool is_requeued(const queue::FileStatus& status)
{
    return status.owner == ::geteuid() && (status.mode & S_IRGRP) == 0;
}

// What stands in a file of the queue is the mail system's own word.
std::optional<base::Error> take_history(MaildropFile& file)
{
    auto journal = file.reader.journal(queue::JournalDetail::States);
    if (!journal)
        return journal.error();
    const auto& message = file.reader.message();
    file.report = report_of(message.attribute(queue::attribute::trace));
    file.gateway = message.attribute(queue::attribute::rewrite_context) != "local";
    file.verp = message.attribute(queue::attribute::verp);
    file.requeued = std::move(*journal);
    return std::nullopt;
}

} // namespace

Opened open_maildrop_file(queue::Disk& disk, const std::string& name)
{
    const std::string path = base::cat("maildrop/", name);
    queue::FileStatus status;
    if (const auto error = disk.status(path, status))
        return refuse(error == ENOENT ? Refusal::NotYet : Refusal::Later,
                      base::system_error("status", error).text);
    if (auto refused = look_at(status))
        return refuse(refused->what, std::move(refused->text));
    if (!mail::is_queue_id(name))
        return refuse(Refusal::Foreign, "its name is no queue id");
    base::Fd opened;
    if (const auto error = disk.open(path, queue::Access::Read, opened))
        return refuse(error == ENOENT ? Refusal::NotYet : Refusal::Later,
                      base::system_error("open", error).text);
    queue::FileStatus now;
    if (const auto error = disk.status(opened.number(), now))
        return refuse(Refusal::Later, base::system_error("status", error).text);
    if (now.inode != status.inode)
        return refuse(Refusal::Later, "was replaced while it was opened");
    if (auto refused = look_at(now))
        return refuse(refused->what, std::move(refused->text));
    auto reader =
        queue::MessageReader::open(disk, std::move(opened), queue::MessageReader::Check::Content);
    if (!reader)
        return refuse(reader.error().temporary() ? Refusal::Later : Refusal::Broken,
                      reader.error().text);
    if (!is_sane(reader->message().envelope))
        return refuse(Refusal::Broken, "malformed envelope");
    Opened result;
    result.file.emplace(MaildropFile{now.owner, std::move(*reader), {}, {}, false, {}, {}});
    if (!is_requeued(now))
        take_attributes(*result.file, name);
    else if (const auto fault = take_history(*result.file))
        return refuse(fault->temporary() ? Refusal::Later : Refusal::Broken, fault->text);
    return result;
}

} // namespace pickup
