// SPDX-License-Identifier: Apache-2.0
// Logical lines; see lines.h.
#include "lib/config/lines.h"

#include "lib/base/strings.h"

namespace config {

static void continue_line(std::vector<LogicalLine>& lines, std::string_view physical, Fault place,
                          Faults& faults)
{
    if (lines.empty()) {
        place.warning = true;
        place.text = base::cat("logical line must not start with whitespace: \"", physical, "\"");
        place.hint = "remove the blanks in front; the line is ignored";
        faults.push_back(std::move(place));
        return;
    }
    base::append(lines.back().text, " ", base::trim(physical));
}

std::vector<LogicalLine> logical_lines(std::string_view text, const std::string& file,
                                       Faults& faults)
{
    std::vector<LogicalLine> lines;
    for (int number = 1; !text.empty(); ++number) {
        std::string_view physical = base::trim_right(base::cut(text, '\n'));
        std::string_view content = base::trim_left(physical);
        if (content.empty() || content.front() == '#')
            continue;
        Fault place{.file = file, .line = number};
        if (content.find('\0') != std::string_view::npos) {
            place.text = "the line has a NUL byte";
            faults.push_back(std::move(place));
        } else if (content.size() < physical.size()) {
            continue_line(lines, physical, std::move(place), faults);
        } else {
            lines.push_back({std::string(physical), number});
        }
    }
    return lines;
}

bool split_assignment(std::string_view text, std::string_view& name, std::string_view& value,
                      std::string& why)
{
    text = base::trim(text);
    auto end = std::min(text.find_first_of("= \t\r\v\f\n"), text.size());
    name = text.substr(0, end);
    std::string_view rest = base::trim_left(text.substr(end));
    if (name.empty()) {
        why = "missing attribute name";
        return false;
    }
    if (rest.empty() || rest.front() != '=') {
        why = "missing '=' after attribute name";
        return false;
    }
    value = base::trim(rest.substr(1));
    return true;
}

} // namespace config
