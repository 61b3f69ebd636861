// SPDX-License-Identifier: Apache-2.0
// postconf without -M, -F, -P: the parameters, with their values, defaults, or what main.cf sets.
#include <algorithm>
#include <set>

#include "lib/base/strings.h"
#include "lib/config/edit.h"
#include "lib/config/expand.h"
#include "lib/config/names.h"
#include "lib/config/params/foreign.h"
#include "lib/config/params/registry.h"
#include "tools/postconf/commands.h"
#include "tools/postconf/output.h"

namespace postconf {

namespace {

enum class Class : unsigned char { Unknown, Builtin, Service, User };

class Viewer {
public:
    Viewer(const Options& options, config::MainCf main, config::MasterCf master)
        : options_(options), main_(std::move(main)), master_(std::move(master)),
          names_(sets_, main_, master_)
    {
        for (const config::KnownSet& known : sets_)
            known.set->declare(main_);
    }

    int run();

private:
    Class class_of(std::string_view name) const;
    bool wanted(Class kind) const;
    std::set<std::string> names_to_list() const;
    bool show(const std::string& name, config::Faults& faults) const;
    std::string value_of(const std::string& name, config::Faults& faults) const;
    void tell_unused() const;
    void tell_undefined() const;

    const Options& options_;
    std::vector<config::KnownSet> sets_ = config::known_sets();
    config::MainCf main_;
    config::MasterCf master_;
    config::Names names_;
};

Class Viewer::class_of(std::string_view name) const
{
    if (names_.declared(name) || config::find_foreign(name))
        return Class::Builtin;
    if (names_.of_transport(name))
        return Class::Service;
    bool used = names_.referenced(name) || names_.of_table(name);
    return used && main_.find(name) != nullptr ? Class::User : Class::Unknown;
}

bool Viewer::wanted(Class kind) const
{
    auto asked = [&](std::string_view word) {
        auto words = base::split(options_.classes, ", ");
        return std::any_of(words.begin(), words.end(),
                           [&](std::string_view w) { return w == word || w == "all"; });
    };
    switch (kind) {
    case Class::Unknown: return false;
    case Class::Builtin: return asked("builtin");
    case Class::Service: return asked("service");
    case Class::User: return asked("user");
    }
    return false;
}

std::set<std::string> Viewer::names_to_list() const
{
    std::set<std::string> names;
    if (!options_.defaults) {
        for (const auto& [name, entry] : main_.entries())
            names.insert(name);
    }
    if (!options_.explicit_only) {
        for (const config::ParamBase* param : config::sorted_params(sets_))
            names.insert(param->name());
    }
    std::erase_if(names, [&](const std::string& name) { return !wanted(class_of(name)); });
    return names;
}

// A default that the machine computes has no text: it is shown as it comes out.
std::string Viewer::value_of(const std::string& name, config::Faults& faults) const
{
    const config::MainCf::Entry* entry = options_.defaults ? nullptr : main_.find(name);
    const std::string* text = entry != nullptr ? &entry->value : main_.find_default(name);
    bool computed = entry == nullptr && text != nullptr && text->empty();
    if (!options_.expand && !computed)
        return text == nullptr ? "" : *text;
    if (entry != nullptr || !options_.defaults)
        return main_.expanded(name, faults).value_or("");
    config::MainCf defaults;
    for (const config::KnownSet& known : sets_)
        known.set->declare(defaults);
    return defaults.expanded(name, faults).value_or("");
}

bool Viewer::show(const std::string& name, config::Faults& faults) const
{
    config::Faults found;
    std::string value = value_of(name, found);
    bool good = !config::has_errors(found);
    for (config::Fault& fault : found)
        config::add_fault(faults, std::move(fault));
    if (!good)
        return false;
    if (options_.hide_values)
        print(name);
    else if (options_.hide_names)
        print(config::fold_words(value, options_.fold));
    else
        print(value.empty() ? name + " ="
                            : config::fold_words(base::cat(name, " = ", value), options_.fold));
    return true;
}

void Viewer::tell_unused() const
{
    for (const auto& [name, entry] : main_.entries()) {
        if (entry.line > 0 && class_of(name) == Class::Unknown)
            warn(base::cat(entry.file, ": unused parameter: ", name, "=", entry.value));
    }
    for (const config::ServiceEntry& service : master_.entries()) {
        for (const auto& [name, value] : service.overrides) {
            bool known = class_of(name) != Class::Unknown || names_.referenced(name);
            if (!known)
                warn(base::cat(service.file, ": unused parameter: ", name, "=", value));
        }
    }
}

void Viewer::tell_undefined() const
{
    std::set<std::string> told;
    for (const auto& [name, entry] : main_.entries()) {
        if (class_of(name) == Class::Unknown)
            continue;
        for (const std::string& used : config::referenced_names(entry.value)) {
            bool known = main_.knows(used) || class_of(used) != Class::Unknown;
            if (!known && told.insert(used).second)
                warn(base::cat(entry.file, ": undefined parameter: ", used));
        }
    }
}

int Viewer::run()
{
    config::Faults faults;
    bool listing = options_.arguments.empty();
    const std::set<std::string> all = listing ? names_to_list() : std::set<std::string>{};
    for (const std::string& name :
         listing ? std::vector<std::string>(all.begin(), all.end()) : options_.arguments) {
        if (!listing && class_of(name) == Class::Unknown && !main_.find(name))
            warn(base::cat(name, ": unknown parameter"));
        else if (listing || !options_.explicit_only || main_.find(name))
            show(name, faults);
    }
    if (!options_.defaults) {
        tell_undefined();
        tell_unused();
    }
    return tell(faults);
}

} // namespace

int show_parameters(const Options& options)
{
    config::Faults faults;
    config::Faults ignored; // A broken master.cf is told by -M, and by --check.
    config::MainCf main;
    config::MasterCf master;
    if (!options.defaults) {
        auto loaded = config::MainCf::load(options.directory, faults, true);
        if (!loaded)
            return fatal(loaded.error().text);
        main = std::move(*loaded);
        if (int status = tell(faults); status != 0)
            return status;
    }
    if (auto loaded = config::MasterCf::load(options.directory, {}, ignored))
        master = std::move(*loaded);
    for (const auto& [name, value] : options.overrides)
        main.set(name, value);
    return Viewer{options, std::move(main), std::move(master)}.run();
}

} // namespace postconf
