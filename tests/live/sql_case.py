# SPDX-License-Identifier: Apache-2.0
"""What the tests of tables in databases share: files, replies, Postfix's answers; and Sql, the
tests of a mail server whose domains, mailboxes and aliases are in a database server, as guides
have it.
"""
import concurrent.futures
import os
import re
import smtplib
import subprocess
import threading
import time

import peers
from databases import seconds_of
from harness import Instance
from ports import free_port, skip, wait_until
from smtp_sink import SmtpSink

# What PostfixAdmin has, in short; each statement is for both servers.
SCHEMA = [
    "create table domain (domain varchar(255), transport varchar(255), active integer)",
    "create table mailbox (username varchar(255), maildir varchar(255), domain varchar(255), "
    "active integer)",
    "create table alias (address varchar(255), goto varchar(4000), domain varchar(255), "
    "active integer)",
    "insert into domain values ('d.test', 'virtual', 1), ('off.test', 'virtual', 0), "
    "('r.test', 'relay', 0)",
    "insert into mailbox values ('joe@d.test', 'd.test/joe/', 'd.test', 1), "
    "('eve@d.test', 'd.test/eve/', 'd.test', 1), ('old@d.test', 'd.test/old/', 'd.test', 0)",
    "insert into alias values ('all@d.test', 'joe@d.test,eve@d.test', 'd.test', 1), "
    "('joe@d.test', 'joe@d.test', 'd.test', 1), ('rows@d.test', 'joe@d.test', 'd.test', 1), "
    "('rows@d.test', 'eve@d.test', 'd.test', 1), ('joe@r.test', 'joe@r.test', 'r.test', 1)",
    "create table odd (k varchar(255), v varchar(255))",
]
# Keys that would change a query if they were put into it as they are.
HOSTILE = ["'", "''", '\\', "\\'", "o'hara", "' or '1'='1", "'; drop table odd; --", '"', '`',
           '%s', 'a%', '_', "\u7e17' or 1=1 -- ", "\u00bf' or 1=1 -- ", "\u00fc", "\U0001f4e7",
           '$1', '?', '/*', "x\\' or 1=1 -- ", '\r', '\x1a', '--', ';']
QUERIES = {
    "domains": "SELECT domain FROM domain WHERE domain='%s' AND active=1",
    "mailboxes": "SELECT maildir FROM mailbox WHERE username='%s' AND active=1",
    "aliases": "SELECT goto FROM alias WHERE address='%s' AND active=1",
    "relays": "SELECT 'yes' FROM domain WHERE domain='%s' AND transport='relay'",
    "senders": "SELECT 'REJECT not from here' FROM mailbox WHERE username='%s' AND active=0",
    "odd": "SELECT v FROM odd WHERE k='%s'",
}


def table_file(folder, name, text):
    """A table's file that root alone may read, because it may have a password."""
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o600)
    return path


def postfix_answers(mta, kind, table, keys):
    """What Debian's Postfix finds: lines "KEY TAB VALUE" for the keys that are there."""
    programs = peers.postfix_programs()
    module = f"{peers.unpacked('postfix-' + kind)}/usr/lib/postfix/postfix-{kind}.so"
    folder = mta.directory + "/postfix"
    if not os.path.isdir(folder):
        os.mkdir(folder)
        with open(folder + "/main.cf", "w", encoding="ascii") as file:
            file.write("compatibility_level = 3.6\nmyhostname = x.test\n"
                       f"meta_directory = {folder}\n"
                       f"shlib_directory = {programs.params['shlib_directory']}\n")
        with open(folder + "/dynamicmaps.cf", "w", encoding="ascii") as file:
            file.write(f"{kind} {module} dict_{kind}_open\n")
    done = subprocess.run([programs.command_directory + "/postmap", "-c", folder, "-q", "-", table],
                          input="".join(key + "\n" for key in keys), text=True, check=False,
                          capture_output=True, env={**os.environ, **programs.environment},
                          timeout=60)
    return done.stdout


def our_answers(mta, table, keys):
    done = subprocess.run([mta.programs.command_directory + "/postmap", "-c", mta.config, "-q", "-",
                           table], input="".join(key + "\n" for key in keys), text=True,
                          check=False, capture_output=True, timeout=60)
    return done.stdout


def compare_with_postfix(test, mta, kind, questions):
    """`questions`: pairs of a table and keys. Both programs must find the same."""
    postfix_answers(mta, kind, "static:x", [])  # Makes its configuration.
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        theirs = list(pool.map(lambda question: postfix_answers(mta, kind, *question), questions))
    for question, their in zip(questions, theirs):
        with test.subTest(table=question[0], keys=question[1]):
            test.assertEqual(our_answers(mta, *question), their)
    test.assertNotEqual("".join(theirs), "")


