// SPDX-License-Identifier: Apache-2.0
// Runs postqueue, postsuper, postcat and showq on a queue directory of known messages, and compares
// what they print with tests/golden/queue_tools/cases/*. A case is any number of runs: "== COMMAND"
// (words as the shell takes them; $NAME stands for a message's id, and for its path in postcat) and
// the output of both streams, with ids written back as names, and the exit status. The queue is
// made anew for each case. GOLDEN_UPDATE=1 writes the cases anew. Root only, because postsuper is.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <pwd.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/queue/reader.h"
#include "lib/queue/system_disk.h"
#include "lib/queue/writer.h"

namespace {

namespace fs = std::filesystem;
using queue::Queue;

constexpr const char* owner_name = "nobody";

std::string from_environment(const char* name, const char* otherwise)
{
    const char* value = std::getenv(name);
    return value != nullptr ? value : otherwise;
}

constexpr std::string_view content = "Received: by mx.example\r\n"
                                     "Subject: \xc3\xa4 sample\r\n"
                                     "\r\n"
                                     "Hello,\r\n"
                                     ".dot\r\n"
                                     "\r\n"
                                     "no end";

mail::Outcome deferred(std::string text)
{
    return {mail::Status::Deferred,
            "4.4.1",
            std::move(text),
            "mx.example.org[192.0.2.2]:25",
            "",
            "",
            base::from_unix_seconds(1'700'000'100)};
}

class Instance {
public:
    Instance()
    {
        char name[] = "/tmp/queue_tools_test.XXXXXX";
        directory_ = ::mkdtemp(name);
        fs::permissions(directory_, fs::perms(0755));
        for (const char* sub : {"/etc", "/data", "/queue"})
            fs::create_directory(directory_ + sub);
        const passwd* owner = ::getpwnam(owner_name);
        owner_ = owner == nullptr ? 0 : owner->pw_uid;
        EXPECT_EQ(::chown((directory_ + "/data").c_str(), owner_, static_cast<gid_t>(-1)), 0);
        std::ofstream(directory_ + "/etc/main.cf")
            << "compatibility_level = 3.6\nmyhostname = host.example\nmail_owner = " << owner_name
            << "\nqueue_directory = " << directory_ << "/queue\ndata_directory = " << directory_
            << "/data\nmaillog_file = /dev/stdout\n";
        disk_ = std::move(queue::SystemDisk::open(directory_ + "/queue")).value();
        directories_.emplace(*disk_, queue::Directories::Options{});
        EXPECT_TRUE(directories_->create_missing({0, owner_, ::getgid()}));
        fill();
        for (const char* queue : {"/queue/deferred", "/queue/active", "/queue/hold"})
            for (const auto& entry : fs::recursive_directory_iterator(directory_ + queue))
                EXPECT_EQ(::chown(entry.path().c_str(), owner_, static_cast<gid_t>(-1)), 0);
    }
    ~Instance() { fs::remove_all(directory_); }

    // What the command prints, ids as names.
    std::string run(std::string command) const
    {
        replace_names(command, false);
        const std::string build = fs::absolute(from_environment("BUILDDIR", ".")).string();
        for (const char* tool : {"postqueue", "postsuper", "postcat"})
            replace(command, base::cat("@", tool), base::cat(build, "/tools/", tool, "/", tool));
        replace(command, "@showq", build + "/services/showq/showq");
        const std::string line =
            base::cat("cd ", directory_, "/queue && { export MAIL_CONFIG=", directory_,
                      "/etc TZ=UTC; ", command, "; echo \"[$?]\"; } 2>&1 </dev/null");
        std::string output;
        std::FILE* pipe = ::popen(line.c_str(), "r");
        std::array<char, 4096> room;
        for (std::size_t got; (got = std::fread(room.data(), 1, room.size(), pipe)) > 0;)
            output.append(room.data(), got);
        ::pclose(pipe);
        replace_names(output, true);
        replace(output, directory_, "DIR");
        return output;
    }

private:
    static void replace(std::string& text, std::string_view from, std::string_view to)
    {
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
            text.replace(at, from.size(), to);
    }

    // Ids differ from run to run, in length too; so the blanks that pad them in the first column
    // of the table are not compared here.
    void replace_names(std::string& text, bool back) const
    {
        for (const auto& [name, id] : ids_) {
            std::string shown = name;
            shown.resize(10, '_');
            if (!back)
                replace(text, base::cat("$", name), id);
            for (std::size_t at = 0; back && (at = text.find("\n" + id, at)) != std::string::npos;)
                if (at = text.find_first_of(" :\n", at + 1); text[at] == ' ')
                    text.erase(at, text.find_first_not_of(' ', at) - at - 1);
            if (back)
                replace(text, id, shown);
        }
    }

    void put(const std::string& name, Queue queue, queue::Message message,
             const std::vector<mail::Outcome>& outcomes)
    {
        message.envelope.arrival = base::from_unix_seconds(1'700'000'000);
        message.envelope.client = {"c.example", "unknown", "192.0.2.1", 4025, "helo", "ESMTP"};
        auto writer = queue::MessageWriter::begin(*directories_, message.envelope.arrival, {});
        EXPECT_TRUE(writer);
        EXPECT_TRUE(writer->append(content));
        auto written = writer->finish(message, queue);
        EXPECT_TRUE(written);
        base::Fd file;
        EXPECT_EQ(disk_->open(written->path, queue::Access::ReadWrite, file), 0);
        auto reader = queue::MessageReader::open(*disk_, std::move(file),
                                                 queue::MessageReader::Check::Content);
        auto state = reader->journal(queue::JournalDetail::All);
        queue::Journal journal(*disk_, reader->release(), *state);
        for (std::uint32_t i = 0; i < outcomes.size(); ++i)
            if (outcomes[i].status != mail::Status::Queued) {
                EXPECT_TRUE(journal.record(i, outcomes[i]));
            }
        ids_[name] = written->id;
    }

    void fill()
    {
        queue::Message message;
        message.envelope.sender = "sender@example.com";
        message.recipients = {{"a@x.example", "a@x.example", "", 0},
                              {"b@x.example", "alias@y.example", "rfc822;alias@y.example", 4},
                              {"c@y.example", "", "", 0},
                              {"done@y.example", "", "", 0},
                              {"d@z.example", "", "", 0}};
        const auto refused = deferred("host mx[192.0.2.2] said: 450 go away");
        auto sent = deferred("250 ok");
        sent.status = mail::Status::Sent;
        put("WAITING", Queue::Deferred, message,
            {refused,
             refused,
             deferred("connect to y.example[192.0.2.3]:25: Connection refused, and this is \"a "
                      "very\" long reason that goes on \\ and \x1b[31mon\r\n"),
             sent,
             {}});
        message.envelope.sender = "";
        message.recipients.resize(1);
        put("RUNNING", Queue::Active, message, {});
        message.envelope.sender = "s p\x07\"@example.com";
        message.recipients = {{"we ird@x.example", "", "", 0},
                              {"\xc3\xa9\xff\n-- 9 Kbytes in 9 Requests.@x.example", "", "", 0},
                              {"\"}], \"queue_id\": \"@x.example", "", "", 0}};
        put("HELD", Queue::Hold, message, {deferred("short")});
        std::ofstream(directory_ + "/queue/deferred/BADBAD1") << "no message";
        std::ofstream(directory_ + "/queue/hold/BADBAD2") << "";
    }

    std::string directory_;
    uid_t owner_ = 0;
    std::unique_ptr<queue::SystemDisk> disk_;
    std::optional<queue::Directories> directories_;
    std::map<std::string, std::string> ids_;
};

std::string play(const fs::path& path)
{
    const std::string text = base::read_file(path.string(), 1 << 20).value_or("");
    Instance instance;
    std::string played;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = base::cut(rest, '\n');
        if (!line.starts_with("== "))
            continue;
        base::append(played, line, "\n", instance.run(std::string(line.substr(3))));
    }
    return played;
}

TEST(QueueTools, PrintWhatTheCasesSay)
{
    if (::getuid() != 0 || ::getpwnam(owner_name) == nullptr)
        GTEST_SKIP() << "for root, with a user " << owner_name;
    const fs::path cases = from_environment("SRCDIR", ".") + "/tests/golden/queue_tools/cases";
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(cases)) {
        const std::string played = play(entry.path());
        ++count;
        if (std::getenv("GOLDEN_UPDATE") != nullptr)
            std::ofstream(entry.path()) << played;
        EXPECT_EQ(played, base::read_file(entry.path().string(), 1 << 20).value_or(""))
            << entry.path();
    }
    EXPECT_GE(count, 4u);
}

} // namespace
