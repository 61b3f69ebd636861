# SPDX-License-Identifier: Apache-2.0
"""Thousands of sessions that were opened and then say nothing (EHLO, MAIL FROM): one smtpd worker
holds them in little memory, and serves others meanwhile. SCALE=full makes it 5,000."""
import os
import resource
import socket
import sys
import time
import unittest

import harness
import ports
from smtp_sink import SmtpSink

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attacks"))
import rig  # noqa: E402

SESSIONS = 5000 if os.environ.get("SCALE") == "full" else 2000
KIB_PER_SESSION = 24


def pss_kib(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return total


def open_session(port, number):
    """A session up to MAIL FROM, from one of several addresses."""
    session = socket.create_connection(("127.0.0.1", port), 20, (f"127.0.1.{1 + number % 200}", 0))
    for command in (b"EHLO x.example\r\n", b"MAIL FROM:<a@example.org>\r\n", b""):
        if session.recv(1024)[:1] != b"2":
            raise AssertionError(f"session {number} is refused")
        if command:
            session.sendall(command)
    return session


class Idle(unittest.TestCase):
    def control(self, mta, sink):
        count = len(sink.messages)
        began = time.monotonic()
        mta.send("a@x.test", ["b@y.test"], b"Subject: control\r\n\r\nx\r\n")
        sink.wait_messages(count + 1, 20)
        return time.monotonic() - began

    def test_one_worker_holds_idle_sessions_in_little_memory(self):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        with SmtpSink() as sink, harness.Instance(
                params={"relayhost": f"[127.0.0.1]:{sink.port}", "disable_dns_lookups": "yes",
                        "smtpd_peername_lookup": "no",
                        "smtpd_client_limit": str(SESSIONS + 100),
                        "smtpd_client_connection_count_limit": "0"}) as mta:
            with open(mta.config + "/master.cf", encoding="utf-8") as file:
                text = file.read().replace("n - n - - smtpd", "n - n - 1 smtpd")
            mta.write("master.cf", text)
            mta.reload()
            time.sleep(0.5)
            usual = min(self.control(mta, sink) for _ in range(5))
            workers = rig.processes("smtpd", mta.queue)
            before = pss_kib(workers)
            sessions = [open_session(mta.smtp_port, n) for n in range(SESSIONS)]
            time.sleep(1)
            now = rig.processes("smtpd", mta.queue)
            each = (pss_kib(now) - before) / SESSIONS
            print(f"{SESSIONS} sessions in {len(now)} worker: {each:.1f} KiB PSS each, "
                  f"{before / 1024:.1f} MiB without")
            self.assertEqual(len(now), 1)
            self.assertLessEqual(each, KIB_PER_SESSION)
            took = min(self.control(mta, sink) for _ in range(5))
            print(f"control message: {took * 1000:.0f} ms, {usual * 1000:.0f} ms when idle")
            self.assertLess(took, max(2 * usual, usual + 0.1))
            for session in sessions:
                session.close()


if __name__ == "__main__":
    ports.main()
