// SPDX-License-Identifier: Apache-2.0
// A message with something in every field, made from its declaration: for golden files and fuzz
// seeds. The values differ from field to field, so that swapped fields show.
#pragma once

#include "lib/ipc/codec.h"

namespace sample {

template <typename T> void fill(T& value, unsigned& counter);

template <typename T> void fill_vector(std::vector<T>& list, unsigned& counter)
{
    for (int i = 0; i < 2; ++i)
        fill(list.emplace_back(), counter);
}

// What fill() makes of text, for messages that do not own it.
inline std::string_view lasting_text(unsigned counter)
{
    constexpr std::string_view texts =
        "text 0text 1text 2text 3text 4text 5text 6text 7text 8text 9";
    constexpr std::size_t length = 6;
    return texts.substr(length * (counter % 10), length);
}

template <typename T> void fill(T& value, unsigned& counter)
{
    ++counter;
    if constexpr (std::is_same_v<T, std::string>)
        value = "text " + std::to_string(counter);
    else if constexpr (std::is_same_v<T, ipc::Bytes>)
        value.view = lasting_text(counter);
    else if constexpr (std::is_same_v<T, bool>)
        value = true;
    else if constexpr (std::is_enum_v<T>)
        value = ipc::last_of<T>;
    else if constexpr (std::is_integral_v<T>)
        value = static_cast<T>(1000 + counter);
    else if constexpr (std::is_same_v<T, base::WallTime>)
        value = base::from_unix_seconds(1'700'000'000 + counter);
    else if constexpr (std::is_same_v<T, base::Duration>)
        value = std::chrono::milliseconds(counter);
    else if constexpr (std::is_same_v<T, ipc::Descriptor>)
        value.fd = base::Fd{}; // The bytes do not show descriptors.
    else if constexpr (ipc::detail::IsVector<T>::value)
        fill_vector(value, counter);
    else
        std::apply([&](const auto&... field) { (fill(value.*(field.member), counter), ...); },
                   ipc::Fields<T>::value);
}

template <typename T> T full()
{
    T message;
    unsigned counter = 0;
    fill(message, counter);
    return message;
}

} // namespace sample
