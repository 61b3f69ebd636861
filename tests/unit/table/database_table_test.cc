// SPDX-License-Identifier: Apache-2.0
// Tables in databases, and the modules that they come with, by a module made for tests.
#include "lib/table/database_table.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "lib/base/log_sinks.h"
#include "lib/base/strings.h"
#include "lib/config/main_cf.h"
#include "lib/table/installed_modules.h"
#include "lib/table/tables.h"
#include "tests/unit/table/support.h"

namespace fs = std::filesystem;

namespace table {
namespace {

constexpr std::string_view none = "(none)";
const std::string module_file = "tests/unit/table/fake-module.so";

class DatabaseTable : public ::testing::Test {
protected:
    DatabaseTable() : before_(base::set_log_sink(&log_))
    {
        const char* build = std::getenv("BUILDDIR");
        fs::copy_file(base::cat(build == nullptr ? "." : build, "/", module_file),
                      directory_.file("fake.so"));
        install("mysql fake.so fake_module\n");
        write_main("");
    }
    ~DatabaseTable() override { base::set_log_sink(before_); }

    void install(std::string_view rows) { directory_.write("dynamicmaps.cf", rows); }
    void write_main(std::string_view more)
    {
        config::Faults faults;
        main_ = config::MainCf::parse(base::cat("meta_directory = ", directory_.file(""),
                                                "\nshlib_directory = ", directory_.file(""), "\n",
                                                more),
                                      "main.cf", faults);
        tables_ = std::make_unique<Tables>(Settings{.main = &main_, .warnings = &warnings_});
    }
    // A table with this file.
    Table& open(std::string_view text, Options options = {})
    {
        const std::string name = base::cat("t", ++count_, ".cf");
        return tables_->open("mysql:" + directory_.write(name, text), options);
    }
    static std::string look(Table& table, std::string_view key)
    {
        auto found = table.now(key);
        if (!found)
            return base::cat(found.error().temporary() ? "(later) " : "(never) ",
                             found.error().text);
        return *found ? **found : std::string(none);
    }
    std::string fault() const { return tables_->faults().empty() ? "" : tables_->faults().back(); }
    std::string in_folder(std::string_view name) const
    {
        return directory_.file(std::string(name));
    }

