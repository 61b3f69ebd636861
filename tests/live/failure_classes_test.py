# SPDX-License-Identifier: Apache-2.0
"""Failures get a class, which the queue, the notice, the log and `postfix bounces` show; rows of
them are counted, and suppressed addresses are sent nothing."""
import json
import os
import smtplib
import subprocess
import unittest

import ports
from harness import Instance, wait_until
from smtp_sink import SmtpSink

MESSAGE = b"Subject: class\r\n\r\nhello\r\n"
REPLIES = {
    "nobody@far.test": "550 5.1.1 <nobody@far.test>: no such user here",
    "full@far.test": "552 5.2.2 mailbox is over quota",
    "blocked@far.test": "554 5.7.1 Service unavailable; client host blocked using zen.list.test",
    "spam@far.test": "550 5.7.1 message was classified as spam",
    "ours@far.test": "550 5.0.0 Glubsch 17",
    "later@far.test": "452 4.2.2 quota exceeded",
}
CLASSES = {"nobody": "bad-address (hard)", "full": "mailbox-full (soft)",
           "blocked": "blocked (soft)", "spam": "content (soft)", "ours": "policy (hard)"}


class Classes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rcpt = dict(REPLIES)
        cls.sink = cls.enterClassContext(SmtpSink({
            "rcpt": lambda address: cls.rcpt.get(address, "250 2.1.5 ok")}))
        cls.mta = cls.enterClassContext(Instance(params={
            "mynetworks": "127.0.0.0/8", "failure_suppression": "yes", "failure_soft_limit": "3",
            "relayhost": f"[127.0.0.1]:{cls.sink.port}", "disable_dns_lookups": "yes",
            "failure_class_maps": "regexp:{{/^550 5\\.0\\.0 Glubsch/ policy (hard)}}",
            "virtual_alias_maps": "inline:{{alias@near.test=suppressed@far.test}}",
            "mydestination": "", "relay_domains": "near.test"}))

    def bounces(self, *words, check=True):
        return self.mta.command("postfix", "bounces", *words, check=check)

    def entry(self, subject):
        done = self.bounces("explain", "--json", subject, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def wait_entry(self, subject, wanted):
        found = []

        def there():
            entry = self.entry(subject)
            if (entry is None) == (wanted is None) and (entry is None or wanted(entry)):
                found.append(entry)
            return bool(found)
        wait_until(there, 20, f"entry of {subject}")
        return found[0]

    def test_notice_and_log_name_the_class(self):
        for name, wanted in CLASSES.items():
            before = len(self.sink.messages)
            self.mta.send(f"sender-{name}@near.test", [f"{name}@far.test"], MESSAGE)
            wait_until(lambda seen=before: len(self.sink.messages) > seen, 20, "the notice")
            notice = self.sink.messages[-1].data.decode()
            self.assertIn(f"X-Posthouse-Failure-Class: {wanted}\r\n", notice)
            word = wanted.replace(" (", ", ").rstrip(")")
            self.mta.wait_log(rf"failures\[\d+\]: \w+: why: to=<{name}@far\.test>, class={word}, ")

    def test_queue_shows_the_class(self):
        self.mta.send("sender@near.test", ["later@far.test"], MESSAGE)
        self.mta.wait_log(r"to=<later@far\.test>.*status=deferred")

        def shown():
            lines = self.mta.command("postqueue", "-j").stdout.splitlines()
            found = [json.loads(line) for line in lines if "failure_class" in line]
            return found
        wait_until(lambda: bool(shown()), 10, "the deferred message")
        message = shown()[0]
        self.assertEqual(message["recipients"][0]["failure_class"], "mailbox-full")
        self.assertIs(message["recipients"][0]["failure_hard"], False)
        self.assertIn(", class=mailbox-full (soft)",
                      self.mta.command("postcat", "-q", message["queue_id"]).stdout)
        self.wait_entry("later@far.test", lambda entry: entry["deferred"] == 1)
        self.mta.command("postsuper", "-d", message["queue_id"])

    def test_soft_failures_in_a_row_count_as_hard_and_a_success_forgets(self):
        self.rcpt["row@far.test"] = "552 5.2.2 mailbox full"
        for number in range(1, 4):
            self.mta.send("sender@near.test", ["row@far.test"], MESSAGE)
            entry = self.wait_entry("row@far.test",
                                    lambda entry, n=number: entry["soft_in_row"] == n)
            self.assertEqual(entry["counts_as_hard"], number == 3)
        self.assertFalse(entry["suppressed"])  # Only bad addresses are, by default.
        self.assertIn("row@far.test", self.bounces("list", "--hard", "far.test").stdout)
        self.assertRegex(self.bounces("list", "row@far.test").stdout,
                         r"^State +Class .*\ncounts-as-hard mailbox-full 3/0 .* row@far\.test\n$")
        self.assertIn("counts as hard", self.bounces("explain", "row@far.test").stdout)
        self.rcpt["row@far.test"] = "250 ok"
        self.mta.send("sender@near.test", ["row@far.test"], MESSAGE)
        self.wait_entry("row@far.test", None)

    def test_bad_addresses_are_suppressed_until_cleared(self):
        self.rcpt["suppressed@far.test"] = "550 5.1.1 user unknown"
        self.mta.send("sender@near.test", ["suppressed@far.test"], MESSAGE)
        entry = self.wait_entry("suppressed@far.test", lambda entry: entry["suppressed"])
        self.assertEqual((entry["class"], entry["hard"]), ("bad-address", True))
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
            self.mta.send("sender@near.test", ["Suppressed@Far.test"], MESSAGE)
        code, text = list(refused.exception.recipients.values())[0]
        self.assertEqual(code, 550)
        self.assertRegex(text.decode(), r"^5\.1\.1 <Suppressed@Far\.test>: Recipient address "
                         r"rejected: mail to this address has failed before \(bad-address\)")
        self.mta.send("sender@near.test", ["alias@near.test", "well@far.test"], MESSAGE)
        held = self.mta.wait_log(
            r"(\w+): to=<suppressed@far\.test>, orig_to=<alias@near\.test>, relay=none.*"
            r"dsn=4\.1\.1, status=deferred \(held: mail to this address has failed")[-1].group(1)
        self.mta.wait_log(held + r": to=<well@far\.test>.*status=sent")
        self.wait_in_hold(held)
        why = self.mta.command("postqueue", "--why", held).stdout
        self.assertIn("held: mail to this address has failed before (bad-address)", why)
        self.assertIn("postfix bounces clear suppressed@far.test", why)
        self.mta.command("postsuper", "-H", held)  # Too early.
        self.mta.wait_log(held + r": to=<suppressed@far\.test>.*status=deferred \(held", count=2)
        self.wait_in_hold(held)
        self.assertIn("1 entry cleared", self.bounces("clear", "suppressed@far.test").stdout)
        self.rcpt["suppressed@far.test"] = "250 ok"
        self.mta.command("postsuper", "-H", held)
        self.mta.wait_log(held + r": to=<suppressed@far\.test>.*status=sent")

    def wait_in_hold(self, queue_id):
        def there():
            lines = self.mta.command("postqueue", "-j").stdout.splitlines()
            found = [json.loads(line) for line in lines if queue_id in line]
            return found and found[0]["queue_name"] == "hold"
        wait_until(there, 10, f"{queue_id} in hold")

    def test_local_mail_is_held_or_returned(self):
        self.rcpt["local@far.test"] = "550 5.1.1 user unknown"
        self.mta.send("sender@near.test", ["local@far.test"], MESSAGE)
        self.wait_entry("local@far.test", lambda entry: entry["suppressed"])
        self.submit("local@far.test")
        line = self.mta.wait_log(r"(\w+): to=<local@far\.test>.*status=deferred \(held")[-1]
        held = line.group(1)
        self.wait_in_hold(held)
        self.mta.write_main_cf(failure_suppression_action="return")
        self.mta.reload()
        self.submit("local@far.test")
        self.mta.wait_log(r"to=<local@far\.test>, relay=none.*dsn=5\.1\.1, "
                          r"status=bounced \(mail to this address has failed")
        self.mta.command("postsuper", "-d", held)

    def submit(self, recipient):
        path = os.path.join(self.mta.programs.command_directory, "sendmail")
        subprocess.run([path, "-f", "sender@near.test", recipient], env=self.mta.environment,
                       input=b"Subject: x\n\nx\n", check=True, timeout=30)

    def test_counts_survive_a_restart_of_the_service(self):
        self.rcpt["kept@far.test"] = "550 5.1.1 user unknown"
        self.mta.send("sender@near.test", ["kept@far.test"], MESSAGE)
        self.wait_entry("kept@far.test", lambda entry: entry["hard"])
        self.mta.reload()
        self.wait_entry("kept@far.test", lambda entry: entry["hard"])

    def test_a_full_mailbox_says_nothing_of_its_domain(self):
        self.rcpt["full@quiet.test"] = "552 5.2.2 mailbox full"
        self.mta.send("sender@near.test", ["full@quiet.test"], MESSAGE)
        self.wait_entry("full@quiet.test", lambda entry: entry["returned"] == 1)
        done = self.bounces("explain", "quiet.test", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing is known of quiet.test itself; for addresses there: "
                      "postfix bounces list quiet.test", done.stderr)

    def test_words_that_are_wrong(self):
        done = self.bounces("explain", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("usage: postfix bounces", done.stderr)
        done = self.bounces("list", "unheard@of.test")
        self.assertEqual(done.stdout, "")
        done = self.bounces("explain", "unheard@of.test", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing is known of unheard@of.test", done.stderr)

    def test_classify_says_what_a_reply_would_be(self):
        self.assertEqual(self.bounces("classify", "552 5.2.2 over quota").stdout,
                         "mailbox-full (soft)  552 5.2.2 over quota\n")
        self.assertEqual(self.bounces("classify", "550 5.0.0 Glubsch 17").stdout,
                         "policy (hard)        550 5.0.0 Glubsch 17  (failure_class_maps)\n")

    def test_check_tells_classes_that_are_none(self):
        path = self.mta.write("classes.pcre", "/^551/ dns\n/^552/ mailbox-ful\n")
        before = self.mta.params["failure_class_maps"]
        self.mta.write_main_cf(failure_class_maps=f"pcre:{path}")
        wrong = self.mta.command("postfix", "-c", self.mta.config, "check", check=False)
        self.mta.write_main_cf(failure_class_maps=before)
        self.assertIn(f'{path}, line 2: "mailbox-ful" is no class of failure',
                      wrong.stdout + wrong.stderr)


if __name__ == "__main__":
    ports.main()
