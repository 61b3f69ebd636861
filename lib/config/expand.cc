// SPDX-License-Identifier: Apache-2.0
// The $ language; see expand.h. A text is first cut into a Macro (scan), then given its meaning by
// Expander; referenced_names uses the first half only.
#include "lib/config/expand.h"

#include <algorithm>

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/config/compat_level.h"

namespace config {

namespace {

// ${name}, ${name?yes}, ${name:no}, ${{left} op {right}?{yes}:{no}}. Views point into the text.
struct Macro {
    std::string_view name;
    std::string_view left, op, right; // Set when `name` is empty.
    std::optional<std::string_view> yes;
    std::optional<std::string_view> no;
};

// The text being read, and what was wrong with it.
struct Scan {
    std::string_view rest;
    std::string why;

    bool fail(std::string text)
    {
        why = std::move(text);
        return false;
    }
    void skip_blanks() { rest = base::trim_left(rest); }
    bool next_is(char c) const { return !rest.empty() && rest.front() == c; }
};

bool is_name_char(char c)
{
    return base::is_alnum(c) || c == '_';
}

std::string_view take_name(std::string_view& rest)
{
    auto end = std::find_if_not(rest.begin(), rest.end(), is_name_char);
    std::string_view name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(name.size());
    return name;
}

// Takes "{...}" or "(...)" off the front, with nested ones of the same kind; `inner` is without the
// outer pair.
bool take_balanced(Scan& scan, std::string_view& inner)
{
    char open = scan.rest.front();
    char close = open == '{' ? '}' : ')';
    int depth = 0;
    for (std::size_t i = 0; i < scan.rest.size(); ++i) {
        char c = scan.rest[i];
        depth += c == open ? 1 : c == close ? -1 : 0;
        if (depth > 0)
            continue;
        inner = scan.rest.substr(1, i - 1);
        scan.rest.remove_prefix(i + 1);
        return true;
    }
    return scan.fail(base::cat("missing '", close, "' in \"$", scan.rest, "\""));
}

// What follows '?' or ':' : {text}, or all that is left.
bool take_branch(Scan& scan, std::optional<std::string_view>& branch)
{
    std::string_view whole = scan.rest;
    scan.skip_blanks();
    if (!scan.next_is('{')) {
        branch = base::trim_right(base::trim_left(whole));
        scan.rest = {};
        return true;
    }
    std::string_view inner;
    if (!take_balanced(scan, inner))
        return false;
    branch = base::trim(inner);
    scan.skip_blanks();
    return true;
}

bool take_branches(Scan& scan, Macro& macro)
{
    scan.skip_blanks();
    if (scan.next_is('?')) {
        scan.rest.remove_prefix(1);
        if (!take_branch(scan, macro.yes))
            return false;
        if (!scan.rest.empty() && !scan.next_is(':'))
            return scan.fail(base::cat("':' expected at \"", scan.rest, "\""));
    }
    if (scan.next_is(':')) {
        scan.rest.remove_prefix(1);
        if (!take_branch(scan, macro.no))
            return false;
    }
    if (!scan.rest.empty())
        return scan.fail(base::cat("attribute name syntax error at \"", scan.rest, "\""));
    return true;
}

constexpr std::string_view kOperators[] = {
    "==level", "!=level", "<=level", ">=level", "<level", ">level",
    "==",      "!=",      "<=",      ">=",      "<",      ">"};

bool take_comparison(Scan& scan, Macro& macro)
{
    if (!take_balanced(scan, macro.left))
        return false;
    scan.skip_blanks();
    auto found = std::find_if(std::begin(kOperators), std::end(kOperators),
                              [&](std::string_view op) { return scan.rest.starts_with(op); });
    if (found == std::end(kOperators))
        return scan.fail(base::cat("unknown operator at \"", scan.rest,
                                   "\": == != < <= >= > or one of these with \"level\" is needed"));
    macro.op = *found;
    scan.rest.remove_prefix(found->size());
    scan.skip_blanks();
    if (!scan.next_is('{'))
        return scan.fail(base::cat("'{' expected at \"", scan.rest, "\""));
    if (!take_balanced(scan, macro.right))
        return false;
    macro.left = base::trim(macro.left);
    macro.right = base::trim(macro.right);
    return true;
}

// `rest` stands behind the '$'.
bool take_macro(Scan& scan, Macro& macro)
{
    if (!scan.next_is('{') && !scan.next_is('(')) {
        macro.name = take_name(scan.rest);
        return !macro.name.empty() ||
               scan.fail(base::cat("no name after '$' in \"$", scan.rest.substr(0, 20),
                                   "\"; a dollar sign itself is written $$"));
    }
    std::string_view inner;
    if (!take_balanced(scan, inner))
        return false;
    Scan body{base::trim(inner), {}};
    bool good = true;
    if (body.next_is('{')) {
        good = take_comparison(body, macro);
    } else {
        macro.name = take_name(body.rest);
        if (macro.name.empty())
            return scan.fail(base::cat("no name in \"${", inner, "}\""));
    }
    if (!good || !take_branches(body, macro))
        return scan.fail(std::move(body.why));
    return true;
}

bool all_digits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

bool holds(std::string_view op, std::strong_ordering order)
{
    switch (op.front()) {
    case '=': return std::is_eq(order);
    case '!': return std::is_neq(order);
    case '<': return op.size() > 1 ? std::is_lteq(order) : std::is_lt(order);
    }
    return op.size() > 1 ? std::is_gteq(order) : std::is_gt(order);
}

class Expander {
public:
    explicit Expander(const Lookup& lookup) : lookup_(lookup) {}

