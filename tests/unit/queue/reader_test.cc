// SPDX-License-Identifier: Apache-2.0
#include "lib/queue/reader.h"

#include <fstream>
#include <random>
#include <sys/stat.h>

#include "lib/base/file.h"
#include "lib/queue/bytes.h"
#include "lib/queue/message.h"
#include "tests/unit/queue/queue_fixture.h"
#include "tests/unit/queue/sample_file.h"

namespace queue {

namespace {

class Reader : public QueueTest {};

Message named_sample()
{
    Message message = sample_message();
    message.id = "1E240ABCDEF";
    return message;
}

std::string sample_file()
{
    return with_journal(file_of(named_sample(), sample_content), 2);
}

base::Result<MessageReader> read_bytes(StringDisk& disk)
{
    return MessageReader::open(disk, base::Fd{}, MessageReader::Check::Content);
}

// Everything that can be asked of a file. Returns whether it was taken for a message.
bool survives(StringDisk& disk)
{
    auto reader = read_bytes(disk);
    if (!reader)
        return false;
    (void)reader->whole_message();
    (void)reader->journal(JournalDetail::All);
    return true;
}

std::string as_hex(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto c = static_cast<unsigned char>(bytes[i]);
        text += digits[c >> 4];
        text += digits[c & 15];
        text += i % 32 == 31 || i + 1 == bytes.size() ? '\n' : ' ';
    }
    return text;
}

// A record with a right checksum.
std::string record_of(std::uint16_t type, std::string_view value)
{
    std::string rest;
    put(rest, type);
    put<std::uint16_t>(rest, 0);
    put(rest, static_cast<std::uint32_t>(value.size()));
    rest += value;
    std::string record;
    put(record, base::crc32c(rest));
    return record + rest;
}

// The sample with `records` before its end record, and everything else made to fit.
std::string with_records(std::uint16_t type, std::string_view value)
{
    const std::string envelope = std::move(format::encode_envelope(named_sample())).value();
    constexpr std::size_t end_size = 16;
    const std::string_view end = std::string_view(envelope).substr(envelope.size() - end_size);
    std::string count;
    put(count, load<std::uint32_t>(end.data() + 12) + 1);
    const std::string changed = envelope.substr(0, envelope.size() - end_size) +
                                record_of(type, value) + record_of(7, count);
    const std::string plain = file_of(named_sample(), sample_content);
    auto layout = std::move(format::decode_superblock(plain, plain.size())).value();
    layout.envelope_size = changed.size();
    layout.journal_offset = layout.envelope_offset + changed.size();
    return format::encode_superblock(layout) + std::string(sample_content) + changed;
}

} // namespace

TEST(QueueFile, HasTheBytesOfTheGoldenFile)
{
    const char* source = std::getenv("SRCDIR");
    const std::string path =
        std::string(source == nullptr ? "." : source) + "/tests/golden/queue/sample.hex";
    if (std::getenv("GOLDEN_UPDATE") != nullptr)
        std::ofstream(path) << as_hex(sample_file());
    auto golden = base::read_file(path, 1 << 20);
    ASSERT_TRUE(golden) << golden.error().text;
    EXPECT_EQ(as_hex(sample_file()), *golden);
}

TEST(QueueFile, IsReadBack)
{
    StringDisk disk;
    disk.bytes = sample_file();
    auto reader = read_bytes(disk);
    ASSERT_TRUE(reader) << reader.error().text;
    EXPECT_EQ(*reader->whole_message(), named_sample());
    EXPECT_TRUE(reader->layout().content.has_dot_lines);
    EXPECT_TRUE(reader->layout().content.has_8bit);
    EXPECT_EQ(reader->layout().content.received_count, 1u);
    auto journal = reader->journal(JournalDetail::All);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->recipients[0].status, mail::Status::Sent);
    EXPECT_EQ(journal->recipients[0].attempts, 2u);
    ASSERT_EQ(journal->recipients[0].history.size(), 2u);
    EXPECT_EQ(journal->recipients[0].history[1].outcome, sent_outcome(300));
    EXPECT_EQ(journal->recipients[1], RecipientState{});
    EXPECT_EQ(journal->note(NoteKind::NextAttempt), 1'795'302'300'000'000);
    EXPECT_FALSE(journal->all_done());
}

// Attack catalogue QF-01.
TEST(QueueFile, IsRefusedWithAnyBitOfTheMessageFlipped)
{
    StringDisk disk;
    disk.bytes = sample_file();
    const std::size_t message_size = file_of(named_sample(), sample_content).size();
    for (std::size_t i = 0; i < disk.bytes.size() * 8; ++i) {
        disk.bytes[i / 8] = static_cast<char>(disk.bytes[i / 8] ^ (1 << i % 8));
        EXPECT_EQ(survives(disk), i / 8 >= message_size) << "bit " << i;
        disk.bytes[i / 8] = static_cast<char>(disk.bytes[i / 8] ^ (1 << i % 8));
    }
}

TEST(QueueFile, IsRefusedWhenCutAnywhereInTheMessage)
{
    const std::string whole = sample_file();
    const std::size_t message_size = file_of(named_sample(), sample_content).size();
    StringDisk disk;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        disk.bytes = whole.substr(0, size);
        EXPECT_EQ(survives(disk), size >= message_size) << size;
    }
}

