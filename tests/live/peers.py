# SPDX-License-Identifier: Apache-2.0
"""Real peers for live tests: Debian's Postfix, Exim and OpenSMTPD, unpacked but not installed.

Each accepts everything on a loopback port and passes it on to another one, which serves both
directions: client -> peer -> us, and us -> peer -> sink. The packages are fetched once by apt-get
download into POSTHOUSE_PEERS (default: peers in the build folder); without them tests skip.
"""
import glob
import os
import shutil
import subprocess
import tempfile

from harness import BUILDDIR, Instance, Programs
from ports import free_port, greets, require_root, skip, wait_until

EXIM_CONFIG = """primary_hostname = exim.peer.test
exim_path = {program}
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
exim_user = {user}
exim_group = {user}
never_users =
acl_smtp_rcpt = accept
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
tls_advertise_hosts =
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 200
begin acl
begin routers
relay:
  driver = manualroute
  route_list = * 127.0.0.1::{relay_port} byname
  self = send
  transport = out
begin transports
out:
  driver = smtp
  hosts_avoid_tls = *
  allow_localhost
begin retry
* * F,2h,1m
begin rewrite
begin authenticators
"""
OPENSMTPD_CONFIG = """listen on 127.0.0.1 port {port} hostname opensmtpd.peer.test
action "relay" relay host "smtp://127.0.0.1:{relay_port}"
match from any for any action "relay"
smtp max-message-size 100M
"""
# OpenSMTPD has its paths compiled in: they are laid out in a mount namespace of its own.
OPENSMTPD_START = """set -e
mount -t tmpfs none /var/spool && mkdir -m 711 /var/spool/smtpd
mkdir -p /usr/libexec && mount -t tmpfs none /usr/libexec
cp -r {package}/usr/libexec/opensmtpd /usr/libexec/
mount -t tmpfs none /var/lib && mkdir -p /var/lib/opensmtpd/empty
mount -t tmpfs none /run
exec {package}/usr/sbin/smtpd -d -f {folder}/smtpd.conf
"""


def peers_folder():
    return os.environ.get("POSTHOUSE_PEERS") or os.path.join(BUILDDIR, "peers")


