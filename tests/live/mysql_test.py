#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mysql: tables, with a MariaDB server of our own."""
import unittest

from databases import MariaDb
from ports import main
from sql_case import HOSTILE, QUERIES, SCHEMA, Sql, table_file


class MysqlTest(Sql, unittest.TestCase):
    kind = "mysql"
    login = "user = mail\npassword = s'ecret\ndbname = mail\n"
    slow_query = "SELECT 'OK' FROM (SELECT sleep(2)) a WHERE '%s' <> ''"

    @classmethod
    def make_server(cls):
        odd = [f"insert into odd values (unhex('{key.encode().hex()}'), 'found')"
               for key in HOSTILE]
        return MariaDb("create user mail@'127.0.0.1' identified by 's''ecret'",
                       "create user mail@localhost identified by 's''ecret'",
                       "create user safe@'127.0.0.1' identified by 's''ecret' require ssl",
                       "create database mail character set utf8mb4 collate utf8mb4_bin",
                       "use mail", *SCHEMA, *odd,
                       "grant select, execute on mail.* to mail@'127.0.0.1'",
                       "grant select on mail.* to safe@'127.0.0.1'",
                       "grant select, execute on mail.* to mail@localhost",
                       "create definer=mail@localhost procedure find_alias(a varchar(255)) "
                       "select goto from alias where address=a",
                       "create definer=mail@localhost procedure find_nothing(a varchar(255)) "
                       "set @x = 1")

    setUpClass = classmethod(lambda cls: cls.set_up())

    def test_character_sets_do_not_hide_quotes(self):
        for charset in ("gbk", "sjis", "big5", "latin1"):
            table = self.table("charset", QUERIES["odd"], f"charset = {charset}\n")
            for key in ("\u7e17' or 1=1 -- ", "\u00bf' or 1=1 -- ", "\u8868' or 1=1 -- "):
                found = self.query(table, key + "x", check=False)
                self.assertEqual(found.stdout, "", (charset, key))

    def test_sockets_and_option_files(self):
        options = table_file(self.mta.config, "my.cnf", "[client]\nuser = mail\n"
                             "password = \"s'ecret\"\n[other]\ndatabase = mail\n")
        path = table_file(self.mta.config, "options.cf", f"hosts = unix:{self.server.socket}\n"
                          f"option_file = {options}\noption_group = other\n"
                          f"query = {QUERIES['aliases']}\n")
        self.assertEqual(self.query("mysql:" + path, "joe@d.test").stdout, "joe@d.test\n")

    def test_connections_are_encrypted_and_checked(self):
        login = self.connection().replace("user = mail", "user = safe")
        text = login + f"query = {QUERIES['aliases']}\n"
        right = f"tls_CAfile = {self.server.certificate}\n"
        for more, works in (("", False), (right, True), (right + "tls_verify_cert = yes\n", True),
                            ("tls_ciphers = HIGH\ntls_verify_cert = yes\n", False)):
            path = table_file(self.mta.config, "tls.cf", text + more)
            done = self.query("mysql:" + path, "joe@d.test", check=False)
            self.assertEqual(done.stdout, "joe@d.test\n" if works else "", (more, done.stderr))
            self.assertEqual("connect to mysql server 127.0.0.1:" in done.stderr, not works)

    def test_a_wrong_password_is_told(self):
        path = table_file(self.mta.config, "bad.cf", self.connection().replace("ecret", "x") +
                          "query = SELECT 1\n")
        done = self.query("mysql:" + path, "k", check=False)
        self.assertIn("Access denied for user", done.stderr)
        self.assertEqual(done.returncode, 1)

    def test_procedures_may_be_called(self):
        table = self.table("call", "CALL find_alias('%s')")
        self.assertEqual(self.query(table, "rows@d.test").stdout, "joe@d.test,eve@d.test\n")
        table = self.table("call2", "CALL find_nothing('%s')")
        self.assertIn("query returned no result set", self.query(table, "k", check=False).stderr)
        table = self.table("call3", "CALL find_nothing('%s')", "require_result_set = no\n")
        done = self.query(table, "k", check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", ""))


if __name__ == "__main__":
    main()
