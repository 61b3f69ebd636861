// SPDX-License-Identifier: Apache-2.0
// Accounts of this host; see user.h.
#include "lib/delivery/user.h"

#include <cerrno>
#include <grp.h>
#include <pwd.h>
#include <vector>

#include "lib/base/strings.h"

namespace delivery {

namespace {

// Bytes of one entry of the database; longer ones are an error.
constexpr std::size_t first_entry_size = 4096;
constexpr std::size_t entry_limit = 1024 * 1024;

// Calls one of the ..._r functions with room that grows as it asks for more. Returns its code.
template <typename Call> int with_room(std::vector<char>& room, Call call)
{
    room.resize(first_entry_size);
    while (true) {
        const int code = call(room.data(), room.size());
        if (code == EINTR)
            continue;
        if (code != ERANGE || room.size() >= entry_limit)
            return code;
        room.resize(room.size() * 4);
    }
}

std::string text_of(const char* text)
{
    return text != nullptr ? text : "";
}

base::Result<std::optional<User>> user_of(int code, const passwd* found, std::string_view whom)
{
    if (code != 0)
        return base::system_error(base::cat("user database: ", whom), code);
    if (found == nullptr)
        return std::optional<User>{};
    return std::optional<User>{User{text_of(found->pw_name), found->pw_uid, found->pw_gid,
                                    text_of(found->pw_dir), text_of(found->pw_shell),
                                    text_of(found->pw_gecos)}};
}

} // namespace

base::Result<std::optional<User>> find_user(const std::string& name)
{
    if (name.empty() || name.find('\0') != std::string::npos)
        return std::optional<User>{};
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> room;
    const int code = with_room(room, [&](char* at, std::size_t size) {
        return ::getpwnam_r(name.c_str(), &entry, at, size, &found);
    });
    return user_of(code, found, name);
}

base::Result<std::optional<User>> find_user(uid_t uid)
{
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> room;
    const int code = with_room(room, [&](char* at, std::size_t size) {
        return ::getpwuid_r(uid, &entry, at, size, &found);
    });
    return user_of(code, found, base::cat("uid ", uid));
}

base::Result<std::optional<gid_t>> find_group(const std::string& name)
{
    if (name.empty() || name.find('\0') != std::string::npos)
        return std::optional<gid_t>{};
    group entry{};
    group* found = nullptr;
    std::vector<char> room;
    const int code = with_room(room, [&](char* at, std::size_t size) {
        return ::getgrnam_r(name.c_str(), &entry, at, size, &found);
    });
    if (code != 0)
        return base::system_error(base::cat("group database: ", name), code);
    if (found == nullptr)
        return std::optional<gid_t>{};
    return std::optional<gid_t>{found->gr_gid};
}

} // namespace delivery
