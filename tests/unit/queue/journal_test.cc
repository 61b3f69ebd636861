// SPDX-License-Identifier: Apache-2.0
#include "lib/queue/journal.h"

#include <gtest/gtest.h>
#include <random>

#include "lib/queue/journal_format.h"
#include "tests/unit/queue/sample_file.h"

namespace queue {

namespace {

constexpr std::uint32_t recipients = 3;
constexpr std::uint64_t start = 100;

JournalState replay(StringDisk& disk, JournalDetail detail = JournalDetail::All)
{
    auto state = format::replay_journal({disk, -1, start, disk.bytes.size(), recipients}, detail);
    EXPECT_TRUE(state) << state.error().text;
    return state ? *state : JournalState{};
}

StringDisk empty_file()
{
    StringDisk disk;
    disk.bytes.assign(start, 'x');
    return disk;
}

} // namespace

TEST(Journal, RemembersTheSameAsAReplayFinds)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    for (int i = 1; i <= 30; ++i) {
        ASSERT_TRUE(journal.record(0, deferred_outcome(i)));
        ASSERT_TRUE(journal.record(2, deferred_outcome(i * 2)));
        ASSERT_TRUE(journal.note(NoteKind::NextAttempt, i * 1000));
    }
    ASSERT_TRUE(journal.record(2, sent_outcome(99)));
    ASSERT_TRUE(journal.note(NoteKind::Held, 1));
    const JournalState found = replay(disk);
    EXPECT_EQ(found.recipients, journal.state().recipients);
    EXPECT_EQ(found.notes, journal.state().notes);
    EXPECT_EQ(found.end, journal.state().end);
    EXPECT_EQ(found.sequence, journal.state().sequence);
    EXPECT_FALSE(found.damaged);
    EXPECT_EQ(found.recipients[0].attempts, 30u);
    EXPECT_EQ(found.recipients[1].status, mail::Status::Queued);
    EXPECT_TRUE(found.recipients[2].done());
}

TEST(Journal, KeepsWhetherMailWasRelayed)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    mail::Outcome outcome = sent_outcome(1);
    ASSERT_TRUE(journal.record(0, outcome));
    outcome.relayed = !outcome.relayed;
    ASSERT_TRUE(journal.record(1, outcome));
    const JournalState found = replay(disk);
    EXPECT_NE(found.recipients[0].history.at(0).outcome.relayed, outcome.relayed);
    EXPECT_EQ(found.recipients[1].history.at(0).outcome, outcome);
}

TEST(Journal, TakesTheHostOfAnOlderAttemptForARelay)
{
    for (const bool host : {false, true}) {
        mail::Outcome outcome = sent_outcome(1);
        outcome.mta = host ? "mx.example.com" : "";
        std::string value = format::encode_attempt(1, 1, outcome);
        value.pop_back();
        StringDisk disk = empty_file();
        disk.bytes += format::encode_journal_record(
            {format::JournalType::Attempt, static_cast<std::uint32_t>(value.size()), 1, value});
        EXPECT_EQ(replay(disk).recipients[1].history.at(0).outcome.relayed, host);
    }
}

TEST(Journal, KeepsTheClassOfAFailure)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    mail::Outcome outcome = deferred_outcome(1);
    outcome.failure = {mail::FailureClass::MailboxFull, true};
    ASSERT_TRUE(journal.record(0, outcome));
    EXPECT_EQ(replay(disk).recipients[0].history.at(0).outcome, outcome);
}

// An attempt as it was written before there were classes, and one as a later version may write it.
TEST(Journal, ReadsAttemptsOfOtherVersions)
{
    const std::string value = format::encode_attempt(1, 1, deferred_outcome(1));
    const std::string old = value.substr(0, value.size() - 2);
    const std::string later = old + '\x7b' + '\0' + "more";
    for (const std::string& variant : {old, later}) {
        StringDisk disk = empty_file();
        disk.bytes += format::encode_journal_record(
            {format::JournalType::Attempt, static_cast<std::uint32_t>(variant.size()), 1, variant});
        const JournalState state = replay(disk);
        EXPECT_FALSE(state.damaged);
        ASSERT_EQ(state.recipients[1].history.size(), 1u);
        mail::Outcome want = deferred_outcome(1);
        if (variant == later)
            want.failure.kind = mail::FailureClass::Unknown;
        EXPECT_EQ(state.recipients[1].history[0].outcome, want);
    }
}

TEST(Journal, RemembersOfWhomHasBeenTold)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    ASSERT_TRUE(journal.tell({}));
    EXPECT_EQ(disk.bytes.size(), start);
    ASSERT_TRUE(journal.record(0, sent_outcome(1)));
    const std::vector<std::uint32_t> told{0, 2};
    ASSERT_TRUE(journal.tell(told));
    ASSERT_TRUE(journal.record(1, sent_outcome(2)));
    const JournalState found = replay(disk);
    EXPECT_TRUE(found.recipients[0].told);
    EXPECT_FALSE(found.recipients[1].told);
    EXPECT_TRUE(found.recipients[2].told);
    EXPECT_EQ(found.recipients, journal.state().recipients);
    EXPECT_EQ(found.end, journal.state().end);
    EXPECT_FALSE(found.damaged);
    const std::vector<std::uint32_t> wrong{7};
    ASSERT_TRUE(journal.tell(wrong));
    EXPECT_TRUE(replay(disk).damaged);
}

