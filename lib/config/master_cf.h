// SPDX-License-Identifier: Apache-2.0
// master.cf: one entry per service, syntax as master(5): service type private unpriv chroot wakeup
// maxproc command + args; '-' asks for the default; continuation lines; -o name=value and
// -o { name = value }.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/config/main_cf.h"

namespace config {

enum class ServiceType : unsigned char { Inet, Unix, Fifo, Pass, UnixDgram };
std::string_view to_string(ServiceType type); // "inet", "unix", "fifo", "pass", "unix-dgram"

struct ServiceEntry {
    std::string name; // As written: "smtp", "127.0.0.1:10025", "cleanup".
    ServiceType type = ServiceType::Unix;
    bool is_private = true;
    bool unprivileged = true;
    bool chroot = false;
    int wakeup = 0;                     // Seconds; 0: never.
    bool wakeup_if_used = false;        // '?': only once the service has been used.
    int max_processes = 0;              // 0: no limit.
    std::string command;                // Program name, without directory.
    std::vector<std::string> arguments; // All arguments as the program gets them, -o included.
    std::vector<std::pair<std::string, std::string>> overrides; // The -o settings among them.
    std::string fields[8]; // The eight columns as written ('-' kept), for postconf -M.
    std::string file;
    int line = 0;

    // "smtp/inet"
    std::string key() const;
};

// The name of an inet service: "smtp", "2525", "127.0.0.1:10025", "[::1]:25", "host:service",
// ":25".
struct InetEndpoint {
    std::string host; // Address without brackets or host name; empty: inet_interfaces decides.
    std::string port; // A number from 1 to 65535 or a name of services(5).
};
base::Result<InetEndpoint> parse_inet_endpoint(std::string_view text);

// The words of an entry: separated by blanks, with what is between braces kept together. Braces
// stay as written.
std::vector<std::string_view> master_words(std::string_view text, std::string& why);

class MasterCf {
public:
    // Reads DIRECTORY/master.cf. Entries with a fault are left out; of several with one name and
    // type the last counts, in the place of the first. `defaults` gives default_process_limit and
    // the chroot default (compatibility_level below 1: yes).
    struct Defaults {
        int process_limit = 100;
        bool chroot = false;

        // As main.cf says; a value that cannot be read leaves the default above.
        static Defaults of(const MainCf& main);
    };
    static base::Result<MasterCf> load(const std::string& directory, Defaults defaults,
                                       Faults& faults);
    static MasterCf parse(std::string_view text, const std::string& file, Defaults defaults,
                          Faults& faults);

    const std::vector<ServiceEntry>& entries() const { return entries_; }
    // By name and type; nullptr when there is none.
    const ServiceEntry* find(std::string_view name, ServiceType type) const;

private:
    void add(ServiceEntry entry, Faults& faults);

    std::vector<ServiceEntry> entries_;
};

} // namespace config
