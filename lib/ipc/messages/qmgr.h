// SPDX-License-Identifier: Apache-2.0
// What the queue manager understands: news from cleanup, and the commands of postqueue and
// postsuper. Socket public/qmgr takes `arrived`, `flush*` and `explain` from anybody that may open
// it; changes of messages are permitted only to root and mail_owner.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/mail_types.h"
#include "lib/ipc/protocol.h"

namespace ipc::qmgr {

// A complete message is in incoming/. News only: a queue manager that missed it finds the file.
struct Arrived {
    std::string queue_id;
    using Response = None;
    static constexpr std::string_view name = "arrived";
    static constexpr auto fields = std::tuple{field("queue_id", &Arrived::queue_id)};
};

struct Count {
    std::uint64_t messages = 0;
    static constexpr auto fields = std::tuple{field("messages", &Count::messages)};
};

struct FlushAll { // postqueue -f: try everything that is deferred now.
    using Response = Count;
    static constexpr std::string_view name = "flush_all";
    static constexpr std::tuple<> fields{};
};
struct FlushMessage { // postqueue -i
    std::string queue_id;
    using Response = Count;
    static constexpr std::string_view name = "flush_message";
    static constexpr auto fields = std::tuple{field("queue_id", &FlushMessage::queue_id)};
};
struct FlushSite { // postqueue -s, ETRN: what waits for this domain.
    std::string site;
    using Response = Count;
    static constexpr std::string_view name = "flush_site";
    static constexpr auto fields = std::tuple{field("site", &FlushSite::site)};
};

enum class Change : std::uint8_t { Delete, Hold, Release, Requeue, Expire, ExpireRelease };

struct Changed {
    bool found = false;
    static constexpr auto fields = std::tuple{field("found", &Changed::found)};
};
struct ChangeMessage { // postsuper -d -h -H -r -e -f, one message.
    std::string queue_id;
    Change change = Change::Hold;
    using Response = Changed;
    static constexpr std::string_view name = "change_message";
    static constexpr auto fields = std::tuple{field("queue_id", &ChangeMessage::queue_id),
                                              field("change", &ChangeMessage::change)};
};

struct Explanation {
    std::vector<std::string> lines;
    static constexpr auto fields = std::tuple{field("lines", &Explanation::lines)};
};
struct Explain { // Why a message, or what is bound for a site, waits.
    std::string subject;
    using Response = Explanation;
    static constexpr std::string_view name = "explain";
    static constexpr auto fields = std::tuple{field("subject", &Explain::subject)};
};

struct Protocol : Requests<Arrived, FlushAll, FlushMessage, FlushSite, ChangeMessage, Explain> {
    static constexpr std::string_view name = "qmgr";
    static constexpr unsigned version = 1;
};

} // namespace ipc::qmgr

template <>
inline constexpr auto ipc::last_of<ipc::qmgr::Change> = ipc::qmgr::Change::ExpireRelease;
