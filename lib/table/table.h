// SPDX-License-Identifier: Apache-2.0
// A lookup table: text to text. One interface for all types, so that who looks up does not know
// whether the answer is in memory, in a file, or with another process.
//
// Keys come from strangers. A key with a NUL byte, one of more than kKeyBytes, and (where the role
// asks for UTF-8) one that is no UTF-8 are in no table: they are answered without asking it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "lib/base/result.h"
#include "lib/base/task.h"

namespace table {

// A value, nothing, or an error (temporary, unless the caller's request itself is wrong).
using Found = base::Result<std::optional<std::string>>;

// Longer keys are in no table of exact keys.
inline constexpr std::size_t kKeyBytes = 10'000;

// What a table makes of keys.
enum class Keys : unsigned char {
    Exact,   // The key is one of the stored texts. Case is folded; partial keys make sense.
    Pattern, // The key is matched by rules, which see it whole and as it is: no partial keys.
};

// What the role of a table asks of it.
struct Options {
    bool fold = true;       // Fold the case of keys of exact tables.
    bool utf8 = true;       // Keys are UTF-8; others are not found.
    bool substitute = true; // Allow $1 in results of patterns; alias_maps of local(8) do not.

    bool operator==(const Options&) const = default;
};

class Table {
public:
    Table(std::string name, Keys keys) : name_(std::move(name)), keys_(keys) {}
    virtual ~Table() = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    const std::string& name() const { return name_; } // "type:name", for messages.
    Keys keys() const { return keys_; }
    void set_options(Options options) { options_ = options; }
    const Options& options() const { return options_; }

    // The user who decides what the table says: who owns its file, or root for what is in main.cf
    // and the system's databases. Nothing: that cannot be told.
    std::optional<uid_t> owner() const { return owner_; }
    void set_owner(std::optional<uid_t> owner) { owner_ = owner; }

    // Whether an answer may have to be waited for. now() works only when it does not.
    virtual bool waits() const { return false; }

    Found now(std::string_view key);
    base::Task<Found> lookup(std::string key);

    // Whether the source changed since it was opened and could not be opened again (for example in
    // a jail): the process should make room for a fresh one. Also opens again what can be.
    // Asks the file system; call it seldom.
    virtual bool stale() { return false; }

protected:
    // The key is checked and folded.
    virtual Found find(std::string_view key) = 0;
    virtual base::Task<Found> ask(std::string key);

private:
    bool acceptable(std::string_view key) const;

    std::string name_;
    Keys keys_;
    Options options_;
    std::optional<uid_t> owner_;
};

// Case-folded: ASCII by hand, other UTF-8 by the full folding of Unicode, once.
std::string fold_case(std::string_view key);

} // namespace table
