// SPDX-License-Identifier: Apache-2.0
// Prints what a message costs the queue; asserts nothing about it.
#include <chrono>
#include <cstdio>
#include <sys/resource.h>

#include "lib/queue/journal.h"
#include "tests/unit/queue/queue_fixture.h"
#include "tests/unit/queue/sample_file.h"

namespace queue {

namespace {

double cpu_seconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// One message from acceptance to removal, with one delivery result noted.
bool pass_through(Directories& queue, Disk& disk, std::string_view content, const Message& message)
{
    auto writer = MessageWriter::begin(queue, message.envelope.arrival, {});
    if (!writer || !writer->append(content))
        return false;
    auto made = writer->finish(message);
    if (!made || !commit(disk, *made))
        return false;
    if (!queue.move(made->id, Queue::Incoming, Queue::Active))
        return false;
    auto reader = MessageReader::open(disk, queue.path(Queue::Active, made->id),
                                      MessageReader::Check::Envelope);
    if (!reader || !reader->next_recipients(100))
        return false;
    return queue.remove(Queue::Active, made->id).ok();
}

} // namespace

TEST(QueueSpeed, PrintsWhatAMessageCosts)
{
    TemporaryDirectory directory;
    auto disk = std::move(SystemDisk::open(directory.path())).value();
    Directories queue{*disk, {}};
    ASSERT_TRUE(queue.create_missing({::getuid(), ::getuid(), ::getgid()}));
    const Message message = sample_message();
    std::string content{sample_content};
    while (content.size() < 4096)
        content += "An ordinary line of some sixty characters, as text mail has it\r\n";
    constexpr int count = 500;
    const double cpu = cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i)
        ASSERT_TRUE(pass_through(queue, *disk, content, message));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("queue: %.0f messages of 4 KiB per second (one at a time), %.3f ms CPU each\n",
                count / took.count(), (cpu_seconds() - cpu) * 1e3 / count);
}

} // namespace queue
