// SPDX-License-Identifier: Apache-2.0
// master.cf; see master_cf.h.
#include "lib/config/master_cf.h"

#include <algorithm>
#include <array>
#include <optional>

#include "lib/base/file.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/config/compat_level.h"
#include "lib/config/lines.h"

namespace config {

namespace {

struct TypeName {
    std::string_view word;
    ServiceType type;
};
constexpr std::array<TypeName, 5> kTypes{{{"inet", ServiceType::Inet},
                                          {"unix", ServiceType::Unix},
                                          {"fifo", ServiceType::Fifo},
                                          {"pass", ServiceType::Pass},
                                          {"unix-dgram", ServiceType::UnixDgram}}};

constexpr std::array<std::string_view, 8> kColumns{"service", "type",   "private", "unpriv",
                                                   "chroot",  "wakeup", "maxproc", "command"};
constexpr int kWakeupLimit = 1'000'000'000; // Seconds; far beyond any use, and fits every timer.
constexpr int kProcessLimit = 1'000'000;

// One entry under construction: collects its faults.
class EntryReader {
public:
    EntryReader(const LogicalLine& line, const std::string& file, MasterCf::Defaults defaults,
                Faults& faults)
        : line_(line), defaults_(defaults), faults_(faults), first_fault_(faults.size())
    {
        entry_.file = file;
        entry_.line = line.line;
    }

    // Nothing when the line has a fault, which has been told then.
    std::optional<ServiceEntry> read();

private:
    void fault(std::string text, std::string hint = "", bool warning = false)
    {
        faults_.push_back({entry_.file, entry_.line, warning, std::move(text), std::move(hint)});
    }
    void bad_field(std::size_t column, std::string hint)
    {
        fault(base::cat("invalid ", kColumns[column], " field \"", entry_.fields[column], "\""),
              std::move(hint));
    }
    bool failed() const
    {
        return std::any_of(faults_.begin() + static_cast<std::ptrdiff_t>(first_fault_),
                           faults_.end(), [](const Fault& f) { return !f.warning; });
    }
    void read_type();
    void read_name();
    bool yes_or_no(std::size_t column, bool otherwise);
    void read_wakeup();
    void read_process_limit();
    void read_command();
    void read_arguments(const std::vector<std::string_view>& words);
    void read_override(std::string_view setting);
    std::string unbraced(std::string_view word) const;

