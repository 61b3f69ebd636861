// SPDX-License-Identifier: Apache-2.0
// The hosts file, hosts(5): read when it changed, looked up in memory.
#pragma once

#include <ctime>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/strings.h"

namespace resolver {

class Hosts {
public:
    // Names, and bytes of the file, beyond these are ignored with a warning.
    static constexpr std::size_t size_limit = 16 * 1024 * 1024;

    explicit Hosts(std::string path) : path_(std::move(path)) {}

    // Numeric addresses of a name; empty when it is not there.
    const std::vector<std::string>& addresses(std::string_view name);
    // The first name of a numeric address; empty when it is not there.
    std::string name(std::string_view address);

    // Replaces what is known by what `text` says; for tests.
    void parse(std::string_view text);

private:
    void refresh();

    std::string path_;
    timespec modified_{};
    bool loaded_ = false;
    std::map<std::string, std::vector<std::string>, base::ILess> by_name_;
    std::map<std::string, std::string, std::less<>> by_address_;
    std::vector<std::string> none_;
};

} // namespace resolver
