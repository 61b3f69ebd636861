// SPDX-License-Identifier: Apache-2.0
// The list of services; see service_table.h.
#include "master/service_table.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <unistd.h>

#include "lib/checkup/checkup.h"
#include "lib/config/compat_level.h"
#include "master/known_services.h"

namespace master {

namespace {

class TableReader {
public:
    TableReader(Configuration& into, const config::MasterCf& file, const Names& names,
                config::Faults& faults)
        : into_(into), file_(file), names_(names), faults_(faults)
    {
        inet_ = {into.common.inet_interfaces(), into.common.inet_protocols()};
    }

    void add(config::ServiceEntry entry);
    void note_fifos();
    void keep_out_of_jail(config::ServiceEntry& entry);

private:
    bool disabled(const config::ServiceEntry& entry) const;
    bool replace(config::ServiceEntry& entry) const;
    bool program_is_there(const ServiceSpec& spec);
    void claim(const ServiceSpec& spec);

    Configuration& into_;
    const config::MasterCf& file_;
    const Names& names_;
    config::Faults& faults_;
    InetSettings inet_;
    std::map<std::string, config::ServiceEntry> claimed_; // Socket keys.
    std::string fifos_;
};

bool TableReader::disabled(const config::ServiceEntry& entry) const
{
    const auto& list = into_.master.master_service_disable();
    return std::any_of(list.begin(), list.end(), [&](const std::string& pattern) {
        return pattern == config::to_string(entry.type) || pattern == entry.key();
    });
}

// False when the service needs no process.
bool TableReader::replace(config::ServiceEntry& entry) const
{
    const Replaced* row = find_replaced(entry.command);
    if (row == nullptr)
        return true;
    if (row->program.empty())
        return false;
    auto same = [&](const config::ServiceEntry& other) { return other.key() == row->arguments_of; };
    auto other = std::find_if(file_.entries().begin(), file_.entries().end(), same);
    entry.command = row->program;
    // One process of ours serves many clients, but one alone was meant for what it replaces.
    entry.max_processes = static_cast<int>(into_.common.default_process_limit());
    if (other == file_.entries().end())
        return true;
    auto arguments = other->arguments;
    arguments.insert(arguments.end(), entry.arguments.begin(), entry.arguments.end());
    entry.arguments = std::move(arguments);
    return true;
}

bool TableReader::program_is_there(const ServiceSpec& spec)
{
    if (::access(spec.program.c_str(), X_OK) == 0)
        return true;
    config::add_fault(faults_, {spec.entry.file, spec.entry.line, true,
                                base::cat("service ", spec.entry.key(), " will not run: ",
                                          spec.program, ": ", std::strerror(errno)),
                                "mail for it waits"});
    return false;
}

void TableReader::claim(const ServiceSpec& spec)
{
    for (const auto& endpoint : spec.endpoints) {
        auto [owner, fresh] = claimed_.try_emplace(endpoint.key(), spec.entry);
        if (fresh)
            continue;
        config::add_fault(faults_, {spec.entry.file, spec.entry.line, false,
                                    base::cat("service ", spec.entry.key(), " and ",
                                              owner->second.key(), " of line ", owner->second.line,
                                              " share the socket ", endpoint.key()),
                                    "give each its own address or port"});
    }
}

void TableReader::add(config::ServiceEntry entry)
{
    if (disabled(entry) || !replace(entry))
        return;
    keep_out_of_jail(entry);
    ServiceSpec spec{std::move(entry), {}, {}};
    spec.program = base::cat(into_.common.daemon_directory(), "/", spec.entry.command);
    spec.endpoints = endpoints_of(spec.entry, inet_, names_, faults_);
    claim(spec);
    if (spec.entry.type == config::ServiceType::Fifo)
        base::append(fifos_, fifos_.empty() ? "" : ", ", spec.entry.name);
    if (spec.endpoints.empty() && spec.entry.type == config::ServiceType::Inet)
        into_.notes.push_back(
            base::cat("service ", spec.entry.key(), " listens nowhere: inet_interfaces is empty"));
    else if (program_is_there(spec))
        into_.services.push_back(std::move(spec));
}

// Postfix keeps nothing of a queue manager outside its queue directory; we do.
void TableReader::keep_out_of_jail(config::ServiceEntry& entry)
{
    constexpr std::string_view outside[] = {"failures", "qmgr"};
    if (!entry.chroot ||
        std::find(std::begin(outside), std::end(outside), entry.command) == std::end(outside))
        return;
    entry.chroot = false;
    into_.notes.push_back(base::cat("service ", entry.key(), " runs without chroot: ",
                                    entry.command, " has a file in data_directory"));
}

void TableReader::note_fifos()
{
    if (!fifos_.empty())
        into_.notes.push_back(base::cat("services of type fifo are served as type unix: ", fifos_));
}

std::vector<config::ServiceEntry> built_in_entries(config::MasterCf::Defaults defaults)
{
    config::Faults none;
    std::string text;
    for (auto line : built_in_lines())
        base::append(text, line, '\n');
    return config::MasterCf::parse(text, "built-in services", defaults, none).entries();
}

config::MasterCf::Defaults defaults_of(const Configuration& configuration)
{
    config::MasterCf::Defaults defaults;
    defaults.process_limit = static_cast<int>(configuration.common.default_process_limit());
    auto level = configuration.main.expanded("compatibility_level");
    auto parsed = config::parse_compat_level(level ? *level : "");
    defaults.chroot = parsed.value_or(config::CompatLevel{}) < config::CompatLevel{1, 0, 0};
    return defaults;
}

} // namespace

void read_services(Configuration& configuration, const config::MasterCf& master_cf,
                   const Names& names, config::Faults& faults)
{
    TableReader reader(configuration, master_cf, names, faults);
    for (const auto& entry : master_cf.entries())
        reader.add(entry);
    for (const auto& entry : built_in_entries(defaults_of(configuration)))
        if (master_cf.find(entry.name, entry.type) == nullptr)
            reader.add(entry);
    reader.note_fifos();
}

std::unique_ptr<Configuration> load_configuration(const std::string& directory, const Names& names,
                                                  config::Faults& faults)
{
    auto made = std::make_unique<Configuration>();
    made->directory = directory;
    config::Faults met; // Again, most of them.
    auto main = config::MainCf::load(directory, met);
    if (!main) {
        faults.push_back({"", 0, false, main.error().text, "use -c to name another directory"});
        return made;
    }
    for (auto& fault : checkup::check(directory)) // What every program will find, too.
        config::add_fault(faults, std::move(fault));
    made->main = std::move(*main);
    config::ParamSet* sets[] = {&made->common, &made->master, &made->maillog};
    for (auto* set : sets)
        set->declare(made->main);
    for (auto* set : sets)
        set->load(made->main, met);
    auto master_cf = config::MasterCf::load(directory, defaults_of(*made), met);
    if (!master_cf)
        met.push_back({"", 0, false, master_cf.error().text, ""});
    else
        read_services(*made, *master_cf, names, met);
    for (auto& fault : met)
        config::add_fault(faults, std::move(fault));
    return made;
}

} // namespace master
