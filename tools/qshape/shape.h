// SPDX-License-Identifier: Apache-2.0
// Shape: how much mail waits, by domain and age, and the table that shows it. Scripts read that
// table: first line T and the upper ages of the columns in minutes, then a line for all mail and
// one for each domain.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"

namespace qshape {

struct Layout {
    unsigned buckets = 10;
    unsigned minutes = 5;          // Of the first bucket.
    bool linear = false;           // Buckets of one size; otherwise each is as long as all before.
    bool parents = false;          // Parent domains too, as .example,
    unsigned least_subdomains = 5; // when they have so many subdomains.
    unsigned width = 80;           // Of the lines.
    unsigned most_domains = 0;     // 0: all.
};

class Shape {
public:
    explicit Shape(const Layout& layout) : layout_(layout) {}

    // Counts one address of a message of this age. "" is MAILER-DAEMON; without a domain the whole
    // address counts.
    void add(std::string_view address, base::Duration age);

    std::string table() const;

private:
    using Counts = std::vector<std::uint64_t>; // All of them, then by bucket.
    struct Row {
        const std::string* domain;
        const Counts* counts;
    };

    std::size_t bucket(base::Duration age) const;
    Counts& counts(const std::string& domain);
    std::vector<Row> rows() const;
    std::vector<std::string> headings() const;

    Layout layout_;
    std::map<std::string, Counts> counts_;
    std::map<std::string, unsigned> subdomains_;
};

} // namespace qshape
