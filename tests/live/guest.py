# SPDX-License-Identifier: Apache-2.0
"""A small Debian 12 in a folder, with namespaces of its own for mounts, processes and the network,
for tests that install packages. Nothing of it reaches the machine that tests run on.

    with Guest() as guest:
        guest.install(deb)
        guest.run("postfix status")

A Booted guest runs systemd as its first process, in a control group of its own.

The system is made once from the machine's own mirror (mmdebstrap) and kept beside the peers; a
guest writes to a layer of its own. Debian's postfix is installed in it, as what our package is
installed over. Packages that depend on a postfix lie in /srv/dependants, for there is no network.
"""
import fcntl
import os
import shutil
import subprocess
import tempfile
import time

from peers import peers_folder
from ports import require_root, skip, wait_until

LIBRARIES = ["adduser", "netbase", "libevent-core-2.1-7", "libgcc-s1", "libicu72", "libidn2-0",
             "liblmdb0", "libpcre2-8-0", "libseccomp2", "libssl3", "libstdc++6", "libunbound8"]
SYSTEM = ["systemd", "systemd-sysv", "dbus"]
# Each meets a mail system in its own way: by Depends, by Recommends, by postconf in its scripts.
DEPENDANTS = ["postfix-policyd-spf-python", "postfix-doc", "postsrsd", "postgrey", "bsd-mailx"]
# What those want besides; installed before, for it takes its time.
THEIRS = ["libberkeleydb-perl", "libbsd0", "liblockfile1", "libnet-dns-perl", "libnet-server-perl",
          "libnetaddr-ip-perl", "perl", "python3", "python3-pkg-resources", "python3-spf-engine",
          "ucf"]
FETCH = "mkdir -p /srv/dependants && cd /srv/dependants && apt-get download "
SOURCES = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"]


def base_system():
    """The system with Debian's postfix, as a folder; makes it if need be, skips the test if that
    fails."""
    path = os.path.join(peers_folder(), "debian-12")
    os.makedirs(peers_folder(), exist_ok=True)
    with open(path + ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Tests run side by side.
        if not os.path.exists(path):
            make_system(path)
    return path


def make_system(path):
    if not shutil.which("mmdebstrap"):
        skip("mmdebstrap is not installed: tools/dev/install-packages test")
    shutil.rmtree(path + ".new", ignore_errors=True)
    sources = [name for name in SOURCES if os.path.exists(name) and os.path.getsize(name)]
    made = subprocess.run(
        ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory",
         "--include=" + ",".join(["postfix"] + LIBRARIES + SYSTEM + THEIRS),
         f"--customize-hook=chroot \"$1\" sh -c '{FETCH}{' '.join(DEPENDANTS)}'", "bookworm",
         path + ".new", *sources[:1]], capture_output=True, text=True, check=False, timeout=600)
    if made.returncode != 0:
        skip("cannot make a Debian system: " + made.stderr[-500:])
    os.rename(path + ".new", path)


# In a mount namespace of its own: the guest's files, what it writes on top of the common system.
FILES = """set -e
cd $1; mkdir upper work root
mount -t overlay overlay -o lowerdir=$2,upperdir=$1/upper,workdir=$1/work root ||
    cp -a $2/. root
cd root
echo '127.0.0.1 localhost guest.test guest' >etc/hosts
echo guest >etc/hostname
ip link set lo up
"""
GUEST = FILES + """
mount -t proc proc proc
mount --rbind /dev dev
hostname guest
echo ready
exec sleep infinity
"""


