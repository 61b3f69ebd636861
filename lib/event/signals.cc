// SPDX-License-Identifier: Apache-2.0
// Signals; see signals.h.
#include "lib/event/signals.h"

#include <event2/event.h>

namespace events {

Signal::Signal(Loop& loop, int number, Fire fire, void* context) : fire_(fire), context_(context)
{
    event_assign(&event_, loop.raw(), number, EV_SIGNAL | EV_PERSIST, &Signal::on_event, this);
    event_add(&event_, nullptr);
}

Signal::~Signal()
{
    event_del(&event_);
}

void Signal::on_event(int, short, void* self)
{
    auto* signal = static_cast<Signal*>(self);
    signal->fire_(signal->context_);
}

} // namespace events
