// SPDX-License-Identifier: Apache-2.0
// Which lists are asked at which stage, and in which order.
#include "lib/base/strings.h"
#include "smtpd/policy/checks.h"
#include "smtpd/policy/engine.h"

namespace smtpd {

config::Faults read_engine_lists(Engine& engine)
{
    const auto& params = engine.params;
    struct Row {
        List Engine::*list;
        const config::Param<config::List>& param;
    };
    const Row rows[] = {
        {&Engine::client, params.client_restrictions},
        {&Engine::helo, params.helo_restrictions},
        {&Engine::sender, params.sender_restrictions},
        {&Engine::relay, params.relay_restrictions},
        {&Engine::recipient, params.recipient_restrictions},
        {&Engine::data, params.data_restrictions},
        {&Engine::end_of_data, params.end_of_data_restrictions},
        {&Engine::etrn, params.etrn_restrictions},
    };
    config::Faults faults;
    for (const Row& row : rows)
        engine.*row.list = engine.lists.read(row.param.name(), row.param(),
                                             policy::table_rule_of(row.param.name()), faults);
    if (!closes_relay(engine.relay) && !closes_relay(engine.recipient))
        config::add_fault(faults, policy::open_relay_fault());
    return faults;
}

} // namespace smtpd

namespace smtpd::stage {

using base::Task;
using smtp::PolicyInput;
using smtp::Verdict;

static const Item no_item; // For restrictions that no list names.

// Doubts of a stage that is not the last one are kept for those that follow.
static Task<Verdict> early(Evaluation& evaluation, const List& list, Deferral& left)
{
    co_await evaluation.ask(list);
    left = evaluation.defer_if_permit;
    co_return std::move(evaluation.verdict);
}

Task<Verdict> client(Engine& engine, SessionFacts& session, const PolicyInput& input)
{
    session.after_client.reply.clear();
    if (engine.client.empty())
        co_return Verdict{};
    Evaluation evaluation(engine, session, input, Subject::Client);
    co_return co_await early(evaluation, engine.client, session.after_client);
}

Task<Verdict> helo(Engine& engine, SessionFacts& session, const PolicyInput& input)
{
    session.after_helo = session.after_client;
    if (engine.helo.empty())
        co_return Verdict{};
    Evaluation evaluation(engine, session, input, Subject::Helo);
    evaluation.defer_if_permit = session.after_client;
    co_return co_await early(evaluation, engine.helo, session.after_helo);
}

Task<Verdict> sender(Engine& engine, SessionFacts& session, const PolicyInput& input)
{
    const Deferral& before = input.client.helo.empty() ? session.after_client : session.after_helo;
    session.after_sender = before;
    session.sender_checked = false;
    bool unlisted = engine.params.smtpd_reject_unlisted_sender();
    if (engine.sender.empty() && !unlisted)
        co_return Verdict{};
    Evaluation evaluation(engine, session, input, Subject::Sender);
    evaluation.defer_if_permit = before;
    Decision decision = co_await evaluation.ask(engine.sender);
    bool open = decision != Decision::Reject && !session.discard && !session.sender_checked;
    if (unlisted && open)
        co_await check::reject_unlisted_sender(evaluation, no_item);
    session.after_sender = evaluation.defer_if_permit;
    co_return std::move(evaluation.verdict);
}

// RFC 5321 4.5.1: postmaster without a domain is always heard.
static bool is_bare_postmaster(const PolicyInput& input)
{
    return base::iequals(input.recipient, "postmaster");
}

Task<Verdict> recipient(Engine& engine, SessionFacts& session, const PolicyInput& input)
{
    if (is_bare_postmaster(input))
        co_return Verdict{};
    Evaluation evaluation(engine, session, input, Subject::Recipient);
    evaluation.defer_if_permit = session.after_sender;
    bool relay_first = engine.params.relay_before_recipient();
    const List* both[] = {relay_first ? &engine.relay : &engine.recipient,
                          relay_first ? &engine.recipient : &engine.relay};
    Decision decision = Decision::Dunno;
    for (const List* list : both) {
        evaluation.defer_if_reject.reply.clear();
        decision = co_await evaluation.ask(*list);
        if (decision == Decision::Reject)
            break;
    }
    decision = evaluation.apply_doubt(decision);
    bool unlisted =
        engine.params.smtpd_reject_unlisted_recipient() && !evaluation.recipient_checked;
    for (config::InputOption left_out : engine.params.receive_override_options())
        unlisted = unlisted && left_out != config::InputOption::NoUnknownRecipientChecks;
    if (unlisted && decision != Decision::Reject && !session.discard)
        co_await check::reject_unlisted_recipient(evaluation, no_item);
    std::string why_not;
    if (evaluation.verdict.reply.empty() && !session.discard)
        why_not = co_await engine.world.suppressed(std::string(input.recipient));
    if (!why_not.empty())
        evaluation.reject(Subject::Recipient, 550, "5.1.1", why_not);
    co_return std::move(evaluation.verdict);
}

static Task<Verdict> late(Evaluation& evaluation, const List& list)
{
    Decision decision = co_await evaluation.ask(list);
    evaluation.apply_doubt(decision);
    co_return std::move(evaluation.verdict);
}

Task<Verdict> data(Engine& engine, SessionFacts& session, const PolicyInput& input)
{
    if (engine.data.empty())
        co_return Verdict{};
    Evaluation evaluation(engine, session, input, Subject::Data);
    co_return co_await late(evaluation, engine.data);
}

Task<Verdict> end_of_data(Engine& engine, SessionFacts& session, const PolicyInput& input)
{
    if (engine.end_of_data.empty())
        co_return Verdict{};
    Evaluation evaluation(engine, session, input, Subject::EndOfData);
    co_return co_await late(evaluation, engine.end_of_data);
}

Task<Verdict> etrn(Engine& engine, SessionFacts& session, const PolicyInput& input)
{
    Evaluation evaluation(engine, session, input, Subject::Etrn);
    evaluation.defer_if_permit = session.after_helo;
    co_return co_await late(evaluation, engine.etrn);
}

} // namespace smtpd::stage
