// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/wrap.h"

#include <gtest/gtest.h>

namespace mail {
namespace {

std::string wrapped(std::string_view text, std::string_view start = {})
{
    std::string out;
    append_wrapped(out, text, start);
    return out;
}

const std::string x78(78, 'x');

TEST(Wrap, BreaksAtBlanksOnly)
{
    EXPECT_EQ(wrapped(""), "\r\n");
    EXPECT_EQ(wrapped("  a  b "), "a  b\r\n");
    EXPECT_EQ(wrapped(x78 + " y"), x78 + "\r\n    y\r\n");
    EXPECT_EQ(wrapped(x78.substr(1) + " y"), x78.substr(1) + " y\r\n");
    EXPECT_EQ(wrapped(x78.substr(1) + " y", " >"), " >" + x78.substr(1) + "\r\n    y\r\n");
    EXPECT_EQ(wrapped("a " + x78 + " b"), "a\r\n    " + x78 + "\r\n    b\r\n");
    EXPECT_EQ(wrapped("a" + std::string(5000, ' ') + "b"), "a\r\n    b\r\n");
}

TEST(Wrap, CutsNoCharacterOfALongWord)
{
    EXPECT_EQ(wrapped("a " + std::string(899, 'x') + "\xC3\xBC\xC3\xBCz"),
              "a\r\n    " + std::string(899, 'x') + "\r\n    \xC3\xBC\xC3\xBCz\r\n");
    EXPECT_EQ(wrapped(std::string(2000, '\x80')).find("\r\n"), 896u); // No UTF-8 at all.
}

} // namespace
} // namespace mail
