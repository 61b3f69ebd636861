// SPDX-License-Identifier: Apache-2.0
// cidr: tables; see cidr_table.h.
#include "lib/table/cidr_table.h"

#include "lib/base/strings.h"
#include "lib/net/network.h"
#include "lib/table/rules.h"

namespace table {

namespace {

struct CidrRule {
    net::Network network;
    std::string result;
    std::size_t skip_to = 0;
    int line = 0;
    bool is_if = false;
    bool negated = false;
};

bool parse_rule(std::string_view text, CidrRule& rule, const std::string& place, Warnings& warnings)
{
    while (!text.empty() && text.front() == '!') {
        rule.negated = !rule.negated;
        text = base::trim_left(text.substr(1));
    }
    auto end = std::min(text.find_first_of(" \t"), text.size());
    auto network = net::Network::parse(text.substr(0, end));
    std::string_view result = base::trim(text.substr(end));
    if (!network) {
        warnings.push_back(base::cat(place, network.error().text, ": skipping this rule"));
        return false;
    }
    if (rule.is_if == result.empty()) {
        rule.network = *network;
        rule.result = result;
        return true;
    }
    warnings.push_back(place + (rule.is_if ? "ignoring extra text after IF: skipping this rule"
                                           : "no lookup result: skipping this rule"));
    return false;
}

class CidrTable final : public Table {
public:
    CidrTable(const std::string& name, std::vector<CidrRule> rules)
        : Table(name, Keys::Pattern), rules_(std::move(rules))
    {
    }

protected:
    Found find(std::string_view key) override
    {
        auto address = net::Address::parse(key);
        if (!address)
            return std::optional<std::string>{};
        for (std::size_t i = 0; i < rules_.size();) {
            const CidrRule& rule = rules_[i];
            // "Not in this network" says nothing about addresses of the other family.
            bool holds = rule.network.family() == address->family() &&
                         rule.network.contains(*address) != rule.negated;
            if (holds && !rule.is_if)
                return std::optional(rule.result);
            i = rule.is_if && !holds ? rule.skip_to : i + 1;
        }
        return std::optional<std::string>{};
    }

private:
    std::vector<CidrRule> rules_;
};

} // namespace

std::unique_ptr<Table> make_cidr_table(const std::string& name, std::string_view source,
                                       Warnings& warnings)
{
    std::string title = base::cat("cidr map ", std::string_view(name).substr(name.find(':') + 1));
    auto rules =
        read_rules<CidrRule>(source_lines(source), title, warnings,
                             [&](std::string_view text, CidrRule& rule, const std::string& place) {
                                 return parse_rule(text, rule, place, warnings);
                             });
    return std::make_unique<CidrTable>(name, std::move(rules));
}

} // namespace table
