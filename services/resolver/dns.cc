// SPDX-License-Identifier: Apache-2.0
// Questions to libunbound; see dns.h.
#include "services/resolver/dns.h"

#include <algorithm>
#include <unbound-event.h>
#include <unbound.h>

#include "lib/base/log.h"
#include "lib/event/timer.h"
#include "services/resolver/dns_answer.h"

namespace resolver {

using ipc::resolver::Answer;
using ipc::resolver::Status;

static constexpr std::size_t domain_limit = 253; // RFC 1035 2.3.4, as text without final dot.

static void must(int code, std::string_view what)
{
    if (code != 0)
        base::fatal(base::cat("resolver: ", what, ": ", ub_strerror(code)));
}

// One question under way; lives in the frame of whoever asked.
class Dns::Question {
public:
    Question(Dns& dns, const std::string& domain, std::uint16_t type)
        : dns_(dns), type_(type), ready_(dns.loop_), timer_(dns.loop_, &Question::on_timeout, this)
    {
        int code = ub_resolve_event(dns.context_, domain.c_str(), type, 1, this,
                                    &Question::on_answer, &id_);
        if (code == UB_SYNTAX)
            finish(Status::NoDomain, "not a domain name");
        else if (code != 0)
            finish(Status::TemporaryFailure, ub_strerror(code));
    }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;
    ~Question()
    {
        if (!done_)
            ub_cancel(dns_.context_, id_);
    }

    bool await_ready() const { return done_; }
    void await_suspend(std::coroutine_handle<> handle)
    {
        handle_ = handle;
        timer_.arm(dns_.loop_.now() + dns_.timeout_);
    }
    Answer await_resume() { return std::move(answer_); }

private:
    void finish(Status status, std::string text)
    {
        answer_.status = status;
        answer_.text = std::move(text);
        done_ = true;
        if (handle_)
            ready_.post(handle_);
    }

    static void on_timeout(void* self)
    {
        auto* question = static_cast<Question*>(self);
        if (question->done_)
            return;
        ub_cancel(question->dns_.context_, question->id_);
        question->finish(Status::TemporaryFailure, "Host name lookup timed out");
    }

    static void on_answer(void* self, int code, void* packet, int size, int security, char* why,
                          int)
    {
        auto* question = static_cast<Question*>(self);
        if (code == 0 || code == 3) {
            std::string_view message(static_cast<const char*>(packet),
                                     static_cast<std::size_t>(std::max(0, size)));
            question->answer_ = parse_answer(message, question->type_);
            question->answer_.secure = security == 2;
        }
        bool failed = code != 0 && code != 3;
        if (security == 1)
            question->finish(Status::Bogus, why != nullptr ? why : "DNSSEC validation failed");
        else if (failed)
            question->finish(Status::TemporaryFailure, "Host not found, try again");
        else
            question->finish(question->answer_.status, question->answer_.text);
    }

    Dns& dns_;
    std::uint16_t type_;
    int id_ = 0;
    bool done_ = false;
    Answer answer_;
    std::coroutine_handle<> handle_;
    events::Ready ready_;
    events::Timer timer_;
};

// "address:port" and "[address]:port" in libunbound's notation, "address@port".
static std::string server_notation(std::string_view text)
{
    if (text.starts_with('[')) {
        auto close = text.find(']');
        std::string_view rest = text.substr(std::min(text.size(), close + 1));
        std::string host(text.substr(1, close == std::string_view::npos ? close : close - 1));
        return rest.starts_with(':') ? base::cat(host, "@", rest.substr(1)) : host;
    }
    auto colon = text.find(':');
    bool one_colon = colon != std::string_view::npos && colon == text.rfind(':');
    if (one_colon)
        return base::cat(text.substr(0, colon), "@", text.substr(colon + 1));
    return std::string(text);
}

void Dns::configure(const config::ResolverParams& params)
{
    auto option = [&](const char* name, const std::string& value) {
        must(ub_ctx_set_option(context_, name, value.c_str()), name);
    };
    option("msg-cache-size:", std::to_string(params.cache_size() / 3));
    option("rrset-cache-size:", std::to_string(params.cache_size() * 2 / 3));
    option("do-not-query-localhost:", "no");
    option("unblock-lan-zones:", "yes");
    option("insecure-lan-zones:", "yes");
    option("num-queries-per-thread:", "4096");
    option("outgoing-range:", "512");
    // A server that was away is tried again soon: mail for a whole domain may wait for it.
    option("infra-keep-probing:", "yes");
    option("infra-host-ttl:", "60");
    for (const auto& server : params.servers())
        must(ub_ctx_set_fwd(context_, server_notation(server).c_str()),
             base::cat("resolver_servers: ", server));
    if (params.servers().empty()) {
        if (ub_ctx_resolvconf(context_, nullptr) != 0)
            base::Log{}.warning("/etc/resolv.conf names no DNS server; asking the root servers");
    } else {
        // Whoever names servers means them for every name, those that never leave a host included.
        for (const char* zone : {"test.", "127.in-addr.arpa.", "localhost."})
            must(ub_ctx_zone_add(context_, zone, "nodefault"), zone);
    }
    if (!params.trust_anchor().empty())
        must(ub_ctx_add_ta_file(context_, params.trust_anchor().c_str()),
             "resolver_trust_anchor_file");
}

Dns::Dns(events::Loop& loop, const config::ResolverParams& params)
    : loop_(loop), timeout_(params.timeout()), context_(ub_ctx_create_event(loop.raw()))
{
    if (context_ == nullptr)
        base::fatal("resolver: libunbound cannot use our event loop");
    if (!base::log_debug())
        ub_ctx_debugout(context_, nullptr); // What concerns us comes as an answer's status.
    configure(params);
    settle_configuration();
}

// libunbound reads its files, the trust anchors for instance, with the first question: we ask one
// that it answers from what it has built in, while we still have all rights.
void Dns::settle_configuration()
{
    int id = 0;
    must(ub_resolve_event(
             context_, "invalid.", static_cast<int>(ipc::resolver::Type::A), 1, nullptr,
             [](void*, int, void*, int, int, char*, int) {}, &id),
         "start");
}

Dns::~Dns()
{
    ub_ctx_delete(context_);
}

base::Task<Answer> Dns::ask(std::string domain, std::uint16_t type)
{
    if (domain.empty() || domain.size() > domain_limit) {
        Answer answer;
        answer.status = Status::NoDomain;
        answer.text = "not a domain name";
        co_return answer;
    }
    Question question(*this, domain, type);
    co_return co_await question;
}

} // namespace resolver
