// SPDX-License-Identifier: Apache-2.0
// Taking over a Postfix queue: every message once, whatever fails and wherever it is interrupted.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>

#include "tests/unit/queue/queue_fixture.h"
#include "tools/postfix/spool/importer.h"

namespace spool {
namespace {

namespace fs = std::filesystem;
using queue::Queue;

// The same disk, one directory deeper: a crash stops both sides.
class SubDisk final : public queue::Disk {
public:
    using Errno = queue::Errno;
    SubDisk(queue::Disk& disk, std::string prefix) : disk_(disk), prefix_(std::move(prefix)) {}
    Errno create_unnamed(const std::string& d, mode_t m, base::Fd& f) override
    {
        return disk_.create_unnamed(prefix_ + d, m, f);
    }
    Errno create(const std::string& p, mode_t m, base::Fd& f) override
    {
        return disk_.create(prefix_ + p, m, f);
    }
    Errno open(const std::string& p, queue::Access a, base::Fd& f) override
    {
        return disk_.open(prefix_ + p, a, f);
    }
    Errno write(int f, std::span<const std::string_view> p) override { return disk_.write(f, p); }
    Errno pwrite(int f, std::string_view b, std::uint64_t o) override
    {
        return disk_.pwrite(f, b, o);
    }
    Errno pread(int f, std::span<char> r, std::uint64_t o, std::size_t& g) override
    {
        return disk_.pread(f, r, o, g);
    }
    Errno truncate(int f, std::uint64_t s) override { return disk_.truncate(f, s); }
    Errno status(int f, queue::FileStatus& s) override { return disk_.status(f, s); }
    Errno status(const std::string& p, queue::FileStatus& s) override
    {
        return disk_.status(prefix_ + p, s);
    }
    Errno set_mode(int f, mode_t m) override { return disk_.set_mode(f, m); }
    Errno set_modified(const std::string& p, base::WallTime w) override
    {
        return disk_.set_modified(prefix_ + p, w);
    }
    void start_sync(int f) override { disk_.start_sync(f); }
    Errno sync(int f) override { return disk_.sync(f); }
    Errno close(base::Fd& f) override { return disk_.close(f); }
    Errno sync_directory(const std::string& d) override
    {
        return disk_.sync_directory(prefix_ + d);
    }
    Errno link(int f, const std::string& p) override { return disk_.link(f, prefix_ + p); }
    Errno link(const std::string& a, const std::string& b) override
    {
        return disk_.link(prefix_ + a, prefix_ + b);
    }
    Errno rename(const std::string& a, const std::string& b) override
    {
        return disk_.rename(prefix_ + a, prefix_ + b);
    }
    Errno remove(const std::string& p) override { return disk_.remove(prefix_ + p); }
    Errno make_directory(const std::string& p, mode_t m) override
    {
        return disk_.make_directory(prefix_ + p, m);
    }
    Errno set_owner(const std::string& p, uid_t u, gid_t g) override
    {
        return disk_.set_owner(prefix_ + p, u, g);
    }
    Errno set_mode(const std::string& p, mode_t m) override
    {
        return disk_.set_mode(prefix_ + p, m);
    }
    Errno list(const std::string& d, std::unique_ptr<queue::DirectoryListing>& n) override
    {
        return disk_.list(prefix_ + d, n);
    }
    Errno free_bytes(std::uint64_t& b) override { return disk_.free_bytes(b); }

private:
    queue::Disk& disk_;
    std::string prefix_;
};

class ImporterTest : public queue::QueueTest {
protected:
    ImporterTest()
    {
        const char* source = std::getenv("SRCDIR");
        samples_ = fs::path(source == nullptr ? "." : source) / "fuzz/corpus/spool_message";
    }

    std::string place(const char* sample, const std::string& path, mode_t mode = 0700)
    {
        const std::string to = root() + "/" + path;
        fs::create_directories(fs::path(to).parent_path());
        fs::copy_file(samples_ / sample, to, fs::copy_options::overwrite_existing);
        EXPECT_EQ(::chmod(to.c_str(), mode), 0);
        return to;
    }
    // A queue of Postfix with one message in each of its parts.
    void fill()
    {
        place("partly_done", "theirs/deferred/D/DFAB2A72586");
        place("held", "theirs/hold/D8DB9A72573");
        place("milter_body", "theirs/active/BF53BA7255F");
        place("dsn", "theirs/incoming/AC60FA72557");
        place("maildrop_flags", "theirs/maildrop/220EBA72356", 0744);
        fs::create_directories(root() + "/theirs/saved");
        fs::create_directories(root() + "/theirs/defer/D");
        fs::copy_file(samples_ / "../spool_log/two_recipients",
                      root() + "/theirs/defer/D/DFAB2A72586", fs::copy_options::overwrite_existing);
    }
    const std::string& root() const { return directory_.path(); }

