// SPDX-License-Identifier: Apache-2.0
// Texts of notices: files, faults, names in them.
#include "lib/config/notice_template.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "lib/config/notify_class.h"

namespace config {
namespace {

std::string told(const Faults& faults)
{
    std::string out;
    for (const Fault& fault : faults)
        base::append(out, fault.warning ? "warning: " : "", fault.to_string(), "\n");
    return out;
}

TEST(NoticeTemplates, ReplacesWhatTheFileHas)
{
    Faults faults;
    const auto read = NoticeTemplates::parse("# comment\n\n"
                                             "failure_template = <<EOF\n"
                                             "charset: utf-8\nSUBJECT: Nope\n\n"
                                             "# kept\n  indented \\ $myhostname $$5\nEOF\n"
                                             "verify_template=<<Here\r\n"
                                             "no header\r\n\r\nmore\r\nHere\r\n",
                                             "b.cf", faults);
    EXPECT_EQ(told(faults), "");
    const auto& failure = read.of(NoticeText::Failure);
    EXPECT_EQ(failure.charset, "utf-8");
    EXPECT_EQ(failure.subject, "Nope");
    EXPECT_EQ(failure.from, "Mail Delivery System <MAILER-DAEMON>");
    EXPECT_EQ(failure.postmaster_subject, "Postmaster Copy: Undelivered Mail");
    EXPECT_EQ(failure.text, "# kept\n  indented \\ $myhostname $$5\n");
    EXPECT_EQ(read.of(NoticeText::Verify).text, "no header\n\nmore\n");
    EXPECT_EQ(read.of(NoticeText::Delay), NoticeTemplates().of(NoticeText::Delay));
    EXPECT_EQ(read.of(NoticeText::Success).source, "[built-in]");
}

TEST(NoticeTemplates, TellsFaultsWithTheirLineAndKeepsItsOwnText)
{
    struct Case {
        std::string text;
        std::string told;
    };
    const Case cases[] = {
        {"nonsense\n", "b.cf, line 1: \"name = <<word\" expected\n"},
        {"failure_template = <<\n", "b.cf, line 1: \"name = <<word\" expected\n"},
        {"foo_template = <<E\nx\nE\n",
         "b.cf, line 1: unknown template name: foo_template -- ignoring this template\n"},
        {"failure_template = <<E\nBad: x\n\ny\nE\n",
         "b.cf, line 2: unknown \"Bad\" header label in failure_template -- ignoring this "
         "template\n"},
        {"failure_template = <<E\nSubject:\n\ny\nE\n",
         "b.cf, line 2: missing Subject header value in failure_template -- ignoring this "
         "template\n"},
        {"failure_template = <<E\nSubject: \xC3\xBC\n\ny\nE\n",
         "b.cf, line 2: non-ASCII or control characters in Subject header in failure_template -- "
         "ignoring this template\n"},
        {"\nfailure_template = <<E\ntext\n",
         "b.cf, line 2: no line \"E\" that ends the template in failure_template -- ignoring this "
         "template\n"},
        {"failure_template = <<E\n\n\xC3\xBC\nE\n",
         "b.cf, line 1: 8-bit message text without a Charset: other than us-ascii in "
         "failure_template -- ignoring this template\n"},
        {"failure_template = <<E\n\n" + std::string(991, 'x') + "\nE\n",
         "b.cf, line 3: line of more than 990 bytes in failure_template -- ignoring this "
         "template\n"},
        {"failure_template = <<E\n\na" + std::string(1, '\0') + "b\nE\n",
         "b.cf, line 3: null character in failure_template -- ignoring this template\n"},
    };
    for (const Case& c : cases) {
        Faults faults;
        const auto read = NoticeTemplates::parse(c.text, "b.cf", faults);
        EXPECT_EQ(told(faults), "warning: " + c.told);
        EXPECT_EQ(read.of(NoticeText::Failure), NoticeTemplates().of(NoticeText::Failure));
    }
    Faults faults;
    NoticeTemplates::load("/nonexistent/b.cf", faults);
    EXPECT_EQ(told(faults), "bounce_template_file: open /nonexistent/b.cf: No such file or "
                            "directory (the built-in texts are used)\n");
}

TEST(NoticeTemplates, ReplacesNames)
{
    Faults faults;
    MainCf main = MainCf::parse("myhostname = h.example\ndelay_warning_time = 36h\n"
                                "maximal_queue_lifetime = 14\n",
                                "main.cf", faults);
    auto expanded = [&](std::string text) {
        NoticeTemplate notice;
        notice.text = std::move(text);
        notice.source = "b.cf";
        return expand_notice_text(NoticeText::Delay, notice, main, faults);
    };
    EXPECT_EQ(expanded("$myhostname $$1 ${delay_warning_time_hours} $delay_warning_time_days "
                       "$maximal_queue_lifetime_weeks $maximal_queue_lifetime_seconds\n"),
              "h.example $1 36 1 2 1209600\n");
    EXPECT_EQ(told(faults), "");
    EXPECT_EQ(expanded("$delay_warning_time_weeks"), "0");
    EXPECT_EQ(told(faults), "warning: b.cf: zero result in delay template conversion of parameter "
                            "\"delay_warning_time_weeks\": please use a smaller unit\n");
    faults.clear();
    EXPECT_NE(expanded("$nosuch").find("for more than 36 hour(s)"), std::string::npos);
    EXPECT_EQ(told(faults), "b.cf: undefined $nosuch in delay template\n");
    faults.clear();
    EXPECT_NE(expanded("${broken").find("for more than 36 hour(s)"), std::string::npos);
    EXPECT_EQ(faults.size(), 1u);
}

TEST(NoticeTemplates, PrintsWhatCanBeReadAgain)
{
    Faults faults;
    const NoticeTemplates own;
    const auto again = NoticeTemplates::parse(own.print(), "[built-in]", faults);
    EXPECT_EQ(told(faults), "");
    for (auto which :
         {NoticeText::Failure, NoticeText::Delay, NoticeText::Success, NoticeText::Verify})
        EXPECT_EQ(again.of(which), own.of(which));
}

TEST(NotifyClass, KnowsEachNameAndNoOther)
{
    namespace n = notify_class;
    EXPECT_EQ(*notify_class_bits({"Bounce", "2bounce", "delay", "policy"}),
              n::bounce | n::two_bounce | n::delay | n::policy);
    EXPECT_EQ(*notify_class_bits({"protocol", "resource", "software", "data"}),
              n::protocol | n::resource | n::software | n::data);
    EXPECT_EQ(*notify_class_bits({"bounce"}), notify_class::bounce | notify_class::two_bounce);
    EXPECT_EQ(notify_class_bits({"bounces"}).error().text,
              "notify_classes: unknown class \"bounces\"");
}

} // namespace
} // namespace config
