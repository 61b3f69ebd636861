# SPDX-License-Identifier: Apache-2.0
"""DNS-*: destinations whose name servers lie, break or keep silent.

A name longer than 255 bytes (DNS-01) cannot be written in a DNS message: the broken ones of DNS-04
stand for it. DNSBL, SPF and TLSA (DNS-06, DNS-07) come with the daemons that look them up.
"""
import os
import re
import subprocess
import time

import rig
import harness
from rig import TRUSTED
from hostile_dns import (A, AAAA, CNAME, DNAME, GARBAGE, LAME, MX, NODATA, NXDOMAIN, OTHER_QUESTION,
                         PTR, REFUSED, SERVFAIL, TIMEOUT, TRUNCATED, TXT, HostileDns, a, aaaa, mx,
                         name, txt)
import ports
from smtp_sink import SmtpSink

OUTSIDE, OTHER = "127.0.31.1", "127.0.31.2"  # not among our own addresses
OWN_NAME = "mail.posthouse.test"
GOOD = [a(OUTSIDE)]
RESOLVER_MEMORY_KIB = 64 * 1024 * rig.SCALE


def zone():
    """What the name server tells, by name."""
    names = {
        "mx.good.test": {A: GOOD}, "good.test": {MX: [mx(10, "mx.good.test")]},
        OWN_NAME: {A: [a("127.0.0.1")]}, "us4.test": {A: [a("127.0.0.1")]},
        "us6.test": {AAAA: [aaaa("::1")]}, "zero.test": {A: [a("0.0.0.0")]},
        "mapped.test": {AAAA: [aaaa("::ffff:127.0.0.1")]},
        # DNS-01
        "null.test": {MX: [mx(0, ".")], A: GOOD},
        "nullmixed.test": {MX: [mx(0, "."), mx(10, "mx.good.test")]},
        "localhost-mx.test": {MX: [mx(5, "localhost"), mx(10, "mx.good.test")]},
        "ip-mx.test": {MX: [mx(5, "127.0.31.9"), mx(10, "mx.good.test")]},
        "onlyip-mx.test": {MX: [mx(5, "192.0.2.1")]},
        "odd-mx.test": {MX: [mx(1, "a b;c$(id).test"), mx(2, "-x"), mx(10, "mx.good.test")]},
        # DNS-02
        "loop4.test": {MX: [mx(10, "us4.test")]}, "loopname.test": {MX: [mx(10, OWN_NAME)]},
        "loop6.test": {MX: [mx(10, "us6.test")]}, "loop0.test": {MX: [mx(10, "zero.test")]},
        "loopmapped.test": {MX: [mx(10, "mapped.test")]},
        "loopa.test": {A: [a("127.0.0.1")]},
        "far.test": {A: [a("192.0.2.25")]},
        "second.test": {MX: [mx(10, "far.test"), mx(20, "us4.test")]},
        "first.test": {MX: [mx(10, "us4.test"), mx(20, "far.test")]},
        # DNS-03
        "thousand.test": {MX: [mx(n, f"h{n}.many.test") for n in range(1000)]},
        "bigtext.test": {TXT: [txt(*[b"x" * 255] * 254)]},
        "strings.test": {TXT: [txt(*[b"%02d;" % n for n in range(100)])]},
        "dname.test": {DNAME: "moved.test"}, "x.moved.test": {MX: [mx(10, "mx.good.test")]},
        "grow.test": {DNAME: "more.grow.test"},
        "cnameloop.test": {CNAME: [name("cnameloop2.test")]},
        "cnameloop2.test": {CNAME: [name("cnameloop.test")]},
        "trunc.test": TRUNCATED,
        "c0.test": {CNAME: [name("c1.test")]},
        # DNS-04
        "short-mx.test": {MX: [b"", b"\0", b"\0\1"]},
        "label64.test": {MX: [b"\0\1\x40" + b"x" * 64]},
        "pointer.test": {MX: [b"\0\1\xc0\xff"]}, "selfpointer.test": {MX: [b"\0\1\xc0\x0c"]},
        "short-a.test": {A: [b"\x7f"]}, "long-a.test": {A: [b"\x7f\0\0\1\1"]},
        "other.test": OTHER_QUESTION, "garbage.test": GARBAGE,
    }
    many = {A: [a(f"127.77.{n // 250}.{n % 250 + 1}") for n in range(1000)]}
    names.update({f"h{n}.many.test": many for n in range(1000)})
    names.update({f"c{n}.test": {CNAME: [name(f"c{n + 1}.test")]} for n in range(1, 100)})
    names["c100.test"] = {A: GOOD}
    for outcome in (NXDOMAIN, NODATA, SERVFAIL, TIMEOUT, REFUSED, LAME):
        word = outcome.replace(" ", "")
        names[f"mx-{word}.test"] = {MX: outcome, A: NODATA if outcome == NODATA else outcome}
        names[f"a-{word}.test"] = {MX: [mx(10, f"h.{word}.test")]}
        names[f"h.{word}.test"] = {A: outcome, AAAA: outcome}
    names["mx-nxdomain.test"] = names["h.nxdomain.test"] = NXDOMAIN
    for octet, host in PTR_NAMES.items():
        names[f"{octet}.0.0.127.in-addr.arpa"] = {PTR: [host]}
    names["forged.inside.test"] = {A: [a("192.0.2.1")]}
    names["true.inside.test"] = {A: [a("127.0.0.23")]}
    return names


