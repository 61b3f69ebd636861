// SPDX-License-Identifier: Apache-2.0
// Looks through maildrop when woken, several messages side by side, so that their way to the disk
// is one. Woken while it looks, it looks once more.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "lib/service/service.h"
#include "submit/pickup/carrier.h"

namespace pickup {

class Scanner {
public:
    // Messages under way at a time.
    static constexpr unsigned workers = 8;

    // All outlive it.
    Scanner(service::Service& service, queue::Directories& directories, const Carrier::Rules& rules,
            const std::string& cleanup_socket);

    void wake();

private:
    void start();
    base::Task<void> work(Carrier& carrier);
    base::Task<void> take(Carrier& carrier, std::string name);
    bool next(std::string& name);
    void refuse(const std::string& name, const Refused& refused);
    void tell_once(const std::string& name, std::string_view text);
    void settle(const std::string& name, Fate fate);
    void put_away(const std::string& name);

    service::Service& service_;
    queue::Directories& directories_;
    std::vector<std::unique_ptr<Carrier>> carriers_; // One for each worker.
    std::unique_ptr<queue::DirectoryListing> listing_;
    unsigned working_ = 0;
    bool again_ = false;
    // Foreign objects that were told of: they are found again and again.
    std::set<std::string, std::less<>> told_;
};

} // namespace pickup
