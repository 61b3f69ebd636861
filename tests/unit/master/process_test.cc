// SPDX-License-Identifier: Apache-2.0
// What a worker gets: its command line, its descriptors, its environment.
#include "master/process.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/strings.h"

namespace {

TEST(WorkerArguments, AreThoseOfTheServiceFrame)
{
    config::Faults faults;
    auto file = config::MasterCf::parse(
        "smtp inet n - y - 5 smtpd -v -o a=b -o { c = d e }\nlocal unix - n n - - local\n",
        "master.cf", {}, faults);
    auto joined = [&](std::size_t i) {
        std::string out;
        for (const auto& word : master::worker_arguments({file.entries().at(i), "/x", {}}, i + 1))
            base::append(out, out.empty() ? "" : "|", word);
        return out;
    };
    EXPECT_EQ(joined(0), "smtpd|-n|smtp|-t|inet|-s|1|-l|5|-c|-v|-o|a=b|-o|c=d e");
    EXPECT_EQ(joined(1), "local|-n|local|-t|unix|-s|2|-l|100|-u");
}

TEST(StartWorker, ANewProcessHasItsPacketSocketAndAProgramThatIsMissingEndsIt)
{
    master::ServiceSpec spec;
    spec.entry.command = "nothing";
    spec.program = "/nonexistent/nothing";
    auto started = master::start_worker(spec, {}, {"A=b"});
    ASSERT_TRUE(started);
    int status = 0;
    ASSERT_EQ(::waitpid(started->pid, &status, 0), started->pid);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    char byte;
    EXPECT_EQ(::recv(started->control.number(), &byte, 1, 0), 0) << "the other end is closed";
}

} // namespace
