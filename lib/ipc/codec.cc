// SPDX-License-Identifier: Apache-2.0
// Primitive values on the wire; see codec.h and PROTOCOL.md.
#include "lib/ipc/codec.h"

namespace ipc {

// Numbers are written in base 128, low group first, at most ten bytes.
void Encoder::number(std::uint64_t value)
{
    while (value >= 0x80) {
        bytes.push_back(static_cast<char>(value | 0x80));
        value >>= 7;
    }
    bytes.push_back(static_cast<char>(value));
}

void Encoder::text(std::string_view value)
{
    number(value.size());
    bytes.append(value);
}

void Encoder::name(std::string_view value)
{
    bytes.push_back(static_cast<char>(value.size()));
    bytes.append(value);
}

Decoder::Decoder(std::string_view bytes, std::vector<base::Fd> fds)
    : rest_(bytes), fds_(std::move(fds))
{
}

std::string_view Decoder::take(std::size_t count)
{
    if (failed_ || count > rest_.size()) {
        failed_ = true;
        return {};
    }
    std::string_view part = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return part;
}

std::uint64_t Decoder::number()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        std::string_view byte = take(1);
        if (failed_)
            return 0;
        auto group = static_cast<unsigned char>(byte[0]);
        value |= static_cast<std::uint64_t>(group & 0x7f) << shift;
        if (shift == 63 && group > 1)
            break;
        if ((group & 0x80) == 0)
            return value;
    }
    failed_ = true;
    return 0;
}

std::string_view Decoder::text()
{
    std::uint64_t size = number();
    if (size > rest_.size())
        failed_ = true;
    return take(failed_ ? 0 : static_cast<std::size_t>(size));
}

std::string_view Decoder::any_name()
{
    std::string_view size = take(1);
    return failed_ ? std::string_view{} : take(static_cast<unsigned char>(size[0]));
}

bool Decoder::name(std::string_view wanted)
{
    if (any_name() != wanted)
        failed_ = true;
    return !failed_;
}

base::Fd Decoder::descriptor()
{
    if (next_fd_ >= fds_.size()) {
        failed_ = true;
        return {};
    }
    return std::move(fds_[next_fd_++]);
}

} // namespace ipc
