// SPDX-License-Identifier: Apache-2.0
// Files of database tables; see table_file.h.
#include "lib/table/table_file.h"

#include <algorithm>

#include "lib/base/file.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/config/lines.h"
#include "lib/config/param.h"
#include "lib/table/key_template.h"

namespace table {

namespace {

constexpr ModuleSetting common[] = {
    {"domain"},
    {"expansion_limit", "0", SettingKind::Number},
    {"result_format", "%s", SettingKind::Template},
};

// What is wrong with `value`; empty when nothing is.
std::string read_value(TableSettings::Value& value, SettingKind kind)
{
    std::string why;
    switch (kind) {
    case SettingKind::Text: break;
    case SettingKind::Template:
        if (auto parsed = KeyTemplate::parse(value.text); !parsed)
            why = "invalid template";
        break;
    case SettingKind::Number:
        if (auto number = base::parse_int<long>(value.text); number && *number >= 0)
            value.number = *number;
        else
            why = "bad numerical configuration";
        break;
    case SettingKind::Seconds: {
        config::Seconds::Value time{};
        if (!config::Seconds::parse(value.text, time, why))
            why = "bad time value or unit";
        value.number =
            static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
        break;
    }
    case SettingKind::Flag:
        value.number = base::iequals(value.text, "yes") ? 1 : 0;
        if (value.number == 0 && !base::iequals(value.text, "no"))
            why = "bad boolean configuration";
        break;
    }
    return why;
}

const ModuleSetting* find_setting(std::span<const ModuleSetting> known, std::string_view name)
{
    for (const auto& rows : {known, std::span<const ModuleSetting>(common)})
        for (const auto& row : rows)
            if (row.name == name)
                return &row;
    return nullptr;
}

struct Given {
    std::string value;
    std::string place; // "FILE, line N: "
};

class Reader {
public:
    explicit Reader(std::span<const ModuleSetting> known) : known_(known) {}

    void take(std::string_view name, Given given) { given_[std::string(name)] = std::move(given); }
    bool has(std::string_view name) const { return given_.contains(name); }

    base::Result<TableSettings> finish() const
    {
        TableSettings settings;
        for (const auto& rows : {known_, std::span<const ModuleSetting>(common)})
            for (const auto& row : rows)
                if (auto set = add(row, settings); !set)
                    return set.error();
        return settings;
    }

private:
    base::Result<void> add(const ModuleSetting& row, TableSettings& settings) const
    {
        TableSettings::Value value{.text = std::string(row.value)};
        auto given = given_.find(row.name);
        std::string place;
        if (given != given_.end()) {
            value.text = given->second.value;
            value.given = true;
            place = given->second.place;
        }
        if (std::string why = read_value(value, row.kind); !why.empty())
            return base::permanent(base::cat(place, why, ": ", row.name, " = ", value.text));
        settings.set(row.name, std::move(value));
        return {};
    }

    std::span<const ModuleSetting> known_;
    std::map<std::string, Given, std::less<>> given_;
};

base::Result<TableSettings> from_main(const std::string& name, const config::MainCf& main,
                                      std::span<const ModuleSetting> known)
{
    Reader reader(known);
    for (const auto& rows : {known, common_settings()}) {
        for (const auto& row : rows) {
            const std::string parameter = base::cat(name, "_", row.name);
            const auto* entry = main.find(parameter);
            if (entry == nullptr)
                continue;
            auto value = main.expanded(parameter);
            if (!value)
                return value.error();
            reader.take(row.name, {*value, base::cat(entry->file, ", line ", entry->line, ": ")});
        }
    }
    return reader.finish();
}

} // namespace

std::span<const ModuleSetting> common_settings()
{
    return common;
}

bool is_table_file(std::string_view name)
{
    return !name.empty() && (name.front() == '/' || name.front() == '.');
}

base::Result<TableSettings> parse_table_settings(std::string_view text, const std::string& file,
                                                 std::span<const ModuleSetting> known,
                                                 Warnings& warnings)
{
    config::Faults faults;
    Reader reader(known);
    for (const auto& line : config::logical_lines(text, file, faults)) {
        const std::string place = base::cat(file, ", line ", line.line, ": ");
        std::string_view name;
        std::string_view value;
        std::string why;
        if (!config::split_assignment(line.text, name, value, why))
            return base::permanent(base::cat(place, why, ": \"", line.text, "\""));
        if (find_setting(known, name) == nullptr)
            warnings.push_back(base::cat(place, "unused parameter: ", name, "=", value));
        else if (reader.has(name))
            warnings.push_back(base::cat(place, "overriding earlier entry: ", name, "=", value));
        reader.take(name, {std::string(value), place});
    }
    for (const auto& fault : faults) {
        if (!fault.warning)
            return base::permanent(fault.to_string());
        warnings.push_back(fault.to_string());
    }
    return reader.finish();
}

base::Result<TableSettings> read_table_settings(const std::string& name, const config::MainCf* main,
                                                std::span<const ModuleSetting> known,
                                                Warnings& warnings)
{
    if (!is_table_file(name)) {
        if (main == nullptr)
            return base::permanent(base::cat("no main.cf with parameters ", name, "_..."));
        return from_main(name, *main, known);
    }
    auto text = base::read_file(name, kTableFileBytes);
    if (!text)
        return text.error();
    return parse_table_settings(*text, name, known, warnings);
}

} // namespace table
