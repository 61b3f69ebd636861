// SPDX-License-Identifier: Apache-2.0
// Texts of notices; see notice_template.h.
#include "lib/config/notice_template.h"

#include <algorithm>
#include <utility>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/config/expand.h"
#include "lib/config/param.h"

namespace config {

namespace {

constexpr std::string_view failure_text =
    "This is the mail system at host $myhostname.\n"
    "\n"
    "Your message could not be delivered to one or more of its recipients, and\n"
    "the mail system has given up trying. Each of them is listed below with\n"
    "the reason; the message itself, or its header, is attached.\n"
    "\n"
    "If you need help, please write to postmaster and include this notice.\n"
    "\n"
    "                   The mail system\n";

constexpr std::string_view delay_text =
    "This is the mail system at host $myhostname.\n"
    "\n"
    "THIS IS ONLY A WARNING. YOU DO NOT NEED TO SEND YOUR MESSAGE AGAIN.\n"
    "\n"
    "Your message could not be delivered for more than $delay_warning_time_hours hour(s).\n"
    "The mail system goes on trying until it is $maximal_queue_lifetime_days day(s) old, and "
    "tells\n"
    "you if it has to give up.\n"
    "\n"
    "If you need help, please write to postmaster and include this notice.\n"
    "\n"
    "                   The mail system\n";

constexpr std::string_view success_text =
    "This is the mail system at host $myhostname.\n"
    "\n"
    "Your message was delivered to the destinations below, as you wished to be\n"
    "told. Where that is another mail system and not a mailbox, you may still\n"
    "hear from it.\n"
    "\n"
    "                   The mail system\n";

constexpr std::string_view verify_text = "This is the mail system at host $myhostname.\n"
                                         "\n"
                                         "Here is the report on mail delivery that you asked for.\n"
                                         "\n"
                                         "                   The mail system\n";

struct BuiltIn {
    std::string_view name;
    std::string_view subject;
    std::string_view postmaster_subject;
    std::string_view text;
};

constexpr std::array<BuiltIn, notice_texts> built_in{{
    {"failure", "Undelivered Mail Returned to Sender", "Postmaster Copy: Undelivered Mail",
     failure_text},
    {"delay", "Delayed Mail (still being retried)", "Postmaster Warning: Delayed Mail", delay_text},
    {"success", "Successful Mail Delivery Report", "", success_text},
    {"verify", "Mail Delivery Status Report", "", verify_text},
}};

struct HeaderLine {
    std::string_view label;
    std::string NoticeTemplate::*value;
};
constexpr HeaderLine header_lines[] = {
    {"Charset", &NoticeTemplate::charset},
    {"From", &NoticeTemplate::from},
    {"Subject", &NoticeTemplate::subject},
    {"Postmaster-Subject", &NoticeTemplate::postmaster_subject},
};

// Reads one file, line by line.
class Reader {
public:
    Reader(std::string_view rest, const std::string& file, Faults& faults)
        : rest_(rest), file_(file), faults_(faults)
    {
    }

    void read(std::array<NoticeTemplate, notice_texts>& into);

private:
    bool next(std::string_view& line);
    void ignore(int line, std::string_view why, std::string_view name);
    bool take_start(std::string_view line, std::string_view& name, std::string_view& end);
    void take_template(std::string_view name, std::string_view end, NoticeTemplate* into);
    bool take_line(std::string_view line, NoticeTemplate& notice);
    std::string header_fault(std::string_view line, NoticeTemplate& notice) const;

