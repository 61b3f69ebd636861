// SPDX-License-Identifier: Apache-2.0
// master(8): starts, limits and watches the processes of the mail system, and binds their sockets.
// Started by postfix(1) as root, or by its own guardian. Trusts its configuration and, of workers,
// nothing but fixed-size status packets; reads no byte from the network. Touches the queue and data
// directories' lock files, the sockets in public and private, and the log.
#include "lib/base/log.h"
#include "master/start.h"

int main(int argc, char** argv)
{
    auto options = master::parse_options(argc, argv);
    if (!options)
        base::fatal(options.error().text);
    return master::start(*options, argc, argv);
}
