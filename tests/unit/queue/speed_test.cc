// SPDX-License-Identifier: Apache-2.0
// Prints what a message costs the queue; asserts nothing about it.
#include <chrono>
#include <cstdio>
#include <sys/resource.h>
#include <thread>

#include "lib/queue/journal.h"
#include "lib/queue/system_disk.h"
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

// How many messages are committed at once, and by how many threads.
struct Shape {
    std::size_t together;
    std::size_t threads;
};

void commit_all(Disk& disk, std::span<UncommittedMessage> messages,
                std::span<base::Result<void>> results, std::size_t threads)
{
    const std::size_t share = messages.size() / threads;
    std::vector<std::thread> running;
    for (std::size_t i = 1; i < threads; ++i)
        running.emplace_back([=, &disk] {
            commit(disk, messages.subspan(i * share, share), results.subspan(i * share, share));
        });
    commit(disk, messages.first(share), results.first(share));
    for (std::thread& thread : running)
        thread.join();
}

// Messages from acceptance to removal, committed together.
bool pass_through(Directories& queue, std::string_view content, const Message& message, Shape shape)
{
    Disk& disk = queue.disk();
    std::vector<UncommittedMessage> made;
    for (std::size_t i = 0; i < shape.together; ++i) {
        auto writer = MessageWriter::begin(queue, message.envelope.arrival, {});
        if (!writer || !writer->append(content))
            return false;
        auto finished = writer->finish(message);
        if (!finished)
            return false;
        made.push_back(std::move(*finished));
    }
    std::vector<base::Result<void>> results(shape.together);
    commit_all(disk, made, results, shape.threads);
    for (std::size_t i = 0; i < shape.together; ++i) {
        if (!results[i] || !queue.move(made[i].id, Queue::Incoming, Queue::Active))
            return false;
        auto reader = MessageReader::open(disk, queue.path(Queue::Active, made[i].id),
                                          MessageReader::Check::Envelope);
        if (!reader || !reader->next_recipients(100))
            return false;
        if (!queue.remove(Queue::Active, made[i].id))
            return false;
    }
    return true;
}

void measure(const std::string& where, Shape shape)
{
    auto disk = std::move(SystemDisk::open(where)).value();
    Directories queue{*disk, {}};
    ASSERT_TRUE(queue.create_missing({::getuid(), ::getuid(), ::getgid()}));
    const Message message = sample_message();
    std::string content{sample_content};
    while (content.size() < 4096)
        content += "An ordinary line of some sixty characters, as text mail has it\r\n";
    constexpr std::size_t count = 320;
    const double cpu = cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; i += shape.together)
        ASSERT_TRUE(pass_through(queue, content, message, shape));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf(
        "queue: %.0f messages of 4 KiB per second, %.3f ms CPU each, %zu together, %zu threads\n",
        count / took.count(), (cpu_seconds() - cpu) * 1e3 / count, shape.together, shape.threads);
}

} // namespace

TEST(QueueSpeed, PrintsWhatAMessageCosts)
{
    for (const Shape shape : {Shape{1, 1}, {16, 1}, {4, 4}, {16, 4}, {16, 16}, {64, 4}, {64, 16}}) {
        TemporaryDirectory directory;
        measure(directory.path(), shape);
    }
}

} // namespace queue
