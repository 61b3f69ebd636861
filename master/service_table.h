// SPDX-License-Identifier: Apache-2.0
// What is to run: master.cf, the built-in services and main.cf made into one list, checked as a
// whole before anything is touched.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/config/params/common.h"
#include "lib/config/params/master.h"
#include "master/endpoint.h"

namespace master {

// One service that has processes.
struct ServiceSpec {
    config::ServiceEntry entry;
    std::string program; // The whole path.
    std::vector<Endpoint> endpoints;
};

// All that the two files say. Neither copied nor moved: parameters refer to it.
struct Configuration {
    std::string directory;
    config::MainCf main;
    config::CommonParams common;
    config::MasterParams master;
    config::MaillogParams maillog;
    std::vector<ServiceSpec> services;
    std::vector<std::string> notes; // Worth an info line at start.
};

// Reads DIRECTORY. All faults of both files are added; with errors among them nothing may be
// started from the result. A program that does not exist is a warning, and its service left out.
std::unique_ptr<Configuration> load_configuration(const std::string& directory, const Names& names,
                                                  config::Faults& faults);

// The part after main.cf was read, for tests: `text` is master.cf.
void read_services(Configuration& configuration, const config::MasterCf& master_cf,
                   const Names& names, config::Faults& faults);

} // namespace master
