// SPDX-License-Identifier: Apache-2.0
// The answering end; see server.h.
#include "lib/ipc/server.h"

#include "lib/base/log.h"

namespace ipc {

base::Result<void> check_hello(std::string_view body, std::string_view protocol, unsigned version)
{
    Decoder decoder(body);
    decoder.name(hello_name);
    decoder.name("protocol");
    std::string_view theirs = decoder.text();
    decoder.name("version");
    std::uint64_t their_version = decoder.number();
    if (!decoder.complete())
        return base::permanent("does not speak our protocol");
    if (theirs != protocol || their_version != version)
        return base::permanent(base::cat("speaks ", theirs, " version ", their_version, ", not ",
                                         protocol, " version ", version));
    return {};
}

void log_dropped(const Channel& channel, std::string_view protocol, const base::Error& why)
{
    base::Log{}.warning(protocol, " client with pid ", channel.peer_pid(), " uid ",
                        channel.peer_uid(), " dropped: ", why.text);
}

} // namespace ipc
