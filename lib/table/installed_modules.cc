// SPDX-License-Identifier: Apache-2.0
// Loadable modules; see installed_modules.h.
#include "lib/table/installed_modules.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace table {

namespace {

constexpr std::string_view types_of_modules[] = {"ldap", "mysql", "pgsql", "sqlite"};
constexpr std::size_t row_file_bytes = 1 << 20;

std::string not_installed(std::string_view type)
{
    return base::cat("unsupported dictionary type: ", type, " (install posthouse-", type, ")");
}

base::Result<void> check_owner(const std::string& path, const struct stat& status)
{
    const bool sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
    if (status.st_uid != 0 && status.st_uid != ::geteuid())
        return base::permanent(base::cat(path, ": must be owned by root"));
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky)
        return base::permanent(base::cat(path, ": must not be writable by group or others"));
    return {};
}

} // namespace

std::vector<std::string_view> database_types()
{
    return {std::begin(types_of_modules), std::end(types_of_modules)};
}

bool is_database_type(std::string_view type)
{
    return std::binary_search(std::begin(types_of_modules), std::end(types_of_modules), type);
}

base::Result<void> check_trusted(const std::string& path)
{
    std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
    if (!real)
        return base::system_error(path, errno);
    for (std::filesystem::path step = real.get();; step = step.parent_path()) {
        struct stat status = {};
        if (::stat(step.c_str(), &status) != 0)
            return base::system_error(step.string(), errno);
        if (auto safe = check_owner(step.string(), status); !safe)
            return safe;
        if (step == step.root_path())
            return {};
    }
}

void InstalledModules::read_line(const std::string& line, const std::string& place)
{
    auto words = base::split(line, " \t\r");
    if (words.empty() || words[0].front() == '#')
        return;
    if (words.size() < 3 || words.size() > 4) {
        warnings_.push_back(base::cat(place, "expected \"type module function\""));
        return;
    }
    if (!is_database_type(words[0]))
        return;
    std::string object(words[1]);
    std::string function(words[2]);
    if (object == base::cat("postfix-", words[0], ".so")) { // A line of Postfix's own package.
        object = base::cat("posthouse-", words[0], ".so");
        function = base::cat("posthouse_", words[0]);
    }
    if (object.front() != '/')
        object = base::cat(places_.shlib_directory, "/", object);
    rows_[std::string(words[0])] = {std::move(object), std::move(function)};
}

void InstalledModules::read_file(const std::string& path)
{
    if (::access(path.c_str(), F_OK) != 0)
        return;
    auto safe = check_trusted(path);
    auto text =
        safe ? base::read_file(path, row_file_bytes) : base::Result<std::string>(safe.error());
    if (!text) {
        warnings_.push_back(text.error().text);
        return;
    }
    std::string_view rest = *text;
    for (int number = 1; !rest.empty(); ++number)
        read_line(std::string(base::cut(rest, '\n')), base::cat(path, ", line ", number, ": "));
}

void InstalledModules::read_rows()
{
    if (std::exchange(read_, true))
        return;
    const std::string main = base::cat(places_.meta_directory, "/dynamicmaps.cf");
    read_file(main);
    std::vector<std::string> more;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(main + ".d", ignored))
        if (entry.path().extension() == ".cf")
            more.push_back(entry.path().string());
    std::sort(more.begin(), more.end());
    for (const auto& path : more)
        read_file(path);
}

std::vector<std::string> InstalledModules::types()
{
    read_rows();
    std::vector<std::string> found;
    for (const auto& [type, row] : rows_)
        if (::access(row.path.c_str(), R_OK) == 0)
            found.push_back(type);
    return found;
}

base::Result<Module*> InstalledModules::load(const std::string& type)
{
    if (auto known = loaded_.find(type); known != loaded_.end())
        return known->second.get();
    read_rows();
    auto row = rows_.find(type);
    if (row == rows_.end() || ::access(row->second.path.c_str(), F_OK) != 0)
        return base::temporary(not_installed(type));
    const std::string& path = row->second.path;
    if (auto safe = check_trusted(path); !safe)
        return safe.error().in(base::cat("unsupported dictionary type: ", type));
    // Never unloaded: libraries of databases leave threads' data and exit handlers behind.
    void* object = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void* symbol = object == nullptr ? nullptr : ::dlsym(object, row->second.function.c_str());
    if (symbol == nullptr)
        return base::temporary(base::cat("unsupported dictionary type: ", type, ": ", ::dlerror()));
    std::unique_ptr<Module> made(reinterpret_cast<ModuleFunction>(symbol)(DEFAULT_MAIL_VERSION));
    if (!made)
        return base::temporary(base::cat("unsupported dictionary type: ", type, ": ", path,
                                         " is of another release (install posthouse-", type, ")"));
    return loaded_.emplace(type, std::move(made)).first->second.get();
}

std::string InstalledModules::file_of(std::string_view type) const
{
    return base::cat(places_.meta_directory, "/dynamicmaps.cf.d/", type, ".cf");
}

void InstalledModules::tidy()
{
    for (const auto& [type, module] : loaded_)
        module->tidy();
}

} // namespace table
