// SPDX-License-Identifier: Apache-2.0
// The calling end; see client.h.
#include "lib/ipc/client.h"

#include "lib/base/strings.h"
#include "lib/net/socket.h"

namespace ipc {

// One-way output beyond this makes the sender wait.
static constexpr std::size_t output_high_water = 256 * 1024;

// One connection, its reader, and what it still owes us.
struct Caller::Link {
    Link(events::Loop& loop, base::Fd fd) : channel(loop, std::move(fd)) {}
    Channel channel;
    std::size_t owed = 0; // Calls without answer yet.
    bool bye = false;     // Its server retires.
    bool ended = false;
    base::Scope reader;
};

// A call that waits for its answer, in the frame of the coroutine that asked.
class Caller::Pending {
public:
    Pending(Caller& caller, Link& link, std::uint32_t call, base::Deadline deadline)
        : caller_(caller), link_(&link), call_(call), deadline_(deadline), ready_(caller.loop_),
          timer_(caller.loop_, &Pending::on_deadline, this)
    {
        caller_.pending_[call_] = this;
        ++link.owed;
    }
    Pending(const Pending&) = delete;
    Pending& operator=(const Pending&) = delete;
    ~Pending()
    {
        settle();
        caller_.pending_.erase(call_);
    }

    bool await_ready() const { return done_; }
    void await_suspend(std::coroutine_handle<> handle)
    {
        handle_ = handle;
        if (!deadline_.is_never())
            timer_.arm(deadline_.when());
    }
    bool await_resume() const { return done_; } // False: the deadline passed.

    void finish(Answer given)
    {
        if (done_)
            return;
        done_ = true;
        answer = std::move(given);
        settle();
        timer_.disarm();
        if (handle_)
            ready_.post(handle_);
    }

    bool is_on(const Link& link) const { return link_ == &link; }

    Answer answer;

private:
    // Nothing is owed any more. A link that served its last call is given back.
    void settle()
    {
        Link* link = std::exchange(link_, nullptr);
        if (link != nullptr && --link->owed == 0 && link->bye && caller_.link_.get() != link)
            link->channel.finish();
    }
    static void on_deadline(void* self)
    {
        auto* pending = static_cast<Pending*>(self);
        pending->ready_.post(pending->handle_);
    }

    Caller& caller_;
    Link* link_; // Null once settled.
    std::uint32_t call_;
    base::Deadline deadline_;
    bool done_ = false;
    std::coroutine_handle<> handle_;
    events::Ready ready_;
    events::Timer timer_;
};

Caller::Caller(events::Loop& loop, std::string path, Identity identity)
    : loop_(loop), path_(std::move(path)), identity_(identity), connect_done_(loop), lost_(loop)
{
}

Caller::Caller(events::Loop& loop, base::Fd connected, Identity identity)
    : Caller(loop, std::string(), identity)
{
    adopt(std::move(connected));
}

Caller::~Caller() = default;

bool Caller::connected() const
{
    return link_ != nullptr && !link_->channel.broken();
}

void Caller::drop_ended()
{
    std::erase_if(retiring_, [](const auto& link) { return link->ended; });
}

// Never called from a link's own reader.
void Caller::adopt(base::Fd fd)
{
    drop_ended();
    if (link_ != nullptr)
        fail(*link_); // Sending found the end before the reader did.
    in_work_ = false;
    link_ = std::make_unique<Link>(loop_, std::move(fd));
    link_->channel.post(0, encode_hello(identity_.protocol, identity_.version), true);
    link_->reader.spawn(read_answers(*link_));
}

namespace {

// Set while one task connects; given up also when that task is cancelled.
class Connecting {
public:
    Connecting(bool& flag, events::Notice& done) : flag_(flag), done_(done) { flag_ = true; }
    ~Connecting()
    {
        flag_ = false;
        done_.notify();
    }
    Connecting(const Connecting&) = delete;
    Connecting& operator=(const Connecting&) = delete;

private:
    bool& flag_;
    events::Notice& done_;
};

} // namespace

base::Task<base::Result<void>> Caller::connect(base::Deadline deadline)
{
    while (connecting_) {
        bool in_time = co_await connect_done_.wait(deadline);
        if (!in_time)
            co_return base::temporary(base::cat("connect to ", path_, ": no answer in time"));
    }
    if (connected())
        co_return base::Result<void>{};
    base::Result<base::Fd> fd = base::temporary("");
    {
        Connecting guard(connecting_, connect_done_);
        fd = co_await net::connect_local(loop_, path_, deadline);
    }
    if (!fd)
        co_return fd.error();
    adopt(std::move(*fd));
    co_return base::Result<void>{};
}

void Caller::fail(Link& link)
{
    for (auto& [call, pending] : pending_)
        if (pending->is_on(link))
            pending->finish(Answer{{}, {}, true});
}

void Caller::disconnect()
{
    for (auto& link : retiring_)
        fail(*link);
    if (link_ != nullptr)
        fail(*link_);
    retiring_.clear();
    link_.reset();
    in_work_ = false;
    lost_.notify();
}

// New calls go to another connection; this one lives until its last answer has come.
void Caller::retire(Link& link)
{
    if (link.owed == 0)
        link.channel.finish();
    if (link_.get() == &link)
        retiring_.push_back(std::move(link_));
    lost_.notify();
}

void Caller::end_work()
{
    in_work_ = false;
    if (link_ != nullptr && link_->bye)
        retire(*link_);
}

base::Task<void> Caller::read_answers(Link& link)
{
    while (true) {
        auto frame = co_await link.channel.receive(base::Deadline::never());
        if (!frame)
            break;
        if (frame->call == 0) {
            link.bye = Decoder(frame->body).any_name() == bye_name;
            if (link.bye && !in_work_)
                retire(link);
            continue;
        }
        auto found = pending_.find(frame->call);
        if (found != pending_.end() && found->second->is_on(link))
            found->second->finish(Answer{std::string(frame->body), std::move(frame->fds)});
    }
    fail(link);
    link.ended = true;
    if (link_.get() == &link)
        lost_.notify();
}

base::Task<base::Result<Caller::Answer>> Caller::call_encoded(const Encoder& request,
                                                              base::Deadline deadline)
{
    if (!connected())
        co_return base::temporary(base::cat(path_, ": not connected"));
    if (++last_call_ == 0)
        ++last_call_;
    Pending pending(*this, *link_, last_call_, deadline);
    link_->channel.post(last_call_, request);
    if (link_->channel.broken())
        co_return base::temporary(base::cat(path_, ": connection lost"));
    bool answered = co_await pending;
    if (!answered)
        co_return base::temporary(base::cat(path_, ": no answer in time"));
    if (pending.answer.lost)
        co_return base::temporary(base::cat(path_, ": connection lost"));
    co_return std::move(pending.answer);
}

bool Caller::post_encoded(const Encoder& message, bool more)
{
    if (!connected())
        return false;
    link_->channel.post(0, message, more);
    return !link_->channel.broken();
}

base::Task<bool> Caller::drain(base::Deadline deadline)
{
    if (!connected())
        co_return false;
    co_return co_await link_->channel.drain(output_high_water, deadline);
}

} // namespace ipc
