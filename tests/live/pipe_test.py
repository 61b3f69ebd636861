#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pipe(8) in a private instance, with the programs that it is for: Dovecot's and Courier's delivery
programs, a mailing-list manager, scripts."""
import mailbox
import os
import pwd
import shutil
import tempfile
import textwrap
import time
import unittest

import peers
from dovecot import Dovecot
from harness import Instance
from ports import main, skip, wait_until
from smtp_sink import SmtpSink

USER = pwd.getpwnam("nobody")
# The lines of Debian's master.cf; what they name is not installed here, and need not be.
DEBIAN = [
    "maildrop unix - n n - - pipe flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${recipient}",
    "uucp unix - n n - - pipe flags=Fqhu user=uucp argv=uux -r -n -z -a$sender - $nexthop!rmail "
    "($recipient)",
    "ifmail unix - n n - - pipe flags=F user=ftn argv=/usr/lib/ifmail/ifmail -r $nexthop "
    "($recipient)",
    "bsmtp unix - n n - - pipe flags=Fq. user=bsmtp argv=/usr/lib/bsmtp/bsmtp -t$nexthop "
    "-f$sender $recipient",
    "scalemail-backend unix - n n - 2 pipe flags=R user=scalemail "
    "argv=/usr/lib/scalemail/bin/scalemail-store ${nexthop} ${user} ${extension}",
    "mailman unix - n n - - pipe flags=FRX user=list "
    "argv=/usr/lib/mailman/bin/postfix-to-mailman.py ${nexthop} ${user}",
]
LIST = "crew@lists.test"


class Rig:
    """An instance whose transport is chosen by the first label of the recipient's domain."""

    def __init__(self, transports, params=None):
        self.folder = tempfile.mkdtemp(prefix="posthouse-pipe-")
        os.chmod(self.folder, 0o755)
        self.drop = self.made("drop")
        lines = [line.replace("{folder}", self.folder) for line in transports]
        names = [line.split()[0] for line in lines]
        table = ", ".join(f"{{ {name}.test = {name}: }}" for name in names)
        self.mta = Instance(master=lines, params={
            "transport_maps": "inline:{ " + table + " }", "recipient_delimiter": "+",
            "relay_domains": " ".join(name + ".test" for name in names), **(params or {})})

    def made(self, name):
        """A folder that belongs to the user of the commands."""
        path = os.path.join(self.folder, name)
        os.mkdir(path)
        os.chown(path, USER.pw_uid, USER.pw_gid)
        return path

    def stop(self):
        self.mta.stop()
        shutil.rmtree(self.folder)

    def deliver(self, recipients, body=b"hello\r\n", sender="a@x.test", count=None):
        """Sends a message; the lines of its deliveries."""
        key = f"{time.monotonic_ns():x}"
        header = f"From: {sender}\r\nTo: {recipients[0]}\r\nMessage-ID: <{key}@x.test>\r\n"
        self.mta.send(sender, recipients, header.encode() + b"Subject: hello\r\n\r\n" + body)
        queue_id = self.mta.wait_log(rf"(\w+): message-id=<{key}@x.test>")[0].group(1)
        found = self.mta.wait_log(rf"pipe\[\d+\]: {queue_id}: to=.*", count or len(recipients))
        return [match.group(0) for match in found]


SCRIPTS = [
    "words unix - n n - - pipe flags=hu user=nobody argv=/bin/sh -c "
    "{cat > $$1/input; shift; printf '<%s>' \"$$@\"} sh {folder}/drop ${recipient} - ${sender} "
    "${extension} ${nexthop}",
    "status unix - n n - - pipe user=nobody argv=/bin/sh -c "
    "{cat >/dev/null; echo $$2; exit $$1} sh ${user} ${extension}",
    "slow unix - n n - - pipe user=nobody argv=/bin/sh -c {sleep 30 & echo $$!; sleep 30}",
    "one unix - n n - 1 pipe user=nobody argv=/bin/sh -c "
    "{echo begin >> {folder}/drop/order; sleep 0.3; echo end >> {folder}/drop/order}",
    "lacking unix - n n - - pipe user=nosuchuser argv=/bin/true",
    "system unix - n n - - pipe user=postfix argv=/bin/true",
    "typo unix - n n - - pipe user=nobody argv=/bin/echo ${nosuch}",
]


class ScriptsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = Rig(SCRIPTS + DEBIAN, {"slow_time_limit": "1s"})

    @classmethod
    def tearDownClass(cls):
        cls.rig.stop()

    def test_words_and_input(self):
        lines = self.rig.deliver(["Joe+X@words.test", "ann@words.test"], b"a\r\n.b\r\n")
        output = "<joe+x@words.test><ann@words.test><-><a@x.test><x><><words.test>"
        for line, address in zip(sorted(lines), ("Joe+X@words.test", "ann@words.test")):
            self.assertIn(f"to=<{address}>, relay=words, ", line)
            self.assertIn("dsn=2.0.0, status=sent (delivered via words service "
                          f"({output}))", line)
        with open(self.rig.drop + "/input", encoding="ascii") as file:
            self.assertTrue(file.read().endswith("\n\na\n.b\n"))

    def test_statuses(self):
        for recipient, want in (
                ("0", "dsn=2.0.0, status=sent (delivered via status service)"),
                ("67+no", "dsn=5.1.1, status=bounced (user unknown. Command output: no )"),
                ("75", "dsn=4.3.0, status=deferred (temporary failure. Command output:  )"),
                ("1+4.7.9", "dsn=4.7.9, status=deferred ()"),
                ("3", 'dsn=5.3.0, status=bounced (Command died with status 3: "/bin/sh". '
                      "Command output:  )")):
            line = self.rig.deliver([recipient + "@status.test"])[0]
            self.assertIn(want, line)

    def test_time_limit_kills_the_group(self):
        line = self.rig.deliver(["a@slow.test"])[0]
        self.assertIn('dsn=5.3.0, status=bounced (Command time limit exceeded: "/bin/sh". '
                      "Command output: ", line)
        child = int(line.rsplit(": ", 1)[1].split()[0])
        wait_until(lambda: not os.path.exists(f"/proc/{child}"), 5, "end of the command's child")

    def test_maxproc_is_the_number_of_commands(self):
        for _ in range(3):
            self.rig.mta.send("a@x.test", ["a@one.test"], b"Subject: x\r\n\r\nx\r\n")
        self.rig.mta.wait_log("to=<a@one.test>.*status=sent", 3)
        with open(self.rig.drop + "/order", encoding="ascii") as file:
            self.assertEqual(file.read().split(), ["begin", "end"] * 3)

    def test_faulty_services_defer(self):
        line = self.rig.deliver(["a@typo.test"])[0]
        self.assertIn("dsn=4.3.5, status=deferred (mail system configuration error: service typo: "
                      'unknown macro name: "nosuch")', line)
        for name, fault in (("lacking", "unknown username: nosuchuser"),
                            ("system", "user= command-line attribute specifies mail system owner "
                                       "postfix")):
            self.rig.mta.send("a@x.test", [f"a@{name}.test"], b"Subject: x\r\n\r\nx\r\n")
            self.rig.mta.wait_log(f"pipe.*warning: master.cf: service {name}: {fault}")
            line = self.rig.mta.wait_log(rf"to=<a@{name}\.test>,.*status=deferred .*")[0].group(0)
            self.assertIn(f"service {name}: {fault}", line)

    def test_lines_of_debian_are_accepted(self):
        done = self.rig.mta.command("postfix", "-c", self.rig.mta.config, "check", check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("pipe", done.stderr)
        line = self.rig.deliver(["a@uucp.test"])[0]
        self.assertIn("relay=uucp, ", line)
        self.assertIn("status=deferred (temporary failure. Command output: pipe: fatal: "
                      "pipe_command: execvp uux: No such file or directory )", line)


class ProgramsTest(unittest.TestCase):
    def rig(self, transports, params=None):
        rig = Rig(transports, params)
        self.addCleanup(rig.stop)
        return rig

    def test_dovecot_lda(self):
        program = "/usr/lib/dovecot/dovecot-lda"
        if not os.path.exists(program):
            skip("dovecot-lda is missing: apt-get install dovecot-core")
        with Dovecot() as store:
            rig = self.rig([f"lda unix - n n - - pipe flags=DRhu user=nobody argv={program} "
                            f"-c {store.folder}/dovecot.conf -o log_path=/dev/stderr "
                            "-o postmaster_address=postmaster@x.test -f ${sender} -d ${user}"],
                           {"lda_destination_recipient_limit": "1"})
            for sender in ("a@x.test", ""):
                line = rig.deliver(["Joe+box@lda.test"], sender=sender)[0]
                self.assertIn("relay=lda, ", line)
                self.assertIn("dsn=2.0.0, status=sent (delivered via lda service", line)
            messages = store.messages("joe")
            self.assertEqual(len(messages), 2)
            self.assertIn(b"Return-Path: <a@x.test>", messages[0])
            self.assertIn(b"Delivered-To: Joe+box@lda.test", messages[0])

    def test_maildrop(self):
        if not os.path.exists("/usr/bin/maildrop"):
            skip("maildrop is missing: apt-get install maildrop")
        rig = self.rig(["drop unix - n n - - pipe flags=DRXhu user=nobody "
                        "argv=/usr/bin/maildrop {folder}/filter ${recipient}"],
                       {"drop_destination_recipient_limit": "1"})
        os.mkdir(rig.drop + "/box")
        for name in ("", "/tmp", "/new", "/cur"):
            os.makedirs(rig.drop + "/box" + name, exist_ok=True)
            os.chown(rig.drop + "/box" + name, USER.pw_uid, USER.pw_gid)
        with open(rig.folder + "/filter", "w", encoding="ascii") as file:
            file.write(textwrap.dedent(f"""\
                if (/^Subject: .*/ && "$1" eq "full@drop.test")
                {{
                    EXITCODE=75
                    exit
                }}
                to "{rig.drop}/box"
                """))
        os.chown(rig.folder + "/filter", USER.pw_uid, USER.pw_gid)
        os.chmod(rig.folder + "/filter", 0o600)
        self.assertIn("status=sent (delivered via drop service", rig.deliver(["Joe@drop.test"])[0])
        self.assertIn("dsn=4.3.0, status=deferred (temporary failure",
                      rig.deliver(["full@drop.test"])[0])
        box = mailbox.Maildir(rig.drop + "/box", create=False)
        self.assertEqual([message["Delivered-To"] for message in box], ["Joe@drop.test"])

    def test_mailing_list_manager(self):
        programs = peers.unpacked("mlmmj") + "/usr"
        with SmtpSink() as sink:
            rig = self.rig([f"lists unix - n n - - pipe flags=ORhu user=nobody "
                            f"argv={programs}/bin/mlmmj-receive -F -L {{folder}}/lists/${{user}}"],
                           {"lists_destination_recipient_limit": "1", 
                            "relayhost": f"[127.0.0.1]:{sink.port}"})
            self.make_list(rig, programs)
            line = rig.deliver([LIST], sender="member1@out.test")[0]
            self.assertIn("status=sent (delivered via lists service", line)
            wait_until(lambda: len(sink.messages) == 2, 30, "the list's mail to both members")
            self.assertEqual(sorted(address for message in sink.messages
                                    for address, _ in message.recipients),
                             ["member1@out.test", "member2@out.test"])
            self.assertTrue(all(message.sender.startswith("crew+bounces-")
                                for message in sink.messages))

    def make_list(self, rig, programs):
        folder = rig.folder + "/lists/crew"
        for name in ("incoming", "queue/discarded", "archive", "text", "subconf", "unsubconf",
                     "bounce", "control", "moderation", "subscribers.d", "digesters.d",
                     "requeue", "nomailsubs.d"):
            os.makedirs(f"{folder}/{name}")
        shutil.copytree(programs + "/share/mlmmj/text.skel/en", folder + "/text",
                        dirs_exist_ok=True)
        for name, text in (("control/listaddress", LIST), ("control/owner", "owner@out.test"),
                           ("control/relayhost", "127.0.0.1"), ("index", "0"),
                           ("control/smtpport", str(rig.mta.smtp_port)),
                           ("subscribers.d/m", "member1@out.test\nmember2@out.test")):
            with open(f"{folder}/{name}", "w", encoding="ascii") as file:
                file.write(text + "\n")
        for path, folders, files in os.walk(rig.folder + "/lists"):
            for name in [path] + [os.path.join(path, name) for name in folders + files]:
                os.chown(name, USER.pw_uid, USER.pw_gid)


class BadLine(unittest.TestCase):
    """A line of master.cf that cannot work."""
    def test_mail_waits_at_once_with_the_reason(self):
        rig = Rig(["lost unix - n n - - pipe user=no-such-user argv=/bin/cat"])
        self.addCleanup(rig.stop)
        began = time.monotonic()
        text = "service lost: unknown username: no-such-user"
        for _ in range(2):
            self.assertIn(f"dsn=4.3.5, status=deferred (mail system configuration error: {text})",
                          rig.deliver(["a@lost.test"])[0])
        self.assertLess(time.monotonic() - began, 5)
        self.assertIn(text, rig.mta.queued()[0]["recipients"][0]["delay_reason"])
        rig.mta.wait_log(rf"pipe\[\d+\]: warning: master\.cf: {text}")
        said = rig.mta.command("postfix", "check", check=False)
        self.assertRegex(said.stderr, rf"warning: \S+/master\.cf, line \d+: {text}")


if __name__ == "__main__":
    main()
