# SPDX-License-Identifier: Apache-2.0
"""Nothing is lost: daemons are killed at random under load, master and guardian included.

Every acknowledged message arrives at least once, undamaged; nothing half-written stays in the
queue; the service is back within two seconds of each kill. SCALE=full makes it 30 kills.
"""
import os
import random
import signal
import smtplib
import sys
import time
import unittest

import harness
import ports
from ledger import Ledger
from smtp_sink import SmtpSink

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attacks"))
import rig  # noqa: E402

FULL = os.environ.get("SCALE") == "full"
KILLS = 30 if FULL else 8
MESSAGES = 1_000_000  # as many of them as fit until the last kill
BACK_SECONDS = 2.0
NAMES = ("master", "guardian", "smtpd", "cleanup", "qmgr", "smtp", "resolver", "proxymap", "bounce",
         "postlogd")


class Kills(unittest.TestCase):
    def control(self):
        """Whether a message is taken right now."""
        try:
            with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, "control.test", timeout=2) as smtp:
                smtp.sendmail("control@x.test", ["control@x.test"],
                              b"Subject: control\r\n\r\nx\r\n")
            return True
        except (smtplib.SMTPException, OSError):
            return False

    def victims(self):
        found = []
        for name in NAMES:
            found += [(name, pid) for pid in rig.processes(name, self.mta.queue)]
        return found

    def kill_one(self, chance):
        """Seconds until the service works again after one kill."""
        by_name = {}
        for name, pid in self.victims():
            by_name.setdefault(name, []).append(pid)
        name = chance.choice(sorted(by_name))
        pid = chance.choice(by_name[name])
        began = time.monotonic()
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        while not self.control():
            if time.monotonic() - began > 15:
                self.fail(f"{name} killed: no service\n" + self.mta.log()[-5000:])
        return name, time.monotonic() - began

    def test_nothing_is_lost_when_daemons_are_killed(self):
        seed = int(os.environ.get("SEED", time.time_ns() % 100000))
        chance = random.Random(seed)
        print(f"SEED={seed}", flush=True)
        with SmtpSink() as sink, harness.Instance(params={
                "relayhost": f"[127.0.0.1]:{sink.port}", "disable_dns_lookups": "yes",
                "smtp_tls_security_level": "none", "minimal_backoff_time": "2s",
                "queue_run_delay": "2s", "maximal_backoff_time": "4s",
                "transport_retry_time": "2s", "smtpd_peername_lookup": "no"}) as self.mta:
            ledger = Ledger(self.mta.smtp_port)
            ledger.start(MESSAGES)
            time.sleep(1)
            waits = []
            for _ in range(KILLS):
                waits.append(self.kill_one(chance))
                time.sleep(chance.uniform(0.5, 1.5))
            ledger.stop.set()
            ledger.join()
            print(f"{len(ledger.promised)} messages, {ledger.retries} retries; back after",
                  ", ".join(f"{name} {seconds:.2f} s" for name, seconds in waits), flush=True)
            self.assertEqual(ledger.refused, [])
            self.wait_arrived(ledger, sink)
            self.check_queue()
            senders = [m.sender for m in sink.messages if m.sender.endswith("@load.test")]
            print(f"{len(senders) - len(set(senders))} arrived more than once")
            name, longest = max(waits, key=lambda wait: wait[1])
            print(f"longest without service: {longest:.2f} s ({name})")
            self.assertLess(longest, BACK_SECONDS)

    def wait_arrived(self, ledger, sink):
        deadline = time.monotonic() + 40
        while True:
            missing, damaged = ledger.check(list(sink.messages))
            self.assertEqual(damaged, [])
            if not missing:
                return
            if time.monotonic() > deadline:
                self.fail(f"{len(missing)} acknowledged messages did not arrive: {missing[:20]}; "
                          f"{self.mta.command('postqueue', '-p').stdout[-2000:]}")
            time.sleep(0.5)

    def check_queue(self):
        deadline = time.monotonic() + 20
        while rig.queue_faults(self.mta.queue) and time.monotonic() < deadline:
            time.sleep(0.5)
        self.assertEqual(rig.queue_faults(self.mta.queue), [])


if __name__ == "__main__":
    ports.main()
