// SPDX-License-Identifier: Apache-2.0
// Looking through maildrop; see scanner.h.
#include "submit/pickup/scanner.h"

#include "lib/base/strings.h"
#include "lib/event/loop.h"

namespace pickup {

using base::Task;
using queue::Queue;

namespace {

constexpr std::size_t told_limit = 1000;

} // namespace

Scanner::Scanner(service::Service& service, queue::Directories& directories,
                 const Carrier::Rules& rules, const std::string& cleanup_socket)
    : service_(service), directories_(directories)
{
    for (unsigned i = 0; i < workers; ++i)
        carriers_.push_back(std::make_unique<Carrier>(service.loop(), cleanup_socket, rules));
}

void Scanner::wake()
{
    if (working_ > 0)
        again_ = true;
    else
        start();
}

void Scanner::start()
{
    if (const auto error = directories_.disk().list("maildrop", listing_)) {
        base::Log{}.warning(base::system_error("list maildrop", error).text);
        return;
    }
    service_.begin_work();
    working_ = workers;
    for (auto& carrier : carriers_)
        service_.scope().spawn(work(*carrier));
}

// The next name. False at the end, and when the process is to end: the rest is for the next one.
bool Scanner::next(std::string& name)
{
    std::optional<queue::DirectoryListing::Entry> entry;
    if (service_.retiring() || !listing_)
        return false;
    if (const auto error = listing_->next(entry))
        base::Log{}.warning(base::system_error("read maildrop", error).text);
    if (!entry) {
        listing_.reset();
        return false;
    }
    name = std::move(entry->name);
    return true;
}

Task<void> Scanner::work(Carrier& carrier)
{
    for (std::string name; next(name);) {
        co_await take(carrier, name);
        co_await events::yield(service_.loop());
    }
    if (--working_ > 0)
        co_return;
    listing_.reset();
    if (std::exchange(again_, false) && !service_.retiring())
        start();
    service_.end_work();
}

Task<void> Scanner::take(Carrier& carrier, std::string name)
{
    auto opened = open_maildrop_file(directories_.disk(), name);
    if (!opened.file) {
        refuse(name, opened.refused);
        co_return;
    }
    const Fate fate = co_await carrier.carry(*opened.file, "maildrop/" + name);
    settle(name, fate);
}

void Scanner::tell_once(const std::string& name, std::string_view text)
{
    if (told_.contains(name))
        return;
    if (told_.size() >= told_limit)
        told_.clear();
    told_.insert(name);
    base::Log{}.warning("maildrop/", name, ": ", text);
}

void Scanner::refuse(const std::string& name, const Refused& refused)
{
    switch (refused.what) {
    case Refusal::NotYet: break;
    case Refusal::Later: base::Log{}.warning("maildrop/", name, ": ", refused.text); break;
    case Refusal::Foreign: tell_once(name, refused.text); break;
    case Refusal::Broken:
        base::Log{}.warning("maildrop/", name, ": ", refused.text);
        put_away(name);
        break;
    }
}

void Scanner::put_away(const std::string& name)
{
    if (auto moved = directories_.quarantine(Queue::Maildrop, name); !moved)
        base::Log{}.warning(moved.error().text);
    else
        base::Log{}.warning("saving corrupt file \"", name,
                            "\" from queue \"maildrop\" to queue "
                            "\"corrupt\"");
}

void Scanner::settle(const std::string& name, Fate fate)
{
    switch (fate) {
    case Fate::Later: return;
    case Fate::Refused: return put_away(name);
    case Fate::Taken: break;
    }
    if (auto removed = directories_.remove(Queue::Maildrop, name); !removed)
        base::Log{}.warning(removed.error().text);
}

} // namespace pickup
