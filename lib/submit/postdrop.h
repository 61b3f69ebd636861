// SPDX-License-Identifier: Apache-2.0
// The way of a message to postdrop, from programs that run as whoever called them. Waits as long as
// the command does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/service/command.h"
#include "lib/service/program.h"
#include "lib/submit/stream.h"

namespace submit {

// How it ended: the message is safe in maildrop, or it is nowhere.
struct Handed {
    service::ExitStatus status = service::ExitStatus::TempFail;
    std::string text; // The queue id, or why not.
    bool ok() const { return status == service::ExitStatus::Ok; }
};

class Postdrop {
public:
    // Starts $command_directory/postdrop. A temporary error: it cannot be started.
    static base::Result<Postdrop> start(const std::string& command_directory);

    // Begins the message. Answers with the name that it will have; an error: finish() tells why.
    base::Result<std::string> begin(const Head& head);
    void recipient(const mail::Recipient& recipient);
    // Wire form. False when postdrop has gone: no more is needed, finish() tells why.
    bool content(std::string_view bytes);

    // Ends the message. Destroying it without this leaves none.
    Handed finish();

private:
    Postdrop(service::FedProgram program, std::string path)
        : program_(std::move(program)), path_(std::move(path))
    {
    }
    bool flush();

    service::FedProgram program_;
    std::string path_;
    std::string buffer_; // Records that have not been written.
    std::string early_;  // The answer, when it came before the end.
    bool alive_ = true;
    std::uint32_t recipients_ = 0;
    std::uint64_t content_ = 0;
};

// What postdrop -r writes for its caller, and back: a line with status and text. The first is
// written when the message is begun and gives its name, the second when it has ended; where the
// message is not begun there is just the second.
std::string encode_answer(const Handed& handed);
std::optional<Handed> decode_answer(std::string_view line);

} // namespace submit
