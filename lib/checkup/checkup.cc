// SPDX-License-Identifier: Apache-2.0
// The whole configuration; see checkup.h.
#include "lib/checkup/checkup.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/checkup/domains.h"
#include "lib/checkup/lookups.h"
#include "lib/checkup/pipes.h"
#include "lib/config/names.h"
#include "lib/config/params/foreign.h"
#include "lib/config/params/registry.h"

namespace checkup {

using config::Fault;
using config::Faults;
using config::KnownSet;
using config::MainCf;
using config::MasterCf;
using config::ServiceEntry;

namespace {

class Checker {
public:
    Checker(const MainCf& main, const MasterCf& master, Faults& faults)
        : main_(main), master_(master), names_(sets_, main, master), faults_(faults)
    {
    }

    void run();

private:
    void check_name(std::string_view name, const MainCf::Entry& entry);
    void check_service(const ServiceEntry& service);
    void load_sets(MainCf main, const ServiceEntry* service);
    void check_families(const MainCf& main, const ServiceEntry* service);

    std::vector<KnownSet> sets_ = config::known_sets();
    const MainCf& main_;
    const MasterCf& master_;
    config::Names names_;
    Faults& faults_;
    Lookups lookups_{main_, faults_};
};

void Checker::run()
{
    for (const auto& [name, entry] : main_.entries()) {
        if (name != "config_directory")
            check_name(name, entry);
    }
    load_sets(main_, nullptr);
    for (const ServiceEntry& service : master_.entries()) {
        if (!service.overrides.empty())
            check_service(service);
    }
}

void Checker::check_name(std::string_view name, const MainCf::Entry& entry)
{
    if (names_.declared(name) || names_.of_transport(name))
        return;
    std::optional<Fault> fault;
    if (auto foreign = config::find_foreign(name)) {
        auto value = main_.expand(entry.value);
        fault = config::judge_foreign(name, *foreign, value ? *value : entry.value);
    } else if (!names_.referenced(name) && !names_.of_table(name)) {
        std::string near = names_.near_name(name);
        fault = Fault{.warning = true,
                      .text = base::cat("unused parameter: ", name, "=", entry.value),
                      .hint = near.empty() ? "no such parameter is known, and nothing refers to it"
                                           : base::cat("did you mean ", near, "?")};
    }
    if (!fault)
        return;
    fault->file = entry.file;
    fault->line = entry.line;
    add_fault(faults_, std::move(*fault));
}

// The service sees main.cf with its own settings on top; only what those make wrong is news.
void Checker::check_service(const ServiceEntry& service)
{
    MainCf main = main_;
    main.set("service_name", service.name);
    for (const auto& [name, value] : service.overrides) {
        main.set(name, value, service.file, service.line);
        check_name(name, *main.find(name));
    }
    load_sets(std::move(main), &service);
}

void Checker::load_sets(MainCf main, const ServiceEntry* service)
{
    Faults found;
    for (const KnownSet& known : sets_)
        known.set->declare(main);
    for (const KnownSet& known : sets_)
        known.set->load(main, found);
    for (Fault& fault : found) {
        if (service == nullptr || fault.file == service->file)
            add_fault(faults_, std::move(fault));
    }
    if (main.entries().empty())
        return; // No file: defaults have no faults.
    lookups_.check(main, config::sorted_params(sets_), service);
    check_families(main, service);
    if (service == nullptr)
        check_domains(main, faults_);
}

// A word that means nothing would leave services without any address.
void Checker::check_families(const MainCf& main, const ServiceEntry* service)
{
    const auto* entry = main.find("inet_protocols");
    if (entry == nullptr || (service != nullptr && entry->file != service->file))
        return;
    std::vector<std::string> words;
    std::string why;
    auto text = main.expand(entry->value);
    if (!text || !config::List::parse(*text, words, why))
        return; // Told already.
    auto known = [](const std::string& word) {
        return base::iequals(word, "all") || base::iequals(word, "ipv4") ||
               base::iequals(word, "ipv6");
    };
    auto wrong = std::find_if_not(words.begin(), words.end(), known);
    if (wrong == words.end())
        return;
    add_fault(faults_, {.file = entry->file,
                        .line = entry->line,
                        .text = base::cat("unknown inet_protocols value \"", *wrong, "\" in \"",
                                          *text, "\""),
                        .hint = "use all, ipv4, ipv6, or a list of them"});
}

template <typename T> T take_or_tell(base::Result<T> loaded, Faults& faults)
{
    if (loaded)
        return std::move(*loaded);
    faults.push_back({.text = loaded.error().text,
                      .hint = "the file must exist and be readable; -c names another directory"});
    return {};
}

} // namespace

Faults check(const std::string& directory)
{
    Faults faults;
    const MainCf main = take_or_tell(MainCf::load(directory, faults), faults);
    const MasterCf master =
        take_or_tell(MasterCf::load(directory, MasterCf::Defaults::of(main), faults), faults);
    Checker{main, master, faults}.run();
    check_pipes(main, master, faults);
    std::stable_sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) {
        return a.file != b.file ? a.file < b.file : a.line < b.line;
    });
    return faults;
}

} // namespace checkup
