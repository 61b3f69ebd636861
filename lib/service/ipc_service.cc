// SPDX-License-Identifier: Apache-2.0
// IPC in the process frame; see ipc_service.h.
#include "lib/service/ipc_service.h"

namespace service {

base::Task<void> say_bye_when_retiring(Service& service, ipc::Channel& channel)
{
    while (!service.retiring())
        co_await service.retire_notice().wait();
    channel.post(0, ipc::encode_bye());
}

} // namespace service
