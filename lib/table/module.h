// SPDX-License-Identifier: Apache-2.0
// What a program and a loadable module with a kind of database tables have between them. A module
// is a shared object of the same release; it links the database's library, so that no program does,
// and has no symbols of the program: everything crosses here, by virtual functions and plain data.
//
// The program reads and checks the table's file, splits keys, fills templates, formats and joins
// results, and logs. The module connects, quotes and asks. A module may block, for a bounded time;
// so it runs in proxymap and in commands only (see tables.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace table {

// Bounds of one search, so that whoever waits for proxymap does not wait in vain.
inline constexpr int kConnectSeconds = 10;
inline constexpr int kSearchSeconds = 30; // For one answer of one server.
inline constexpr int kLookupSeconds = 40; // After this no further server is tried.

enum class SettingKind : unsigned char {
    Text,
    Template, // Text with %s and its like.
    Number,   // Zero or more.
    Seconds,  // A number with or without a unit; read as a number of seconds.
    Flag,     // yes or no.
};

// A parameter of a table's file.
struct ModuleSetting {
    std::string_view name;
    std::string_view value = {}; // Unless the file says otherwise.
    SettingKind kind = SettingKind::Text;
};

// The parameters of one table, checked, defaults filled in.
class TableSettings {
public:
    struct Value {
        std::string text;
        long number = 0; // Flags: 0 and 1.
        bool given = false;
    };
    void set(std::string_view name, Value value) { values_[std::string(name)] = std::move(value); }

    const std::string& text(std::string_view name) const { return values_.find(name)->second.text; }
    long number(std::string_view name) const { return values_.find(name)->second.number; }
    bool flag(std::string_view name) const { return number(name) != 0; }
    // Whether the file has it, with whatever value.
    bool given(std::string_view name) const
    {
        auto found = values_.find(name);
        return found != values_.end() && found->second.given;
    }

private:
    std::map<std::string, Value, std::less<>> values_;
};

// Appends a part of a key as the database wants it. False: it cannot be said there.
using Quote = std::function<bool(std::string_view part, std::string& out)>;

// One look-up, as a module sees it.
class Search {
public:
    virtual ~Search() = default;
    virtual const std::string& key() const = 0;
    // Appends the template with the parts of the key. False: the key does not fit, or cannot be
    // quoted; then there is nothing to be found.
    virtual bool expand(const std::string& text, const Quote& quote, std::string& out) = 0;
    // One value that was found. False: there are more than expansion_limit allows; the look-up has
    // failed then, and the module goes home with Result<void>{}.
    virtual bool add(std::string_view value) = 0;
};

// Lines for the log.
class Notes {
public:
    virtual ~Notes() = default;
    virtual void warning(std::string_view text) = 0;
};

// A table, ready to be asked.
class Source {
public:
    virtual ~Source() = default;
    // An error: nobody knows whether the key is there.
    virtual base::Result<void> search(Search& search) = 0;
    // Files besides the table's own that were opened: another one in their place makes this
    // source stale.
    virtual std::vector<std::string> files() const { return {}; }
};

class Module {
public:
    virtual ~Module() = default;
    virtual std::span<const ModuleSetting> settings() const = 0;
    // Opens no connection to a server; that is for the first search. The notes outlive the source,
    // and the module does too.
    virtual base::Result<std::unique_ptr<Source>> open(const TableSettings& settings,
                                                       Notes& notes) = 0;
    // Closes connections that nobody has used for their idle_interval.
    virtual void tidy() {}
};

// What the function that dynamicmaps.cf names gives; nullptr when `release` is not the module's
// own. The caller owns the module.
using ModuleFunction = Module* (*)(const char* release);

// For the modules' own errors, because they do not link ours.
inline base::Error failure(std::string text)
{
    return {base::Error::Kind::Temporary, std::move(text)};
}
inline base::Error misconfigured(std::string text)
{
    return {base::Error::Kind::Permanent, std::move(text)};
}

} // namespace table

// Defines a module's function: TABLE_MODULE(posthouse_sqlite, SqliteModule)
#define TABLE_MODULE(function, type)                                                               \
    extern "C" __attribute__((visibility("default"))) table::Module* function(const char* release) \
    {                                                                                              \
        return std::string_view(release) == DEFAULT_MAIL_VERSION ? new type : nullptr;             \
    }
