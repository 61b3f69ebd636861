// SPDX-License-Identifier: Apache-2.0
// Delivered-To; see delivered_to.h.
#include "lib/delivery/delivered_to.h"

#include "lib/base/strings.h"
#include "lib/delivery/message_file.h"
#include "lib/mail/address.h"
#include "lib/mail/header.h"
#include "lib/table/table.h"

namespace delivery {

namespace {

class Collector final : public mail::HeaderSink {
public:
    explicit Collector(std::unordered_set<std::string>& addresses) : addresses_(addresses) {}

    void field(const mail::HeaderField& field) override
    {
        if (field.is("delivered-to") && addresses_.size() < delivered_to_limit)
            addresses_.insert(table::fold_case(base::trim(field.unfolded())));
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
    MessageFile file(fd, offset, size);
    while (!splitter.in_body()) {
        const auto piece = file.next();
        if (!piece)
            return piece.error();
        if (piece->empty())
            break;
        splitter.feed(*piece, collector);
    }
    if (!splitter.in_body())
        splitter.finish(collector);
    return found;
}

bool DeliveredTo::has(const std::string& address) const
{
    return addresses_.contains(table::fold_case(mail::quote_address(address)));
}

} // namespace delivery
