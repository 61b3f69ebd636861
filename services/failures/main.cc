// SPDX-License-Identifier: Apache-2.0
// failures(8): remembers addresses and domains to which mail failed, and for how long it did.
// Started by master for private/failures; believes the queue manager, and whoever else may open
// that socket. Touches its file in data_directory as mail_owner. Manual page: failures(8).
#include "services/failures/program.h"

int main(int argc, char** argv)
{
    config::FailuresParams params;
    service::Service service{"failures", argc, argv, params};
    failures::Program program{service, params};
    return program.run();
}
