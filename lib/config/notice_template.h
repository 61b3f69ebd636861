// SPDX-License-Identifier: Apache-2.0
// The texts that stand at the top of notices, built in or from bounce_template_file (bounce(5)).
// What postconf -t and -b print, and what the bounce service sends.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "lib/config/main_cf.h"

namespace config {

enum class NoticeText : unsigned char { Failure, Delay, Success, Verify };
inline constexpr std::size_t notice_texts = 4;

struct NoticeTemplate {
    std::string charset = "us-ascii";
    std::string from = "Mail Delivery System <MAILER-DAEMON>";
    std::string subject;
    std::string postmaster_subject; // Of failure and delay only.
    std::string text;               // With $names; lines end in "\n".
    std::string source = "[built-in]";

    bool operator==(const NoticeTemplate&) const = default;
};

// Larger files, and longer lines of a text or a header, are faults.
inline constexpr std::size_t template_file_bytes = 256 * 1024;
inline constexpr std::size_t template_line_bytes = 990;

class NoticeTemplates {
public:
    NoticeTemplates(); // The built-in ones.

    // Those of `text`, the content of `file`; the built-in ones for those that it lacks. One with a
    // fault is told with its line and not used.
    static NoticeTemplates parse(std::string_view text, const std::string& file, Faults& faults);
    // The same with a file; an empty path is the built-in ones. A file that cannot be read is a
    // fault as well.
    static NoticeTemplates load(const std::string& path, Faults& faults);

    const NoticeTemplate& of(NoticeText text) const { return all_[static_cast<std::size_t>(text)]; }

    // "failure_template = <<EOF", header, text and "EOF" for each of the four.
    std::string print() const;
    // "expanded_failure_text = <<EOF" and the texts only, with values for names.
    std::string print_expanded(const MainCf& main, Faults& faults) const;

private:
    std::array<NoticeTemplate, notice_texts> all_;
};

// "failure", "delay", "success" or "verify".
std::string_view notice_text_name(NoticeText text);

// A template's text with every $name replaced. Besides parameters there are
// delay_warning_time_UNIT and maximal_queue_lifetime_UNIT (seconds, minutes, hours, days, weeks).
// What is wrong is told, and the built-in text is used instead.
std::string expand_notice_text(NoticeText which, const NoticeTemplate& notice, const MainCf& main,
                               Faults& faults);

} // namespace config
