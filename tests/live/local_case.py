# SPDX-License-Identifier: Apache-2.0
"""What tests of local delivery share: an instance with two users of this host, a mail spool of its
own, and a host elsewhere."""
import grp
import os
import re
import shutil
import smtplib
import tempfile
import time
import unittest

from harness import Instance
from ports import wait_until
from smtp_sink import SmtpSink
from users import Users

HOST = "mail.posthouse.test"


class LocalCase(unittest.TestCase):
    """An instance with two users, fred and wilma, and a host elsewhere."""
    PARAMS = {}
    MASTER = ()

    @classmethod
    def setUpClass(cls):
        cls.users = Users(2)
        cls.fred, cls.wilma = cls.users.users
        cls.work = tempfile.mkdtemp(prefix="posthouse-local-")
        os.chmod(cls.work, 0o755)
        cls.spool = cls.work + "/mail"
        os.mkdir(cls.spool)
        os.chown(cls.spool, 0, grp.getgrnam("mail").gr_gid)
        os.chmod(cls.spool, 0o2775)
        cls.sink = SmtpSink()
        cls.mta = Instance(params={
            "mydestination": f"{HOST}, localhost", "alias_maps": f"hash:{cls.work}/aliases",
            "alias_database": "$alias_maps", "local_recipient_maps": None,
            "recipient_delimiter": "+", "relayhost": f"[127.0.0.1]:{cls.sink.port}",
            "mail_spool_directory": cls.spool, "minimal_backoff_time": "1s",
            "maximal_backoff_time": "1s", "queue_run_delay": "1s",
            "deliver_lock_attempts": "1", **cls.PARAMS},
            master=cls.MASTER, start=False)
        cls.aliases("postmaster: root\nroot: %s\n" % cls.fred.name)
        cls.mta.start()

    @classmethod
    def tearDownClass(cls):
        cls.mta.stop()
        cls.sink.close()
        cls.users.remove()
        shutil.rmtree(cls.work)

    @classmethod
    def aliases(cls, text):
        with open(cls.work + "/aliases", "w", encoding="utf-8") as file:
            file.write(text)
        cls.mta.command("postalias", "-c", cls.mta.config, f"hash:{cls.work}/aliases")
        time.sleep(0.15)  # Daemons look at tables ten times a second.

    def reconfigure(self, **params):
        """Other parameters from here on."""
        reloads = len(re.findall("reload --", self.mta.log()))
        self.mta.write_main_cf(**params)
        self.mta.reload()
        self.mta.wait_log("reload --", reloads + 1)

    def tearDown(self):
        for user in (self.fred, self.wilma):
            for name in os.listdir(user.home):
                user.remove(name)
        for name in os.listdir(self.spool):
            os.remove(os.path.join(self.spool, name))

    def send(self, recipient, body=b"hello\r\n", sender="s@r.test", rcpt_options=(), header=b""):
        """Sends a message; its queue id."""
        key = f"{time.monotonic_ns():x}"
        recipient = recipient if "@" in recipient else f"{recipient}@{HOST}"
        data = b"Message-ID: <%s@x.test>\r\n%s\r\n%s" % (key.encode(), header, body)
        with smtplib.SMTP("127.0.0.1", self.mta.smtp_port, timeout=60) as smtp:
            smtp.sendmail(sender, [recipient], data, (), rcpt_options)
        return self.mta.wait_log(rf"(\w+): message-id=<{key}@x.test>")[0].group(1)

    def lines(self, queue_id, count=1):
        """What local says of it: (to, orig_to, dsn, status and text)."""
        found = self.mta.wait_log(
            rf"local\[\d+\]: {queue_id}: to=<([^>]*)>,(?: orig_to=<([^>]*)>,)? relay=local, "
            rf"delay=[\d.]+, delays=[\d./]+, dsn=([\d.]+), status=(.*)", count)
        return [match.groups() for match in found]

    def deliver(self, recipient, **how):
        """Sends a message, waits for its one delivery: "dsn status (text)"."""
        _, _, dsn, text = self.lines(self.send(recipient, **how))[0]
        return f"{dsn} {text}"

    def elsewhere(self, recipient, sender=None, text=b""):
        """The message that reached this recipient on the other host."""
        found = []

        def arrived():
            found[:] = [m for m in self.sink.messages
                        if recipient in [r[0] for r in m.recipients] and text in m.data
                        and sender in (None, m.sender)]
            return bool(found)
        wait_until(arrived, 20, f"mail for {recipient}")
        return found[-1]

    def mailbox(self, user):
        with open(os.path.join(self.spool, user.name), "rb") as file:
            return file.read()
