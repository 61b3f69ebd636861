// SPDX-License-Identifier: Apache-2.0
// Level-triggered input; see input.h.
#include "lib/event/input.h"

#include <event2/event.h>

namespace events {

Input::Input(Loop& loop, int fd, Fire fire, void* context) : fd_(fd), fire_(fire), context_(context)
{
    event_assign(&event_, loop.raw(), fd, EV_READ | EV_PERSIST, &Input::on_event, this);
}

Input::~Input()
{
    watch(false);
}

void Input::watch(bool on)
{
    if (on == on_)
        return;
    on_ = on;
    if (on)
        event_add(&event_, nullptr);
    else
        event_del(&event_);
}

void Input::on_event(int, short, void* self)
{
    auto* input = static_cast<Input*>(self);
    input->fire_(input->context_);
}

} // namespace events
