#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ldap: tables, with a slapd of our own."""
import smtplib
import threading
import time
import unittest

from databases import Slapd, certificate, seconds_of
from harness import Instance
from ports import free_port, main, wait_until
from smtp_sink import SmtpSink
from sql_case import compare_with_postfix, needs_module, recipient_reply, table_file

LDIF = """dn: dc=test
objectClass: dcObject
objectClass: organization
o: test
dc: test

dn: cn=reader,dc=test
objectClass: person
cn: reader
sn: reader
userPassword: s3cret

dn: dc=d,dc=test
objectClass: dcObject
objectClass: organization
o: d
dc: d
"""
PERSON = """
dn: {rdn},dc=d,dc=test
objectClass: inetOrgPerson
objectClass: inetLocalMailRecipient
cn: {name}
sn: {name}
uid: {name}
"""
# What a filter would take for more than text.
HOSTILE = ["*", "j*", "joe*", ")(uid=*", "*)(uid=joe", "joe)(|(uid=*", "\\", "\\2a", "joe\\", "(",
           ")", "&", "|", "!", "joe,dc=d", "dc=test", "joe ", " joe", "#joe", "joe+cn=joe", "=",
           "<>", "\"", "ü", "joe\\00", ";"]


def person(name, rdn=None, **attributes):
    text = PERSON.format(rdn=rdn or "uid=" + name, name=name)
    for attribute, values in attributes.items():
        text += "".join(f"{attribute}: {value}\n" for value in values)
    return text


def directory():
    text = LDIF
    text += person("joe", mail=["joe@d.test", "j@d.test"], mailLocalAddress=["joe@r.test"],
                   mailRoutingAddress=["joe@in.test"])
    text += person("eve", mail=["eve@d.test"], mailRoutingAddress=["eve@in.test"])
    text += person("hans (müller)*", rdn="cn=hans", mail=["odd*(x)@d.test"],
                   mailRoutingAddress=["hans@in.test"])
    members = ["uid=joe,dc=d,dc=test", "uid=eve,dc=d,dc=test", "uid=gone,dc=d,dc=test"]
    text += person("all", mail=["all@d.test"], seeAlso=members)
    text += person("nested", mail=["nested@d.test"], seeAlso=["uid=all,dc=d,dc=test"],
                   mailRoutingAddress=["extra@in.test"])
    text += person("looped", mail=["looped@d.test"], seeAlso=["uid=looped,dc=d,dc=test"])
    text += person("urls", mail=["urls@d.test"], labeledURI=[
        "ldap:///dc=d,dc=test?mailRoutingAddress?one?(mail=j*)",
        "ldap:///dc=d,dc=test?cn?sub?(uid=eve)"])
    text += person("closed", mail=["closed@d.test"], description=["closed@host.test"],
                   seeAlso=members, mailRoutingAddress=["never@in.test"])
    return text


class LdapTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = SmtpSink()
        cls.addClassCleanup(cls.sink.close)
        cls.mta = Instance(params={"relayhost": f"[127.0.0.1]:{cls.sink.port}"}, start=False)
        cls.addClassCleanup(cls.mta.stop)
        needs_module(cls.mta, "ldap")
        cls.server = Slapd(directory(), anonymous="none")
        cls.addClassCleanup(cls.server.close)
        cls.login = ("version = 3\nbind_dn = cn=reader,dc=test\nbind_pw = s3cret\n"
                     "search_base = dc=d,dc=test\n")
        aliases = cls.table("aliases", "query_filter = (mail=%s)\n"
                            "result_attribute = mailRoutingAddress\n"
                            "special_result_attribute = seeAlso\n")
        domains = cls.table("domains", "query_filter = (&(objectClass=dcObject)(dc=%2))\n"
                            "result_attribute = dc\nresult_format = %s.test\n")
        cls.known = cls.table("known", "query_filter = (mail=%s)\nresult_attribute = mail\n"
                              "domain = d.test\nsize_limit = 1\n")
        cls.mta.write_main_cf(virtual_alias_domains="d.test", virtual_alias_maps=aliases,
                              relay_domains="r.test", relay_recipient_maps="proxy:" + cls.table(
                                  "local", "query_filter = (mailLocalAddress=%s)\n"
                                  "result_attribute = uid\n"))
        cls.aliases, cls.domains = aliases, domains
        cls.mta.start()

    @classmethod
    def table(cls, name, text, server=None):
        return "ldap:" + table_file(cls.mta.config, name + ".cf",
                                    f"server_host = {server or cls.server.url}\n{cls.login}{text}")

    def query(self, table, key):
        done = self.mta.command("postmap", "-q", key, table, check=False)
        return done.stdout.rstrip("\n") or done.stderr

    def test_mail_goes_where_the_directory_says(self):
        self.mta.send("a@x.test", ["nested@d.test"], b"Subject: x\r\n\r\nx\r\n")
        self.mta.wait_empty()
        self.assertEqual(sorted(address for message in self.sink.messages
                                for address, _ in message.recipients),
                         ["eve@in.test", "extra@in.test", "joe@in.test"])
        self.mta.wait_log(r"proxymap\[\d+\]: warning: DN uid=gone,dc=d,dc=test not found, skipping")
        self.assertIn("250 ", recipient_reply(self.mta, "joe@r.test"))
        for recipient in ("nobody@r.test", "*@r.test", "j*@r.test", "nobody@d.test"):
            self.assertIn("550 5.1.1", recipient_reply(self.mta, recipient), recipient)

    def test_answers_are_those_of_postfix(self):
        keys = ["joe@d.test", "J@D.Test", "all@d.test", "nested@d.test", "urls@d.test", "joe",
                "eve", "closed@d.test", "odd*(x)@d.test", "hans (müller)*", "nobody@d.test",
                "joe@x.test", "@d.test", "joe@", "", *HOSTILE]
        forms = {
            "uid": "query_filter = (uid=%s)\nresult_attribute = mail\n",
            "several": "query_filter = (uid=%u)\nresult_attribute = mail, cn\nscope = one\n",
            "format": "query_filter = (uid=%u)\nresult_attribute = mail\nresult_format = <%u> %d\n",
            "key": "query_filter = (uid=%u)\nresult_attribute = uid\nresult_format = %s/%U/%D\n",
            "filter": "query_filter = (uid=%u)\nresult_attribute = uid\nresult_filter = {%s}\n",
            "labels": "query_filter = (uid=%u)\nresult_attribute = uid\n"
                      "search_base = dc=%2,dc=%1\n",
            "base": "query_filter = (objectClass=*)\nresult_attribute = uid\nscope = base\n"
                    "search_base = uid=%u,dc=d,dc=test\n",
            "missing": "query_filter = (uid=%u)\nresult_attribute = uid\n"
                       "search_base = dc=no,dc=test\n",
            "group": "query_filter = (mail=%s)\nresult_attribute = mailRoutingAddress\n"
                     "special_result_attribute = seeAlso\n",
            "leaf": "query_filter = (mail=%s)\nresult_attribute =\nleaf_result_attribute = mail\n"
                    "special_result_attribute = seeAlso\n",
            "terminal": "query_filter = (mail=%s)\nresult_attribute = mailRoutingAddress\n"
                        "special_result_attribute = seeAlso\n"
                        "terminal_result_attribute = description\n",
            "urls": "query_filter = (mail=%s)\nresult_attribute = mailRoutingAddress\n"
                    "special_result_attribute = labeledURI\n",
            "limit": "query_filter = (uid=%u)\nresult_attribute = mail\nexpansion_limit = 1\n",
            "domain": "query_filter = (mail=%s)\nresult_attribute = mail\ndomain = d.test\n",
        }
        questions = []
        for name, text in forms.items():
            table = self.table("form-" + name, text, self.server.socket_url)
            if name in ("limit", "missing"):
                questions += [(table, [key]) for key in ("joe", "eve", "x")]
            else:
                questions.append((table, keys))
        compare_with_postfix(self, self.mta, "ldap", questions)

    def test_keys_are_texts_whatever_is_in_them(self):
        filters = self.table("hostile", "query_filter = (uid=%s)\nresult_attribute = uid\n")
        bases = self.table("hostile-base", "query_filter = (objectClass=*)\nscope = base\n"
                           "result_attribute = uid\nsearch_base = uid=%s,dc=d,dc=test\n")
        for key in HOSTILE:
            if key.strip() == "joe":
                continue  # Blanks around a value do not count in LDAP.
            self.assertNotIn("joe", self.query(filters, key).replace(key, ""), key)
            self.assertNotIn("joe", self.query(bases, key).replace(key, ""), key)
        self.assertEqual(self.query(filters, "hans (müller)*"), "hans (müller)*")

    def test_limits(self):
        self.assertEqual(self.query(self.known, "eve@d.test"), "eve@d.test")
        table = self.table("limited", "query_filter = (objectClass=%s)\nresult_attribute = uid\n"
                           "size_limit = 2\n")
        self.assertIn("Search error 4: Size limit exceeded", self.query(table, "person"))
        table = self.table("looped", "query_filter = (mail=%s)\nresult_attribute = mail\n"
                           "special_result_attribute = seeAlso\nrecursion_limit = 10\n")
        self.assertIn("Recursion limit exceeded for special attribute seeAlso=uid=looped,",
                      self.query(table, "looped@d.test"))

    def test_ways_to_log_in(self):
        text = "query_filter = (uid=%s)\nresult_attribute = mail\n"
        self.assertEqual(self.query(self.table("socket", text, self.server.socket_url), "eve"),
                         "eve@d.test")
        done = self.query(self.table("wrong", text + "bind_pw = wrong\n"), "eve")
        self.assertIn(f"dict_ldap_connect: Unable to bind to server {self.server.url} with dn "
                      "cn=reader,dc=test: 49 (Invalid credentials)", done)
        self.assertIn("query error", done)
        for bind in ("no", "none"):
            done = self.query(self.table("nobody", text + f"bind = {bind}\n"), "eve")
            self.assertIn("query error: Search error 32: No such object", done)
        external = text + "bind = sasl\nsasl_mechs = EXTERNAL\n"
        done = self.query(self.table("external", external, self.server.socket_url), "eve")
        self.assertNotIn("Unable to bind", done)
        done = self.query(self.table("gssapi", external.replace("EXTERNAL", "GSSAPI")), "eve")
        self.assertIn("bind = sasl is supported with sasl_mechs = EXTERNAL only", done)

    def test_another_server_is_asked_when_one_is_down(self):
        servers = f"ldap://127.0.0.1:{free_port()} {self.server.url}"
        table = self.table("two", "query_filter = (uid=%s)\nresult_attribute = mail\n", servers)
        self.assertEqual(self.query(table, "eve"), "eve@d.test")

    def test_mail_waits_for_a_server_that_is_down(self):
        self.assertIn("250 ", recipient_reply(self.mta, "joe@r.test"))
        self.server.stop()
        try:
            self.assertRegex(recipient_reply(self.mta, "joe@r.test"), r"^451 4\.3\.")
            self.mta.wait_log(r"proxymap\[\d+\]: warning: dict_ldap_connect: Unable to bind to "
                              r"server ldap://127.0.0.1:\d+ with dn cn=reader,dc=test: -1 "
                              r"\(Can't contact LDAP server\)")
        finally:
            self.server.start()
        wait_until(lambda: recipient_reply(self.mta, "joe@r.test").startswith("250 "), 10,
                   "mail is taken again")

    def test_a_server_that_says_nothing_keeps_nobody_else_waiting(self):
        waited = []

        def wait_for_it():
            with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=60) as smtp:
                began = time.monotonic()
                smtp.ehlo("c.test")
                smtp.mail("a@x.test")
                smtp.rcpt("joe@r.test")
                waited.append(time.monotonic() - began)
        self.assertIn("250 ", recipient_reply(self.mta, "joe@r.test"))
        self.server.freeze()
        try:
            threads = [threading.Thread(target=wait_for_it) for _ in range(3)]
            for thread in threads:
                thread.start()
            time.sleep(0.3)
            quick = [seconds_of(self.begin_mail) for _ in range(5)]
            self.assertEqual(waited, [])
        finally:
            self.server.thaw()
        for thread in threads:
            thread.join()
        self.assertLess(max(quick), 1)
        self.assertGreater(min(waited), 0.3)

    def begin_mail(self):
        with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=60) as smtp:
            smtp.ehlo("c.test")
            self.assertEqual(smtp.mail("a@x.test")[0], 250)


class TlsTest(unittest.TestCase):
    def test_connections_are_encrypted_and_checked(self):
        with Instance(start=False) as mta:
            needs_module(mta, "ldap")
            _, path = certificate(mta.config)
            with Slapd(directory(), certificate=path) as server:
                self.look(mta, server)

    def look(self, mta, server):
        text = (f"server_host = {server.url}\nsearch_base = dc=d,dc=test\nbind = no\n"
                "query_filter = (uid=%s)\nresult_attribute = mail\nstart_tls = yes\n")
        for more, works in (("", True), ("tls_require_cert = yes\n", False),
                            (f"tls_require_cert = yes\ntls_ca_cert_file = {mta.config}/cert.pem\n",
                             True)):
            path = table_file(mta.config, "tls.cf", text + more)
            done = mta.command("postmap", "-q", "eve", "ldap:" + path, check=False)
            self.assertEqual(done.stdout, "eve@d.test\n" if works else "", (more, done.stderr))
            self.assertEqual("Unable to set STARTTLS" in done.stderr, not works)


if __name__ == "__main__":
    main()
