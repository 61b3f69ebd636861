// SPDX-License-Identifier: Apache-2.0
// What the tests of lib/queue share: a queue directory of their own, and sample messages.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <unistd.h>

#include "lib/queue/directories.h"
#include "lib/queue/reader.h"
#include "lib/queue/system_disk.h"
#include "lib/queue/writer.h"
#include "tests/unit/queue/fault_disk.h"
#include "tests/unit/temporary_directory.h"

namespace queue {

using tests::TemporaryDirectory;

inline constexpr std::string_view sample_content = "Received: from a (b [192.0.2.1])\r\n"
                                                   "\tby c\r\n"
                                                   "From: <sender@example.com>\r\n"
                                                   "Subject: sample\r\n"
                                                   "\r\n"
                                                   "Hello,\r\n"
                                                   ".dot\r\n"
                                                   "caf\xc3\xa9\r\n";

inline Message sample_message()
{
    Message message;
    message.envelope.sender = "sender@example.com";
    message.envelope.client = {
        "mail.example.com", "ptr.example.com", "192.0.2.1", 40025, "mail.example.com", "ESMTP"};
    message.envelope.arrival = base::from_unix_microseconds(1'795'302'000'123'456);
    message.envelope.dsn_envid = "envelope-1";
    message.envelope.dsn_return = mail::DsnReturn::Headers;
    message.envelope.body = mail::BodyType::EightBitMime;
    message.envelope.smtputf8 = true;
    message.envelope.declared_size = 200;
    message.schedule.warn_at = base::from_unix_seconds(1'795'316'400);
    message.attributes = {{"content_filter", "smtp:[127.0.0.1]:10025"}, {"login", "user"}};
    message.recipients = {{"one@example.org", "one@example.org", "", 0},
                          {"two@example.org", "alias@example.com", "rfc822;alias@example.com",
                           mail::notify::failure | mail::notify::delay}};
    return message;
}

class QueueTest : public ::testing::Test {
protected:
    QueueTest()
        : system_(std::move(SystemDisk::open(directory_.path())).value()), disk_(*system_),
          queue_(disk_, Directories::Options{})
    {
        auto made = queue_.create_missing({::getuid(), ::getuid(), ::getgid()});
        EXPECT_TRUE(made) << (made ? "" : made.error().text);
    }

    base::Result<UncommittedMessage> write(std::string_view content, const Message& message,
                                           Queue queue = Queue::Incoming)
    {
        auto writer =
            MessageWriter::begin(queue_, message.envelope.arrival, MessageWriter::Options{});
        if (!writer)
            return writer.error();
        if (auto appended = writer->append(content); !appended)
            return appended.error();
        return writer->finish(message, queue);
    }

    // Written and committed; the id.
    mail::QueueId put(const Message& message, Queue queue = Queue::Incoming)
    {
        auto written = write(sample_content, message, queue);
        EXPECT_TRUE(written) << written.error().text;
        EXPECT_TRUE(commit(disk_, *written));
        return written->id;
    }

    base::Result<MessageReader> open(Queue queue, const std::string& id)
    {
        return MessageReader::open(disk_, queue_.path(queue, id), MessageReader::Check::Content);
    }

    std::vector<std::string> ids(Queue queue)
    {
        std::vector<std::string> all;
        auto scan = queue_.scan(queue);
        for (auto id = scan.next(); id && *id; id = scan.next())
            all.push_back(**id);
        return all;
    }

    TemporaryDirectory directory_;
    std::unique_ptr<SystemDisk> system_;
    FaultDisk disk_;
    Directories queue_;
};

} // namespace queue
