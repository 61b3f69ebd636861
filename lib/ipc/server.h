// SPDX-License-Identifier: Apache-2.0
// The answering end. A handler is a class with one `on` per message of the protocol:
//
//   base::Task<base::Result<Response>> on(Query query);      // a message with an answer
//   base::Task<base::Result<void>> on(Content content);      // a message without (Response = None)
//
// A message without a handler does not compile. An error from a call is told to the caller; an
// error from a one-way message, and anything malformed, ends the connection. A handler that also
// has `bool permits(std::string_view message)` is asked first: what it does not permit now ends the
// connection.
#pragma once

#include <array>

#include "lib/ipc/channel.h"
#include "lib/ipc/protocol.h"

namespace ipc {

namespace detail {

template <typename H> struct Route {
    std::string_view name;
    // An empty Encoder body means: no answer. An error here ends the connection.
    base::Task<base::Result<Encoder>> (*handle)(H&, Decoder);
};

template <typename H, typename M>
base::Task<base::Result<Encoder>> handle_message(H& handler, Decoder decoder)
{
    M message;
    decode(decoder, message);
    if (!decoder.complete())
        co_return base::permanent(base::cat("malformed message ", M::name));
    if constexpr (std::is_same_v<typename M::Response, None>) {
        auto done = co_await handler.on(std::move(message));
        if (!done)
            co_return done.error();
        co_return Encoder{};
    } else {
        auto answer = co_await handler.on(std::move(message));
        if (!answer)
            co_return encode_error(answer.error());
        co_return encode_reply(*answer);
    }
}

template <typename P, typename H> const std::array<Route<H>, P::count>& routes()
{
    static const auto table = [] {
        std::array<Route<H>, P::count> made{};
        std::size_t i = 0;
        P::each([&]<typename M>() { made[i++] = {M::name, &handle_message<H, M>}; });
        return made;
    }();
    return table;
}

} // namespace detail

// Checks the first frame of a connection.
base::Result<void> check_hello(std::string_view body, std::string_view protocol, unsigned version);
// One line about a peer that is being dropped.
void log_dropped(const Channel& channel, std::string_view protocol, const base::Error& why);

struct ServeOptions {
    // How many calls of one connection may be under way together. 1: strictly in order.
    std::size_t concurrent = 1;
    // How long the connection may be silent between messages.
    base::Duration idle_limit = std::chrono::hours(24 * 365);
};

namespace detail {

template <typename P, typename H>
base::Task<base::Result<void>> handle_frame(Channel& channel, H& handler, std::uint32_t call,
                                            std::string_view body, std::vector<base::Fd> fds)
{
    Decoder decoder(body, std::move(fds));
    std::string_view name = decoder.any_name();
    for (const auto& route : routes<P, H>()) {
        if (route.name != name)
            continue;
        if constexpr (requires { handler.permits(name); }) {
            if (!handler.permits(name))
                co_return base::permanent(base::cat("message not permitted now: ", name));
        }
        auto answer = co_await route.handle(handler, std::move(decoder));
        if (!answer)
            co_return answer.error();
        if (!answer->bytes.empty())
            channel.post(call, *answer);
        co_return base::Result<void>{};
    }
    co_return base::permanent(base::cat("unknown message: ", name));
}

template <typename P, typename H>
base::Task<void> handle_aside(Channel& channel, H& handler, std::uint32_t call, std::string body,
                              std::vector<base::Fd> fds, base::Error& failure,
                              events::Notice& ended)
{
    auto done = co_await handle_frame<P>(channel, handler, call, body, std::move(fds));
    if (!done && failure.text.empty())
        failure = done.error();
    ended.notify();
}

} // namespace detail

// Serves one connection until the peer closes it, and the calls under way are answered, or until it
// misbehaves: then they are cancelled.
template <typename P, typename H>
base::Task<void> serve(Channel& channel, H& handler, ServeOptions options = {})
{
    auto& loop = channel.loop();
    base::Error failure;
    events::Notice ended(loop);
    base::Scope calls;
    bool greeted = false;
    while (failure.text.empty()) {
        auto frame = co_await channel.receive(loop.clock().after(options.idle_limit));
        if (!frame)
            break; // The usual end: the peer is done.
        if (!greeted) {
            auto hello = check_hello(frame->body, P::name, P::version);
            if (!hello)
                failure = hello.error();
            greeted = true;
            continue;
        }
        if (options.concurrent <= 1) { // Nothing is received meanwhile: the frame stays valid.
            auto done = co_await detail::handle_frame<P>(channel, handler, frame->call, frame->body,
                                                         std::move(frame->fds));
            if (!done)
                failure = done.error();
            continue;
        }
        while (calls.size() >= options.concurrent)
            co_await ended.wait();
        calls.spawn(detail::handle_aside<P>(channel, handler, frame->call, std::string(frame->body),
                                            std::move(frame->fds), failure, ended));
    }
    if (!failure.text.empty()) {
        log_dropped(channel, P::name, failure);
        co_return;
    }
    while (!calls.empty())
        co_await ended.wait();
}

} // namespace ipc
