# SPDX-License-Identifier: Apache-2.0
"""Attacks from inside: PRV-02, a server whose parser was taken over; PRV-03, nonsense on every
socket between our processes; PRV-04, system calls that fail where rights are given up."""
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
import ports  # noqa: E402
from harness import Instance, staged_programs  # noqa: E402
from smtp_sink import SmtpSink  # noqa: E402

MESSAGE = b"Subject: control\r\n\r\nhello\r\n"
EPERM, EACCES = 1, 13
# System calls of x86-64; the attacker brings his own code, and needs no library.
CALLS = {"open": 2, "socket": 41, "connect": 42, "fork": 57, "execve": 59, "kill": 62, "mkdir": 83,
         "unlink": 87, "ptrace": 101, "setuid": 105, "chroot": 161}


def worker(mta, program):
    found = subprocess.run(["pgrep", "-P", str(mta.master_pid()), "-x", program],
                           capture_output=True, text=True, check=True)
    return int(found.stdout.split()[0])


def inside(pid, calls):
    """What the calls come to when the process makes them: pairs of result and error number."""
    script = ["set pagination off", "set confirm off",
              "set $path = ((void*(*)(long,long))calloc)(1, 120)", "set *(short*)$path = 1"]
    for call in calls:
        name, arguments = call.rstrip(")").split("(", 1)
        number = CALLS[name]
        script.append(f"set $result = ((long(*)(long,...))syscall)({number}, {arguments or 0})")
        script.append(r'printf "ANSWER %d %d\n", $result, *((int*(*)(void))__errno_location)()')
    words = ["gdb", "-q", "-nx", "-batch", "-p", str(pid)]
    for line in script:
        words += ["-ex", line]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    answers = re.findall(r"^ANSWER (-?\d+) (\d+)$", done.stdout, re.M)
    assert len(answers) == len(calls), (done.stdout, done.stderr)
    return [(int(result), int(error) if int(result) < 0 else 0) for result, error in answers]


class TakenOver(unittest.TestCase):
    """PRV-02"""

    @classmethod
    def setUpClass(cls):
        ports.skip_with_sanitizers("the kernel's bounds are off")
        if not shutil.which("gdb"):
            ports.skip("gdb is missing")
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.mta = cls.enterClassContext(Instance(params={
            "relayhost": f"[127.0.0.1]:{cls.sink.port}"}))
        cls.mta.send("a@x.test", ["b@y.test"], MESSAGE)
        cls.mta.wait_log("status=sent")

    def refused(self, program, calls):
        for call, (result, error) in zip(calls, inside(worker(self.mta, program), calls)):
            self.assertLess(result, 0, call)
            self.assertIn(error, (EPERM, EACCES), call)

    def secrets(self):
        """A key of root's, a mailbox that everybody may read, another message."""
        key, box = self.mta.directory + "/key.pem", self.mta.directory + "/mbox"
        for path, mode in ((key, 0o600), (box, 0o644)):
            with open(path, "w", encoding="ascii") as file:
                file.write("secret")
            os.chmod(path, mode)
        self.mta.command("postconf", "defer_transports=smtp")
        return [key, box, "/etc/passwd", "/etc/shadow", self.mta.config + "/main.cf", "deferred",
                "incoming", "private"]

    def attempts(self):
        files = [f'open("{path}", 0)' for path in self.secrets()]
        return files + [
            'open("incoming/planted", 65, 0600)', 'unlink("public/cleanup")',
            'mkdir("/tmp/planted", 0700)', 'execve("/bin/sh", 0, 0)', "fork()",
            f"kill({self.mta.master_pid()}, 0)", f"kill({worker(self.mta, 'qmgr')}, 9)",
            f"ptrace(16, {worker(self.mta, 'qmgr')}, 0, 0)", "setuid(0)", 'chroot("/")']

    def test_smtpd_cannot_leave_its_duty(self):
        self.refused("smtpd", self.attempts() + ["socket(2, 1, 0)", "socket(10, 2, 0)"])
        self.mta.send("a@x.test", ["c@y.test"], MESSAGE)  # and goes on with it

    def test_smtp_cannot_either(self):
        self.refused("smtp", self.attempts())

    def test_queue_processes_start_nothing_and_speak_to_no_network(self):
        for program in ("cleanup", "qmgr"):
            self.refused(program, ['execve("/bin/sh", 0, 0)', "fork()", "socket(2, 1, 0)",
                                   f"kill({self.mta.master_pid()}, 0)",
                                   f"ptrace(16, {self.mta.master_pid()}, 0, 0)"])

    def test_sockets_of_root_are_closed_to_smtpd(self):
        path = self.mta.directory + "/root.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            os.chmod(path, 0o600)
            listener.listen()
            written = "".join(f"*(char*)($path + {2 + i}) = {ord(c)}, " for i, c in enumerate(path))
            answers = inside(worker(self.mta, "smtpd"), [
                "socket(1, 1, 0)", f"connect(({written}$result), $path, 110)"])
        self.assertGreaterEqual(answers[0][0], 0)
        self.assertEqual(answers[1], (-1, EACCES))

    def test_none_of_them_has_rights_left(self):
        for program in ("smtpd", "cleanup", "qmgr", "smtp"):
            with open(f"/proc/{worker(self.mta, program)}/status", encoding="ascii") as file:
                status = dict(line.split(":\t", 1) for line in file.read().splitlines()
                              if ":\t" in line)
            self.assertNotIn("0", status["Uid"].split(), program)
            self.assertEqual(status["NoNewPrivs"], "1", program)
            self.assertEqual(status["Seccomp"], "2", program)
            self.assertEqual(int(status["CapEff"], 16), 0, program)


