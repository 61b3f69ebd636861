// SPDX-License-Identifier: Apache-2.0
// Match lists: parameters that list names, networks, tables and files with more of them, such as
// mydestination, relay_domains and mynetworks:
//   name        the name itself, without regard to case;
//   .name       names below it (where the list has parent domains: "name" is both);
//   net/bits    addresses, in lists of hosts; IPv6 in brackets;
//   type:table  what the table has, whatever its value;
//   /file       the lines of a file, read when the list is opened;
//   !pattern    not.
// The first pattern that matches decides.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/net/network.h"
#include "lib/table/maps.h"

namespace table {

// Files within files, and patterns of one list with all its files.
inline constexpr int kMatchFileDepth = 10;
inline constexpr std::size_t kMatchPatterns = 1'000'000;
inline constexpr std::size_t kMatchFileBytes = 64 << 20;

enum class ListKind : unsigned char {
    Texts,   // Whole texts only.
    Domains, // Domain names: parents count as told at the head.
    Hosts,   // A host's name, or its address.
};

class MatchList {
public:
    struct Rules {
        std::string title; // The parameter, for messages.
        ListKind kind = ListKind::Texts;
        bool parents = false; // parent_domain_matches_subdomains lists the parameter.
        bool quiet = false;   // faults() are told by the caller.
    };
    MatchList() = default;
    // What is wrong with the list is logged unless told otherwise; a list with a fault answers
    // temporary errors where none of the patterns before the fault matches.
    MatchList(Tables& tables, Rules rules, const std::vector<std::string>& elements);

    bool empty() const { return patterns_.empty(); }
    const std::string& title() const { return rules_.title; }

    // What is wrong with the list itself; Tables::faults() has what is wrong with its tables.
    std::vector<std::string> faults() const;

    base::Task<base::Result<bool>> match(std::string text) const;
    // For Hosts. An empty or "unknown" name matches no name pattern but unknown itself.
    base::Task<base::Result<bool>> match(std::string host, std::string address) const;

private:
    struct Pattern {
        enum class Type : unsigned char { Text, Network, Table, Fault } type = Type::Text;
        bool negated = false;
        std::string text; // Folded; of a fault: what is wrong.
        net::Network network = {};
        table::Table* table = nullptr;
    };
    void add(Tables& tables, std::string_view element, bool negated, int depth);
    void add_file(Tables& tables, const std::string& path, bool negated, int depth);
    void add_fault(std::string text);
    bool matches_text(const Pattern& pattern, std::string_view text) const;
    base::Task<base::Result<bool>> matches_table(const Pattern& pattern, std::string name,
                                                 std::string address) const;

    Rules rules_;
    std::vector<Pattern> patterns_;
};

} // namespace table
