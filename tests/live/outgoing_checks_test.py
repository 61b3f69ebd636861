# SPDX-License-Identifier: Apache-2.0
"""smtp_header_checks and its kin: what another host gets, and that the message in the queue stays
as it is. POSTHOUSE_MTA=postfix asks Debian's Postfix the same."""
import unittest

import notice_rig
import ports

SECRET = (b"From: s@sender.test\r\nTo: x@fail.test\r\nX-Secret: 1\r\n\tfolded\r\nSubject: hi\r\n"
          b"X-Mailer: old\r\nMime-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
          b"\r\n--b\r\nX-Part: 2\r\nContent-Type: text/plain\r\n\r\nhello\r\n.dot\r\nbye\r\n"
          b"--b--\r\n")


class OutgoingChecks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = notice_rig.Rig(
            smtp_header_checks="regexp:{{/^X-Secret:/ IGNORE}"
                               " {/^X-Mailer: (.*)/ REPLACE X-Was: $$1}"
                               " {/^Subject:/ PREPEND X-Before: yes} {/^To:/ WARN look}"
                               " {/^From:/ REJECT no}}",
            smtp_mime_header_checks="regexp:{{/^X-Part:/ IGNORE}}",
            smtp_body_checks="regexp:{{/^hello/ REPLACE .hullo} {/^bye/ STRIP gone}}")

    @classmethod
    def tearDownClass(cls):
        cls.rig.close()

    def test_what_goes_out_is_changed(self):
        mta = self.rig.mta
        queue_id = self.rig.send("s@sender.test", [("good@fail.test", []), ("later@fail.test", [])],
                                 data=SECRET)
        mta.wait_log(rf"{queue_id}: to=<later@fail.test>.*status=deferred")
        message = self.rig.sink.wait_messages(1)[0]
        head, _, body = message.data.partition(b"\r\n\r\n")
        added = (b"\t", b"Received:", b"Message-Id:", b"Date:")
        self.assertEqual([f for f in head.split(b"\r\n") if not f.startswith(added)],
                         [b"From: s@sender.test", b"To: x@fail.test", b"X-Before: yes",
                          b"Subject: hi", b"X-Was: old", b"Mime-Version: 1.0",
                          b"Content-Type: multipart/mixed; boundary=b"])
        self.assertNotIn(b"folded", head)
        self.assertEqual(body, b"--b\r\nContent-Type: text/plain\r\n\r\n.hullo\r\n.dot\r\n"
                               b"--b--\r\n")
        kept = mta.command("postcat", "-bhq", queue_id).stdout
        self.assertIn("X-Secret: 1", kept)
        self.assertIn("X-Mailer: old", kept)
        for line in (r"warning: header To: x@fail.test: look",
                     r"replace: header X-Mailer: old: X-Was: old",
                     r"prepend: header Subject: hi: X-Before: yes",
                     r"replace: body hello: .hullo", r"strip: body bye: gone"):
            mta.wait_log(rf"smtp\[\d+\]: {queue_id}: {line}(?:\n|$)")
        mta.wait_log(r"smtp\[\d+\]: warning: unsupported command in smtp_header_checks map: "
                     r"REJECT no")
        mta.command("postsuper", "-d", "ALL")


if __name__ == "__main__":
    ports.main()
