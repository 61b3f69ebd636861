// SPDX-License-Identifier: Apache-2.0
// The access policy engine: which restrictions are asked at which stage, and what their answers
// come to. It knows no sockets: DNS is an interface, tables and routing are the libraries'.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config/params/smtpd.h"
#include "lib/policy/lists.h"
#include "lib/route/recipient_check.h"
#include "lib/smtp/collaborators.h"

namespace smtpd {

using policy::Item;
using policy::List;
using policy::Lists;

// What one restriction came to. Dunno: ask the next one.
enum class Decision : unsigned char { Dunno, Permit, Reject };

// Whether a name is in the DNS. NullMx: it has one MX record that says "no mail" (RFC 7505).
enum class Existence : unsigned char { Found, NotFound, NullMx, TryAgain };

// What restrictions ask the world.
class World {
public:
    virtual ~World() = default;
    // MX, then addresses: for the domain of a mail address.
    virtual base::Task<Existence> mail_domain(std::string domain) = 0;
    // Addresses, then MX: for the name in HELO.
    virtual base::Task<Existence> host(std::string name) = 0;
    virtual base::Task<void> wait(base::Duration duration) = 0;
    // Why no mail is accepted for an address that has failed before; empty: it is.
    virtual base::Task<std::string> suppressed(std::string address);
};

// What is known of the client's names beyond the names themselves.
enum class NameStatus : unsigned char { Ok, NotFound, TryAgain };
struct ClientNames {
    NameStatus forward = NameStatus::Ok; // Of the confirmed name.
    NameStatus reverse = NameStatus::Ok;
};

// What all sessions share. The references outlive it.
struct Engine {
    const config::SmtpdParams& params;
    const route::Destinations& destinations;
    const route::Router& router;
    const route::RecipientCheck& recipients;
    const config::OwnAddresses& own;
    const table::MatchList& mynetworks;
    const table::MatchList& logged_permits; // smtpd_log_access_permit_actions
    Lists& lists;
    World& world;

    List client, helo, sender, relay, recipient, data, end_of_data, etrn;
};

// Reads all lists of restrictions. What is wrong with one is told, and also when together they
// would let everybody relay.
config::Faults read_engine_lists(Engine& engine);

// What one step of a decision was, for those who ask why.
struct Consulted {
    std::string_view restriction; // Lives as long as the engine.
    std::string key;              // What a table was asked, where it had an answer.
    Decision decision = Decision::Dunno;

    bool operator==(const Consulted&) const = default;
};

// A refusal for later; the first one counts.
struct Deferral {
    std::string reply; // Empty: none.
};

// The subject of a decision, as replies name it.
enum class Subject : unsigned char {
    Client,
    ReverseClient,
    Helo,
    Sender,
    Recipient,
    Etrn,
    Data,
    EndOfData
};
std::string_view subject_name(Subject subject);

// A route that was looked up, and for which address.
struct KnownRoute {
    std::string address;
    route::Route route;
};

// What lasts longer than one decision of a session.
struct SessionFacts {
    ClientNames names;
    std::optional<bool> in_mynetworks;
    std::optional<bool> is_own_interface;
    Deferral after_client; // Doubts that earlier stages left; each begins with those before it.
    Deferral after_helo;
    Deferral after_sender;
    bool discard = false;        // The message will be dropped: nothing more is asked.
    bool sender_checked = false; // reject_unlisted_sender has been applied to this sender.
    std::unique_ptr<KnownRoute> recipient_route;
    std::unique_ptr<KnownRoute> sender_route;
    std::vector<Consulted> trace; // Of the last decision.
};

// One decision under way. Restrictions get it, ask it, and tell it what they refuse.
class Evaluation {
public:
    Evaluation(Engine& shared, SessionFacts& facts, const smtp::PolicyInput& asked, Subject about)
        : engine(shared), session(facts), input(asked), subject(about)
    {
    }
    Evaluation(const Evaluation&) = delete;

    Engine& engine;
    SessionFacts& session;
    const smtp::PolicyInput& input;
    const Subject subject;
    smtp::Verdict verdict;
    Deferral defer_if_permit; // Taken over from the stage before.
    Deferral defer_if_reject;
    bool recipient_checked = false; // reject_unlisted_recipient has been asked.

    // Asks the list in order.
    base::Task<Decision> ask(const List& list);
    // An earlier doubt keeps what would pass from passing.
    Decision apply_doubt(Decision decision);

    struct Refusal {
        int code = 0;
        std::string_view dsn; // Its class follows the code's.
        std::string_view text;
        bool fault_of_ours = false; // No warning instead (warn_if_reject).
    };
    Decision reject(Refusal refusal);
    // "<NAME>: SUBJECT rejected: REASON" for the subject at hand or another.
    Decision reject(int code, std::string_view dsn, std::string_view reason);
    Decision reject(Subject of, int code, std::string_view dsn, std::string_view reason);
    // A doubt: refuse for now unless something else refuses for good.
    Decision defer_unless_rejected(Subject of, Refusal refusal, config::TempfailAction action);
    Decision defer_instead_of_reject(Subject of, Refusal refusal);
    // A table could not be asked about `what`.
    Decision lookup_failed(std::string_view what);
    Decision permit(std::string_view action);

    // "<NAME>: SUBJECT" and what it is about.
    std::string name_of(Subject of) const;
    void note(smtp::ActionKind kind, std::string value, std::string log_text);
    void consulted(std::string key) { last_key_ = std::move(key); }

    bool has_sender() const { return input.mail_seen; }
    const std::string& sender() const { return input.envelope.sender; }

    base::Task<base::Result<const route::Route*>> recipient_route();
    base::Task<base::Result<const route::Route*>> sender_route();
    base::Task<base::Result<bool>> in_mynetworks();
    // An access table's result, carried out (access(5)).
    base::Task<Decision> act_on_result(const Item& item, std::string value, Subject of);

private:
    base::Task<Decision> ask_one(const Item& item);
    base::Task<base::Result<const route::Route*>> route_of(std::unique_ptr<KnownRoute>& known,
                                                           std::string address);
    std::string reply_text(const Refusal& refusal) const;

    int depth_ = 0;
    int warn_depth_ = 0; // Refusals at this depth or below become warnings; 0: off.
    std::string last_key_;
};

// The stages; `names` and the rest of `session` are the caller's.
namespace stage {
base::Task<smtp::Verdict> client(Engine& engine, SessionFacts& session,
                                 const smtp::PolicyInput& input);
base::Task<smtp::Verdict> helo(Engine& engine, SessionFacts& session,
                               const smtp::PolicyInput& input);
base::Task<smtp::Verdict> sender(Engine& engine, SessionFacts& session,
                                 const smtp::PolicyInput& input);
base::Task<smtp::Verdict> recipient(Engine& engine, SessionFacts& session,
                                    const smtp::PolicyInput& input);
base::Task<smtp::Verdict> data(Engine& engine, SessionFacts& session,
                               const smtp::PolicyInput& input);
base::Task<smtp::Verdict> end_of_data(Engine& engine, SessionFacts& session,
                                      const smtp::PolicyInput& input);
base::Task<smtp::Verdict> etrn(Engine& engine, SessionFacts& session,
                               const smtp::PolicyInput& input);
} // namespace stage

} // namespace smtpd
