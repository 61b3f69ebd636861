// SPDX-License-Identifier: Apache-2.0
// Files below a directory; see trees.h.
#include "tools/postfix/trees.h"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace postfix {

namespace fs = std::filesystem;

// Directories that programs in the jail look for the system's files in.
static constexpr std::string_view copied_directories[] = {"bin", "etc", "lib", "sbin", "usr"};
static constexpr std::size_t compared_bytes = 16 << 20;

// Calls `look` with the path of everything below, the directory itself first.
template <typename F> static void walk(const std::string& directory, F look)
{
    std::error_code code;
    look(directory);
    for (fs::recursive_directory_iterator at(directory, code), end; !code && at != end;
         at.increment(code))
        look(at->path().string());
}

std::vector<std::string> tree_faults(const std::string& directory, const std::vector<uid_t>& owners,
                                     std::string_view owner_name)
{
    std::vector<std::string> faults;
    walk(directory, [&](const std::string& path) {
        struct stat about {};
        if (::lstat(path.c_str(), &about) != 0)
            return;
        if (std::find(owners.begin(), owners.end(), about.st_uid) == owners.end())
            faults.push_back(base::cat("not owned by ", owner_name, ": ", path));
        if (!S_ISLNK(about.st_mode) && (about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
            faults.push_back(base::cat("group or other writable: ", path));
    });
    return faults;
}

static bool differ(const std::string& copy, const std::string& original)
{
    auto is_file = [](const std::string& path) {
        std::error_code code;
        return fs::is_regular_file(path, code);
    };
    if (!is_file(copy) || !is_file(original))
        return false;
    auto one = base::read_file(copy, compared_bytes);
    auto other = base::read_file(original, compared_bytes);
    return one && other && *one != *other;
}

std::vector<std::string> stale_copies(const std::string& jail)
{
    std::vector<std::string> faults;
    for (std::string_view name : copied_directories)
        walk(base::cat(jail, "/", name), [&](const std::string& path) {
            const std::string original = path.substr(jail.size());
            if (differ(path, original))
                faults.push_back(base::cat(path, " and ", original, " differ"));
        });
    return faults;
}

} // namespace postfix
