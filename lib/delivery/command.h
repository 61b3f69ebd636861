// SPDX-License-Identifier: Apache-2.0
// Commands that take a message on standard input: run as a user, with a clean environment, within a
// time limit, and their end turned into an outcome.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/delivery/local_text.h"
#include "lib/delivery/process.h"
#include "lib/mail/outcome.h"

namespace delivery {

// Bytes of output that are kept; a command may say more, which is read and dropped.
inline constexpr std::size_t command_output_limit = 4096;

struct Command {
    // Either the words of the command, which never go to a shell,
    std::vector<std::string> argv;
    // or a line. It goes to the words of `shell`, as their last argument; without them to sh(1)
    // when it has shell metacharacters or names no program, else it is split at blanks.
    std::string line;
    std::string shell;
    std::string program{}; // Who runs it, as it says itself when it cannot.

    // As log and notices name it: the line, or the program.
    const std::string& shown() const { return argv.empty() ? line : argv.front(); }
};

struct CommandSetup {
    Command command;
    ChildSetup child;
    std::string directory; // Working directory, entered as the user; empty: as it is.
    std::vector<std::string> environment; // All of it, as NAME=value. PATH is set when missing.
    MessageText input;
    std::uint64_t file_limit = 0; // Bytes of a file that the command writes; 0: as it is.
};

struct CommandEnd {
    bool timed_out = false;
    int status = 0;     // As waitpid() gives it.
    std::string output; // Standard output and error as one printable line, its beginning.
};

// Runs the command until it has ended, whatever it does with its input and output; what it leaves
// running is not waited for. At the time limit the command and all that it started in its session
// are killed. Errors are temporary: the command could not be run, or not be given the message.
base::Task<base::Result<CommandEnd>> run_command(events::Loop& loop, CommandSetup setup);

// The outcome that Postfix gives to such an end: an enhanced status code at the beginning of the
// output decides, else the exit status as sysexits.h has it. Success has the output as its text.
mail::Outcome command_outcome(const Command& command, const CommandEnd& end);

// The environment for commands: what export_environment lists (NAME, NAME=value or {NAME = value})
// of the environment of this process. Only these, and a PATH of the system's.
std::vector<std::string> exported_environment(const std::vector<std::string>& export_environment);

} // namespace delivery
