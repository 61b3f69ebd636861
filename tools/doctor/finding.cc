// SPDX-License-Identifier: Apache-2.0
// Findings as a page and as JSON; see finding.h.
#include "tools/doctor/finding.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace doctor {

namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t name_column = 11;
constexpr std::size_t text_column = 26;
constexpr std::string_view level_names[] = {"ok", "note", "skipped", "warning", "problem"};
constexpr std::size_t levels = std::size(level_names);

std::size_t count(const Sections& sections, Level level)
{
    std::size_t found = 0;
    for (const Section& section : sections)
        found += static_cast<std::size_t>(
            std::count_if(section.findings.begin(), section.findings.end(),
                          [&](const Finding& finding) { return finding.level == level; }));
    return found;
}

void pad(std::string& line, std::size_t width)
{
    line.append(line.size() < width ? width - line.size() : 1, ' ');
}

// Appends `text` behind `line`, which is indented to text_column, with further lines below it.
void put_wrapped(std::string& out, std::string line, std::string_view text)
{
    pad(line, text_column);
    bool fresh = true;
    for (std::string_view word : base::split(text, " \n")) {
        if (!fresh && line.size() + 1 + word.size() > page_width) {
            base::append(out, line, '\n');
            line.assign(text_column, ' ');
            fresh = true;
        }
        base::append(line, fresh ? "" : " ", word);
        fresh = false;
    }
    base::append(out, line, '\n');
}

void put(std::string& out, const Section& section, const Finding& finding)
{
    std::string name(level_name(finding.level));
    std::string line = base::cat("  ", finding.level == Level::Problem ? base::upper(name) : name);
    pad(line, name_column);
    base::append(line, section.name);
    put_wrapped(out, std::move(line), finding.text);
    if (!finding.cause.empty())
        put_wrapped(out, "             cause", finding.cause);
    if (!finding.cure.empty())
        put_wrapped(out, "             cure", finding.cure);
}

std::string amount(std::size_t number, std::string_view one, std::string_view many)
{
    return base::cat(number, " ", number == 1 ? one : many);
}

std::string summary(const Heading& heading, const Sections& sections)
{
    std::string line = base::cat(
        amount(count(sections, Level::Problem), "problem", "problems"), ", ",
        amount(count(sections, Level::Warning), "warning", "warnings"), ", ",
        amount(count(sections, Level::Note), "note", "notes"), ", ", count(sections, Level::Ok),
        " ok, ", count(sections, Level::Skipped), " not looked at");
    if (!heading.outside)
        base::append(line, " (with --network other hosts are asked too)");
    return line;
}

void field(std::string& out, std::string_view name, std::string_view value, bool first = false)
{
    base::append(out, first ? "" : ", ", base::json_quote(name), ": ", base::json_quote(value));
}

} // namespace

std::string_view level_name(Level level)
{
    return level_names[static_cast<std::size_t>(level)];
}

int exit_status(const Sections& sections)
{
    if (count(sections, Level::Problem) > 0)
        return 2;
    return count(sections, Level::Warning) > 0 ? 1 : 0;
}

std::string page(const Heading& heading, const Sections& sections)
{
    std::string out = base::cat("Mail system of ", heading.myhostname, ", version ",
                                heading.mail_version, ", ", heading.when, "\n\n");
    for (const Section& section : sections)
        for (const Finding& finding : section.findings)
            put(out, section, finding);
    base::append(out, "\n", summary(heading, sections), "\n");
    return out;
}

std::string json(const Heading& heading, const Sections& sections)
{
    std::string out = "{";
    field(out, "host", heading.myhostname, true);
    field(out, "version", heading.mail_version);
    field(out, "time", heading.when);
    base::append(out, ", \"network\": ", heading.outside ? "true" : "false",
                 ", \"status\": ", exit_status(sections), ", \"counts\": {");
    for (std::size_t level = 0; level < levels; ++level)
        base::append(out, level == 0 ? "" : ", ", base::json_quote(level_names[level]), ": ",
                     count(sections, static_cast<Level>(level)));
    out.append("}, \"findings\": [");
    bool first = true;
    for (const Section& section : sections) {
        for (const Finding& finding : section.findings) {
            out.append(first ? "{" : ", {");
            field(out, "check", section.name, true);
            field(out, "level", level_name(finding.level));
            field(out, "text", finding.text);
            field(out, "cause", finding.cause);
            field(out, "cure", finding.cure);
            out.append("}");
            first = false;
        }
    }
    out.append("]}\n");
    return out;
}

} // namespace doctor
