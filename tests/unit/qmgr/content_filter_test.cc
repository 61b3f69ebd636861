// SPDX-License-Identifier: Apache-2.0
// Mail that goes to a content filter first.
#include "qmgr/content_filter.h"

#include <gtest/gtest.h>

namespace qmgr {
namespace {

TEST(ContentFilter, TakesTheMessageWhereItSays)
{
    struct Row {
        std::string_view filter;
        std::string_view otherwise;
        std::string_view transport;
        std::string_view next_hop;
    };
    for (const Row& row : {
             Row{"smtp:[127.0.0.1]:10024", "", "smtp", "[127.0.0.1]:10024"},
             Row{"scan:", "", "scan", "example.org"},
             Row{"scan", "", "scan", "example.org"},
             Row{"scan:", "dummy", "scan", "dummy"},
             Row{"scan:x", "dummy", "scan", "x"},
         }) {
        Route route = filter_route(row.filter, "user@example.org", row.otherwise);
        EXPECT_EQ(route.transport, row.transport) << row.filter;
        EXPECT_EQ(route.next_hop, row.next_hop) << row.filter;
        EXPECT_EQ(route.address, "user@example.org");
    }
}

TEST(ContentFilter, IsLeftOutWhenNothingIsDelivered)
{
    queue::Message message;
    EXPECT_EQ(filter_of(message), "");
    message.attributes = {{"content_filter", "scan:x"}};
    EXPECT_EQ(filter_of(message), "scan:x");
    message.attributes.push_back({"trace", "record"});
    EXPECT_EQ(filter_of(message), "scan:x");
    message.attributes.back().value = "verify";
    EXPECT_EQ(filter_of(message), "");
}

} // namespace
} // namespace qmgr