    const LogicalLine& line_;
    MasterCf::Defaults defaults_;
    Faults& faults_;
    std::size_t first_fault_;
    ServiceEntry entry_;
};

std::optional<ServiceEntry> EntryReader::read()
{
    std::string why;
    auto words = master_words(line_.text, why);
    if (!why.empty()) {
        fault(std::move(why), "close every { of this entry with a }");
        return std::nullopt;
    }
    if (words.size() < kColumns.size()) {
        fault(base::cat("bad field count: ", words.size(), " of the ", kColumns.size(),
                        " columns in \"", std::string_view(line_.text).substr(0, 80), "\""),
              "columns are: service type private unpriv chroot wakeup maxproc command; a line that "
              "continues another begins with a blank");
        return std::nullopt;
    }
    for (std::size_t i = 0; i < kColumns.size(); ++i)
        entry_.fields[i] = words[i];
    read_type();
    read_name();
    entry_.is_private = yes_or_no(2, true);
    entry_.unprivileged = yes_or_no(3, true);
    entry_.chroot = yes_or_no(4, defaults_.chroot);
    read_wakeup();
    read_process_limit();
    read_command();
    read_arguments({words.begin() + 8, words.end()});
    if (failed())
        return std::nullopt;
    return std::move(entry_);
}

void EntryReader::read_type()
{
    auto found = std::find_if(kTypes.begin(), kTypes.end(),
                              [&](const TypeName& t) { return t.word == entry_.fields[1]; });
    if (found == kTypes.end())
        bad_field(1, "use inet, unix, fifo, pass or unix-dgram");
    else
        entry_.type = found->type;
}

void EntryReader::read_name()
{
    entry_.name = entry_.fields[0];
    if (entry_.fields[1] == "inet") {
        auto endpoint = parse_inet_endpoint(entry_.name);
        if (!endpoint)
            bad_field(0, endpoint.error().text);
        return;
    }
    std::string_view name = entry_.name;
    if (name.front() == '/' || name.find("..") != std::string_view::npos)
        bad_field(0,
                  "the name of a socket below the queue directory's public or private is needed");
}

bool EntryReader::yes_or_no(std::size_t column, bool otherwise)
{
    const std::string& field = entry_.fields[column];
    if (field != "y" && field != "n" && field != "-")
        bad_field(column, "use y, n, or - for the default");
    return field == "-" ? otherwise : field == "y";
}

void EntryReader::read_wakeup()
{
    std::string_view field = entry_.fields[5];
    if (field == "-")
        return;
    entry_.wakeup_if_used = field.ends_with('?');
    field.remove_suffix(entry_.wakeup_if_used ? 1 : 0);
    auto seconds = base::parse_int<int>(field);
    if (!seconds || *seconds < 0 || *seconds > kWakeupLimit)
        bad_field(5, "use a number of seconds, a number with ? behind it, or - for never");
    else
        entry_.wakeup = *seconds;
}

void EntryReader::read_process_limit()
{
    const std::string& field = entry_.fields[6];
    entry_.max_processes = defaults_.process_limit;
    if (field == "-")
        return;
    auto limit = base::parse_int<int>(field);
    if (!limit || *limit < 0 || *limit > kProcessLimit)
        bad_field(6, "use a number, 0 for no limit, or - for default_process_limit");
    else
        entry_.max_processes = *limit;
}

void EntryReader::read_command()
{
    entry_.command = entry_.fields[7];
    if (entry_.command.find('/') != std::string::npos || entry_.command.front() == '-')
        bad_field(7, "name a program in daemon_directory, without a directory");
}

// "{ a }" is the word "a"; "{a}b{c}" is what it is.
std::string EntryReader::unbraced(std::string_view word) const
{
    if (!word.starts_with('{'))
        return std::string(word);
    int depth = 0;
    std::size_t end = 0;
    do
        depth += word[end] == '{' ? 1 : word[end] == '}' ? -1 : 0;
    while (depth > 0 && ++end < word.size());
    return std::string(end + 1 == word.size() ? base::trim(word.substr(1, end - 1)) : word);
}

// "-o" settings are known as such up to the first word that is no option, as programs see them.
void EntryReader::read_arguments(const std::vector<std::string_view>& words)
{
    bool options = true;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string_view word = words[i];
        options = options && word.size() > 1 && word.front() == '-' && word != "--";
        if (!options || !word.starts_with("-o")) {
            entry_.arguments.push_back(unbraced(word));
        } else if (word.size() > 2) {
            read_override(word.substr(2));
        } else if (i + 1 < words.size()) {
            read_override(words[++i]);
        } else {
            fault("nothing follows -o", "use -o name=value");
        }
    }
}

void EntryReader::read_override(std::string_view setting)
{
    std::string plain = unbraced(setting);
    std::string_view name;
    std::string_view value;
    std::string why;
    if (!split_assignment(plain, name, value, why)) {
        fault(base::cat(why, ": \"-o ", setting, "\""),
              "use -o name=value without blanks, or -o { name = value }");
        return;
    }
    entry_.arguments.push_back("-o");
    entry_.arguments.push_back(base::cat(name, "=", value));
    entry_.overrides.emplace_back(name, value);
}

bool is_port(std::string_view text)
{
    if (auto number = base::parse_int<int>(text))
        return *number > 0 && *number < 65536;
    auto good = [](char c) { return base::is_alnum(c) || c == '-' || c == '_' || c == '.'; };
    bool name = std::any_of(text.begin(), text.end(), [](char c) { return base::is_alpha(c); });
    return name && std::all_of(text.begin(), text.end(), good);
}

} // namespace