def needs_module(mta, kind):
    types = mta.command("postconf", "-m").stdout.split()
    if kind not in types:
        skip(f"{kind}: tables are not built here")


def recipient_reply(mta, recipient, sender="a@x.test"):
    """The reply to one RCPT command."""
    with smtplib.SMTP("127.0.0.1", mta.smtp_port, local_hostname="c.test", timeout=30) as smtp:
        smtp.ehlo()
        smtp.mail(sender)
        code, text = smtp.rcpt(recipient)
    return f"{code} {text.decode()}"


class Sql:
    """A mail server as guides have it, whose domains, mailboxes and aliases are in a database."""
    kind = ""
    server = None
    login = ""
    slow_query = ""

    @classmethod
    def connection(cls):
        return f"hosts = {cls.hosts()}\n{cls.login}retry_interval = 1\n"

    @classmethod
    def hosts(cls):
        return f"inet:127.0.0.1:{cls.server.port}"

    @classmethod
    def table(cls, name, query, more=""):
        path = table_file(cls.mta.config, name + ".cf",
                          cls.connection() + f"query = {query}\n{more}")
        return f"{cls.kind}:{path}"

    @classmethod
    def set_up(cls):
        cls.sink = SmtpSink()
        cls.addClassCleanup(cls.sink.close)
        cls.mta = Instance(params={"relayhost": f"[127.0.0.1]:{cls.sink.port}"}, start=False)
        cls.addClassCleanup(cls.mta.stop)
        needs_module(cls.mta, cls.kind)
        cls.server = cls.make_server()
        cls.addClassCleanup(cls.server.close)
        cls.mta.tables = {name: cls.table(name, query) for name, query in QUERIES.items()}
        cls.slow = cls.table("slow", cls.slow_query)
        tables = cls.mta.tables
        cls.mta.write_main_cf(
            virtual_mailbox_domains=tables["domains"], virtual_mailbox_maps=tables["mailboxes"],
            virtual_alias_maps="proxy:" + tables["aliases"],
            virtual_transport=f"smtp:[127.0.0.1]:{cls.sink.port}",
            relay_domains=tables["relays"], relay_recipient_maps=tables["aliases"],
            smtpd_sender_restrictions="check_sender_access " + tables["senders"],
            smtpd_helo_restrictions=f"check_helo_access inline:{{slow.test=slow}}",
            smtpd_restriction_classes="slow", slow="check_client_access " + cls.slow)
        cls.mta.start()

    def query(self, table, key, **options):
        return self.mta.command("postmap", "-q", key, table, **options)

    def sent_to(self, recipient):
        """Who gets a message to this address."""
        mark = f"{time.monotonic_ns():x}"
        before = len(self.sink.messages)
        self.mta.send("a@x.test", [recipient], f"Subject: {mark}\r\n\r\nx\r\n".encode())
        self.mta.wait_empty()
        return sorted(address for message in self.sink.messages[before:]
                      for address, _ in message.recipients)

    def test_mail_goes_where_the_database_says(self):
        self.assertEqual(self.sent_to("all@d.test"), ["eve@d.test", "joe@d.test"])
        self.assertEqual(self.sent_to("Rows@D.test"), ["eve@d.test", "joe@d.test"])
        for recipient in ("nobody@d.test", "old@d.test", "'@d.test"):
            self.assertIn("550 5.1.1", recipient_reply(self.mta, recipient), recipient)
        self.assertEqual(self.query(self.mta.tables["domains"], "off.test", check=False).stdout, "")
        self.assertIn("250 ", recipient_reply(self.mta, "joe@r.test"))
        self.assertIn("550 5.1.1", recipient_reply(self.mta, "eve@r.test"))
        reply = recipient_reply(self.mta, "joe@d.test", sender="old@d.test")
        self.assertIn("554 5.7.1 <old@d.test>: Sender address rejected: not from here", reply)

    def test_keys_are_texts_whatever_is_in_them(self):
        for key in HOSTILE:
            found = self.query(self.mta.tables["odd"], key, check=False)
            self.assertEqual((found.returncode, found.stdout), (0, "found\n"),
                             (key, found.stderr))
            found = self.query(self.mta.tables["odd"], key + "x", check=False)
            self.assertEqual((found.returncode, found.stdout), (1, ""), (key, found.stderr))

    def test_answers_are_those_of_postfix(self):
        keys = ["joe@d.test", "JOE@D.TEST", "rows@d.test", "all@d.test", "joe", "@d.test", "joe@",
                "@", "d.test", "off.test", "a@b@d.test", "joe@x.d.test", "", " ", "joe @d.test",
                "x@a..b", *[key for key in HOSTILE if key not in "\r"]]
        forms = {
            "%s": "", "%u": "", "%d": "", "%U|%D|%S": "", "%1": "", "%2.%1": "", "%3": "", "%%": "",
            "%s ": "result_format = %s@%D\n", "%s  ": "result_format = <%u> %d\n",
            "%s   ": "result_format = %S:%1\n", "%u ": "domain = d.test, inline:{b.test=1}\n",
            "%d ": "expansion_limit = 2\n"}
        questions = []
        for number, (form, more) in enumerate(forms.items()):
            query = (f"SELECT '{form}' UNION ALL SELECT 'x@y.org' UNION ALL SELECT NULL "
                     f"UNION ALL SELECT goto FROM alias WHERE address='{form}'")
            questions.append((self.table(f"form{number}", query, more), keys))
        compare_with_postfix(self, self.mta, self.kind, questions)

    def test_errors_are_temporary_and_told(self):
        table = self.table("wrong", "SELECT x FROM nowhere WHERE k='%s'")
        done = self.query(table, "k", check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, "query error: query failed: .*nowhere")
        limited = self.table("limited", QUERIES["aliases"], "expansion_limit = 1\n")
        done = self.query(limited, "rows@d.test", check=False)
        self.assertIn("Expansion limit exceeded for key: 'rows@d.test'", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_files_have_forms_of_old(self):
        path = table_file(self.mta.config, "old.cf", self.connection() +
                          "table = alias\nselect_field = goto\nwhere_field = address\n"
                          "additional_conditions = and goto like 'joe%'\nresult_format = <%u>\n")
        self.assertEqual(self.query(f"{self.kind}:{path}", "rows@d.test").stdout, "<joe>\n")

    def test_another_server_is_asked_when_one_is_down(self):
        path = table_file(self.mta.config, "two.cf", self.connection().replace(
            "hosts = ", f"hosts = 127.0.0.1:{free_port()} ") + f"query = {QUERIES['aliases']}\n")
        for _ in range(50):  # The order is random.
            done = self.query(f"{self.kind}:{path}", "joe@d.test")
            self.assertEqual(done.stdout, "joe@d.test\n")
            if done.stderr:
                break
        self.assertIn(f"warning: connect to {self.kind} server 127.0.0.1:", done.stderr)

    def test_a_slow_answer_keeps_nobody_else_waiting(self):
        """One smtpd, one of whose clients waits for the database, which others do not notice."""
        began = time.monotonic()
        slow = []

        def wait_for_it():
            with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=60) as smtp:
                smtp.ehlo("slow.test")
                smtp.mail("a@x.test")
                smtp.rcpt("joe@d.test")
                slow.append(time.monotonic() - began)
        waiting = [threading.Thread(target=wait_for_it) for _ in range(4)]
        for thread in waiting:
            thread.start()
        time.sleep(0.3)
        quick = [seconds_of(lambda: recipient_reply(self.mta, "joe@d.test")) for _ in range(5)]
        self.assertEqual(slow, [])
        for thread in waiting:
            thread.join()
        self.assertLess(max(quick), 1)
        self.assertGreater(min(slow), 2)
        self.assertLess(max(slow), 8)
        smtpds = set(self.mta_pids("smtpd"))
        self.assertLessEqual(len(smtpds), 2, smtpds)
        print(f"{self.kind}: slow {max(slow):.2f} s, others {max(quick):.3f} s", flush=True)

    def mta_pids(self, program):
        return re.findall(rf"/{program}\[(\d+)\]", self.mta.log())

    def test_mail_waits_for_a_server_that_is_down(self):
        self.assertIn("250 ", recipient_reply(self.mta, "joe@d.test"))
        self.server.stop()
        try:
            self.assertRegex(recipient_reply(self.mta, "joe@d.test"), r"^451 4\.3\.")
            self.mta.wait_log(rf"proxymap\[\d+\]: warning: connect to {self.kind} server "
                              r"127\.0\.0\.1:\d+: ")
        finally:
            self.server.start()
        wait_until(lambda: recipient_reply(self.mta, "joe@d.test").startswith("250 "), 10,
                   "mail is taken again")
        self.assertEqual(self.sent_to("joe@d.test"), ["joe@d.test"])
