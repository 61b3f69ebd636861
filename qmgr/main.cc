// SPDX-License-Identifier: Apache-2.0
// qmgr(8): the queue manager. Started by master for socket public/qmgr, one process; trusts cleanup
// for news, root and mail_owner for changes, delivery agents for results. Touches the queue
// directories, its index in data_directory, and the sockets of delivery agents and bounce.
#include "qmgr/program.h"

int main(int argc, char** argv)
{
    qmgr::Params params;
    service::Service service{
        "qmgr",       argc,         argv,           params.qmgr,        params.lifetime,
        params.queue, params.route, params.classes, params.suppression, params.badmail,
        params.verp};
    qmgr::Program program{service, params};
    return program.run();
}