def label(data):
    return bytes([len(data)]) + data + b"\4test\0"


PTR_NAMES = {
    11: label(b"ctl\x01\x1b[2J"), 12: label(b'quo"te'), 13: label(b"new\nline"),
    14: label(b"d..d"), 15: label(b"x" * 63), 16: label("m\u00fcller".encode()),
    17: label(b"nul\0nul"), 18: b"\0", 19: name("forged.inside.test"), 20: label(b"%n%s$(id)"),
    21: label(b"\r\nevil"), 22: name(".".join(["y" * 60] * 4)), 23: name("true.inside.test"),
}


class DnsCase(rig.Case):
    tcp = True
    may_hold = ("deferred", "active", "bounce", "defer")

    @classmethod
    def make_instance(cls):
        cls.sink.close()
        cls.sink = SmtpSink(address=(OUTSIDE, 0))
        cls.dns = HostileDns(zone(), cls.tcp)
        params = {**rig.PARAMS, "smtp_host_lookup": "dns",
                  "smtpd_peername_lookup": "yes", "smtp_connect_timeout": "2s",
                  "resolver_timeout": "2s", "notify_classes": "",
                  "transport_maps": f"inline:{{{rig.DOMAIN}=smtp:[{OUTSIDE}]:{cls.sink.port}}}",
                  "inet_protocols": "all", "inet_interfaces": "127.0.0.1, [::1]", **cls.ports()}
        return harness.Instance(params=params, dns=cls.dns)

    @classmethod
    def ports(cls):
        return {"smtp_tcp_port": str(cls.sink.port)}

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.dns.close()

    def settle(self):
        pass  # messages may wait for answers

    def send_to(self, domains):
        """Hands in one message per domain at once; (status, dsn, text) of each by domain."""
        for domain in domains:
            self.mta.send(f"to@{domain}", [f"u@{domain}"], b"Subject: x\r\n\r\nx\r\n")
        found = {}
        for domain in domains:
            match = self.wait_log(rf"to=<u@{re.escape(domain)}>,.* dsn=([\d.]+), status=(\w+) (.*)",
                                  timeout=40)
            found[domain] = (match[2], match[1], match[3])
        return found

    def took(self, domain):
        return [m for m in self.sink.messages[self.sink_start:] if m.sender == f"to@{domain}"]


