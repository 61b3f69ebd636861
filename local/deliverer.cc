// SPDX-License-Identifier: Apache-2.0
// Doing one part of a plan; see deliverer.h. This file: mailboxes and files.
#include "local/deliverer.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/maildir.h"
#include "lib/delivery/mbox.h"
#include "lib/delivery/outcomes.h"
#include "local/biff.h"

namespace local {

using base::Task;
using delivery::MessageText;
using delivery::Rights;
using ipc::delivery::Deliver;
using mail::Outcome;
using Kind = Part::Kind;

namespace {

// Makes an empty mailbox where its owner cannot. The directory is root's alone, so nobody else can
// have put anything there.
void make_mailbox(const std::string& path, const delivery::User& user)
{
    const base::Fd fd{
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!fd) {
        if (errno != EEXIST)
            base::Log{}.warning("create mailbox ", path, ": ", std::strerror(errno));
        return;
    }
    if (::fchown(fd.number(), user.uid, user.gid) != 0)
        base::Log{}.warning("change owner of mailbox ", path, ": ", std::strerror(errno));
}

std::int64_t size_of(const std::string& path)
{
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_size : 0;
}

} // namespace

Rights Deliverer::rights_of(const UserRef& user) const
{
    if (user == nullptr || user->uid == 0)
        return {settings_.default_user.uid, settings_.default_user.gid, {}};
    return {user->uid, user->gid, {}};
}

// Where the user's mailbox is, and who may write there. In a spool directory that its group can
// write, the group is needed for lock files.
Deliverer::Place Deliverer::mailbox_place(const Part& part) const
{
    Place place;
    place.rights = {part.user->uid, part.user->gid, {}, part.user->uid == 0};
    if (!settings_.home_mailbox.empty()) {
        place.path = base::cat(part.user->home, "/", settings_.home_mailbox);
        place.maildir = place.path.ends_with('/');
        return place;
    }
    const std::string& spool = settings_.spool_directory;
    place.maildir = spool.ends_with('/');
    place.path = place.maildir ? base::cat(spool, part.names.user, "/")
                               : base::cat(spool, "/", part.names.user);
    struct stat status {};
    if (place.maildir || ::stat(spool.c_str(), &status) != 0 || (status.st_mode & S_IWOTH) != 0)
        return place;
    if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != 0)
        place.rights.gid = status.st_gid;
    else
        place.closed = status.st_uid == 0 && status.st_uid != part.user->uid;
    return place;
}

MessageText Deliverer::message(const Deliver& request, const Part& part, bool from_line,
                               bool delivered_to) const
{
    delivery::HeadLines head;
    head.from_line = from_line;
    head.return_path = true;
    head.sender = part.sender;
    if (settings_.original_to)
        head.original_to = part.recipient.original;
    if (delivered_to)
        head.delivered_to = part.delivered_to;
    head.now = loop_.clock().wall();
    MessageText text;
    text.fd = request.message.fd.number();
    text.offset = request.content.offset;
    text.size = request.content.size;
    text.head = head.text();
    return text;
}

Task<Outcome> Deliverer::maildir(const Deliver& request, const Part& part, std::string path,
                                 Rights rights)
{
    MessageText text = message(request, part, false, settings_.delivered_to_file);
    const delivery::MaildirTarget target{std::move(path), settings_.size_limit, "5.2.0"};
    std::function<Outcome()> work = [&] { return delivery::store_in_maildir(target, text); };
    delivery::ChildSetup setup{std::move(rights), settings_.answer_time, {text.fd}};
    co_return co_await delivery::deliver_as(loop_, std::move(setup), std::move(work));
}

Task<Outcome> Deliverer::mailbox(const Deliver& request, const Part& part)
{
    Place place = mailbox_place(part);
    if (place.maildir)
        co_return co_await maildir(request, part, std::move(place.path), std::move(place.rights));
    if (place.closed)
        make_mailbox(place.path, *part.user);
    delivery::MboxTarget target;
    target.path = place.path;
    target.locks = settings_.locks;
    target.locks.dotlock_may_fail = place.closed;
    // Where nobody else can make one either, it is of no use.
    if (place.closed && (target.locks.styles.flock || target.locks.styles.fcntl))
        target.locks.styles.dotlock = false;
    target.tells_kind = true;
    target.size_limit = settings_.size_limit;
    if (settings_.strict_owner)
        target.owner = part.user->uid;
    target.failure_prefix =
        base::cat("cannot update mailbox ", place.path, " for user ", part.names.user, ". ");
    MessageText text = message(request, part, true, settings_.delivered_to_file);
    text.rules = delivery::mbox_rules();
    const std::int64_t offset = settings_.biff ? size_of(place.path) : 0;
    std::function<Outcome()> work = [&] { return delivery::append_to_mbox(target, text); };
    delivery::ChildSetup setup{std::move(place.rights), settings_.answer_time, {text.fd}};
    auto outcome = co_await delivery::deliver_as(loop_, std::move(setup), std::move(work));
    if (settings_.biff && outcome.status == mail::Status::Sent)
        tell_biff(part.names.user, offset);
    co_return outcome;
}

Task<Outcome> Deliverer::file(const Deliver& request, const Part& part)
{
    Rights rights = rights_of(part.user);
    if (part.text.ends_with('/'))
        co_return co_await maildir(request, part, part.text, std::move(rights));
    delivery::MboxTarget target;
    target.path = part.text;
    target.locks = settings_.locks;
    target.locks.dotlock_may_fail = true;
    target.size_limit = settings_.size_limit;
    target.devices = true;
    target.tells_kind = true;
    target.refuse_executable = true;
    target.failure_prefix = base::cat("cannot append message to file ", part.text, ": ");
    target.success_text = base::cat("delivered to file: ", part.text);
    MessageText text = message(request, part, true, settings_.delivered_to_file);
    text.rules = delivery::mbox_rules();
    std::function<Outcome()> work = [&] { return delivery::append_to_mbox(target, text); };
    delivery::ChildSetup setup{std::move(rights), settings_.answer_time, {text.fd}};
    co_return co_await delivery::deliver_as(loop_, std::move(setup), std::move(work));
}

Task<Outcome> Deliverer::run(const Deliver& request, const Part& part, bool& logged)
{
    Outcome outcome;
    switch (part.kind) {
    case Kind::Settled: outcome = part.outcome; break;
    case Kind::Mailbox: outcome = co_await mailbox(request, part); break;
    case Kind::File: outcome = co_await file(request, part); break;
    case Kind::Command: outcome = co_await command(request, part); break;
    case Kind::Handover: outcome = co_await handover(request, part, logged); break;
    }
    if (outcome.relay.empty())
        outcome.relay = settings_.service;
    co_return outcome;
}

std::string Deliverer::describe(const Part& part) const
{
    switch (part.kind) {
    case Kind::Settled: return part.outcome.text;
    case Kind::Mailbox:
        return mailbox_place(part).maildir ? "delivers to maildir" : "delivers to mailbox";
    case Kind::File:
        return part.text.ends_with('/') ? "delivers to maildir"
                                        : base::cat("delivers to file: ", part.text);
    case Kind::Command: return base::cat("delivers to command: ", part.text);
    case Kind::Handover: break;
    }
    return base::cat("delivers to transport: ", part.text);
}

} // namespace local
