// SPDX-License-Identifier: Apache-2.0
// Delivered-To; see delivered_to.h.
#include "local/delivered_to.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/header.h"
#include "lib/table/table.h"

namespace local {

namespace {

class Collector final : public mail::HeaderSink {
public:
    explicit Collector(std::unordered_set<std::string>& addresses) : addresses_(addresses) {}

    void field(const mail::HeaderField& field) override
    {
        if (!field.is("delivered-to") || addresses_.size() >= delivered_to_limit)
            return;
        const std::string value = field.unfolded();
        addresses_.insert(table::fold_case(base::trim(value)));
    }

private:
    std::unordered_set<std::string>& addresses_;
};

} // namespace

base::Result<DeliveredTo> DeliveredTo::read(int fd, std::uint64_t offset, std::uint64_t size)
{
    DeliveredTo found;
    Collector collector(found.addresses_);
    mail::HeaderSplitter splitter;
    char buffer[16384];
    while (size > 0 && !splitter.in_body()) {
        const auto count = std::min<std::uint64_t>(size, sizeof buffer);
        const ssize_t got = ::pread(fd, buffer, count, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base::system_error("read message", errno);
        if (got == 0)
            return base::temporary("the queue file is shorter than it says");
        splitter.feed({buffer, static_cast<std::size_t>(got)}, collector);
        offset += static_cast<std::uint64_t>(got);
        size -= static_cast<std::uint64_t>(got);
    }
    if (!splitter.in_body())
        splitter.finish(collector);
    return found;
}

bool DeliveredTo::has(const std::string& address) const
{
    return addresses_.count(table::fold_case(mail::quote_address(address))) != 0;
}

} // namespace local
