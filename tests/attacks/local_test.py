#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attacks on local delivery: mailboxes and .forward files that lead elsewhere, aliases and lists
that never end, commands that do not behave, mail that comes round again. What must hold is told by
the files that were not touched, the processes that are gone, and one notice."""
import collections
import concurrent.futures
import contextlib
import os
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import textwrap
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
import rig  # noqa: E402
from harness import Instance  # noqa: E402
from local_case import HOST, LocalCase  # noqa: E402
from ports import main, wait_until  # noqa: E402
from swappers import FolderSwapper, Neighbour, Swapper  # noqa: E402

FULL = os.environ.get("SCALE") == "full"
MANY = 100_000 if FULL else 10_000
DELIVERIES = 10_000 if FULL else 500


class MailboxAttacks:
    def victim(self, owner=None, name="victim"):
        """A file that must not change."""
        path = f"{self.work}/{name}"
        with open(path, "w", encoding="ascii") as file:
            file.write("secret\n")
        if owner:
            os.chown(path, owner.uid, owner.gid)
        return path

    def attack(self, want):
        """Delivers to fred's mailbox; the outcome must match, and the victim stay as it is."""
        outcome = self.deliver(self.fred.name)
        self.assertRegex(outcome, want)
        path = self.work + "/victim"
        if os.path.exists(path):
            with open(path, encoding="ascii") as file:
                self.assertEqual(file.read(), "secret\n")
            os.remove(path)

    def test_loc_01_symbolic_link(self):
        os.symlink(self.victim(), os.path.join(self.spool, self.fred.name))
        self.attack(r"^5\.2\.0 bounced .*symbolic link")

    def test_loc_01_dangling_link(self):
        os.symlink(self.work + "/new", os.path.join(self.spool, self.fred.name))
        self.attack(r"^[45]\.2\.0 (bounced|deferred)")
        self.assertFalse(os.path.exists(self.work + "/new"))

    def test_loc_01_hard_link_to_anothers_file(self):
        os.link(self.victim(self.wilma), os.path.join(self.spool, self.fred.name))
        self.attack(r"^5\.2\.0 bounced")

    def test_loc_01_hard_link_to_own_file(self):
        os.link(self.victim(self.fred), os.path.join(self.spool, self.fred.name))
        self.attack(r"^5\.2\.0 bounced .*2 hard links")

    def test_loc_01_hard_link_to_a_link_of_roots(self):
        os.symlink(self.victim(), self.work + "/link")
        os.link(self.work + "/link", os.path.join(self.spool, self.fred.name),
                follow_symlinks=False)
        self.attack(r"^5\.2\.0 bounced")
        os.remove(self.work + "/link")

    def test_loc_01_pipe_device_directory_socket(self):
        path = os.path.join(self.spool, self.fred.name)
        os.mkfifo(path)
        os.chown(path, self.fred.uid, self.fred.gid)
        self.attack(r"^5\.\d\.\d bounced")
        os.remove(path)
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 3))
        os.chown(path, self.fred.uid, self.fred.gid)
        self.attack(r"^5\.\d\.\d bounced")
        os.remove(path)
        os.mkdir(path)
        os.chown(path, self.fred.uid, self.fred.gid)
        self.attack(r"^5\.\d\.\d bounced")
        os.rmdir(path)

    def test_loc_01_anothers_mailbox(self):
        path = os.path.join(self.spool, self.fred.name)
        with open(path, "w", encoding="ascii"):
            pass
        os.chown(path, self.wilma.uid, self.wilma.gid)
        self.assertRegex(self.deliver(self.fred.name), r"^([45])\.\d\.\d (deferred|bounced)")
        self.assertEqual(os.stat(path).st_size, 0)

    def test_loc_01_roots_mailbox_is_a_link(self):
        self.aliases("x: y\n")
        os.symlink(self.victim(), self.spool + "/root")
        self.assertRegex(self.deliver("root"), r"^5\.2\.0 bounced .*symbolic link")
        with open(self.work + "/victim", encoding="ascii") as file:
            self.assertEqual(file.read(), "secret\n")

    def test_loc_02_mailbox_and_lock_are_swapped(self):
        """While mail comes in, the mailbox is a file, a link to one of root's, nothing, or a second
        name of somebody's file, and the lock a link, each for microseconds; all made by root, who
        can do more than a user of a sticky directory."""
        secrets = [self.victim(), self.victim(self.wilma, "hers")]
        before = [os.stat(path) for path in secrets]
        with Swapper(os.path.join(self.spool, self.fred.name), self.fred.uid, *secrets) as swapper:
            self.send_many(self.fred.name, DELIVERIES)
            outcomes = self.outcomes(DELIVERIES)
        self.assertGreater(swapper.rounds, DELIVERIES // 4)
        told = collections.Counter(outcomes)
        print(f"LOC-02: {len(outcomes)} deliveries, {swapper.rounds} swaps: {dict(told)}")
        self.assertEqual(set(told), {"sent", "bounced", "deferred"})
        for path, was in zip(secrets, before):
            with open(path, encoding="ascii") as file:
                self.assertEqual(file.read(), "secret\n")
            now = os.stat(path)
            self.assertEqual((now.st_ino, now.st_mtime_ns, now.st_uid, now.st_mode),
                             (was.st_ino, was.st_mtime_ns, was.st_uid, was.st_mode))
            os.remove(path)
        self.mta.command("postsuper", "-d", "ALL")

    def test_loc_02_folder_is_swapped(self):
        """The folder of the mailbox is in turn the user's own and a link to one of root's. What was
        told to be sent is in the user's own."""
        own, victim = self.fred.path("folder"), self.work + "/victim"
        for path in (victim, own):
            os.makedirs(path + "/box/new")
            os.makedirs(path + "/box/tmp")
        subprocess.run(["chown", "-R", str(self.fred.uid), own], check=True)
        self.fred.write(".forward", own + "/box/\n")
        before = sorted(os.walk(victim))
        with FolderSwapper(own, victim):
            self.send_many(self.fred.name, DELIVERIES // 4)
            told = collections.Counter(self.outcomes(DELIVERIES // 4))
        print(f"LOC-02: {sum(told.values())} into a swapped folder: {dict(told)}")
        self.assertGreater(len(told), 1)
        self.assertEqual(len(os.listdir(own + "/box/new")), told["sent"])
        self.assertEqual(sorted(os.walk(victim)), before)
        self.mta.command("postsuper", "-d", "ALL")
        shutil.rmtree(victim)

    def test_loc_02_what_a_neighbour_can_do(self):
        """Queue, log, configuration and spool directory cannot be swapped by a user of this host;
        what one makes in a sticky spool directory gets nobody's mail. Meanwhile the mailbox is
        taken away all the time, as a mail reader does, so that it is made again and again."""
        box, secret = os.path.join(self.spool, self.fred.name), self.victim()
        folders = [self.mta.directory, self.spool, *(
            os.path.join(parent, name) for parent, names, _ in os.walk(self.mta.directory)
            for name in names)]
        before = [os.lstat(path) for path in folders]
        os.chmod(self.spool, 0o1777)
        taken = []
        with Neighbour(self.wilma, box, secret, *folders) as neighbour:
            for _ in range(5):
                self.send_many(self.fred.name, DELIVERIES // 20)
                for _ in range(20):
                    time.sleep(0.01)
                    with contextlib.suppress(FileNotFoundError):
                        os.rename(box, f"{self.work}/taken{len(taken)}")
                        taken.append(f"{self.work}/taken{len(taken)}")
            told = collections.Counter(self.outcomes(DELIVERIES // 20 * 5))
        os.chmod(self.spool, 0o2775)
        print(f"LOC-02: {neighbour.rounds} rounds of a neighbour, {len(taken)} mailboxes: "
              f"{dict(told)}")
        self.assertEqual(neighbour.worked, [])
        self.assertGreater(int(neighbour.rounds), 10)
        for path, was in zip(folders, before):
            now = os.lstat(path)
            self.assertEqual((now.st_ino, now.st_uid, now.st_gid),
                             (was.st_ino, was.st_uid, was.st_gid))
        with open(secret, encoding="ascii") as file:
            self.assertEqual(file.read(), "secret\n")
        got = 0
        for path in [box, *taken]:
            with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
                got += len(re.findall(rb"^From MAILER", file.read(), re.M))
        for path in taken:
            os.remove(path)
        self.assertGreater(told["sent"], 0)
        self.assertEqual(got, told["sent"])
        os.remove(secret)
        self.mta.command("postsuper", "-d", "ALL")

    def send_many(self, user, count):
        with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=60) as smtp:
            for number in range(count):
                smtp.sendmail("", [f"{user}@{HOST}"], f"Subject: {number}\r\n\r\nx\r\n")

    def outcomes(self, count):
        """Of the deliveries to mailboxes since the test began; waits until there are so many."""
        def enough():
            found = re.findall(r"relay=local, .* status=(\w+)", self.mta.log())
            time.sleep(0.2)
            return found if len(found) >= count else None
        return wait_until(enough, 60 + count / 20, f"{count} deliveries")


class ForwardAttacks:
    def unsafe(self, warning):
        """The file is ignored with a warning; mail goes to the mailbox."""
        log = len(self.mta.log())
        self.assertEqual(self.deliver(self.fred.name), "2.0.0 sent (delivered to mailbox)")
        self.assertRegex(self.mta.log()[log:], "warning: .*" + warning)
        self.assertFalse(os.path.exists(self.fred.path("ran")))

    def forward(self, mode=0o644):
        return self.fred.write(".forward", f'"|touch {self.fred.path("ran")}"\n', mode)

    def test_loc_03_world_writable(self):
        self.forward(0o646)
        self.unsafe("is world writable")

    def test_loc_03_group_writable(self):
        path = self.forward(0o664)
        os.chown(path, self.fred.uid, self.wilma.gid)
        self.unsafe("is group writable")

    def test_loc_03_group_of_the_user_alone_may_write(self):
        self.forward(0o664)
        self.assertRegex(self.deliver(self.fred.name), "delivered to command")

    def test_loc_03_not_owned(self):
        os.chown(self.forward(), self.wilma.uid, self.wilma.gid)
        self.unsafe(f"has bad owner uid {self.wilma.uid}")

    def test_loc_03_link(self):
        os.rename(self.forward(), self.fred.path("real"))
        os.symlink(self.fred.path("real"), self.fred.path(".forward"))
        self.unsafe("is not a regular file")

    def test_loc_03_pipe(self):
        os.mkfifo(self.fred.path(".forward"))
        self.unsafe("is not a regular file")

    def test_loc_03_writable_home(self):
        self.forward()
        os.chmod(self.fred.home, 0o777)
        try:
            self.unsafe("is in a world writable directory")
        finally:
            os.chmod(self.fred.home, 0o755)

    def test_loc_03_huge(self):
        path = self.forward()
        with open(path, "a", encoding="ascii") as file:
            file.truncate(1 << 30)
        self.unsafe("is too large")

    def test_loc_03_includes_that_never_end(self):
        for name, other in (("one", "two"), ("two", "one"), ("self", "self")):
            self.fred.write(name, f":include:{self.fred.path(other)}\n{name}@r.test\n")
        self.fred.write(".forward", f":include:{self.fred.path('one')}\n"
                                    f":include:{self.fred.path('self')}\n\\{self.fred.name}\n")
        outcomes = [text for *_, text in self.lines(self.send(self.fred.name), 2)]
        self.assertEqual(outcomes[0], "sent (delivered to mailbox)")
        self.assertRegex(outcomes[1], r"^sent \(forwarded as")
        self.assertEqual({r[0] for r in self.elsewhere("one@r.test").recipients},
                         {"two@r.test", "one@r.test", "self@r.test"})

    def test_loc_03_rights_are_the_users(self):
        secret = self.work + "/secret"
        with open(secret, "w", encoding="ascii") as file:
            file.write("u@r.test\n")
        os.chmod(secret, 0o600)
        out = self.fred.path("out")
        self.fred.write(".forward",
                        f'"|id -u > {out}; cat {secret} >> {out}", /etc/passwd-new, '
                        f':include:{secret}\n')
        queue_id = self.send(self.fred.name)
        texts = [text for _, _, _, text in self.lines(queue_id, 3)]
        self.assertRegex(texts[0], "Permission denied|status 1")
        self.assertRegex(texts[1], "bounced .*Permission denied")
        self.assertEqual(texts[2], "bounced (mail system configuration error)")
        self.assertEqual(self.fred.read("out").split(b"\n")[0], str(self.fred.uid).encode())
        self.assertFalse(os.path.exists("/etc/passwd-new"))

    def test_loc_03_root_runs_nothing(self):
        out = self.work + "/ran"
        os.mkdir(self.work + "/open")
        os.chmod(self.work + "/open", 0o777)
        out = self.work + "/open/ran"
        self.aliases(f'r: "|id -un > {out}"\n')
        self.assertRegex(self.deliver("r"), "delivered to command")
        with open(out, encoding="ascii") as file:
            self.assertEqual(file.read(), "nobody\n")


class LoopAttacks:
    def file(self, name, text):
        path = f"{self.work}/{name}"
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def test_loc_04_includes_that_never_end(self):
        self.file("self", f":include:{self.work}/self\nu1@r.test\n")
        self.file("one", f":include:{self.work}/two\n")
        self.file("two", f":include:{self.work}/one\nu2@r.test\n")
        for i in range(1000):
            self.file(f"deep{i}", f":include:{self.work}/deep{i + 1}\n")
        self.aliases(f"a: :include:{self.work}/self\nb: :include:{self.work}/one\n"
                     f"c: :include:{self.work}/deep0\n")
        for name, recipient in (("a", "u1@r.test"), ("b", "u2@r.test")):
            self.assertRegex(self.deliver(name), r"^2\.0\.0 sent \(forwarded as")
            self.assertEqual([r[0] for r in self.elsewhere(recipient).recipients], [recipient])
        queue_id = self.send("c")
        self.assertEqual(self.lines(queue_id)[0][2:],
                         ("5.4.6", "bounced (:include: nesting limit exceeded)"))
        self.elsewhere("s@r.test", "", queue_id.encode())
        self.assertEqual(len(re.findall(rf"{queue_id}: sender non-delivery", self.mta.log())), 1)

    def test_loc_05_alias_loops(self):
        self.aliases(f"a: b\nb: a\n{self.fred.name}: {self.fred.name}, \\{self.fred.name}\n")
        self.assertRegex(self.deliver("a"), r"^5\.4\.6 bounced \(alias database loop for")
        queue_id = self.send(self.fred.name)
        self.mta.wait_log(rf"{queue_id}: removed")
        self.assertEqual(len(re.findall(rb"^From s@r", self.mailbox(self.fred), re.M)), 1)

    def test_loc_05_wide_and_doubling_aliases(self):
        names = ", ".join(f"w{i}@r.test" for i in range(MANY)) + ", w1@r.test, W2@r.test"
        doubling = "".join(f"d{i}: d{i + 1}, d{i + 2}\n" for i in range(90))
        self.aliases(f"wide: {names}\n{doubling}d90: x@r.test\nd91: x@r.test\n")
        self.assertRegex(self.deliver("wide"), r"^2\.0\.0 sent \(forwarded as")
        wait_until(lambda: sum(len(m.recipients) for m in self.sink.messages
                               if m.recipients[0][0].startswith("w")) >= MANY,
                   60 + MANY / 500, "all of them")
        reached = [r[0].lower() for m in self.sink.messages for r in m.recipients
                   if r[0].lower().startswith("w")]
        self.assertEqual((len(reached), len(set(reached))), (MANY, MANY))
        began = time.monotonic()
        self.assertEqual(self.deliver("d0"),
                         "5.4.6 bounced (recipient expansion limit exceeded)")
        self.assertLess(time.monotonic() - began, 20)

    def test_loop_01_aliases_of_two_hosts(self):
        """The other host sends everything back to us, as a forwarding host would."""
        self.aliases("round: round@r.test\n")
        self.assertRegex(self.deliver("round"), r"^2\.0\.0 sent \(forwarded as")
        message = self.elsewhere("round@r.test")
        queue_id = self.send("round", header=message.data.split(b"\r\n\r\n")[0] + b"\r\n")
        self.assertEqual(self.lines(queue_id)[0][2:],
                         ("5.4.6", f"bounced (mail forwarding loop for round@{HOST})"))
        self.assertEqual(len(self.mta.wait_log(rf"{queue_id}: sender non-delivery")), 1)

    def test_loop_01_two_hosts_that_forward_to_each_other(self):
        """Both ours; by aliases, and by an alias to a user there whose .forward leads back."""
        with contextlib.ExitStack() as stack:
            other = stack.enter_context(Instance(start=False, params={
                "myhostname": "other.test", "mydestination": "other.test",
                "alias_maps": f"hash:{self.work}/other", "alias_database": "$alias_maps",
                "local_recipient_maps": "", "relay_domains": HOST,
                "transport_maps": f"inline:{{{{{HOST}=smtp:[127.0.0.1]:{self.mta.smtp_port}}}}}"}))
            self.aliases("round: round@other.test\nhome: wilma@other.test\n")
            with open(self.work + "/other", "w", encoding="ascii") as file:
                file.write(f"round: round@{HOST}\nwilma: {self.wilma.name}\n")
            other.command("postalias", "-c", other.config, f"hash:{self.work}/other")
            other.start()
            self.wilma.write(".forward", f"home@{HOST}\n")
            stack.callback(self.reconfigure, transport_maps="")
            self.reconfigure(transport_maps="inline:{{other.test=smtp:[127.0.0.1]:%d}}"
                             % other.smtp_port)
            logged = len(self.mta.log())
            for name in ("round", "home"):
                before = len(self.bounces())
                self.send(name)
                bounce = wait_until(lambda n=before: self.bounces()[n:], 30, "the notice")[0]
                self.assertIn(b"Status: 5.4.6", bounce.data)
                self.assertIn(b"mail forwarding loop for " + name.encode(), bounce.data)
                self.mta.wait_empty()
                other.wait_empty()
                self.assertEqual(len(self.bounces()), before + 1)
            logs = self.mta.log()[logged:] + other.log()
            self.assertEqual(re.findall(".*too many hops.*", logs), [])

    def bounces(self):
        return [m for m in self.sink.messages if not m.sender and m.recipients[0][0] == "s@r.test"]

    def test_loop_01_two_who_are_away(self):
        """Each answers what comes, but for the null sender and answers of machines (RFC 3834)."""
        script = self.file("vacation", textwrap.dedent(f"""\
            #!/usr/bin/python3 -I
            import email, os, smtplib, sys
            sender = os.environ["SENDER"]
            header = email.message_from_bytes(sys.stdin.buffer.read())
            if sender == "MAILER-DAEMON" or header.get("Auto-Submitted", "no") != "no":
                sys.exit(0)
            with smtplib.SMTP("127.0.0.1", {self.mta.smtp_port}) as smtp:
                smtp.sendmail(sys.argv[1], [sender], "To: " + sender + "\\r\\nSubject: away\\r\\n"
                              "Auto-Submitted: auto-replied\\r\\n\\r\\nAway.\\r\\n")
            """))
        os.chmod(script, 0o755)
        for user, reply in ((self.fred, "''"), (self.wilma, f"{self.wilma.name}@{HOST}")):
            user.write(".forward", f'\\{user.name}, "|{script} {reply}"\n')
        wrote = self.send(self.fred.name, sender=f"{self.wilma.name}@{HOST}")
        self.mta.wait_log(rf"{wrote}: removed")
        wait_until(lambda: b"Subject: away" in self.mailbox(self.wilma), 20, "the answer")
        self.send(self.wilma.name, sender=f"{self.fred.name}@{HOST}")
        wait_until(lambda: b"Subject: away" in self.mailbox(self.fred), 20, "the other answer")
        self.mta.wait_empty()
        time.sleep(0.5)
        self.assertEqual(self.mailbox(self.fred).count(b"Subject: away"), 1)
        self.assertEqual(self.mailbox(self.wilma).count(b"Subject: away"), 1)
        self.assertEqual(self.mta.queued(), [])

    def test_loop_01_too_many_hops(self):
        self.aliases("hop: hop@r.test\n")
        hops = b"".join(b"Received: from a by b; Thu, 1 Jan 1970 00:00:00 +0000\r\n"
                        for _ in range(48))
        # With two fields of ours the forwarded message has 50.
        self.assertRegex(self.deliver("hop", header=hops), r"^5\.4\.\d bounced \(too many hops\)")

    def test_loop_02_delivered_to(self):
        address = f"{self.fred.name}@{HOST}"
        for field in (f"Delivered-To: {address}", f"delivered-TO:   {address.upper()}  ",
                      f"Delivered-To:\r\n  {address}", f"X: y\r\nDelivered-To: {address}"):
            self.assertEqual(self.deliver(self.fred.name, header=field.encode() + b"\r\n"),
                             f"5.4.6 bounced (mail forwarding loop for {address})", field)
        for field in (f"Delivered-To: x{address}", f"X-Delivered-To: {address}"):
            self.assertEqual(self.deliver(self.fred.name, header=field.encode() + b"\r\n"),
                             "2.0.0 sent (delivered to mailbox)")
        self.assertEqual(self.deliver(self.fred.name, body=f"Delivered-To: {address}".encode()),
                         "2.0.0 sent (delivered to mailbox)")


class XtextAttacks:
    """CMD-06: what is encoded in AUTH=, ENVID= and ORCPT= (RFC 3461 section 4) breaks no line."""
    EVIL = ("a{0}X-Evil:+20yes", "{0}X-Evil:+20yes", "{0}{0}X-Evil:+20yes", "a{0}.{0}DATA", "a{0}")
    BREAKS = ("+0A", "+0D+0A", "+0D", "+0a", "+0d+0a", "+00", "+00+0A", "+", "+4", "+0", "+G0",
              "+7F", "+1B[2J", "+C2+85")

    def try_values(self, values, recipient):
        """Offers messages in one session; how many were taken."""
        with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=60) as smtp:
            smtp.ehlo("x.test")
            return sum(self.try_value(smtp, value, recipient) for value in values)

    def try_value(self, smtp, value, recipient):
        """Offers a message for each parameter that can carry the value; how many were taken."""
        taken = 0
        for mail, rcpt in ((f"AUTH={value}", ""), (f"ENVID={value}", ""),
                           ("", f"NOTIFY=FAILURE,DELAY ORCPT=rfc822;{value}")):
            smtp.docmd("RSET")
            codes = [smtp.docmd(f"MAIL FROM:<s@r.test> {mail}".strip())[0],
                     smtp.docmd(f"RCPT TO:<{recipient}@{HOST}> {rcpt}".strip())[0]]
            if "+00" in value and not mail.startswith("AUTH"):
                self.assertIn(501, codes, (mail, rcpt))
            if codes == [250, 250]:
                taken += smtp.data(b"Subject: x\r\n\r\nx\r\n")[0] == 250
        return taken

    def no_line_broken(self, data, what):
        self.assertNotRegex(data, rb"(?im)^(x-evil|data\b|\.$)", what)
        self.assertNotRegex(data, rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", what)

    def test_cmd_06_line_breaks_in_xtext(self):
        self.aliases('fail: "|exit 69"\nwait: "|exit 75"\n')
        values = sorted({form.format(end) for end in self.BREAKS for form in self.EVIL})
        names, before = (self.fred.name, "fail", "wait"), len(self.sink.messages)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            taken = dict(zip(names, pool.map(lambda name: self.try_values(values, name), names)))
        self.assertGreater(min(taken.values()), 3, taken)  # +7F and the like are no line breaks.
        waiting = wait_until(lambda: [e for e in self.mta.queued() if e["queue_name"] == "deferred"]
                             if len(self.mta.queued()) == taken["wait"] else None, 40, "the queue")
        for entry in waiting:
            shown = self.mta.command("postcat", "-q", entry["queue_id"], text=False).stdout
            self.assertNotRegex(shown, rb"(?im)^(x-evil|data\b|\.$)", entry)
            name = entry["queue_id"]
            with open(f"{self.mta.queue}/deferred/{name[0]}/{name}", "rb") as file:
                self.assertNotRegex(file.read(), rb"(?i)[\r\n](x-evil|data|\.[\r\n])", entry)
        self.no_line_broken(self.mailbox(self.fred), "mailbox")
        self.assertEqual(len(re.findall(rb"(?m)^From s@r", self.mailbox(self.fred))),
                         taken[self.fred.name])
        notices = wait_until(lambda: [m for m in self.sink.messages[before:] if not m.sender]
                             if len(self.sink.messages) == before + taken["fail"] else None,
                             20, "all notices")
        for notice in notices:
            self.no_line_broken(notice.data, "notice")
        whole = r"^\w{3} [ \d]\d [\d:.]+ \S+ [\w/.-]+\[\d+\]: [^\x00-\x1f\x7f]+$"
        for line in self.mta.log().splitlines():
            self.assertRegex(line, whole)
        self.mta.command("postsuper", "-d", "ALL")


class CommandAttacks:
    ENDS = {0: "sent", 64: "bounced", 65: "bounced", 66: "bounced", 67: "bounced", 68: "bounced",
            69: "bounced", 70: "bounced", 71: "deferred", 72: "bounced", 73: "bounced",
            74: "bounced", 75: "deferred", 76: "bounced", 77: "bounced", 78: "bounced"}

    def run_command(self, command, **how):
        self.fred.write(".forward", '"|' + command.replace('"', '\\"') + '"\n')
        return self.deliver(self.fred.name, **how)

    def no_process(self, mark):
        """No process with this word among its arguments is left."""
        def gone():
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as file:
                        if mark in file.read() and int(pid) != os.getpid():
                            return False
                except OSError:
                    pass
            return True
        wait_until(gone, 10, f"end of {mark}")

    def zombies(self):
        """Children of our local that have ended and that it does not collect."""
        parents = {str(pid) for pid in rig.processes("local", self.mta.queue)}
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                    text = file.read()
            except OSError:
                continue
            state, parent = text.rsplit(")", 1)[1].split()[:2]
            if state == "Z" and parent in parents:
                found.append(pid)
        return found

    def test_loc_07_every_exit_status(self):
        ids = {}
        self.fred.write(".forward", '"|exit $EXTENSION"\n')
        others = [1, 2, 100, 111, 126, 127, 128, 200, 255]
        for code in range(256) if FULL else [*self.ENDS, *others]:
            ids[code] = self.send(f"{self.fred.name}+{code}")
        for code, queue_id in ids.items():
            text = self.lines(queue_id)[0][3]
            self.assertTrue(text.startswith(self.ENDS.get(code, "bounced")), (code, text))
        self.mta.command("postsuper", "-d", "ALL")

    def test_loc_07_signal(self):
        self.assertRegex(self.run_command("kill -9 $$"), r"^4\.3\.0 deferred .*died with signal 9")
        self.mta.command("postsuper", "-d", "ALL")

    def test_loc_07_never_reads(self):
        self.assertRegex(self.run_command("true", body=b"x" * 70 + b"\r\n" + b"y\r\n" * 300_000),
                         "^2.0.0 sent")

    def test_loc_07_closes_its_output(self):
        self.assertRegex(self.run_command("exec >&- 2>&-; cat > out"), r"^(2|5)\.")

    def test_loc_07_endless_output(self):
        outcome = self.run_command("head -c 1000000000 /dev/zero; exit 70")
        self.assertRegex(outcome, r"^5\.3\.0 bounced \(internal software error\. Command output: _")
        self.assertLess(len(outcome), 8192)

    def test_loc_07_leaves_a_daemon(self):
        out = self.fred.path("pid")
        self.assertRegex(self.run_command(f"setsid sleep 20 & echo $! > {out}; cat > /dev/null"),
                         "^2.0.0 sent")
        wait_until(lambda: os.path.getsize(out) > 0, 5, "the daemon")
        os.kill(int(self.fred.read("pid")), signal.SIGKILL)

    def test_loc_07_ignores_signals_past_its_time(self):
        self.reconfigure(command_time_limit="1s")
        began = time.monotonic()
        outcome = self.run_command("trap '' TERM HUP INT; sleep 4711 & sleep 4711; sleep 4711")
        self.reconfigure(command_time_limit="60s")
        self.assertRegex(outcome, r"^5\.3\.0 bounced \(Command time limit exceeded: ")
        self.assertLess(time.monotonic() - began, 10)
        self.no_process(b"sleep\x004711")
        wait_until(lambda: not self.zombies(), 5, "that all are collected")


class LocalAttacks(MailboxAttacks, ForwardAttacks, LoopAttacks, XtextAttacks, CommandAttacks,
                   LocalCase):
    """All of them on one instance. What is deferred is not tried again, so that each message has
    one outcome; nor do deliveries to one mailbox meet."""
    PARAMS = {"allow_mail_to_files": "alias, forward, include", "local_recipient_maps": "",
              "minimal_backoff_time": "1h", "maximal_backoff_time": "1h",
              "local_destination_concurrency_limit": "1",
              "command_time_limit": "60s", "smtpd_error_sleep_time": "0",
              "smtpd_soft_error_limit": "10000", "smtpd_hard_error_limit": "10000",
              "smtpd_junk_command_limit": "10000"}

    def setUp(self):
        self.mta.forget_log()


if __name__ == "__main__":
    main()