TEST(Journal, KeepsTheFirstAttemptAndTheLatest)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    for (int i = 1; i <= 100; ++i)
        ASSERT_TRUE(journal.record(1, deferred_outcome(i)));
    const RecipientState state = replay(disk).recipients[1];
    ASSERT_EQ(state.history.size(), attempts_kept);
    EXPECT_EQ(state.history.front().number, 1u);
    for (std::size_t i = 1; i < attempts_kept; ++i)
        EXPECT_EQ(state.history[i].number, 100 - attempts_kept + 1 + i);
    EXPECT_EQ(state.history.back().outcome, deferred_outcome(100));
    const RecipientState latest = replay(disk, JournalDetail::Latest).recipients[1];
    ASSERT_EQ(latest.history.size(), 1u);
    EXPECT_EQ(latest.history[0].number, 100u);
    EXPECT_TRUE(replay(disk, JournalDetail::States).recipients[1].history.empty());
}

TEST(Journal, StopsGrowingHoweverOftenAndLongTheRepliesAre)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    std::mt19937 random{1};
    for (int i = 1; i <= 20'000; ++i) {
        mail::Outcome outcome = deferred_outcome(i);
        outcome.text.assign(random() % 3000, 't');
        outcome.reply.assign(random() % 3000, 'r');
        outcome.relay.assign(random() % 500, 'h');
        ASSERT_TRUE(journal.record(0, outcome));
        ASSERT_TRUE(journal.note(NoteKind::NextAttempt, i));
    }
    EXPECT_LT(disk.bytes.size(), 80'000u);
    const JournalState state = replay(disk);
    EXPECT_EQ(state.recipients[0].attempts, 20'000u);
    EXPECT_EQ(state.recipients[0].history.front().number, 1u);
    EXPECT_EQ(state.recipients[0].history.back().number, 20'000u);
    EXPECT_EQ(state.note(NoteKind::NextAttempt), 20'000);
}

TEST(Journal, WritesOneResultInOneSmallWrite)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    ASSERT_TRUE(journal.record(0, deferred_outcome(1)));
    EXPECT_EQ(disk.writes, 1u);
    EXPECT_LE(disk.written, 300u);
    const mail::Outcome sent = sent_outcome(2);
    const mail::Outcome late = deferred_outcome(2);
    const Journal::Entry entries[] = {{0, late}, {1, sent}, {2, sent}};
    ASSERT_TRUE(journal.record(entries));
    EXPECT_EQ(disk.writes, 2u);
    const JournalState state = replay(disk);
    EXPECT_EQ(state.recipients, journal.state().recipients);
    EXPECT_TRUE(state.recipients[2].done());
}

TEST(Journal, IgnoresATornTail)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    ASSERT_TRUE(journal.record(0, sent_outcome(1)));
    const std::size_t first = disk.bytes.size();
    ASSERT_TRUE(journal.record(1, sent_outcome(2)));
    const std::string whole = disk.bytes;
    for (std::size_t size = first; size < whole.size(); ++size) {
        disk.bytes = whole.substr(0, size);
        const JournalState state = replay(disk);
        EXPECT_TRUE(state.recipients[0].done());
        EXPECT_FALSE(state.recipients[1].done()) << size;
        // What comes next goes over the torn record and is found again.
        Journal next{disk, base::Fd{}, state};
        ASSERT_TRUE(next.record(2, sent_outcome(3)));
        const JournalState after = replay(disk);
        EXPECT_TRUE(after.recipients[0].done());
        EXPECT_TRUE(after.recipients[2].done()) << size;
    }
}

TEST(Journal, LosesOnlyOneAttemptToATornOverwrite)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    for (int i = 1; i <= 8; ++i)
        ASSERT_TRUE(journal.record(0, deferred_outcome(i)));
    ASSERT_TRUE(journal.record(1, sent_outcome(1)));
    const std::string before = disk.bytes;
    ASSERT_TRUE(journal.record(0, deferred_outcome(9)));
    const std::string after = disk.bytes;
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t cut = start; cut < after.size(); ++cut) {
        disk.bytes = after.substr(0, cut) + before.substr(cut);
        const JournalState state = replay(disk);
        EXPECT_TRUE(state.recipients[1].done()) << cut;
        EXPECT_GE(state.recipients[0].attempts, 8u) << cut;
        EXPECT_GE(state.recipients[0].history.size(), 7u) << cut;
    }
}

TEST(Journal, ReplaysAnyBytes)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    for (int i = 1; i <= 12; ++i)
        ASSERT_TRUE(journal.record(static_cast<std::uint32_t>(i % 3), deferred_outcome(i)));
    ASSERT_TRUE(journal.note(NoteKind::Held, 1));
    const std::string whole = disk.bytes;
    std::mt19937 random{7};
    for (int i = 0; i < 20'000; ++i) {
        disk.bytes = whole;
        for (unsigned n = random() % 4 + 1; n > 0; --n)
            disk.bytes[start + random() % (whole.size() - start)] = static_cast<char>(random());
        const JournalState state = replay(disk);
        EXPECT_EQ(state.recipients.size(), recipients);
        EXPECT_LE(state.end, whole.size());
    }
}

TEST(Journal, RefusesARecipientThatIsNotThere)
{
    StringDisk disk = empty_file();
    Journal journal{disk, base::Fd{}, replay(disk)};
    EXPECT_FALSE(journal.record(recipients, sent_outcome(1)));
    EXPECT_EQ(disk.writes, 0u);
}

} // namespace queue
