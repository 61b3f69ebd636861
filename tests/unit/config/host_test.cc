// SPDX-License-Identifier: Apache-2.0
// The machine's name and domain.
#include "lib/config/host.h"

#include <gtest/gtest.h>

#include "lib/config/main_cf.h"
#include "tests/unit/temporary_directory.h"

namespace config {
namespace {

MainCf parse(std::string_view text)
{
    Faults faults;
    return MainCf::parse(text, "main.cf", faults);
}

TEST(Host, ReadsTheOriginFromItsFile)
{
    const tests::TemporaryDirectory folder;
    const std::string path = folder.write("mailname", " example.net \nmore\n");
    MainCf main = parse("myorigin = " + path + "\nmydestination = a, $myorigin\n");
    EXPECT_EQ(*main.expanded("myorigin"), path);
    ASSERT_TRUE(read_origin(main));
    EXPECT_EQ(*main.expanded("myorigin"), "example.net");
    EXPECT_EQ(*main.expanded("mydestination"), "a, example.net");
    ASSERT_TRUE(read_origin(main));

    MainCf name = parse("myorigin = example.com\n");
    ASSERT_TRUE(read_origin(name));
    EXPECT_EQ(*name.expanded("myorigin"), "example.com");
    MainCf none = parse("myorigin = " + folder.file("none") + "\n");
    EXPECT_FALSE(read_origin(none));
    MainCf empty = parse("myorigin = " + folder.write("empty", "\nx\n") + "\n");
    EXPECT_FALSE(read_origin(empty));
}

TEST(Host, GivesNameAndDomain)
{
    EXPECT_EQ(full_host_name("mx", "example.org"), "mx.example.org");
    EXPECT_EQ(full_host_name("mx.example.com", "example.org"), "mx.example.com");
    EXPECT_EQ(domain_of_host("mx.example.com"), "example.com");
    EXPECT_EQ(domain_of_host("mx"), "localdomain");
    EXPECT_EQ(*parse("myhostname = mx.example.com\n").expanded("mydomain"), "example.com");
    MainCf main = parse("mydomain = example.net\n");
    EXPECT_TRUE(main.expanded("myhostname").value().find('.') != std::string::npos);
    main.set("myhostname", "a.b.c");
    EXPECT_EQ(*parse("myhostname = x.$mydomain\nmydomain = $myhostname\n").expand("ok"), "ok");
    EXPECT_FALSE(parse("myhostname = x.$mydomain\n").expanded("myhostname"))
        << "mydomain is taken from myhostname";
}

} // namespace
} // namespace config
