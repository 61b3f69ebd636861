# SPDX-License-Identifier: Apache-2.0
"""What the postmaster reads when a server that we send mail to does not speak the protocol
(notify_classes), compared with what Debian's Postfix writes (tests/golden/notices)."""
import ports
from notice_rig import GoldenCase
from smtp_sink import Close, SmtpSink


class ClientTranscripts(GoldenCase):
    params = {"notify_classes": "protocol", "smtp_connection_cache_on_demand": "no"}

    @classmethod
    def setUpClass(cls):
        cls.store = SmtpSink({"body": "503 5.5.1 what now"}, lmtp=True)
        cls.params = {**cls.params, "default_transport": f"lmtp:[127.0.0.1]:{cls.store.port}"}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.store.close()

    def setUp(self):
        self.rig.plain.script.clear()
        super().setUp()

    def letter(self):
        letter = self.rig.letters("err@pm.test")[0]
        self.assertEqual(letter.sender, "double-bounce@mail.posthouse.test")
        return letter

    def test_a_server_that_knows_no_helo(self):
        self.rig.plain.script.update({"ehlo": "500 no", "helo": "502 neither"})
        self.rig.send("s@sender.test", [("x@nodsn.test", [])])
        self.golden("transcript_client", self.letter())

    def test_garbage_and_long_lines(self):
        self.rig.plain.script["mail"] = Close("what do you\nwant?\n501-5.1.7 " + "word " * 40 +
                                              "\n501 5.1.7 " + "x" * 200)
        self.rig.send("s@sender.test", [("x@nodsn.test", [])])
        self.golden("transcript_client_garbage", self.letter())
        self.rig.mta.command("postsuper", "-d", "ALL")

    def test_a_mail_store(self):
        self.rig.send("s@sender.test", [("x@store.test", [])])
        letter = self.letter().data.decode()
        self.assertRegex(letter, r"\r\nSubject: \w+ LMTP client: errors from "
                                 rf"127.0.0.1\[127.0.0.1\]:{self.store.port}\r\n")
        self.assertIn("\r\n Out: .\r\n", letter)
        self.assertIn("\r\n In:  503 5.5.1 what now\r\n", letter)

    def test_refusals_by_rule_and_what_goes_well_are_nobodys_business(self):
        for address in ("bad@fail.test", "good@fail.test"):
            queue_id = self.rig.send("s@sender.test", [(address, [])])
            self.rig.mta.wait_log(rf"{queue_id}: removed")
        self.nobody_is_told()

    def test_no_letter_is_about_a_letter(self):
        self.rig.plain.script["rcpt"] = "501 5.1.3 what"
        for sender in ("", "double-bounce@mail.posthouse.test"):
            queue_id = self.rig.send(sender, [("x@nodsn.test", [])])
            self.rig.mta.wait_log(rf"{queue_id}: removed")
        self.nobody_is_told()

    def nobody_is_told(self):
        self.rig.mta.wait_empty()
        told = [m for m in self.rig.sink.messages if m.recipients[0][0] == "err@pm.test"]
        self.assertEqual(told, [])


if __name__ == "__main__":
    ports.main()
