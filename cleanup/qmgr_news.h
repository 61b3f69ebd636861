// SPDX-License-Identifier: Apache-2.0
// Tells the queue manager that a message has arrived. Only news: when it cannot be told, it finds
// the file by itself, later.
#pragma once

#include <string>
#include <vector>

#include "lib/base/task.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/qmgr.h"

namespace cleanup {

class News {
public:
    virtual ~News() = default;
    virtual void arrived(std::string queue_id) = 0;
};

class QmgrNews final : public News {
public:
    explicit QmgrNews(events::Loop& loop) : client_(loop, "public/qmgr") {}

    void arrived(std::string queue_id) override;

private:
    base::Task<void> connect_and_tell();

    ipc::Client<ipc::qmgr::Protocol> client_;
    std::vector<std::string> untold_;
    base::Scope connecting_;
};

} // namespace cleanup
