// SPDX-License-Identifier: Apache-2.0
// Little-endian numbers and counted texts in memory: how lib/queue puts values into bytes, and gets
// them out of bytes that nobody vouches for.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace queue {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are stored as they are");

template <std::integral I> void store(char* to, I value)
{
    std::memcpy(to, &value, sizeof value);
}

template <std::integral I> I load(const char* from)
{
    I value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

template <std::integral I> void put(std::string& to, I value)
{
    to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

inline void put_text(std::string& to, std::string_view text)
{
    put(to, static_cast<std::uint32_t>(text.size()));
    to += text;
}

// Takes values off the front. After the first one that is not there, everything is zero and empty,
// and ok() is false: callers ask once, at the end.
class Taker {
public:
    explicit Taker(std::string_view bytes) : rest_(bytes) {}

    template <std::integral I> I number()
    {
        if (rest_.size() < sizeof(I))
            return fail(), I{};
        const I value = load<I>(rest_.data());
        rest_.remove_prefix(sizeof(I));
        return value;
    }

    std::string text()
    {
        const auto length = number<std::uint32_t>();
        if (length > rest_.size())
            return fail(), std::string{};
        std::string value(rest_.substr(0, length));
        rest_.remove_prefix(length);
        return value;
    }

    // A number that must not be larger than `most`; for enums.
    std::uint8_t number_up_to(std::uint8_t most)
    {
        const auto value = number<std::uint8_t>();
        return value <= most ? value : (fail(), std::uint8_t{0});
    }

    bool ok() const { return ok_; }
    bool at_end() const { return ok_ && rest_.empty(); }

private:
    void fail()
    {
        ok_ = false;
        rest_ = {};
    }

    std::string_view rest_;
    bool ok_ = true;
};

} // namespace queue