def unpacked(package):
    """Folder of the unpacked package; fetches it if need be, skips the test if that fails."""
    folder = os.path.join(peers_folder(), package)
    if os.path.isdir(folder + "/usr"):
        return folder
    os.makedirs(peers_folder(), exist_ok=True)
    work = tempfile.mkdtemp(dir=peers_folder())
    try:
        subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package],
                       cwd=work, check=True, capture_output=True, timeout=300)
        subprocess.run(["dpkg", "-x", glob.glob(work + "/*.deb")[0], work + "/x"], check=True)
        os.chmod(work + "/x", 0o755)
        os.rename(work + "/x", folder)
    except (OSError, subprocess.SubprocessError, IndexError) as error:
        if not os.path.isdir(folder + "/usr"):
            skip(f"cannot fetch the Debian package {package}: {error}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def account(name):
    """A system user with this name, made if missing."""
    if subprocess.run(["id", name], capture_output=True, check=False).returncode != 0:
        subprocess.run(["useradd", "-r", "-U", "-d", "/nonexistent", "-s", "/usr/sbin/nologin",
                        name], check=True)
    return name


def postfix_programs():
    """Debian's Postfix as programs for an Instance."""
    folder = unpacked("postfix")
    libraries = folder + "/usr/lib/postfix"
    etc, sbin = folder + "/etc/postfix", folder + "/usr/sbin"
    with open(folder + "/usr/share/postfix/master.cf.dist", encoding="utf-8") as file:
        master_cf = file.read()
    params = {
        "import_environment": f"MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH={libraries}",
        "export_environment": f"MAIL_CONFIG TZ LANG=C LD_LIBRARY_PATH={libraries}",
        "meta_directory": "$config_directory",
        "shlib_directory": libraries,
        "sendmail_path": sbin + "/sendmail",
        "mailq_path": folder + "/usr/bin/mailq",
        "newaliases_path": folder + "/usr/bin/newaliases",
        "manpage_directory": "/usr/share/man",
        "readme_directory": "no",
        "html_directory": "no",
    }
    return Programs(sbin, libraries + "/sbin", master_cf, params, {"LD_LIBRARY_PATH": libraries},
                    [f"{etc}/{n}" for n in ("post-install", "postfix-files", "postfix-script")])


def load_tool(name):
    """smtp-source or smtp-sink of Debian's Postfix: (path, environment)."""
    folder = unpacked("postfix")
    return (f"{folder}/usr/sbin/{name}",
            {**os.environ, "LD_LIBRARY_PATH": folder + "/usr/lib/postfix"})


class PostfixPeer(Instance):
    def __init__(self, relay_port, **options):
        params = {"relayhost": f"[127.0.0.1]:{relay_port}", "disable_dns_lookups": "yes",
                  "smtp_host_lookup": "native", "smtp_tls_security_level": "none",
                  "myhostname": "postfix.peer.test", **options.pop("params", {})}
        super().__init__(programs=postfix_programs(), params=params, **options)
        self.port = self.smtp_port


class _Process:
    """A peer that runs in the foreground, in a session of its own."""

    def __init__(self, relay_port):
        require_root()
        self.folder = tempfile.mkdtemp(prefix="peer-")
        os.chmod(self.folder, 0o755)
        self.port = free_port()
        self.relay_port = relay_port
        self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _run(self, words):
        with open(self.folder + "/output", "wb") as output:
            self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output,
                                             stderr=output, start_new_session=True)
        try:
            wait_until(lambda: greets(self.port) or self._process.poll() is not None, 20,
                       f"greeting of {words[0]}")
        except TimeoutError:
            pass
        if not greets(self.port):
            with open(self.folder + "/output", encoding="utf-8", errors="replace") as output:
                text = output.read()
            self.stop()
            raise RuntimeError("the peer did not start: " + text)

    def stop(self):
        if self._process:
            try:
                os.killpg(self._process.pid, 15)
                self._process.wait(5)
            except ProcessLookupError:
                pass
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, 9)
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class EximPeer(_Process):
    def __init__(self, relay_port):
        super().__init__(relay_port)
        package = unpacked("exim4-daemon-light")
        user = account("Debian-exim")
        for name in ("spool", "log"):
            os.mkdir(f"{self.folder}/{name}")
            shutil.chown(f"{self.folder}/{name}", user)
        # Exim regains root by being set-uid; the copy goes away with the folder.
        program = shutil.copy(package + "/usr/sbin/exim4", self.folder)
        os.chmod(program, 0o4755)
        config = self.folder + "/exim.conf"
        with open(config, "w", encoding="ascii") as file:
            file.write(EXIM_CONFIG.format(program=program, folder=self.folder, user=user,
                                          port=self.port, relay_port=relay_port))
        self._run([program, "-C", config, "-bdf", "-q1m"])


class OpensmtpdPeer(_Process):
    def __init__(self, relay_port):
        super().__init__(relay_port)
        package = unpacked("opensmtpd")
        if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
            self.stop()
            skip("opensmtpd needs a mount namespace, which is not permitted here")
        for user in ("opensmtpd", "opensmtpq"):
            account(user)
        with open(self.folder + "/smtpd.conf", "w", encoding="ascii") as file:
            file.write(OPENSMTPD_CONFIG.format(port=self.port, relay_port=relay_port))
        script = OPENSMTPD_START.format(package=package, folder=self.folder)
        self._run(["unshare", "-m", "--propagation", "private", "bash", "-c", script])


PEERS = {"postfix": PostfixPeer, "exim": EximPeer, "opensmtpd": OpensmtpdPeer}
