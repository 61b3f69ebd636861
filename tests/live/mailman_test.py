# SPDX-License-Identifier: Apache-2.0
"""A mailing list manager beside us: Mailman 3 takes posts by LMTP, by a transport table that it
builds with our postmap, and sends them on by SMTP."""
import os
import shutil
import subprocess
import tempfile
import unittest

import ports
from harness import Instance
from smtp_sink import SmtpSink

CONFIG = """[mailman]
layout: test
site_owner: postmaster@lists.test
noreply_address: noreply
[paths.test]
var_dir: {folder}/var
bin_dir: /usr/lib/mailman3/bin
[database]
class: mailman.database.sqlite.SQLiteDatabase
url: sqlite:///{folder}/mailman.db
[webservice]
port: {web_port}
[mta]
incoming: mailman.mta.postfix.LMTP
outgoing: mailman.mta.deliver.deliver
lmtp_host: 127.0.0.1
lmtp_port: {lmtp_port}
smtp_host: 127.0.0.1
smtp_port: {smtp_port}
configuration: {folder}/postfix.cfg
[logging.smtp]
level: info
"""
POSTFIX = "[postfix]\npostmap_command: {postmap}\ntransport_file_type: hash\n"
POST = (b"From: Anna <anna@members.test>\r\nTo: talk@lists.test\r\nSubject: first post\r\n"
        b"Message-ID: <first@members.test>\r\n\r\nHello, list.\r\n")


class Mailman:
    """Mailman in a folder of its own, under its own user."""

    def __init__(self, mta):
        if not shutil.which("mailman"):
            ports.skip("mailman3 is missing")
        self.folder = tempfile.mkdtemp(prefix="mailman-")
        self.lmtp_port = ports.free_port()
        self.config = self.folder + "/mailman.cfg"
        self.write(self.config, CONFIG.format(
            folder=self.folder, web_port=ports.free_port(), lmtp_port=self.lmtp_port,
            smtp_port=mta.smtp_port))
        self.write(self.folder + "/postfix.cfg", POSTFIX.format(
            postmap=mta.programs.command_directory + "/postmap -c " + mta.config))

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)

    def __enter__(self):
        self.command("create", "--domain", "talk@lists.test")
        self.command("addmembers", "-", "talk@lists.test",
                     text="anna@members.test\nbert@members.test\n")
        self.command("start")
        ports.wait_until(lambda: ports.greets(self.lmtp_port), 60, "Mailman's LMTP server")
        return self

    def __exit__(self, *_):
        self.command("stop", check=False)
        subprocess.run(["pkill", "-KILL", "-f", self.config], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words, text="", check=True):
        # A file, not a pipe: what goes on in the background would hold a pipe open.
        with open(self.folder + "/output", "w+", encoding="utf-8") as output:
            done = subprocess.run(["mailman", "-C", self.config, "--run-as-root", *words],
                                  input=text, text=True, stdout=output, stderr=output, timeout=60,
                                  check=False, cwd=self.folder)
            output.seek(0)
            assert done.returncode == 0 or not check, (words, output.read())


class Lists(unittest.TestCase):
    def test_a_post_goes_round_and_unknown_lists_are_refused(self):
        with SmtpSink() as sink, Instance(params={
                "relay_domains": "lists.test",
                "smtpd_recipient_restrictions": "reject_unlisted_recipient",
                "default_transport": f"smtp:[127.0.0.1]:{sink.port}"}) as mta, \
                Mailman(mta) as mailman:
            maps = f"hash:{mailman.folder}/var/data/postfix_lmtp"
            self.assertIn("lmtp:", mta.command("postmap", "-q", "talk@lists.test", maps).stdout)
            mta.command("postconf", f"transport_maps={maps}", f"relay_recipient_maps={maps}")
            mta.command("postfix", "-c", mta.config, "stop")
            mta.start()
            with self.assertRaisesRegex(Exception, "550.*User unknown in relay recipient table"):
                mta.send("anna@members.test", ["nolist@lists.test"], POST)
            mta.send("anna@members.test", ["talk@lists.test"], POST)
            mta.wait_log(r"lmtp\[\d+\]: \w+: to=<talk@lists\.test>.*status=sent")
            ports.wait_until(lambda: len(receivers(sink)) >= 2, 60, "the post at both members")
            self.assertEqual(receivers(sink), ["anna@members.test", "bert@members.test"])
            for message in posts(sink):
                self.assertIn(b"Subject: [Talk] first post", message.data)
                self.assertIn(b"\r\nHello, list.\r\n", message.data)
                self.assertTrue(message.sender.startswith("talk-bounces"), message.sender)


def posts(sink):
    return [message for message in sink.messages if b"first@members.test" in message.data]


def receivers(sink):
    return sorted(address for message in posts(sink) for address, _ in message.recipients)


if __name__ == "__main__":
    ports.main()
