// SPDX-License-Identifier: Apache-2.0
// Part of every program of a build with --enable-sanitizers, and of no other: where the sanitizers'
// reports go, since daemons have no standard error, and what the sanitizers leave out. The
// sanitizers call these functions by their names.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// A status that no program of ours ends with.
constexpr const char* options = "exitcode=99:quarantine_size_mb=16:print_summary=1";

// The folder of the build, where the process may still go there. A daemon in a jail sees the queue
// directory, in which tests make a folder for this.
constexpr const char* folders[] = {SANITIZER_REPORTS, "sanitizer"};

// The system's own calls: the sanitizers watch those of the library.
int open_report(const char* folder)
{
    char path[512];
    std::snprintf(path, sizeof path, "%s/report.%ld", folder, static_cast<long>(::getpid()));
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, 0644));
}

// Whether somebody else traces this process; the leak checker could not.
bool is_traced()
{
    char status[4096];
    const long fd = ::syscall(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return true;
    const long got = ::syscall(SYS_read, fd, status, sizeof status - 1);
    ::syscall(SYS_close, fd);
    status[got < 0 ? 0 : got] = '\0';
    const char* tracer = std::strstr(status, "\nTracerPid:");
    return tracer == nullptr || std::atoi(tracer + std::strlen("\nTracerPid:")) != 0;
}

} // namespace

extern "C" {

// The name by which the linker is told to take this in, since the sanitizers have those below too.
extern const char* const sanitizer_reports;
const char* const sanitizer_reports = SANITIZER_REPORTS;

const char* __asan_default_options()
{
    return options;
}

const char* __ubsan_default_options()
{
    return "print_stacktrace=1";
}

// Takes a copy of all that is told on standard error.
void __sanitizer_on_print(const char* text)
{
    for (const char* folder : folders) {
        const int fd = open_report(folder);
        if (fd < 0)
            continue;
        (void)::syscall(SYS_write, fd, text, std::strlen(text));
        (void)::syscall(SYS_close, fd);
        return;
    }
}

// The leak checker traces the process, which the kernel permits no more once it has changed its
// user, and never in a set-gid program.
int __lsan_is_turned_off()
{
    const bool set_id = ::getuid() != ::geteuid() || ::getgid() != ::getegid();
    return set_id || ::prctl(PR_GET_DUMPABLE) != 1 || is_traced();
}

} // extern "C"
