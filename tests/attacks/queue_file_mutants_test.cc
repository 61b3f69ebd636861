// SPDX-License-Identifier: Apache-2.0
// Queue files with flipped bits, cut short, and spliced, through what lists and shows them: no
// crash, and output that a machine can still read. Half of the mutants get their checksums
// repaired, so that what lies behind them is reached.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>
#include <unistd.h>

#include "lib/queue/bytes.h"
#include "lib/queue/listing_wire.h"
#include "tests/unit/queue/queue_fixture.h"
#include "tests/unit/queue/sample_file.h"
#include "tools/postcat/cat.h"
#include "tools/postqueue/format.h"

namespace {

constexpr int mutants = 20'000;
constexpr std::size_t superblock = queue::format::superblock_size;
constexpr std::size_t record_header = 12;

std::string sound_file()
{
    queue::Message message = queue::sample_message();
    message.id = "ABCDEF123";
    auto file = queue::file_of(message, queue::sample_content);
    return queue::with_journal(std::move(file),
                               static_cast<std::uint32_t>(message.recipients.size()));
}

void repair(std::string& bytes)
{
    if (bytes.size() < superblock)
        return;
    const std::string_view all = bytes;
    queue::store(&bytes[superblock - 4], base::crc32c(all.substr(0, superblock - 4)));
    auto layout = queue::format::decode_superblock(bytes, bytes.size());
    if (!layout)
        return;
    std::size_t at = layout->envelope_offset;
    const std::size_t end = layout->journal_offset;
    while (at < end && end - at >= record_header) {
        const auto length = queue::load<std::uint32_t>(&bytes[at + 8]);
        if (length > end - at - record_header)
            return;
        queue::store(&bytes[at], base::crc32c(all.substr(at + 4, record_header - 4 + length)));
        at += record_header + length;
    }
}

class Mutator {
public:
    std::string mutant(const std::string& from)
    {
        std::string bytes = from;
        switch (below(4)) {
        case 0:
            for (std::size_t i = below(8) + 1; i > 0; --i)
                bytes[below(bytes.size())] ^= static_cast<char>(1u << below(8));
            break;
        case 1: bytes.resize(below(bytes.size())); break;
        case 2: bytes.replace(below(bytes.size()), below(40), random_text()); break;
        case 3:
            bytes = bytes.substr(0, below(bytes.size())) + from.substr(below(from.size()));
            break;
        }
        if (below(2) == 0)
            repair(bytes);
        return bytes;
    }

private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::string random_text()
    {
        std::string text(below(40), '\0');
        for (char& c : text)
            c = static_cast<char>(random_());
        return text;
    }

    std::mt19937_64 random_{20260618};
};

// Takes the wire's messages to both formats.
struct Sink final : queue::ListingParser::Sink {
    void take(const queue::ListedMessage& message) override
    {
        std::string json;
        postqueue::json_format()->add(json, message);
        EXPECT_TRUE(nlohmann::json::accept(json)) << json;
        EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 1);
        std::string table;
        postqueue::table_format(false)->add(table, message);
        for (const char c : table)
            EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= ' ');
        ++taken;
    }
    int taken = 0;
};

void list(queue::StringDisk& disk, Sink& sink)
{
    auto reader =
        queue::MessageReader::open(disk, base::Fd{}, queue::MessageReader::Check::Envelope);
    if (!reader || !mail::is_queue_id(reader->message().id))
        return;
    auto listed = queue::list_message(*reader, queue::Queue::Deferred);
    if (!listed)
        return;
    std::string wire(queue::listing_begin());
    queue::append_listed(wire, *listed);
    wire += queue::listing_end();
    queue::ListingParser parser{sink};
    EXPECT_TRUE(parser.feed(wire));
    EXPECT_TRUE(parser.complete());
}

void show(queue::StringDisk& disk, int to)
{
    auto reader =
        queue::MessageReader::open(disk, base::Fd{}, queue::MessageReader::Check::Envelope);
    if (!reader)
        return;
    postcat::Options options;
    options.envelope = options.header = options.body = options.types = options.offsets = true;
    postcat::Output output{to, options};
    output.set_file("mutant");
    (void)postcat::cat(*reader, options, output);
    (void)output.flush();
}

TEST(QueueFileMutants, AreListedOrLeftOutAndShownWithoutHarm)
{
    const std::string sound = sound_file();
    base::Fd null{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    Mutator mutator;
    Sink sink;
    queue::StringDisk disk;
    disk.bytes = sound;
    list(disk, sink);
    EXPECT_EQ(sink.taken, 1);
    for (int i = 0; i < mutants; ++i) {
        disk.bytes = mutator.mutant(sound);
        list(disk, sink);
        show(disk, null.number());
    }
    EXPECT_GT(sink.taken, mutants / 20); // The mutator reaches what lies behind the checksums.
}

TEST(QueueFileMutants, AreHarmlessAtEveryLength)
{
    const std::string sound = sound_file();
    base::Fd null{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    Sink sink;
    queue::StringDisk disk;
    for (std::size_t size = 0; size <= sound.size(); ++size) {
        disk.bytes = sound.substr(0, size);
        list(disk, sink);
        show(disk, null.number());
    }
}

TEST(QueueFileMutants, AreHarmlessForEveryBit)
{
    const std::string sound = sound_file();
    base::Fd null{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    Sink sink;
    queue::StringDisk disk;
    for (std::size_t bit = 0; bit < sound.size() * 8; ++bit) {
        disk.bytes = sound;
        disk.bytes[bit / 8] ^= static_cast<char>(1u << bit % 8);
        list(disk, sink);
        show(disk, null.number());
    }
}

} // namespace
