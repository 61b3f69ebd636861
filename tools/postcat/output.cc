// SPDX-License-Identifier: Apache-2.0
// Lines of postcat; see output.h.
#include "tools/postcat/output.h"

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace postcat {

static constexpr std::size_t buffer_size = 64 * 1024;
static constexpr std::size_t offset_width = 9;
static constexpr std::size_t type_width = 3;

static void put_number(std::string& to, std::uint64_t number, std::size_t width)
{
    const std::string digits = base::cat(number);
    to.append(width > digits.size() ? width - digits.size() : 0, ' ');
    base::append(to, digits, ' ');
}

// False: -s leaves this line out.
bool Output::begin(Type type, std::uint64_t offset)
{
    if (offset < options_.from)
        return false;
    if (options_.file_names)
        base::append(buffer_, file_, ": ");
    if (options_.offsets)
        put_number(buffer_, offset, offset_width);
    if (options_.types)
        put_number(buffer_, static_cast<unsigned char>(type), type_width);
    return true;
}

void Output::end()
{
    buffer_ += '\n';
    if (buffer_.size() >= buffer_size)
        written_ = flush();
}

void Output::section(Type type, std::uint64_t offset, std::string_view title)
{
    if (!begin(type, offset))
        return;
    base::append(buffer_, "*** ", title, " ", file_, " ***");
    end();
}

void Output::record(Type type, std::uint64_t offset, std::string_view name, std::string_view value)
{
    if (!begin(type, offset))
        return;
    base::append(buffer_, name, ": ", base::printable(value, true));
    end();
}

void Output::text(Type type, std::uint64_t offset, std::string_view line)
{
    if (!begin(type, offset))
        return;
    if (options_.verbose)
        buffer_ += type == Type::Unended ? "unterminated_text: " : "regular_text: ";
    buffer_ += line;
    end();
}

base::Result<void> Output::flush()
{
    if (written_)
        written_ = base::write_all(fd_, buffer_);
    buffer_.clear();
    return written_;
}

} // namespace postcat
