# SPDX-License-Identifier: Apache-2.0
"""What the attack tests share: one instance under attack per file, a raw client, and the invariants
that hold around every single case.

A case is a test method named after the attack. Before it, Case notes where log, sink and processes
stand; after it, it checks that nothing died, that a normal message still passes in twice its usual
time, that the queue folders are clean, that every new log line is one printable line, and that no
smtpd has grown past its cap.

Clients from TRUSTED are in mynetworks; those from STRANGER may only send to DOMAIN.
ATTACK_PEER=1 in the environment attacks Debian's Postfix instead, to compare.
"""
import os
import pwd
import re
import socket
import stat
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
import harness  # noqa: E402
import peers  # noqa: E402
from ports import SCALE, wait_until  # noqa: E402
from smtp_sink import SmtpSink  # noqa: E402

TRUSTED, STRANGER = "127.0.0.1", "127.0.0.9"
DOMAIN = "ours.test"  # relay domain: anybody may send there
SMTPD_MEMORY_KIB = 64 * 1024 * SCALE
PARAMS = {
    "mynetworks": f"{TRUSTED}/32",
    "relay_domains": DOMAIN,
    "smtp_tls_security_level": "none",
    "smtpd_error_sleep_time": "0",
    "smtpd_peername_lookup": "no",
    "smtpd_client_connection_count_limit": "0",
}
DIED = re.compile(r"killed by signal|panic:|fatal:|exit status|AddressSanitizer|runtime error:")
# The time and host that postlogd writes, the program, the text.
LOG_LINE = re.compile(rb"[A-Z][a-z]{2} [ \d]\d [\d:.]+ \S+ [\w/.-]+\[\d+\]: [^\x00-\x1f\x7f]+")
ENDINGS = {
    "LF.LF": b"\n.\n", "LF.CR": b"\n.\r", "CR.LF": b"\r.\n", "CR.CR": b"\r.\r",
    "LF.CRLF": b"\n.\r\n", "CR.CRLF": b"\r.\r\n", "CRLF.LF": b"\r\n.\n", "CRLF.CR": b"\r\n.\r",
    "CRLF NUL.CRLF": b"\r\n\0.\r\n", "CRLF.NUL CRLF": b"\r\n.\0\r\n",
    "CRLF.CR CRLF": b"\r\n.\r\r\n", "CR CRLF.CR CRLF": b"\r\r\n.\r\r\n",
}


def programs():
    """What is attacked; None is the staged tree."""
    return peers.postfix_programs() if os.environ.get("ATTACK_PEER") else None


