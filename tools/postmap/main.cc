// SPDX-License-Identifier: Apache-2.0
// postmap and postalias (by the name it is called): make, change and ask lookup tables. For people
// and scripts; run by root it works with the rights of who owns the source. Reads main.cf and the
// files named, writes FILE.lmdb beside them. Manual: postmap(1), postalias(1).
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/log_sinks.h"
#include "tools/postmap/command.h"

int main(int argc, char** argv)
{
    base::CommandLogSink sink{std::string(base::base_name(argv[0]))};
    base::set_log_sink(&sink);
    auto options = postmap::parse_options(argc, argv);
    if (!options)
        base::fatal(options.error().text);
    auto status = postmap::run(*options);
    if (!status)
        base::fatal(status.error().text);
    return *status;
}
