// SPDX-License-Identifier: Apache-2.0
// proxy: tables; see proxy_table.h.
#include "lib/table/proxy_table.h"

#include "lib/base/strings.h"

namespace table {

namespace {

class ProxyTable final : public Table {
public:
    ProxyTable(const std::string& name, std::string remote, ProxyPool& pool)
        : Table(name, Keys::Exact), remote_(std::move(remote)), pool_(pool)
    {
    }
    bool waits() const override { return true; }

protected:
    Found find(std::string_view) override { return base::temporary("not reached"); }

    base::Task<Found> ask(std::string key) override
    {
        ipc::proxymap::Lookup request;
        request.table = remote_;
        request.fold = options().fold;
        request.utf8 = options().utf8;
        request.key = std::move(key);
        auto answer = co_await pool_.ask(std::move(request));
        if (!answer)
            co_return base::temporary(base::cat("table ", name(), ": ", answer.error().text));
        if (!answer->found)
            co_return std::optional<std::string>{};
        co_return std::optional(std::move(answer->value));
    }

private:
    std::string remote_;
    ProxyPool& pool_;
};

} // namespace

std::unique_ptr<Table> make_proxy_table(const std::string& name, const std::string& remote,
                                        ProxyPool& pool)
{
    return std::make_unique<ProxyTable>(name, remote, pool);
}

} // namespace table
