// SPDX-License-Identifier: Apache-2.0
// The calling end; see client.h.
#include "lib/ipc/client.h"

#include "lib/base/strings.h"
#include "lib/net/socket.h"

namespace ipc {

// One-way output beyond this makes the sender wait.
static constexpr std::size_t output_high_water = 256 * 1024;

// A call that waits for its answer, in the frame of the coroutine that asked.
class Caller::Pending {
public:
    Pending(Caller& caller, std::uint32_t call, base::Deadline deadline)
        : caller_(caller), call_(call), deadline_(deadline), ready_(caller.loop_),
          timer_(caller.loop_, &Pending::on_deadline, this)
    {
        caller_.pending_[call_] = this;
    }
    Pending(const Pending&) = delete;
    Pending& operator=(const Pending&) = delete;
    ~Pending() { caller_.pending_.erase(call_); }

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
        timer_.disarm();
        if (handle_)
            ready_.post(handle_);
    }

    Answer answer;

private:
    static void on_deadline(void* self)
    {
        auto* pending = static_cast<Pending*>(self);
        pending->ready_.post(pending->handle_);
    }

    Caller& caller_;
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

void Caller::adopt(base::Fd fd)
{
    reader_.reset();
    channel_ = std::make_unique<Channel>(loop_, std::move(fd));
    channel_->post(0, encode_hello(identity_.protocol, identity_.version), true);
    reader_ = std::make_unique<base::Scope>();
    reader_->spawn(read_answers(*channel_));
}

base::Task<base::Result<void>> Caller::connect(base::Deadline deadline)
{
    while (connecting_) {
        bool in_time = co_await connect_done_.wait(deadline);
        if (!in_time)
            co_return base::temporary(base::cat("connect to ", path_, ": no answer in time"));
    }
    if (connected())
        co_return base::Result<void>{};
    connecting_ = true;
    auto fd = co_await net::connect_local(loop_, path_, deadline);
    connecting_ = false;
    connect_done_.notify();
    if (!fd)
        co_return fd.error();
    adopt(std::move(*fd));
    co_return base::Result<void>{};
}

void Caller::fail_all()
{
    for (auto& [call, pending] : pending_)
        pending->finish(Answer{{}, {}, true});
    lost_.notify();
}

void Caller::disconnect()
{
    reader_.reset();
    channel_.reset();
    fail_all();
}

base::Task<void> Caller::read_answers(Channel& channel)
{
    while (true) {
        auto frame = co_await channel.receive(base::Deadline::never());
        if (!frame)
            break;
        auto found = pending_.find(frame->call);
        if (found != pending_.end())
            found->second->finish(Answer{std::string(frame->body), std::move(frame->fds)});
    }
    fail_all();
}

base::Task<base::Result<Caller::Answer>> Caller::call_encoded(const Encoder& request,
                                                              base::Deadline deadline)
{
    if (!connected())
        co_return base::temporary(base::cat(path_, ": not connected"));
    if (++last_call_ == 0)
        ++last_call_;
    Pending pending(*this, last_call_, deadline);
    channel_->post(last_call_, request);
    if (channel_->broken())
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
    channel_->post(0, message, more);
    return !channel_->broken();
}

base::Task<bool> Caller::drain(base::Deadline deadline)
{
    if (!connected())
        co_return false;
    co_return co_await channel_->drain(output_high_water, deadline);
}

} // namespace ipc
