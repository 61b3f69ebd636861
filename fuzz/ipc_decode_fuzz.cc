// SPDX-License-Identifier: Apache-2.0
// Bytes as any message of any protocol between our processes, and as answers: what decodes must
// come out the same when it is encoded again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "lib/ipc/messages/bounce.h"
#include "lib/ipc/messages/cleanup.h"
#include "lib/ipc/messages/delivery.h"
#include "lib/ipc/messages/failures.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/ipc/messages/resolver.h"
#include "lib/ipc/server.h"

namespace {

template <typename M> void try_message(std::string_view bytes)
{
    ipc::Decoder decoder(bytes);
    if (!decoder.name(M::name))
        return;
    M message;
    decode(decoder, message);
    if (!decoder.complete())
        return;
    auto once = ipc::encode_message(message);
    ipc::Decoder again(once.bytes);
    again.name(M::name);
    M copy;
    decode(again, copy);
    if (!again.complete() || ipc::encode_message(copy).bytes != once.bytes)
        std::abort();
}

template <typename P> void try_protocol(std::string_view bytes)
{
    P::each([&]<typename M>() {
        try_message<M>(bytes);
        if constexpr (!std::is_same_v<typename M::Response, ipc::None>)
            (void)ipc::decode_answer<typename M::Response>(std::string(bytes), {}).ok();
    });
    (void)ipc::check_hello(bytes, P::name, P::version).ok();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try_protocol<ipc::bounce::Protocol>(bytes);
    try_protocol<ipc::failures::Protocol>(bytes);
    try_protocol<ipc::cleanup::Protocol>(bytes);
    try_protocol<ipc::delivery::Protocol>(bytes);
    try_protocol<ipc::qmgr::Protocol>(bytes);
    try_protocol<ipc::resolver::Protocol>(bytes);
    return 0;
}
