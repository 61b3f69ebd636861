# SPDX-License-Identifier: Apache-2.0
"""Nothing is lost: daemons are killed at random under load, master and guardian included.

Every acknowledged message arrives at least once, undamaged, or a notice of it does; nothing
half-written stays in the queue; the service is back within two seconds of each kill. The load makes
every daemon work: it comes from a stranger whom anvil counts, its recipients are looked up by
proxymap and its way by the resolver, and some of them are refused, so that bounce writes notices.
SCALE=full makes it 30 kills. A run is repeated with the SEED that it prints.
"""
import itertools
import os
import random
import signal
import smtplib
import sys
import time
import unittest

import harness
import ports
from ledger import DOMAIN, Ledger, refuses
from smtp_sink import SmtpSink

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attacks"))
import rig  # noqa: E402
from hostile_dns import A, MX, HostileDns, a, mx  # noqa: E402

FULL = os.environ.get("SCALE") == "full"
MESSAGES = 1_000_000  # as many of them as fit until the last kill
BACK_SECONDS = 2.0
STALL_SECONDS = 20
STRANGER = "127.0.0.9"
NAMES = ["master", "guardian", "smtpd", "cleanup", "qmgr", "smtp", "resolver", "proxymap", "bounce",
         "anvil", "postlogd"]
KILLS = 30 if FULL else len(NAMES)
ZONE = {"sink.test": {MX: [mx(10, "mx.sink.test")]}, "mx.sink.test": {A: [a("127.0.0.1")]}}
PARAMS = {
    "mynetworks": "127.0.0.1/32", "relay_domains": DOMAIN,
    "relay_recipient_maps": "proxy:unix:passwd.byname, static:known",
    "virtual_alias_maps": "proxy:unix:passwd.byname", "virtual_alias_domains": "",
    # Above what the load needs at a time, below what it would need if the dead were counted.
    "smtpd_client_connection_count_limit": "30",
    "smtpd_client_message_rate_limit": "1000000", "smtpd_client_recipient_rate_limit": "1000000",
    "smtp_tls_security_level": "none", "minimal_backoff_time": "2s", "queue_run_delay": "2s",
    "maximal_backoff_time": "4s", "transport_retry_time": "2s",
}


def victims(chance):
    """Names for all kills: each at least once, in any order."""
    rounds = [chance.sample(NAMES, len(NAMES)) for _ in range(-(-KILLS // len(NAMES)))]
    return sum(rounds, [])[:KILLS]


class Kills(unittest.TestCase):
    strangers = itertools.cycle(range(1, 255))

    def control(self):
        """Whether a message of a stranger is taken right now: each time another one, whose name
        smtpd cannot know without the resolver."""
        stranger = f"127.0.{next(self.strangers)}.1"
        try:
            with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, "control.test", timeout=2,
                              source_address=(stranger, 0)) as smtp:
                smtp.sendmail("control@x.test", [f"control@{DOMAIN}"],
                              b"Subject: control\r\n\r\nx\r\n")
            return True
        except (smtplib.SMTPException, OSError):
            return False

    def running(self, name):
        """Process ids once there are some: a new client gives everybody something to do."""
        def found():
            return rig.processes(name, self.mta.queue) or (self.control() and None)
        return ports.wait_until(found, 10, f"{name} runs")

    def kill_one(self, chance, name):
        """Seconds until the service works again after one of the name was killed."""
        for _ in range(20):  # One that is not needed may end by itself just now.
            pids = self.running(name)
            began = time.monotonic()
            try:
                os.kill(chance.choice(pids), signal.SIGKILL)
                break
            except ProcessLookupError:
                pass
        else:
            self.fail(f"{name} ends by itself\n" + self.mta.log()[-5000:])
        while not self.control():
            if time.monotonic() - began > 15:
                self.fail(f"{name} killed: no service\n" + self.mta.log()[-5000:])
        return name, time.monotonic() - began

    def kill_all(self, chance):
        time.sleep(1)
        waits = []
        for name in victims(chance):
            waits.append(self.kill_one(chance, name))
            time.sleep(chance.uniform(0.2, 1.0))
        for name in NAMES:  # Whoever was killed works again.
            self.running(name)
        return waits

    def test_nothing_is_lost_when_daemons_are_killed(self):
        seed = int(os.environ.get("SEED", time.time_ns() % 100000))
        chance = random.Random(seed)
        print(f"SEED={seed}", flush=True)
        script = {"rcpt": lambda to: "550 5.1.1 gone" if refuses(to) else "250 2.1.5 ok"}
        with SmtpSink(script) as sink, HostileDns(ZONE) as dns, harness.Instance(
                params={**PARAMS, "relayhost": f"sink.test:{sink.port}"}, dns=dns) as self.mta:
            ledger = Ledger(self.mta.smtp_port, source=STRANGER)
            ledger.start(MESSAGES)
            try:
                waits = self.kill_all(chance)
            finally:
                ledger.stop.set()
            ledger.join()
            print(f"{len(ledger.promised)} messages, {ledger.retries} retries; back after",
                  ", ".join(f"{name} {seconds:.2f} s" for name, seconds in waits), flush=True)
            self.assertEqual(ledger.refused, [])
            self.wait_arrived(ledger, sink)
            self.check_queue()
            self.assertNotRegex(self.mta.log(), r"panic:|fatal:|anvil client .* dropped")
            senders = [m.sender for m in sink.messages if m.sender.endswith("@load.test")]
            print(f"{len(senders) - len(set(senders))} arrived more than once")
            name, longest = max(waits, key=lambda wait: wait[1])
            print(f"longest without service: {longest:.2f} s ({name})")
            self.assertLess(longest, BACK_SECONDS)

    def wait_arrived(self, ledger, sink):
        """Until all is there; a backlog may take its time, as long as it gets shorter."""
        fewest, deadline = None, 0.0
        while True:
            missing, damaged = ledger.check(list(sink.messages))
            self.assertEqual(damaged, [])
            if not missing:
                return
            if fewest is None or len(missing) < fewest:
                fewest, deadline = len(missing), time.monotonic() + STALL_SECONDS
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
