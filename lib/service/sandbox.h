// SPDX-License-Identifier: Apache-2.0
// What a daemon that gave up root may still ask of the kernel. Behind the jail door the kernel
// refuses the rest (seccomp, Landlock), so that a daemon whose parser was taken over has nothing to
// go on with: no programs, no other processes, no files, no network that its duty does not need.
// What it has open stays open.
#pragma once

#include <string>

namespace service {

// Declared in each main, where the daemon is put together. Programs are never started, other
// processes never traced or signalled, whatever is declared.
struct Reach {
    bool files = true;   // Opens, makes, renames or removes files by name.
    bool network = true; // Makes sockets other than UNIX ones.
};

// Puts the bounds in force, for good, for all threads. What the kernel has no means for is left
// out; a refusal to set what it has ends the process.
void enter_sandbox(const Reach& reach);

// The means of this kernel, for a person: "seccomp, Landlock 3", or what is missing.
struct Means {
    bool seccomp = false;
    int landlock = 0; // Its version; 0: none.
};
Means sandbox_means();

} // namespace service
