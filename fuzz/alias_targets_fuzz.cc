// SPDX-License-Identifier: Apache-2.0
// Destinations of aliases and .forward files, and patterns with names of the recipient: the first
// line is the pattern, the second the extension, the rest the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "lib/base/strings.h"
#include "local/names.h"
#include "local/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    std::string_view rest = all;
    const std::string_view pattern = base::cut(rest, '\n');
    local::Names names{"fred", "fred+x", "fred+x@x.test", "x.test", {}, "/home/fred", {}, {}};
    names.extension = std::string(base::cut(rest, '\n'));
    (void)local::expand(pattern, names, "abc/");
    std::size_t bytes = 0;
    for (const auto& target : local::parse_target_lines(rest)) {
        bytes += target.text.size();
        if (target.text.find('\0') != std::string::npos)
            std::abort();
        if (target.kind == local::Target::Kind::Address && target.text.empty())
            std::abort();
    }
    if (bytes > size + size) // A literal gets its bracket.
        std::abort();
    (void)local::parse_targets(all);
    return 0;
}
