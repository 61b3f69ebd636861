// SPDX-License-Identifier: Apache-2.0
// postconf -M, -F and -P: the services of master.cf, their columns and their -o settings.
#include <algorithm>
#include <array>
#include <map>

#include "lib/base/strings.h"
#include "lib/config/edit.h"
#include "lib/config/params/registry.h"
#include "tools/postconf/commands.h"
#include "tools/postconf/output.h"
#include "tools/postconf/request.h"

namespace postconf {

namespace {

constexpr std::array<std::string_view, 8> kFields{
    "service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit", "command"};

// master.cf, its entries, and the changes to be made to its text.
class MasterFile {
public:
    explicit MasterFile(const Options& options)
        : options_(options), path_(base::cat(options.directory, "/master.cf"))
    {
    }

    base::Result<void> load();
    std::vector<const config::ServiceEntry*> matching(const Request& request) const;
    // A line of master.cf as an entry.
    base::Result<config::ServiceEntry> parse(std::string_view line) const;
    void change(config::EditKind kind, std::string key, std::string text = "");
    // Later requests see what earlier ones did.
    void replace(const std::string& key, const config::ServiceEntry& entry);
    base::Result<void> save();

private:
    const Options& options_;
    std::string path_;
    std::string text_;
    std::vector<config::ServiceEntry> entries_;
    std::vector<config::LineEdit> edits_;
};

base::Result<void> MasterFile::load()
{
    auto text = read_config_file(path_);
    if (!text)
        return text.error();
    text_ = std::move(*text);
    config::Faults faults;
    auto master = config::MasterCf::parse(text_, path_, {}, faults);
    for (const config::Fault& fault : faults) {
        if (!fault.warning)
            return base::permanent(fault.to_string());
        warn(fault.to_string());
    }
    entries_ = master.entries();
    return {};
}

std::vector<const config::ServiceEntry*> MasterFile::matching(const Request& request) const
{
    std::vector<const config::ServiceEntry*> found;
    for (const config::ServiceEntry& entry : entries_) {
        if (request.matches(entry))
            found.push_back(&entry);
    }
    return found;
}

base::Result<config::ServiceEntry> MasterFile::parse(std::string_view line) const
{
    config::Faults faults;
    auto master = config::MasterCf::parse(base::trim(line), "", {}, faults);
    for (config::Fault& fault : faults) {
        fault.line = 0;
        return base::permanent(fault.to_string());
    }
    if (master.entries().size() != 1)
        return base::permanent(base::cat("bad field count: \"", line, "\""));
    return master.entries().front();
}

void MasterFile::change(config::EditKind kind, std::string key, std::string text)
{
    std::erase_if(edits_, [&](const config::LineEdit& edit) { return edit.key == key; });
    edits_.push_back({kind, std::move(key), std::move(text)});
}

void MasterFile::replace(const std::string& key, const config::ServiceEntry& entry)
{
    change(config::EditKind::Set, key, config::format_service(entry, true));
    for (config::ServiceEntry& old : entries_) {
        if (old.key() == key)
            old = entry;
    }
}

base::Result<void> MasterFile::save()
{
    if (edits_.empty())
        return {};
    return replace_config_file(path_, config::edit_master_cf(text_, edits_));
}

int finish(MasterFile& file)
{
    auto saved = file.save();
    return saved ? 0 : fatal(saved.error().text);
}

std::vector<Request> requests_of(const Options& options, int parts)
{
    std::vector<Request> requests;
    for (const std::string& argument : options.arguments)
        requests.push_back(read_request(argument, parts));
    if (requests.empty())
        requests.push_back(read_request("*", parts));
    return requests;
}

base::Result<void> remove_services(MasterFile& file, const Options& options, const Request& request)
{
    if (request.type.empty())
        return base::permanent("-Me, -MX or -M# requires service_name/type");
    const auto kind = options.remove ? config::EditKind::Delete : config::EditKind::CommentOut;
    for (const config::ServiceEntry* entry : file.matching(request))
        file.change(kind, entry->key());
    return {};
}

base::Result<void> set_service(MasterFile& file, const Request& request)
{
    if (request.service == "*" || request.type == "*" || request.type.empty())
        return base::permanent("-Me, -MX or -M# requires service_name/type");
    std::string key = base::cat(request.service, "/", request.type);
    if (!request.value)
        return base::permanent(base::cat("missing '=' after attribute name: \"", key, "\""));
    auto entry = file.parse(*request.value);
    if (!entry)
        return entry.error();
    file.change(config::EditKind::Set, key, config::format_service(*entry, true));
    return {};
}

// "name = value" as -h and -H want it.
void print_pair(const Options& options, const std::string& name, std::string_view value)
{
    if (options.hide_values)
        print(name);
    else if (options.hide_names)
        print(config::fold_words(value, options.fold));
    else
        print(config::fold_words(base::cat(name, " = ", value), options.fold));
}

std::string field_of(const config::ServiceEntry& entry, std::size_t column)
{
    return column == 7 ? config::format_command(entry) : entry.fields[column];
}

base::Result<void> edit_fields(MasterFile& file, const Request& request)
{
    auto column = std::find(kFields.begin(), kFields.end(), request.attribute);
    if (column == kFields.end())
        return base::permanent(
            base::cat("invalid service attribute name: \"", request.attribute, "\""));
    auto found = file.matching(request);
    if (found.empty())
        warn(base::cat("unmatched service_name/type: \"", request.text, "\""));
    for (const config::ServiceEntry* entry : found) {
        const std::string key = entry->key();
        std::string line;
        for (std::size_t i = 0; i < kFields.size(); ++i) {
            bool changed = kFields.begin() + i == column;
            base::append(line, changed ? *request.value : field_of(*entry, i), " ");
        }
        auto fresh = file.parse(line);
        if (!fresh)
            return fresh.error();
        file.replace(key, *fresh);
    }
    return {};
}

base::Result<void> edit_override(MasterFile& file, const Options& options, const Request& request)
{
    if (request.attribute == "*")
        return base::permanent("-Pe does not accept wild-card parameter name");
    if (!options.remove && !request.value)
        return base::permanent(
            base::cat("missing '=' after attribute name: \"", request.text, "\""));
    if (request.value && request.value->find_first_of(" \t\n") != std::string::npos)
        return base::permanent("-Pe does not accept whitespace in parameter value");
    auto found = file.matching(request);
    if (found.empty())
        warn(base::cat("unmatched service_name/type: \"", request.text, "\""));
    for (const config::ServiceEntry* entry : found) {
        config::ServiceEntry fresh = *entry;
        config::change_override(fresh, request.attribute,
                                options.remove ? nullptr : &*request.value);
        file.replace(fresh.key(), fresh);
    }
    return {};
}

// Values as the service sees them: main.cf with its own settings on top.
class ServiceView {
public:
    ServiceView(const Options& options, const config::ServiceEntry& entry)
        : options_(options), entry_(entry)
    {
        if (!options.expand)
            return;
        config::Faults ignored;
        if (auto main = config::MainCf::load(options.directory, ignored, true))
            main_ = std::move(*main);
        for (const config::KnownSet& known : config::known_sets())
            known.set->declare(main_);
        main_.set("service_name", entry.name);
        for (const auto& [name, value] : entry.overrides)
            main_.set(name, value);
    }