    std::string_view rest_;
    const std::string& file_;
    Faults& faults_;
    int line_ = 0;
    bool in_header_ = true;
    std::string why_;
};

bool Reader::next(std::string_view& line)
{
    if (rest_.empty())
        return false;
    line = base::cut(rest_, '\n');
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    ++line_;
    return true;
}

void Reader::ignore(int line, std::string_view why, std::string_view name)
{
    std::string text(why);
    if (!name.empty())
        base::append(text, " in ", name, " -- ignoring this template");
    faults_.push_back({.file = file_, .line = line, .warning = true, .text = std::move(text)});
}

// "name = <<WORD"
bool Reader::take_start(std::string_view line, std::string_view& name, std::string_view& end)
{
    std::string_view value = line;
    name = base::trim(base::cut(value, '='));
    value = base::trim(value);
    if (!value.starts_with("<<"))
        return false;
    end = base::trim(value.substr(2));
    return !name.empty() && !end.empty();
}

// Why a header line is none; empty when it was taken.
std::string Reader::header_fault(std::string_view line, NoticeTemplate& notice) const
{
    std::string_view value = line;
    const std::string_view label = base::trim(base::cut(value, ':'));
    value = base::trim(value);
    const auto* known = std::find_if(std::begin(header_lines), std::end(header_lines),
                                     [&](const auto& h) { return base::iequals(h.label, label); });
    if (known == std::end(header_lines))
        return base::cat("unknown \"", label, "\" header label");
    if (value.empty())
        return base::cat("missing ", known->label, " header value");
    if (!std::all_of(value.begin(), value.end(), base::is_print))
        return base::cat("non-ASCII or control characters in ", known->label, " header");
    notice.*known->value = value;
    return {};
}

static bool looks_like_header(std::string_view line)
{
    const auto colon = line.find(':');
    return colon != std::string_view::npos && colon > 0 &&
           std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                       [](char c) { return base::is_alnum(c) || c == '-'; });
}

// False when the template has a fault.
bool Reader::take_line(std::string_view line, NoticeTemplate& notice)
{
    if (line.size() > template_line_bytes)
        why_ = base::cat("line of more than ", template_line_bytes, " bytes");
    else if (line.find('\0') != std::string_view::npos)
        why_ = "null character";
    else if (in_header_ && looks_like_header(line))
        why_ = header_fault(line, notice);
    else if (std::exchange(in_header_, false) && line.empty())
        return true; // Between header and text.
    else
        base::append(notice.text, line, "\n");
    return why_.empty();
}

void Reader::take_template(std::string_view name, std::string_view end, NoticeTemplate* into)
{
    const int start = line_;
    NoticeTemplate notice = into != nullptr ? *into : NoticeTemplate{};
    notice.text.clear();
    notice.source = file_;
    in_header_ = true;
    why_.clear();
    std::string_view line;
    bool good = true;
    bool ended = false;
    while (!ended && next(line)) {
        ended = base::trim_right(line) == end;
        if (ended || !good || into == nullptr)
            continue;
        good = take_line(line, notice);
        if (!good)
            ignore(line_, why_, name);
    }
    if (!ended)
        return ignore(start, base::cat("no line \"", end, "\" that ends the template"), name);
    if (into == nullptr)
        return ignore(start,
                      base::cat("unknown template name: ", name, " -- ignoring this template"), {});
    if (good && base::iequals(notice.charset, "us-ascii") && !base::is_ascii(notice.text))
        return ignore(start, "8-bit message text without a Charset: other than us-ascii", name);
    if (good)
        *into = std::move(notice);
}

void Reader::read(std::array<NoticeTemplate, notice_texts>& into)
{
    std::string_view line;
    while (next(line)) {
        const std::string_view text = base::trim(line);
        if (text.empty() || text.front() == '#')
            continue;
        std::string_view name;
        std::string_view end;
        if (!take_start(text, name, end)) {
            ignore(line_, "\"name = <<word\" expected", {});
            continue;
        }
        NoticeTemplate* known = nullptr;
        for (std::size_t i = 0; i < notice_texts; ++i)
            if (name == base::cat(built_in[i].name, "_template"))
                known = &into[i];
        take_template(name, end, known);
    }
}

struct Unit {
    std::string_view name;
    long long seconds;
};
constexpr Unit units[] = {
    {"seconds", 1}, {"minutes", 60}, {"hours", 3'600}, {"days", 86'400}, {"weeks", 604'800}};

struct TimeParameter {
    std::string_view name;
    char unit; // Of a number without one.
};
constexpr TimeParameter time_parameters[] = {{"delay_warning_time", 'h'},
                                             {"maximal_queue_lifetime", 'd'}};

// Gives `main` a value for each unit of a parameter. A text that shows 0 for what is more is told.
void add_times(MainCf& main, const TimeParameter& parameter, const std::string& text,
               std::vector<std::string>& zeros)
{
    base::Duration time{0};
    std::string why;
    auto expanded = main.expanded(parameter.name);
    if (!expanded || !Seconds::parse(*expanded, time, why, parameter.unit))
        time = base::Duration{0};
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    for (const Unit& unit : units) {
        const std::string name = base::cat(parameter.name, "_", unit.name);
        main.set(name, base::cat(seconds / unit.seconds));
        if (seconds > 0 && seconds < unit.seconds && text.find(name) != std::string::npos)
            zeros.push_back(name);
    }
}

} // namespace

std::string_view notice_text_name(NoticeText text)
{
    return built_in[static_cast<std::size_t>(text)].name;
}

NoticeTemplates::NoticeTemplates()
{
    for (std::size_t i = 0; i < notice_texts; ++i) {
        all_[i].subject = built_in[i].subject;
        all_[i].postmaster_subject = built_in[i].postmaster_subject;
        all_[i].text = built_in[i].text;
    }
}

NoticeTemplates NoticeTemplates::parse(std::string_view text, const std::string& file,
                                       Faults& faults)
{
    NoticeTemplates templates;
    Reader(text, file, faults).read(templates.all_);
    return templates;
}

NoticeTemplates NoticeTemplates::load(const std::string& path, Faults& faults)
{
    if (path.empty())
        return {};
    auto text = base::read_file(path, template_file_bytes);
    if (text)
        return parse(*text, path, faults);
    faults.push_back({.text = base::cat("bounce_template_file: ", text.error().text),
                      .hint = "the built-in texts are used"});
    return {};
}

std::string NoticeTemplates::print() const
{
    std::string out;
    for (std::size_t i = 0; i < notice_texts; ++i) {
        const NoticeTemplate& notice = all_[i];
        base::append(out, i > 0 ? "\n" : "", built_in[i].name, "_template = <<EOF\n");
        for (const HeaderLine& line : header_lines)
            if (!(notice.*line.value).empty())
                base::append(out, line.label, ": ", notice.*line.value, "\n");
        base::append(out, "\n", notice.text, "EOF\n");
    }
    return out;
}

std::string NoticeTemplates::print_expanded(const MainCf& main, Faults& faults) const
{
    std::string out;
    for (std::size_t i = 0; i < notice_texts; ++i) {
        const auto which = static_cast<NoticeText>(i);
        base::append(out, i > 0 ? "\n" : "", "expanded_", built_in[i].name, "_text = <<EOF\n",
                     expand_notice_text(which, all_[i], main, faults), "EOF\n");
    }
    return out;
}

std::string expand_notice_text(NoticeText which, const NoticeTemplate& notice, const MainCf& main,
                               Faults& faults)
{
    const std::string_view name = notice_text_name(which);
    auto tell = [&](bool warning, std::string text) {
        faults.push_back({.file = notice.source, .warning = warning, .text = std::move(text)});
    };
    MainCf names = main;
    std::vector<std::string> zeros;
    for (const TimeParameter& parameter : time_parameters)
        add_times(names, parameter, notice.text, zeros);
    for (const std::string& zero : zeros)
        tell(true, base::cat("zero result in ", name, " template conversion of parameter \"", zero,
                             "\": please use a smaller unit"));
    std::string why;
    for (const std::string& used : referenced_names(notice.text))
        if (!names.knows(used))
            why = base::cat("undefined $", used, " in ", name, " template");
    auto expanded = names.expand(notice.text);
    if (!expanded)
        why = base::cat("in ", name, " template: ", expanded.error().text);
    if (why.empty())
        return std::move(*expanded);
    tell(false, std::move(why));
    const NoticeTemplates own;
    return notice == own.of(which) ? notice.text
                                   : expand_notice_text(which, own.of(which), main, faults);
}

} // namespace config
