# SPDX-License-Identifier: Apache-2.0
"""A small Debian 12 in a folder, with namespaces of its own for mounts, processes and the network,
for tests that install packages. Nothing of it reaches the machine that tests run on.

    with Guest() as guest:
        guest.install(deb)
        guest.run("postfix status")

The system is made once from the machine's own mirror (mmdebstrap) and kept as a tarball beside the
peers; Debian's postfix is installed in it, as what our package is installed over.
"""
import os
import shutil
import subprocess
import tempfile

from peers import peers_folder
from ports import require_root, skip, wait_until

LIBRARIES = ["adduser", "netbase", "libevent-core-2.1-7", "libgcc-s1", "libicu72", "libidn2-0",
             "liblmdb0", "libpcre2-8-0", "libseccomp2", "libssl3", "libstdc++6", "libunbound8"]
SOURCES = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"]


def base_tarball():
    """The system with Debian's postfix; makes it if need be, skips the test if that fails."""
    path = os.path.join(peers_folder(), "debian-12-postfix.tar")
    if os.path.exists(path):
        return path
    if not shutil.which("mmdebstrap"):
        skip("mmdebstrap is not installed: tools/dev/install-packages test")
    os.makedirs(peers_folder(), exist_ok=True)
    sources = [name for name in SOURCES if os.path.exists(name) and os.path.getsize(name)]
    made = subprocess.run(
        ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=tar",
         "--include=" + ",".join(["postfix"] + LIBRARIES), "bookworm", path + ".new",
         *sources[:1]], capture_output=True, text=True, check=False, timeout=600)
    if made.returncode != 0:
        skip("cannot make a Debian system: " + made.stderr[-500:])
    os.rename(path + ".new", path)
    return path


class Guest:
    def __init__(self):
        require_root()
        tarball = base_tarball()
        self.root = tempfile.mkdtemp(prefix="guest-")
        os.chmod(self.root, 0o755)
        self._holder = None
        try:
            subprocess.run(["tar", "xpf", tarball, "-C", self.root, "--numeric-owner"], check=True)
            self._enter_namespaces()
        except (OSError, subprocess.SubprocessError):
            self.stop()
            raise

    def _enter_namespaces(self):
        setup = (f"mount -t proc proc {self.root}/proc && mount --rbind /dev {self.root}/dev && "
                 "ip link set lo up; echo ready; exec sleep infinity")
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--net", "--uts", "--fork", "--kill-child",
             "--propagation", "private", "sh", "-c", setup],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if self._holder.stdout.readline() != b"ready\n":
            self.stop()
            skip("namespaces are not permitted here")
        with open(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children",
                  encoding="ascii") as file:
            self._init = file.read().split()[0]
        self.write("/etc/hosts", "127.0.0.1 localhost guest.test guest\n")
        self.run("hostname guest")

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
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, name):
        return self.root + name

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def run(self, script, check=True, timeout=120):
        """Runs a shell script in the guest; what it printed."""
        done = subprocess.run(
            ["nsenter", "-t", self._init, "-m", "-p", "-n", "-u", "chroot", self.root,
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