    // Runs over `disk`, which serves both sides: a crash stops both.
    Counts run(queue::Disk& disk)
    {
        queue::Directories ours(disk, {});
        SubDisk theirs(disk, "theirs/");
        Importer importer(ours, {theirs, root() + "/theirs", false});
        auto resumed = importer.resume();
        for (const Queue from :
             {Queue::Maildrop, Queue::Incoming, Queue::Active, Queue::Deferred, Queue::Hold})
            (void)importer.import(from);
        return importer.counts();
    }
    // Ids, with the queue where each lies; a message that is there twice shows twice.
    std::multimap<std::string, std::string> messages() const
    {
        std::multimap<std::string, std::string> found;
        for (const Queue from : {Queue::Maildrop, Queue::Incoming, Queue::Active, Queue::Deferred,
                                 Queue::Hold, Queue::Corrupt}) {
            auto scan = queue_.scan(from);
            for (auto id = scan.next(); id && *id; id = scan.next())
                found.emplace(**id, queue::queue_name(from));
        }
        return found;
    }

    fs::path samples_;
};

const std::multimap<std::string, std::string> all_messages = {
    {"DFAB2A72586", "deferred"}, {"D8DB9A72573", "hold"},     {"BF53BA7255F", "incoming"},
    {"AC60FA72557", "incoming"}, {"220EBA72356", "maildrop"},
};

TEST_F(ImporterTest, TakesEachQueueOver)
{
    fill();
    const auto counts = run(disk_);
    EXPECT_EQ(counts.imported, 5u);
    EXPECT_EQ(counts.left, 0u);
    EXPECT_EQ(messages(), all_messages);
    for (const auto& one : fs::recursive_directory_iterator(root() + "/theirs"))
        EXPECT_TRUE(one.is_directory()) << one.path();
    EXPECT_TRUE(fs::is_empty(root() + "/saved"));
}

TEST_F(ImporterTest, KeepsWhoSubmittedWhatIsInMaildrop)
{
    fill();
    ASSERT_EQ(disk_.set_mode("theirs/maildrop/220EBA72356", 0744), 0);
    run(disk_);
    const std::string path = queue_.path(Queue::Maildrop, "220EBA72356");
    queue::FileStatus status;
    ASSERT_EQ(disk_.status(path, status), 0);
    EXPECT_EQ(status.mode & 0777u, 0740u); // What postdrop writes, not what was requeued.
    auto reader = queue::MessageReader::open(disk_, path, queue::MessageReader::Check::Content);
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->message().attribute("uid"), base::cat(::getuid()));
}

TEST_F(ImporterTest, KeepsHistoryAndTimes)
{
    fill();
    const std::string original = root() + "/theirs/deferred/D/DFAB2A72586";
    const auto next = base::from_unix_seconds(1'900'000'000);
    ASSERT_EQ(disk_.set_modified("theirs/deferred/D/DFAB2A72586", next), 0);
    run(disk_);
    const std::string path = queue_.path(Queue::Deferred, "DFAB2A72586");
    queue::FileStatus status;
    ASSERT_EQ(disk_.status(path, status), 0);
    EXPECT_EQ(status.modified, next);
    auto reader =
        queue::MessageReader::open(disk_, path, queue::MessageReader::Check::Content, ::getuid());
    ASSERT_TRUE(reader);
    auto message = reader->whole_message();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->attribute(queue::attribute::imported_from), original);
    EXPECT_EQ(message->attribute(queue::attribute::original_queue_id), "");
    ASSERT_EQ(message->recipients.size(), 2u); // The one that was delivered is not there.
    EXPECT_EQ(message->recipients[1].address, "z@x.test");
    auto journal = reader->journal(queue::JournalDetail::All);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->note(queue::NoteKind::NextAttempt), 1'900'000'000'000'000);
    for (const auto& state : journal->recipients) {
        EXPECT_EQ(state.status, mail::Status::Deferred);
        ASSERT_EQ(state.history.size(), 1u);
        EXPECT_TRUE(state.history[0].outcome.text.ends_with("Connection refused"));
    }
}

TEST_F(ImporterTest, ForcedExpirationAndFailuresThatNobodyWasToldOfStay)
{
    fill();
    const std::string path = place("partly_done", "theirs/deferred/D/DFAB2A72586", 0710);
    fs::create_directories(root() + "/theirs/bounce");
    // As if the recipient that is done had failed, and the machine had stopped before the notice.
    std::ifstream file(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto offset = bytes.find("D\tk@ok.test");
    ASSERT_NE(offset, std::string::npos);
    std::ofstream(root() + "/theirs/bounce/DFAB2A72586")
        << "recipient=k@ok.test\noffset=" << offset << "\nstatus=5.1.1\nreason=no such user\n\n";
    run(disk_);
    auto reader = queue::MessageReader::open(disk_, queue_.path(Queue::Deferred, "DFAB2A72586"),
                                             queue::MessageReader::Check::Content);
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->layout().recipient_count, 3u);
    EXPECT_EQ(reader->journal(queue::JournalDetail::States)->note(queue::NoteKind::Expired), 1);
}

TEST_F(ImporterTest, LeavesWhatIsNoMessage)
{
    place("held", "theirs/incoming/A0000000001", 0600); // Not complete.
    place("held", "theirs/incoming/not-an-id");
    std::ofstream(root() + "/theirs/incoming/A0000000002") << "garbage";
    ::chmod((root() + "/theirs/incoming/A0000000002").c_str(), 0700);
    fs::create_symlink("/etc/passwd", root() + "/theirs/incoming/A0000000003");
    ASSERT_EQ(::mkfifo((root() + "/theirs/incoming/A0000000004").c_str(), 0700), 0);
    place("held", "theirs/incoming/A0000000005");
    fs::create_hard_link(root() + "/theirs/incoming/A0000000005", root() + "/theirs/second");
    const auto counts = run(disk_);
    EXPECT_EQ(counts.imported, 0u);
    EXPECT_EQ(counts.left, 6u);
    EXPECT_TRUE(messages().empty());
    EXPECT_TRUE(fs::exists(root() + "/theirs/incoming/A0000000002"));
    EXPECT_TRUE(fs::is_empty(root() + "/saved"));
}

TEST_F(ImporterTest, AnIdInUseIsReplaced)
{
    fill();
    auto made = write(queue::sample_content, queue::sample_message(), Queue::Hold);
    ASSERT_TRUE(made);
    ASSERT_TRUE(commit(disk_, *made));
    fs::rename(root() + "/theirs/hold/D8DB9A72573", root() + "/theirs/hold/" + made->id);
    const auto counts = run(disk_);
    EXPECT_EQ(counts.imported, 5u);
    EXPECT_EQ(messages().size(), 6u);
    EXPECT_EQ(messages().count(made->id), 1u);
}

TEST_F(ImporterTest, WhatWasNotUnderstoodIsKeptAside)
{
    fill();
    // An attribute of another name.
    const std::string path = root() + "/theirs/hold/D8DB9A72573";
    std::ifstream in(path, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    bytes.replace(bytes.find("server_port"), 11, "serves_beer");
    std::ofstream(path, std::ios::binary) << bytes;
    EXPECT_EQ(run(disk_).imported, 5u);
    EXPECT_EQ(messages(), all_messages);
    EXPECT_TRUE(fs::exists(root() + "/theirs/saved/D8DB9A72573"));
}

class InterruptedImport : public ImporterTest {
protected:
    // Two messages, in a state as before the import.
    void begin_anew()
    {
        for (const auto& one : messages())
            fs::remove(root() + "/" + queue_.path(*queue_.find(one.first), one.first));
        fs::create_directories(root() + "/theirs/saved");
        place("partly_done", "theirs/deferred/D/DFAB2A72586");
        place("held", "theirs/hold/D8DB9A72573");
    }
    int calls()
    {
        begin_anew();
        queue::FaultDisk counting(disk_);
        run(counting);
        EXPECT_EQ(messages(), both);
        EXPECT_GT(counting.calls(), 40);
        return counting.calls();
    }
    void fail(int at, bool dead_after, bool power_goes)
    {
        begin_anew();
        queue::FaultDisk faulty(disk_);
        faulty.fail_at = at;
        faulty.dead_after = dead_after;
        run(faulty);
        if (power_goes)
            faulty.crash();
        for (const auto& one : messages())
            EXPECT_EQ(messages().count(one.first), 1u);
    }
    void expect_ended_by_next(int at)
    {
        run(disk_);
        ASSERT_EQ(messages(), both) << "call " << at;
        ASSERT_TRUE(fs::is_empty(root() + "/saved")) << "call " << at;
    }
    const std::multimap<std::string, std::string> both = {{"DFAB2A72586", "deferred"},
                                                          {"D8DB9A72573", "hold"}};
};

TEST_F(InterruptedImport, ByAKillAtAnyCall)
{
    const int count = calls();
    for (int at = 0; at < count; ++at) {
        fail(at, true, false);
        expect_ended_by_next(at);
    }
}

TEST_F(InterruptedImport, ByAnErrorOfAnyCall)
{
    const int count = calls();
    for (int at = 0; at < count; ++at) {
        fail(at, false, false);
        expect_ended_by_next(at);
    }
}

TEST_F(InterruptedImport, ByAMachineThatLosesWhatWasNotSynced)
{
    const int count = calls();
    for (int at = 0; at < count; ++at) {
        fail(at, true, true);
        expect_ended_by_next(at);
    }
}

} // namespace
} // namespace spool