    bool run(std::string_view text, std::string& out);
    base::Error error() const { return base::permanent(why_); }
    const std::string& culprit() const { return culprit_; }

private:
    bool fail(std::string why)
    {
        why_ = std::move(why);
        culprit_ = path_.empty() ? "" : path_.back();
        return false;
    }
    bool evaluate(const Macro& macro, std::string& out);
    bool value_of(std::string_view name, std::string& out);
    bool compare(const Macro& macro, bool& result);
    bool too_deep(std::string_view name);

    const Lookup& lookup_;
    std::vector<std::string> path_; // Names whose text is being expanded, outermost first.
    std::size_t depth_ = 0;         // Texts within texts, branches included.
    std::size_t lookups_ = 0;
    std::string why_;
    std::string culprit_;
};

bool Expander::run(std::string_view text, std::string& out)
{
    if (++depth_ > kExpansionDepth)
        return fail(base::cat("nested deeper than ", kExpansionDepth));
    Scan scan{text, {}};
    while (true) {
        auto dollar = std::min(scan.rest.find('$'), scan.rest.size());
        out.append(scan.rest.substr(0, dollar));
        if (out.size() > kExpansionBytes)
            return fail(base::cat("expands to more than ", kExpansionBytes, " bytes"));
        if (dollar == scan.rest.size())
            break;
        scan.rest.remove_prefix(dollar + 1);
        if (scan.next_is('$')) {
            out.push_back('$');
            scan.rest.remove_prefix(1);
            continue;
        }
        Macro macro;
        if (!take_macro(scan, macro))
            return fail(std::move(scan.why));
        if (!evaluate(macro, out))
            return false;
    }
    --depth_;
    return true;
}

bool Expander::evaluate(const Macro& macro, std::string& out)
{
    bool chosen = false;
    if (macro.name.empty()) {
        if (!compare(macro, chosen))
            return false;
        if (!macro.yes && !macro.no)
            out.append(chosen ? "true" : "");
    } else if (!macro.yes && !macro.no) {
        lookup_.used(macro.name);
        return value_of(macro.name, out);
    } else {
        std::string value;
        if (!value_of(macro.name, value))
            return false;
        chosen = !value.empty();
    }
    const auto& branch = chosen ? macro.yes : macro.no;
    return !branch || run(*branch, out);
}

bool Expander::too_deep(std::string_view name)
{
    if (std::find(path_.begin(), path_.end(), name) == path_.end())
        return false;
    std::string chain;
    for (const auto& step : path_)
        base::append(chain, step, " -> ");
    fail(base::cat("refers to itself: ", chain, name));
    return true;
}

bool Expander::value_of(std::string_view name, std::string& out)
{
    if (too_deep(name))
        return false;
    if (++lookups_ > kExpansionLookups)
        return fail(base::cat("needs more than ", kExpansionLookups, " names"));
    auto meaning = lookup_.meaning(name);
    if (!meaning)
        return true;
    path_.emplace_back(name);
    std::string value;
    bool good = run(meaning->text, value);
    path_.pop_back();
    out.append(meaning->after != nullptr ? meaning->after(value) : value);
    return good;
}

bool Expander::compare(const Macro& macro, bool& result)
{
    std::string left;
    std::string right;
    if (!run(macro.left, left) || !run(macro.right, right))
        return false;
    if (macro.op.ends_with("level")) {
        auto a = parse_compat_level(left);
        auto b = parse_compat_level(right);
        if (!a || !b)
            return fail(base::cat("\"", a ? right : left, "\" is no compatibility level"));
        result = holds(macro.op.substr(0, macro.op.size() - 5), *a <=> *b);
        return true;
    }
    auto a = base::parse_int<long>(left);
    auto b = base::parse_int<long>(right);
    bool numbers = a && b && all_digits(left) && all_digits(right);
    result = holds(macro.op, numbers ? *a <=> *b : left.compare(right) <=> 0);
    return true;
}

void collect_names(std::string_view text, std::size_t depth, std::vector<std::string>& names)
{
    Scan scan{text, {}};
    while (depth < kExpansionDepth) {
        auto dollar = scan.rest.find('$');
        if (dollar == std::string_view::npos)
            return;
        scan.rest.remove_prefix(dollar + 1);
        if (scan.next_is('$')) {
            scan.rest.remove_prefix(1);
            continue;
        }
        Macro macro;
        if (!take_macro(scan, macro))
            return;
        if (!macro.name.empty())
            names.emplace_back(macro.name);
        for (std::string_view part :
             {macro.left, macro.right, macro.yes.value_or(""), macro.no.value_or("")})
            collect_names(part, depth + 1, names);
    }
}

} // namespace

base::Result<std::string> expand(std::string_view text, const Lookup& lookup, std::string& culprit)
{
    Expander expander{lookup};
    std::string out;
    if (expander.run(text, out))
        return out;
    culprit = expander.culprit();
    return expander.error();
}

std::vector<std::string> referenced_names(std::string_view text)
{
    std::vector<std::string> names;
    collect_names(text, 0, names);
    return names;
}

} // namespace config
