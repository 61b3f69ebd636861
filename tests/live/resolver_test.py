#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The resolver program by itself: against a real name server, and against one that lies."""
import os
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest

from nameserver import NameServer
from ports import SCALE, free_port

BUILD = os.environ.get("BUILDDIR", "build")
RESOLVER = os.path.join(BUILD, "services/resolver/resolver")
CLIENT = os.path.join(BUILD, "tests/tools/resolve")
A, CNAME, PTR, MX, TXT, AAAA = 1, 5, 12, 15, 16, 28


def wire(name):
    labels = [part.encode() for part in name.split(".") if part]
    return b"".join(bytes([len(part)]) + part for part in labels) + b"\0"


def record(owner, kind, data):
    return owner + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


class Liar:
    """A DNS server on UDP and TCP whose answer depends on the first label of the name."""

    def __init__(self):
        self.port = free_port(socket.SOCK_DGRAM)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.tcp = socket.create_server(("127.0.0.1", self.port))
        for serve in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def close(self):
        self.udp.close()
        self.tcp.close()

    def serve_udp(self):
        while True:
            try:
                data, peer = self.udp.recvfrom(4096)
                answer = self.answer(data)
                if answer and len(answer) > 1200:
                    answer = answer[:2] + struct.pack(">H", 0x8380) + answer[4:6] + bytes(6)
                    answer += data[12:self.end(data)]
                if answer:
                    self.udp.sendto(answer, peer)
            except OSError:
                return

    def serve_tcp(self):
        while True:
            try:
                client, _ = self.tcp.accept()
                client.settimeout(2)
                size = struct.unpack(">H", client.recv(2))[0]
                answer = self.answer(client.recv(size))
                if answer:
                    client.sendall(struct.pack(">H", len(answer)) + answer)
                client.close()
            except socket.timeout:
                continue
            except OSError:
                if self.tcp.fileno() < 0:
                    return

    @staticmethod
    def end(data):
        at = 12
        while data[at]:
            at += data[at] + 1
        return at + 5

    def answer(self, data):
        end = self.end(data)
        kind = struct.unpack(">H", data[end - 4:end - 2])[0]
        name = data[13:13 + data[12]].decode("latin-1").lower()
        code, answers = self.lies(name, kind)
        if code is None:
            return None
        head = data[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, len(answers), 0, 0)
        return head + data[12:end] + b"".join(answers)

    def lies(self, name, kind):
        """Response code and answers; None: silence."""
        this, four = b"\xc0\x0c", b"\x7f\0\0\1"
        odd = {"11": b"\5a\nb\"c\4test\0", "12": b"\5a.b.c\4test\0", "13": b"\4\xc3\xa9ab\4test\0",
               "14": wire("trusted.test"), "15": wire("15.back.test"), "16": b"\xc0\x0c\0"}
        if kind == PTR and name in odd:
            return 0, [record(this, PTR, odd[name])]
        table = {
            "nodomain": (3, []), "nodata": (0, []), "servfail": (2, []), "refused": (5, []),
            "silent": (None, []), "loop": (0, [record(this, CNAME, this)]),
            "many": (0, [record(this, MX, struct.pack(">H", i) + wire(f"mx{i}.test"))
                         for i in range(1000)]),
            "short": (0, [record(this, kind, b"\1")]),
            "wrong": (0, [record(wire("other.test"), kind, four)]),
            "good": (0, [record(this, A, four)] if kind == A else []),
            "15": (0, [record(this, A, b"\x7f\0\0\x0f")] if kind == A else []),
            "trusted": (0, [record(this, A, b"\x7f\0\0\x63")] if kind == A else []),
        }
        return table.get(name, (3, []))


