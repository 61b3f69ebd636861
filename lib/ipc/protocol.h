// SPDX-License-Identifier: Apache-2.0
// A protocol: the set of messages that one service understands, with a name and a version that the
// caller sends first.
//
//   struct Protocol : ipc::Requests<Append, Flush> {
//       static constexpr std::string_view name = "bounce";
//       static constexpr unsigned version = 1;
//   };
#pragma once

#include "lib/base/result.h"
#include "lib/base/strings.h"
#include "lib/ipc/codec.h"

namespace ipc {

template <typename... M> struct Requests {
    template <typename R> static constexpr bool has = (std::is_same_v<R, M> || ...);
    // Calls f.template operator()<M>() for each message type.
    template <typename F> static constexpr void each(F&& f) { (f.template operator()<M>(), ...); }
    static constexpr std::size_t count = sizeof...(M);
};

// Messages that belong together stay on one connection, even when its server retires meanwhile:
// from one whose struct has `begins_work` to one that has `ends_work`.
template <typename R>
concept BeginsWork = requires
{
    R::begins_work;
};
template <typename R>
concept EndsWork = requires
{
    R::ends_work;
};

template <typename R> Encoder encode_message(const R& message)
{
    Encoder out;
    out.name(R::name);
    encode(out, message);
    return out;
}

// Names of the frames that are no message of the protocol itself.
inline constexpr std::string_view hello_name = "hello"; // Protocol and version: the first frame.
inline constexpr std::string_view reply_name = "reply"; // An answer; its fields follow.
inline constexpr std::string_view bye_name = "bye";     // The server retires: go elsewhere.
inline constexpr std::string_view error_name = "error"; // A call that failed: kind and text.

Encoder encode_hello(std::string_view protocol, unsigned version);
Encoder encode_bye();
Encoder encode_error(const base::Error& error);
template <typename R> Encoder encode_reply(const R& response)
{
    Encoder out;
    out.name(reply_name);
    encode(out, response);
    return out;
}

// Reads the head of an answer; an error when the other end said error or the bytes are wrong.
base::Result<void> open_answer(Decoder& answer);
base::Error malformed();

template <typename R>
base::Result<R> decode_answer(const std::string& body, std::vector<base::Fd> fds)
{
    Decoder decoder(body, std::move(fds));
    if (auto opened = open_answer(decoder); !opened)
        return opened.error();
    R response;
    decode(decoder, response);
    if (!decoder.complete())
        return malformed();
    return response;
}

} // namespace ipc
