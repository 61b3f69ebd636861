// SPDX-License-Identifier: Apache-2.0
// MessageReader; see reader.h.
#include "lib/queue/reader.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>

#include "lib/base/crc32c.h"
#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/queue/format.h"
#include "lib/queue/journal_format.h"

namespace queue {

namespace {

// Read at once on opening: most messages whole.
constexpr std::size_t first_read = 16 * 1024;
constexpr std::size_t content_read = 64 * 1024;

// Larger envelopes than recipient_limit ordinary recipients need are refused.
constexpr std::uint64_t envelope_limit = 128 * 1024 * 1024;

base::Result<std::string> read_region(Disk& disk, int file, std::uint64_t offset, std::size_t size)
{
    std::string bytes(size, '\0');
    std::size_t got = 0;
    if (const Errno error = disk.pread(file, bytes, offset, got))
        return base::system_error("read queue file", error);
    if (got < size)
        return base::permanent("damaged queue file: became shorter");
    return bytes;
}

base::Result<void> check_status(const FileStatus& status, uid_t owner)
{
    if (!S_ISREG(status.mode))
        return base::permanent("not a regular file");
    if (status.links != 1)
        return base::permanent(base::cat("has ", status.links, " links"));
    if (owner != static_cast<uid_t>(-1) && status.owner != owner)
        return base::permanent(base::cat("is owned by user ", status.owner));
    if (status.mode & (S_IWGRP | S_IWOTH))
        return base::permanent("others may write to it");
    return {};
}

} // namespace

base::Result<MessageReader> MessageReader::open(Disk& disk, base::Fd file, Check check)
{
    MessageReader reader{disk, std::move(file)};
    if (auto loaded = reader.load(); !loaded)
        return loaded.error();
    if (check == Check::Content)
        if (auto checked = reader.check_content(); !checked)
            return checked.error();
    return reader;
}

base::Result<MessageReader> MessageReader::open(Disk& disk, const std::string& path, Check check,
                                                uid_t owner)
{
    base::Fd file;
    FileStatus status;
    Errno error = disk.open(path, Access::Read, file);
    if (!error)
        error = disk.status(file.number(), status);
    if (error) {
        base::Error failed = base::system_error(base::cat("open ", path), error);
        if (error == ENOENT || error == ELOOP || error == ENXIO)
            failed.kind = base::Error::Kind::Permanent;
        return failed;
    }
    if (auto sound = check_status(status, owner); !sound)
        return sound.error().in(path);
    auto reader = open(disk, std::move(file), check);
    if (!reader)
        return reader.error().in(path);
    if (reader->message().id != base::base_name(path))
        return base::permanent(base::cat(path, ": is message ", reader->message().id));
    return reader;
}

base::Result<void> MessageReader::load()
{
    FileStatus status;
    if (const Errno error = disk_->status(file_.number(), status))
        return base::system_error("status of queue file", error);
    if (!S_ISREG(status.mode))
        return base::permanent("not a regular file");
    file_size_ = status.size;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(file_size_, first_read));
    auto head = read_region(*disk_, file_.number(), 0, size);
    if (!head)
        return head.error();
    auto layout = format::decode_superblock(*head, file_size_);
    if (!layout)
        return layout.error();
    layout_ = *layout;
    if (layout_.journal_offset <= head->size()) {
        envelope_ = head->substr(layout_.envelope_offset, layout_.envelope_size);
        return load_envelope();
    }
    if (layout_.envelope_size > envelope_limit)
        return base::permanent("damaged queue file: envelope too large");
    auto region = read_region(*disk_, file_.number(), layout_.envelope_offset,
                              static_cast<std::size_t>(layout_.envelope_size));
    if (!region)
        return region.error();
    envelope_ = std::move(region).value();
    return load_envelope();
}

base::Result<void> MessageReader::load_envelope()
{
    auto shape = format::decode_envelope(envelope_, message_);
    if (!shape)
        return shape.error();
    if (shape->recipient_count != layout_.recipient_count)
        return base::permanent("damaged queue file: number of recipients");
    recipients_at_ = shape->recipients_at;
    return {};
}

base::Result<void> MessageReader::check_content() const
{
    std::string buffer(content_read, '\0');
    std::uint32_t crc = 0;
    for (std::uint64_t at = 0; at < layout_.content.size;) {
        auto got = read_content(at, buffer);
        if (!got)
            return got.error();
        if (*got == 0)
            return base::permanent("damaged queue file: became shorter");
        crc = base::crc32c(std::string_view(buffer).substr(0, *got), crc);
        at += *got;
    }
    if (crc != layout_.content_crc)
        return base::permanent("damaged queue file: content checksum");
    return {};
}

base::Result<std::vector<mail::Recipient>> MessageReader::next_recipients(std::size_t limit)
{
    std::vector<mail::Recipient> batch;
    const std::size_t left = layout_.recipient_count - recipients_read_;
    batch.reserve(std::min(left, limit));
    while (batch.size() < limit && recipients_read_ < layout_.recipient_count) {
        auto recipient = format::decode_recipient(envelope_, recipients_at_);
        if (!recipient)
            return recipient.error();
        batch.push_back(std::move(recipient).value());
        ++recipients_read_;
    }
    return batch;
}

base::Result<Message> MessageReader::whole_message()
{
    auto recipients = next_recipients(recipient_limit);
    if (!recipients)
        return recipients.error();
    Message whole = message_;
    whole.recipients = std::move(recipients).value();
    return whole;
}

base::Result<JournalState> MessageReader::journal(JournalDetail detail) const
{
    FileStatus status;
    if (const Errno error = disk_->status(file_.number(), status))
        return base::system_error("status of queue file", error);
    return format::replay_journal(
        {*disk_, file_.number(), layout_.journal_offset, status.size, layout_.recipient_count},
        detail);
}

base::Result<std::size_t> MessageReader::read_content(std::uint64_t offset,
                                                      std::span<char> room) const
{
    if (offset >= layout_.content.size)
        return std::size_t{0};
    const std::uint64_t left = layout_.content.size - offset;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, room.size()));
    std::size_t got = 0;
    if (const Errno error =
            disk_->pread(file_.number(), room.first(size), layout_.content_offset + offset, got))
        return base::system_error("read queue file", error);
    return got;
}

} // namespace queue
