// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or an Error that says whether trying again may help. Every function of
// Posthouse that can fail for a reason outside our own code returns one.
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace base {

// Why an operation failed. Temporary failures lead to 4xx replies and deferred mail, permanent
// ones to 5xx replies and notices. When in doubt an error is temporary.
struct Error {
    enum class Kind : unsigned char { Temporary, Permanent };

    Kind kind = Kind::Temporary;
    std::string text; // One line for a person; foreign bytes in it are escaped when logged.

    bool temporary() const { return kind == Kind::Temporary; }

    // The same error with "context: " in front; used while passing an error up.
    Error in(std::string_view context) const;

    bool operator==(const Error&) const = default;
};

Error temporary(std::string text);
Error permanent(std::string text);

// A temporary error "what: strerror(code)". The two-argument form takes the code explicitly,
// because almost anything between a failing call and its report may overwrite errno.
Error system_error(std::string_view what, int code);

template <typename T> class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return state_.index() == 0; }
    bool ok() const { return state_.index() == 0; }

    // The value. Asking a failed result for its value is a bug and ends the process.
    T& value() & { return *checked(); }
    const T& value() const& { return *const_cast<Result*>(this)->checked(); }
    T&& value() && { return std::move(*checked()); }
    T& operator*() & { return *checked(); }
    const T& operator*() const& { return *const_cast<Result*>(this)->checked(); }
    T&& operator*() && { return std::move(*checked()); }
    T* operator->() { return checked(); }
    const T* operator->() const { return const_cast<Result*>(this)->checked(); }

    T value_or(T otherwise) && { return ok() ? std::move(*checked()) : std::move(otherwise); }

    const Error& error() const
    {
        assert(!ok());
        return *std::get_if<1>(&state_);
    }

private:
    T* checked()
    {
        T* found = std::get_if<0>(&state_);
        if (found == nullptr)
            __builtin_trap();
        return found;
    }

    std::variant<T, Error> state_;
};

template <> class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}

    explicit operator bool() const { return !failed_; }
    bool ok() const { return !failed_; }

    const Error& error() const
    {
        assert(failed_);
        return error_;
    }

private:
    Error error_;
    bool failed_ = false;
};

} // namespace base
