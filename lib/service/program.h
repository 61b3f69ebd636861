// SPDX-License-Identifier: Apache-2.0
// One command that runs another: in its place, or as a child that is fed through a pipe.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "lib/base/fd.h"

namespace service {

// Goes on as the program `path`. `arguments` begins with the name it is called by. Returns only
// when that fails; the error's text is the system's reason.
base::Error exec_program(const std::string& path, const std::vector<std::string>& arguments);

// A child with pipes for its standard input and output. Standard error is shared. A child that is
// not waited for before this is destroyed sees the end of its input.
class FedProgram {
public:
    // A temporary error: it could not be started.
    static base::Result<FedProgram> start(const std::string& path,
                                          const std::vector<std::string>& arguments);
    FedProgram(FedProgram&& other) noexcept;
    FedProgram& operator=(FedProgram&&) = delete;
    ~FedProgram();

    // Writes all of it; waits while the child does not read. The caller ignores SIGPIPE.
    base::Result<void> write(std::string_view bytes);

    // One line of the output, at most `limit` bytes of it, with its end; less when there is no
    // more.
    std::string read_line(std::size_t limit);

    // Ends the input, reads the output, at most `limit` bytes of it, and waits for the end. The
    // exit status, or 128 and the number of the signal.
    struct Ending {
        int status = 0;
        std::string output;
    };
    Ending finish(std::size_t limit);

private:
    FedProgram(pid_t pid, base::Fd input, base::Fd output);

    pid_t pid_;
    base::Fd input_;
    base::Fd output_;
};

} // namespace service
