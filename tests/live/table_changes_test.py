# SPDX-License-Identifier: Apache-2.0
"""What an administrator puts into a lookup table counts for the next message, without a reload: for
aliases (cleanup, in the open and in a jail), routes (the queue manager) and mailboxes (virtual); by
proxymap too."""
import os
import re
import smtplib
import subprocess
import tempfile
import time
import unittest

from harness import Instance, staged_programs
from ports import main, wait_until
from smtp_sink import SmtpSink

JAILED = ["cleanup unix n - y - 0 cleanup"]


class TableChanges(unittest.TestCase):
    master = ()
    through = ""

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="posthouse-tables-"))
        os.chmod(cls.folder, 0o755)
        cls.sinks = [cls.enterClassContext(SmtpSink()) for _ in range(2)]
        cls.postmap = os.path.join(staged_programs().command_directory, "postmap")
        os.mkdir(cls.folder + "/etc")  # postmap wants a main.cf, before there is an instance.
        with open(cls.folder + "/etc/main.cf", "w", encoding="ascii"):
            pass
        cls.fill("aliases", "team@x.test zero@x.test")
        cls.fill("routes", "x.test smtp:[127.0.0.1]:9")
        cls.fill("boxes", "v@v.test v")
        cls.fill("checks", "x REPLACE before")
        os.mkdir(cls.folder + "/mail")
        os.chown(cls.folder + "/mail", 65534, 65534)
        cls.mta = cls.enterClassContext(Instance(master=cls.master, params={
            "disable_dns_lookups": "yes", "mynetworks": "127.0.0.0/8",
            "virtual_alias_maps": f"{cls.through}hash:{cls.folder}/aliases",
            "transport_maps": f"{cls.through}hash:{cls.folder}/routes",
            "virtual_mailbox_domains": "v.test", "virtual_mailbox_base": cls.folder + "/mail",
            "virtual_mailbox_maps": f"{cls.through}hash:{cls.folder}/boxes",
            "virtual_uid_maps": "static:65534", "virtual_gid_maps": "static:65534",
            "body_checks": f"hash:{cls.folder}/checks"}))

    @classmethod
    def fill(cls, name, line):
        with open(f"{cls.folder}/{name}", "w", encoding="ascii") as file:
            file.write(line + "\n")
        subprocess.run([cls.postmap, "-c", cls.folder + "/etc", f"hash:{cls.folder}/{name}"],
                       check=True)
        time.sleep(0.15)  # Tables are looked at ten times a second at most.

    def send(self, recipient):
        with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=10) as client:
            client.sendmail("s@s.test", [recipient], "Subject: x\r\n\r\nx\r\n")

    def test_aliases_and_routes(self):
        for turn in range(1, 5):
            sink = self.sinks[turn % 2]
            before = len(sink.messages)
            self.fill("aliases", f"team@x.test number{turn}@x.test")
            self.fill("routes", f"x.test smtp:[127.0.0.1]:{sink.port}")
            self.send("team@x.test")
            wait_until(lambda: len(sink.messages) > before, 10, f"message {turn}")
            self.assertEqual([to for to, _ in sink.messages[-1].recipients],
                             [f"number{turn}@x.test"])

    def test_mailboxes(self):
        self.send("v@v.test")
        for name in ("first", "second"):
            self.fill("boxes", f"{name}@v.test {name}")
            self.send(f"{name}@v.test")
            wait_until(lambda: os.path.exists(f"{self.folder}/mail/{name}"), 10, name)

    def test_what_cleanup_alone_looks_at(self):
        """smtpd, which keeps its connection to cleanup, has no reason of its own to end it. In a
        jail cleanup cannot open the table again, and begins anew for the next connection."""
        sink = self.sinks[0]
        self.fill("routes", f"x.test smtp:[127.0.0.1]:{sink.port}")
        for name in ("first", "second", "third"):
            before = len(sink.messages)
            self.fill("checks", f"x REPLACE {name}")
            time.sleep(1.2 if self.master else 0)  # smtpd keeps its connection for a second.
            self.send("body@x.test")
            wait_until(lambda: len(sink.messages) > before, 10, name)
            self.assertIn(f"\r\n\r\n{name}\r\n".encode(), sink.messages[-1].data)

    def tearDown(self):
        self.assertEqual(re.findall(".*(?:killed by signal|panic|fatal|exit status).*",
                                    self.mta.log()), [])


class InAJail(TableChanges):
    master = JAILED


class ThroughProxymap(TableChanges):
    through = "proxy:"


if __name__ == "__main__":
    main()
