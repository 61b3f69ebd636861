# SPDX-License-Identifier: Apache-2.0
"""A private instance of Posthouse on loopback ports, for tests, for quickstart and for the bench.

    with Instance(params={"relayhost": f"[127.0.0.1]:{sink.port}"}) as mta:
        mta.send("a@x.test", ["b@y.test"], b"Subject: x\\r\\n\\r\\nhello\\r\\n")
        mta.wait_log(r"status=sent")

Everything of an instance lies in its directory: etc (main.cf, master.cf), queue, data, log. The
programs come from the staged tree of the build (make stage); Programs describes where they are,
so that the same instance can be made of Debian's Postfix, unpacked (peers.py), beside ours.

    dns=NameServer({...})
makes it ask that name server instead of the system's.

    master=["slow unix - - n - 1 smtp -o smtp_connect_timeout=1s", ...]
adds services or replaces those of the same name and type. The SMTP service is on smtp_port.
POSTHOUSE_MTA=postfix in the environment puts Debian's Postfix where ours would be: what a test says
of mail in general must hold there too.
POSTHOUSE_KEEP=1 in the environment keeps the directory of each instance for a look at it.
"""
import dataclasses
import grp
import json
import os
import pwd
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time

from ports import REPORTS, free_port, greets, require_root, skip, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
SRCDIR = os.path.abspath(os.environ.get("SRCDIR", os.path.join(HERE, "..", "..")))
BUILDDIR = os.path.abspath(os.environ.get("BUILDDIR", os.path.join(SRCDIR, "build")))
OWNER, GROUP = "postfix", "postdrop"
START_SECONDS = 20
STOP_SECONDS = 20

BASE_PARAMS = {
    "compatibility_level": "3.6",
    "myhostname": "mail.posthouse.test",
    "mydestination": "",
    "mynetworks": "127.0.0.0/8",
    "inet_interfaces": "127.0.0.1",
    "inet_protocols": "ipv4",
    "local_recipient_maps": "",
    "alias_maps": "",
    "biff": "no",
    "maillog_file_prefixes": "/",
}
# Used as long as the tree has no conf/master.cf.
BASE_MASTER = """smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
resolver unix - - n - 1 resolver
postlog unix-dgram n - n - 1 postlogd
"""


@dataclasses.dataclass
class Programs:
    """Where commands and daemons are, and what they need to run from there."""
    command_directory: str
    daemon_directory: str
    master_cf: str = BASE_MASTER
    params: dict = dataclasses.field(default_factory=dict)
    environment: dict = dataclasses.field(default_factory=dict)
    config_files: list = dataclasses.field(default_factory=list)  # copied beside main.cf


def staged_programs(build=None):
    """The programs of this tree, as `make stage` installed them; skips the test if it did not."""
    stage = os.path.join(build or BUILDDIR, "stage")
    commands, daemons = stage + "/usr/sbin", stage + "/usr/lib/postfix/sbin"
    if not os.path.exists(commands + "/postfix") or not os.path.exists(daemons + "/master"):
        skip(f"no staged programs in {stage}: make stage")
    conf = os.path.join(SRCDIR, "conf", "master.cf")
    text = BASE_MASTER
    if os.path.exists(conf):
        with open(conf, encoding="utf-8") as file:
            text = file.read()
    modules = {"shlib_directory": stage + "/usr/lib/postfix",
               "meta_directory": stage + "/etc/postfix"}
    return Programs(commands, daemons, text, modules)


OURS = os.environ.get("POSTHOUSE_MTA", "") != "postfix"


def tested_programs():
    """The programs that tests are about: ours, unless the environment says otherwise."""
    if OURS:
        return staged_programs()
    import peers  # pylint: disable=import-outside-toplevel,cyclic-import
    return peers.postfix_programs()


def logical_lines(text):
    """Lines of a main.cf or master.cf: no comments, continuations joined."""
    lines = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and lines:
            lines[-1] += "\n" + line
        else:
            lines.append(line)
    return lines


def make_master_cf(text, smtp_listen, extra=()):
    """master.cf for a private instance: SMTP where we say, no chroot, extra lines on top."""
    services = {}
    for line in logical_lines(text) + list(extra):
        words = line.split(None, 7)
        if words[:2] == ["smtp", "inet"]:
            words[0] = smtp_listen
        words[4] = "n" if line not in extra else words[4]
        services[(words[0], words[1])] = " ".join(words[:7]) + " " + words[7]
    return "".join(line + "\n" for line in services.values())


