// SPDX-License-Identifier: Apache-2.0
// A disk for smartd in the callers' test: loaded into it by LD_PRELOAD, this answers the ATA
// commands that smartd puts through ioctl(2) to any file as a disk that says it is about to fail.
#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <linux/hdreg.h>
#include <numeric>
#include <string_view>
#include <sys/ioctl.h>

namespace {

constexpr unsigned char identify = 0xec, smart = 0xb0;
constexpr unsigned char read_values = 0xd0, read_thresholds = 0xd1;
constexpr std::size_t sector = 512;

void put_word(unsigned char* data, unsigned number, unsigned value)
{
    data[2 * number] = static_cast<unsigned char>(value);
    data[2 * number + 1] = static_cast<unsigned char>(value >> 8);
}

// ATA puts the first letter of a word into its upper byte, and fills up with blanks.
void put_text(unsigned char* data, unsigned first, unsigned words, std::string_view text)
{
    const auto letter = [&](unsigned i) {
        return static_cast<unsigned char>(i < text.size() ? text[i] : ' ');
    };
    for (unsigned i = 0; i < words; ++i)
        put_word(data, first + i, unsigned{letter(2 * i)} << 8 | letter(2 * i + 1));
}

void describe(unsigned char* data)
{
    std::fill_n(data, sector, 0);
    put_text(data, 10, 10, "TEST1");        // Serial number.
    put_text(data, 23, 4, "1.0");           // Firmware.
    put_text(data, 27, 20, "Failing disk"); // Model.
    put_word(data, 60, 0xffff);             // Sectors.
    put_word(data, 80, 0x00f0);             // ATA versions.
    put_word(data, 82, 1);                  // SMART is there,
    put_word(data, 83, 0x4000);
    put_word(data, 84, 0x4000);
    put_word(data, 85, 1); // and on.
    put_word(data, 87, 0x4000);
}

// A table without attributes, with the sum of its bytes in the last one.
void empty_table(unsigned char* data)
{
    std::fill_n(data, sector, 0);
    data[0] = 16; // Version.
    data[sector - 1] = static_cast<unsigned char>(-std::accumulate(data, data + sector - 1, 0));
}

// The command is in the first bytes, its data go behind the fourth.
int command(unsigned char* buffer)
{
    if (buffer[0] == identify)
        describe(buffer + 4);
    else if (buffer[0] == smart && (buffer[2] == read_values || buffer[2] == read_thresholds))
        empty_table(buffer + 4);
    return 0;
}

// For smartd alone: what it starts has nothing to do with disks.
[[maybe_unused]] const bool alone = ::unsetenv("LD_PRELOAD") == 0;

} // namespace

extern "C" int ioctl(int, unsigned long request, ...) noexcept
{
    va_list arguments;
    va_start(arguments, request);
    auto* buffer = va_arg(arguments, unsigned char*);
    va_end(arguments);
    if (request == HDIO_DRIVE_CMD)
        return command(buffer);
    if (request == HDIO_DRIVE_TASK) { // SMART RETURN STATUS: a threshold is exceeded.
        buffer[4] = 0xf4;
        buffer[5] = 0x2c;
        return 0;
    }
    errno = ENOTTY;
    return -1;
}
