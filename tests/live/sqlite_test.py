#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sqlite: tables: mail that is routed by them, through daemons in their jails."""
import os
import sqlite3
import unittest

from harness import Instance
from ports import main
from smtp_sink import SmtpSink
from sql_case import needs_module, recipient_reply, table_file


class SqliteTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = SmtpSink()
        cls.mta = Instance(params={"relayhost": f"[127.0.0.1]:{cls.sink.port}",
                                   "relay_domains": "r.test"}, start=False)
        cls.addClassCleanup(cls.mta.stop)
        cls.addClassCleanup(cls.sink.close)
        needs_module(cls.mta, "sqlite")
        folder = cls.mta.config
        cls.path = folder + "/mail.db"
        with sqlite3.connect(cls.path) as database:
            database.execute("create table alias (address text, goto text)")
            database.executemany("insert into alias values (?, ?)", [
                ("list@r.test", "one@r.test"), ("list@r.test", "two@r.test"),
                ("o'hara@r.test", "irish@r.test")])
            database.execute("create table users (name text)")
            database.executemany("insert into users values (?)", [
                ("one@r.test",), ("two@r.test",), ("list@r.test",), ("irish@r.test",),
                ("o'hara@r.test",)])
        database.close()
        os.chmod(cls.path, 0o600)
        aliases = table_file(folder, "aliases.cf", f"dbpath = {cls.path}\n"
                             "query = SELECT goto FROM alias WHERE address='%s'\n")
        users = table_file(folder, "users.cf", f"dbpath = {cls.path}\n"
                           "query = SELECT 1 FROM users WHERE name='%s'\n")
        cls.broken = table_file(folder, "broken.cf", f"dbpath = {cls.path}\n"
                                "query = SELECT x FROM nowhere WHERE name='%s'\n")
        cls.aliases = "sqlite:" + aliases
        cls.mta.write_main_cf(virtual_alias_maps="proxy:" + cls.aliases,
                              relay_recipient_maps="sqlite:" + users,
                              smtpd_sender_restrictions="check_sender_access "
                              f"inline:{{bad@x.test=broken}}",
                              smtpd_restriction_classes="broken",
                              broken="check_sender_access sqlite:" + cls.broken)
        cls.mta.start()

    def test_mail_goes_where_the_database_says(self):
        self.mta.send("a@x.test", ["list@r.test", "o'hara@r.test"], b"Subject: x\r\n\r\nhello\r\n")
        self.mta.wait_log(r"status=sent", 3)
        got = sorted(address for message in self.sink.messages
                     for address, _ in message.recipients if address.endswith("@r.test"))
        self.assertEqual(got, ["irish@r.test", "one@r.test", "two@r.test"])

    def test_who_is_not_in_the_database_is_refused(self):
        self.assertTrue(recipient_reply(self.mta, "one@r.test").startswith("250 "))
        for hostile in ("nobody@r.test", "'@r.test", "'||'one@r.test", "\\'@r.test"):
            self.assertIn("550 5.1.1", recipient_reply(self.mta, hostile), hostile)

    def test_an_error_is_temporary(self):
        reply = recipient_reply(self.mta, "one@r.test", sender="bad@x.test")
        self.assertTrue(reply.startswith("451 4.3."), reply)
        self.mta.wait_log(r"proxymap\[\d+\]: warning: .*SQL prepare failed: no such table: nowhere")

    def test_commands_look_for_themselves(self):
        found = self.mta.command("postmap", "-q", "LIST@r.test", self.aliases)
        self.assertEqual(found.stdout, "one@r.test,two@r.test\n")
        self.assertEqual(self.mta.command("postmap", "-q", "x", self.aliases, check=False)
                         .returncode, 1)
        failed = self.mta.command("postmap", "-q", "x", "sqlite:" + self.broken, check=False)
        self.assertEqual(failed.returncode, 1)
        self.assertIn("no such table", failed.stderr)

    def test_the_check_tells_faults_of_tables(self):
        path = table_file(self.mta.config, "faulty.cf", "dbpath = /x\n\nqeury = SELECT 1\n")
        self.mta.command("postconf", "-e", f"transport_maps=sqlite:{path} mongodb:/x")
        self.addCleanup(self.mta.write_main_cf)
        told = self.mta.command("postconf", "--check", check=False).stdout
        self.assertIn(f"{path}, line 3: unused parameter: qeury=SELECT 1", told)
        self.assertIn(f"sqlite:{path}: query is missing", told)
        self.assertIn("table type mongodb is not available in this release", told)



if __name__ == "__main__":
    main()