class Resolver:
    """The program as master starts it: descriptor 3 to master, 4 the listening socket."""

    def __init__(self, port, **params):
        self.folder = tempfile.mkdtemp(prefix="resolver-")
        self.socket = self.folder + "/socket"
        settings = {"queue_directory": self.folder, "data_directory": self.folder,
                    "maillog_file": self.folder + "/log", "maillog_file_prefixes": "/",
                    "compatibility_level": "3.6", "resolver_servers": f"127.0.0.1:{port}",
                    "resolver_hosts_file": self.folder + "/hosts", **params}
        with open(self.folder + "/main.cf", "w", encoding="ascii") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        with open(self.folder + "/master.cf", "w", encoding="ascii") as file:
            file.write("resolver unix - - n - 1 resolver\n")
        with open(self.folder + "/hosts", "w", encoding="ascii") as file:
            file.write("127.0.0.77 inhosts.test inhosts\n")
        self.master, worker = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.socket)
        listener.listen(100)
        three, four = os.dup2(worker.fileno(), 103), os.dup2(listener.fileno(), 104)
        errors = os.open(self.folder + "/stderr", os.O_WRONLY | os.O_CREAT, 0o600)
        environment = {**os.environ, "MAIL_CONFIG": self.folder}
        self.pid = os.posix_spawn(
            RESOLVER, ["resolver", "-n", "resolver", "-t", "unix", "-s", "1", "-u"], environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, errors, 2), (os.POSIX_SPAWN_DUP2, three, 3),
                          (os.POSIX_SPAWN_DUP2, four, 4)])
        for fd in (three, four, errors):
            os.close(fd)
        worker.close()
        listener.close()

    def ask(self, *questions, seconds=30):
        """Answers as lists of words, in order of the questions."""
        done = subprocess.run([CLIENT, self.socket, str(seconds)], text=True, errors="replace",
                              input="".join(q + "\n" for q in questions), check=True,
                              stdout=subprocess.PIPE, timeout=seconds + 10)
        rows = sorted((line.split() for line in done.stdout.splitlines()), key=lambda r: int(r[0]))
        return [row[2:] for row in rows]

    def memory(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    def chatter(self):
        text = ""
        for name in ("stderr", "log"):
            path = f"{self.folder}/{name}"
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    text += file.read()
        return text

    def stop(self):
        """Closing master's end makes it retire."""
        self.master.close()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        return None


@unittest.skipUnless(os.path.exists(RESOLVER) and os.path.exists(CLIENT), "not built")
class AgainstANameServer(unittest.TestCase):
    def test_answers(self):
        zone = ("@ MX 10 mx\n@ MX 20 mx2\nmx A 127.0.0.1\nmx2 AAAA ::1\nalias CNAME mx\n"
                'text TXT "a" "b"\nnull MX 0 .\n')
        with NameServer({"example.test": zone}) as dns:
            resolver = Resolver(dns.port)
            try:
                got = resolver.ask("query example.test 15", "host mx.example.test",
                                   "host alias.example.test", "query text.example.test 16",
                                   "query nothing.example.test 1", "query mx.example.test 15",
                                   "host inhosts.test", "peer 127.0.0.77",
                                   "query null.example.test 15")
                self.assertEqual(sorted(got[0]), ["2", "mx.example.test", "mx2.example.test", "ok"])
                self.assertEqual(got[1], ["ok", "1", "127.0.0.1"])
                self.assertEqual(got[2], ["ok", "1", "127.0.0.1"])
                self.assertEqual(got[3], ["ok", "1", "ab"])
                self.assertEqual(got[4][0], "nodomain")
                self.assertEqual(got[5][0], "nodata")
                self.assertEqual(got[6], ["ok", "1", "127.0.0.77"])
                self.assertEqual(got[7], ["ok", "'inhosts.test'", "ok", "confirmed"])
                self.assertEqual(got[8], ["ok", "1"])
            finally:
                self.assertEqual(resolver.stop(), 0)
            self.assertEqual(resolver.chatter(), "")


@unittest.skipUnless(os.path.exists(RESOLVER) and os.path.exists(CLIENT), "not built")
class AgainstALiar(unittest.TestCase):
    def setUp(self):
        self.liar = Liar()
        self.resolver = Resolver(self.liar.port, resolver_timeout="3s")

    def tearDown(self):
        self.assertEqual(self.resolver.stop(), 0)
        self.liar.close()
        self.assertNotIn("libunbound", self.resolver.chatter())

    def test_statuses(self):
        for kind in (A, MX, TXT):
            got = self.resolver.ask(*(f"query {name}.lies.test {kind}" for name in (
                "nodomain", "nodata", "servfail", "refused", "loop", "short", "wrong")))
            self.assertEqual([row[0] for row in got[:4]],
                             ["nodomain", "nodata", "temporary", "temporary"])
            for row in got[4:]:
                self.assertNotEqual(row[0], "ok")

    def test_silence_ends_in_time_and_hinders_nobody(self):
        begin = time.monotonic()
        got = self.resolver.ask("query silent.lies.test 1", "query good.lies.test 1")
        self.assertEqual(got[0][0], "temporary")
        self.assertEqual(got[1], ["ok", "1", "127.0.0.1"])
        self.assertLess(time.monotonic() - begin, 5)

    def test_a_thousand_exchanges_are_bounded(self):
        got = self.resolver.ask("query many.lies.test 15")
        self.assertIn(got[0][0], ("ok", "temporary"))
        self.assertLessEqual(int(got[0][1]), 1000)

    def test_names_of_peers(self):
        got = self.resolver.ask(*(f"peer 127.0.0.{n}" for n in (11, 12, 13, 14, 15, 16)))
        for row in got[:3] + got[5:]:
            self.assertEqual((row[1], row[-1]), ("''", "unconfirmed"), row)
        self.assertEqual(got[3][-1], "unconfirmed", got[3])
        self.assertEqual(got[4], ["ok", "'15.back.test'", "ok", "confirmed"])

    def test_bad_names(self):
        got = self.resolver.ask("query " + "a" * 64 + ".test 1", "query " + "a." * 200 + "test 1",
                                "query a..b 1")
        self.assertEqual([row[0] for row in got], ["nodomain"] * 3)

    def test_memory_stays(self):
        self.resolver.ask(*(f"query n{i}.lies.test 15" for i in range(2000)))
        before = self.resolver.memory()
        for turn in range(3):
            self.resolver.ask(*(f"query m{turn}x{i}.lies.test 1" for i in range(2000)))
            self.resolver.ask(*["query many.lies.test 15"] * 50)
        self.assertLess(self.resolver.memory() - before, 24 * 1024 * SCALE)


if __name__ == "__main__":
    unittest.main()
