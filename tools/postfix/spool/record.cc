// SPDX-License-Identifier: Apache-2.0
// Records of Postfix's queue files; see record.h.
#include "tools/postfix/spool/record.h"

#include <algorithm>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace spool {

namespace {

constexpr std::size_t window_size = 64 * 1024;
constexpr std::size_t longest_header = 1 + 5; // Type, and a length of at most 35 bits.

base::Error damaged(std::string_view what, std::uint64_t offset)
{
    return base::permanent(base::cat("damaged: ", what, " at byte ", offset));
}

} // namespace

// Fewer than `count` only at the end of the file.
base::Result<std::string_view> RecordReader::bytes(std::uint64_t offset, std::size_t count)
{
    if (offset >= size_)
        return std::string_view{};
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - offset));
    const bool here = offset >= window_at_ && offset - window_at_ <= window_.size() &&
                      window_.size() - (offset - window_at_) >= count;
    if (!here) {
        window_.resize(std::max(count, window_size));
        std::size_t got = 0;
        if (const int error = disk_.pread(file_, window_, offset, got))
            return base::system_error("read", error);
        window_.resize(got);
        window_at_ = offset;
    }
    return std::string_view(window_).substr(static_cast<std::size_t>(offset - window_at_), count);
}

base::Result<Record> RecordReader::read_one()
{
    auto header = bytes(position_, longest_header);
    if (!header)
        return header.error();
    if (header->empty())
        return damaged("no end record", position_);
    Record record{header->front(), {}, position_};
    std::uint64_t length = 0;
    std::size_t used = 1;
    for (bool more = true; more; ++used) {
        if (used == header->size())
            return damaged("no length", position_);
        const auto byte = static_cast<unsigned char>((*header)[used]);
        length |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * (used - 1));
        more = (byte & 0x80) != 0;
    }
    if (length > record_limit)
        return damaged("too long a record", position_);
    auto data = bytes(position_ + used, static_cast<std::size_t>(length));
    if (!data)
        return data.error();
    if (data->size() < length)
        return damaged("a record that is cut off", position_);
    record.data = *data;
    position_ += used + length;
    seen_ += used + length;
    if (seen_ > size_)
        return damaged("pointers that go round in circles", record.offset);
    return record;
}

// Zero stands where nothing was ever inserted.
base::Result<void> RecordReader::follow(std::string_view target)
{
    const auto offset = base::parse_int<std::uint64_t>(base::trim(target));
    if (!offset || *offset >= size_)
        return damaged("a pointer to nowhere", position_);
    if (*offset != 0)
        position_ = *offset;
    return {};
}

base::Result<Record> RecordReader::next()
{
    while (true) {
        auto record = read_one();
        if (!record)
            return record;
        if (record->type == type::deleted_text)
            continue;
        if (record->type != type::pointer)
            return record;
        if (auto followed = follow(record->data); !followed)
            return followed.error();
    }
}

} // namespace spool
