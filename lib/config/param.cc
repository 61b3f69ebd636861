// SPDX-License-Identifier: Apache-2.0
// Parameter types and sets; see param.h.
#include "lib/config/param.h"

#include <limits>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace config {

bool Bool::parse(std::string_view text, Value& value, std::string& why)
{
    value = base::iequals(text, "yes");
    if (value || base::iequals(text, "no"))
        return true;
    why = "must be yes or no";
    return false;
}

bool Int::parse(std::string_view text, Value& value, std::string& why)
{
    auto number = base::parse_int<Value>(text);
    value = number.value_or(0);
    if (!number)
        why = "must be a whole number";
    return number.has_value();
}

bool Size::parse(std::string_view text, Value& value, std::string& why)
{
    auto number = base::parse_int<Value>(text);
    value = number.value_or(0);
    if (!number || *number < 0)
        why = "must be a whole number, 0 or more";
    return number.has_value() && *number >= 0;
}

namespace {

// Microseconds; 0 when the letter is no unit.
std::int64_t unit_length(char unit)
{
    constexpr std::int64_t second = 1'000'000;
    switch (unit) {
    case 's': return second;
    case 'm': return 60 * second;
    case 'h': return 3600 * second;
    case 'd': return 86400 * second;
    case 'w': return 7 * 86400 * second;
    }
    return 0;
}

// Digits behind the point, as millionths; more than six are cut.
std::optional<std::int64_t> millionths(std::string_view digits)
{
    std::string six(digits.substr(0, 6));
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    six.append(6 - six.size(), '0');
    return base::parse_int<std::int64_t>(six);
}

std::optional<std::int64_t> microseconds(std::string_view number, std::int64_t unit)
{
    bool has_point = number.find('.') != std::string_view::npos;
    std::string_view fraction = number;
    std::string_view whole = base::cut(fraction, '.');
    auto units = base::parse_int<std::int64_t>(whole);
    auto parts = has_point ? millionths(fraction) : std::optional<std::int64_t>(0);
    if (!units || *units < 0 || !parts)
        return std::nullopt;
    if (*units > std::numeric_limits<std::int64_t>::max() / unit - 1)
        return std::nullopt;
    return *units * unit + unit / 1'000'000 * *parts;
}

bool is_number(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

} // namespace

char default_unit(std::string_view default_text)
{
    if (default_text.empty() || unit_length(base::lower(default_text.back())) == 0)
        return 's';
    return is_number(default_text.substr(0, default_text.size() - 1))
               ? base::lower(default_text.back())
               : 's';
}

bool Seconds::parse(std::string_view text, Value& value, std::string& why, char unit)
{
    std::string_view number = text;
    if (!text.empty() && base::is_alpha(text.back())) {
        unit = base::lower(text.back());
        number.remove_suffix(1);
    }
    std::int64_t length = unit_length(unit);
    auto total = length == 0 ? std::nullopt : microseconds(number, length);
    if (!total) {
        why = "must be a time: a number and one of the units s, m, h, d, w";
        return false;
    }
    value = Value{*total};
    return true;
}

bool Text::parse(std::string_view text, Value& value, std::string&)
{
    value = text;
    return true;
}

bool Raw::parse(std::string_view text, Value& value, std::string&)
{
    value = text;
    return true;
}

bool Path::parse(std::string_view text, Value& value, std::string& why)
{
    value = text;
    if (text.empty())
        why = "must not be empty";
    return !text.empty();
}

// Where the element at the start of `text` ends; npos when its braces do not match.
static std::size_t element_end(std::string_view text)
{
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (depth == 0 && (base::is_blank(text[i]) || text[i] == ','))
            return i;
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        if (depth < 0)
            return std::string_view::npos;
    }
    return depth == 0 ? text.size() : std::string_view::npos;
}

bool List::parse(std::string_view text, Value& value, std::string& why)
{
    value.clear();
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(", \t\r\n\v\f"), text.size()));
        if (text.empty())
            return true;
        std::size_t end = element_end(text);
        if (end == std::string_view::npos) {
            why = base::cat("braces do not match at \"", text, "\"");
            return false;
        }
        value.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

namespace {

template <typename T> bool in_bounds(const Spec& spec, typename T::Value value, std::string& why)
{
    typename T::Value bound{};
    std::string ignored;
    if (spec.min != nullptr && T::parse(spec.min, bound, ignored) && value < bound) {
        why = base::cat("must be at least ", spec.min);
        return false;
    }
    if (spec.max != nullptr && T::parse(spec.max, bound, ignored) && value > bound) {
        why = base::cat("must be at most ", spec.max);
        return false;
    }
    return true;
}

struct PlainSeconds { // A bound without a unit is in seconds, whatever the parameter's own unit.
    using Value = base::Duration;
    static bool parse(std::string_view text, Value& value, std::string& why)
    {
        return Seconds::parse(text, value, why);
    }
};

} // namespace

bool in_range(const Spec& spec, std::int64_t value, std::string& why)
{
    return in_bounds<Int>(spec, value, why);
}

bool in_range(const Spec& spec, base::Duration value, std::string& why)
{
    return in_bounds<PlainSeconds>(spec, value, why);
}

ParamBase::ParamBase(ParamSet& set, Spec spec) : spec_(std::move(spec))
{
    set.params_.push_back(this);
}

void ParamSet::declare(MainCf& main) const
{
    for (const ParamBase* param : params_)
        main.set_default(param->name(), param->spec().value);
}

void ParamSet::load(const MainCf& main, Faults& faults)
{
    for (ParamBase* param : params_)
        load_one(*param, main, faults);
    check(main, faults);
}

void ParamSet::check(const MainCf&, Faults&) const {}

// An entry of the file is tried first, then the default, so that a fault leaves a usable value.
void ParamSet::load_one(ParamBase& param, const MainCf& main, Faults& faults)
{
    std::string why;
    const MainCf::Entry* entry = main.find(param.name());
    if (param.raw()) {
        param.accept(entry != nullptr ? std::string_view(entry->value) : param.spec().value, why);
        return;
    }
    bool known = entry != nullptr || main.knows(param.name());
    if (known) {
        auto text = main.expanded(param.name(), faults);
        if (text && param.accept(*text, why))
            return;
        if (text) {
            add_fault(faults, {entry ? entry->file : "", entry ? entry->line : 0, false,
                               base::cat("bad value for ", param.name(), ": \"", *text, "\" ", why),
                               base::cat("the default is: ", param.spec().value)});
        }
    }
    auto fallback = main.expand(param.spec().value);
    if ((!fallback || !param.accept(*fallback, why)) && !known)
        add_fault(faults, {"", 0, false, base::cat("default of ", param.name(), ": ", why), ""});
}

} // namespace config