std::string_view to_string(ServiceType type)
{
    auto found = std::find_if(kTypes.begin(), kTypes.end(),
                              [&](const TypeName& t) { return t.type == type; });
    return found->word;
}

std::string ServiceEntry::key() const
{
    return base::cat(name, "/", to_string(type));
}

base::Result<InetEndpoint> parse_inet_endpoint(std::string_view text)
{
    InetEndpoint endpoint;
    std::string_view rest = text;
    if (text.starts_with('[')) {
        rest.remove_prefix(1);
        auto end = rest.find(']');
        if (end == std::string_view::npos || end == 0 || rest.substr(end + 1, 1) != ":")
            return base::permanent("an address in brackets is written [address]:port");
        endpoint.host = rest.substr(0, end);
        rest.remove_prefix(end + 2);
    } else if (auto colon = text.rfind(':'); colon != std::string_view::npos) {
        if (text.find(':') != colon)
            return base::permanent("put an IPv6 address in brackets: [address]:port");
        endpoint.host = text.substr(0, colon);
        rest = text.substr(colon + 1);
    }
    if (!is_port(rest))
        return base::permanent("use port, host:port or [address]:port, with a port from 1 to 65535 "
                               "or a name of services(5)");
    endpoint.port = rest;
    return endpoint;
}

std::vector<std::string_view> master_words(std::string_view text, std::string& why)
{
    std::vector<std::string_view> words;
    std::size_t start = 0;
    int depth = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        bool end = i == text.size() || (depth == 0 && base::is_blank(text[i]));
        if (end && i > start)
            words.push_back(text.substr(start, i - start));
        if (end) {
            start = i + 1;
            continue;
        }
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        if (depth < 0)
            break;
    }
    if (depth != 0)
        why = depth < 0 ? "a '}' without its '{'" : "missing '}'";
    return words;
}

MasterCf::Defaults MasterCf::Defaults::of(const MainCf& main)
{
    Defaults defaults;
    auto limit = main.expanded("default_process_limit");
    if (limit && !limit->empty())
        defaults.process_limit = base::parse_int<int>(*limit).value_or(defaults.process_limit);
    auto text = main.expanded("compatibility_level").value_or("");
    auto level = parse_compat_level(text.empty() ? "0" : text);
    defaults.chroot = level && *level < CompatLevel{1, 0, 0};
    return defaults;
}

base::Result<MasterCf> MasterCf::load(const std::string& directory, Defaults defaults,
                                      Faults& faults)
{
    std::string path = base::cat(directory, "/master.cf");
    auto text = base::read_file(path, kConfigFileBytes);
    if (!text)
        return text.error();
    return parse(*text, path, defaults, faults);
}

MasterCf MasterCf::parse(std::string_view text, const std::string& file, Defaults defaults,
                         Faults& faults)
{
    MasterCf master;
    for (const LogicalLine& line : logical_lines(text, file, faults)) {
        auto entry = EntryReader{line, file, defaults, faults}.read();
        if (entry)
            master.add(std::move(*entry), faults);
    }
    return master;
}

const ServiceEntry* MasterCf::find(std::string_view name, ServiceType type) const
{
    auto found = std::find_if(entries_.begin(), entries_.end(), [&](const ServiceEntry& e) {
        return e.name == name && e.type == type;
    });
    return found == entries_.end() ? nullptr : &*found;
}

void MasterCf::add(ServiceEntry entry, Faults& faults)
{
    auto old = std::find_if(entries_.begin(), entries_.end(), [&](const ServiceEntry& e) {
        return e.name == entry.name && e.type == entry.type;
    });
    if (old == entries_.end()) {
        entries_.push_back(std::move(entry));
        return;
    }
    faults.push_back({entry.file, entry.line, true,
                      base::cat("overriding earlier entry: ", entry.key(), " of line ", old->line),
                      "remove one of the two"});
    *old = std::move(entry);
}

} // namespace config