NONSENSE = [b"", b"\0", b"\xff" * 64, b"\0" * 65536, b"EHLO x\r\n" * 100,
            b"\x10\0\0\0\x01\0\0\0\0", b"\x05\0\0\0\0\0\0\0\0\x05hello",
            b"\x18\0\0\0\0\0\0\0\0\x05hello\x08protocol\x04evil",
            b"\xff\xff\xff\x7f\0\0\0\0\0", os.urandom(4096)]


CONNECT = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"


def with_known_users(master_cf):
    """The services whose programs run as users that not every machine has run as nobody here."""
    return re.sub(r"(\suser=)[\w-]+", r"\1nobody", master_cf)


class Nonsense(unittest.TestCase):
    """PRV-03"""

    def test_every_socket_drops_who_talks_nonsense(self):
        programs = staged_programs()
        programs.master_cf = with_known_users(programs.master_cf)
        with SmtpSink() as sink, Instance(programs=programs, params={
                "virtual_mailbox_base": "/nonexistent",
                "badmail_directory": "$data_directory/badmail",
                "relayhost": f"[127.0.0.1]:{sink.port}"}) as mta:
            self.assertIn("mailman", os.listdir(mta.queue + "/private"))
            mta.send("a@x.test", ["b@y.test"], MESSAGE)
            mta.wait_log("status=sent")
            before = {name: worker(mta, name) for name in ("qmgr", "cleanup", "smtpd")}
            for path in self.sockets(mta):
                for bytes_ in NONSENSE:
                    self.say(path, bytes_)
            began = time.monotonic()
            mta.send("a@x.test", ["c@y.test"], MESSAGE)
            mta.wait_log("to=<c@y.test>.*status=sent")
            self.assertLess(time.monotonic() - began, 5)
            for name, pid in before.items():
                self.assertEqual(worker(mta, name), pid, f"{name} was replaced")
            self.assertNotRegex(mta.log(), "killed by signal|panic:|fatal:|exit status")

    def test_a_program_that_cannot_start_costs_a_few_lines(self):
        lost = "lost unix - n n - - local -o default_privs=nosuchuser7"
        with SmtpSink() as sink, Instance(master=[lost], params={
                "relayhost": f"[127.0.0.1]:{sink.port}"}) as mta:
            until = time.monotonic() + 4
            while time.monotonic() < until:
                self.say(mta.queue + "/private/lost", b"nonsense")
            mta.send("a@x.test", ["b@y.test"], MESSAGE)
            mta.wait_log("to=<b@y.test>,.* status=sent", timeout=5)
            # It is tried after 1, 2, 4 ... seconds, however many clients call.
            for told in (r"local\[\d+\]: fatal: default_privs: unknown user: nosuchuser7\n",
                         r"/local pid \d+ exit status 1\n",
                         r"/local: bad command startup -- throttling\n"):
                self.assertIn(len(re.findall(told, mta.log())), range(1, 5), told)

    def test_outsiders_are_kept_out(self):
        with Instance() as mta:
            for folder, path in (("private", "private/resolver"), ("private", "private/bounce"),
                                 ("public", "public/cleanup"), ("public", "public/qmgr")):
                mode = stat.S_IMODE(os.stat(f"{mta.queue}/{folder}").st_mode)
                self.assertEqual(mode & 0o007, 0, folder)
                done = subprocess.run(
                    ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                     "/usr/bin/python3", "-c", CONNECT,
                     f"{mta.queue}/{path}"], capture_output=True, text=True, check=False)
                self.assertIn("PermissionError", done.stderr, path)

    @staticmethod
    def sockets(mta):
        for folder in ("public", "private"):
            for name in sorted(os.listdir(f"{mta.queue}/{folder}")):
                path = f"{mta.queue}/{folder}/{name}"
                if stat.S_ISSOCK(os.stat(path).st_mode):
                    yield path

    @staticmethod
    def say(path, bytes_):
        kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
        for kind in kinds:
            with socket.socket(socket.AF_UNIX, kind) as client:
                client.settimeout(0.2)
                try:
                    client.connect(path)
                    client.sendall(bytes_)
                    client.shutdown(socket.SHUT_WR)
                    while kind == socket.SOCK_STREAM and client.recv(65536):
                        pass
                    return
                except OSError:
                    continue


