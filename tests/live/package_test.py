# SPDX-License-Identifier: Apache-2.0
"""The Debian package in a Debian 12 of its own: over Debian's postfix with messages waiting, anew,
upgraded, removed, purged."""
import glob
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import ports
from guest import Guest
from harness import BUILDDIR
from ports import skip

MESSAGES = 200
# Debian's postfix with users, aliases, a .forward, a table of virtual mailboxes; every delivery is
# deferred. Of 200 messages 20 are on hold, 40 wait in maildrop. Each has a number in its subject.
BEFORE = r"""
for user in alice bob carol; do useradd -m $user; done
su bob -c 'echo carol >~/.forward'
useradd -r -u 2000 vmail && mkdir -p /var/vmail && chown vmail /var/vmail
cat >/etc/aliases <<END
postmaster: root
root: alice
team: alice, bob
archive: /var/archive/all
END
newaliases; install -d -o nobody /var/archive
echo 'box@v.test v.test/box/' >/etc/postfix/vmailbox && postmap hash:/etc/postfix/vmailbox
postconf -e myhostname=guest.test mydestination=guest.test,localhost mynetworks=127.0.0.0/8 \
    inet_interfaces=loopback-only inet_protocols=ipv4 defer_transports=local,virtual,smtp \
    virtual_mailbox_domains=v.test virtual_mailbox_maps=hash:/etc/postfix/vmailbox \
    virtual_mailbox_base=/var/vmail virtual_uid_maps=static:2000 virtual_gid_maps=static:2000 \
    maillog_file=/var/log/postfix.log
postfix start
send() {
    for n in $(seq $1 $2); do
        case $((n % 5)) in
        0) to=alice ;; 1) to=bob ;; 2) to=team ;; 3) to=archive ;; 4) to=box@v.test ;;
        esac
        printf 'Subject: number-%d-\n\n.line %d\n' $n $n | sendmail -oi -f root@guest.test $to
    done
}
send 1 160
for i in $(seq 100); do
    [ $(find /var/spool/postfix/deferred -type f | wc -l) = 160 ] && break
    sleep 0.2
done
[ $(find /var/spool/postfix/deferred -type f | wc -l) = 160 ]
mailq | awk '/^[0-9A-F]/{print $1}' | head -n 20 | postsuper -h -
postfix stop
cp /etc/postfix/master.cf /srv/ && postconf -M# pickup/unix
send 161 200
md5sum /etc/postfix/*.cf /etc/postfix/vmailbox /etc/aliases >/srv/before
find /var/spool/postfix/maildrop /var/spool/postfix/hold /var/spool/postfix/deferred -type f |
    sed 's,.*/,,' | sort >/srv/ids
postfix start
"""
QUEUED = ("find /var/spool/postfix/maildrop /var/spool/postfix/incoming /var/spool/postfix/active "
          "/var/spool/postfix/deferred /var/spool/postfix/hold -type f")


def package():
    found = glob.glob(BUILDDIR + "/deb/posthouse_*.deb")
    if not found:
        skip("no package in the build folder: make deb")
    return found[0]


def parts():
    """The packages beside it: modules for databases."""
    return sorted(glob.glob(BUILDDIR + "/deb/posthouse-*.deb"))


def newer(deb, folder):
    """The same package with a higher version."""
    subprocess.run(["dpkg-deb", "-R", deb, folder + "/x"], check=True)
    with open(folder + "/x/DEBIAN/control", encoding="utf-8") as file:
        control = file.read()
    with open(folder + "/x/DEBIAN/control", "w", encoding="utf-8") as file:
        file.write(re.sub(r"(?m)^Version: .*", r"\g<0>.1", control))
    subprocess.run(["dpkg-deb", "-Znone", "-b", folder + "/x", folder + "/posthouse-newer.deb"],
                   check=True, capture_output=True)
    return folder + "/posthouse-newer.deb"


def numbers(text):
    return sorted(int(n) for n in re.findall(r"^Subject: number-(\d+)-$", text, re.M))