class Guest:
    enter = ("-m", "-p", "-n", "-u")  # The namespaces, as nsenter names them.

    def __init__(self):
        require_root()
        self.system = base_system()
        self.folder = tempfile.mkdtemp(prefix="guest-")
        os.chmod(self.folder, 0o755)
        self._holder = None
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self):
        self._hold(["unshare", "--mount", "--pid", "--net", "--uts", "--fork", "--kill-child",
                    "--propagation", "private", "sh", "-c", GUEST, "sh", self.folder, self.system])
        self._root = self.folder + "/root"
        self._chroot = ["chroot", self._root]

    def _hold(self, words):
        """Starts what makes the namespaces and stays; it says when they are ready."""
        self._holder = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        if self._holder.stdout.readline() != b"ready\n":
            skip("namespaces are not permitted here")
        with open(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children",
                  encoding="ascii") as file:
            self._init = file.read().split()[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self._holder:
            self._holder.kill()  # Its children with it, and the mounts with them.
            self._holder.wait()
            self._holder.stdout.close()
            self._holder = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        """A file of the guest, as this machine names it."""
        return f"/proc/{self._init}/root{self._root}{name}"

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def on_its_network(self, *words):
        """The words of a command of this machine that meets the guest's network."""
        return ["nsenter", "-t", self._init, "-n", *words]

    def run(self, script, check=True, timeout=120):
        """Runs a shell script in the guest; what it printed."""
        done = subprocess.run(
            ["nsenter", "-t", self._init, *self.enter, *self._chroot,
             "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/",
             "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "sh", "-ec", script],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", check=False, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{script}\nexit code {done.returncode}\n{done.stdout}")
        return done.stdout

    def install(self, deb):
        """By apt, as people do."""
        shutil.copy(deb, self.path("/srv/"))
        return self.run(f"apt-get install -y /srv/{os.path.basename(deb)} 2>&1")

    def wait(self, script, seconds, what):
        """Until the script succeeds."""
        wait_until(lambda: self.run(script + " && echo yes || true").endswith("yes\n"), seconds,
                   what)


# What systemd asks for in a container. Of devices there are the harmless ones.
CONTAINER = FILES + """
mount --bind . . && cd $1/root
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
    : >dev/$name
    mount --bind /dev/$name dev/$name
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for folder in run tmp; do mount -t tmpfs -o mode=1777 tmpfs $folder; done
chmod 755 run
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
shift 2
for unit; do ln -sf /dev/null etc/systemd/system/$unit; done
pivot_root . mnt
umount -l mnt
echo ready
exec env -i container=guest PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system >/dev/null
"""
# Not for a container, or not for a test.
MASKED = ["sys-kernel-debug.mount", "sys-kernel-tracing.mount", "dev-hugepages.mount",
          "sys-fs-fuse-connections.mount", "apt-daily.timer", "apt-daily-upgrade.timer",
          "console-getty.service", "e2scrub_all.timer", "fstrim.timer", "dpkg-db-backup.timer"]


def control_groups():
    """Where the machine has its unified hierarchy; skips the test if nowhere."""
    with open("/proc/self/mounts", encoding="utf-8") as file:
        found = [line.split()[1] for line in file if line.split()[2] == "cgroup2"]
    if not found or not os.access(found[0], os.W_OK):
        skip("systemd cannot boot here: no control groups (cgroup2) to write to")
    return found[0]


class Booted(Guest):
    """With systemd as its first process."""
    enter = ("-m", "-p", "-n", "-u", "-i", "-C")
    group = None

    def _start(self):
        self.group = os.path.join(control_groups(), os.path.basename(self.folder))
        try:
            os.mkdir(self.group)
        except OSError as error:
            skip(f"systemd cannot boot here: {error}")
        self._root, self._chroot = "", []  # The root of its mounts is the root.
        namespaces = ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup",
                      "--fork", "--kill-child", "--propagation", "private"]
        self._hold(["sh", "-c", f'echo $$ >{self.group}/cgroup.procs && exec "$@"', "sh",
                    *namespaces, "sh", "-c", CONTAINER, "sh", self.folder, self.system, *MASKED])
        state = self._boot(time.monotonic() + 30)
        if state not in ("running", "degraded"):
            skip(f"systemd does not boot here: {state}")

    def _boot(self, deadline):
        """The state in which the system has come up, or what kept it from that."""
        state = "no answer"
        while time.monotonic() < deadline and self._holder.poll() is None:
            state = self.run("systemctl is-system-running 2>&1", check=False).strip()
            if state in ("running", "degraded"):
                break
            time.sleep(0.1)
        return state

    def stop(self):
        super().stop()
        deadline = time.monotonic() + 10  # The killed take a moment to be gone.
        while self.group and os.path.exists(self.group) and time.monotonic() < deadline:
            for folder, _, _ in os.walk(self.group, topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    time.sleep(0.02)
        self.group = None
