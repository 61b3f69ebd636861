// SPDX-License-Identifier: Apache-2.0
// Datagrams into lines; see collector.h.
#include "services/postlog/collector.h"

#include <algorithm>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace postlogd {

static std::string_view without_priority(std::string_view text)
{
    auto end = text.find('>');
    bool number = text.starts_with('<') && end != std::string_view::npos && end > 1 && end <= 4 &&
                  std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(end),
                              base::is_digit);
    return number ? text.substr(end + 1) : text;
}

std::string Collector::clean(std::string_view datagram)
{
    datagram = datagram.substr(0, std::min(datagram.size(), datagram_limit));
    datagram = datagram.substr(0, datagram.find('\0'));
    return base::printable(base::trim_right(without_priority(datagram)), true);
}

void Collector::take(std::string_view datagram)
{
    std::string text = clean(datagram);
    if (text.empty())
        return;
    std::string line =
        base::cat(timestamp_.text(base::SystemClock{}.wall()), ' ', host_, ' ', text, '\n');
    if (!base::write_all(fd_, line))
        return; // A full disk: nobody is left to be told, and mail goes on.
}

} // namespace postlogd