class Rights(unittest.TestCase):
    """PRV-04"""

    def test_a_daemon_that_cannot_give_up_root_ends(self):
        if not shutil.which("strace"):
            ports.skip("strace is missing")
        for call in ("setgroups", "setresgid", "setresuid"):
            with self.subTest(call), Instance(start=False) as mta:
                master = subprocess.Popen(
                    ["strace", "-f", "-qq", "-o", mta.directory + "/trace", "-e", f"trace={call}",
                     "-e", f"inject={call}:error=EPERM",
                     mta.programs.command_directory + "/postfix", "start-fg"],
                    env=mta.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    with self.assertRaises((OSError, TimeoutError)):
                        with socket.create_connection(("127.0.0.1", mta.smtp_port), 3) as client:
                            client.settimeout(3)
                            self.assertEqual(client.recv(3), b"")
                            raise TimeoutError("closed without a greeting")
                    ports.wait_until(lambda: os.path.exists(mta.directory + "/trace") and
                                     "EPERM" in self.read(mta.directory + "/trace"), 20, call)
                    for name in ("smtpd", "qmgr", "cleanup"):
                        for pid in self.workers(mta, name):
                            self.assertNotEqual(os.stat(f"/proc/{pid}").st_uid, 0, name)
                finally:
                    subprocess.run(["pkill", "-KILL", "-f", mta.config], check=False)
                    master.kill()
                    master.wait()

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    @staticmethod
    def workers(mta, name):
        """Processes of this instance that have run for a while: a fresh one is still starting."""
        time.sleep(0.3)
        done = subprocess.run(["pgrep", "-P", str(mta.master_pid() or 1), "-x", name],
                              capture_output=True, text=True, check=False)
        return done.stdout.split()


if __name__ == "__main__":
    ports.main()
