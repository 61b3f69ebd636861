// SPDX-License-Identifier: Apache-2.0
// A policy engine built from the text of a main.cf, with inline tables and a DNS of our own.
#pragma once

#include <map>

#include "lib/base/strings.h"
#include "smtpd/session_policy.h"
#include "smtpd/settings.h"

namespace smtpd {

class FakeWorld final : public World {
public:
    std::map<std::string, Existence> names;
    base::Duration waited{};
    int asked = 0;

    base::Task<Existence> mail_domain(std::string domain) override { co_return look_up(domain); }
    base::Task<Existence> host(std::string name) override { co_return look_up(name); }
    base::Task<void> wait(base::Duration duration) override
    {
        waited += duration;
        co_return;
    }

private:
    Existence look_up(const std::string& name)
    {
        ++asked;
        auto found = names.find(name);
        return found == names.end() ? Existence::NotFound : found->second;
    }
};

// What a dialogue says.
struct Asked {
    std::string client = "client.example[192.0.2.9]";
    std::string helo = "helo.example";
    std::string sender = "s@away.example";
    std::string rcpt = "joe@here.example";
};

inline constexpr std::string_view base_config =
    "compatibility_level = 3.9\n"
    "myhostname = mx.here.example\n"
    "mydomain = here.example\n"
    "myorigin = here.example\n"
    "mydestination = here.example, $myhostname\n"
    "relay_domains = relay.example, mapped.example\n"
    "relay_recipient_maps = inline:{ok@mapped.example=x, @relay.example=x}\n"
    "virtual_alias_domains = alias.example\n"
    "virtual_alias_maps = inline:{list@alias.example=joe@here.example}\n"
    "virtual_mailbox_domains = box.example\n"
    "virtual_mailbox_maps = inline:{anna@box.example=x}\n"
    "local_recipient_maps = inline:{joe=x, postmaster=x, root=x}\n"
    "mynetworks = 192.0.2.128/25, [2001:db8::]/64\n"
    "inet_interfaces = 127.0.0.1\n"
    "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n";

class PolicyFixture {
public:
    explicit PolicyFixture(std::string_view config, bool with_base = true)
        : main_(config::MainCf::parse(base::cat(with_base ? base_config : "", config), "main.cf",
                                      faults_))
    {
        common_.declare(main_);
        params_.declare(main_);
        common_.load(main_, faults_);
        params_.load(main_, faults_);
        own_ = config::own_addresses(common_);
        parts_ = std::make_unique<Parts>(*this);
        for (auto& fault : read_engine_lists(parts_->engine))
            faults_.push_back(std::move(fault));
    }

    config::Faults faults() const { return faults_; }
    FakeWorld& world() { return world_; }
    Engine& engine() { return parts_->engine; }
    ClientLimits& limits() { return limits_; } // None.

    // The reply to RCPT with smtpd_delay_reject, empty for none; what the log would show of
    // actions is in log().
    std::string rcpt(const Asked& asked, ClientNames names = {})
    {
        SessionPolicy policy(parts_->engine, limits_, names);
        return rcpt(policy, asked);
    }
    std::string rcpt(SessionPolicy& policy, const Asked& asked)
    {
        log_.clear();
        std::string reply;
        base::Scope scope;
        scope.spawn(run(policy, asked, reply));
        return scope.empty() ? reply : "did not finish";
    }
    const std::string& log() const { return log_; }
    const std::vector<smtp::AccessAction>& actions() const { return actions_; }

    static mail::Client client_of(const Asked& asked)
    {
        mail::Client client;
        std::string_view rest = asked.client;
        client.name = base::cut(rest, '[');
        client.reverse_name = client.name;
        client.address = rest.substr(0, rest.size() - 1);
        client.helo = asked.helo;
        client.protocol = "ESMTP";
        return client;
    }

    std::uint32_t recipient_count = 0;
    bool pipelined = false;

private:
    struct Parts {
        explicit Parts(PolicyFixture& f)
            : tables({}), destinations(tables,
                                       route::Site{f.params_, f.common_.myhostname(),
                                                   f.common_.mydomain(), f.common_.myorigin()},
                                       f.own_),
              router(tables, destinations), recipients(tables, destinations),
              mynetworks(tables,
                         {"mynetworks", table::ListKind::Hosts,
                          destinations.parents_without_dot("mynetworks")},
                         f.params_.mynetworks()),
              permits(tables, {"smtpd_log_access_permit_actions"},
                      f.params_.log_access_permit_actions()),
              lists(tables, f.main_, f.params_.restriction_classes()),
              engine{f.params_, destinations, router,   recipients, f.own_, mynetworks,
                     permits,   lists,        f.world_, {},         {},     {},
                     {},        {},           {},       {},         {}}
        {
        }
        table::Tables tables;
        route::Destinations destinations;
        route::Router router;
        route::RecipientCheck recipients;
        table::MatchList mynetworks;
        table::MatchList permits;
        Lists lists;
        Engine engine;
    };

    using Stage = base::Task<smtp::Verdict> (SessionPolicy::*)(const smtp::PolicyInput&);

    base::Task<void> run(SessionPolicy& policy, Asked asked, std::string& reply)
    {
        mail::Client client = client_of(asked);
        mail::Envelope envelope;
        envelope.sender = asked.sender;
        const smtp::PolicyInput input{client,          envelope, asked.rcpt, {},
                                      recipient_count, {},       true,       pipelined};
        actions_.clear();
        const Stage stages[] = {&SessionPolicy::connect, &SessionPolicy::helo, &SessionPolicy::mail,
                                &SessionPolicy::rcpt};
        for (Stage stage : stages) {
            if (stage == &SessionPolicy::helo && asked.helo.empty())
                continue;
            smtp::Verdict verdict = co_await (policy.*stage)(input);
            take(verdict);
            reply = verdict.reply;
            if (!reply.empty())
                co_return;
        }
    }

    void take(const smtp::Verdict& verdict)
    {
        static constexpr std::string_view names[] = {
            "prepend", "hold", "discard", "redirect",       "filter",
            "bcc",     "warn", "info",    "reject_warning", "permit"};
        for (const auto& action : verdict.actions) {
            base::append(log_, log_.empty() ? "" : " | ",
                         names[static_cast<std::size_t>(action.kind)], ": ", action.log_text);
            actions_.push_back(action);
        }
    }

    config::Faults faults_;
    config::MainCf main_;
    config::CommonParams common_;
    config::SmtpdParams params_;
    config::OwnAddresses own_;
    FakeWorld world_;
    events::Loop loop_;
    config::ClientLimitParams no_limits_;
    table::MatchList nobody_;
    ClientLimits limits_{loop_, no_limits_, "smtp", nobody_};
    std::unique_ptr<Parts> parts_;
    std::string log_;
    std::vector<smtp::AccessAction> actions_;
};

} // namespace smtpd