    base::MemoryLogSink log_;
    base::LogSink* before_;
    tests::TemporaryDirectory directory_;
    config::MainCf main_;
    Warnings warnings_;
    std::unique_ptr<Tables> tables_;
    int count_ = 0;
};

TEST_F(DatabaseTable, JoinsResults)
{
    EXPECT_EQ(look(open("values = a b c\n"), "key"), "a,b,c");
    EXPECT_EQ(look(open(""), "key"), none);
    EXPECT_EQ(look(open("values = a@x b@y c\nresult_format = %u at %d\n"), "k"), "a at x,b at y");
    EXPECT_EQ(look(open("query = q='%s'\n"), "Key"), "q='[key]'");
    EXPECT_EQ(look(open("query = q='%s'\n", {.fold = false}), "Key"), "q='[Key]'");
    EXPECT_EQ(fault(), "");
}

TEST_F(DatabaseTable, LeavesOutEmptyValues)
{
    EXPECT_EQ(look(open("values = a \"\" b\n"), "key"), "a,b");
    ASSERT_FALSE(log_.lines.empty());
    EXPECT_NE(log_.lines.back().find("empty lookup result for: \"key\" -- ignored"),
              std::string::npos);
    EXPECT_EQ(look(open("values = \"\"\n"), "key"), none);
}

TEST_F(DatabaseTable, HasLimits)
{
    EXPECT_EQ(look(open("values = a b\nexpansion_limit = 2\n"), "key"), "a,b");
    EXPECT_EQ(look(open("values = a b c\nexpansion_limit = 2\n"), "key"),
              "(later) Expansion limit exceeded for key: 'key'");
}

TEST_F(DatabaseTable, ErrorsAreTemporary)
{
    EXPECT_EQ(look(open("fails = gone away\n"), "key"), "(later) gone away");
    ASSERT_FALSE(log_.lines.empty());
    EXPECT_EQ(log_.lines.back(), "warning: a word before it fails");
}

TEST_F(DatabaseTable, KeysThatDoNotFitAreNotAskedFor)
{
    Table& table = open("fails = asked\nresult_format = %s@%D\n");
    EXPECT_EQ(look(table, "user"), none);
    EXPECT_EQ(look(table, "user@x.org"), "(later) asked");
    EXPECT_EQ(look(table, std::string_view("a\0b@x.org", 9)), none);
    EXPECT_EQ(look(table, ""), none);
    EXPECT_EQ(look(open("fails = asked\n", {.utf8 = false}), "a\xff@x.org"), none);
}

TEST_F(DatabaseTable, AsksForItsDomainsOnly)
{
    Table& table = open("values = yes\ndomain = x.org, inline:{y.org=1}\n");
    EXPECT_EQ(look(table, "user@x.org"), "yes");
    EXPECT_EQ(look(table, "user@Y.org"), "yes");
    EXPECT_EQ(look(table, "user@sub.x.org"), none);
    EXPECT_EQ(look(table, "@x.org"), none);
    EXPECT_EQ(look(table, "x.org"), none);
    EXPECT_EQ(look(table, "user@"), none);
    EXPECT_EQ(look(open("values = yes\ndomain = fail:x\n"), "u@x.org").substr(0, 7), "(later)");
}

TEST_F(DatabaseTable, WhoseDomainIsItselfIsRefused)
{
    const std::string spec = "mysql:" + directory_.file("self.cf");
    directory_.write("self.cf", "values = a\ndomain = " + spec + "\n");
    EXPECT_EQ(look(tables_->open(spec), "u@x.org").substr(0, 7), "(later)");
}

TEST_F(DatabaseTable, FaultsOfItsFileAreToldWithTheirPlace)
{
    EXPECT_EQ(look(open("\nvalues = a\nvlaues = b\n"), "k"), "a");
    ASSERT_EQ(warnings_.size(), 1U);
    EXPECT_EQ(warnings_[0], in_folder("t1.cf") + ", line 3: unused parameter: vlaues=b");
    EXPECT_EQ(look(open("expansion_limit = x\n"), "k").substr(0, 7), "(later)");
    EXPECT_EQ(fault(), base::cat("mysql:", in_folder("t2.cf"), ": ", in_folder("t2.cf"),
                                 ", line 1: bad numerical configuration: expansion_limit = x"));
    open("query =\n");
    EXPECT_EQ(fault(), base::cat("mysql:", in_folder("t3.cf"), ": query is empty"));
}

TEST_F(DatabaseTable, MayBeInMainCf)
{
    write_main("mine_values = a b\nmine_result_format = <%s>\n");
    Table& table = tables_->open("mysql:mine");
    EXPECT_EQ(look(table, "key"), "<a>,<b>");
    EXPECT_EQ(table.owner(), uid_t{0});
}

TEST_F(DatabaseTable, NoticesAnotherFileInItsPlace)
{
    directory_.write("data", "1");
    Table& table = open("values = a\nwatched = " + in_folder("data") + "\n");
    EXPECT_EQ(table.owner(), ::geteuid());
    EXPECT_FALSE(table.stale());
    std::ofstream(in_folder("data"))
        << "2"; // The same file with other content is the database's business.
    EXPECT_FALSE(table.stale());
    directory_.write("data2", "3");
    fs::rename(in_folder("data2"), in_folder("data"));
    EXPECT_TRUE(table.stale());
    Table& other = open("values = a\n");
    EXPECT_FALSE(other.stale());
    fs::last_write_time(in_folder("t2.cf"),
                        fs::file_time_type::clock::now() + std::chrono::hours(1));
    EXPECT_TRUE(other.stale());
}

TEST_F(DatabaseTable, ModulesAreFoundByTheLinesOfDynamicmaps)
{
    fs::create_directory(in_folder("dynamicmaps.cf.d"));
    directory_.write("dynamicmaps.cf.d/b.cf", "sqlite fake.so fake_module\n");
    directory_.write("dynamicmaps.cf.d/c.cf.bak", "ldap fake.so fake_module\n");
    directory_.write("dynamicmaps.cf.d/a.cf", "# type\n\npgsql " + in_folder("fake.so") +
                                                  "\tfake_module\tunused\nlmdb x y\npcre\n");
    install("mysql none.so fake_module\n");
    fs::copy_file(in_folder("fake.so"), in_folder("posthouse-ldap.so"));
    InstalledModules modules({directory_.file(""), directory_.file("")});
    EXPECT_EQ(modules.types(), (std::vector<std::string>{"pgsql", "sqlite"}));
    ASSERT_EQ(modules.warnings().size(), 1U);
    EXPECT_TRUE(modules.warnings()[0].ends_with("a.cf, line 5: expected \"type module function\""));
    EXPECT_TRUE(modules.load("pgsql"));
    auto missing = modules.load("mysql");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().text, "unsupported dictionary type: mysql (install posthouse-mysql)");
    EXPECT_FALSE(modules.load("ldap"));
    // The line that Postfix's own package leaves behind means our module.
    install("ldap postfix-ldap.so dict_ldap_open\n");
    InstalledModules taken_over({directory_.file(""), directory_.file("")});
    EXPECT_EQ(taken_over.types(), (std::vector<std::string>{"ldap", "pgsql", "sqlite"}));
}

TEST_F(DatabaseTable, ModulesThatAreNoneAreRefused)
{
    const struct {
        std::string_view row, why;
    } cases[] = {
        {"mysql fake.so no_such_function", "no_such_function"},
        {"mysql fake.so of_another_release", "is of another release (install posthouse-mysql)"},
        {"mysql text.so fake_module", "invalid ELF header"},
    };
    directory_.write("text.so", std::string(1000, 'x'));
    for (const auto& one : cases) {
        install(one.row);
        InstalledModules modules({directory_.file(""), directory_.file("")});
        auto loaded = modules.load("mysql");
        ASSERT_FALSE(loaded) << one.row;
        EXPECT_NE(loaded.error().text.find(one.why), std::string::npos) << loaded.error().text;
    }
}

TEST_F(DatabaseTable, ModulesThatOthersMayWriteAreRefused)
{
    ASSERT_TRUE(check_trusted(in_folder("fake.so")));
    ASSERT_EQ(::chmod(in_folder("fake.so").c_str(), 0666), 0);
    EXPECT_FALSE(check_trusted(in_folder("fake.so")));
    InstalledModules modules({directory_.file(""), directory_.file("")});
    auto loaded = modules.load("mysql");
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().text.find("must not be writable by group or others"),
              std::string::npos);
    ASSERT_EQ(::chmod(in_folder("fake.so").c_str(), 0644), 0);
    ASSERT_EQ(::chmod(in_folder("").c_str(), 0777), 0);
    EXPECT_FALSE(check_trusted(in_folder("fake.so")));
    ASSERT_EQ(::chmod(in_folder("").c_str(), 0755), 0);
    if (::geteuid() != 0)
        return;
    ASSERT_EQ(::chown(in_folder("dynamicmaps.cf").c_str(), 1, 0), 0);
    InstalledModules unowned({directory_.file(""), directory_.file("")});
    EXPECT_TRUE(unowned.types().empty());
    ASSERT_FALSE(unowned.warnings().empty());
    EXPECT_TRUE(unowned.warnings()[0].ends_with("must be owned by root"));
}

} // namespace
} // namespace table
