// SPDX-License-Identifier: Apache-2.0
// A dialogue on standard input and output (smtpd -S): sessions want one socket, so bytes are
// carried between the two and a socket pair. Nothing is done where standard input is a socket
// already.
#pragma once

#include <functional>

#include "lib/base/fd.h"
#include "lib/base/task.h"
#include "lib/event/loop.h"

namespace smtpd {

// Runs `serve` with a socket that stands for `input` and `output`, and ends when it has ended and
// all is written. Input may be a socket, a pipe, a terminal or a file.
base::Task<void> serve_stdio(events::Loop& loop, base::Fd input, base::Fd output,
                             std::function<base::Task<void>(base::Fd)> serve);

} // namespace smtpd
