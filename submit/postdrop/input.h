// SPDX-License-Identifier: Apache-2.0
// Standard input of a set-gid program whose caller may send it any signal at any time. Signals that
// ask it to end are taken between two reads and nowhere else, so that what is half done is undone
// by ordinary code; all others that can be held off are.
#pragma once

#include <span>

#include "lib/base/fd.h"

namespace postdrop {

class Input {
public:
    // Holds off signals from now on, whatever the caller had set. Ends the process when it cannot.
    Input();
    ~Input();
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    // The next bytes, 0 at the end. An error: reading failed, or a signal asks us to end.
    base::Result<std::size_t> read(std::span<char> room);

private:
    bool asked_to_end() const;

    base::Fd signals_;
};

} // namespace postdrop
