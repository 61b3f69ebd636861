// SPDX-License-Identifier: Apache-2.0
// Reading the queue for qshape; see run.h.
#include "tools/qshape/run.h"

#include <algorithm>
#include <filesystem>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/mail/queue_id.h"
#include "lib/queue/reader.h"
#include "lib/queue/system_disk.h"

namespace qshape {

namespace {

namespace fs = std::filesystem;
using service::ExitStatus;

constexpr std::size_t recipients_at_once = 1000;
constexpr std::string_view clear_screen = "\x1b[H\x1b[2J";

class Reader {
public:
    Reader(queue::Disk& disk, const Options& options)
        : disk_(disk), options_(options), shape_(options.layout)
    {
    }

    // What is no message is passed over: files come and go while the queue is read.
    base::Result<void> read_directory(const std::string& path)
    {
        std::error_code failed;
        fs::recursive_directory_iterator entry(path, failed);
        if (failed)
            return base::system_error(path, failed.value());
        for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed))
            if (mail::is_queue_id(entry->path().filename().string()))
                read_file(entry->path().string());
        return failed ? base::Result<void>(base::system_error(path, failed.value()))
                      : base::Result<void>{};
    }
    base::Result<void> show() { return base::write_all(STDOUT_FILENO, shape_.table()); }

private:
    void read_file(const std::string& path)
    {
        auto message =
            queue::MessageReader::open(disk_, path, queue::MessageReader::Check::Envelope);
        auto journal = message ? message->journal(queue::JournalDetail::States)
                               : base::Result<queue::JournalState>(message.error());
        if (!journal)
            return;
        const auto arrival = std::max(message->message().envelope.arrival, base::WallTime{});
        const auto age = clock_.wall() - std::min(arrival, clock_.wall());
        if (options_.senders)
            shape_.add(message->message().envelope.sender, age);
        else
            add_recipients(*message, *journal, age);
        if (options_.batch > 0 && ++messages_ % options_.batch == 0 &&
            base::write_all(STDOUT_FILENO, clear_screen))
            static_cast<void>(show().ok()); // The last one tells.
    }

    void add_recipients(queue::MessageReader& message, const queue::JournalState& journal,
                        base::Duration age)
    {
        std::size_t index = 0;
        while (true) {
            auto some = message.next_recipients(recipients_at_once);
            if (!some || some->empty())
                return;
            for (const auto& recipient : *some)
                if (!journal.recipients[index++].done())
                    shape_.add(recipient.address, age);
        }
    }

    queue::Disk& disk_;
    const Options& options_;
    Shape shape_;
    base::SystemClock clock_;
    std::uint64_t messages_ = 0;
};

} // namespace

int run(const service::Command& command, const Options& options)
{
    auto disk = queue::SystemDisk::open(command.common().queue_directory());
    if (!disk)
        return command.fail(ExitStatus::Failure, disk.error().text);
    Reader reader(**disk, options);
    for (const std::string& queue : options.queues) {
        const std::string path = queue.starts_with('/')
                                     ? queue
                                     : base::cat(command.common().queue_directory(), "/", queue);
        if (auto read = reader.read_directory(path); !read)
            return command.fail(ExitStatus::Failure, read.error().text);
    }
    if (options.batch > 0)
        static_cast<void>(base::write_all(STDOUT_FILENO, clear_screen).ok());
    if (auto shown = reader.show(); !shown)
        return command.fail(ExitStatus::Failure, shown.error().in("output").text);
    return static_cast<int>(ExitStatus::Ok);
}

} // namespace qshape
