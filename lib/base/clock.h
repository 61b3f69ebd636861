// SPDX-License-Identifier: Apache-2.0
// Time: wall-clock instants, monotonic instants, and the Clock that hands them out. Code that
// decides by time takes a Clock, so that tests can tick it.
#pragma once

#include <chrono>
#include <string>

namespace base {

using Duration = std::chrono::microseconds;
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;

// An instant on the monotonic clock after which a wait fails, or never.
class Deadline {
public:
    static Deadline never() { return Deadline{MonoTime::max()}; }
    static Deadline at(MonoTime when) { return Deadline{when}; }

    MonoTime when() const { return when_; }
    bool is_never() const { return when_ == MonoTime::max(); }
    bool passed(MonoTime now) const { return when_ <= now; }
    Deadline earlier(Deadline other) const { return when_ < other.when_ ? *this : other; }

private:
    explicit Deadline(MonoTime when) : when_(when) {}
    MonoTime when_;
};

class Clock {
public:
    virtual ~Clock() = default;
    virtual WallTime wall() const = 0;
    virtual MonoTime mono() const = 0;

    Deadline after(Duration wait) const { return Deadline::at(mono() + wait); }
};

class SystemClock final : public Clock {
public:
    WallTime wall() const override;
    MonoTime mono() const override;
};

// For tests: stands still until told to move.
class ManualClock final : public Clock {
public:
    WallTime wall() const override { return wall_; }
    MonoTime mono() const override { return mono_; }
    void advance(Duration by)
    {
        wall_ += by;
        mono_ += by;
    }
    void set_wall(WallTime wall) { wall_ = wall; }

private:
    WallTime wall_{std::chrono::seconds(1'700'000'000)};
    MonoTime mono_{std::chrono::seconds(1'000)};
};

// Seconds since 1970, for files and messages between processes.
inline long long unix_seconds(WallTime t)
{
    return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}
inline long long unix_microseconds(WallTime t)
{
    return t.time_since_epoch().count();
}
inline WallTime from_unix_microseconds(long long us)
{
    return WallTime{Duration{us}};
}
inline WallTime from_unix_seconds(long long s)
{
    return WallTime{std::chrono::seconds{s}};
}

} // namespace base
