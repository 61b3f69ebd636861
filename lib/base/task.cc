// SPDX-License-Identifier: Apache-2.0
// Scope's list of root frames; see task.h.
#include "lib/base/task.h"

namespace base {

Scope::Root::promise_type::promise_type(Scope& owner, Task<void>&) : scope(owner)
{
    next = scope.first_;
    if (next != nullptr)
        next->previous = this;
    scope.first_ = this;
    ++scope.size_;
}

Scope::Root::promise_type::~promise_type()
{
    if (next != nullptr)
        next->previous = previous;
    (previous != nullptr ? previous->next : scope.first_) = next;
    --scope.size_;
}

Scope::Root Scope::run(Scope&, Task<void> task)
{
    co_await std::move(task);
}

void Scope::cancel()
{
    while (first_ != nullptr)
        std::coroutine_handle<Root::promise_type>::from_promise(*first_).destroy();
}

} // namespace base
