# SPDX-License-Identifier: Apache-2.0
"""The Debian package where systemd is in charge: installed over a postfix that runs and has mail
waiting; started, stopped and reloaded as a service; delivering as users under the unit's
restrictions; upgraded while mail flows; purged."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import ports
from deb_test import WORST_EXPOSURE
from guest import DEPENDANTS, Booted
from package_test import QUEUED, newer, package, parts

WAITING = 30
UNIT = "postfix@-.service"
# bob's mail goes to a command, which hands some of it on; carol's to a Maildir of her own.
BEFORE = r"""
for user in alice bob carol; do useradd -m $user; done
echo "\"|$(echo ~bob)/filter\"" >~bob/.forward
cat >~bob/filter <<'END'
#!/bin/sh
cat >$HOME/in.$$
{ id -un; id -Gn; } >$HOME/who
! grep -q '^Subject: pass on' $HOME/in.$$ || /usr/sbin/sendmail -i carol <$HOME/in.$$
cat $HOME/in.$$ >>$HOME/all
END
chmod 755 ~bob/filter
echo ~carol/Maildir/ >~carol/.forward
chown bob:bob ~bob/filter ~bob/.forward; chown carol:carol ~carol/.forward
postconf -e myhostname=guest.test mydestination=guest.test,localhost mynetworks=127.0.0.0/8 \
    inet_interfaces=loopback-only inet_protocols=ipv4 relayhost= 'mailbox_command=exit 75'
systemctl restart postfix
"""
# Each number until the mail system says that it has it; a number that it has is printed. Run on
# this machine, on the guest's network.
FLOW = r"""
import itertools, os, smtplib, sys, time
def taken(n):
    try:
        with smtplib.SMTP("127.0.0.1", 25, timeout=20) as client:
            client.sendmail("sender@guest.test", ["alice@guest.test"],
                            f"Subject: number-{n}-\r\n\r\nx\r\n")
        return True
    except (OSError, smtplib.SMTPException):
        return False
for n in itertools.count(1):
    while not taken(n):
        time.sleep(0.02)
    print(n, flush=True)
    if os.path.exists(sys.argv[1]):
        break
    time.sleep(0.02)
"""
LOCAL_FLOW = r"""
cd /; n=0
while [ ! -e /srv/stop ]; do
    n=$((n + 1))
    printf 'Subject: number-%d-\n\nx\n' $n | su carol -c 'sendmail -i bob' && echo $n
    sleep 0.05
