# SPDX-License-Identifier: Apache-2.0
"""A private Dovecot: LMTP in, IMAP out, any user name with the password `secret`.

    with Dovecot() as store:
        ... deliver by LMTP to 127.0.0.1:store.lmtp_port or unix:store.lmtp_socket ...
        store.messages("joe@example.test")     # as IMAP gives them back

The socket may be put elsewhere: Dovecot(lmtp_socket=mta.queue + "/private/dovecot-lmtp").
The system's own Dovecot and its configuration are not touched.
"""
import imaplib
import os
import shutil
import subprocess
import tempfile

from ports import free_port, greets, require_root, skip, wait_until

PASSWORD = "secret"
CONFIG = """base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
mail_fsync = optimized
first_valid_uid = 1
default_login_user = dovenull
default_internal_user = dovecot
default_client_limit = 2000
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={folder}/home/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
  unix_listener {lmtp_socket} {{
    mode = 0666
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@posthouse.test
}}
"""


class Dovecot:
    def __init__(self, owner="nobody", lmtp_socket=None):
        require_root()
        self.program = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not self.program or not os.path.exists("/usr/lib/dovecot/lmtp"):
            skip("dovecot is missing: apt-get install dovecot-core dovecot-lmtpd dovecot-imapd")
        self.folder = tempfile.mkdtemp(prefix="dovecot-")
        os.chmod(self.folder, 0o755)
        self.lmtp_socket = lmtp_socket or self.folder + "/lmtp"
        self.lmtp_port, self.imap_port = free_port(), free_port()
        for name in ("run", "state", "mail", "home"):
            os.mkdir(f"{self.folder}/{name}")
        for name in ("mail", "home"):
            shutil.chown(f"{self.folder}/{name}", owner)
        group = "nogroup" if owner == "nobody" else owner
        text = CONFIG.format(folder=self.folder, password=PASSWORD, owner=owner,
                             imap_port=self.imap_port, lmtp_port=self.lmtp_port,
                             lmtp_socket=self.lmtp_socket)
        text = text.replace(f"gid={owner}", f"gid={group}")
        self._config = self.folder + "/dovecot.conf"
        with open(self._config, "w", encoding="ascii") as file:
            file.write(text)
        self._process = subprocess.Popen([self.program, "-F", "-c", self._config],
                                         stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            wait_until(lambda: greets(self.lmtp_port) and greets(self.imap_port), 20,
                       "greeting of dovecot")
        except TimeoutError as error:
            text = self.log()
            self.stop()
            raise RuntimeError(f"{error}: {text}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def log(self):
        try:
            with open(self.folder + "/dovecot.log", encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def messages(self, user):
        """All of the user's messages, oldest first, with CRLF, as IMAP sends them."""
        imap = imaplib.IMAP4("127.0.0.1", self.imap_port)
        try:
            imap.login(user, PASSWORD)
            imap.select("INBOX", readonly=True)
            _, found = imap.fetch("1:*", "(BODY.PEEK[])")
            return [part[1] for part in found if isinstance(part, tuple)]
        finally:
            imap.logout()

    def stop(self):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, 9)
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
