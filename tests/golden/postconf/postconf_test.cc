// SPDX-License-Identifier: Apache-2.0
// Runs postconf as a person does and compares what it prints, and what it makes of the files, with
// tests/golden/postconf/cases/*. A case begins with files ("== main.cf" and their content) and then
// has any number of runs: "== run ARGUMENTS" (words as the shell takes them), what comes on both
// streams, and, when a file changes, "== after main.cf" with its content.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace {

namespace fs = std::filesystem;

std::string from_environment(const char* name, const char* otherwise)
{
    const char* value = std::getenv(name);
    return value != nullptr ? value : otherwise;
}

struct Section {
    std::string title; // Without "== ".
    std::string body;
};

std::vector<Section> read_case(const fs::path& path)
{
    std::vector<Section> sections;
    const std::string text = base::read_file(path.string(), 1 << 20).value_or("");
    std::string_view rest = text;
    while (!rest.empty()) {
        std::string_view line = base::cut(rest, '\n');
        if (line.starts_with("== "))
            sections.push_back({std::string(line.substr(3)), ""});
        else if (!sections.empty())
            base::append(sections.back().body, line, "\n");
    }
    return sections;
}

class Runner {
public:
    Runner()
    {
        char name[] = "/tmp/postconf_test.XXXXXX";
        directory_ = ::mkdtemp(name);
        program_ = fs::absolute(from_environment("BUILDDIR", ".") + "/tools/postconf/postconf");
    }
    ~Runner() { fs::remove_all(directory_); }

    void play(const fs::path& path)
    {
        std::map<std::string, std::string> files;
        for (const Section& section : read_case(path)) {
            if (section.title.starts_with("run "))
                check_run(section, files);
            else if (section.title.starts_with("after "))
                EXPECT_EQ(content(section.title.substr(6)), section.body) << last_;
            else
                files[section.title] = section.body;
        }
    }

private:
    // Each run begins with the files of the case.
    void check_run(const Section& section, const std::map<std::string, std::string>& files)
    {
        for (const auto& [name, text] : files)
            ASSERT_TRUE(base::replace_file(directory_ / name, text, 0644));
        last_ = section.title;
        const std::string command = base::cat("cd ", directory_.string(), " && ", program_.string(),
                                              " -c . ", last_.substr(4), " 2>&1");
        FILE* pipe = ::popen(command.c_str(), "r");
        ASSERT_NE(pipe, nullptr);
        std::string output;
        for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
            output.push_back(static_cast<char>(c));
        int status = ::pclose(pipe);
        if (status != 0)
            base::append(output, "exit ", status / 256, "\n");
        EXPECT_EQ(output, section.body) << last_;
    }
    std::string content(const std::string& name) const
    {
        return base::read_file((directory_ / name).string(), 1 << 20).value_or("missing\n");
    }

    fs::path directory_;
    fs::path program_;
    std::string last_;
};

TEST(Postconf, DoesWhatTheCasesSay)
{
    const fs::path cases = from_environment("SRCDIR", ".") + "/tests/golden/postconf/cases";
    int played = 0;
    for (const auto& entry : fs::directory_iterator(cases)) {
        SCOPED_TRACE(entry.path().filename().string());
        Runner().play(entry.path());
        ++played;
    }
    EXPECT_GT(played, 0);
}

} // namespace
