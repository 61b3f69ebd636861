// SPDX-License-Identifier: Apache-2.0
// Who goes first: small mail and lists, destinations, senders, lanes.
#include "tests/unit/qmgr/fixture.h"

using namespace qmgr_test;

namespace {

class Order : public SchedulerTest {
protected:
    void SetUp() override
    {
        smtp.capacity = 1;
        smtp.destination_recipient_limit = 1; // Mailboxes: no first contacts in the way.
    }

    // Delivers one after another and gives the messages in the order of their requests.
    std::vector<std::string> serve(std::size_t count)
    {
        std::vector<std::string> out;
        while (out.size() < count) {
            auto request = scheduler().next(now());
            if (!request)
                break;
            out.push_back(request->message);
            finish(*request);
        }
        return out;
    }

    static std::ptrdiff_t count(const std::vector<std::string>& in, const std::string& what)
    {
        return std::count(in.begin(), in.end(), what);
    }
};

} // namespace

TEST_F(Order, SmallMailPassesABigList)
{
    ASSERT_TRUE(admit("list", "store", 1000));
    serve(3);
    ASSERT_TRUE(admit("small", "store"));
    const auto order = serve(2);
    EXPECT_EQ(count(order, "small"), 1);
}

TEST_F(Order, ABigListKeepsAFifthUnderAFloodOfSmallMail)
{
    ASSERT_TRUE(admit("list", "store", 1000));
    for (int i = 0; i < 500; ++i)
        ASSERT_TRUE(admit(base::cat("small", i), base::cat("store", i)));
    EXPECT_EQ(count(serve(500), "list"), 100);
}

TEST_F(Order, AGreaterSlotCostLeavesMoreToTheList)
{
    smtp.delivery_slot_cost = 20;
    ASSERT_TRUE(admit("list", "store", 1000));
    for (int i = 0; i < 500; ++i)
        ASSERT_TRUE(admit(base::cat("small", i), base::cat("store", i)));
    EXPECT_EQ(count(serve(500), "list"), 250);
}

TEST_F(Order, SlotCostZeroGoesByArrival)
{
    smtp.delivery_slot_cost = 0;
    ASSERT_TRUE(admit("list", "store", 20));
    serve(1);
    ASSERT_TRUE(admit("small", "other"));
    EXPECT_EQ(count(serve(19), "small"), 0);
}

TEST_F(Order, AMessageAtTheMinimumIsSmallAndOneMoreIsBulk)
{
    ASSERT_TRUE(admit("eighteen", "store", 18)); // 5 * 3 + 3.
    ASSERT_TRUE(admit("nineteen", "shop", 19));
    EXPECT_NE(scheduler().explain_message("nineteen", now()).find("small mail goes first"),
              std::string::npos);
    EXPECT_EQ(scheduler().explain_message("eighteen", now()).find("small mail goes first"),
              std::string::npos);
}

TEST_F(Order, TwoListsAlternateSoTheShorterEndsEarly)
{
    ASSERT_TRUE(admit("long", "store", 1000));
    serve(100);
    ASSERT_TRUE(admit("short", "shop", 50));
    const auto order = serve(105);
    EXPECT_EQ(count(order, "short"), 50);
}

TEST_F(Order, ManyMessagesOfOneSenderAreBulkToo)
{
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(admit(base::cat("mass", i), base::cat("s", i), 1, "mass@sender"));
    ASSERT_TRUE(admit("mine", "mine", 1, "other@sender"));
    EXPECT_EQ(count(serve(25), "mine"), 1);
}

TEST_F(Order, TwoMassSendersShareEqually)
{
    smtp.destination_recipient_limit = 50;
    prove("store");
    for (int i = 0; i < 200; ++i)
        ASSERT_TRUE(admit(base::cat("a", i), "store", 1, "a@sender"));
    for (int i = 0; i < 200; ++i)
        ASSERT_TRUE(admit(base::cat("b", i), "store", 1, "b@sender"));
    int of_b = 0;
    for (const auto& id : serve(200))
        of_b += id[0] == 'b';
    EXPECT_NEAR(of_b, 100, 20);
}

TEST_F(Order, DestinationsOfEqualAgeAlternateWhateverTheyHaveWaiting)
{
    smtp.destination_recipient_limit = 50;
    prove("crowd.example");
    prove("quiet.example");
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(admit(base::cat("c", i), "crowd.example"));
    serve(100);
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(admit(base::cat("q", i), "quiet.example"));
    int quiet = 0;
    for (const auto& id : serve(14))
        quiet += id[0] == 'q';
    EXPECT_EQ(quiet, 5);
}

TEST_F(Order, MailToOneDestinationGoesByArrival)
{
    smtp.destination_recipient_limit = 50;
    prove("example.org");
    for (const char* id : {"A", "B", "C", "D"})
        ASSERT_TRUE(admit(id, "example.org"));
    EXPECT_EQ(serve(4), (std::vector<std::string>{"A", "B", "C", "D"}));
}

TEST_F(Order, RetriesToUnknownDestinationsDoNotTakeFirstContacts)
{
    smtp.capacity = 100;
    smtp.destination_recipient_limit = 50;
    for (int i = 0; i < 500; ++i) {
        qmgr::Message retry{base::cat("R", i),
                            "s",
                            qmgr::Source::Deferred,
                            false,
                            {to(0, base::cat("d", i, ".example"))},
                            0};
        ASSERT_TRUE(scheduler().admit(retry, now()));
    }
    EXPECT_EQ(drain().size(), 20u) << "the backlog share";
    ASSERT_TRUE(admit("fresh", "new.example"));
    const auto requests = drain();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].message, "fresh");
}

TEST_F(Order, ProvenMailHasRoomWhenAllElseHangs)
{
    smtp.capacity = 100;
    smtp.destination_recipient_limit = 50;
    prove("good.example");
    for (int second = 0; second < 60; ++second, clock.advance(1s)) {
        for (int i = 0; i < 50; ++i)
            ASSERT_TRUE(admit(base::cat("H", second, "x", i), base::cat("h", second, i, ".ex")));
        drain();
    }
    EXPECT_LE(scheduler().counts().in_flight, 70u);
    ASSERT_TRUE(admit("A", "good.example"));
    const auto requests = drain();
    EXPECT_TRUE(std::any_of(requests.begin(), requests.end(),
                            [](const auto& request) { return request.message == "A"; }));
}
