// SPDX-License-Identifier: Apache-2.0
// Counting by domain and age; see shape.h.
#include "tools/qshape/shape.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/queue/listing.h"

namespace qshape {

namespace {

const std::string total = "TOTAL";
constexpr std::size_t least_domain_width = 18;
constexpr std::size_t least_column_width = 3;

// In lower case, without dots at its ends and without empty labels.
std::string clean_domain(std::string_view address)
{
    if (address.empty())
        return "MAILER-DAEMON";
    std::string joined;
    for (const auto label : base::split(address.substr(address.rfind('@') + 1), "."))
        base::append(joined, joined.empty() ? "" : ".", label);
    return joined.empty() ? std::string(address) : base::lower(queue::shown_text(joined));
}

// ".b.c" for "a.b.c" and for ".a.b.c"; empty for a domain whose parent is a top level domain.
std::string parent_of(std::string_view domain)
{
    const auto dot = domain.find('.', domain.starts_with('.') ? 1 : 0);
    if (dot == std::string_view::npos || domain.find('.', dot + 1) == std::string_view::npos)
        return {};
    return std::string(domain.substr(dot));
}

std::string fitted(const std::string& domain, std::size_t width)
{
    if (domain.size() <= width)
        return std::string(width - domain.size(), ' ') + domain;
    const std::string_view mark = domain.front() == '.' ? ".+" : "+";
    return base::cat(mark, domain.substr(domain.size() - width + mark.size()));
}

} // namespace

std::size_t Shape::bucket(base::Duration age) const
{
    const auto unit = std::chrono::minutes(layout_.minutes);
    std::size_t bucket = 1;
    for (base::Duration end = unit; age >= end && bucket < layout_.buckets; ++bucket)
        end += layout_.linear ? base::Duration(unit) : end;
    return bucket;
}

Shape::Counts& Shape::counts(const std::string& domain)
{
    return counts_.try_emplace(domain, layout_.buckets + 1).first->second;
}

void Shape::add(std::string_view address, base::Duration age)
{
    const std::size_t at = bucket(age);
    const auto count = [&](const std::string& domain) {
        auto& row = counts(domain);
        ++row[at];
        return ++row[0] == 1;
    };
    count(total);
    std::string domain = clean_domain(address);
    for (bool fresh = count(domain); layout_.parents;) {
        domain = parent_of(domain);
        if (domain.empty())
            break;
        subdomains_[domain] += fresh ? 1 : 0;
        fresh = count(domain);
    }
}

std::vector<std::string> Shape::headings() const
{
    std::vector<std::string> all = {"T"};
    std::uint64_t end = 0;
    for (unsigned i = 1; i < layout_.buckets; ++i) {
        end += layout_.linear || end == 0 ? layout_.minutes : end;
        all.push_back(base::cat(end));
    }
    all.push_back(base::cat(end, '+'));
    return all;
}

std::vector<Shape::Row> Shape::rows() const
{
    std::vector<Row> rows;
    for (const auto& [domain, counts] : counts_) {
        const auto below = subdomains_.find(domain);
        if (domain.front() != '.' ||
            (below != subdomains_.end() && below->second >= layout_.least_subdomains))
            rows.push_back({&domain, &counts});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        if (a.counts->front() != b.counts->front())
            return a.counts->front() > b.counts->front();
        return (a.domain == &total || *a.domain == total) && *b.domain != total;
    });
    if (layout_.most_domains > 0 && rows.size() > layout_.most_domains)
        rows.resize(layout_.most_domains);
    return rows;
}

std::string Shape::table() const
{
    const auto found = counts_.find(total);
    const Counts sums = found == counts_.end() ? Counts(layout_.buckets + 1) : found->second;
    const auto heads = headings();
    std::vector<std::size_t> widths;
    std::size_t used = 0;
    for (std::size_t i = 0; i < heads.size(); ++i) {
        const auto longest = std::max(heads[i].size(), base::cat(sums[i]).size());
        widths.push_back(std::max(longest + 1, least_column_width));
        used += widths.back();
    }
    const std::size_t wide =
        std::max<std::size_t>(layout_.width > used ? layout_.width - used : 0, least_domain_width);
    std::string out;
    const auto line = [&](const std::string& domain, const auto& text_of) {
        out += fitted(domain, wide);
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string text = text_of(i);
            out.append(widths[i] - text.size(), ' ') += text;
        }
        out += '\n';
    };
    line("", [&](std::size_t i) { return heads[i]; });
    if (found == counts_.end())
        line(total, [](std::size_t) { return std::string("0"); });
    for (const Row& row : rows())
        line(*row.domain, [&](std::size_t i) { return base::cat((*row.counts)[i]); });
    return out;
}

} // namespace qshape
