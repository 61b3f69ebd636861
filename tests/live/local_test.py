#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""local(8) in a private instance, with users of this host made for the test: aliases, .forward
files, mailboxes, commands, as their owners see them."""
import os
import re
import shutil
import smtplib
import unittest

from local_case import HOST, LocalCase
from ports import main, wait_until


class MailboxTest(LocalCase):
    def test_mailbox_bytes(self):
        self.assertEqual(self.deliver(self.fred.name + "+ext",
                                      body=b"a\r\nFrom me\r\n.dot\r\nlast"),
                         "2.0.0 sent (delivered to mailbox)")
        head, body = self.mailbox(self.fred).split(b"\n\n", 1)
        lines = head.split(b"\n")
        self.assertRegex(lines[0], rb"^From s@r\.test  \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$")
        address = f"{self.fred.name}+ext@{HOST}".encode()
        self.assertEqual(lines[1:4], [b"Return-Path: <s@r.test>", b"X-Original-To: " + address,
                                      b"Delivered-To: " + address])
        self.assertEqual(body, b"a\n>From me\n.dot\nlast\n\n")
        self.assertNotIn(b"\r", self.mailbox(self.fred))
        status = os.stat(os.path.join(self.spool, self.fred.name))
        self.assertEqual((status.st_uid, status.st_mode & 0o777), (self.fred.uid, 0o600))
        self.assertEqual(os.listdir(self.spool), [self.fred.name])

    def test_null_sender(self):
        self.deliver(self.fred.name, sender="")
        self.assertRegex(self.mailbox(self.fred), rb"^From MAILER-DAEMON  .*\nReturn-Path: <>\n")

    def test_users_are_found_whatever_their_case(self):
        self.assertEqual(self.deliver(self.fred.name.upper()), "2.0.0 sent (delivered to mailbox)")

    def test_root_has_a_mailbox(self):
        self.aliases("nothing: nobody\n")
        self.assertEqual(self.deliver("root"), "2.0.0 sent (delivered to mailbox)")
        self.assertEqual(os.stat(self.spool + "/root").st_uid, 0)
        self.aliases("postmaster: root\nroot: %s\n" % self.fred.name)

    def test_a_spool_that_only_root_can_write(self):
        os.chmod(self.spool, 0o755)
        try:
            for _ in range(2):
                self.assertEqual(self.deliver(self.fred.name),
                                 "2.0.0 sent (delivered to mailbox)")
        finally:
            os.chmod(self.spool, 0o2775)
        status = os.stat(os.path.join(self.spool, self.fred.name))
        self.assertEqual((status.st_uid, status.st_mode & 0o777), (self.fred.uid, 0o600))
        self.assertEqual(self.mailbox(self.fred).count(b"\n\nhello\n\n"), 2)

    def test_unknown_users_are_refused(self):
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
            self.send("nobody-here")
        self.assertEqual(refused.exception.recipients[f"nobody-here@{HOST}"],
                         (550, f"5.1.1 <nobody-here@{HOST}>: Recipient address rejected: User "
                               "unknown in local recipient table".encode()))

    def test_what_forwards_to_unknown_users_is_returned(self):
        self.aliases("a: nobody-here\n")
        queue_id = self.send("a")
        self.assertEqual(self.lines(queue_id),
                         [(f"nobody-here@{HOST}", f"a@{HOST}", "5.1.1",
                           'bounced (unknown user: "nobody-here")')])
        notice = self.elsewhere("s@r.test", "", queue_id.encode())
        self.assertIn(b"unknown user: \"nobody-here\"", notice.data)
        self.assertIn(f"\r\n<nobody-here@{HOST}> (expanded from <a@{HOST}>):".encode(),
                      notice.data)
        self.assertIn(f"\r\nFinal-Recipient: rfc822; nobody-here@{HOST}\r\nOriginal-Recipient: "
                      f"rfc822;a@{HOST}\r\n".encode(), notice.data)

    def test_a_full_mailbox_keeps_its_length(self):
        path = os.path.join(self.spool, self.fred.name)
        with open(path, "wb") as file:
            file.truncate(51200000 - 100)
        os.chown(path, self.fred.uid, self.fred.gid)
        self.assertEqual(self.deliver(self.fred.name),
                         f"5.2.2 bounced (cannot update mailbox {path} for user {self.fred.name}. "
                         "error writing message: File too large)")
        self.assertEqual(os.stat(path).st_size, 51200000 - 100)

    def test_a_locked_mailbox_waits(self):
        path = os.path.join(self.spool, self.fred.name)
        with open(path + ".lock", "w", encoding="ascii"):
            pass
        queue_id = self.send(self.fred.name)
        self.assertRegex(self.lines(queue_id)[0][3], r"^deferred \(cannot update mailbox .* unable "
                                                     r"to (create lock file|lock)")
        os.remove(path + ".lock")
        self.mta.command("postqueue", "-f")
        self.mta.wait_log(rf"{queue_id}: to=.*status=sent \(delivered to mailbox\)")

    def test_one_mailbox_many_at_once(self):
        ids = [self.send(self.fred.name) for _ in range(20)]
        for queue_id in ids:
            self.mta.wait_log(rf"{queue_id}: to=.*status=sent")
        self.assertEqual(len(re.findall(rb"^From s@r", self.mailbox(self.fred), re.M)), 20)


class ChrootTest(LocalCase):
    MASTER = ("smtp inet n - y - - smtpd",)

    def test_the_server_in_its_jail_knows_users_and_new_aliases(self):
        self.assertEqual(self.deliver(self.wilma.name), "2.0.0 sent (delivered to mailbox)")
        with self.assertRaises(smtplib.SMTPRecipientsRefused):
            self.send("newcomer")
        self.aliases(f"newcomer: {self.fred.name}\n")
        self.assertEqual(self.deliver("newcomer"), "2.0.0 sent (delivered to mailbox)")
        self.assertIn(f"to=<{self.fred.name}@{HOST}>, orig_to=<newcomer@{HOST}>", self.mta.log())


class AliasTest(LocalCase):
    def deliveries(self, value, count, **aliases):
        """Lines of a message to alias a, which stands for value; without the host."""
        more = "".join(f"{name.replace('_', '-')}: {text}\n" for name, text in aliases.items())
        self.aliases(f"a: {value}\n{more}")
        queue_id = self.send("a")
        return queue_id, [(to.replace("@" + HOST, ""), text)
                          for to, _, _, text in self.lines(queue_id, count)]

    def test_several_kinds(self):
        box, log = self.work + "/box", self.work + "/log"
        for path in (box, log):
            open(path, "w", encoding="ascii").close()
            shutil.chown(path, "nobody")
        _, lines = self.deliveries(
            f'{self.fred.name}, {box}, "|/bin/sh -c \'cat; id -un; pwd\' > {log}", u@r.test', 4)
        self.assertEqual(lines[:3], [
            (self.fred.name, "sent (delivered to mailbox)"),
            ("a", f"sent (delivered to file: {box})"),
            ("a", f"sent (delivered to command: /bin/sh -c 'cat; id -un; pwd' > {log})")])
        self.assertRegex(lines[3][1], r"^sent \(forwarded as \w+\)$")
        self.assertIn(b"X-Original-To: a@mail.posthouse.test\nDelivered-To: a@mail",
                      self.mailbox(self.fred))
        with open(box, "rb") as file:
            self.assertRegex(file.read(), rb"(?s)^From s@r\.test  .*\n\nhello\n\n$")
        with open(log, encoding="utf-8") as file:
            self.assertEqual(file.read().split("\n")[-4:-1],
                             ["hello", "nobody", self.mta.queue])
        new = self.elsewhere("u@r.test", "s@r.test")
        self.assertRegex(new.data, rb"^Received: by mail\.posthouse\.test \(\w+\)\r\n\tid \w+; .*"
                                   rb"\r\nDelivered-To: a@mail\.posthouse\.test\r\nReceived: from")

    def test_loops_end(self):
        _, lines = self.deliveries("b", 1, b="a")
        self.assertEqual(lines, [("b", "bounced (alias database loop for b)")])

    def test_an_owner_takes_over(self):
        self.deliveries('u@r.test, "|exit 65"', 2, owner_a=self.wilma.name)
        new = self.elsewhere("u@r.test", f"owner-a@{HOST}")
        self.assertIn("ORCPT=rfc822;u@r.test", new.recipients[-1][1])
        wait_until(lambda: os.path.exists(os.path.join(self.spool, self.wilma.name)), 10, "notice")
        self.assertIn(b"\nDiagnostic-Code: x-unix; data format error\n", self.mailbox(self.wilma))

    def test_includes(self):
        names = self.work + "/list"
        with open(names, "w", encoding="ascii") as file:
            file.write(f"# members\n{self.fred.name}, v@r.test\n\"|/bin/true\"\n")
        _, lines = self.deliveries(f":include:{names}", 2)
        self.assertEqual(lines[0], ("a", "bounced (mail to command is restricted)"))
        self.assertRegex(lines[1][1], r"^sent \(forwarded as \w+\)$")
        wait_until(lambda: os.path.exists(os.path.join(self.spool, self.fred.name)), 10, "mail")
        self.assertIn(b"\nDelivered-To: a@mail", self.mailbox(self.fred))

    def test_what_waits_does_not_repeat_the_rest(self):
        mark = self.wilma.path("mark")
        queue_id, lines = self.deliveries(
            f'{self.fred.name}, "|test -e {mark} || exit 75", w@r.test', 3)
        self.assertEqual(lines[1][1], "deferred (temporary failure)")
        self.mta.command("postqueue", "-f")
        self.mta.wait_log(rf"{queue_id}: to=<a@.*status=deferred", 2)
        self.wilma.write("mark", "")
        self.mta.command("postqueue", "-f")
        self.mta.wait_log(rf"{queue_id}: to=<a@.*status=sent \(delivered to command")
        self.mta.wait_log(rf"{queue_id}: removed")
        self.assertEqual(len(re.findall(rb"^From s@r", self.mailbox(self.fred), re.M)), 1)
        self.assertEqual(len(re.findall(rf"{queue_id}: .*forwarded as", self.mta.log())), 1)
        self.assertEqual(os.listdir(self.mta.queue + "/local"), [])

    def test_one_failure_of_many_is_told(self):
        queue_id, lines = self.deliveries(f'{self.fred.name}, "|exit 67"', 2)
        self.assertEqual(lines[1], ("a", "bounced (user unknown)"))
        notice = self.elsewhere("s@r.test", "", queue_id.encode())
        self.assertIn(b"user unknown", notice.data)
        self.assertIn(b"\r\nX-Posthouse-Failure-Class: bad-address (hard)\r\n", notice.data)
        self.mta.wait_log(rf"{queue_id}: removed")
        self.mta.wait_log(rf"failures\[\d+\]: {queue_id}: why: to=<a@.*>, class=bad-address, hard")

    def test_success_notices(self):
        self.aliases("a: u@r.test\n")
        self.send("a", rcpt_options=["NOTIFY=SUCCESS,FAILURE"], body=b"notice\r\n")
        new = self.elsewhere("u@r.test", text=b"\r\nnotice\r\n")
        self.assertIn("NOTIFY=FAILURE", new.recipients[0][1])


class ForwardTest(LocalCase):
    def test_forwarding(self):
        self.fred.write(".forward", f"\\{self.fred.name}, {self.wilma.name}, u@r.test\n")
        queue_id = self.send(self.fred.name)
        lines = self.lines(queue_id, 2)
        self.assertEqual(lines[0][3], "sent (delivered to mailbox)")
        new_id = re.match(r"sent \(forwarded as (\w+)\)", lines[1][3]).group(1)
        self.mta.wait_log(rf"{new_id}: to=<{self.wilma.name}@{HOST}>, orig_to=<{self.fred.name}@"
                          rf"{HOST}>, relay=local, .*status=sent \(delivered to mailbox\)")
        self.assertIn(b"\nDelivered-To: %s@mail" % self.wilma.name.encode(),
                      self.mailbox(self.wilma))
        self.assertIn(b"\nDelivered-To: %s@mail" % self.fred.name.encode(),
                      self.mailbox(self.wilma))

    def test_extension_files(self):
        self.fred.write(".forward+foo", "~/foo\n")
        self.fred.write(".forward", "~/all/\n")
        foo = self.fred.path("foo")
        self.assertEqual(self.deliver(self.fred.name + "+foo"),
                         f"2.0.0 sent (delivered to file: {foo})")
        self.assertEqual(self.deliver(self.fred.name + "+bar"),
                         "2.0.0 sent (delivered to maildir)")
        self.assertEqual(os.stat(foo).st_uid, self.fred.uid)
        new = os.listdir(self.fred.path("all/new"))
        self.assertEqual(len(new), 1)
        text = self.fred.read("all/new/" + new[0])
        self.assertTrue(text.startswith(b"Return-Path: <s@r.test>\nX-Original-To: "))

    def test_commands_run_as_the_user(self):
        out = self.fred.path("out")
        self.fred.write(".forward", f'"|id -u > {out}; id -G >> {out}; env >> {out}; cat >> {out}"')
        self.deliver(self.fred.name + "+x`y", header=b"Subject: x\r\n")
        text = self.fred.read("out").decode()
        lines = text.split("\n")
        self.assertEqual(lines[:2], [str(self.fred.uid), str(self.fred.gid)])
        for wanted in (f"HOME={self.fred.home}", f"USER={self.fred.name}", "SHELL=/bin/sh",
                       "EXTENSION=x_y", f"DOMAIN={HOST}", "SENDER=s@r.test",
                       f"RECIPIENT={self.fred.name}+x_y@{HOST}", f"LOGNAME={self.fred.name}"):
            self.assertIn(wanted, lines)
        self.assertIn("Subject: x", lines)

    def test_output_of_failing_commands_is_told(self):
        self.fred.write(".forward", '"|echo no such thing; exit 77"')
        self.assertEqual(self.deliver(self.fred.name),
                         "5.7.0 bounced (permission denied. Command output: no such thing )")
        self.fred.write(".forward", '"|/no/such"')
        queue_id = self.send(self.fred.name)
        self.assertRegex(self.lines(queue_id)[0][3], "local: fatal: execvp /no/such")
        self.mta.command("postsuper", "-d", queue_id)

    def test_an_empty_file_forwards_nothing(self):
        self.fred.write(".forward", "# nothing\n\n")
        self.assertEqual(self.deliver(self.fred.name), "2.0.0 sent (delivered to mailbox)")

    def test_two_users_who_forward_to_each_other(self):
        self.fred.write(".forward", self.wilma.name)
        self.wilma.write(".forward", self.fred.name)
        self.send(self.fred.name)
        self.mta.wait_log(rf"dsn=5\.4\.6, status=bounced \(mail forwarding loop for "
                          rf"{self.fred.name}@{HOST}\)")


class HomeTest(LocalCase):
    PARAMS = {"home_mailbox": "Maildir/", "luser_relay": "$user@r.test",
              "local_recipient_maps": ""}

    def test_maildir(self):
        self.assertEqual(self.deliver(self.fred.name), "2.0.0 sent (delivered to maildir)")
        self.assertEqual(sorted(os.listdir(self.fred.path("Maildir"))), ["cur", "new", "tmp"])
        self.assertEqual(os.listdir(self.fred.path("Maildir/tmp")), [])
        name = os.listdir(self.fred.path("Maildir/new"))[0]
        status = os.stat(self.fred.path("Maildir/new/" + name))
        self.assertEqual((status.st_uid, status.st_mode & 0o777), (self.fred.uid, 0o600))
        self.assertNotIn(b"\r", self.fred.read("Maildir/new/" + name))

    def test_unknown_users_go_elsewhere(self):
        self.assertRegex(self.deliver("stranger+x"), r"^2.0.0 sent \(forwarded as \w+\)$")
        self.elsewhere("stranger@r.test")


class CommandTest(LocalCase):
    PARAMS = {"mailbox_command": 'cat > "$HOME/$EXTENSION"', "fallback_transport": "discard:gone",
              "local_recipient_maps": "", "command_execution_directory": "$home"}

    def test_mailbox_command(self):
        self.assertEqual(self.deliver(self.fred.name + "+box"),
                         '2.0.0 sent (delivered to command: cat > "$HOME/$EXTENSION")')
        self.assertIn(b"\n\nhello\n", self.fred.read("box"))

    def test_fallback_transport(self):
        queue_id = self.send("stranger")
        self.mta.wait_log(rf"discard\[\d+\]: {queue_id}: to=<stranger@{HOST}>, relay=none, .*"
                          r"status=sent \(gone\)")
        self.mta.wait_log(rf"local\[\d+\]: {queue_id}: passing <stranger@{HOST}> to "
                          r"transport=discard\n")
        self.mta.wait_log(rf"{queue_id}: removed")


class SoftBounce(LocalCase):
    """Nothing is returned, whoever found out that it fails for good."""
    PARAMS = {"soft_bounce": "yes", "mailbox_transport_maps": "inline:{{USER=error:5.7.1 go away}}",
              "local_delivery_status_filter": "regexp:{{/^2(.*delivered to command).*/ 2$$1}}"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mta.write_main_cf(
            mailbox_transport_maps=f"inline:{{{{{cls.fred.name}=error:5.7.1 go away}}}}")
        cls.mta.reload()
        cls.aliases(f'both: {cls.fred.name}, "|exit 77"\nrun: "|exit 0"\n')

    def test_no_notices(self):
        queue_id = self.send("both")
        self.mta.wait_log(rf"error\[\d+\]: {queue_id}: to=.*dsn=4\.7\.1, status=SOFTBOUNCE "
                          r"\(go away\)", 2)
        self.mta.wait_log(rf"local\[\d+\]: {queue_id}: to=.*status=SOFTBOUNCE \(permission", 2)
        self.assertNotIn("non-delivery", self.mta.log())
        self.mta.command("postsuper", "-d", queue_id)

    def test_text_of_a_delivery_is_filtered(self):
        self.assertIn("status=sent (delivered to command)",
                      self.mta.wait_log(rf"local\[\d+\]: {self.send('run')}: .*")[0].group(0))


if __name__ == "__main__":
    main()
