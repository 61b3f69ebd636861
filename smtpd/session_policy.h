// SPDX-License-Identifier: Apache-2.0
// The access policy of one session: hands each stage to the engine.
#pragma once

#include "lib/smtp/collaborators.h"
#include "smtpd/client_limits.h"
#include "smtpd/command_lists.h"
#include "smtpd/policy/engine.h"

namespace smtpd {

class SessionPolicy final : public smtp::Policy {
public:
    // The references outlive it. Without `commands` no command is special.
    SessionPolicy(Engine& engine, ClientLimits& limits, ClientNames names,
                  const CommandLists* commands = nullptr)
        : engine_(engine), use_(limits, engine.destinations.myhostname()), commands_(commands)
    {
        facts_.names = names;
    }

    base::Task<smtp::Verdict> connect(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> helo(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> mail(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> rcpt(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> data(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> end_of_data(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> vrfy(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> etrn(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> limit_session(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> limit_mail(const smtp::PolicyInput& input) override;
    base::Task<smtp::Verdict> limit_rcpt(const smtp::PolicyInput& input) override;
    base::Task<base::Result<std::optional<std::string>>>
    replacement(std::string_view line) override;
    base::Task<bool> ignores(std::string_view word) override;
    base::Task<bool> forbids(std::string_view word) override;

    // What the last decision was made from.
    const std::vector<Consulted>& trace() const { return facts_.trace; }

private:
    using Stage = base::Task<smtp::Verdict> (*)(Engine&, SessionFacts&, const smtp::PolicyInput&);
    base::Task<smtp::Verdict> decide(Stage stage, const smtp::PolicyInput& input);

    Engine& engine_;
    ClientUse use_;
    const CommandLists* commands_;
    SessionFacts facts_;
};

} // namespace smtpd