done
"""


def numbers(text):
    return sorted(int(n) for n in re.findall(r"^Subject: number-(\d+)-$", text, re.M))


class Service(unittest.TestCase):
    """One host; the tests need no order."""

    @classmethod
    def setUpClass(cls):
        deb = package()
        cls.guest = Booted()
        try:
            cls.guest.run(BEFORE)
            cls.guest.run(f"for n in $(seq {WAITING}); do printf 'Subject: waiting-%d-\\n\\nx\\n' "
                          "$n | sendmail -f root@guest.test alice; done")
            cls.guest.wait(f'test "$({QUEUED} | wc -l)" = {WAITING}', 20, "mail that waits")
            cls.told = cls.guest.install(deb)
            cls.guest.run("postconf -e mailbox_command=; systemctl reload postfix; postqueue -f")
        except BaseException:
            cls.guest.stop()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.guest.stop()

    def master(self):
        """Its process id; none while one follows another."""
        return self.guest.run("cat /var/spool/postfix/pid/master.pid").strip()

    def running(self):
        self.guest.wait(f"systemctl is-active --quiet postfix {UNIT} && postfix status 2>/dev/null",
                        20, "the service")

    def stopped(self):
        """Of postfix.service systemctl says when it has stopped; the instance follows."""
        self.guest.run("systemctl stop postfix")
        self.guest.wait(f'test "$(systemctl is-active {UNIT})" = inactive', 10, "the end")

    def send(self, recipient, subject="x", user="alice"):
        self.guest.run(f"printf 'Subject: {subject}\\n\\nx\\n' | su {user} -c "
                       f"'/usr/sbin/sendmail -i {recipient}'")

    def arrives(self, path, subject, seconds=20):
        self.guest.wait(f"grep -rqsx 'Subject: {subject}' {path}", seconds, f"{subject} in {path}")

    def smtp(self, subject):
        program = ("import smtplib; c = smtplib.SMTP('127.0.0.1', 25, timeout=10); c.sendmail("
                   f"'s@guest.test', ['alice@guest.test'], 'Subject: {subject}\\r\\n\\r\\nx')")
        subprocess.run(self.guest.on_its_network(sys.executable, "-c", program), check=True)

    def journal(self, *fields):
        """Entries of the journal that match, as dictionaries."""
        lines = self.guest.run("journalctl -q -o json --no-pager " + " ".join(fields))
        return [json.loads(line) for line in lines.splitlines()]

    def test_what_waited_in_the_old_queue_is_delivered(self):
        self.assertIn(f"Imported: {WAITING} messages; left: 0", self.told)
        self.guest.wait(f"test $(grep -c '^Subject: waiting-' /var/mail/alice) = {WAITING}", 30,
                        "the mail that waited")
        mailbox = self.guest.run("cat /var/mail/alice")
        found = re.findall(r"^Subject: waiting-(\d+)-$", mailbox, re.M)
        self.assertEqual(sorted(map(int, found)), list(range(1, WAITING + 1)))

    def test_it_is_started_stopped_reloaded_and_restarted_as_a_service(self):
        self.running()
        self.assertEqual(self.guest.run("systemctl is-enabled postfix"), "enabled\n")
        status = self.guest.run(f"systemctl status --no-pager postfix {UNIT}")
        self.assertIn("Active: active (running)", status)
        self.assertRegex(status, r"\d+ qmgr -n qmgr")
        first = self.master()
        self.guest.run("systemctl reload postfix")
        self.guest.wait("journalctl -q -t postfix/master | grep -q 'reload -- version'", 10,
                        "the reload")
        self.assertEqual(self.master(), first)
        self.guest.run("systemctl restart postfix")
        self.running()
        self.assertNotEqual(self.master(), first)
        self.stopped()
        self.guest.run(f"test ! -e /sys/fs/cgroup/system.slice/system-postfix.slice/{UNIT}")
        self.send("alice", "while stopped")
        self.guest.run("systemctl start postfix")
        self.arrives("/var/mail/alice", "while stopped")
        self.assertEqual(self.guest.run("systemctl --failed --no-legend"), "")

    def test_a_configuration_that_cannot_work_is_told_by_start(self):
        self.running()
        self.guest.run("cp /etc/postfix/main.cf /srv/")
        self.stopped()
        self.guest.run("postconf -e inet_protocols=carrier-pigeon")
        try:
            self.assertEqual(self.guest.run(f"systemctl start -q {UNIT} 2>&1 || echo failed"),
                             "failed\n")
            self.assertIn("carrier-pigeon", self.guest.run(f"journalctl -q -u {UNIT} -n 30"))
        finally:
            self.guest.run(f"systemctl stop {UNIT}; cp /srv/main.cf /etc/postfix/;"
                           "systemctl start postfix")
        self.running()

    def test_the_journal_has_the_lines_with_program_and_unit(self):
        self.running()
        began = self.guest.run("date +%s").strip()
        self.smtp("for the journal")
        self.arrives("/var/mail/alice", "for the journal")
        for program, text in (("smtpd", r"connect from localhost\[127\.0\.0\.1\]"),
                              ("cleanup", r"message-id=<.*>"), ("qmgr", r"from=<s@guest\.test>"),
                              ("local", r"to=<alice@guest\.test>.*status=sent")):
            entries = [e for e in self.journal("-t", "postfix/" + program, "-u", UNIT)
                       if re.search(text, e["MESSAGE"])]
            self.assertTrue(entries, program)
            self.assertEqual(entries[-1]["SYSLOG_FACILITY"], "2")
            self.assertEqual(entries[-1]["PRIORITY"], "6")
        self.assertEqual(self.journal("-u", UNIT, "-p", "err", "--since", "@" + began), [])

    def test_a_master_that_is_killed_is_replaced(self):
        self.running()
        old = self.master()
        self.guest.run(f"kill -9 {old}")
        ports.wait_until(lambda: self.master() not in (old, ""), 5, "a new master")
        self.running()
        self.smtp("after the kill")
        self.arrives("/var/mail/alice", "after the kill")
        self.guest.run("systemctl reload postfix")

    def test_the_running_unit_is_not_exposed(self):
        told = self.guest.run(f"systemd-analyze security --no-pager {UNIT}")
        found = re.search(r"Overall exposure level for \S+ ([0-9.]+)", told)
        self.assertLessEqual(float(found[1]), WORST_EXPOSURE)

    def test_users_get_their_mail_as_themselves(self):
        """In a Maildir, through a command, and from that command by the set-gid postdrop."""
        self.running()
        self.send("bob", "pass on this")
        self.arrives("~bob/all", "pass on this")
        self.arrives("~carol/Maildir/new", "pass on this")
        self.assertEqual(self.guest.run("cat ~bob/who").split(), ["bob", "bob"])
        owners = self.guest.run("stat -c '%U %a' ~carol/Maildir ~carol/Maildir/new/* "
                                "~bob/all /var/mail/alice")
        self.assertEqual(set(owners.split("\n")),
                         {"carol 700", "carol 600", "bob 600", "alice 600", ""})

    def test_an_upgrade_while_mail_flows_loses_nothing(self):
        self.running()
        self.guest.run("rm -f /srv/stop")
        with tempfile.TemporaryDirectory() as folder:
            deb = newer(package(), folder)
            flow = subprocess.Popen(self.guest.on_its_network(
                sys.executable, "-c", FLOW, self.guest.path("/srv/stop")),
                stdout=subprocess.PIPE, text=True)
            self.addCleanup(flow.kill)
            self.guest.write("/srv/flow", LOCAL_FLOW)
            self.guest.run("setsid sh /srv/flow >/srv/accepted 2>/srv/refused &")
            time.sleep(1)
            old = self.master()
            self.guest.install(deb)
            time.sleep(1)
        self.guest.write("/srv/stop", "")
        relayed = [int(line) for line in flow.communicate(timeout=30)[0].split()]
        self.running()
        self.assertNotEqual(self.master(), old)
        self.guest.wait(f'test -z "$({QUEUED})"', 60, "empty queue")
        local = [int(line) for line in self.guest.run("cat /srv/accepted").split()]
        self.assertGreater(min(len(relayed), len(local)), 20)
        self.assertEqual(numbers(self.guest.run("cat /var/mail/alice")), relayed)
        self.assertEqual(numbers(self.guest.run("cat ~bob/all")), local)
        self.assertEqual(self.guest.run("dpkg --verify posthouse; cat /srv/refused"), "")

    def test_packages_that_want_a_postfix_are_content_with_this_one(self):
        self.running()
        self.guest.run("apt-get install -y --no-install-recommends /srv/dependants/*.deb",
                       timeout=300)
        for name in DEPENDANTS:
            self.assertEqual(self.guest.run(f"dpkg-query -W -f '${{Status}}' {name}"),
                             "install ok installed", name)
        self.assertEqual(self.guest.run("postconf -h readme_directory html_directory"),
                         "/usr/share/doc/postfix\n/usr/share/doc/postfix/html\n")
        self.guest.run("systemctl is-active postsrsd postgrey; adduser --quiet postgrey postfix")
        self.guest.run("echo y | su alice -c 'mail -s by-mailx alice'")
        self.arrives("/var/mail/alice", "by-mailx")
        self.guest.run("apt-get check; apt-get purge -y postfix-doc; postfix check")
        self.assertEqual(self.guest.run("postconf -h readme_directory html_directory"), "no\nno\n")


class Life(unittest.TestCase):
    def test_what_wants_a_database_starts_once_its_package_is_there(self):
        """Packages for databases are configured after the mail system itself, whose unit has
        failed by then; it tries again."""
        debs = [package()] + [deb for deb in parts() if "posthouse-sqlite_" in deb]
        if len(debs) < 2:
            ports.skip("no package for sqlite in the build folder")
        with Booted() as guest:
            for deb in debs:
                shutil.copy(deb, guest.path("/srv/"))
            guest.write("/srv/t.db", "")  # An empty database.
            guest.run("printf 'dbpath = /srv/t.db\\nquery = SELECT 1\\n' >/etc/postfix/t.cf;"
                      "postconf -e relocated_maps=sqlite:/etc/postfix/t.cf "
                      "inet_interfaces=loopback-only")
            told = guest.run("apt-get install -y /srv/*.deb 2>&1")
            self.assertIn("(install posthouse-sqlite)", told)
            guest.wait(f"systemctl is-active --quiet {UNIT}", 20, "the start")
            self.assertEqual(guest.run("systemctl --failed --no-legend"), "")

    FILES = ("find / -xdev -path /proc -prune -o -path /var/log/journal -prune -o "
             "-path /var/log/apt -prune -o -path /var/lib/apt -prune -o "
             "-path /var/cache -prune -o -path /srv -prune -o -print | sort; cat /etc/passwd "
             "/etc/group; dpkg-statoverride --list")

    def test_a_purge_leaves_nothing(self):
        with Booted() as guest:
            guest.run("dpkg --purge postfix; rm -rf /etc/aliases*; useradd -m alice;"
                      "touch /var/lib/systemd/deb-systemd-helper-masked")
            guest.run("mkdir -p /var/mail")
            before = guest.run(self.FILES)
            guest.install(package())
            guest.run(f"systemctl is-active postfix {UNIT}; echo x | sendmail alice")
            guest.wait("test -s /var/mail/alice", 20, "delivery")
            guest.run("dpkg --purge posthouse; rm /var/mail/alice")
            after = guest.run(self.FILES)
            self.assertEqual(set(after.split("\n")) ^ set(before.split("\n")), set())
            self.assertEqual(guest.run("systemctl --failed --no-legend"), "")
            units = guest.run("systemctl list-units --all --no-legend '*postfix*.service'")
            self.assertEqual(units, "")


if __name__ == "__main__":
    ports.main()
