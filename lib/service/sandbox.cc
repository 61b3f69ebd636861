// SPDX-License-Identifier: Apache-2.0
// The kernel's bounds; see sandbox.h.
#include "lib/service/sandbox.h"

#include <cerrno>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/base/result.h"

namespace service {

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool build_allows = false; // Reports read files and start a program.
#else
constexpr bool build_allows = true;
#endif

// Calls that no daemon behind the door needs, by name, because not every kernel and architecture
// has all of them.
constexpr const char* forbidden_calls[] = {
    // Programs and processes.
    "execve",
    "execveat",
    "fork",
    "vfork",
    "unshare",
    "setns",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "kcmp",
    "kill",
    "tkill",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "migrate_pages",
    "move_pages",
    // The system.
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "open_tree",
    "move_mount",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "swapon",
    "swapoff",
    "sethostname",
    "setdomainname",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "acct",
    "quotactl",
    "quotactl_fd",
    "iopl",
    "ioperm",
    "syslog",
    "personality",
    "name_to_handle_at",
    "open_by_handle_at",
    "lookup_dcookie",
    // Wide doors of the kernel.
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "add_key",
    "request_key",
    "keyctl",
    "landlock_add_rule",
};

struct FreeFilter {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FreeFilter>;

[[noreturn]] void refuse(std::string_view what, int code)
{
    base::fatal(base::system_error(what, code).text);
}

void forbid(void* filter, const char* name, int code)
{
    const int number = seccomp_syscall_resolve_name(name);
    if (number < 0)
        return; // Not on this architecture.
    if (int failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(code), number, 0); failed < 0)
        refuse(name, -failed);
}

void forbid_if(void* filter, const char* name, scmp_arg_cmp condition)
{
    const int number = seccomp_syscall_resolve_name(name);
    if (int failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 1, condition);
        failed < 0)
        refuse(name, -failed);
}

void restrict_calls(const Reach& reach)
{
    Filter filter(seccomp_init(SCMP_ACT_ALLOW));
    if (!filter)
        refuse("seccomp", ENOMEM);
    // All threads; a kernel that cannot is too old for us to have started any.
    seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
    seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (const char* name : forbidden_calls)
        forbid(filter.get(), name, EPERM);
    // Threads, but no processes. The arguments of clone3 cannot be seen; libraries fall back.
    forbid(filter.get(), "clone3", ENOSYS);
    forbid_if(filter.get(), "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    forbid_if(filter.get(), "tgkill",
              SCMP_A0(SCMP_CMP_NE, static_cast<scmp_datum_t>(::getpid()), 0));
    if (!reach.network)
        forbid_if(filter.get(), "socket", SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0));
    if (int failed = seccomp_load(filter.get()); failed < 0)
        refuse("seccomp", -failed);
}

// Landlock, whose header is younger than some systems that we are built on.
struct Ruleset {
    std::uint64_t files;
    std::uint64_t network; // From version 4.
    std::uint64_t scoped;  // From version 6.
};
constexpr std::uint64_t first_rights = (1U << 13) - 1; // Version 1: execute to make_sym.
constexpr std::uint64_t refer = 1U << 13;              // Version 2.
constexpr std::uint64_t truncate = 1U << 14;           // Version 3.
constexpr std::uint64_t scope_abstract_sockets = 1;
constexpr std::uint64_t scope_signals = 2;
constexpr unsigned ask_version = 1;

int landlock_version()
{
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_version);
    return version < 0 ? 0 : static_cast<int>(version);
}

std::size_t ruleset_size(int version)
{
    return version < 4 ? 8 : version < 6 ? 16 : 24;
}

// No rule is added: nothing may be opened by name any more.
void close_files(int version)
{
    Ruleset rules{first_rights, 0, 0};
    if (version >= 2)
        rules.files |= refer;
    if (version >= 3)
        rules.files |= truncate;
    if (version >= 6)
        rules.scoped = scope_abstract_sockets | scope_signals;
    base::Fd ruleset{
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, ruleset_size(version), 0))};
    if (!ruleset || ::syscall(SYS_landlock_restrict_self, ruleset.number(), 0) != 0)
        refuse("Landlock", errno);
}

bool has_seccomp()
{
    // With a null filter a kernel that has the call says that the address is bad.
    return ::prctl(PR_SET_SECCOMP, 2, nullptr) < 0 && errno == EFAULT;
}

} // namespace

Means sandbox_means()
{
    return {has_seccomp(), landlock_version()};
}

void enter_sandbox(const Reach& reach)
{
    if (!build_allows)
        return;
    const Means means = sandbox_means();
    if (!reach.files && means.landlock > 0)
        close_files(means.landlock);
    if (means.seccomp)
        restrict_calls(reach);
}

} // namespace service
