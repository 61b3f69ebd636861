// SPDX-License-Identifier: Apache-2.0
// Messages as bytes. A message is a struct that names its fields once:
//
//   struct Append {
//       std::string queue_id;
//       mail::Recipient recipient;
//       using Response = ipc::None;
//       static constexpr std::string_view name = "append";
//       static constexpr auto fields = std::tuple{ipc::field("queue_id", &Append::queue_id), ...};
//   };
//
// Both ends, the debug print and the golden files are made from that. On the wire every field
// carries its name; a missing, extra, misplaced or overlong one fails the decoding. PROTOCOL.md
// describes the bytes. Types without `fields` of their own (those of lib/mail) get them by a
// specialisation of Fields<T>.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/fd.h"

namespace ipc {

template <typename C, typename M> struct Field {
    std::string_view name;
    M C::*member;
};
template <typename C, typename M> constexpr Field<C, M> field(std::string_view name, M C::*member)
{
    return {name, member};
}

// The answer to a message that has none.
struct None {
    static constexpr std::string_view name = "none";
    static constexpr std::tuple<> fields{};
};

template <typename T> struct Fields {
    static constexpr auto value = T::fields;
};

// An open file that goes with a message. The receiver owns its own descriptor for it.
struct Descriptor {
    base::Fd fd;
};

// Text that a message does not own, for content in bulk: on the wire it is like a string. The
// sender keeps it until the message is encoded; for a handler it is valid until the handler is
// done. No field of a message that is handled aside of others (ServeOptions::concurrent) or of an
// answer.
struct Bytes {
    std::string_view view;

    Bytes() = default;
    Bytes(std::string_view text) : view(text) {}
    Bytes(const std::string& text) : view(text) {}
    Bytes(std::string&&) = delete; // It would be gone before it is encoded.
};

// The largest value of an enum that may cross: specialise for each enum that does.
template <typename E> inline constexpr E last_of = E{};

class Encoder {
public:
    void number(std::uint64_t value);
    void text(std::string_view value);
    void name(std::string_view value);
    void descriptor(int fd) { fds.push_back(fd); }

    std::string bytes;
    std::vector<int> fds; // Not owned: the message that was encoded keeps them open.
};

class Decoder {
public:
    explicit Decoder(std::string_view bytes, std::vector<base::Fd> fds = {});

    std::uint64_t number();
    std::string_view text();
    bool name(std::string_view wanted); // Consumes the name; fails unless it is `wanted`.
    std::string_view any_name();
    base::Fd descriptor();
    void fail() { failed_ = true; }

    bool failed() const { return failed_; }
    // True when nothing failed and nothing is left over.
    bool complete() const { return !failed_ && rest_.empty() && next_fd_ == fds_.size(); }
    std::size_t left() const { return rest_.size(); }

private:
    std::string_view take(std::size_t count);

    std::string_view rest_;
    std::vector<base::Fd> fds_;
    std::size_t next_fd_ = 0;
    bool failed_ = false;
};

template <typename T> void encode(Encoder& to, const T& value);
template <typename T> void decode(Decoder& from, T& value);

namespace detail {

template <typename T> struct IsVector : std::false_type {
};
template <typename T> struct IsVector<std::vector<T>> : std::true_type {
};

template <typename T> void encode_struct(Encoder& to, const T& value)
{
    std::apply([&](const auto&... f) { ((to.name(f.name), encode(to, value.*(f.member))), ...); },
               Fields<T>::value);
}

template <typename T> void decode_struct(Decoder& from, T& value)
{
    std::apply(
        [&](const auto&... f) {
            ((from.name(f.name) ? decode(from, value.*(f.member)) : void()), ...);
        },
        Fields<T>::value);
}

template <typename T> void decode_enum(Decoder& from, T& value)
{
    std::uint64_t number = from.number();
    if (number > static_cast<std::uint64_t>(last_of<T>))
        from.fail();
    else
        value = static_cast<T>(number);
}

template <typename T> void decode_vector(Decoder& from, std::vector<T>& value)
{
    // Every element takes at least a byte, so a hostile count cannot make us allocate much.
    std::uint64_t count = from.number();
    if (count > from.left())
        from.fail();
    for (std::uint64_t i = 0; i < count && !from.failed(); ++i)
        decode(from, value.emplace_back());
}

template <std::integral T> void decode_integer(Decoder& from, T& value)
{
    std::uint64_t number = from.number();
    value = static_cast<T>(number);
    if (static_cast<std::uint64_t>(static_cast<std::int64_t>(value)) != number &&
        static_cast<std::uint64_t>(value) != number)
        from.fail();
}

} // namespace detail

template <typename T> void encode(Encoder& to, const T& value)
{
    if constexpr (std::is_same_v<T, std::string>)
        to.text(value);
    else if constexpr (std::is_same_v<T, Bytes>)
        to.text(value.view);
    else if constexpr (std::is_enum_v<T>)
        to.number(static_cast<std::uint64_t>(value));
    else if constexpr (std::is_integral_v<T>)
        to.number(static_cast<std::uint64_t>(value));
    else if constexpr (std::is_same_v<T, base::WallTime>)
        to.number(static_cast<std::uint64_t>(base::unix_microseconds(value)));
    else if constexpr (std::is_same_v<T, base::Duration>)
        to.number(static_cast<std::uint64_t>(value.count()));
    else if constexpr (std::is_same_v<T, Descriptor>)
        to.descriptor(value.fd.number());
    else if constexpr (detail::IsVector<T>::value) {
        to.number(value.size());
        for (const auto& element : value)
            encode(to, element);
    } else
        detail::encode_struct(to, value);
}

template <typename T> void decode(Decoder& from, T& value)
{
    if constexpr (std::is_same_v<T, std::string>)
        value = from.text();
    else if constexpr (std::is_same_v<T, Bytes>)
        value.view = from.text();
    else if constexpr (std::is_enum_v<T>)
        detail::decode_enum(from, value);
    else if constexpr (std::is_integral_v<T>)
        detail::decode_integer(from, value);
    else if constexpr (std::is_same_v<T, base::WallTime>)
        value = base::from_unix_microseconds(static_cast<long long>(from.number()));
    else if constexpr (std::is_same_v<T, base::Duration>)
        value = base::Duration{static_cast<std::int64_t>(from.number())};
    else if constexpr (std::is_same_v<T, Descriptor>)
        value.fd = from.descriptor();
    else if constexpr (detail::IsVector<T>::value)
        detail::decode_vector(from, value);
    else
        detail::decode_struct(from, value);
}

} // namespace ipc