class Wire:
    """An SMTP client that sends exactly the bytes it is told to."""

    def __init__(self, port, source=STRANGER, greeting=True, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout, (source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""
        if greeting:
            self.expect("220")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        """Whether the peer took it."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def line(self):
        """One line without its end; empty when the connection is gone."""
        while b"\n" not in self.pending:
            try:
                more = self.socket.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                line, self.pending = self.pending, b""
                return line.decode("latin-1")
            self.pending += more
        line, _, self.pending = self.pending.partition(b"\n")
        return line.decode("latin-1").rstrip("\r")

    def reply(self):
        """A whole reply, lines joined by newlines; empty when the connection is gone."""
        lines = []
        while True:
            lines.append(self.line())
            if lines[-1][3:4] != "-":
                return "\n".join(lines)

    def replies(self):
        """All that comes until the server closes."""
        found = []
        while True:
            reply = self.reply()
            if not reply:
                return found
            found.append(reply)

    def expect(self, start):
        reply = self.reply()
        if not reply.startswith(start):
            raise AssertionError(f"{start} expected, got {reply!r}")
        return reply

    def ask(self, command):
        """The reply to one command, given without its CRLF as text or bytes."""
        line = command.encode() if isinstance(command, str) else command
        self.send(line + b"\r\n")
        return self.reply()

    def ehlo(self, name="client.test"):
        return self.ask("EHLO " + name)

    def begin(self, sender="first@client.test", recipients=(f"joe@{DOMAIN}",)):
        """MAIL and RCPT, as far as accepted."""
        self.send(b"".join([b"MAIL FROM:<%s>\r\n" % sender.encode()]
                           + [b"RCPT TO:<%s>\r\n" % to.encode() for to in recipients]))
        for _ in range(1 + len(recipients)):
            self.expect("250")

    def data(self):
        self.send(b"DATA\r\n")
        self.expect("354")

    def message(self, content, sender="first@client.test", recipients=(f"joe@{DOMAIN}",)):
        """A transaction by DATA; content goes as it is, with CRLF.CRLF behind. The reply."""
        self.begin(sender, recipients)
        self.data()
        self.send(content + b"\r\n.\r\n")
        return self.reply()

    def quit(self):
        reply = self.ask("QUIT")
        self.close()
        return reply

    def closed(self, seconds=10):
        """Whether the server ends the connection within so many seconds."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False


def processes(program, folder):
    """Process ids of the daemons with this name that belong to the instance in the folder."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm", encoding="ascii", errors="replace") as file:
                if file.read().strip() != program:
                    continue
            if os.readlink(f"/proc/{pid}/cwd") in (folder, folder + " (deleted)"):
                found.append(int(pid))
        except OSError:
            pass  # gone meanwhile
    return found


def memory_kib(pid, what="VmRSS"):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        return int(re.search(what + r":\s+(\d+) kB", file.read()).group(1))


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / os.sysconf("SC_CLK_TCK")


def queue_faults(queue, may_hold=()):
    """What is wrong with the files of the message queue; may_hold names folders that need not be
    empty."""
    owner = pwd.getpwnam(harness.OWNER).pw_uid
    faults = []
    for folder in ("maildrop", "incoming", "active", "deferred", "hold", "corrupt", "bounce",
                   "defer", "trace"):
        for path, _, names in os.walk(os.path.join(queue, folder)):
            for name in names:
                try:
                    status = os.lstat(os.path.join(path, name))
                except FileNotFoundError:
                    continue
                about = f"{folder}/{name}: mode {stat.filemode(status.st_mode)}"
                if status.st_uid != owner:
                    faults.append(about + f", owner {status.st_uid}")
                if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
                    faults.append(about)
                if folder not in may_hold:
                    faults.append(about + ", left behind")
    return faults


def log_faults(data):
    """Lines of a log that are not one printable line with its heading."""
    faults = []
    for line in data.split(b"\n")[:-1]:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            faults.append(line[:200])
            continue
        if not LOG_LINE.fullmatch(line) or re.search("[\u0080-\u009f\u2028\u2029]", text):
            faults.append(line[:200])
    return faults


class Case(unittest.TestCase):
    """One instance per class, whose mail goes to self.sink; invariants around each test."""
    params = {}
    master = ()
    sink_script = None
    may_hold = ()  # queue folders in which messages may stay

    @classmethod
    def setUpClass(cls):
        cls.sink = SmtpSink(cls.sink_script)
        cls.dns = None
        try:
            cls.mta = cls.make_instance()
        except BaseException:
            cls.sink.close()
            raise
        cls.usual = sorted(cls.control() for _ in range(7))[3]

    @classmethod
    def make_instance(cls):
        params = {"relayhost": f"[127.0.0.1]:{cls.sink.port}", "disable_dns_lookups": "yes",
                  **PARAMS, **cls.params}
        return harness.Instance(params=params, master=cls.master, programs=programs())

    @classmethod
    def tearDownClass(cls):
        cls.mta.stop()
        cls.sink.close()

    @classmethod
    def control(cls):
        """Seconds until a normal message, just handed in, is at the sink."""
        mark = f"control-{time.monotonic_ns()}"
        began = time.monotonic()
        with Wire(cls.mta.smtp_port, TRUSTED) as wire:
            wire.ehlo()
            reply = wire.message(b"Subject: control\r\n\r\n" + mark.encode(),
                                 f"{mark}@client.test", (f"control@{DOMAIN}",))
            wire.quit()
        if not reply.startswith("250"):
            raise AssertionError(f"control message: {reply}")
        while not any(m.sender.startswith(mark) for m in list(cls.sink.messages)):
            if time.monotonic() - began > 20:
                raise AssertionError("control message does not arrive\n" + cls.mta.log()[-3000:])
            time.sleep(0.002)
        return time.monotonic() - began

    def setUp(self):
        self.wires = []
        self.settle()
        self.log_start = os.path.getsize(self.mta.log_file)
        self.sink_start = len(self.sink.messages)
        self.master_pid = self.mta.master_pid()

    def tearDown(self):
        self.check_control()
        for wire in self.wires:
            wire.close()
        self.settle()
        self.assertEqual(self.mta.master_pid(), self.master_pid)
        with open(self.mta.log_file, "rb") as file:
            file.seek(self.log_start)
            data = file.read()
        self.assertEqual(log_faults(data), [])
        died = [line for line in data.decode("utf-8", "replace").split("\n") if DIED.search(line)]
        self.assertEqual(died, [])
        for pid in processes("smtpd", self.mta.queue):
            self.assertLess(memory_kib(pid, "VmHWM"), SMTPD_MEMORY_KIB)
        self.assertEqual(queue_faults(self.mta.queue, self.may_hold), [])

    def check_control(self):
        """A normal message passes in twice its usual time; the machine may be busy otherwise."""
        limit = max(2 * self.usual, self.usual + 0.3 * SCALE)
        took = min(self.control() for _ in range(2))
        self.assertLess(took, limit, "control message is slow")

    def settle(self):
        """Waits until nothing is under way."""
        folders = [f for f in ("incoming", "active", "maildrop") if f not in self.may_hold]

        def quiet():
            return not any(os.listdir(os.path.join(self.mta.queue, f)) for f in folders)
        try:
            wait_until(quiet, 20, "queue at rest")
        except TimeoutError:
            pass  # told by queue_faults, with names

    def arrived(self):
        """Messages since the case began, control messages aside; ends its sessions."""
        for wire in self.wires:
            wire.close()
        self.settle()
        return [m for m in self.sink.messages[self.sink_start:]
                if not m.sender.startswith("control-")]

    def log(self):
        """The log since the case began."""
        with open(self.mta.log_file, "rb") as file:
            file.seek(self.log_start)
            return file.read().decode("utf-8", "replace")

    def wait_log(self, pattern, timeout=15):
        return wait_until(lambda: re.search(pattern, self.log()), timeout, pattern)

    def wire(self, source=STRANGER, ehlo=True):
        wire = Wire(self.mta.smtp_port, source)
        self.wires.append(wire)
        if ehlo:
            wire.ehlo()
        return wire


def body(data):
    """Content behind the header that relays add to."""
    return data.partition(b"\r\n\r\n")[2]
