// SPDX-License-Identifier: Apache-2.0
// A message as files and commands of this host get it: content from the queue is in wire form
// (lines end in CRLF); here it becomes lines that end in LF, with the lines that a delivery puts
// before it. Bare CR and LF of the content stay as they are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/delivery/message_file.h"
#include "lib/mail/envelope.h"

namespace delivery {

struct TextRules {
    bool quote_from = false; // ">" before lines that begin with "From ".
    bool stuff_dots = false; // "." before lines that begin with a dot.
    bool blank_end = false;  // An empty line after the content, whatever it ends with.
    std::string line_end = "\n";
};

// The conversion; content comes in pieces.
class LocalText {
public:
    explicit LocalText(TextRules rules) : rules_(std::move(rules)) {}

    void add(std::string_view wire, std::string& out);
    // After the last piece. An unfinished line is ended.
    void finish(std::string& out);

private:
    void convert(std::string_view text, bool last, std::string& out);
    bool begin_line(std::string_view rest, bool last, std::string& out);

    TextRules rules_;
    std::string held_; // Bytes that cannot be told yet: a CR, or the beginning of "From ".
    bool in_line_ = false;
};

// The lines before the content, in their order; each is there when its text or flag is.
struct HeadLines {
    bool from_line = false;   // "From SENDER  Thu Jan  1 00:00:00 1970" in local time.
    bool return_path = false; // Return-Path: <SENDER>
    std::string sender;       // Internal form; the null sender is MAILER-DAEMON in the From line.
    std::string original_to;  // X-Original-To, internal form.
    std::string delivered_to; // Delivered-To, internal form.
    base::WallTime now{};
    std::string line_end = "\n";

    std::string text() const;
};

// Return-Path, X-Original-To and Delivered-To of one recipient's copy: what every mailbox gets.
HeadLines head_lines(const mail::Envelope& envelope, const mail::Recipient& recipient,
                     base::WallTime now);

// All that is to be delivered of one message.
struct MessageText {
    int fd = -1; // Not owned; never moved, so that several may read it.
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::string head; // Goes first, as it is.
    TextRules rules{};
};

// Reads and converts piece by piece. Blocks as long as the queue's disk does.
class MessageReader {
public:
    explicit MessageReader(MessageText what);

    // The next piece, valid until the next call; empty at the end. An error: the queue file cannot
    // be read, or is shorter than it should be.
    base::Result<std::string_view> next();

private:
    MessageFile file_;
    LocalText text_;
    std::string out_;
    bool started_ = false;
    bool finished_ = false;
};

} // namespace delivery
