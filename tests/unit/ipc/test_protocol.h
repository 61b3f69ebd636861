// SPDX-License-Identifier: Apache-2.0
// A small protocol for tests of the ipc layer, with a handler that does what it is told.
#pragma once

#include "lib/event/timer.h"
#include "lib/ipc/client.h"
#include "lib/ipc/server.h"

namespace test_protocol {

struct Echoed {
    std::string text;
    static constexpr auto fields = std::tuple{ipc::field("text", &Echoed::text)};
};
struct Echo {
    std::string text;
    std::int64_t wait_ms = 0;
    using Response = Echoed;
    static constexpr std::string_view name = "echo";
    static constexpr auto fields =
        std::tuple{ipc::field("text", &Echo::text), ipc::field("wait_ms", &Echo::wait_ms)};
};
struct Note { // Without answer.
    std::string text;
    using Response = ipc::None;
    static constexpr std::string_view name = "note";
    static constexpr auto fields = std::tuple{ipc::field("text", &Note::text)};
};
struct Give { // With a descriptor.
    ipc::Descriptor file;
    using Response = Echoed;
    static constexpr std::string_view name = "give";
    static constexpr auto fields = std::tuple{ipc::field("file", &Give::file)};
};
struct Begin {
    using Response = Echoed;
    static constexpr bool begins_work = true;
    static constexpr std::string_view name = "begin";
    static constexpr std::tuple<> fields{};
};
struct End {
    using Response = Echoed;
    static constexpr bool ends_work = true;
    static constexpr std::string_view name = "end";
    static constexpr std::tuple<> fields{};
};

struct Protocol : ipc::Requests<Echo, Note, Give, Begin, End> {
    static constexpr std::string_view name = "test";
    static constexpr unsigned version = 3;
};

class Handler {
public:
    explicit Handler(events::Loop& loop, std::string tag = "") : loop_(loop), tag_(std::move(tag))
    {
    }
    base::Task<base::Result<Echoed>> on(Echo echo)
    {
        if (echo.wait_ms > 0)
            co_await events::sleep(loop_, std::chrono::milliseconds(echo.wait_ms));
        if (echo.text == "fail")
            co_return base::permanent("as told");
        co_return Echoed{tag_ + echo.text};
    }
    base::Task<base::Result<void>> on(Note note)
    {
        notes.push_back(note.text);
        if (note.text == "fail")
            co_return base::temporary("as told");
        co_return base::Result<void>{};
    }
    base::Task<base::Result<Echoed>> on(Give give);
    base::Task<base::Result<Echoed>> on(Begin) { co_return Echoed{tag_}; }
    base::Task<base::Result<Echoed>> on(End) { co_return Echoed{tag_}; }

    bool permits(std::string_view message) const { return message != forbidden; }

    std::vector<std::string> notes;
    std::string forbidden;

private:
    events::Loop& loop_;
    std::string tag_;
};

} // namespace test_protocol
