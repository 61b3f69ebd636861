// SPDX-License-Identifier: Apache-2.0
// bounce(8): writes delivery status notifications. Started by master for services "bounce", "defer"
// and "trace"; trusts the queue manager, not the message. Touches cleanup's socket, and the message
// descriptors that it is given; reads
// bounce_template_file at its start.
#include "bounce/server.h"
#include "lib/base/log.h"
#include "lib/config/params/bounce.h"
#include "lib/config/params/lifetime.h"
#include "lib/service/ipc_service.h"

static bounce::Settings settings_of(const service::Service& service,
                                    const config::BounceParams& params,
                                    const config::NoticeParams& notices)
{
    const auto& common = service.common();
    config::Faults faults;
    const auto templates = config::NoticeTemplates::load(params.template_file(), faults);
    const bool utf8 = params.smtputf8_enable();
    bounce::Settings settings{
        .identity = {common.myhostname(), common.mail_name(), common.myorigin(), utf8},
        .texts = bounce::make_texts(templates, service.main_cf(), utf8, faults),
        .size_limit = static_cast<std::uint64_t>(params.size_limit()),
        .threaded = params.threaded_bounces(),
        .classes = notices.classes(),
        .double_bounce_sender = notices.double_bounce_sender(),
        .failure_copies = notices.bounce_recipient(),
        .double_bounces = params.double_bounce_recipient(),
        .delay_copies = params.delay_recipient()};
    for (const auto& fault : faults)
        base::Log{}.warning(fault.to_string());
    return settings;
}

int main(int argc, char** argv)
{
    config::BounceParams params;
    config::NoticeParams notices;
    config::LifetimeParams lifetime; // Of which the texts tell.
    service::Service service{"bounce", argc, argv, params, notices, lifetime};
    bounce::CleanupSinks sinks{service.loop(), service.common().ipc_timeout()};
    bounce::Server server{settings_of(service, params, notices), sinks, service.clock()};

    ipc::ServeOptions options{.concurrent = static_cast<std::size_t>(params.notice_limit())};
    return service.run(
        {.clients = params.client_limit(), .reach = {.files = false, .network = false}},
        [&](service::Client client) {
            return service::serve_ipc<ipc::bounce::Protocol>(service, std::move(client.fd), server,
                                                             options);
        });
}
