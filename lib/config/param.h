// SPDX-License-Identifier: Apache-2.0
// Parameters, declared once. A program's parameters are the members of a ParamSet; the same objects
// give the program its values, postconf its list and the manual its text:
//
//   struct SmtpdParams : config::ParamSet {
//       config::Param<config::Seconds> error_sleep_time{*this, {
//           .name = "smtpd_error_sleep_time", .value = "1s", .min = "0s",
//           .doc = "Delay before each reply once a client passes smtpd_soft_error_limit."}};
//   };
//
// Default texts are main.cf syntax ($name works) and are read by the same code as the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/strings.h"
#include "lib/config/main_cf.h"

namespace config {

class ParamSet;

// What a declaration says. All texts live as long as the program (string literals), except `name`,
// which sets with a prefix (smtp_, lmtp_, a transport's name) make at run time.
struct Spec {
    std::string name;
    const char* value = "";    // Default, in main.cf syntax.
    const char* min = nullptr; // In the type's syntax; nullptr: no bound.
    const char* max = nullptr;
    const char* doc = "";        // A paragraph for the manual; *bold* names, no markup else.
    const char* since = nullptr; // Our release or Postfix's that introduced it, if worth saying.
};

// Base of all Param<T>: what the tools see.
class ParamBase {
public:
    ParamBase(ParamSet& set, Spec spec);
    virtual ~ParamBase() = default;
    ParamBase(const ParamBase&) = delete;

    const Spec& spec() const { return spec_; }
    const std::string& name() const { return spec_.name; }
    virtual std::string_view type_name() const = 0; // "boolean", "integer", "time", ...
    virtual bool raw() const = 0;                   // accept() wants the text as it is written.

    // Parses expanded text; false (and why) when it is no value of this type or out of range.
    virtual bool accept(std::string_view expanded, std::string& why) = 0;

private:
    Spec spec_;
};

// Types. Each has: using Value; static bool parse(text, Value&, why); static name.
struct Bool {
    using Value = bool;
    static bool parse(std::string_view text, Value& value, std::string& why); // yes | no
    static constexpr std::string_view name = "boolean";
};
struct Int {
    using Value = std::int64_t;
    static bool parse(std::string_view text, Value& value, std::string& why);
    static constexpr std::string_view name = "integer";
};
// A time with unit s m h d w; without a unit the default is seconds, or what the default text of
// the parameter has (Postfix: "5d" makes days the default unit). Fractions are allowed: 0.25s.
struct Seconds {
    using Value = base::Duration;
    static bool parse(std::string_view text, Value& value, std::string& why, char unit = 's');
    static constexpr std::string_view name = "time";
};
struct Text {
    using Value = std::string;
    static bool parse(std::string_view text, Value& value, std::string& why);
    static constexpr std::string_view name = "text";
};
// Text whose $names the program itself gives a meaning, for each use anew: main.cf's are not put
// in.
struct Raw {
    using Value = std::string;
    static bool parse(std::string_view text, Value& value, std::string& why);
    static constexpr std::string_view name = "text";
    static constexpr bool raw = true;
};
// A number of bytes or of things, 0 or more.
struct Size {
    using Value = std::int64_t;
    static bool parse(std::string_view text, Value& value, std::string& why);
    static constexpr std::string_view name = "size";
};
// Text that must not be empty and begins with '/' (or is relative to the queue directory).
struct Path {
    using Value = std::string;
    static bool parse(std::string_view text, Value& value, std::string& why);
    static constexpr std::string_view name = "path";
};
// A list separated by blanks and commas. Braces keep an element with blanks together, and stay part
// of it: "{a b}, c" has the elements "{a b}" and "c".
struct List {
    using Value = std::vector<std::string>;
    static bool parse(std::string_view text, Value& value, std::string& why);
    static constexpr std::string_view name = "list";
};
// One word of a set: Choice<E> with a table `static constexpr ChoiceName<E> choices(E)` found by
// argument-dependent lookup: constexpr auto choice_table(E) -> std::array<ChoiceName<E>, N>.
template <typename E> struct ChoiceName {
    std::string_view word;
    E value;
};
template <typename E> struct Choice {
    using Value = E;
    static bool parse(std::string_view text, Value& value, std::string& why)
    {
        for (const auto& choice : choice_table(E{})) {
            if (base::iequals(choice.word, text)) {
                value = choice.value;
                return true;
            }
        }
        why = "must be one of:";
        for (const auto& choice : choice_table(E{}))
            why.append(" ").append(choice.word);
        return false;
    }
    static constexpr std::string_view name = "choice";
};

// Whether min <= value <= max, for the types that have an order.
bool in_range(const Spec& spec, std::int64_t value, std::string& why);
bool in_range(const Spec& spec, base::Duration value, std::string& why);
template <typename V> bool in_range(const Spec&, const V&, std::string&)
{
    return true;
}

// The time unit that a default text ends in ('s' when none).
char default_unit(std::string_view default_text);

template <typename T> class Param final : public ParamBase {
public:
    using Value = typename T::Value;
    Param(ParamSet& set, Spec spec) : ParamBase(set, std::move(spec)) {}

    const Value& operator()() const { return value_; }

    std::string_view type_name() const override { return T::name; }
    bool raw() const override
    {
        return requires
        {
            T::raw;
        };
    }
    bool accept(std::string_view expanded, std::string& why) override
    {
        Value fresh{};
        if (!parse(expanded, fresh, why) || !in_range(spec(), fresh, why))
            return false;
        value_ = std::move(fresh);
        return true;
    }
    // For tests and for values computed at start (myhostname).
    void set(Value value) { value_ = std::move(value); }

private:
    bool parse(std::string_view text, Value& value, std::string& why)
    {
        if constexpr (requires { T::parse(text, value, why, 's'); })
            return T::parse(text, value, why, default_unit(spec().value));
        else
            return T::parse(text, value, why);
    }

    Value value_{};
};

class ParamSet {
public:
    ParamSet() = default;
    ParamSet(const ParamSet&) = delete;
    virtual ~ParamSet() = default;

    const std::vector<ParamBase*>& params() const { return params_; }

    // Tells `main` the defaults of this set (so that $name works).
    void declare(MainCf& main) const;

    // Sets every parameter from `main`. All faults are added to `faults`; a parameter with a fault
    // has its default's value.
    void load(const MainCf& main, Faults& faults);

    // What no single parameter can see: values that contradict each other. Called by load() once
    // all values are set.
    virtual void check(const MainCf& main, Faults& faults) const;

private:
    void load_one(ParamBase& param, const MainCf& main, Faults& faults);

    friend class ParamBase;
    std::vector<ParamBase*> params_;
};

} // namespace config
