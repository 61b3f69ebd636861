// SPDX-License-Identifier: Apache-2.0
// Content-Type as real mail has it.
#include "lib/mail/content_type.h"

#include <gtest/gtest.h>

namespace mail {
namespace {

TEST(ContentType, IsReadWithItsBoundary)
{
    struct Row {
        std::string_view value;
        ContentType want;
    };
    for (const Row& row : {
             Row{" text/plain; charset=utf-8", {"text", "plain", ""}},
             Row{" Multipart/MIXED; boundary=abc", {"multipart", "mixed", "abc"}},
             Row{" multipart/mixed ; x=y ; BOUNDARY = \"a b\\\"c\"; z",
                 {"multipart", "mixed", "a b\"c"}},
             Row{" (a (comment)) message / rfc822", {"message", "rfc822", ""}},
             Row{" multipart/mixed; boundary=a=b/c; boundary=d", {"multipart", "mixed", "a=b/c"}},
             Row{" multipart/mixed; boundary=\"open", {"multipart", "mixed", "open"}},
             Row{"", {}},
             Row{" ; ; (((", {}},
         })
        EXPECT_EQ(parse_content_type(row.value), row.want) << row.value;
}

} // namespace
} // namespace mail
