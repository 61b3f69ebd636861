// SPDX-License-Identifier: Apache-2.0
// What postconf says and writes; see output.h.
#include "tools/postconf/output.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace postconf {

static void put(FILE* to, std::string_view line)
{
    std::fwrite(line.data(), 1, line.size(), to);
    std::fputc('\n', to);
}

void print(std::string_view line)
{
    put(stdout, line);
}

void warn(std::string_view text)
{
    put(stderr, base::cat("postconf: warning: ", text));
}

int fatal(std::string_view text)
{
    put(stderr, base::cat("postconf: fatal: ", text));
    return 1;
}

int tell(const config::Faults& faults)
{
    int status = 0;
    for (const config::Fault& fault : faults) {
        if (fault.warning) {
            config::Fault plain = fault;
            plain.hint.clear();
            warn(plain.to_string());
        } else if (status == 0) {
            status = fatal(fault.to_string());
        }
    }
    return status;
}

base::Result<void> replace_config_file(const std::string& path, std::string_view content)
{
    struct stat old {};
    bool exists = ::stat(path.c_str(), &old) == 0;
    std::string fresh = path;
    if (char* real = exists ? ::realpath(path.c_str(), nullptr) : nullptr) {
        fresh = real; // A symbolic link stays one.
        std::free(real);
    }
    if (!exists)
        return base::replace_file(fresh, content, 0644);
    // The new file gets its owner before it gets its name, so that nobody meets it with another.
    std::string beside = fresh + ".postconf";
    if (auto made = base::replace_file(beside, content, old.st_mode & 07777); !made)
        return made;
    bool mine = old.st_uid == ::geteuid() && old.st_gid == ::getegid();
    if (!mine && ::chown(beside.c_str(), old.st_uid, old.st_gid) != 0 && ::geteuid() == 0) {
        base::Error error = base::system_error(base::cat("chown ", beside), errno);
        ::unlink(beside.c_str());
        return error;
    }
    if (::rename(beside.c_str(), fresh.c_str()) != 0)
        return base::system_error(base::cat("rename ", beside, " to ", fresh), errno);
    return {};
}

base::Result<std::string> read_config_file(const std::string& path)
{
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT)
        return std::string();
    return base::read_file(path, config::kConfigFileBytes);
}

} // namespace postconf
