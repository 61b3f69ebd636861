// SPDX-License-Identifier: Apache-2.0
// The calling end. Client<P> speaks protocol P (a Requests<...>) to one socket:
//
//   ipc::Client<ipc::resolver::Protocol> resolver{loop, "private/resolver"};
//   auto answer = co_await resolver.call(Query{...}, deadline);
//
// It connects when first used, and again after the connection was lost. Many calls may be under way
// at once; each is answered on its own.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "lib/ipc/channel.h"
#include "lib/ipc/protocol.h"

namespace ipc {

// What does not depend on the protocol.
class Caller {
public:
    struct Identity {
        std::string_view protocol;
        unsigned version;
    };
    Caller(events::Loop& loop, std::string path, Identity identity);
    // Over a descriptor that is connected already.
    Caller(events::Loop& loop, base::Fd connected, Identity identity);
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;
    ~Caller();

    base::Task<base::Result<void>> connect(base::Deadline deadline);
    bool connected() const;
    // Drops the connections; calls under way fail.
    void disconnect();

    // Wakes when the connection was lost, or its server retires: connected() is false then, and
    // calls under way are still answered in the latter case. For those who keep one open.
    events::Notice& lost() { return lost_; }

    // Waits until little output is queued; for streams of one-way messages.
    base::Task<bool> drain(base::Deadline deadline);

    const std::string& path() const { return path_; }
    events::Loop& loop() const { return loop_; }

protected:
    struct Answer {
        std::string body;
        std::vector<base::Fd> fds;
        bool lost = false;
    };
    base::Task<base::Result<Answer>> call_encoded(const Encoder& request, base::Deadline deadline);
    bool post_encoded(const Encoder& message, bool more);
    void begin_work() { in_work_ = true; }
    void end_work();

private:
    class Pending;
    struct Link;
    void adopt(base::Fd fd);
    base::Task<void> read_answers(Link& link);
    void fail(Link& link);
    void retire(Link& link);
    void drop_ended();

    events::Loop& loop_;
    std::string path_;
    Identity identity_;
    std::unique_ptr<Link> link_;                  // Takes new calls.
    std::vector<std::unique_ptr<Link>> retiring_; // Their servers retire; answers may be owed.
    bool in_work_ = false;
    bool connecting_ = false;
    events::Notice connect_done_;
    events::Notice lost_;
    std::uint32_t last_call_ = 0;
    std::unordered_map<std::uint32_t, Pending*> pending_;
};

template <typename P> class Client : public Caller {
public:
    Client(events::Loop& loop, std::string path)
        : Caller(loop, std::move(path), {P::name, P::version})
    {
    }
    Client(events::Loop& loop, base::Fd connected)
        : Caller(loop, std::move(connected), {P::name, P::version})
    {
    }

    // Asks and waits for the answer. Connects first if need be. The request is encoded at once;
    // only descriptors in it must stay open until the answer.
    template <typename R>
    base::Task<base::Result<typename R::Response>> call(const R& request, base::Deadline deadline)
    {
        co_return co_await call_kept(request, deadline);
    }

    // The same for a request that outlives the call: it may be sent again, and is not copied.
    template <typename R>
    base::Task<base::Result<typename R::Response>> call_kept(const R& request,
                                                             base::Deadline deadline)
    {
        static_assert(P::template has<R>, "this message is not part of the protocol");
        return ask<R>(encode_message(request), deadline);
    }

    // Sends a message that has no answer; the client is connected. False when it is not. With
    // `more` it leaves together with the next message.
    template <typename R> bool post(const R& message, bool more = false)
    {
        static_assert(P::template has<R>, "this message is not part of the protocol");
        static_assert(std::is_same_v<typename R::Response, None>, "this message has an answer");
        bool posted = post_encoded(encode_message(message), more);
        if constexpr (EndsWork<R>)
            end_work();
        return posted;
    }

private:
    template <typename R>
    base::Task<base::Result<typename R::Response>> ask(Encoder request, base::Deadline deadline)
    {
        auto up = co_await connect(deadline);
        if (!up)
            co_return up.error();
        if constexpr (BeginsWork<R>)
            begin_work();
        auto answer = co_await call_encoded(request, deadline);
        if constexpr (EndsWork<R>)
            end_work();
        if (!answer)
            co_return answer.error();
        co_return decode_answer<typename R::Response>(std::move(answer->body),
                                                      std::move(answer->fds));
    }
};

} // namespace ipc
