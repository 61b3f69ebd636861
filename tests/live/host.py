# SPDX-License-Identifier: Apache-2.0
"""The machine as programs on it see it once our mail system is installed, without installing it:
a mount namespace in which /etc/postfix, /usr/sbin and /usr/lib are those of a private instance.

    with SmtpSink() as sink, Host(params={...}, relay_to=sink) as host:
        host.run(["sendmail", "-t"], user="alice", input=b"To: b@c.test\\r\\n\\r\\nhi\\r\\n")
        sink.wait_messages(1)

Users alice and eve exist in there, with homes of their own, besides those of the machine. Commands
are copied, because an unprivileged user may not get to where they were built.
"""
import os
import shlex
import shutil
import stat
import subprocess

import peers
from harness import GROUP, Instance, staged_programs
from ports import require_root, skip

COMMANDS = ("sendmail", "postdrop", "postqueue", "postalias", "postconf", "postlog", "postfix",
            "postsuper", "postcat")
SETGID = ("postdrop", "postqueue")
DAEMONS = ("smtpd",)
SHARED = ("doc", "man", "lintian", "systemd", "udev")  # folders that many packages have
USERS = {"alice": (21001, "Alice & Bob,Room 7"), "eve": (21002, "Eve")}
FARMS = ("/usr/sbin", "/usr/lib", "/usr/bin", "/usr/share")
WORLD = "/usr/sbin:/usr/bin:/sbin:/bin"


def _copy_programs(names, source, target):
    os.makedirs(target, exist_ok=True)
    for name in names:
        if os.path.exists(f"{source}/{name}"):
            shutil.copy(f"{source}/{name}", f"{target}/{name}")


class Host(Instance):
    """`packages`: Debian packages whose files are there too, though they are not installed, because
    some would bring a mail system along (peers.unpacked)."""

    def __init__(self, *, params=None, relay_to=None, setgid=True, packages=(), **options):
        require_root()
        if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
            skip("no mount namespaces here (unshare -m)")
        wanted = {"command_directory": "/usr/sbin", **(params or {})}
        if relay_to:
            wanted["relayhost"] = f"[127.0.0.1]:{relay_to.port}"
        self.setgid = setgid
        self.packages = list(packages)
        super().__init__(params=wanted, programs=staged_programs(), **options)

    def _lay_out(self, master):
        super()._lay_out(master)
        self.root = self.directory + "/host"
        _copy_programs(COMMANDS, self.programs.command_directory, self.root + "/commands")
        _copy_programs(DAEMONS, self.programs.daemon_directory, self.root + "/daemons")
        for name in SETGID if self.setgid else ():
            path = f"{self.root}/commands/{name}"
            shutil.chown(path, group=GROUP)
            os.chmod(path, 0o2755)
        if self.setgid and os.statvfs(self.root).f_flag & os.ST_NOSUID:
            skip(f"set-gid programs do not work in {self.root}")
        commands = f"{self.root}/commands"
        ours = {
            "/usr/sbin": {name: f"{commands}/{name}" for name in os.listdir(commands)},
            "/usr/lib": {"sendmail": f"{commands}/sendmail"},
            "/usr/bin": {name: f"{commands}/sendmail" for name in ("mailq", "newaliases")},
            "/usr/share": {},
        }
        self._etc()
        for package in self.packages:
            self._add_package(package, ours)
        for folder, names in ours.items():
            self._farm(folder, names)

    def _add_package(self, package, ours):
        copy = f"{self.root}/packages/{package}"
        shutil.copytree(peers.unpacked(package), copy, symlinks=True)
        for folder, names in ours.items():
            for inside in (folder, folder.removeprefix("/usr")):
                if os.path.isdir(copy + inside):
                    names.update({name: f"{copy}{inside}/{name}"
                                  for name in os.listdir(copy + inside) if name not in SHARED})
        if os.path.isdir(copy + "/etc"):
            shutil.copytree(copy + "/etc", self.root + "/etc", symlinks=True, dirs_exist_ok=True)

    def _farm(self, folder, ours):
        """A folder in whose place ours are seen beside what is there; `real` is where that is."""
        real, farm = self.root + "/real" + folder, self.root + folder
        os.makedirs(real)
        os.makedirs(farm)
        for name in set(os.listdir(folder)) - set(ours):
            os.symlink(f"{real}/{name}", f"{farm}/{name}")
        for name, path in ours.items():
            os.symlink(path, f"{farm}/{name}")

    def _etc(self):
        etc = self.root + "/etc"
        shutil.copytree("/etc", etc, symlinks=True, ignore=shutil.ignore_patterns("postfix"),
                        copy_function=_copy_with_owner)
        os.chmod(etc, 0o755)
        os.symlink(self.config, etc + "/postfix")
        for name, (uid, full_name) in USERS.items():
            home = f"{self.root}/home/{name}"
            os.makedirs(home)
            os.chown(home, uid, uid)
            _append(etc + "/passwd", f"{name}:x:{uid}:{uid}:{full_name}:{home}:/bin/sh\n")
            _append(etc + "/group", f"{name}:x:{uid}:\n")

    def home(self, user):
        return f"{self.root}/home/{user}"

    def run(self, words, *, user="alice", input=b"", environment=None, script_before="",
            timeout=30, **options):
        """Runs a program on this host as that user, and returns what subprocess.run returns."""
        lines = [f"mount --bind {folder} {self.root}/real{folder}" for folder in FARMS]
        lines += [f"mount --bind {self.root}{folder} {folder}" for folder in (*FARMS, "/etc")]
        become = f"setpriv --reuid {user} --regid {user} --init-groups "
        if user == "root":
            become = ""
        if user == "nobody":
            become = "setpriv --reuid nobody --regid nogroup --clear-groups "
        lines += ["set +e", script_before, f"exec {become}{shlex.join(words)}"]
        home = self.home(user) if user in USERS else "/"
        world = {"PATH": WORLD, "HOME": home, "USER": user, "LOGNAME": user, "LC_ALL": "C.UTF-8",
                 **(environment or {})}
        return subprocess.run(["unshare", "-m", "--propagation", "private", "sh", "-ec",
                               "\n".join(lines)], env=world, input=input, capture_output=True,
                              timeout=timeout, check=False, cwd=home, **options)

    def submit(self, words, message, *, user="alice", status=0, **options):
        """Like run, and looks at the exit status."""
        done = self.run(words, user=user, input=message, **options)
        if done.returncode != status:
            said = (done.stdout + done.stderr).decode(errors="replace")
            raise AssertionError(f"{shlex.join(words)}: exit status {done.returncode}\n{said}"
                                 f"{self.log()[-3000:]}")
        return done

    def maildrop(self):
        return sorted(os.listdir(self.queue + "/maildrop"))


def _copy_with_owner(source, target):
    if not stat.S_ISREG(os.lstat(source).st_mode):
        return target
    shutil.copy2(source, target)
    status = os.stat(source)
    os.chown(target, status.st_uid, status.st_gid)
    return target


def _append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)
