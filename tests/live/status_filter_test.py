#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""<agent>_delivery_status_filter: what agents say is replaced before it is logged, told and acted
upon. The same for Debian's Postfix with POSTHOUSE_MTA=postfix."""
import unittest

import ports
from harness import Instance
from smtp_sink import SmtpSink

LETTER = b"Subject: x\r\n\r\nhello\r\n"
ALL = ("regexp:{{/^5(.*no such user.*)/ 4$$1}, {/^4(.*out of order.*)/ 5$$1}, "
       "{/^2(.* delivered) via pick service.*/ 2$$1}, {/^5(.*unknown user.*)/ 2$$1}}")
PIPE = "pick unix - n n - - pipe user=nobody argv=/bin/echo said ${user}"
# A recipient, and what the log says of it.
WANTED = {
    "gone@sink.test": r"dsn=4\.1\.1, status=deferred \(host .* no such user",
    "broken@sink.test": r"dsn=5\.3\.0, status=bounced \(host .* out of order",
    "fine@sink.test": r"dsn=2\.0\.0, status=sent \(250 2\.0\.0 ",
    "0@pick.test": r"dsn=2\.0\.0, status=sent \(delivered\)",
    "nobody@boxes.test": r"dsn=5\.1\.1, status=bounced \(unknown user:",
}


class Filters(unittest.TestCase):
    def test_every_agent_has_its_own_or_the_one_for_all(self):
        with SmtpSink({"rcpt": {"gone@sink.test": "550 5.1.1 no such user",
                                "broken@sink.test": "450 4.3.0 out of order"}}) as sink, Instance(
                params={"default_delivery_status_filter": ALL,
                        "transport_maps": f"inline:{{ {{sink.test=smtp:[127.0.0.1]:{sink.port}}}, "
                                          "{pick.test=pick:} }",
                        "relay_domains": "sink.test pick.test", "relay_recipient_maps": "",
                        "smtpd_reject_unlisted_recipient": "no",
                        "virtual_mailbox_domains": "boxes.test",
                        "virtual_mailbox_maps": "inline:{ {known@boxes.test=known/} }",
                        "virtual_mailbox_base": "/nonexistent",
                        "virtual_uid_maps": "static:65534", "virtual_gid_maps": "static:65534"},
                master=[PIPE]) as mta:
            for recipient in WANTED:
                mta.send("s@sink.test", [recipient], LETTER)
            for recipient, text in WANTED.items():
                mta.wait_log(rf"to=<{recipient}>,.*{text}")
            # A failure does not become a success.
            mta.wait_log(r"warning: virtual_delivery_status_filter: bad status code: 2\.1\.1 ")
            ports.wait_until(lambda: [m for m in sink.messages if not m.sender and
                                      b"Status: 5.3.0" in m.data], 20, "the notice")


if __name__ == "__main__":
    ports.main()
