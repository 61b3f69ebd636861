// SPDX-License-Identifier: Apache-2.0
// postconf: shows and edits main.cf and master.cf. Run by administrators and scripts with their own
// rights; needs no running mail system and no network. Manual page: postconf(1).
#include <cstdio>
#include <cstdlib>

#include "tools/postconf/commands.h"
#include "tools/postconf/output.h"

int main(int argc, char** argv)
{
    auto options = postconf::read_options(argc, argv, std::getenv("MAIL_CONFIG"));
    if (!options)
        return postconf::fatal(options.error().text);
    int status = postconf::run(*options);
    return std::fflush(stdout) == 0 ? status : postconf::fatal("write error on standard output");
}
