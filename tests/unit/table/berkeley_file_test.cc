// SPDX-License-Identifier: Apache-2.0
// Files of Berkeley DB, and hash: and btree: tables on them. The samples in fuzz/corpus/berkeley
// were made with db5.3_load, with pages of 512 bytes.
#include "lib/table/berkeley_file.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/table/file_table.h"
#include "lib/table/lmdb_file.h"
#include "lib/table/tables.h"
#include "tests/unit/table/support.h"

namespace table {
namespace {

constexpr std::string_view none = "(none)";

std::string shown(const Found& found)
{
    if (!found)
        return base::cat(found.error().temporary() ? "temporary: " : "permanent: ",
                         found.error().text);
    return *found ? **found : std::string(none);
}

std::string sample(std::string_view name)
{
    const char* source = std::getenv("SRCDIR");
    return base::cat(source != nullptr ? source : ".", "/fuzz/corpus/berkeley/", name);
}

std::string content(std::string_view name)
{
    return base::read_file(sample(name), 1 << 20).value();
}

base::Result<BerkeleyReader> reader_of(std::string_view bytes)
{
    base::Fd file(::memfd_create("berkeley", MFD_CLOEXEC));
    EXPECT_TRUE(base::write_all(file.number(), bytes));
    return BerkeleyReader::of(std::move(file));
}

void set_age(const std::string& path, int seconds)
{
    const timespec times[2] = {{0, UTIME_OMIT}, {1'700'000'000 - seconds, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

class BerkeleyTest : public ::testing::Test {
protected:
    // A copy of a sample as FILE.db.
    void copy(std::string_view name, const std::string& file) const
    {
        std::filesystem::copy_file(sample(name), directory_.file(file) + ".db",
                                   std::filesystem::copy_options::overwrite_existing);
    }
    bool stale() { return tables_.stale(now_ += std::chrono::seconds(1)); }

    test::Directory directory_;
    Warnings warnings_;
    Tables tables_{{.warnings = &warnings_}};
    base::MonoTime now_{};
};

TEST_F(BerkeleyTest, FindsWhatIsThereAndNothingElse)
{
    const std::string long_key(300, 'k');
    for (std::string_view name : {"hash.db", "btree.db", "swapped_hash.db", "swapped_btree.db"}) {
        auto reader = BerkeleyReader::open(sample(name));
        ASSERT_TRUE(reader) << name << reader.error().text;
        for (int i = 1; i <= 60; ++i)
            EXPECT_EQ(shown(reader->find(base::cat("user", i))), base::cat("dest", i)) << name;
        EXPECT_EQ(shown(reader->find("long")), std::string(1500, 'y')) << name;
        EXPECT_EQ(shown(reader->find(long_key)), "long key") << name;
        EXPECT_EQ(shown(reader->find("plain")), "no nul") << name;
        for (const std::string& key : {std::string(), std::string("user"), std::string("user61"),
                                       std::string("zzz"), std::string(300, 'j')})
            EXPECT_EQ(shown(reader->find(key)), none) << name << " " << key;
    }
}

TEST_F(BerkeleyTest, ListsAllEntriesOnce)
{
    for (std::string_view name : {"hash.db", "btree.db", "swapped_hash.db", "swapped_btree.db"}) {
        auto reader = BerkeleyReader::open(sample(name));
        ASSERT_TRUE(reader);
        auto all = reader->all();
        ASSERT_TRUE(all) << name << all.error().text;
        EXPECT_EQ(all->size(), 63u) << name;
        EXPECT_TRUE(!name.ends_with("btree.db") || std::is_sorted(all->begin(), all->end()));
        for (const auto& [key, value] : *all)
            EXPECT_EQ(shown(reader->find(key)), value) << name;
    }
}

TEST_F(BerkeleyTest, EmptyTablesAreEmpty)
{
    for (std::string_view name : {"empty_hash.db", "empty_btree.db"}) {
        auto reader = BerkeleyReader::open(sample(name));
        ASSERT_TRUE(reader) << name;
        EXPECT_EQ(shown(reader->find("a")), none) << name;
        EXPECT_EQ(reader->all().value().size(), 0u) << name;
    }
}

TEST_F(BerkeleyTest, RefusesWhatLookupTablesDoNotHave)
{
    for (std::string_view name : {"duplicates_hash.db", "duplicates_btree.db"}) {
        auto reader = BerkeleyReader::open(sample(name));
        ASSERT_FALSE(reader) << name;
        EXPECT_NE(reader.error().text.find("database has duplicates"), std::string::npos);
    }
    struct {
        std::size_t at;
        char value;
        std::string_view want;
    } cases[] = {{12, 1, "no hash or btree file"},
                 {16, 10, "format version 10"},
                 {20, 1, "page size"},
                 {24, 1, "encryption"},
                 {26, 1, "checksums"},
                 {92, 0, "hash function"}};
    for (const auto& c : cases) {
        std::string bytes = content("hash.db");
        bytes[c.at] = c.value;
        auto reader = reader_of(bytes);
        ASSERT_FALSE(reader) << c.want;
        EXPECT_TRUE(reader.error().temporary());
        EXPECT_NE(reader.error().text.find(c.want), std::string::npos) << reader.error().text;
    }
    EXPECT_FALSE(BerkeleyReader::open("/dev/null"));
    EXPECT_FALSE(BerkeleyReader::open(directory_.file("gone.db")));
}

// How many of three look-ups fail. What is there is found, or fails for the time being.
int failures_in(std::string_view bytes)
{
    int failures = 0;
    auto reader = reader_of(bytes);
    for (std::string_view key : {"user1", "user42", "long"}) {
        auto found = reader ? reader->find(key) : Found(reader.error());
        EXPECT_TRUE(found ? found->has_value() : found.error().temporary()) << bytes.size() << key;
        failures += found ? 0 : 1;
    }
    return failures;
}

TEST_F(BerkeleyTest, TruncatedFilesGiveTemporaryErrorsOrTheTruth)
{
    for (std::string_view name : {"hash.db", "btree.db"}) {
        const std::string bytes = content(name);
        int failures = 0;
        for (std::size_t size = 0; size < bytes.size(); size += 64)
            failures += failures_in(std::string_view(bytes).substr(0, size));
        EXPECT_GT(failures, 20) << name;
        EXPECT_EQ(failures_in(bytes), 0) << name;
    }
}

// A chain of pages that leads back must end.
TEST_F(BerkeleyTest, CirclesEnd)
{
    for (std::string_view name : {"hash.db", "btree.db"}) {
        const std::string bytes = content(name);
        int errors = 0;
        for (std::size_t page = 1; page < bytes.size() / 512; ++page) {
            std::string bad = bytes;
            bad[page * 512 + 16] = static_cast<char>(page); // The next page is this one.
            auto reader = reader_of(bad);
            ASSERT_TRUE(reader);
            errors += reader->all() ? 0 : 1;
            for (std::string_view key : {"no-such-key", "user7", "long"})
                (void)reader->find(key);
        }
        EXPECT_GT(errors, 5) << name;
    }
}

TEST_F(BerkeleyTest, EveryByteMayBeWrong)
{
    for (std::string_view name : {"hash.db", "btree.db"}) {
        const std::string bytes = content(name);
        int errors = 0;
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            std::string bad = bytes;
            bad[at] = static_cast<char>(bad[at] ^ 0x5f);
            auto reader = reader_of(bad);
            auto all = reader ? reader->all()
                              : base::Result<std::vector<BerkeleyReader::Pair>>(reader.error());
            errors += all ? 0 : 1;
            if (reader)
                (void)reader->find("user7");
        }
        EXPECT_GT(errors, 100) << name;
    }
}

TEST_F(BerkeleyTest, WriterLocksReadersOutForTheTimeBeing)
{
    copy("hash.db", "t");
    Table& table = tables_.open("hash:" + directory_.file("t"));
    base::Fd writer(::open(directory_.file("t.db").c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(::flock(writer.number(), LOCK_EX), 0);
    EXPECT_NE(shown(table.now("user1")).find("temporary: "), std::string::npos);
    EXPECT_NE(shown(table.now("user1")).find("is being written"), std::string::npos);
    writer.reset();
    EXPECT_EQ(shown(table.now("user1")), "dest1");
    // And the reader leaves no lock behind.
    base::Fd next(::open(directory_.file("t.db").c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_EQ(::flock(next.number(), LOCK_EX | LOCK_NB), 0);
}

TEST_F(BerkeleyTest, TablesServeWhatIsNewer)
{
    const std::string file = directory_.file("t");
    copy("btree.db", "t");
    set_age(file + ".db", 100);
    EXPECT_EQ(index_path(file, Index::Lmdb), std::nullopt);
    for (std::string_view type : {"hash:", "btree:"}) {
        Table& table = tables_.open(base::cat(type, file));
        EXPECT_EQ(shown(table.now("USER1")), "dest1");
        EXPECT_EQ(table.owner(), ::geteuid());
    }
    EXPECT_TRUE(shown(tables_.open("lmdb:" + file).now("user1")).starts_with("temporary: "));
    EXPECT_EQ(index_entries(file, Index::LmdbOrBerkeley).value().size(), 63u);

    ASSERT_TRUE(write_lmdb(file + ".lmdb", {{"user1", "new"}}, {}));
    struct {
        int age;
        std::string_view want;
    } cases[] = {{99, "new"}, {100, "new"}, {101, "dest1"}};
    Table& table = tables_.open("hash:" + file);
    for (const auto& c : cases) {
        set_age(file + ".lmdb", c.age);
        Tables fresh({});
        EXPECT_EQ(shown(fresh.open("hash:" + file).now("user1")), c.want) << c.age;
        (void)stale(); // lmdb: that was not there is stale for good; hash: follows.
        EXPECT_EQ(shown(table.now("user1")), c.want) << c.age;
    }
}

static void write_in_place(const std::string& path, std::string_view text)
{
    std::ofstream(path, std::ios::binary) << text;
}

TEST_F(BerkeleyTest, WrittenInPlaceIsSeenAtOnceAndReplacedAtTheNextLook)
{
    const std::string file = directory_.file("t");
    copy("empty_hash.db", "t");
    Table& table = tables_.open("hash:" + file);
    EXPECT_EQ(shown(table.now("user1")), none);
    write_in_place(directory_.file("t.db"), content("hash.db"));
    EXPECT_EQ(shown(table.now("user1")), "dest1");
    EXPECT_FALSE(stale());
    copy("empty_hash.db", "new");
    std::filesystem::rename(file.substr(0, file.size() - 1) + "new.db", file + ".db");
    EXPECT_FALSE(stale());
    EXPECT_EQ(shown(table.now("user1")), none);
    // Damage in place, and repair.
    write_in_place(directory_.file("t.db"), content("hash.db").substr(0, 1000));
    EXPECT_TRUE(shown(table.now("user1")).starts_with("temporary: "));
    write_in_place(directory_.file("t.db"), content("hash.db"));
    EXPECT_EQ(shown(table.now("user1")), "dest1");
}

// In a jail names are out of reach.
TEST_F(BerkeleyTest, SeesFromInsideAJailThatThereIsSomethingNewer)
{
    copy("hash.db", "t");
    const std::string path = directory_.file("t.db");
    auto reader = BerkeleyReader::open(path);
    ASSERT_TRUE(reader);
    EXPECT_TRUE(reader->is_current("/nonexistent"));
    struct stat before = {};
    struct stat after = {};
    ASSERT_EQ(::stat(path.c_str(), &before), 0);
    ::usleep(20'000); // The clock of the file system has ticks.
    nudge_berkeley(path);
    ASSERT_EQ(::stat(path.c_str(), &after), 0);
    EXPECT_FALSE(reader->is_current("/nonexistent"));
    EXPECT_EQ(before.st_mode, after.st_mode);
    EXPECT_EQ(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
    EXPECT_EQ(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    nudge_berkeley(directory_.file("gone.db"));
}

TEST_F(BerkeleyTest, OlderThanItsSourceIsAWarning)
{
    copy("hash.db", "t");
    directory_.write("t", "user1 x\n");
    set_age(directory_.file("t.db"), 100);
    EXPECT_EQ(shown(tables_.open("hash:" + directory_.file("t")).now("user1")), "dest1");
    ASSERT_EQ(warnings_.size(), 1u);
    EXPECT_NE(warnings_[0].find("t.db is older than source file"), std::string::npos);
}

} // namespace
} // namespace table
