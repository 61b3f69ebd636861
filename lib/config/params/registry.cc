// SPDX-License-Identifier: Apache-2.0
// All sets of parameters; see registry.h. A new set is one include and one row.
#include "lib/config/params/registry.h"

#include <algorithm>

#include "lib/config/params/agents.h"
#include "lib/config/params/anvil.h"
#include "lib/config/params/bounce.h"
#include "lib/config/params/cleanup.h"
#include "lib/config/params/common.h"
#include "lib/config/params/doctor.h"
#include "lib/config/params/drop.h"
#include "lib/config/params/failures.h"
#include "lib/config/params/lifetime.h"
#include "lib/config/params/local.h"
#include "lib/config/params/mailbox.h"
#include "lib/config/params/master.h"
#include "lib/config/params/pipe.h"
#include "lib/config/params/postmap.h"
#include "lib/config/params/postqueue.h"
#include "lib/config/params/proxymap.h"
#include "lib/config/params/qmgr.h"
#include "lib/config/params/queue.h"
#include "lib/config/params/resolver.h"
#include "lib/config/params/route.h"
#include "lib/config/params/smtp_client.h"
#include "lib/config/params/smtpd.h"
#include "lib/config/params/status_filter.h"
#include "lib/config/params/submit.h"
#include "lib/config/params/verp.h"
#include "lib/config/params/virtual.h"

namespace config {

namespace {

template <typename S> std::unique_ptr<ParamSet> make()
{
    return std::make_unique<S>();
}

struct Row {
    std::string_view program;
    std::unique_ptr<ParamSet> (*build)();
};
// One row a line, so that merges are easy.
// clang-format off
constexpr Row kRows[] = {
    {"postfix", make<CommonParams>},
    {"postfix", make<QueueParams>},
    {"cleanup", make<CleanupParams>},
    {"qmgr", make<QmgrParams>},
    {"qmgr", make<LifetimeParams>},
    {"bounce", make<LifetimeParams>},
    {"resolver", make<ResolverParams>},
    {"trivial-rewrite", make<RouteParams>},
    {"postmap", make<PostmapParams>},
    {"master", make<MasterParams>},
    {"postlogd", make<MaillogParams>},
    {"proxymap", make<ProxymapParams>},
    {"smtp", make<SmtpParams>},
    {"lmtp", make<LmtpParams>},
    {"error", make<ErrorParams>},
    {"discard", make<DiscardParams>},
    {"bounce", make<BounceParams>},
    {"local", make<LocalParams>},
    {"bounce", make<NoticeParams>},
    {"smtpd", make<NoticeParams>},
    {"smtp", make<NoticeParams>},
    {"postqueue", make<PostqueueParams>},
    {"postfix", make<DoctorParams>},
    {"failures", make<FailuresParams>},
    {"qmgr", make<SuppressionParams>},
    {"qmgr", make<FailureClassParams>},
    {"local", make<FailureClassParams>},
    {"smtpd", make<SuppressionParams>},
    {"smtpd", make<SmtpdParams>},
    {"virtual", make<VirtualParams>},
    {"drop", make<DropParams>},
    {"drop", make<BadmailParams>},
    {"pipe", make<PipeParams>},
    {"mailbox", make<MailboxParams>},
    {"command", make<CommandParams>},
    {"smtpd", make<ClientLimitParams>},
    {"anvil", make<AnvilParams>},
    {"sendmail", make<SendmailParams>},
    {"postdrop", make<PostdropParams>},
    {"pickup", make<PickupParams>},
    {"postfix", make<StatusFilterParams>},
    {"sendmail", make<VerpParams>},
    {"postdrop", make<VerpParams>},
    {"smtpd", make<VerpParams>},
    {"pickup", make<VerpParams>},
    {"cleanup", make<VerpParams>},
    {"qmgr", make<VerpParams>},
};
// clang-format on

} // namespace

std::vector<KnownSet> known_sets()
{
    std::vector<KnownSet> sets;
    for (const Row& row : kRows)
        sets.push_back({row.program, row.build()});
    return sets;
}

std::vector<ParamBase*> sorted_params(const std::vector<KnownSet>& sets)
{
    std::vector<ParamBase*> params;
    for (const KnownSet& known : sets)
        params.insert(params.end(), known.set->params().begin(), known.set->params().end());
    auto by_name = [](const ParamBase* a, const ParamBase* b) { return a->name() < b->name(); };
    std::stable_sort(params.begin(), params.end(), by_name);
    auto same = [](const ParamBase* a, const ParamBase* b) { return a->name() == b->name(); };
    params.erase(std::unique(params.begin(), params.end(), same), params.end());
    return params;
}

} // namespace config
