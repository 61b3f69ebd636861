// SPDX-License-Identifier: Apache-2.0
// Values as bytes: what comes back, and what is refused.
#include "lib/ipc/codec.h"

#include <gtest/gtest.h>
#include <limits>

#include "lib/ipc/messages/delivery.h"
#include "tests/unit/ipc/sample.h"

using ipc::Decoder;
using ipc::Encoder;

namespace {

TEST(Codec, NumbersOfAllSizesComeBack)
{
    for (std::uint64_t value :
         {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{1} << 35,
          std::numeric_limits<std::uint64_t>::max()}) {
        Encoder out;
        out.number(value);
        Decoder in(out.bytes);
        EXPECT_EQ(in.number(), value);
        EXPECT_TRUE(in.complete());
    }
}

TEST(Codec, NumbersThatDoNotFitTheirTypeFail)
{
    auto decodes = [](std::uint64_t number, auto kind) {
        Encoder out;
        out.number(number);
        Decoder in(out.bytes);
        decode(in, kind);
        return in.complete();
    };
    EXPECT_TRUE(decodes(1, bool{}));
    EXPECT_FALSE(decodes(2, bool{}));
    EXPECT_TRUE(decodes(65535, std::uint16_t{}));
    EXPECT_FALSE(decodes(65536, std::uint16_t{}));
    EXPECT_TRUE(decodes(static_cast<std::uint64_t>(-5), int{}));
    EXPECT_FALSE(decodes(1ull << 31, int{}));
    EXPECT_TRUE(decodes(2, ipc::delivery::Health{}));
    EXPECT_FALSE(decodes(3, ipc::delivery::Health{}));
}

TEST(Codec, BadBytesFail)
{
    const struct {
        const char* name;
        std::string bytes;
    } rows[] = {
        {"a number without end", "\xff\xff"},
        {"a number of eleven bytes", std::string(10, '\xff') + "\x01"},
        {"a number above 64 bits", std::string(9, '\xff') + "\x02"},
        {"nothing", ""},
    };
    for (const auto& row : rows) {
        Decoder in(row.bytes);
        in.number();
        EXPECT_TRUE(in.failed()) << row.name;
    }
    Decoder text(std::string_view("\x05"
                                  "abc"));
    EXPECT_EQ(text.text(), "");
    EXPECT_TRUE(text.failed());
    std::vector<std::string> list;
    Decoder huge(std::string_view("\xff\xff\xff\xff\x7f"
                                  "abc"));
    decode(huge, list);
    EXPECT_TRUE(huge.failed());
    EXPECT_TRUE(list.empty());
    Decoder none(std::string_view(""));
    EXPECT_FALSE(none.descriptor());
    EXPECT_TRUE(none.failed());
}

TEST(Codec, AStructComesBackAndEveryCutOrAdditionFails)
{
    auto message = sample::full<ipc::delivery::Delivered>();
    Encoder out;
    encode(out, message);
    {
        Decoder in(out.bytes);
        ipc::delivery::Delivered copy;
        decode(in, copy);
        ASSERT_TRUE(in.complete());
        Encoder again;
        encode(again, copy);
        EXPECT_EQ(again.bytes, out.bytes);
    }
    for (std::size_t size = 0; size < out.bytes.size(); ++size) {
        Decoder in(std::string_view(out.bytes).substr(0, size));
        ipc::delivery::Delivered copy;
        decode(in, copy);
        EXPECT_FALSE(in.complete()) << size;
    }
    out.bytes += "x";
    Decoder longer(out.bytes);
    ipc::delivery::Delivered copy;
    decode(longer, copy);
    EXPECT_FALSE(longer.complete());
}

} // namespace
