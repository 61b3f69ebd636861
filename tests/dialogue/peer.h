// SPDX-License-Identifier: Apache-2.0
// The other side of a dialogue, as the player sees it: an engine in this process, or a server
// behind a socket.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace dialogue {

class Peer {
public:
    virtual ~Peer() = default;
    virtual base::Result<void> configure(std::string_view setting) = 0;
    virtual base::Result<void> fake(std::string_view what) = 0;
    virtual void send(std::string_view bytes) = 0;
    // The next line without its end, or an error when there is none.
    virtual base::Result<std::string> read_line() = 0;
    virtual void wait(long seconds) = 0;
    virtual void close() = 0;
    virtual void time_out() = 0;
    // Whether what follows `expect` is true; the error says what is true instead.
    virtual base::Result<void> expect(std::string_view what) = 0;
};

} // namespace dialogue
