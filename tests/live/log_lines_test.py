# SPDX-License-Identifier: Apache-2.0
"""The converter of log patterns itself, by the fixtures that come with them: each line matches the
pattern it is meant for, and the fields hold what the fixture says."""
import glob
import os
import re
import unittest

import log_lines
import ports

FAMILIES = ("smtpd", "smtp", "lmtp", "qmgr", "cleanup", "bounce", "error", "discard", "postsuper",
            "master", "script", "command_counter_data", "delays")


def unquoted(text):
    """The scalar of a YAML line: plain, or in single or double quotes."""
    text = text.strip()
    if text.startswith('"'):
        return re.sub(r'\\(.)', r"\1", text[1:text.rindex('"')])
    if text.startswith("'"):
        return text[1:text.rindex("'")].replace("''", "'")
    return text


def fixture(path):
    """pattern, data and results of a fixture: two levels of names with scalars."""
    found = {"results": {}}
    with open(path, encoding="utf-8") as file:
        for line in file:
            match = re.match(r"( *)([\w]+):(.*)$", line)
            if match and match.group(1):
                found["results"][match.group(2)] = unquoted(match.group(3))
            elif match and match.group(3).strip():
                found[match.group(2)] = unquoted(match.group(3))
    return found


class Fixtures(unittest.TestCase):
    def test_each_fixture_matches_its_pattern(self):
        if log_lines.patterns() is None:
            ports.skip("no pattern file in " + log_lines.vectors_folder())
        count = 0
        for name in FAMILIES:
            paths = sorted(glob.glob(f"{log_lines.vectors_folder()}/logs/{name}_[0-9]*.yaml"))
            self.assertTrue(paths, name)
            for path in paths:
                with self.subTest(os.path.basename(path)):
                    self.check(fixture(path))
                count += 1
        print(count, "fixtures")

    def check(self, case):
        match = log_lines.compiled(case["pattern"]).search(case["data"])
        self.assertTrue(match, f"{case['pattern']} does not match {case['data']}")
        found = log_lines.fields(match)
        self.assertEqual({name: found.get(name) for name in case["results"]}, case["results"])


class Lines(unittest.TestCase):
    def setUp(self):
        if log_lines.patterns() is None:
            ports.skip("no pattern file in " + log_lines.vectors_folder())

    def test_what_nobody_knows_is_found(self):
        head = "Nov 22 00:01:02 host postfix/"
        known = [head + "smtpd[7]: connect from localhost[127.0.0.1]",
                 head + "smtpd[7]: disconnect from unknown[10.0.0.1] ehlo=1 quit=1 commands=2",
                 head + "qmgr[8]: 4Zq1x24wq1zB: removed",
                 head + "postfix-script[9]: starting the Postfix mail system"]
        strange = [head + "smtpd[7]: hello world", head + "newcomer[7]: warning: x", "nonsense"]
        self.assertEqual(log_lines.unknown("\n".join(known + strange)), strange)


if __name__ == "__main__":
    ports.main()
