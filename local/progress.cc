// SPDX-License-Identifier: Apache-2.0
// Notes of what was done; see progress.h. A file has a line that tells whose it is, then a line for
// each thing that was done.
#include "local/progress.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "lib/base/crc32c.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace local {

namespace {

constexpr std::size_t note_limit = 128U << 20;

// On one line.
std::string escaped(std::string_view text)
{
    std::string out;
    for (char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\\')
            out += "\\\\";
        else
            out += c;
    }
    return out;
}

std::string unescaped(std::string_view line)
{
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\' && i + 1 < line.size())
            out += line[++i] == 'n' ? '\n' : line[i];
        else
            out += line[i];
    }
    return out;
}

std::string title(const Progress::Id& id)
{
    return escaped(
        base::cat(id.queue_id, " ", base::unix_microseconds(id.arrival), " ", id.recipient));
}

std::vector<std::string> names_in(const std::string& directory)
{
    std::vector<std::string> names;
    DIR* folder = ::opendir(directory.c_str());
    if (folder == nullptr)
        return names;
    while (const dirent* entry = ::readdir(folder))
        if (entry->d_name[0] != '.')
            names.emplace_back(entry->d_name);
    ::closedir(folder);
    return names;
}

} // namespace

void Progress::begin(base::Duration age)
{
    struct stat status {};
    if (directory_.empty())
        return;
    if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) {
        base::Log{}.warning("mkdir ", directory_, ": ", std::strerror(errno));
        directory_.clear();
        return;
    }
    if (::lstat(directory_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != ::geteuid() || (status.st_mode & 0077) != 0) {
        base::Log{}.warning(directory_, ": not a directory of our own with mode 0700");
        directory_.clear();
        return;
    }
    const auto now = base::SystemClock{}.wall();
    for (const auto& name : names_in(directory_)) {
        const std::string path = base::cat(directory_, "/", name);
        if (::lstat(path.c_str(), &status) == 0 &&
            now - base::from_unix_microseconds(status.st_mtime * 1'000'000LL) > age)
            ::unlink(path.c_str());
    }
}

std::string Progress::path(const Id& id) const
{
    return base::cat(directory_, "/", id.queue_id, ".", base::crc32c(id.recipient));
}

Progress::Done Progress::load(const Id& id) const
{
    Done done;
    if (directory_.empty())
        return done;
    const auto text = base::read_file(path(id), note_limit);
    if (!text)
        return done;
    std::string_view rest = *text;
    if (base::cut(rest, '\n') != title(id))
        return done;
    while (!rest.empty())
        done.insert(unescaped(base::cut(rest, '\n')));
    return done;
}

base::Result<void> Progress::save(const Id& id, const Done& done) const
{
    if (directory_.empty())
        return {};
    std::string text = title(id) + "\n";
    for (const auto& one : done)
        base::append(text, escaped(one), "\n");
    return base::replace_file(path(id), text, 0600);
}

void Progress::forget(const Id& id) const
{
    if (!directory_.empty())
        ::unlink(path(id).c_str());
}

} // namespace local
