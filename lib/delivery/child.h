// SPDX-License-Identifier: Apache-2.0
// Blocking work as a user, while the daemon's loop goes on: files of the user are only touched in a
// child that has that user's rights and no others.
//
//   delivery::ChildSetup setup{{user.uid, user.gid, {}}, limit};
//   std::function<std::string()> work = [&] { return encode(append(mailbox)); };
//   auto said = co_await delivery::run_as(loop, std::move(setup), std::move(work));
//
// (Both arguments have names because of g++ 12, see lib/base/task.h.)
#pragma once

#include <cerrno>
#include <functional>
#include <string>

#include "lib/base/task.h"
#include "lib/delivery/process.h"

namespace delivery {

// Bytes that `work` may return.
inline constexpr std::size_t child_result_limit = 20 * 1024 * 1024;

// Forks, becomes the user for good, calls `work` in the child and gives back what it returned.
// `work` may block and may read anything that the caller's task has, but changes nothing there.
// What it logs is logged by the parent. It must not call what ends the process.
//
// At the time limit the child is asked to stop (told_to_stop() becomes true and blocking calls fail
// with EINTR), and killed with its group after a grace. The task ends only once the child is gone,
// so nothing is written later. All errors are temporary: no process to be had, rights that are not
// allowed or could not be taken, time limit, a child that was killed.
base::Task<base::Result<std::string>> run_as(events::Loop& loop, ChildSetup setup,
                                             std::function<std::string()> work);

// In a child of run_as(): the time is up. Undo what is half done and return.
bool told_to_stop();

// For blocking loops in the child: EINTR is to be tried again unless we were told to stop.
inline bool try_again(int code)
{
    return code == EINTR && !told_to_stop();
}

} // namespace delivery
