# SPDX-License-Identifier: Apache-2.0
"""postfix doctor on instances that are well, and on such that are not."""
import json
import os
import subprocess
import time
import unittest

import ports
from harness import Instance
from nameserver import NameServer
from smtp_sink import SmtpSink

WELL = {
    "example.org": "@ MX 10 mx\n@ TXT \"v=spf1 mx -all\"\nmx A 5.6.7.8\n"
                   "_dmarc TXT \"v=DMARC1; p=none\"\n_mta-sts TXT \"v=STSv1; id=1\"\n"
                   "s1._domainkey TXT \"v=DKIM1; p=MIIB\"\n",
    "6.5.in-addr.arpa": "8.7 PTR mx.example.org.\n",
    "list.example": "@ A 127.0.0.1\n",
}
NAMES = {"myhostname": "mx.example.org", "myorigin": "example.org",
         "doctor_public_addresses": "5.6.7.8", "doctor_dns_lists": "list.example",
         "doctor_dkim_selectors": "s1"}


def examine(mta, *options):
    done = mta.command("postfix", "-c", mta.config, "doctor", "--json", *options, check=False)
    report = json.loads(done.stdout)
    assert done.returncode == report["status"], (done.returncode, report["status"])
    return report


def levels(report, check):
    return {f["level"] for f in report["findings"] if f["check"] == check}


def text_of(report, check):
    return " | ".join(f["text"] for f in report["findings"] if f["check"] == check)


class Doctor(unittest.TestCase):
    def test_a_host_that_is_well(self):
        with NameServer(WELL) as dns, SmtpSink() as sink, Instance(dns=dns, params={
                **NAMES, "mynetworks": "10.0.0.0/8",
                "doctor_outbound_hosts": f"[127.0.0.1]:{sink.port}"}) as mta:
            report = examine(mta, "--network")
            for check in ("system", "configuration", "host name", "greeting", "relay", "networks",
                          "queue", "mx", "spf", "dkim", "dmarc", "mta-sts", "outbound",
                          "dns lists"):
                self.assertEqual(levels(report, check), {"ok"}, text_of(report, check))
            self.assertEqual(levels(report, "addresses"), {"ok"}, text_of(report, "addresses"))
            self.assertIn("may not relay: 454 4.7.1", text_of(report, "relay"))
            self.assertEqual((sink.connections, sink.messages), (1, []))

    def test_nothing_leaves_the_host_unless_asked(self):
        with NameServer(WELL) as dns, SmtpSink() as sink, Instance(dns=dns, params={
                **NAMES, "doctor_outbound_hosts": f"[127.0.0.1]:{sink.port}"}) as mta:
            report = examine(mta)
            for check in ("addresses", "mx", "spf", "dkim", "dmarc", "mta-sts", "outbound",
                          "dns lists"):
                self.assertEqual(levels(report, check), {"skipped"})
            self.assertEqual(sink.connections, 0)

    def test_an_open_relay_and_a_wrong_banner(self):
        with Instance(params={"mynetworks": "10.0.0.0/8", "smtpd_relay_restrictions":
                              "check_sender_access static:OK, reject_unauth_destination",
                              "smtpd_banner": "mail.wrong.example ESMTP"}) as mta:
            report = examine(mta)
            self.assertEqual(levels(report, "relay"), {"problem"}, text_of(report, "relay"))
            self.assertEqual(levels(report, "greeting"), {"warning"})
            self.assertEqual(mta.queued(), [])

    def test_a_host_that_is_ill(self):
        zones = {**WELL, "example.org": "@ MX 10 gone\n@ TXT \"v=spf1 +all\"\n",
                 "list.example": "8.7.6.5 A 127.0.0.2\n"}
        with NameServer(zones) as dns, Instance(dns=dns, params={
                **NAMES, "mynetworks": "0.0.0.0/0",
                "doctor_outbound_hosts": f"[127.0.0.1]:{ports.free_port()}"}) as mta:
            old = mta.directory + "/backup"
            with open(old, "w", encoding="ascii"):
                os.utime(old, (time.time() - 864000,) * 2)
            mta.command("postconf", f"doctor_backup_stamp={old}",
                        "smtpd_tls_cert_file=/nonexistent.pem")
            report = examine(mta, "--network")
            for check in ("networks", "addresses", "mx", "spf", "dkim", "outbound", "dns lists",
                          "certificates"):
                self.assertIn("problem", levels(report, check), text_of(report, check))
            self.assertEqual(levels(report, "dmarc"), {"warning"})
            self.assertEqual(levels(report, "backup"), {"warning"})
            for finding in report["findings"]:
                if finding["level"] == "problem":
                    self.assertTrue(finding["cure"], finding)

    def test_a_host_in_disorder(self):
        with Instance(params={"myhostname": "short", "mynetworks": "texthash:/nonexistent",
                              "queue_minfree": "100000000000000", "inet_protocols": "all",
                              "relay_domains": "nosuch:table", "mydomain": "short.test"},
                      start=False) as mta:
            mta.command("postfix", "-c", mta.config, "set-permissions")
            for name in ("corrupt/AAAAAAAAAA", "maildrop/BBBBBBBBBB", "incoming/CCCCCCCCCC"):
                with open(f"{mta.queue}/{name}", "w", encoding="ascii"):
                    os.utime(f"{mta.queue}/{name}", (time.time() - 3600,) * 2)
            os.chmod(mta.queue + "/deferred", 0o777)
            certificate = mta.directory + "/cert.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                            "/CN=other.example", "-days", "3", "-out", certificate, "-keyout",
                            mta.directory + "/key.pem"], check=True, capture_output=True)
            mta.command("postconf", f"smtpd_tls_cert_file={certificate}")
            os.chown(mta.config + "/main.cf", 1, 1)  # It was written anew.
            report = examine(mta)
            self.assertEqual(report["status"], 2)
            for check in ("system", "configuration", "host name", "networks", "queue", "disk",
                          "permissions"):
                self.assertIn("problem", levels(report, check), text_of(report, check))
            for check, words in (("networks", "mynetworks cannot be asked: "),
                                 ("queue", "corrupt: 1 message"), ("queue", "maildrop: 1 message"),
                                 ("queue", "incoming: 1 message"),
                                 ("permissions", "group or other writable: "),
                                 ("permissions", "not owned by root: "),
                                 ("certificates", "cert.pem: ends in "),
                                 ("configuration", "nosuch")):
                self.assertIn(words, text_of(report, check))
            self.assertNotIn("ok", levels(report, "certificates") | levels(report, "host name"))

    def test_a_system_that_is_down(self):
        with Instance() as mta:
            mta.command("postfix", "-c", mta.config, "stop")
            report = examine(mta)
            self.assertEqual(report["status"], 2)
            self.assertEqual(levels(report, "system"), {"problem"})
            self.assertEqual(levels(report, "greeting"), {"skipped"})


if __name__ == "__main__":
    ports.main()
