// SPDX-License-Identifier: Apache-2.0
// The records of a queue file as Postfix writes it: a type, a length in groups of seven bits (the
// lowest first), and so many bytes. Whatever stands in the file, the answer is a record or a
// permanent error; no byte is looked at twice, so that pointer records cannot lead round in
// circles. Memory: one record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/queue/disk.h"

namespace spool {

// Longer records are damage: Postfix cuts lines at line_length_limit and headers at
// header_size_limit.
inline constexpr std::uint32_t record_limit = 1024 * 1024;

struct Record {
    char type = 0;
    std::string_view data;    // Until the next call.
    std::uint64_t offset = 0; // Where it begins; logs name recipients by it.
};

// Types, as letters of the file.
namespace type {
inline constexpr char size = 'C', time = 'T', create_time = 'c', full_name = 'F', inspector = 'I',
                      filter = 'L', sender = 'S', done = 'D', recipient = 'R',
                      original_recipient = 'O', cancelled = '/', warning = 'W', attribute = 'A',
                      killed = 'K', redirect = '>', flags = 'f', delay = 'd', message = 'M',
                      continued_line = 'L', line = 'N', deleted_text = 'w', extracted = 'X',
                      return_receipt = 'r', errors_to = 'e', priority = 'P', verp = 'V',
                      milter_count = 'm', pointer = 'p', end = 'E';
}

class RecordReader {
public:
    // `disk` and the open `file` outlive the reader. `size` is that of the file.
    RecordReader(queue::Disk& disk, int file, std::uint64_t size)
        : disk_(disk), file_(file), size_(size)
    {
    }

    // The next record. Pointer records are followed, deleted text is passed over. The end of the
    // file is an error: a whole message ends with an end record.
    base::Result<Record> next();

    // Where the next record begins.
    std::uint64_t position() const { return position_; }

private:
    base::Result<std::string_view> bytes(std::uint64_t offset, std::size_t count);
    base::Result<Record> read_one();
    base::Result<void> follow(std::string_view target);

    queue::Disk& disk_;
    int file_;
    std::uint64_t size_;
    std::uint64_t position_ = 0;
    std::uint64_t seen_ = 0; // Bytes of all records so far.
    std::string window_;     // What was read, from window_at_.
    std::uint64_t window_at_ = 0;
};

} // namespace spool
