// SPDX-License-Identifier: Apache-2.0
// Taking over a Postfix queue; see importer.h for the order of steps and why.
#include "tools/postfix/spool/importer.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <sys/stat.h>
#include <unordered_map>

#include "lib/base/file.h"
#include "lib/queue/journal.h"
#include "lib/queue/reader.h"
#include "lib/submit/maildrop.h"

namespace spool {

using queue::Queue;
namespace attribute = submit::attribute;

namespace {

constexpr std::string_view aside_prefix = "import.";
constexpr std::string_view saved = "saved";
constexpr std::size_t batch_size = 64; // Messages that are synced together.
constexpr std::size_t deepest = 16;    // Levels of hash directories.

// The beginning of a queue file of ours; see lib/queue/FORMAT.md.
constexpr std::string_view our_magic = "\x89PHS";

// postsuper -e sets it on the file.
constexpr mode_t forced_expire = S_IXGRP;

class WriterSink final : public ContentSink {
public:
    explicit WriterSink(queue::MessageWriter& writer) : writer_(writer) {}
    base::Result<void> append(std::string_view content) override { return writer_.append(content); }

private:
    queue::MessageWriter& writer_;
};

// What was being delivered, or is in no queue any more, begins anew.
Queue destination(Queue from)
{
    switch (from) {
    case Queue::Active: return Queue::Incoming;
    case Queue::Corrupt: return Queue::Deferred;
    case Queue::Maildrop:
    case Queue::Incoming:
    case Queue::Deferred:
    case Queue::Hold: break;
    }
    return from;
}

// A failure whose notice was not sent is tried once more, and told then.
void revive_unreported(SpoolMessage& message, const std::vector<LoggedRecipient>& bounced)
{
    for (auto& recipient : message.recipients)
        if (recipient.done &&
            std::any_of(bounced.begin(), bounced.end(), [&](const LoggedRecipient& one) {
                return one.offset == recipient.offset && one.address == recipient.recipient.address;
            }))
            recipient.done = false;
}

// Files and, deeper, hash directories.
base::Result<void> list_below(queue::Disk& disk, const std::string& path, std::size_t depth,
                              std::vector<std::string>& files)
{
    std::unique_ptr<queue::DirectoryListing> names;
    if (const int error = disk.list(path, names))
        return error == ENOENT ? base::Result<void>{}
                               : base::system_error(base::cat("list ", path), error);
    std::vector<std::string> deeper;
    while (true) {
        std::optional<queue::DirectoryListing::Entry> entry;
        if (const int error = names->next(entry))
            return base::system_error(base::cat("read ", path), error);
        if (!entry)
            break;
        auto& to = entry->is_directory ? deeper : files;
        to.push_back(base::cat(path, "/", entry->name));
    }
    for (const std::string& directory : deeper)
        if (depth < deepest)
            if (auto listed = list_below(disk, directory, depth + 1, files); !listed)
                return listed;
    return {};
}

// Of a whole log, once.
std::unordered_map<std::uint64_t, const LoggedRecipient*>
by_offset(const std::vector<LoggedRecipient>& log)
{
    std::unordered_map<std::uint64_t, const LoggedRecipient*> found;
    for (const auto& one : log)
        found[one.offset] = &one;
    return found;
}

mail::Outcome outcome_of(const LoggedRecipient& logged, base::WallTime when)
{
    mail::Outcome outcome;
    outcome.status = mail::Status::Deferred;
    outcome.dsn = logged.status.empty() ? "4.0.0" : logged.status;
    outcome.text = logged.reason;
    outcome.relay = logged.host.empty() ? "none" : logged.host;
    outcome.mta = logged.host;
    outcome.reply = logged.reply;
    outcome.when = when;
    return outcome;
}

} // namespace

Importer::Importer(const queue::Directories& ours, const Source& source)
    : ours_(ours), source_(source)
{
}

void Importer::leave(const std::string& path, std::string_view why)
{
    ++counts_.left;
    log_.warning(source_.directory, "/", path, ": not imported: ", why);
}

std::string Importer::log_path(std::string_view directory, const mail::QueueId& name) const
{
    // Hashed or not, by whichever configuration the file was made.
    std::string path = base::cat(directory, "/", name);
    queue::FileStatus status;
    for (unsigned depth = 1; depth <= 4 && source_.disk.status(path, status) != 0; ++depth) {
        path = std::string(directory);
        for (const char c : queue::hash_key(name, depth))
            base::append(path, '/', c);
        base::append(path, '/', name);
    }
    return path;
}

std::vector<LoggedRecipient> Importer::read_log(std::string_view directory,
                                                const mail::QueueId& name,
                                                base::WallTime& when) const
{
    base::Fd file;
    queue::FileStatus status;
    if (source_.disk.open(log_path(directory, name), queue::Access::Read, file) != 0 ||
        source_.disk.status(file.number(), status) != 0 || !S_ISREG(status.mode) ||
        status.size > log_size_limit)
        return {};
    std::string text(static_cast<std::size_t>(status.size), '\0');
    std::size_t got = 0;
    if (source_.disk.pread(file.number(), text, 0, got) != 0)
        return {};
    when = status.modified;
    return parse_delivery_log(std::string_view(text).substr(0, got));
}

// The place of the original, which ours will take, is free.
bool Importer::is_taken(const mail::QueueId& id, const std::string& original) const
{
    if (used_.count(id) != 0)
        return true;
    for (const Queue queue : {Queue::Maildrop, Queue::Incoming, Queue::Active, Queue::Deferred,
                              Queue::Hold, Queue::Corrupt}) {
        const std::string path = ours_.path(queue, id);
        queue::FileStatus status;
        if (!(source_.is_ours && path == original) && ours_.disk().status(path, status) == 0)
            return true;
    }
    return false;
}

// False: one of ours, nothing to do. An error says why a file is left alone.
base::Result<bool> Importer::is_candidate(Queue from, const std::string& path, int file,
                                          queue::FileStatus& status) const
{
    if (const int error = source_.disk.status(file, status))
        return base::system_error("status", error);
    if (!S_ISREG(status.mode) || status.links != 1)
        return base::permanent("no regular file with one link");
    char begin[our_magic.size()] = {};
    std::size_t got = 0;
    if (const int error = source_.disk.pread(file, begin, 0, got))
        return base::system_error("read", error);
    if (std::string_view(begin, got) == our_magic)
        return false;
    if (!mail::is_queue_id(base::base_name(path)))
        return base::permanent("its name is no queue id");
    if ((status.mode & S_IXUSR) == 0 && from != Queue::Corrupt)
        return base::permanent("was never completed, so nobody was told that it is accepted");
    return true;
}

base::Result<Importer::Job> Importer::prepare(Queue from, const std::string& path, base::Fd file,
                                              const queue::FileStatus& status)
{
    Job job;
    job.original = path;
    job.name = base::base_name(path);
    job.to = destination(from);
    queue::MessageWriter::Options options;
    if (!is_taken(job.name, path))
        options.id = job.name;
    if (job.to == Queue::Maildrop)
        options.mode = submit::maildrop_mode;
    auto writer = queue::MessageWriter::begin(ours_, status.modified, options);
    if (!writer)
        return writer.error();
    job.id = writer->id();
    WriterSink sink(*writer);
    RecordReader records(source_.disk, file.number(), status.size);
    const Origin origin = from == Queue::Maildrop ? Origin::Maildrop : Origin::Queue;
    auto message = read_message(records, origin, sink);
    if (!message)
        return message.error();
    if (message->check_only)
        return base::permanent("a check of addresses, which is not mail");
    if (auto written = write(job, *writer, *message, status); !written)
        return written.error();
    return job;
}

// What happened to the message so far, for its journal.
struct Importer::History {
    std::vector<LoggedRecipient> deferred; // Why recipients wait, and since when.
    base::WallTime tried;
    std::vector<std::uint64_t> places; // Of the recipients, in the original.
    bool warning_sent = false;
    bool expired = false;
    base::WallTime modified; // Of the original: the next attempt, when it is deferred.
};

base::Result<void> Importer::write(Job& job, queue::MessageWriter& writer, SpoolMessage& message,
                                   const queue::FileStatus& status)
{
    History history;
    history.tried = history.modified = status.modified;
    history.deferred = read_log("defer", job.name, history.tried);
    history.warning_sent = message.warning_sent;
    history.expired = (status.mode & forced_expire) != 0 && job.to != Queue::Maildrop;
    base::WallTime when;
    revive_unreported(message, read_log("bounce", job.name, when));
    std::erase_if(message.recipients, [](const SpoolRecipient& one) { return one.done; });
    if (message.recipients.empty())
        return base::permanent("no recipient is left: all are done");
    for (const auto& one : message.recipients)
        history.places.push_back(one.offset);
    job.waiting = message.recipients.size();
    job.not_understood = std::move(message.not_understood);
    job.aside = base::cat(saved, "/", aside_prefix, queue::queue_name(job.to), ".", job.id);
    if (const int error = ours_.disk().remove(job.aside); error != 0 && error != ENOENT)
        return base::system_error(job.aside, error);
    auto file = writer.finish_aside(in_our_words(job, message, status), job.aside);
    if (!file)
        return file.error();
    job.file = std::move(*file);
    auto written = write_history(job, history);
    if (!written)
        (void)ours_.disk().remove(job.aside);
    return written;
}

queue::Message Importer::in_our_words(const Job& job, SpoolMessage& message,
                                      const queue::FileStatus& status) const
{
    queue::Message ours;
    ours.envelope = std::move(message.envelope);
    if (base::unix_microseconds(ours.envelope.arrival) == 0)
        ours.envelope.arrival = status.modified;
    ours.schedule = message.schedule;
    ours.attributes = std::move(message.attributes);
    // Of a message that came over the network itself, the log's id is its own.
    std::erase_if(ours.attributes, [&](const queue::Attribute& one) {
        return one.name == queue::attribute::original_queue_id && one.value == job.id;
    });
    if (job.to == Queue::Maildrop) {
        ours.attributes.push_back({std::string(attribute::uid), base::cat(status.owner)});
        if (!message.full_name.empty())
            ours.attributes.push_back({std::string(attribute::full_name), message.full_name});
    }
    ours.attributes.push_back({std::string(queue::attribute::imported_from),
                               base::cat(source_.directory, "/", job.original)});
    for (auto& one : message.recipients)
        ours.recipients.push_back(std::move(one.recipient));
    return ours;
}

base::Result<void> Importer::write_history(const Job& job, const History& history)
{
    auto& disk = ours_.disk();
    base::Fd file;
    if (const int error = disk.open(job.aside, queue::Access::ReadWrite, file))
        return base::system_error(base::cat("open ", job.aside), error);
    auto reader =
        queue::MessageReader::open(disk, std::move(file), queue::MessageReader::Check::Content);
    if (!reader)
        return reader.error();
    auto state = reader->journal(queue::JournalDetail::States);
    if (!state)
        return state.error();
    queue::Journal journal(disk, reader->release(), std::move(*state));
    const auto logged = by_offset(history.deferred);
    base::Result<void> done;
    for (std::uint32_t i = 0; i < history.places.size() && done; ++i)
        if (const auto found = logged.find(history.places[i]); found != logged.end())
            done = journal.record(i, outcome_of(*found->second, history.tried));
    const auto microseconds = base::unix_microseconds(history.modified);
    if (done && history.warning_sent)
        done = journal.note(queue::NoteKind::WarningSent, microseconds);
    if (done && history.expired)
        done = journal.note(queue::NoteKind::Expired, 1);
    if (done && job.to == Queue::Deferred)
        done = journal.note(queue::NoteKind::NextAttempt, microseconds);
    if (done)
        if (const int error = disk.set_modified(job.aside, history.modified))
            return base::system_error(job.aside, error);
    return done;
}

base::Result<std::vector<std::string>> Importer::files_of(Queue from) const
{
    std::vector<std::string> files;
    if (auto listed = list_below(source_.disk, std::string(queue::queue_name(from)), 0, files);
        !listed)
        return listed.error();
    return files;
}

base::Result<void> Importer::import_one(Queue from, const std::string& path)
{
    base::Fd file;
    queue::FileStatus status;
    if (const int error = source_.disk.status(path, status))
        return base::system_error("status", error);
    if (!S_ISREG(status.mode))
        return base::permanent("no regular file");
    if (const int error = source_.disk.open(path, queue::Access::Read, file))
        return base::system_error("open", error);
    auto candidate = is_candidate(from, path, file.number(), status);
    if (!candidate)
        return candidate.error();
    if (!*candidate)
        return {};
    auto job = prepare(from, path, std::move(file), status);
    if (!job)
        return job.error();
    used_.insert(job->id);
    batch_.push_back(std::move(*job));
    if (batch_.size() >= batch_size)
        flush_batch();
    return {};
}

base::Result<void> Importer::import(Queue from)
{
    auto files = files_of(from);
    if (!files)
        return files.error();
    for (const std::string& path : *files)
        if (auto done = import_one(from, path); !done)
            leave(path, done.error().text);
    flush_batch();
    return {};
}

void Importer::flush_batch()
{
    std::vector<queue::UncommittedMessage> messages;
    std::vector<base::Result<void>> results(batch_.size());
    for (Job& job : batch_)
        messages.push_back(std::move(job.file));
    queue::commit(ours_.disk(), messages, results);
    std::set<std::string> directories;
    for (std::size_t i = 0; i < batch_.size(); ++i) {
        if (results[i])
            results[i] = drop_original(batch_[i]);
        if (results[i])
            directories.insert(std::string(base::directory_of(batch_[i].original)));
    }
    for (const std::string& directory : directories)
        if (const int error = source_.disk.sync_directory(directory))
            log_.warning(base::system_error(directory, error).text);
    for (std::size_t i = 0; i < batch_.size(); ++i) {
        if (results[i])
            results[i] = take_place(batch_[i].aside, batch_[i].to, batch_[i].id);
        if (results[i])
            tell(batch_[i]);
        else
            leave(batch_[i].original, results[i].error().text);
    }
    batch_.clear();
}

// Ours is safe. One with parts that we have no place for is kept for a person to look at.
base::Result<void> Importer::drop_original(const Job& job)
{
    auto& disk = source_.disk;
    const int error = job.not_understood.empty()
                          ? disk.remove(job.original)
                          : disk.rename(job.original, base::cat(saved, "/", job.name));
    if (!error)
        return {};
    (void)ours_.disk().remove(job.aside);
    return base::system_error(base::cat("remove ", job.original), error);
}

base::Result<void> Importer::take_place(const std::string& aside, Queue to, const mail::QueueId& id)
{
    int error = ours_.disk().rename(aside, ours_.path(to, id));
    if (error == ENOENT) {
        if (auto made = ours_.make_hash_directories(to, id); !made)
            return made;
        error = ours_.disk().rename(aside, ours_.path(to, id));
    }
    return error ? base::Result<void>(base::system_error(aside, error)) : base::Result<void>{};
}

void Importer::tell(const Job& job)
{
    ++counts_.imported;
    const base::Log log(base::cat(job.id, ": "));
    log.info("imported into ", queue::queue_name(job.to), ": ", job.waiting,
             job.waiting == 1 ? " recipient" : " recipients",
             job.id == job.name ? std::string{} : base::cat(", was ", job.name));
    for (const std::string& what : job.not_understood)
        log.warning("not understood, original kept as ", source_.directory, "/", saved, "/",
                    job.name, ": ", what);
    for (const std::string_view directory : {"defer", "bounce", "trace"})
        (void)source_.disk.remove(log_path(directory, job.name));
}

// A crash before it was synced; then its original is still there.
base::Result<void> Importer::unfinished(const std::string& aside, const base::Error& why)
{
    if (why.temporary())
        return why.in(aside);
    const int error = ours_.disk().remove(aside);
    return error ? base::Result<void>(base::system_error(aside, error)) : base::Result<void>{};
}

// What lies under saved/ and is whole: either its original is gone, or it is written anew.
base::Result<void> Importer::finish_earlier(const std::string& aside, Queue to,
                                            const mail::QueueId& id)
{
    auto& disk = ours_.disk();
    base::Fd file;
    if (const int error = disk.open(aside, queue::Access::Read, file))
        return base::system_error(aside, error);
    auto reader =
        queue::MessageReader::open(disk, std::move(file), queue::MessageReader::Check::Content);
    if (!reader)
        return unfinished(aside, reader.error());
    const std::string original(reader->message().attribute(queue::attribute::imported_from));
    if (original.empty())
        return base::permanent(base::cat(aside, ": does not say where it comes from"));
    struct stat there {};
    if (::lstat(original.c_str(), &there) == 0) {
        if (const int error = disk.remove(aside))
            return base::system_error(aside, error);
        return {};
    }
    if (errno != ENOENT)
        return base::system_error(original, errno);
    if (is_taken(id, {}))
        return base::permanent(base::cat(aside, ": there is another message of this name"));
    if (auto taken = take_place(aside, to, id); !taken)
        return taken;
    ++counts_.imported;
    base::Log(base::cat(id, ": "))
        .info("imported into ", queue::queue_name(to), ", which an earlier run had begun");
    return {};
}

base::Result<void> Importer::resume()
{
    std::vector<std::string> files;
    if (auto listed = list_below(ours_.disk(), std::string(saved), deepest, files); !listed)
        return listed;
    for (const std::string& path : files) {
        std::string_view name = base::base_name(path);
        if (!name.starts_with(aside_prefix))
            continue;
        name.remove_prefix(aside_prefix.size());
        const auto to = queue::queue_of_name(base::cut(name, '.'));
        if (!to || !mail::is_queue_id(name))
            continue;
        if (auto finished = finish_earlier(path, *to, mail::QueueId(name)); !finished) {
            ++counts_.left;
            log_.warning(finished.error().text);
        }
    }
    return {};
}

} // namespace spool
