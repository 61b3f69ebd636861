// SPDX-License-Identifier: Apache-2.0
// Entries on disk: one LMDB file of bounded size, one process at a time. A crash may cost the
// latest changes, never the file: what cannot be opened is put aside and begun anew, because
// nothing in it is worth stopping for.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/ipc/messages/failures.h"

namespace failures {

using ipc::failures::Entry;

// A change of each subject: its new entry, or nothing to forget it.
using Changes = std::map<std::string, std::optional<Entry>>;

class Store {
public:
    struct Options {
        std::string path;
        std::uint64_t entry_limit = 100'000;
        base::Duration lifetime = std::chrono::hours(24 * 30);
    };
    // A temporary error: another process has it.
    static base::Result<std::unique_ptr<Store>> open(const Options& options);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    base::Result<std::optional<Entry>> find(const std::string& subject) const;
    // In one step. Forgets what is too old, and the oldest where there are too many.
    base::Result<void> write(const Changes& changes, base::WallTime now);
    // In the order of subjects, behind `after`, at most `limit`.
    base::Result<std::vector<Entry>> list(const std::string& after, std::size_t limit) const;
    base::Result<std::uint64_t> count() const;

    struct State;
    explicit Store(std::unique_ptr<State> state);

private:
    std::unique_ptr<State> state_;
};

} // namespace failures
