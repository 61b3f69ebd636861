// SPDX-License-Identifier: Apache-2.0
// Queue ids, encoded exactly as Postfix does; see queue_id.h.
#include "lib/mail/queue_id.h"

#include <algorithm>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace mail {

namespace {

// Digits and consonants: no id spells a word. The last one, 'z', is the separator and therefore no
// digit of the inode number, whose base is one less.
constexpr std::string_view alphabet = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
constexpr unsigned time_base = 52;
constexpr unsigned inode_base = 51;
constexpr char separator = 'z';
constexpr std::size_t seconds_digits = 6;
constexpr std::size_t microseconds_digits = 4;
constexpr std::size_t short_microseconds_digits = 5;
constexpr std::size_t shortest_id = 6;
constexpr std::size_t longest_id = 32;

void put_number(std::string& to, std::uint64_t value, unsigned radix, std::size_t width)
{
    char digits[64];
    std::size_t count = 0;
    do {
        digits[count++] = alphabet[value % radix];
        value /= radix;
    } while (value != 0);
    while (count < width)
        digits[count++] = '0';
    while (count > 0)
        to += digits[--count];
}

void put_hex(std::string& to, std::uint64_t value, std::size_t width)
{
    char digits[16];
    auto [end, code] = std::to_chars(digits, digits + sizeof digits, value, 16);
    const std::string text = base::upper({digits, static_cast<std::size_t>(end - digits)});
    to.append(width > text.size() ? width - text.size() : 0, '0');
    to += text;
}

std::optional<std::uint64_t> number_of(std::string_view text, unsigned radix)
{
    std::uint64_t value = 0;
    for (const char c : text) {
        const auto digit = alphabet.substr(0, radix).find(c);
        if (digit == std::string_view::npos)
            return std::nullopt;
        if (__builtin_mul_overflow(value, radix, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return std::nullopt;
    }
    return text.empty() ? std::nullopt : std::optional{value};
}

// Where the separator of a long id is. A short id has no lower-case letter.
std::optional<std::size_t> separator_in(std::string_view id)
{
    const auto at = id.rfind(separator);
    if (at == std::string_view::npos || at < seconds_digits + microseconds_digits)
        return std::nullopt;
    return at;
}

bool is_upper_hex(char c)
{
    return base::is_digit(c) || (c >= 'A' && c <= 'F');
}

std::uint64_t microseconds_part(base::WallTime when)
{
    const long long part = base::unix_microseconds(when) % 1'000'000;
    return static_cast<std::uint64_t>(part < 0 ? part + 1'000'000 : part);
}

} // namespace

QueueId make_short_queue_id(base::WallTime arrival, std::uint64_t inode)
{
    QueueId id;
    put_hex(id, microseconds_part(arrival), short_microseconds_digits);
    put_hex(id, inode, 1);
    return id;
}

QueueId make_long_queue_id(base::WallTime arrival, std::uint64_t inode)
{
    const long long seconds = std::max(0LL, base::unix_seconds(arrival));
    QueueId id;
    put_number(id, static_cast<std::uint64_t>(seconds), time_base, seconds_digits);
    put_number(id, microseconds_part(arrival), time_base, microseconds_digits);
    id += separator;
    put_number(id, inode, inode_base, 1);
    return id;
}

bool is_queue_id(std::string_view text)
{
    return text.size() >= shortest_id && text.size() <= longest_id &&
           std::all_of(text.begin(), text.end(), base::is_alnum);
}

bool is_long_queue_id(std::string_view id)
{
    return separator_in(id).has_value();
}

std::optional<std::uint64_t> inode_of(std::string_view id)
{
    if (!is_queue_id(id))
        return std::nullopt;
    if (const auto at = separator_in(id))
        return number_of(id.substr(*at + 1), inode_base);
    if (!std::all_of(id.begin(), id.end(), is_upper_hex))
        return std::nullopt;
    return base::parse_int<std::uint64_t>(id.substr(short_microseconds_digits), 16);
}

std::string microseconds_hex(std::string_view id)
{
    const auto at = separator_in(id);
    if (!at)
        return std::string(id.substr(0, short_microseconds_digits));
    const auto value =
        number_of(id.substr(*at - microseconds_digits, microseconds_digits), time_base);
    std::string text;
    put_hex(text, value.value_or(0), short_microseconds_digits);
    return text;
}

} // namespace mail
