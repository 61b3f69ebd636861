# SPDX-License-Identifier: Apache-2.0
"""CPU time and memory of a process family: by control group where one can be made (version 1 or 2),
else by summing /proc over the descendants of a process."""
import os
import time

CGROUP = "/sys/fs/cgroup"
TICK = os.sysconf("SC_CLK_TCK")


def pss_mib(pids):
    """Proportional memory of the processes: what the machine really pays for them."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except OSError:
            pass  # gone meanwhile
    return total / 1024


class GroupMeter:
    """A control group; raises OSError when the system does not let us make one."""
    kind = "control group"

    def __init__(self, name):
        self.folder, self.usage, self.per_second = self._locate(name)
        os.makedirs(self.folder, exist_ok=True)
        with open(self.folder + "/cgroup.procs", "a", encoding="ascii"):
            pass
        self.cpu()

    @staticmethod
    def _locate(name):
        if os.path.isdir(CGROUP + "/cpuacct"):
            return f"{CGROUP}/cpuacct/posthouse-{name}", "cpuacct.usage", 1e9
        return f"{CGROUP}/posthouse-{name}", "cpu.stat", 1e6

    def enter(self):
        """In the child, between fork and exec."""
        with open(self.folder + "/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(os.getpid()))

    def follow(self, pid):
        pass  # who is born in the group stays in it

    def cpu(self):
        """Seconds used so far by all that are or were in the group."""
        with open(f"{self.folder}/{self.usage}", encoding="ascii") as file:
            words = file.read().split()
        count = words[words.index("usage_usec") + 1] if "usage_usec" in words else words[0]
        return int(count) / self.per_second

    def pids(self):
        with open(self.folder + "/cgroup.procs", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def close(self):
        for _ in range(50):
            try:
                os.rmdir(self.folder)
                return
            except OSError:
                time.sleep(0.05)


class FamilyMeter:
    """All descendants of one process. Time of children that ended is in their parents' sums."""
    kind = "/proc sums"

    def __init__(self, _name):
        self.root = 0

    def enter(self):
        pass

    def follow(self, pid):
        self.root = pid

    @staticmethod
    def _stat(pid):
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()

    def pids(self):
        parents = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                parents.setdefault(int(self._stat(pid)[1]), []).append(int(pid))
            except OSError:
                pass
        family, queue = [], [self.root]
        while queue:
            family.append(queue.pop())
            queue += parents.get(family[-1], [])
        return family

    def cpu(self):
        ticks = 0
        for pid in self.pids():
            try:
                ticks += sum(int(field) for field in self._stat(pid)[11:15])
            except OSError:
                pass
        return ticks / TICK

    def close(self):
        pass


def meter(name):
    try:
        return GroupMeter(name)
    except OSError:
        return FamilyMeter(name)