namespace {

using Random = std::mt19937_64;

// Changes, cuts, inserts or copies a few bytes somewhere.
void mutate(std::string& bytes, const std::string& whole, Random& random)
{
    const std::size_t at = std::min<std::size_t>(random() % whole.size(), bytes.size() - 1);
    const std::size_t length = std::min<std::size_t>(random() % 8 + 1, bytes.size() - at);
    switch (random() % 4) {
    case 0: bytes[at] = static_cast<char>(random()); break;
    case 1: bytes.resize(std::max(at, bytes.size() / 2)); break;
    case 2: bytes.insert(at, length, '\xff'); break;
    case 3: bytes.replace(at, length, whole, random() % (whole.size() - 8), length); break;
    }
}

// Makes the checksums of the superblock and of the envelope records right, so that the code behind
// them is reached.
void repair(std::string& bytes, std::size_t journal_at)
{
    if (bytes.size() < journal_at)
        return;
    const std::string_view all = bytes;
    store(&bytes[124], base::crc32c(all.substr(0, 124)));
    for (std::size_t at = format::superblock_size + sample_content.size(); at + 12 <= journal_at;) {
        const auto length = load<std::uint32_t>(&bytes[at + 8]);
        if (length > journal_at - at - 12)
            return;
        store(&bytes[at], base::crc32c(all.substr(at + 4, 8 + length)));
        at += 12 + length;
    }
}

} // namespace

TEST(QueueFile, IsNeverFatalWhateverStandsInIt)
{
    constexpr unsigned mutants = 250'000;
    const std::string whole = sample_file();
    const std::size_t journal_at = file_of(named_sample(), sample_content).size();
    Random random{20261121};
    unsigned taken = 0;
    StringDisk disk;
    for (unsigned i = 0; i < mutants; ++i) {
        disk.bytes = whole;
        for (auto n = random() % 3 + 1; n > 0; --n)
            mutate(disk.bytes, whole, random);
        if (i % 2 == 0)
            repair(disk.bytes, journal_at);
        taken += survives(disk);
    }
    EXPECT_GT(taken, mutants / 1000) << "the test reaches little";
    EXPECT_LT(taken, mutants);
}

TEST(QueueFile, PassesOverOptionalRecordsOfANewerVersionOnly)
{
    StringDisk disk;
    disk.bytes = with_records(0x8063, "future");
    auto reader = read_bytes(disk);
    ASSERT_TRUE(reader) << reader.error().text;
    EXPECT_EQ(*reader->whole_message(), named_sample());
    disk.bytes = with_records(0x0063, "future");
    auto refused = read_bytes(disk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text, "queue file has a record of unknown type 99");
    EXPECT_FALSE(refused.error().temporary());
}

TEST(QueueFile, HoldsManyRecipientsThatAreReadInBatches)
{
    Message message = named_sample();
    message.recipients.clear();
    for (int i = 0; i < 5000; ++i) {
        const std::string address = "user" + std::to_string(i) + "@example.org";
        message.recipients.push_back({address, address, "", 0});
    }
    StringDisk disk;
    disk.bytes = file_of(message, sample_content);
    auto reader = read_bytes(disk);
    ASSERT_TRUE(reader) << reader.error().text;
    std::vector<mail::Recipient> all;
    while (true) {
        auto batch = reader->next_recipients(333);
        ASSERT_TRUE(batch);
        if (batch->empty())
            break;
        EXPECT_LE(batch->size(), 333u);
        all.insert(all.end(), batch->begin(), batch->end());
    }
    EXPECT_EQ(all, message.recipients);
}

TEST(QueueFile, RefusesToWriteAValueThatIsTooLong)
{
    Message message = named_sample();
    message.envelope.sender.assign(record_limit + 1, 'x');
    EXPECT_FALSE(format::encode_envelope(message));
}

// Attack catalogue QF-02.
TEST_F(Reader, RefusesFilesThatWereTamperedWith)
{
    const std::string root = directory_.path() + "/incoming/";
    const std::string id = put(sample_message());
    const auto refused = [&](const std::string& name) {
        auto reader = open(Queue::Incoming, name);
        return !reader && !reader.error().temporary();
    };
    EXPECT_FALSE(refused(id));
    auto foreign = MessageReader::open(disk_, "incoming/" + id, MessageReader::Check::Envelope,
                                       ::getuid() + 1);
    EXPECT_FALSE(foreign);

    ASSERT_EQ(::symlink(id.c_str(), (root + "ABCDEF1").c_str()), 0);
    EXPECT_TRUE(refused("ABCDEF1")) << "symbolic link";
    ASSERT_EQ(::mkfifo((root + "ABCDEF2").c_str(), 0600), 0);
    EXPECT_TRUE(refused("ABCDEF2")) << "FIFO";
    ASSERT_EQ(::mkdir((root + "ABCDEF3").c_str(), 0700), 0);
    EXPECT_TRUE(refused("ABCDEF3")) << "directory";
    EXPECT_TRUE(refused("ABCDEF4")) << "nothing";
    std::filesystem::copy(root + id, root + "ABCDEF5");
    EXPECT_TRUE(refused("ABCDEF5")) << "another name";
    ASSERT_EQ(::link((root + id).c_str(), (root + "ABCDEF6").c_str()), 0);
    EXPECT_TRUE(refused(id)) << "second link";
    ASSERT_EQ(::unlink((root + "ABCDEF6").c_str()), 0);
    ASSERT_EQ(::chmod((root + id).c_str(), 0722), 0);
    EXPECT_TRUE(refused(id)) << "writable by others";
}

TEST_F(Reader, ReportsFailuresOfTheSystemAsTemporary)
{
    const std::string id = put(sample_message());
    const int start = disk_.calls();
    ASSERT_TRUE(open(Queue::Incoming, id));
    const int calls = disk_.calls() - start;
    for (int i = 0; i < calls; ++i) {
        disk_.fail_at = disk_.calls() + i;
        auto reader = open(Queue::Incoming, id);
        ASSERT_FALSE(reader) << i;
        EXPECT_TRUE(reader.error().temporary()) << reader.error().text;
    }
}

} // namespace queue