class Dns(DnsCase):
    def test_DNS_01_null_and_malformed_exchangers(self):
        got = self.send_to(["null.test", "nullmixed.test", "localhost-mx.test", "ip-mx.test",
                            "odd-mx.test", "good.test"])
        self.assertEqual(got["null.test"][:2], ("bounced", "5.1.10"))
        self.assertEqual(self.took("null.test"), [])
        for domain in ("ip-mx.test", "odd-mx.test", "good.test"):
            self.assertEqual(got[domain][0], "sent", (domain, got[domain]))
        self.assertIn(got["nullmixed.test"][0], ("sent", "bounced", "deferred"))
        self.assertIn(got["localhost-mx.test"][0], ("sent", "bounced", "deferred"))

    def test_DNS_03_very_much_of_everything(self):
        began, before = time.monotonic(), len(self.dns.questions)
        got = self.send_to(["thousand.test", "c0.test", "cnameloop.test", "x.dname.test",
                            "x.grow.test"])
        for domain in ("thousand.test", "cnameloop.test", "x.grow.test"):
            self.assertIn(got[domain][0], ("deferred", "bounced"), (domain, got[domain]))
        self.assertIn(got["c0.test"][0], ("sent", "deferred"), got["c0.test"])
        self.assertEqual(got["x.dname.test"][0], "sent", got["x.dname.test"])
        self.assertLess(time.monotonic() - began, 15)
        asked = self.dns.questions[before:]
        self.assertLess(len(asked), 300)
        self.assertLess(len([q for q, _ in asked if re.fullmatch(r"c\d+\.test", q)]), 60)
        tried = set(re.findall(r"connect to (h\d+\.many\.test\[[\d.]+\])", self.log()))
        self.assertIn(len(tried), range(1, 6), tried)

    def test_DNS_03_long_texts(self):
        tool = os.path.join(harness.BUILDDIR, "tests/tools/resolve")
        if not os.path.exists(tool):
            self.skipTest("tests/tools/resolve is not built")
        done = subprocess.run([tool, self.mta.queue + "/private/resolver", "10"], text=True,
                              input="query bigtext.test 16\nquery strings.test 16\n",
                              stdout=subprocess.PIPE, check=True, timeout=20)
        got = dict(line.split(" ", 1) for line in done.stdout.splitlines())
        for answer in got.values():
            self.assertRegex(answer, "^query ok 1 |^query temporary ")
        texts = [answer.split()[-1] for answer in got.values()]
        self.assertIn("".join(f"{n:02};" for n in range(100)), texts)
        for pid in rig.processes("resolver", self.mta.queue):
            self.assertLess(rig.memory_kib(pid, "VmHWM"), RESOLVER_MEMORY_KIB)

    def test_DNS_04_broken_answers(self):
        domains = ["short-mx.test", "label64.test", "pointer.test", "selfpointer.test",
                   "short-a.test", "long-a.test", "other.test", "garbage.test"]
        got = self.send_to(domains)
        for domain in domains:
            self.assertIn(got[domain][0], ("deferred", "bounced"), (domain, got[domain]))
            self.assertEqual(self.took(domain), [])

    def test_DNS_05_hostile_names_of_clients(self):
        for octet in PTR_NAMES:
            with rig.Wire(self.mta.smtp_port, f"127.0.0.{octet}") as wire:
                wire.ehlo()
                wire.quit()
        for octet in PTR_NAMES:
            match = self.wait_log(rf"\]: connect from (.*)\[127\.0\.0\.{octet}\]")
            wanted = "true.inside.test" if octet == 23 else "unknown"
            self.assertEqual(match[1], wanted, PTR_NAMES[octet])

    def test_DNS_06_only_nxdomain_and_nodata_bounce(self):
        words = [w.replace(" ", "") for w in (NXDOMAIN, NODATA, SERVFAIL, TIMEOUT, REFUSED, LAME)]
        got = self.send_to([f"{at}-{word}.test" for at in ("mx", "a") for word in words])
        for at in ("mx", "a"):
            self.assertEqual(got[f"{at}-nxdomain.test"][0], "bounced", got)
            for word in ("servfail", "timeout", "refused"):
                status, dsn, text = got[f"{at}-{word}.test"]
                self.assertEqual(status, "deferred", (at, word, dsn, text))
                self.assertEqual(dsn[0], "4")
        self.assertEqual(got["mx-nodata.test"][0], "bounced")


class Loops(DnsCase):
    """Loops are looked for where mail between hosts goes: at the usual port. This name server
    refuses TCP."""
    tcp = False

    @classmethod
    def ports(cls):
        return {}

    def test_DNS_02_no_loop_to_ourselves(self):
        loops = ["loop4.test", "loopname.test", "loop6.test", "loop0.test", "loopmapped.test",
                 "loopa.test", "first.test"]
        got = self.send_to(loops + ["second.test"])
        for domain in loops:
            self.assertEqual(got[domain][0], "bounced", (domain, got[domain]))
            self.assertRegex(got[domain][1], r"^5\.4\.6", domain)
        # The better exchanger does not answer; the other one is us and is not tried.
        self.assertEqual(got["second.test"][0], "deferred")
        self.assertIn("far.test", got["second.test"][2])

    def test_DNS_03_truncated_and_TCP_refused(self):
        began, before = time.monotonic(), len(self.dns.questions)
        got = self.send_to(["trunc.test", "thousand.test"])
        for domain, (status, dsn, text) in got.items():
            self.assertEqual((status, dsn[0]), ("deferred", "4"), (domain, text))
        self.assertLess(time.monotonic() - began, 15)
        self.assertLess(len(self.dns.questions) - before, 100)


if __name__ == "__main__":
    ports.main()