    // Prints the wanted settings by name; how many there were.
    int show(const Request& request) const
    {
        std::map<std::string, std::string> sorted;
        for (const auto& [name, value] : entry_.overrides) {
            if (request.wants(name))
                sorted[name] = options_.expand ? main_.expanded(name).value_or(value) : value;
        }
        for (const auto& [name, value] : sorted)
            print_pair(options_, base::cat(entry_.key(), "/", name), value);
        return static_cast<int>(sorted.size());
    }

private:
    const Options& options_;
    const config::ServiceEntry& entry_;
    config::MainCf main_;
};

int show_fields(const Options& options, const config::ServiceEntry& entry, const Request& request)
{
    int shown = 0;
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        if (!request.wants(kFields[i]))
            continue;
        print_pair(options, base::cat(entry.key(), "/", kFields[i]), field_of(entry, i));
        ++shown;
    }
    return shown;
}

} // namespace

int services(const Options& options)
{
    MasterFile file{options};
    if (auto loaded = file.load(); !loaded)
        return fatal(loaded.error().text);
    for (const Request& request : requests_of(options, 2)) {
        if (options.changes()) {
            auto edited =
                options.edit ? set_service(file, request) : remove_services(file, options, request);
            if (!edited)
                return fatal(edited.error().text);
            continue;
        }
        auto found = file.matching(request);
        if (found.empty() && !options.arguments.empty())
            warn(base::cat("unmatched request: \"", request.text, "\""));
        for (const config::ServiceEntry* entry : found)
            print(config::format_service(*entry, options.fold));
    }
    return finish(file);
}

int fields(const Options& options)
{
    MasterFile file{options};
    if (auto loaded = file.load(); !loaded)
        return fatal(loaded.error().text);
    for (const Request& request : requests_of(options, 3)) {
        if (options.edit && !request.value)
            return fatal(base::cat("missing '=' after attribute name: \"", request.text, "\""));
        if (options.edit) {
            if (auto edited = edit_fields(file, request); !edited)
                return fatal(edited.error().text);
            continue;
        }
        int shown = 0;
        for (const config::ServiceEntry* entry : file.matching(request))
            shown += show_fields(options, *entry, request);
        if (shown == 0 && !options.arguments.empty())
            warn(base::cat("unmatched request: \"", request.text, "\""));
    }
    return finish(file);
}

int overrides(const Options& options)
{
    MasterFile file{options};
    if (auto loaded = file.load(); !loaded)
        return fatal(loaded.error().text);
    for (const Request& request : requests_of(options, 3)) {
        if (options.changes()) {
            if (auto edited = edit_override(file, options, request); !edited)
                return fatal(edited.error().text);
            continue;
        }
        int shown = 0;
        for (const config::ServiceEntry* entry : file.matching(request))
            shown += ServiceView{options, *entry}.show(request);
        if (shown == 0 && !options.arguments.empty())
            warn(base::cat("unmatched request: \"", request.text, "\""));
    }
    return finish(file);
}

} // namespace postconf
