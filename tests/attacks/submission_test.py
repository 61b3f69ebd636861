# SPDX-License-Identifier: Apache-2.0
"""Attacks on local submission by a user of the same host: streams that no sendmail writes, forged
files in maildrop, odd worlds for the set-gid postdrop, signals at any time, floods. With SCALE=full
there are as many signals and files as the catalogue says (make check-attacks-full)."""
import grp
import os
import re
import shutil
import stat
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
import rig  # noqa: E402
from harness import BUILDDIR, GROUP  # noqa: E402
from host import USERS, Host  # noqa: E402
from ports import main, wait_until  # noqa: E402

EVE = USERS["eve"][0]
FULL = os.environ.get("SCALE") == "full"
SIGNALLED = 100_000 if FULL else 1_000
FLOOD, EMPTY = (100_000, 10_000) if FULL else (1_000, 1_000)
POSTDROP = grp.getgrnam(GROUP).gr_gid
RECORD = 65536
GIGABYTES = 2
MAGIC = b"\x89PHS\r\n\x1a\x01"
BODY = b"Subject: x\r\n\r\nhello\r\n"


def text(value):
    return struct.pack("<I", len(value)) + value


def record(kind, value):
    return bytes([kind]) + text(value)


def head(sender=b"eve", name=b"", envid=b"", flags=b"\0\0\0\0\0", verp=None):
    return MAGIC + record(1, text(sender) + text(name) + text(envid) + flags +
                          (b"" if verp is None else text(verp)))


def recipient(address=b"a@b.test", orcpt=b"", notify=0):
    return record(2, text(address) + text(orcpt) + bytes([notify]))


def end(recipients=1, size=len(BODY)):
    return record(4, struct.pack("<IQ", recipients, size))


def stream(begin=head(), to=recipient(), body=record(3, BODY), last=end()):
    return begin + to + body + last


BAD_STREAMS = {
    "nothing": b"", "Postfix's records": b"T\x0f1700000000 0 0S\x03eveR\x08a@b.testN\x01xE\x00",
    "NUL in the sender": stream(head(b"e\0ve")), "CR in the sender": stream(head(b"e\rve")),
    "LF in the sender": stream(head(b"e\nve")), "LF in the name": stream(head(name=b"x\nBcc: y")),
    "NUL in a recipient": stream(to=recipient(b"a\0@b")), "LF in a recipient":
    stream(to=recipient(b"a@b\nR")), "CR in a recipient": stream(to=recipient(b"a@b\r")),
    "LF in ORCPT": stream(to=recipient(orcpt=b"rfc822;a\nb")), "NUL in ORCPT":
    stream(to=recipient(orcpt=b"rfc822;a\0b")), "no recipient": stream(to=b"", last=end(0)),
    "type 0": stream(body=record(0, b"")), "unknown type": stream(body=record(9, b"x")),
    "length over all": head() + b"\x03\xff\xff\xff\xff" + BODY, "length over the limit":
    stream(body=record(3, b"a" * 70000)), "second head": stream(body=head()[8:] + record(3, BODY)),
    "no end": stream(last=b""), "half an end": stream(last=end()[:9]), "wrong end":
    stream(last=end(2)), "data after the end": stream() + b"x", "trailing bytes in the head":
    stream(MAGIC + record(1, head()[13:] + b"x")), "flag out of range":
    stream(head(flags=b"\0\0\0\x03\0")),
}

BAD_VERP = {
    "of the null sender": stream(head(b"", verp=b"+=")), "none": stream(head(verp=b"")),
    "one": stream(head(verp=b"+")), "three": stream(head(verp=b"+=-")), "illegal ones":
    stream(head(verp=b"%@")), "one illegal": stream(head(verp=b"+@")), "control characters":
    stream(head(verp=b"+\n")), "NUL": stream(head(verp=b"\0\0")), "a whole address":
    stream(head(verp=b"+x@evil.test,=")), "more behind":
    stream(MAGIC + record(1, head(verp=b"+=")[13:] + b"x")),
}


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def with_attributes(file, attributes):
    """A queue file (lib/queue/FORMAT.md) with more attribute records in front of its envelope."""
    block = bytearray(file[:128])
    at, size = struct.unpack_from("<QQ", block, 32)
    added = b""
    for name, value in attributes.items():
        content = text(name) + text(value)
        rest = struct.pack("<HHI", 5, 0, len(content)) + content
        added += struct.pack("<I", crc32c(rest)) + rest
    envelope = file[at:at + size]
    last = struct.pack("<HHI", 7, 0, 4) + struct.pack(
        "<I", struct.unpack_from("<I", envelope, size - 4)[0] + len(attributes))
    envelope = added + envelope[:-16] + struct.pack("<I", crc32c(last)) + last
    struct.pack_into("<QQ", block, 40, len(envelope), at + len(envelope))
    struct.pack_into("<I", block, 124, crc32c(bytes(block[:124])))
    return bytes(block) + file[128:at] + envelope


