// SPDX-License-Identifier: Apache-2.0
// Task<T>: a coroutine that starts when awaited and belongs to whoever holds it. Scope: the owner
// of tasks that run side by side. Neither knows the event loop; lib/event supplies the waits.
//
// Rules (they keep g++ 12 and our lifetimes sound):
//   - Parameters of a coroutine are taken by value, or are references to things that outlive it.
//   - A capturing lambda is never a coroutine; name a function.
//   - No co_await inside ?:, &&, || or a braced initialiser; no braced temporary with members that
//     need destroying among the arguments of an awaited call (g++ 12 destroys it twice): name it.
//   - Cancellation is destruction: destroying a Task destroys its frame and with it every wait
//     inside, which takes itself off the loop. Nothing is resumed afterwards.
//   - A task never destroys the Scope it runs in.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace base {

template <typename T> class Task;

namespace detail {

// What all promises share. A child runs inside its parent's await_suspend until it first waits;
// one that never waits finishes there, and the parent goes on without having been suspended. So
// loops over operations that complete at once use no stack, at any optimisation level.
struct PromiseBase {
    std::coroutine_handle<> parent;
    bool parent_is_suspended = false;

    std::suspend_always initial_suspend() noexcept { return {}; }

    struct Final {
        bool await_ready() const noexcept { return false; }
        template <typename P> void await_suspend(std::coroutine_handle<P> self) const noexcept
        {
            // The parent may destroy this frame; nothing here is touched after resume().
            if (self.promise().parent_is_suspended)
                self.promise().parent.resume();
        }
        void await_resume() const noexcept {}
    };
    Final final_suspend() noexcept { return {}; }

    // We do not throw; what a library throws by mistake is a bug of ours.
    void unhandled_exception() noexcept { std::terminate(); }
};

template <typename T> struct Promise : PromiseBase {
    std::optional<T> value;

    Task<T> get_return_object();
    template <typename U> void return_value(U&& result) { value.emplace(std::forward<U>(result)); }
    T take() { return std::move(*value); }
};

template <> struct Promise<void> : PromiseBase {
    Task<void> get_return_object();
    void return_void() noexcept {}
    void take() noexcept {}
};

} // namespace detail

template <typename T = void> class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    explicit Task(Handle handle) : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task& operator=(Task&& other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Task()
    {
        if (handle_)
            handle_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> parent) noexcept
    {
        Handle child = handle_;
        child.promise().parent = parent;
        child.resume();
        if (child.done())
            return false;
        child.promise().parent_is_suspended = true;
        return true;
    }
    T await_resume() { return handle_.promise().take(); }

private:
    Handle handle_;
};

namespace detail {
template <typename T> Task<T> Promise<T>::get_return_object()
{
    return Task<T>{std::coroutine_handle<Promise<T>>::from_promise(*this)};
}
inline Task<void> Promise<void>::get_return_object()
{
    return Task<void>{std::coroutine_handle<Promise<void>>::from_promise(*this)};
}
} // namespace detail

// Owns tasks that run side by side: one per client, per request, per delivery.
class Scope {
public:
    Scope() = default;
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { cancel(); }

    // Runs `task` until its first wait. It is destroyed when it ends, or by cancel().
    void spawn(Task<void> task) { run(*this, std::move(task)); }

    // Destroys every task that is left. Must not be called from one of them.
    void cancel();

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

private:
    struct Root {
        struct promise_type {
            Scope& scope;
            promise_type* next = nullptr;
            promise_type* previous = nullptr;

            promise_type(Scope& owner, Task<void>&);
            ~promise_type();
            Root get_return_object() noexcept { return {}; }
            std::suspend_never initial_suspend() noexcept { return {}; }
            std::suspend_never final_suspend() noexcept { return {}; }
            void return_void() noexcept {}
            void unhandled_exception() noexcept { std::terminate(); }
        };
    };
    static Root run(Scope& scope, Task<void> task);

    Root::promise_type* first_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace base
