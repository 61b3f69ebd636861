// SPDX-License-Identifier: Apache-2.0
// Pipe services that cannot work.
#include "lib/checkup/pipes.h"

#include "tests/unit/checkup/configuration.h"

namespace checkup {
namespace {

using Pipes = Configuration;

const std::string hint = " (until it is mended or taken out, mail for it waits)";

TEST_F(Pipes, WithoutAUserOrCommandAreTold)
{
    EXPECT_EQ(
        run("compatibility_level = 3.6\ntransport_maps = inline:{{a.test=gone:}, "
            "{b.test=stock:}, {c.test=good:x}, {d.test=nothing:}, {e.test=nobody:}}\n"
            "mailbox_transport = root\ngroup_destination_recipient_limit = 1\n",
            "idle unix - n n - - pipe argv=/bin/sh\n"
            "good unix - n n - - pipe user=nobody argv=/bin/sh -c cat\n"
            "stock unix - n n - - pipe flags=R user=no-such-user argv=/no/such/program $user\n"
            "gone unix - n n - - pipe flags=R User=no-such-user:x argv=/bin/sh $user\n"
            "root unix - n n - - pipe user=root argv=/bin/sh\n"
            "group unix - n n - - pipe user=nobody:no-such-group argv=/bin/sh\n"
            "nobody unix - n n - - pipe argv=/bin/sh user=x\n"
            "nothing unix - n n - - pipe flags=R user=nobody\n"),
        (std::vector<std::string>{
            "master.cf 4 w service gone: unknown username: no-such-user" + hint,
            "master.cf 5 w service root: user= specifies root privileges" + hint,
            "master.cf 6 w service group: unknown group: no-such-group" + hint,
            "master.cf 7 w service nobody: missing user= command-line attribute" + hint,
            "master.cf 8 w service nothing: missing argv= command-line attribute" + hint,
        }));
}

} // namespace
} // namespace checkup
