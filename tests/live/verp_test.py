#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Variable envelope return paths end to end: who may ask for them, what recipients and their hosts
see, where notices go, and that a mailing list finds in them whom to strike off. All of it holds for
Postfix too: POSTHOUSE_MTA=postfix plays it there."""
import email
import os
import subprocess
import textwrap
import time
import unittest

from harness import OURS, Instance
from ports import main, wait_until
from smtp_sink import SmtpSink

TEXT = b"Subject: news\r\n\r\nhello\r\n"
GONE = "550 5.1.1 no such user"
# What a list manager does with its bounces: address extension to member.
READER = """#!/bin/sh
# The member is what stands between the delimiters: user=domain.
cat > /dev/null
echo "$EXTENSION" | sed 's/=\\([^=]*\\)$/@\\1/' >> {folder}/struck
"""


class Case(unittest.TestCase):
    params = {}

    @classmethod
    def setUpClass(cls):
        cls.sink = cls.enterClassContext(SmtpSink({"rcpt": {
            "gone@x.test": GONE, "left@x.test": GONE, "late@x.test": "450 4.2.0 later",
            "second@x.test": ["450 4.2.0 later", "250 2.1.5 ok"],
            "*": "250 2.1.5 ok"}}))
        cls.mta = Instance(params={
            "relayhost": f"[127.0.0.1]:{cls.sink.port}", "mydestination": "lists.test",
            "virtual_alias_maps": "inline:{{team@x.test=one@y.test,two@z.test}}",
            "smtpd_authorized_verp_clients": "127.0.0.1", "recipient_delimiter": "+",
            "header_checks": "regexp:{{/^X-Bad:/ REJECT}}",
            **cls.params}, start=False)
        cls.addClassCleanup(cls.mta.stop)
        cls.prepare()
        cls.mta.start()

    @classmethod
    def prepare(cls):
        """Before the start."""

    def setUp(self):
        self.before = len(self.sink.messages)

    def submit(self, *words, text=TEXT, status=0):
        path = os.path.join(self.mta.programs.command_directory, "sendmail")
        done = subprocess.run([path, *words], env=self.mta.environment, input=text, check=False,
                              capture_output=True, timeout=60)
        # Whatever is wrong, Postfix says 75.
        self.assertEqual(done.returncode, status if OURS or status == 0 else 75, done.stderr)
        return done

    def arrived(self, count):
        """(sender, recipients) of what has come since the test began, sorted."""
        def come():
            got = self.sink.messages[self.before:]
            return got if len(got) >= count else None
        got = wait_until(come, 20, f"{count} messages")
        return sorted((m.sender, [address for address, _ in m.recipients]) for m in got)

    def notices(self, count):
        self.arrived(count)
        return [(m.recipients[0][0], email.message_from_bytes(m.data))
                for m in self.sink.messages[self.before:] if m.sender == ""]


def failed_of(notice):
    """Final recipients of a notice, and the sender that it names."""
    parts = notice.get_payload()[1].get_payload()
    sender = next(value for name, value in parts[0].items() if name.endswith("-Sender"))
    return [str(part["Final-Recipient"]) for part in parts[1:]], sender


class Verp(Case):
    def test_each_recipient_sees_a_sender_of_his_own(self):
        self.mta.send("list@b.test", ["team@x.test", "Big@X.test", '"a b"@x.test'], TEXT,
                      options=["XVERP"])
        self.assertEqual(self.arrived(4), [
            ('"list+a b=x.test"@b.test', ['"a b"@x.test']),
            ("list+Big=X.test@b.test", ["Big@X.test"]),
            ("list+team=x.test@b.test", ["one@y.test"]),
            ("list+team=x.test@b.test", ["two@z.test"])])
        self.assertRegex(self.mta.log(), r"from=<list@b\.test>, size=\d+, nrcpt=4 \(queue active\)")

    def test_other_mail_is_left_alone(self):
        self.mta.send("list@b.test", ["c@x.test", "d@x.test"], TEXT)
        self.assertEqual(self.arrived(1), [("list@b.test", ["c@x.test", "d@x.test"])])

    def test_sendmail(self):
        cases = {("-XV", "-f", "l@b.test"): "l+e=x.test@b.test",
                 ("-XV-=", "-f", "l@b.test"): "l-e=x.test@b.test",
                 ("-V+=", "-f", "l@b.test"): "l+e=x.test@b.test",
                 ("-V", "-f", "l@b.test"): "l+e=x.test@b.test",
                 ("-XV",): "root+e=x.test@mail.posthouse.test"}
        for number, (words, sender) in enumerate(cases.items(), 1):
            self.submit(*words, "e@x.test")
            self.arrived(number)
            self.assertEqual(self.sink.messages[-1].sender, sender, words)

    def test_sendmail_refuses_what_cannot_be(self):
        for words in (("-XV%=",), ("-XV+",), ("-XV+=-",)):
            said = self.submit(*words, "-f", "l@b.test", "f@x.test", status=64).stderr
            self.assertIn(b"fatal: -V requires two characters from -=+\n", said)
        said = self.submit("-XV", "-f", "<>", "f@x.test", status=64).stderr
        self.assertIn(b"-V option requires non-null sender address\n", said)
        time.sleep(0.5)
        self.assertEqual(len(self.sink.messages), self.before)

    def test_dialogue_on_standard_input(self):
        done = self.submit("-bs", text=b"EHLO y\r\nMAIL FROM:<l@b.test> XVERP=-+\r\n"
                           b"RCPT TO:<g@x.test>\r\nDATA\r\nSubject: bs\r\n\r\nx\r\n.\r\nQUIT\r\n")
        self.assertIn(b"\r\n250-XVERP\r\n", done.stdout)
        self.assertEqual(self.arrived(1), [("l-g+x.test@b.test", ["g@x.test"])])

    def test_each_failure_is_told_to_the_sender_of_its_copy(self):
        self.mta.send("list@b.test", ["gone@x.test", "h@x.test", "left@x.test"], TEXT,
                      options=["XVERP=+="])
        told = self.notices(3)
        self.assertEqual(sorted((to, *failed_of(notice)) for to, notice in told), [
            ("list+gone=x.test@b.test", ["rfc822; gone@x.test"], "rfc822; list@b.test"),
            ("list+left=x.test@b.test", ["rfc822; left@x.test"], "rfc822; list@b.test")])
        for to, notice in told:
            self.assertEqual(notice["To"], to)
            self.assertEqual(notice["Subject"], "Undelivered Mail Returned to Sender")
        self.mta.wait_log("sender non-delivery notification: ", 2)

    def test_content_that_is_refused_comes_back_to_the_sender_of_each_copy(self):
        self.submit("-XV", "-f", "l@b.test", "m@x.test", "n@x.test", text=b"X-Bad: yes\n" + TEXT)
        self.assertEqual(sorted(to for to, _ in self.notices(2)),
                         ["l+m=x.test@b.test", "l+n=x.test@b.test"])

    def test_silence_is_kept(self):
        self.submit("-XV", "-N", "never", "-f", "l@b.test", "gone@x.test", "i@x.test")
        self.mta.wait_empty()
        self.assertEqual(self.arrived(1), [("l+i=x.test@b.test", ["i@x.test"])])

    def test_the_queue_shows_what_was_asked_for(self):
        self.mta.send("list@b.test", ["late@x.test"], TEXT, options=["XVERP=-="])
        self.mta.wait_log(r"to=<late@x\.test>.* status=deferred")
        message, = wait_until(self.mta.queued, 10, "the deferred message")
        self.assertEqual(message["sender"], "list@b.test")
        shown = self.mta.command("postcat", "-eq", message["queue_id"]).stdout
        self.assertIn("\nverp_delimiters: -=\n", shown)
        self.mta.command("postsuper", "-d", message["queue_id"])


    def test_what_is_queued_again_keeps_its_senders(self):
        self.mta.send("list@b.test", ["second@x.test"], TEXT, options=["XVERP=-="])
        self.mta.wait_log(r"to=<second@x\.test>.* status=deferred")
        wait_until(self.mta.queued, 10, "the deferred message")
        self.mta.command("postsuper", "-r", "ALL")
        self.mta.command("postkick", "public", "pickup", "W")  # Postfix itself waits a minute.
        self.assertEqual(self.arrived(1), [("list-second=x.test@b.test", ["second@x.test"])])


class OneNotice(Case):
    params = {"disable_verp_bounces": "yes", "delay_warning_time": "1s",
              "minimal_backoff_time": "1s", "maximal_backoff_time": "1s", "queue_run_delay": "1s"}

    def test_failures_together_if_that_is_wanted(self):
        self.mta.send("list@b.test", ["gone@x.test", "left@x.test"], TEXT, options=["XVERP"])
        (to, notice), = self.notices(1)
        self.assertEqual(to, "list@b.test")
        self.assertEqual(sorted(failed_of(notice)[0]),
                         ["rfc822; gone@x.test", "rfc822; left@x.test"])

    def test_a_delay_is_told_to_the_sender(self):
        self.mta.send("list@b.test", ["late@x.test"], TEXT, options=["XVERP"])
        (to, notice), = self.notices(1)
        self.assertEqual((to, notice["Subject"]),
                         ("list@b.test", "Delayed Mail (still being retried)"))
        self.mta.command("postsuper", "-d", "ALL")


class MailingList(Case):
    @classmethod
    def prepare(cls):
        cls.folder = cls.mta.directory + "/list"
        os.makedirs(cls.folder)
        os.chmod(cls.folder, 0o777)
        reader = cls.mta.directory + "/reader"
        with open(reader, "w", encoding="ascii") as file:
            file.write(textwrap.dedent(READER).format(folder=cls.folder))
        os.chmod(reader, 0o755)
        aliases = cls.mta.write("aliases", f'news-owner "|{reader}"\n')
        cls.mta.write_main_cf(alias_maps=f"texthash:{aliases}")

    def test_the_manager_knows_whom_to_strike_off(self):
        self.submit("-XV", "-f", "news-owner@lists.test", "gone@x.test", "j@x.test",
                    "left@x.test")
        path = self.folder + "/struck"

        def struck():
            if not os.path.exists(path):
                return []
            with open(path, encoding="ascii") as file:
                found = file.read().split()
            return found if len(found) >= 2 else []
        self.assertEqual(sorted(wait_until(struck, 20, "both bounces")),
                         ["gone@x.test", "left@x.test"])
        self.mta.wait_log(r"to=<news-owner\+gone=x\.test@lists\.test>, .*relay=local, .* "
                          r"status=sent \(delivered to command: ")


class Unauthorized(Case):
    params = {"smtpd_authorized_verp_clients": None, "authorized_verp_clients": "192.0.2.1"}

    def test_strangers_may_not_ask(self):
        with self.assertRaisesRegex(Exception, "555.*Unsupported option: XVERP"):
            self.mta.send("list@b.test", ["k@x.test"], TEXT, options=["XVERP"])


class OldName(Case):
    params = {"smtpd_authorized_verp_clients": None, "authorized_verp_clients": "$mynetworks",
              "default_verp_delimiters": "%=", "verp_delimiter_filter": "%=-"}

    def test_old_name_and_other_delimiters(self):
        self.mta.send("list@b.test", ["l@x.test"], TEXT, options=["XVERP"])
        self.assertEqual(self.arrived(1), [("list%l=x.test@b.test", ["l@x.test"])])
        with self.assertRaisesRegex(Exception, "501.*XVERP needs two characters from %=-"):
            self.mta.send("list@b.test", ["l@x.test"], TEXT, options=["XVERP=+="])


if __name__ == "__main__":
    main()
