#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pgsql: tables, with a PostgreSQL server of our own."""
import unittest

from databases import PostgreSql
from ports import main
from sql_case import HOSTILE, QUERIES, SCHEMA, Sql, table_file


class PgsqlTest(Sql, unittest.TestCase):
    kind = "pgsql"
    login = "user = root\ndbname = postgres\n"
    slow_query = "SELECT 'OK' FROM (SELECT pg_sleep(2)) a WHERE '%s' <> ''"

    @classmethod
    def make_server(cls):
        odd = [f"insert into odd values (convert_from('\\x{key.encode().hex()}', 'UTF8'), 'found')"
               for key in HOSTILE]
        return PostgreSql(*SCHEMA, *odd, "create function find_alias(varchar) returns varchar "
                          "language sql as 'select goto from alias where address=$1 limit 1'")

    setUpClass = classmethod(lambda cls: cls.set_up())

    def test_character_sets_do_not_hide_quotes(self):
        for encoding in ("GBK", "SJIS", "BIG5", "LATIN1"):
            table = self.table("encoding", QUERIES["odd"], f"encoding = {encoding}\n")
            for key in ("\u7e17' or 1=1 -- ", "\u00bf' or 1=1 -- ", "\u8868' or 1=1 -- "):
                found = self.query(table, key + "x", check=False)
                self.assertEqual(found.stdout, "", (encoding, key))

    def test_sockets_and_addresses(self):
        for hosts, login in ((f"unix:{self.server.folder}:{self.server.port}", self.login),
                             (f"postgresql://root@127.0.0.1:{self.server.port}/postgres", "")):
            path = table_file(self.mta.config, "where.cf",
                              f"hosts = {hosts}\n{login}query = {QUERIES['aliases']}\n")
            self.assertEqual(self.query("pgsql:" + path, "joe@d.test").stdout, "joe@d.test\n")

    def test_functions_of_old(self):
        path = table_file(self.mta.config, "function.cf",
                          self.connection() + "select_function = find_alias\n")
        self.assertEqual(self.query("pgsql:" + path, "joe@d.test").stdout, "joe@d.test\n")


if __name__ == "__main__":
    main()