class OverPostfix(unittest.TestCase):
    """One life of a machine, in order."""

    def test_nothing_is_lost_on_the_way_there_and_on(self):
        with Guest() as guest:
            guest.run(BEFORE)
            self.install(guest)
            self.deliver(guest)
            self.purge_of_postfix(guest)
            self.upgrade(guest)
            self.remove(guest)

    def install(self, guest):
        told = guest.install(package())
        self.assertIn(f"Imported: {MESSAGES} messages; left: 0", told)
        self.assertEqual(guest.run("dpkg --verify posthouse"), "")
        guest.run("md5sum --quiet -c /srv/before")
        guest.run(f"{QUEUED} | sed 's,.*/,,' | sort | cmp - /srv/ids")
        self.assertEqual(guest.run("ls /var/spool/postfix/hold | wc -l").strip(), "20")
        # What depends on postfix by name and version is content.
        self.assertEqual(guest.run("dpkg-query -W -f '${Status}' posthouse"),
                         "install ok installed")
        # Postfix's own vmailbox.db serves.
        guest.run("test -e /etc/aliases.lmdb -a ! -e /etc/postfix/vmailbox.lmdb")

    def deliver(self, guest):
        guest.run("cp /srv/master.cf /etc/postfix/; postconf -e defer_transports=;"
                  "postfix status >/dev/null 2>&1 || postfix start;"
                  "postsuper -H ALL; postqueue -f")
        guest.wait(f'test -z "$({QUEUED})"', 60, "empty queue")
        count = range(1, MESSAGES + 1)
        want = {
            "/var/mail/alice": [n for n in count if n % 5 in (0, 2)],
            "/var/mail/carol": [n for n in count if n % 5 in (1, 2)],
            "/var/archive/all": [n for n in count if n % 5 == 3],
            "/var/vmail/v.test/box/new/*": [n for n in count if n % 5 == 4],
        }
        for path, expected in want.items():
            self.assertEqual(numbers(guest.run("cat " + path)), expected, path)
        self.assertIn("\n.line 5\n", guest.run("cat /var/mail/alice"))
        guest.run("echo 'other@v.test other/' >>/etc/postfix/vmailbox;"
                  "postmap hash:/etc/postfix/vmailbox; sendmail other@v.test </etc/hostname")
        guest.wait("test -e /var/vmail/other/new/*", 20, "mail for a mailbox that is new")

    def purge_of_postfix(self, guest):
        """The old package's own script would take queue, configuration and accounts with it."""
        guest.run("dpkg --purge postfix; test -e /etc/postfix/main.cf -a -d /var/spool/postfix")
        guest.run("getent passwd postfix && postfix status")

    def upgrade(self, guest):
        guest.run("postconf -e 'relayhost=[127.0.0.1]:9'; postfix reload")
        guest.run("echo 'Subject: kept' | sendmail someone@dead.test")
        guest.wait('test -n "$(find /var/spool/postfix/deferred -type f)"', 20, "a message waits")
        ids = guest.run(f"{QUEUED} | sed 's,.*/,,'")
        guest.install(newer(package(), guest.path("/opt")))
        self.assertEqual(guest.run(f"{QUEUED} | sed 's,.*/,,'"), ids)
        self.assertEqual(guest.run("dpkg --verify posthouse"), "")

    def remove(self, guest):
        told = guest.run("dpkg --remove posthouse 2>&1")
        self.assertIn("messages wait in /var/spool/postfix", told)
        guest.run("test ! -e /usr/sbin/postfix -a -e /etc/postfix/main.cf")
        told = guest.run("dpkg --purge posthouse 2>&1")
        self.assertIn("/var/spool/postfix holds mail and is kept", told)
        self.assertNotEqual(guest.run(QUEUED), "")
        self.assertEqual(guest.run("dpkg-statoverride --list '/usr/sbin/*' || true"), "")


class FromNothing(unittest.TestCase):
    def test_a_system_without_postfix_gets_one_that_runs(self):
        with Guest() as guest:
            guest.run("dpkg --purge postfix; rm -rf /etc/aliases*; test ! -e /etc/postfix")
            guest.install(package())
            guest.run("postfix check && postfix start && postfix status")
            guest.run("postmulti -l | grep /etc/postfix; postmulti -i - -p reload")
            self.assertEqual(guest.run("postmulti -x sh -c 'echo $MAIL_CONFIG $queue_directory "
                                       "$multi_instance_enable'"),
                             "/etc/postfix /var/spool/postfix yes\n")
            guest.run("postmulti -i - -p stop; test -e /etc/aliases.lmdb")
            self.assertEqual(guest.run("dpkg --verify posthouse"), "")
            # As in containers, where no systemd is the first process.
            guest.run("service postfix start && service postfix status && service postfix restart")
            guest.run("postfix status && service postfix stop && ! postfix status")
            self.databases(guest)
            guest.run("dpkg --purge posthouse; test ! -e /etc/postfix -a ! -e /var/spool/postfix")


    def databases(self, guest):
        """A kind of database comes and goes as a package of its own."""
        part = [deb for deb in parts() if "posthouse-sqlite_" in deb]
        if not part:
            return
        ask = "postmap -q k sqlite:/srv/t.cf 2>&1"
        with open(guest.path("/srv/t.cf"), "w", encoding="ascii") as file:
            file.write("dbpath = /srv/t.db\nquery = SELECT v FROM t WHERE k='%s'\n")
        with tempfile.TemporaryDirectory() as folder:
            with sqlite3.connect(folder + "/t.db") as database:
                database.execute("create table t (k text, v text)")
                database.execute("insert into t values ('k', 'found')")
            database.close()
            shutil.copy(folder + "/t.db", guest.path("/srv/"))
        self.assertIn("(install posthouse-sqlite)", guest.run(ask + " || true"))
        guest.install(part[0])
        self.assertEqual(guest.run(ask), "found\n")
        self.assertEqual(guest.run("dpkg --verify posthouse-sqlite"), "")
        guest.run("dpkg --purge posthouse-sqlite; test ! -e /etc/postfix/dynamicmaps.cf.d")
        self.assertIn("(install posthouse-sqlite)", guest.run(ask + " || true"))


if __name__ == "__main__":
    ports.main()
