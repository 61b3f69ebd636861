// SPDX-License-Identifier: Apache-2.0
// A message as a queue file of Postfix (1.0 to 3.x) tells it, from maildrop or from the queues
// behind cleanup. What the file says that has no place here is listed, not dropped silently.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/queue/message.h"
#include "tools/postfix/spool/record.h"

namespace spool {

struct SpoolRecipient {
    mail::Recipient recipient;
    std::uint64_t offset = 0; // Of its record.
    bool done = false;        // Delivered, returned, or taken back.
};

struct SpoolMessage {
    mail::Envelope envelope;
    queue::Schedule schedule;
    std::vector<queue::Attribute> attributes;
    std::vector<SpoolRecipient> recipients;
    std::string full_name;
    bool warning_sent = false;
    bool check_only = false; // An address probe: to be routed, never to be delivered.
    std::vector<std::string> not_understood;
};

// Takes the content in wire form, piece by piece.
class ContentSink {
public:
    virtual ~ContentSink() = default;
    virtual base::Result<void> append(std::string_view content) = 0;
};

enum class Origin : unsigned char {
    Queue,    // Written by cleanup: has a size record and a time of arrival.
    Maildrop, // Written by postdrop.
};

// Reads the whole file. A permanent error: it is no queue file, or a damaged one.
base::Result<SpoolMessage> read_message(RecordReader& records, Origin origin, ContentSink& sink);

} // namespace spool
