# SPDX-License-Identifier: Apache-2.0
"""Mail for dead destinations does not delay other mail: thousands of messages wait for hosts that
refuse connections or never answer, over few and over many domains; healthy messages take no more
than twice as long (p99) as on an idle system, and memory stays bounded. SCALE=full makes it 20,000
messages.
"""
import os
import smtplib
import socket
import sys
import threading
import time
import unittest

import harness
import ports
from smtp_sink import SmtpSink, refusing_port

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attacks"))
import rig  # noqa: E402

FULL = os.environ.get("SCALE") == "full"
WAITING = 20000 if FULL else 2000
HEALTHY = 200
FEW = 4
QMGR_MIB, SMTP_MIB = 96 * ports.SCALE, 32 * ports.SCALE
TEXT = b"Subject: x\r\n\r\n" + b"text\r\n" * 100


def silent_port():
    """A port where connections are taken by the kernel and nobody ever says a word."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(4096)
    return listener.getsockname()[1], [listener]


def full_port():
    """A port whose backlog is full: SYNs are not answered."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    fillers = []
    for _ in range(3):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(("127.0.0.1", port))
        fillers.append(filler)
    return port, [listener, *fillers]


class DeadHosts(unittest.TestCase):
    def measure(self, mta, sink, name):
        """Sorted seconds from handing in to arrival of the healthy messages."""
        arrived, sent = {}, {}
        take = sink.take

        def note(message):
            arrived[message.sender] = time.monotonic()
            return take(message)
        sink.take = note
        with smtplib.SMTP("127.0.0.1", mta.smtp_port, "client.test", timeout=60) as smtp:
            for number in range(HEALTHY):
                sender = f"{name}{number}@healthy.test"
                sent[sender] = time.monotonic()
                smtp.sendmail(sender, [f"u{number}@good{number % 5}.test"], TEXT)
                time.sleep(0.005)
        deadline = time.monotonic() + 60
        while len([s for s in sent if s in arrived]) < HEALTHY and time.monotonic() < deadline:
            time.sleep(0.02)
        lost = [s for s in sent if s not in arrived]
        self.assertEqual(lost, [], "healthy messages that did not arrive in a minute")
        first = min(sent.values())
        slow = sorted(((arrived[s] - sent[s]) * 1000, sent[s] - first) for s in sent)[-6:]
        print(name, "slowest (ms, handed in at s):",
              ", ".join(f"{ms:.0f} at {at:.1f}" for ms, at in slow), flush=True)
        return sorted(arrived[s] - sent[s] for s in sent)

    def hand_in(self, mta, domains, count):
        """Messages for these domains, by 8 sessions."""
        def session(first):
            with smtplib.SMTP("127.0.0.1", mta.smtp_port, "client.test", timeout=60) as smtp:
                for number in range(first, count, 8):
                    smtp.sendmail("s@x.test", [f"u{number}@{domains[number % len(domains)]}"], TEXT)
        threads = [threading.Thread(target=session, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def check(self, many):
        closed, holder = refusing_port()
        (silent, listener), (full, crowd) = silent_port(), full_port()
        for open_socket in [holder, *listener, *crowd]:
            self.addCleanup(open_socket.close)
        dead = [closed, closed, silent, full]
        count = WAITING // 2 if many else FEW
        domains = [f"dead{n}.test" for n in range(count)]
        with SmtpSink() as sink:
            params = {"relayhost": f"[127.0.0.1]:{sink.port}", "disable_dns_lookups": "yes",
                      "transport_maps": "texthash:$config_directory/transport",
                       "in_flow_delay": "0",
                      "smtpd_peername_lookup": "no"}
            mta = harness.Instance(params=params, start=False)
            mta.write("transport", "".join(f"{domain} smtp:[127.0.0.1]:{dead[n % len(dead)]}\n"
                                           for n, domain in enumerate(domains)))
            with mta:
                mta.start()
                idle = self.measure(mta, sink, "idle")
                self.hand_in(mta, domains, WAITING)
                busy = self.measure(mta, sink, "busy")
                qmgr = max(rig.memory_kib(pid, "VmHWM") for pid in rig.processes("qmgr", mta.queue))
                agents = [rig.memory_kib(pid, "VmHWM") for pid in rig.processes("smtp", mta.queue)]
                mta.command("postfix", "-c", mta.config, "abort", check=False)
                waiting = sum(len(names) for folder in ("active", "deferred", "incoming")
                              for _, _, names in os.walk(f"{mta.queue}/{folder}"))
        p99 = HEALTHY * 99 // 100 - 1
        print(f"{WAITING} waiting over {len(domains)} domains: p99 {busy[p99] * 1000:.0f} ms (idle "
              f"{idle[p99] * 1000:.0f} ms), median {busy[HEALTHY // 2] * 1000:.0f} ms (idle "
              f"{idle[HEALTHY // 2] * 1000:.0f} ms); qmgr {qmgr // 1024} MiB, "
              f"{len(agents)} smtp of at most {max(agents) // 1024} MiB")
        self.assertEqual(waiting, WAITING)
        # On a busy machine milliseconds are noise.
        self.assertLess(busy[p99], max(2 * idle[p99], idle[p99] + 0.05))
        self.assertLess(qmgr / 1024, QMGR_MIB)
        self.assertLess(max(agents) / 1024, SMTP_MIB)

    def test_many_dead_domains(self):
        self.check(many=True)

    def test_few_dead_domains(self):
        self.check(many=False)


if __name__ == "__main__":
    ports.main()
