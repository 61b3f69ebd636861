// SPDX-License-Identifier: Apache-2.0
// MessageWriter and commit(); see writer.h. The order of steps matters here:
//   - the superblock is written last, so that an unfinished file is never taken for a message;
//   - the name comes after it, so that a killed process leaves a whole file or nothing;
//   - file, then directory, are synced before anybody is told, so that a machine that stops loses
//     nothing that was promised.
#include "lib/queue/writer.h"

#include <cerrno>
#include <unistd.h>

#include "lib/base/crc32c.h"
#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/queue/format.h"

namespace queue {

namespace {

// Content collected before it is written. Most messages fit and cost one write.
constexpr std::size_t buffer_size = 64 * 1024;
constexpr int temporary_name_attempts = 100;

// As in Postfix, the execute bit says that the file is complete.
constexpr mode_t unfinished_mode = 0600;
constexpr mode_t ordinary_mode = 0700;

base::Error disk_error(std::string_view what, std::string_view path, Errno code)
{
    return base::system_error(base::cat(what, " ", path), code);
}

bool lacks_unnamed_files(Errno error)
{
    return error == EOPNOTSUPP || error == EISDIR || error == EINVAL || error == ENOENT;
}

} // namespace

MessageWriter::MessageWriter(const Directories& directories, base::WallTime arrival,
                             const Options& options)
    : directories_(&directories), options_(options), arrival_(arrival)
{
}

MessageWriter::~MessageWriter()
{
    if (file_ && !temporary_.empty())
        (void)directories_->disk().remove(temporary_);
}

base::Result<MessageWriter> MessageWriter::begin(const Directories& directories,
                                                 base::WallTime arrival, const Options& options)
{
    std::uint64_t free = 0;
    if (options.minfree > 0) {
        if (const Errno error = directories.disk().free_bytes(free))
            return base::system_error("free space of the queue", error);
        if (free < options.minfree)
            return base::temporary("not enough free space in the queue file system");
    }
    MessageWriter writer{directories, arrival, options};
    if (auto created = writer.create(); !created)
        return created.error();
    return writer;
}

base::Result<void> MessageWriter::create()
{
    Disk& disk = directories_->disk();
    const std::string directory(queue_name(options_.queue));
    Errno error = disk.create_unnamed(directory, options_.mode, file_);
    if (lacks_unnamed_files(error))
        error = create_named();
    if (error)
        return disk_error("create a file in", directory, error);
    FileStatus status;
    if (const Errno failed = disk.status(file_.number(), status))
        return disk_error("status of a new file in", directory, failed);
    if (!options_.id.empty())
        id_ = options_.id;
    else
        id_ = options_.long_ids ? mail::make_long_queue_id(arrival_, status.inode)
                                : mail::make_short_queue_id(arrival_, status.inode);
    return {};
}

// The dots keep the name from being a queue id.
Errno MessageWriter::create_named()
{
    Errno error = EEXIST;
    for (int i = 0; i < temporary_name_attempts && error == EEXIST; ++i) {
        temporary_ = base::cat(queue_name(options_.queue), "/new.", ::getpid(), ".",
                               base::unix_microseconds(arrival_), ".", i);
        error = directories_->disk().create(temporary_, unfinished_mode, file_);
    }
    return error;
}

base::Result<void> MessageWriter::append(std::string_view content)
{
    const std::uint64_t size = scan_.facts().size + content.size();
    if (options_.size_limit > 0 && size > options_.size_limit)
        return base::permanent("message is larger than the size limit");
    content_crc_ = base::crc32c(content, content_crc_);
    scan_.feed(content);
    if (buffer_.size() + content.size() > buffer_size)
        return flush(content);
    buffer_ += content;
    return {};
}

base::Result<void> MessageWriter::flush(std::string_view more)
{
    static constexpr char blank[format::superblock_size] = {};
    const std::string_view room{blank, flushed_ ? 0 : sizeof blank};
    const std::string_view parts[] = {room, buffer_, more};
    if (const Errno error = directories_->disk().write(file_.number(), parts))
        return disk_error("write", id_, error);
    flushed_ = true;
    buffer_.clear();
    return {};
}

const ContentFacts& MessageWriter::end_of_content()
{
    scan_.end();
    return scan_.facts();
}

base::Result<UncommittedMessage> MessageWriter::finish(Message message)
{
    return finish(std::move(message), options_.queue);
}

base::Result<UncommittedMessage> MessageWriter::finish(Message message, Queue queue)
{
    if (auto written = write_envelope(message); !written)
        return written.error();
    const std::string path = directories_->path(queue, id_);
    Errno linked = link_to(path);
    if (linked == ENOENT) {
        if (auto made = directories_->make_hash_directories(queue, id_); !made)
            return made.error();
        linked = link_to(path);
    }
    if (auto named = give_name(path, linked); !named)
        return named.error();
    return UncommittedMessage{std::move(file_), id_, directories_->directory(queue, id_), path};
}

base::Result<UncommittedMessage> MessageWriter::finish_aside(Message message,
                                                             const std::string& path)
{
    if (auto written = write_envelope(message); !written)
        return written.error();
    if (auto named = give_name(path, link_to(path)); !named)
        return named.error();
    return UncommittedMessage{std::move(file_), id_, std::string(base::directory_of(path)), path};
}

base::Result<void> MessageWriter::write_envelope(Message& message)
{
    end_of_content();
    message.id = id_;
    auto envelope = format::encode_envelope(message);
    if (!envelope)
        return envelope.error();
    const auto recipients = static_cast<std::uint32_t>(message.recipients.size());
    if (auto written = write_tail(*envelope, recipients); !written)
        return written;
    if (temporary_.empty() && options_.mode == ordinary_mode)
        return {};
    if (const Errno error = directories_->disk().set_mode(file_.number(), options_.mode))
        return disk_error("set the mode of", id_, error);
    return {};
}

base::Result<void> MessageWriter::write_tail(std::string_view envelope, std::uint32_t recipients)
{
    Layout layout;
    layout.content = scan_.facts();
    layout.content_offset = format::superblock_size;
    layout.envelope_offset = layout.content_offset + layout.content.size;
    layout.envelope_size = envelope.size();
    layout.journal_offset = layout.envelope_offset + layout.envelope_size;
    layout.content_crc = content_crc_;
    layout.recipient_count = recipients;
    const std::string superblock = format::encode_superblock(layout);

    Disk& disk = directories_->disk();
    const std::string_view first = flushed_ ? std::string_view{} : std::string_view{superblock};
    const std::string_view parts[] = {first, buffer_, envelope};
    if (const Errno error = disk.write(file_.number(), parts))
        return disk_error("write", id_, error);
    if (!flushed_)
        return {};
    if (const Errno error = disk.pwrite(file_.number(), superblock, 0))
        return disk_error("write", id_, error);
    return {};
}

// `linked` is what came of giving the file its name; the temporary name goes now.
base::Result<void> MessageWriter::give_name(const std::string& path, Errno linked)
{
    if (linked)
        return disk_error("link", path, linked);
    if (temporary_.empty())
        return {};
    Disk& disk = directories_->disk();
    if (const Errno error = disk.remove(temporary_)) {
        (void)disk.remove(path);
        return disk_error("remove", temporary_, error);
    }
    temporary_.clear();
    return {};
}

// Not rename(): another message of that name must not vanish.
Errno MessageWriter::link_to(const std::string& path)
{
    Disk& disk = directories_->disk();
    return temporary_.empty() ? disk.link(file_.number(), path) : disk.link(temporary_, path);
}

namespace {

// An error of close() is the last chance of a network file system to admit a lost write.
base::Result<void> sync_and_close(Disk& disk, UncommittedMessage& message)
{
    const Errno synced = disk.sync(message.file.number());
    const Errno closed = disk.close(message.file);
    if (synced)
        return disk_error("fsync", message.path, synced);
    if (closed)
        return disk_error("close", message.path, closed);
    return {};
}

// Syncs the directory of message `first`, for all later messages that lie there too.
void sync_directory_of(Disk& disk, std::size_t first, std::span<UncommittedMessage> messages,
                       std::span<base::Result<void>> results)
{
    const std::string directory = std::exchange(messages[first].directory, {});
    const Errno error = disk.sync_directory(directory);
    for (std::size_t i = first; i < messages.size(); ++i) {
        if (i != first && messages[i].directory != directory)
            continue;
        messages[i].directory.clear();
        if (error && results[i])
            results[i] = disk_error("fsync directory", directory, error);
    }
}

} // namespace

void commit(Disk& disk, std::span<UncommittedMessage> messages,
            std::span<base::Result<void>> results)
{
    // With all of them under way, the file system puts them into one journal transaction, and the
    // first fsync waits for all.
    if (messages.size() > 1)
        for (const UncommittedMessage& message : messages)
            disk.start_sync(message.file.number());
    for (std::size_t i = 0; i < messages.size(); ++i)
        results[i] = sync_and_close(disk, messages[i]);
    for (std::size_t i = 0; i < messages.size(); ++i)
        if (results[i] && !messages[i].directory.empty())
            sync_directory_of(disk, i, messages, results);
    for (std::size_t i = 0; i < messages.size(); ++i)
        if (!results[i])
            (void)disk.remove(messages[i].path);
}

base::Result<void> commit(Disk& disk, UncommittedMessage& message)
{
    base::Result<void> result;
    commit(disk, std::span(&message, 1), std::span(&result, 1));
    return result;
}

} // namespace queue
