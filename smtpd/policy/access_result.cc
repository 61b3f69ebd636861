// SPDX-License-Identifier: Apache-2.0
// Results of access tables; see access_result.h.
#include "smtpd/policy/access_result.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace smtpd {

using base::Task;
using smtp::ActionKind;

namespace {

struct Word {
    std::string_view word;
    ResultKind kind;
};
constexpr Word words[] = {
    {"DUNNO", ResultKind::Dunno},
    {"OK", ResultKind::Ok},
    {"RELAY", ResultKind::Ok},
    {"REJECT", ResultKind::Reject},
    {"DEFER", ResultKind::Defer},
    {"DEFER_IF_REJECT", ResultKind::DeferIfReject},
    {"DEFER_IF_PERMIT", ResultKind::DeferIfPermit},
    {"DISCARD", ResultKind::Discard},
    {"FILTER", ResultKind::Filter},
    {"HOLD", ResultKind::Hold},
    {"PREPEND", ResultKind::Prepend},
    {"REDIRECT", ResultKind::Redirect},
    {"BCC", ResultKind::Bcc},
    {"INFO", ResultKind::Info},
    {"WARN", ResultKind::Warn},
};

bool all_digits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

struct DsnPair {
    std::string_view from;
    std::string_view to;
};
// RFC 3463 section 3.2: addresses of recipients, of senders.
constexpr DsnPair for_senders[] = {{".1.1", ".1.0"}, {".1.2", ".1.8"}, {".1.3", ".1.7"},
                                   {".1.4", ".1.0"}, {".1.5", ".1.0"}, {".1.6", ".1.0"}};
constexpr DsnPair for_recipients[] = {{".1.7", ".1.3"}, {".1.8", ".1.2"}};

} // namespace

AccessResult parse_access_result(std::string_view value)
{
    value = base::trim(value);
    std::size_t end = value.find_first_of(" \t\r\n");
    std::string_view word = value.substr(0, end);
    std::string_view text =
        end == std::string_view::npos ? std::string_view{} : base::trim(value.substr(end));
    for (const Word& known : words)
        if (base::iequals(known.word, word))
            return {known.kind, 0, text};
    if (all_digits(value))
        return {ResultKind::Ok, 0, {}};
    bool is_code =
        word.size() == 3 && all_digits(word) && !text.empty() && (word[0] == '4' || word[0] == '5');
    if (is_code)
        return {ResultKind::Code, base::parse_int<int>(word).value_or(554), text};
    return {ResultKind::Restrictions, 0, value};
}

// RFC 3463 section 2: class, subject of up to three digits, detail of up to three.
static bool is_dsn(std::string_view word)
{
    std::string_view rest = word;
    std::string_view first = base::cut(rest, '.');
    std::string_view second = base::cut(rest, '.');
    bool digits = all_digits(second) && all_digits(rest);
    return (first == "2" || first == "4" || first == "5") && digits && second.size() <= 3 &&
           rest.size() <= 3;
}

std::string_view split_dsn(std::string_view text, std::string_view& dsn)
{
    text = base::trim(text);
    std::string_view word = text.substr(0, text.find_first_of(" \t"));
    if (!is_dsn(word))
        return text;
    dsn = word;
    return base::trim(text.substr(word.size()));
}

std::string fit_dsn(std::string_view dsn, Subject subject)
{
    std::string_view rest = dsn.substr(1);
    bool is_sender = subject == Subject::Sender;
    if (is_sender || subject == Subject::Recipient) {
        const DsnPair* begin = is_sender ? std::begin(for_senders) : std::begin(for_recipients);
        const DsnPair* end = is_sender ? std::end(for_senders) : std::end(for_recipients);
        for (const DsnPair* pair = begin; pair != end; ++pair)
            if (pair->from == rest)
                return base::cat(dsn.substr(0, 1), pair->to);
        return std::string(dsn);
    }
    if (rest.starts_with(".1."))
        return base::cat(dsn.substr(0, 1), ".0.0");
    return std::string(dsn);
}

namespace {

// One result being carried out.
class Action {
public:
    Action(Evaluation& evaluation, const Item& item, Subject of, const AccessResult& result)
        : evaluation_(evaluation), item_(item), of_(of), result_(result)
    {
    }

    Decision refuse(std::int64_t code, std::string_view dsn) const
    {
        std::string_view text = split_dsn(result_.text, dsn);
        return evaluation_.reject(of_, static_cast<int>(code), fit_dsn(dsn, of_),
                                  text.empty() ? "Access denied" : text);
    }

    Decision doubt() const
    {
        std::string_view dsn = "4.7.1";
        std::string_view text = split_dsn(result_.text, dsn);
        if (text.empty())
            text = "Service unavailable";
        std::string fitted = fit_dsn(dsn, of_);
        Evaluation::Refusal refusal{
            static_cast<int>(evaluation_.engine.params.access_map_defer_code()), fitted, text};
        if (result_.kind == ResultKind::DeferIfReject)
            return evaluation_.defer_instead_of_reject(of_, refusal);
        return evaluation_.defer_unless_rejected(of_, refusal,
                                                 config::TempfailAction::DeferIfPermit);
    }

