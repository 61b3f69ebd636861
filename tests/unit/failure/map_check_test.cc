// SPDX-License-Identifier: Apache-2.0
// Tables of failure_class_maps, good and bad.
#include "lib/failure/map_check.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "tests/unit/temporary_directory.h"

namespace failure {

namespace {

using Told = std::vector<std::string>;

class MapCheck : public testing::Test {
protected:
    // The folder's name reads DIR.
    Told faults(std::string_view type, std::string_view text)
    {
        directory_.write("map", text);
        Told told = map_faults(base::cat(type, ":", directory_.file("map")));
        for (std::string& fault : told)
            for (auto at = fault.find(directory_.path()); at != fault.npos;
                 at = fault.find(directory_.path()))
                fault.replace(at, directory_.path().size(), "DIR");
        return told;
    }
    tests::TemporaryDirectory directory_;
};

std::string no_class(std::string_view where, std::string_view value)
{
    return base::cat(where, ": \"", value, "\" is no class of failure, see failure_classes(5)");
}

} // namespace

TEST_F(MapCheck, SaysNothingOfGoodTables)
{
    const std::string_view patterns = "# Ours.\n/^550 5\\.7\\.1 .*filter/ content\n"
                                      "!/^4/i\n    bad-address (hard)\n"
                                      "if /^5/\n/a\\/b/ POLICY (soft)\n/x/ $1\nendif\n";
    const std::string_view lines = "550-5.1.1 bad-address (hard)\n5.7.1\tpolicy\n552 mailbox-full\n"
                                   "\"550 5.1.1 gone\" bad-address hard\n--4.4.1 network\n";
    EXPECT_EQ(faults("pcre", patterns), Told{});
    EXPECT_EQ(faults("regexp", "/a/!/b/ tls\n"), Told{});
    for (std::string_view type : {"texthash", "hash", "lmdb", "proxy:texthash"})
        EXPECT_EQ(faults(type, lines), Told{}) << type;
    EXPECT_EQ(map_faults("inline:{{550-5.1.1=bad-address (hard)},5.7.1=policy}"), Told{});
    EXPECT_EQ(map_faults("regexp:{{/x/ dns (soft)}}"), Told{});
    EXPECT_EQ(map_faults("static:unknown"), Told{});
}

TEST_F(MapCheck, TellsWhatIsNoClassWithItsLine)
{
    EXPECT_EQ(faults("pcre", "/a/ polcy\n\n/b/ content\n/c/i bad-address (maybe)\n/d/ none\n"),
              (Told{no_class("DIR/map, line 1", "polcy"),
                    no_class("DIR/map, line 4", "bad-address (maybe)"),
                    no_class("DIR/map, line 5", "none")}));
    EXPECT_EQ(faults("hash", "# x\n550 bad\n"), Told{no_class("DIR/map, line 2", "bad")});
    EXPECT_EQ(map_faults("inline:{5.1.1=gone}"), Told{no_class("inline:{5.1.1=gone}", "gone")});
    EXPECT_EQ(map_faults("static:{full mailbox}"),
              Told{no_class("static:{full mailbox}", "full mailbox")});
}

TEST_F(MapCheck, TellsKeysThatNobodyAsksFor)
{
    for (std::string_view key : {"5.1", "2.1.1", "5.1.1000", "55", "250", "550:5.1.1", "user"})
        EXPECT_EQ(faults("texthash", base::cat(key, " policy\n")),
                  Told{base::cat("DIR/map, line 1: nobody asks for \"", key,
                                 "\": keys are 550-5.1.1, 5.1.1, 550 or a whole reply")});
}

TEST_F(MapCheck, PassesOverWhatItCannotRead)
{
    for (std::string_view spec : {"texthash:/nowhere/at/all", "mysql:/etc/x.cf", "nonsense", "",
                                  "inline:x", "inline:{", "pcre:{{/open}}", "static:{}"})
        EXPECT_LE(map_faults(std::string(spec)).size(), spec == "static:{}" ? 1u : 0u) << spec;
    EXPECT_EQ(faults("pcre", "/open policy\nword\n/\n!\n"), Told{});
    EXPECT_EQ(faults("texthash", "\"open policy\nkey\n"), Told{});
}

} // namespace failure
