// SPDX-License-Identifier: Apache-2.0
// A file of Berkeley DB: look-ups and the whole list.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/table/berkeley_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    base::Fd file(::memfd_create("berkeley", MFD_CLOEXEC));
    if (!base::write_all(file.number(), {reinterpret_cast<const char*>(data), size}))
        std::abort();
    auto reader = table::BerkeleyReader::of(std::move(file));
    if (!reader)
        return 0;
    for (const char* key : {"", "a", "user7", "long", "no-such-key"})
        (void)reader->find(key);
    (void)reader->all();
    return 0;
}
