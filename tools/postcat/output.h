// SPDX-License-Identifier: Apache-2.0
// The lines of postcat: what stands before them, and the way to standard output.
#pragma once

#include <string>
#include <string_view>

#include "tools/postcat/options.h"

namespace postcat {

// What -d shows: the letters with which Postfix marks records of the same meaning.
enum class Type : unsigned char {
    Size = 'C',
    Time = 'T',
    Attribute = 'A',
    Sender = 'S',
    Recipient = 'R',
    Original = 'O',
    Done = 'D',
    WarningTime = 'W',
    Filter = 'L',
    Redirect = '>',
    Verp = 'V',
    Contents = 'M',
    Text = 'N',
    Unended = 'L' + 32, // Text without a line end.
    Extracted = 'X',
    End = 'E',
};

class Output {
public:
    // Writes to `fd`, which must not be closed before.
    Output(int fd, const Options& options) : fd_(fd), options_(options) {}

    void set_file(std::string name) { file_ = std::move(name); }
    const std::string& file() const { return file_; }

    // "*** TITLE FILE ***".
    void section(Type type, std::uint64_t offset, std::string_view title);
    // "name: value"; what is not printable in the value is masked.
    void record(Type type, std::uint64_t offset, std::string_view name, std::string_view value);
    // A line of content as it is, without its line end.
    void text(Type type, std::uint64_t offset, std::string_view line);

    base::Result<void> flush();

private:
    bool begin(Type type, std::uint64_t offset);
    void end();

    int fd_;
    const Options& options_;
    std::string file_;
    std::string buffer_;
    base::Result<void> written_;
};

} // namespace postcat
