# SPDX-License-Identifier: Apache-2.0
"""check-layers on small good and bad trees."""
import unittest

from trees import TreeTest

LAYERS = """# folder: what it may include
lib/base:
lib/mail: lib/base
lib/service: lib/base
smtpd: lib/*
qmgr: lib/*
services: lib/*
tools: lib/*
tests: *
"""
GOOD = {
    "LAYERS": LAYERS,
    "lib/base/log.h": "",
    "lib/mail/address.h": '#include "lib/base/log.h"\n',
    "lib/mail/rules_private.h": "",
    "lib/mail/address.cc": '#include "lib/mail/rules_private.h"\n#include "config.h"\n',
    "smtpd/session.h": "",
    "smtpd/main.cc": '#include "lib/mail/address.h"\n#include "smtpd/session.h"\n',
    "qmgr/queue.h": "",
    "services/anvil/main.cc": '#include "lib/base/log.h"\n',
    "services/anvil/table.h": "",
    "tools/shared/print.h": "",
    "tools/postcat/main.cc": '#include "tools/shared/print.h"\n',
    "tools/postcat/cat.h": "",
    "tests/unit/smtpd/session_test.cc": '#include "smtpd/session.h"\n',
}


class CheckLayers(TreeTest):
    checker = "check-layers"

    def test_accepts_a_tree_that_keeps_the_table(self):
        self.assert_clean(GOOD)

    def test_reports_each_forbidden_edge(self):
        cases = {
            "upwards": ("lib/base/up.cc", '#include "lib/mail/address.h"',
                        "lib/base/up.cc:2: lib/base may not include lib/mail"),
            "another program": ("smtpd/x.cc", '#include "qmgr/queue.h"',
                                "smtpd/x.cc:2: smtpd may not include qmgr"),
            "another service": ("services/verify/x.cc", '#include "services/anvil/table.h"',
                                "services/verify/x.cc:2: services/verify may not include"),
            "another tool": ("tools/postmap/x.cc", '#include "tools/postcat/cat.h"',
                             "tools/postmap/x.cc:2: tools/postmap may not include"),
            "private header": ("smtpd/x.cc", '#include "lib/mail/rules_private.h"',
                               "smtpd/x.cc:2: lib/mail/rules_private.h is for its own"),
            "relative": ("smtpd/x.cc", '#include "session.h"',
                         'smtpd/x.cc:2: "session.h": no such file'),
            "no layer": ("lib/new/x.cc", "", "lib/new/x.cc:1: no line of LAYERS"),
        }
        for name, (path, line, want) in cases.items():
            with self.subTest(name):
                self.setUp()
                self.assert_fault({**GOOD, path: "// A file.\n" + line + "\n"}, want)

    def test_reports_faults_of_the_table_itself(self):
        cases = {
            "below": (LAYERS.replace("lib/base:\n", "lib/base: lib/mail\n"),
                      "LAYERS:2: lib/base names lib/mail"),
            "twice": (LAYERS + "qmgr: lib/*\n", "LAYERS:10: qmgr has a second line"),
            "no colon": (LAYERS + "bench\n", "LAYERS:10: not of the form"),
        }
        for name, (text, want) in cases.items():
            with self.subTest(name):
                self.setUp()
                self.assert_fault({**GOOD, "LAYERS": text}, want)

    def test_reports_privileged_calls_outside_the_frame(self):
        for call in ("fork();", "::setuid(0);", "return chroot(path);", "accept4(fd, a, b, 0);",
                     "if (::seteuid(uid) < 0)", 'execve("x", a, e);', 'system("ls");'):
            with self.subTest(call):
                self.setUp()
                name = call.replace("return ", "").replace("if (", "").lstrip(":").split("(")[0]
                self.assert_fault({**GOOD, "smtpd/x.cc": f"int f()\n{{\n    {call}\n}}\n"},
                                  f"smtpd/x.cc:3: {name}() is only for")

    def test_leaves_alone_what_only_looks_like_a_call(self):
        lines = ('listener.accept();', 'pool->fork();', '// fork()', '"fork()";',
                 "Table::accept(x);", "Task<int> accept(int fd);", "my_fork();",
                 "bool accept(int);")
        for line in lines:
            with self.subTest(line):
                self.setUp()
                self.assert_clean({**GOOD, "smtpd/x.cc": line + "\n"})

    def test_permits_calls_in_the_frame_and_by_exception(self):
        self.assert_clean({**GOOD, "lib/service/jail.cc": "int a = ::setuid(1);\n"})
        self.assert_clean({**GOOD, "tools/postfix/main.cc": "int a = fork();\n",
                           "tools/dev/budget": "privilege tools/postfix starts the master\n"})


if __name__ == "__main__":
    unittest.main()
