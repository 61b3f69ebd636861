# SPDX-License-Identifier: Apache-2.0
"""An instance that has nothing to do stays as it is: the same processes, and nothing in the log."""
import re
import subprocess
import time
import unittest

import log_lines
import ports
from harness import Instance

WATCHED_SECONDS = 12  # longer than master's patience with a service that may have one process only


def children(pid):
    done = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return set(done.stdout.split())


class Idle(unittest.TestCase):
    def test_nothing_happens(self):
        with Instance() as mta:
            mta.wait_log(r"disconnect from")
            workers, log = children(mta.master_pid()), mta.log()
            self.assertTrue(workers)
            time.sleep(WATCHED_SECONDS)
            self.assertLessEqual(workers, children(mta.master_pid()))
            self.assertEqual(re.findall(r".+", mta.log()[len(log):]), [])
            log_lines.check(self, log)


if __name__ == "__main__":
    ports.main()
