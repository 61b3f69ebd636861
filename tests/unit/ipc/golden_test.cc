// SPDX-License-Identifier: Apache-2.0
// The bytes of every message between our processes, kept in tests/golden/ipc: a change shows in
// review, and asks for a new version of its protocol. GOLDEN_UPDATE=1 rewrites the files.
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "lib/ipc/messages/anvil.h"
#include "lib/ipc/messages/bounce.h"
#include "lib/ipc/messages/cleanup.h"
#include "lib/ipc/messages/delivery.h"
#include "lib/ipc/messages/failures.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/ipc/messages/resolver.h"
#include "tests/unit/ipc/sample.h"

namespace {

std::string hex(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto byte = static_cast<unsigned char>(bytes[i]);
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
        out.push_back(' ');
        text.push_back(base::is_print(bytes[i]) ? bytes[i] : '.');
        if (i % 16 == 15 || i + 1 == bytes.size()) {
            base::append(out, std::string((15 - i % 16) * 3, ' '), " ", text, '\n');
            text.clear();
        }
    }
    return out;
}

template <typename M> void describe(std::string& out)
{
    auto message = [&](std::string_view kind, const ipc::Encoder& encoder) {
        base::append(out, "--- ", M::name, ": ", kind, ", descriptors: ", encoder.fds.size(), '\n',
                     hex(encoder.bytes));
    };
    message("empty", ipc::encode_message(M{}));
    message("full", ipc::encode_message(sample::full<M>()));
    if constexpr (!std::is_same_v<typename M::Response, ipc::None>) {
        message("empty answer", ipc::encode_reply(typename M::Response{}));
        message("full answer", ipc::encode_reply(sample::full<typename M::Response>()));
    }
}

template <typename P> void compare()
{
    std::string now = base::cat("hello\n", hex(ipc::encode_hello(P::name, P::version).bytes));
    P::each([&]<typename M>() { describe<M>(now); });
    const char* source = std::getenv("SRCDIR");
    std::string path =
        base::cat(source != nullptr ? source : ".", "/tests/golden/ipc/", P::name, ".txt");
    if (std::getenv("GOLDEN_UPDATE") != nullptr)
        std::ofstream(path) << now;
    std::stringstream kept;
    kept << std::ifstream(path).rdbuf();
    EXPECT_EQ(now, kept.str()) << path;
}

TEST(Golden, TheBytesOfEveryMessageAreThoseOnFile)
{
    compare<ipc::bounce::Protocol>();
    compare<ipc::cleanup::Protocol>();
    compare<ipc::delivery::Protocol>();
    compare<ipc::failures::Protocol>();
    compare<ipc::qmgr::Protocol>();
    compare<ipc::anvil::Protocol>();
    compare<ipc::resolver::Protocol>();
}

} // namespace