class Submission(rig.Case):
    @classmethod
    def make_instance(cls):
        params = {"relayhost": f"[127.0.0.1]:{cls.sink.port}", "disable_dns_lookups": "yes",
                  **rig.PARAMS}
        return Host(params=params)

    def drop(self, data, **options):
        return self.mta.run(["postdrop", "-r"], user="eve", input=data, **options)

    def submit(self, subject, **options):
        return self.mta.run(["sendmail", "-t"], user="eve", input=(
            f"To: a@b.test\nSubject: {subject}\n\nx\n".encode()), **options)

    def kept_file(self):
        """The bytes of a sound file as postdrop makes it."""
        self.mta.write_main_cf(pickup_service_name="nobody")
        before = set(self.mta.maildrop())
        self.assertEqual(self.drop(stream()).returncode, 0)
        name, = set(self.mta.maildrop()) - before
        path = f"{self.mta.queue}/maildrop/{name}"
        with open(path, "rb") as file:
            data = file.read()
        mode = stat.S_IMODE(os.stat(path).st_mode)
        os.remove(path)
        self.mta.write_main_cf(pickup_service_name="pickup")
        self.assertEqual(mode, 0o740)
        return data

    def place(self, name, data, mode=0o740):
        """A file of eve's in maildrop, complete at once."""
        aside, path = f"{self.mta.queue}/{name}.made", f"{self.mta.queue}/maildrop/{name}"
        with open(aside, "wb") as file:
            file.write(data)
        os.chown(aside, EVE, POSTDROP)
        os.chmod(aside, mode)
        os.rename(aside, path)
        return path

    def wake(self):
        self.mta.command("postqueue", "-f")

    def test_pd_01_streams_that_no_sendmail_writes(self):
        for limit in 0, 10_240_000:  # Without a limit a stream is no sounder.
            self.mta.write_main_cf(message_size_limit=limit)
            for name, data in BAD_STREAMS.items():
                with self.subTest(name, limit=limit):
                    done = self.drop(data)
                    self.assertNotIn(done.returncode, (0, 127, 134, 139), done.stderr)
                    self.assertEqual(self.mta.maildrop(), [])
        done = self.mta.run(["sh", "-c", f"exec postdrop -r <{self.huge_stream()}"], user="eve")
        self.assertEqual(done.returncode, 65, done.stderr)
        self.assertEqual(self.mta.maildrop(), [])
        self.assertEqual(self.arrived(), [])

    def huge_stream(self):
        """A file with a whole message of 2 GiB, most of it holes."""
        path = self.mta.root + "/huge"
        count = GIGABYTES * (1 << 30) // RECORD
        with open(path, "wb") as file:
            file.write(head() + recipient())
            for _ in range(count):
                file.write(b"\x03" + struct.pack("<I", RECORD))
                file.seek(RECORD, os.SEEK_CUR)
            file.write(end(1, RECORD * count))
        self.addCleanup(os.remove, path)
        return path

    def test_pd_02_records_that_only_the_mail_system_may_write(self):
        forged = {b"content_filter": b"discard:", b"redirect": b"eve@evil.test", b"hold": b"x",
                  b"login": b"root", b"uid": b"0", b"origin": b"bounce", b"trace": b"done",
                  b"original_queue_id": b"ABCDEF"}
        self.place("ABCDEF0", with_attributes(self.kept_file(), forged))
        self.wake()
        got = wait_until(self.arrived, 20, "the message")
        self.assertEqual([a for m in got for a, _ in m.recipients], ["a@b.test"])
        self.assertIn(b"from userid %d)" % EVE, got[0].data)
        log = self.log()
        for name in forged:
            self.assertIn(f"maildrop/ABCDEF0: uid {EVE}: ignoring attribute {name.decode()}", log)

    def test_pd_02_senders_for_each_recipient(self):
        for name, data in BAD_VERP.items():
            with self.subTest(name):
                done = self.drop(data)
                self.assertEqual(done.returncode, 65, (name, done.stderr))
                self.assertEqual(self.mta.maildrop(), [])
        self.assertEqual(self.arrived(), [])
        self.assertEqual(self.drop(stream(head(verp=b"+="))).returncode, 0)
        got, = wait_until(self.arrived, 20, "the message")
        self.assertEqual(got.sender, "eve+a=b.test@" + self.mta.params["myhostname"])

    def test_pd_02_forged_delimiters(self):
        """What postdrop would not have written is not acted on, and goes back to its sender."""
        self.place("ABCDEF1", with_attributes(self.kept_file(), {b"verp": b"%@"}))
        self.place("ABCDEF2", with_attributes(self.kept_file(), {b"verp": b"+=a@b.test"}))
        self.wake()
        got = wait_until(lambda: len(self.arrived()) == 2 and self.arrived(), 20, "both")
        self.assertEqual(sorted((m.sender, m.recipients[0][0]) for m in got), [
            ("", "eve@mail.posthouse.test"), ("eve@mail.posthouse.test", "a@b.test")])
        self.assertIn('bad VERP delimiters: "%@"', self.log())
        self.assertIn(f"maildrop/ABCDEF2: uid {EVE}: ignoring attribute verp", self.log())

    def test_pd_03_odd_worlds(self):
        home = self.mta.home("eve")
        os.makedirs(home + "/etc", exist_ok=True)
        with open(home + "/etc/main.cf", "w", encoding="ascii") as file:
            file.write(f"queue_directory = {home}/queue\ncommand_directory = /usr/sbin\n")
        done = self.submit("own configuration", environment={"MAIL_CONFIG": home + "/etc"})
        self.assertEqual(done.returncode, 75)
        self.assertIn(b"unauthorized configuration directory name", done.stderr)
        self.assertEqual(self.drop(stream(), environment={"MAIL_CONFIG": home + "/etc"})
                         .returncode, 69)
        worlds = {
            "closed 0": "exec <&-", "umask 0": "umask 0", "umask 777": "umask 777",
            "signals ignored": "trap '' HUP INT QUIT TERM PIPE ALRM CHLD XFSZ",
            "few files": "ulimit -n 12", "no output": "exec >&-", "no errors": "exec 2>&-",
            "own umask and cwd": "mkdir /tmp/gone.$$; cd /tmp/gone.$$; rmdir /tmp/gone.$$",
        }
        for name, script in worlds.items():
            with self.subTest(name):
                done = self.mta.run(["sh", "-c", script + "; exec sendmail -t"], user="eve",
                                    input=b"To: a@b.test\nSubject: odd\n\nx\n")
                wanted = 64 if name == "closed 0" else 0  # No input, so no recipients.
                self.assertEqual(done.returncode, wanted, (name, done.stderr))
        full = self.mta.run(["sh", "-c", "ulimit -f 0; exec sendmail -t"], user="eve",
                            input=b"To: a@b.test\n\nx\n")
        self.assertEqual(full.returncode, 75, full.stderr)
        many = ("for i in $(seq 500); do export V$i=$(printf %01000d $i); done; "
                f"export LD_PRELOAD=/nonexistent.so LD_LIBRARY_PATH={home} IFS=x PATH={home}; "
                "exec /usr/sbin/postdrop -r")
        words = ["sh", "-c", many]
        done = self.mta.run(words, user="eve", input=stream(to=recipient() * 20, last=end(20)))
        self.assertEqual(done.returncode, 0, done.stderr)
        # Of the worlds one had no input; the last message has one recipient, however often.
        self.assertEqual(len(self.arrived()), len(worlds))

    def test_pd_04_descriptors_of_postdrop(self):
        out = self.mta.home("eve") + "/fds"
        script = f"{self.mta.root}/spy"
        with open(script, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\nls /proc/$$/fd >{out}\necho 0 ABCDEF\n"
                       "cat >/dev/null\necho 0 ABCDEF\n")
        os.chmod(script, 0o755)
        self.submit("spy", script_before=f"mount --bind {script} {self.mta.root}/commands/postdrop")
        with open(out, encoding="ascii") as file:
            found = set(file.read().split())
        # 10 and above: the shell's own, of the script that it reads.
        self.assertEqual({fd for fd in found if int(fd) < 10}, {"0", "1", "2"})

    def test_pd_05_signals_at_any_time(self):
        data, attacker = self.mta.root + "/stream", self.mta.root + "/attacker"
        with open(data, "wb") as file:
            file.write(stream(body=record(3, b"a" * 498 + b"\r\n") * 20, last=end(1, 10_000)))
        shutil.copy(os.path.join(BUILDDIR, "tests/attacks/attacker"), attacker)
        done = self.mta.run([attacker, "signals", str(SIGNALLED), "5", data, "/usr/sbin/postdrop",
                             "-r"], user="eve", timeout=60 + SIGNALLED / 20)
        self.assertEqual(done.returncode, 0, done.stderr)
        print("PD-05:", done.stdout.decode().strip(), flush=True)
        whole, failed, killed = map(int, re.findall(rb"\d+", done.stdout))
        self.assertEqual(whole + failed + killed, SIGNALLED)
        self.assertGreater(min(whole, failed, killed), SIGNALLED // 100)
        self.wake()
        self.drained(SIGNALLED)
        arrived = self.arrived()
        self.assertLessEqual(whole, len(arrived))
        self.assertEqual({len(rig.body(m.data)) for m in arrived}, {10_000})
        self.assertEqual(self.mta.maildrop(), [])
        self.assertEqual(os.listdir(self.mta.queue + "/corrupt"), [])

    def drained(self, count):
        """So many messages at most are on their way; waits until they have gone."""
        folders = [f"{self.mta.queue}/{name}" for name in ("maildrop", "incoming", "active")]
        wait_until(lambda: not any(name for folder in folders for name in os.listdir(folder)
                                   if not self.foreign(name)), 60 + count / 50, "empty queue")

    def foreign(self, name):
        return name.startswith(("A", "C", "odd"))

    def test_pd_06_floods_and_foreign_objects(self):
        data = self.kept_file()
        maildrop = self.mta.queue + "/maildrop"
        victim = self.mta.home("eve") + "/victim"
        with open(victim, "wb") as file:
            file.write(data)
        os.chmod(victim, 0o740)
        os.symlink(victim, maildrop + "/AAAAAA1")
        os.mkfifo(maildrop + "/AAAAAA2", 0o740)
        os.mkdir(maildrop + "/AAAAAA3")
        os.link(victim, maildrop + "/AAAAAA4")
        self.place("odd name\n", data)
        self.place("AAAAAA5", data, 0o762)
        self.place("AAAAAA6", data, 0o640)
        foreign = self.mta.maildrop()
        for i in range(FLOOD):
            self.place(f"B{i:07X}", data)
        for i in range(EMPTY):
            self.place(f"C{i:07X}", b"", 0o640)
        self.place("D0000000", b"")
        self.place("D0000001", data[:-3])
        self.wake()
        began = time.monotonic()
        wait_until(lambda: len(self.sink.messages) >= self.sink_start + FLOOD, 60 + FLOOD / 50,
                   "all messages")
        print(f"PD-06: {FLOOD} messages in {time.monotonic() - began:.1f} s", flush=True)
        wait_until(lambda: not any(n.startswith("B") for n in self.mta.maildrop()), 10, "the rest")
        self.assertEqual(len(self.sink.messages), self.sink_start + FLOOD)
        left = self.mta.maildrop()
        self.assertEqual([n for n in left if not n.startswith("C")], foreign)
        self.assertEqual(sorted(os.listdir(self.mta.queue + "/corrupt")), ["D0000000", "D0000001"])
        log = self.log()
        for number, uid, reason in (1, 0, "not a regular file"), (2, 0, "not a regular file"), \
                (3, 0, "not a regular file"), (4, 0, "file has 2 hard links"), \
                (5, EVE, "others may write to it"):
            self.assertEqual(log.count(f"maildrop/AAAAAA{number}: uid {uid}: {reason}"), 1)
        self.assertEqual(log.count("maildrop/odd name?: its name is no queue id"), 1)
        os.rmdir(maildrop + "/AAAAAA3")
        for folder in (maildrop, self.mta.queue + "/corrupt"):
            for name in os.listdir(folder):
                os.remove(f"{folder}/{name}")

    def test_smug_09_dots_end_a_message_only_where_they_may(self):
        for ending in rig.ENDINGS.values():
            body = b"To: a@b.test\nSubject: dots\n\nbefore" + ending + b"To: evil@b.test\n\nafter\n"
            self.mta.submit(["sendmail", "-t", "-i"], body, user="eve")
        got = self.arrived()
        self.assertEqual(len(got), len(rig.ENDINGS))
        for message in got:
            self.assertEqual([a for a, _ in message.recipients], ["a@b.test"])
            self.assertIn(b"after", message.data)

    def test_addr_04_hdr_06_names_that_are_no_names(self):
        for name in ("x" * 65536, "a\nBcc: evil@b.test", "\"\\\x7f\x01", "Grüße"):
            self.mta.submit(["sendmail", "-F", name, "a@b.test"], b"Subject: n\n\nx\n", user="eve")
        got = self.arrived()
        self.assertEqual(len(got), 4)
        for message in got:
            header = message.data.split(b"\r\n\r\n")[0]
            self.assertEqual(header.count(b"\r\nFrom: "), 1)
            self.assertNotIn(b"\r\nBcc:", header)
            self.assertNotRegex(header, rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


if __name__ == "__main__":
    main()