    // "<name>: SUBJECT triggers HOLD action" or with the table's own text.
    std::string described(std::string_view otherwise) const
    {
        return base::cat("<", evaluation_.name_of(of_), ">: ", subject_name(of_), " ",
                         result_.text.empty() ? otherwise : result_.text);
    }

    Decision discard() const
    {
        evaluation_.note(ActionKind::Discard, {}, described("triggers DISCARD action"));
        evaluation_.session.discard = true;
        return Decision::Permit;
    }

    // Actions that need a value which has `mark` in it.
    Decision with_value(ActionKind kind, std::string_view word, char mark,
                        std::string_view need) const
    {
        if (result_.text.empty() && mark == ':') {
            warn(base::cat("has ", word, " entry without value"));
        } else if (result_.text.find(mark) == std::string_view::npos) {
            warn(base::cat("requires ", need));
        } else {
            std::string text = base::cat("<", evaluation_.name_of(of_), ">: ", subject_name(of_),
                                         " triggers ", word, " ", result_.text);
            evaluation_.note(kind, std::string(result_.text), std::move(text));
        }
        return Decision::Dunno;
    }

    Decision prepend() const
    {
        std::string_view text = result_.text;
        std::size_t name = text.find_first_of(": \t");
        bool is_header = name != std::string_view::npos && name > 0 && text[name] == ':';
        if (evaluation_.subject == Subject::EndOfData)
            base::Log{}.warning("access table ", item_.argument,
                                ": action PREPEND must be used before "
                                "smtpd_end_of_data_restrictions");
        else if (!is_header)
            warn("requires header: text");
        else
            evaluation_.note(ActionKind::Prepend, std::string(text), described({}));
        return Decision::Dunno;
    }

    Decision log_only(ActionKind kind) const
    {
        evaluation_.note(kind, {}, std::string(result_.text));
        return Decision::Dunno;
    }

    void warn(std::string_view what) const
    {
        base::Log{}.warning("access table ", item_.argument, " entry \"", evaluation_.name_of(of_),
                            "\" ", what);
    }

private:
    Evaluation& evaluation_;
    const Item& item_;
    Subject of_;
    const AccessResult& result_;
};

std::string_view table_rule_of(Subject subject)
{
    switch (subject) {
    case Subject::Client:
    case Subject::ReverseClient: return "check_client_access";
    case Subject::Helo: return "check_helo_access";
    case Subject::Sender: return "check_sender_access";
    case Subject::Recipient: return "check_recipient_access";
    case Subject::Etrn: return "check_etrn_access";
    case Subject::Data:
    case Subject::EndOfData: return {};
    }
    return {};
}

} // namespace

Task<Decision> Evaluation::act_on_result(const Item& item, std::string value, Subject of)
{
    AccessResult result = parse_access_result(value);
    Action action(*this, item, of, result);
    const auto& params = engine.params;
    switch (result.kind) {
    case ResultKind::Dunno: co_return Decision::Dunno;
    case ResultKind::Ok: co_return permit(value);
    case ResultKind::Reject: co_return action.refuse(params.access_map_reject_code(), "5.7.1");
    case ResultKind::Defer: co_return action.refuse(params.access_map_defer_code(), "4.7.1");
    case ResultKind::Code:
        co_return action.refuse(result.code, result.code < 500 ? "4.7.1" : "5.7.1");
    case ResultKind::DeferIfReject:
    case ResultKind::DeferIfPermit: co_return action.doubt();
    case ResultKind::Discard: co_return action.discard();
    case ResultKind::Filter:
        co_return action.with_value(ActionKind::Filter, "FILTER", ':', "transport:destination");
    case ResultKind::Redirect:
        co_return action.with_value(ActionKind::Redirect, "REDIRECT", '@', "user@domain target");
    case ResultKind::Bcc:
        co_return action.with_value(ActionKind::Bcc, "BCC", '@', "user@domain target");
    case ResultKind::Hold:
        note(ActionKind::Hold, {}, action.described("triggers HOLD action"));
        co_return Decision::Dunno;
    case ResultKind::Prepend: co_return action.prepend();
    case ResultKind::Info: co_return action.log_only(ActionKind::Info);
    case ResultKind::Warn: co_return action.log_only(ActionKind::Warn);
    case ResultKind::Restrictions: break;
    }
    const List* list = engine.lists.of_result(value, table_rule_of(subject));
    if (list == nullptr) {
        action.warn(base::cat("has an unknown result: ", value));
        co_return reject(Refusal{451, "4.3.5", "Server configuration error", true});
    }
    co_return co_await ask(*list);
}

} // namespace smtpd
