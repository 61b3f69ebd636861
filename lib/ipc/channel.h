// SPDX-License-Identifier: Apache-2.0
// A connection between two of our processes: whole frames in and out, descriptors with them.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "lib/base/fd.h"
#include "lib/base/task.h"
#include "lib/event/notice.h"
#include "lib/event/watch.h"
#include "lib/ipc/codec.h"

namespace ipc {

// Bytes of one frame, at most. Content crosses in frames of 64 KiB; what is larger is a list of
// recipients or results, which has its own limits far below this.
inline constexpr std::size_t frame_limit = 16 * 1024 * 1024;
// Descriptors that may wait in one connection for the frames they belong to.
inline constexpr std::size_t descriptor_limit = 64;

struct Frame {
    std::uint32_t call = 0; // Which call this is, or answers; 0: a message without answer.
    std::string_view body;  // Name and fields. Valid until the next receive().
    std::vector<base::Fd> fds;
};

class Channel {
public:
    Channel(events::Loop& loop, base::Fd fd);
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    // Queues a frame. With `more`, it waits for the next one and both leave in one system call.
    // Descriptors are duplicated only when the frame cannot leave at once.
    void post(std::uint32_t call, const Encoder& body, bool more = false);

    // Waits until at most `bytes` of output are still queued. False: the connection is lost, or the
    // deadline passed.
    base::Task<bool> drain(std::size_t bytes, base::Deadline deadline);

    // The next frame. Errors are temporary: connection closed, deadline passed, not our protocol.
    base::Task<base::Result<Frame>> receive(base::Deadline deadline);

    bool broken() const { return broken_; }
    // Ends the conversation in both directions; receive() then finds the end.
    void finish();
    // The process at the other end, by the kernel's word.
    pid_t peer_pid() const;
    uid_t peer_uid() const;
    events::Loop& loop() const { return watch_.loop(); }

private:
    struct Segment { // Descriptors leave with its first byte.
        std::string bytes;
        std::vector<base::Fd> fds;
    };
    void queue(std::string_view bytes, const std::vector<int>& fds);
    bool send_now(std::string_view bytes, const std::vector<int>& fds, std::size_t& sent);
    bool send_queued();
    base::Task<void> write_rest();
    std::ptrdiff_t read_some();
    void take_descriptors(struct msghdr& message);
    bool parse(Frame& frame, bool& wrong);

    base::Fd fd_;
    events::Watch watch_;
    std::string in_;
    std::size_t consumed_ = 0;
    std::deque<base::Fd> fds_in_;
    std::deque<Segment> out_;
    std::size_t out_size_ = 0;
    bool broken_ = false;
    unsigned frames_without_wait_ = 0;
    events::Notice drained_;
    base::Scope writer_;
};

} // namespace ipc
