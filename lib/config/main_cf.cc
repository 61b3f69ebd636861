// SPDX-License-Identifier: Apache-2.0
// main.cf; see main_cf.h.
#include "lib/config/main_cf.h"

#include <algorithm>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/config/expand.h"
#include "lib/config/host.h"
#include "lib/config/lines.h"

namespace config {

namespace {

class MainCfLookup final : public Lookup {
public:
    explicit MainCfLookup(const MainCf& main) : main_(main) {}
    std::optional<Meaning> meaning(std::string_view name) const override;

private:
    const MainCf& main_;
};

std::optional<Meaning> MainCfLookup::meaning(std::string_view name) const
{
    if (const MainCf::Entry* entry = main_.find(name))
        return Meaning{entry->value};
    const std::string* text = main_.find_default(name);
    if (text != nullptr && !text->empty())
        return Meaning{*text};
    if (auto computed = computed_default(main_, name))
        return computed;
    return text == nullptr ? std::nullopt : std::optional(Meaning{});
}

bool is_missing(const std::string& path)
{
    auto read = base::read_file(path, kConfigFileBytes);
    return !read && read.error().text.ends_with("No such file or directory");
}

} // namespace

std::string Fault::to_string() const
{
    std::string out = file;
    if (line > 0)
        base::append(out, ", line ", line);
    if (!out.empty())
        out.append(": ");
    out.append(text);
    if (!hint.empty())
        base::append(out, " (", hint, ")");
    return out;
}

void add_fault(Faults& faults, Fault fault)
{
    if (std::find(faults.begin(), faults.end(), fault) == faults.end())
        faults.push_back(std::move(fault));
}

bool has_errors(const Faults& faults)
{
    return std::any_of(faults.begin(), faults.end(), [](const Fault& f) { return !f.warning; });
}

base::Result<MainCf> MainCf::load(const std::string& directory, Faults& faults, bool may_be_missing)
{
    std::string path = base::cat(directory, "/main.cf");
    std::string text;
    if (!may_be_missing || !is_missing(path)) {
        auto read = base::read_file(path, kConfigFileBytes);
        if (!read)
            return read.error();
        text = std::move(*read);
    }
    MainCf main = parse(text, path, faults);
    main.directory_ = directory;
    main.set("config_directory", directory, path);
    return main;
}

MainCf MainCf::parse(std::string_view text, const std::string& file, Faults& faults)
{
    MainCf main;
    main.file_ = file;
    for (const LogicalLine& line : logical_lines(text, file, faults))
        main.add(line.text, line.line, faults);
    return main;
}

void MainCf::add(std::string_view line_text, int line, Faults& faults)
{
    std::string_view name;
    std::string_view value;
    std::string why;
    if (!split_assignment(line_text, name, value, why)) {
        std::string_view shown = line_text.substr(0, 80);
        faults.push_back({file_, line, false, base::cat(why, ": \"", shown, "\""),
                          "a line is: name = value; begin it with # to make it a comment"});
        return;
    }
    if (const Entry* old = find(name)) {
        faults.push_back({file_, line, true,
                          base::cat("overriding earlier entry: ", name, "=", old->value), ""});
    }
    set(name, value, file_, line);
}

void MainCf::set(std::string_view name, std::string_view value, const std::string& from, int line)
{
    entries_.insert_or_assign(std::string(name), Entry{std::string(value), from, line});
}

const MainCf::Entry* MainCf::find(std::string_view name) const
{
    auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
}

void MainCf::set_default(std::string_view name, std::string_view value)
{
    defaults_.insert_or_assign(std::string(name), std::string(value));
}

const std::string* MainCf::find_default(std::string_view name) const
{
    auto found = defaults_.find(name);
    return found == defaults_.end() ? nullptr : &found->second;
}

bool MainCf::knows(std::string_view name) const
{
    return MainCfLookup{*this}.meaning(name).has_value();
}

std::optional<std::string> MainCf::expanded(std::string_view name, Faults& faults) const
{
    std::string culprit;
    auto value = config::expand(base::cat("$", name), MainCfLookup{*this}, culprit);
    if (value)
        return std::move(*value);
    culprit = culprit.empty() ? std::string(name) : culprit;
    const Entry* entry = find(culprit);
    add_fault(
        faults,
        {entry ? entry->file : "", entry ? entry->line : 0, false,
         base::cat("parameter ", culprit, ": ", value.error().text),
         value.error().text.starts_with("refers") ? "a parameter cannot contain itself" : ""});
    return std::nullopt;
}

base::Result<std::string> MainCf::expanded(std::string_view name) const
{
    Faults faults;
    if (auto value = expanded(name, faults))
        return std::move(*value);
    return base::permanent(faults.front().to_string());
}

base::Result<std::string> MainCf::expand(std::string_view text) const
{
    std::string culprit;
    auto value = config::expand(text, MainCfLookup{*this}, culprit);
    if (value || culprit.empty())
        return value;
    return value.error().in(base::cat("parameter ", culprit));
}

} // namespace config