class Instance:
    def __init__(self, directory=None, *, params=None, master=(), programs=None, smtp_port=None,
                 dns=None, start=True):
        require_root()
        self.programs = programs or tested_programs()
        self._own = directory is None
        self._log_begin = 0
        self.directory = os.path.abspath(directory or tempfile.mkdtemp(prefix="posthouse-"))
        self.config = self.directory + "/etc"
        self.queue = self.directory + "/queue"
        self.log_file = self.directory + "/log/mail.log"
        self.smtp_port = smtp_port or free_port()
        self.environment = {**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                            **self.programs.environment, "MAIL_CONFIG": self.config}
        self.params = self._all_params(params or {}, dns)
        self._lay_out(master)
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            print("---- log of the instance ----\n" + self.log()[-20000:], file=sys.stderr)
        self.stop()

    def _all_params(self, params, dns):
        own = {
            "queue_directory": self.queue,
            "data_directory": self.directory + "/data",
            "command_directory": self.programs.command_directory,
            "daemon_directory": self.programs.daemon_directory,
            "mail_owner": OWNER,
            "setgid_group": GROUP,
            "maillog_file": self.log_file,
        }
        if dns:
            own["resolver_servers"] = f"127.0.0.1:{dns.port}"
        merged = {**BASE_PARAMS, **own, **self.programs.params, **params}
        return {name: value for name, value in merged.items() if value is not None}

    def _lay_out(self, master):
        for account, known in ((OWNER, pwd.getpwnam), (GROUP, grp.getgrnam)):
            try:
                known(account)
            except KeyError:
                skip(f"no user or group {account}: tools/dev/install-packages makes them")
        os.chmod(self.directory if os.path.isdir(self.directory) else _made(self.directory), 0o755)
        for folder in (self.config, self.queue, self.directory + "/data", self.directory + "/log"):
            os.makedirs(folder, exist_ok=True)
        if REPORTS:  # For who is in a jail there.
            os.makedirs(self.queue + "/sanitizer", exist_ok=True)
            os.chmod(self.queue + "/sanitizer", 0o1777)
        shutil.chown(self.directory + "/data", OWNER)
        shutil.chown(self.directory + "/log", OWNER)
        os.chmod(self.directory + "/data", 0o700)
        for path in self.programs.config_files:
            shutil.copy(path, self.config)
        self.write_main_cf()
        self.write("master.cf", make_master_cf(self.programs.master_cf,
                                               f"127.0.0.1:{self.smtp_port}", master))

    def write(self, name, text):
        """A file in the configuration directory; its path."""
        path = os.path.join(self.config, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def write_main_cf(self, **changes):
        self.params.update(changes)
        self.write("main.cf", "".join(f"{n} = {v}\n" for n, v in self.params.items()))

    # Life.

    def command(self, *words, check=True, text=True, timeout=60, **options):
        """Runs postqueue, postsuper, postconf, ... on this instance."""
        path = os.path.join(self.programs.command_directory, words[0])
        return subprocess.run([path, *words[1:]], env=self.environment, check=check, text=text,
                              capture_output=True, timeout=timeout, stdin=subprocess.DEVNULL,
                              **options)

    def start(self):
        done = self.command("postfix", "-c", self.config, "start", check=False)
        if done.returncode != 0:
            raise RuntimeError(f"postfix start: exit code {done.returncode}\n{done.stdout}"
                               f"{done.stderr}{self.log()}")
        try:
            wait_until(lambda: greets(self.smtp_port), START_SECONDS, "greeting of the SMTP server")
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{done.stdout}{done.stderr}{self.log()}") from None

    def master_pid(self):
        """Process id of a master that runs, or 0. One that has ended counts as gone though init has
        not collected it yet, which may take init seconds."""
        try:
            with open(self.queue + "/pid/master.pid", encoding="ascii") as file:
                pid = int(file.read().split()[0])
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                state = file.read().rpartition(")")[2].split()[0]
            return 0 if state in "ZX" else pid
        except (OSError, ValueError, IndexError):
            return 0

    def reload(self):
        return self.command("postfix", "-c", self.config, "reload")

    def stop(self):
        pid = self.master_pid()
        if pid:
            self.command("postfix", "-c", self.config, "stop", check=False)
            try:
                wait_until(lambda: not self.master_pid(), STOP_SECONDS, "end of the master")
            except TimeoutError:
                os.killpg(os.getpgid(pid), signal.SIGKILL)
        if REPORTS:
            self.collect_reports()
        if self._own and not os.environ.get("POSTHOUSE_KEEP"):
            shutil.rmtree(self.directory, ignore_errors=True)

    def collect_reports(self):
        """Where `make asan` looks for them."""
        jail = self.queue + "/sanitizer"
        for name in os.listdir(jail) if os.path.isdir(jail) else ():
            shutil.move(f"{jail}/{name}", f"{REPORTS}/{name}.{os.path.basename(self.directory)}")

    # What a test does and looks at.

    def send(self, sender, recipients, data, *, helo="client.test", options=()):
        with smtplib.SMTP("127.0.0.1", self.smtp_port, local_hostname=helo, timeout=60) as smtp:
            return smtp.sendmail(sender, recipients, data, list(options))

    def log(self):
        try:
            with open(self.log_file, "rb") as file:
                file.seek(self._log_begin)
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def forget_log(self):
        """The log begins here."""
        self._log_begin = os.path.getsize(self.log_file)

    def wait_log(self, pattern, count=1, timeout=30):
        """All matches of the pattern in the log once there are at least so many."""
        found = []

        def enough():
            found[:] = list(re.finditer(pattern, self.log()))
            return len(found) >= count
        wait_until(enough, timeout, f"{count} of {pattern!r} in the log")
        return found

    def queued(self):
        """The queue as postqueue -j tells it."""
        return [json.loads(line) for line in self.command("postqueue", "-j").stdout.splitlines()]

    def wait_empty(self, timeout=60):
        wait_until(lambda: not self.queued(), timeout, "empty queue")


def _made(directory):
    os.makedirs(directory)
    return directory


def deliveries(log):
    """(queue id, recipient, status) of each delivery line in a log."""
    return re.findall(r"\b(\w+): to=<([^>]*)>,.* status=(\w+)", log)


def seconds(function, *arguments):
    began = time.monotonic()
    function(*arguments)
    return time.monotonic() - began
