# SPDX-License-Identifier: Apache-2.0
"""Private servers of databases, each in a folder of its own: MariaDb, PostgreSql, Slapd.

    with MariaDb("create database mail", "use mail", "create table ...") as server:
        ... 127.0.0.1:server.port, or server.socket

Their programs come from Debian packages that are unpacked beside the build (peers.py), so that no
service of this machine is started or touched; without them tests skip. A server may be stopped and
started again on the same port.
"""
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from peers import unpacked
from ports import free_port, require_root, skip, wait_until


def accepts(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def certificate(folder):
    """A certificate for 127.0.0.1 that vouches for itself, and a file with that and its key."""
    path = folder + "/server.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", folder + "/cert.pem"],
        capture_output=True, check=False)
    if made.returncode != 0:
        skip("no openssl command to make a certificate")
    with open(folder + "/cert.pem", encoding="ascii") as file, \
            open(path, "a", encoding="ascii") as both:
        both.write(file.read())
    return folder + "/cert.pem", path


class _Server:
    user = "root"

    def __init__(self, port=None):
        require_root()
        self.port = port or free_port()
        self.folder = tempfile.mkdtemp(prefix="posthouse-db-")
        os.chmod(self.folder, 0o755)
        self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _spawn(self, words, environment=None, ready=None):
        owner = pwd.getpwnam(self.user)
        with open(self.folder + "/output", "ab") as output:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, env=environment or os.environ, user=owner.pw_uid,
                group=owner.pw_gid, cwd=self.folder)
        ready = ready or (lambda: accepts(self.port))
        try:
            wait_until(lambda: ready() or self._process.poll() is not None, 30, words[0])
        except TimeoutError:
            pass
        if self._process.poll() is not None or not ready():
            told = self.output()
            self.close()
            raise RuntimeError(f"{words[0]} did not start: {told[-3000:]}")

    def output(self):
        with open(self.folder + "/output", encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self, how=signal.SIGKILL):
        """At once, as a machine that loses its power."""
        if self._process:
            try:
                os.killpg(self._process.pid, how)
            except ProcessLookupError:
                pass
            self._process.wait(20)
            self._process = None

    def freeze(self):
        """Takes connections and says nothing, until thaw()."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def thaw(self):
        os.killpg(self._process.pid, signal.SIGCONT)

    def close(self):
        if self._process:
            self.thaw()
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class MariaDb(_Server):
    """Runs the statements, of one line each, when it is made."""

    def __init__(self, *statements, port=None):
        self.package = unpacked("mariadb-server-core")
        super().__init__(port)
        self.certificate, self._key = certificate(self.folder)
        self.socket = self.folder + "/mysql.sock"
        share = self.package + "/usr/share/mysql"
        os.mkdir(self.folder + "/data")
        script = "create database mysql;\nuse mysql;\nset @auth_root_socket=NULL;\n"
        for name in ("mysql_system_tables.sql", "mysql_performance_tables.sql",
                     "mysql_system_tables_data.sql"):
            with open(f"{share}/{name}", encoding="utf-8") as file:
                script += file.read()
        script += "delete from global_priv where user='' or host<>'localhost';\n"
        made = subprocess.run(self._words() + ["--bootstrap"], input=script.encode(),
                              capture_output=True, check=False, timeout=60)
        if made.returncode != 0:
            self.close()
            skip(f"mariadbd does not run here: {made.stderr.decode()[-500:]}")
        with open(self.folder + "/init.sql", "w", encoding="utf-8") as file:
            file.write("".join(statement + ";\n" for statement in statements))
        self.start("--init-file=" + self.folder + "/init.sql")

    def _words(self):
        usr = self.package + "/usr"
        return [usr + "/sbin/mariadbd", "--no-defaults", "--basedir=" + usr, "--user=root",
                "--lc-messages-dir=" + usr + "/share/mysql", "--datadir=" + self.folder + "/data",
                "--character-sets-dir=" + usr + "/share/mysql/charsets",
                "--plugin-dir=" + usr + "/lib/mysql/plugin", "--skip-innodb",
                "--default-storage-engine=Aria", "--default-tmp-storage-engine=Aria",
                "--character-set-server=utf8mb4", "--ssl-cert=" + self._key,
                "--ssl-key=" + self._key]

    def start(self, *more):
        self._spawn(self._words() + [f"--port={self.port}", "--bind-address=127.0.0.1",
                                     "--socket=" + self.socket, "--skip-name-resolve", *more],
                    ready=lambda: os.path.exists(self.socket) and accepts(self.port))


def _postgres():
    """Folder of the server's programs, and what they need in their environment."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    if found:
        return os.path.dirname(found[-1])
    depends = subprocess.run(["apt-cache", "depends", "postgresql"], capture_output=True,
                             text=True, check=False).stdout.split()
    names = [word for word in depends if word.startswith("postgresql-") and word[-1].isdigit()]
    if not names:
        skip("no package of a PostgreSQL server is known here")
    bin_folder = glob.glob(unpacked(names[0]) + "/usr/lib/postgresql/*/bin")[0]
    return bin_folder


class PostgreSql(_Server):
    """Runs the statements, one after another, when it is made. Its folder has the socket."""
    user = "nobody"

    def __init__(self, *statements, port=None):
        self.programs = _postgres()
        super().__init__(port)
        shutil.chown(self.folder, self.user)
        owner = pwd.getpwnam(self.user)
        made = subprocess.run([self.programs + "/initdb", "-D", self.folder + "/data", "-U", "root",
                               "-A", "trust", "-N", "-E", "UTF8", "--locale=C"],
                              capture_output=True, check=False, timeout=60, user=owner.pw_uid,
                              group=owner.pw_gid, cwd=self.folder)
        if made.returncode != 0:
            self.close()
            skip(f"PostgreSQL does not run here: {made.stderr.decode()[-500:]}")
        script = "".join(statement + ";\n\n" for statement in statements)
        ran = subprocess.run([self.programs + "/postgres", "--single", "-j", "-D",
                              self.folder + "/data", "postgres"], input=script.encode(),
                             capture_output=True, check=False, timeout=60, user=owner.pw_uid,
                             group=owner.pw_gid, cwd=self.folder)
        if b"ERROR" in ran.stderr:
            self.close()
            raise RuntimeError(ran.stderr.decode())
        self.start()

    def start(self):
        self._spawn([self.programs + "/postgres", "-D", self.folder + "/data", "-F",
                     "-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1",
                     "-c", f"unix_socket_directories={self.folder}",
                     "-c", "shared_buffers=1MB", "-c", "max_wal_senders=0"],
                    ready=lambda: accepts(self.port)
                    and "ready to accept connections" in self.output())

    def stop(self, how=signal.SIGQUIT):
        super().stop(how)


SLAPD_CONF = """include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
include {schema}/misc.schema
pidfile {folder}/slapd.pid
modulepath {package}/usr/lib/ldap
moduleload back_mdb
{tls}
database mdb
suffix "dc=test"
rootdn "cn=admin,dc=test"
rootpw secret
directory {folder}/data
maxsize 10485760
dbnosync
access to attrs=userPassword by anonymous auth
access to * by dn.exact="cn=reader,dc=test" read by anonymous {anonymous}
"""


class Slapd(_Server):
    """OpenLDAP with the entries of a text in LDIF. Its socket speaks ldapi://."""

    def __init__(self, ldif, *, anonymous="read", certificate=None, port=None):
        self.package = unpacked("slapd")
        super().__init__(port)
        self.socket = self.folder + "/ldapi"
        self.url = f"ldap://127.0.0.1:{self.port}"
        self.socket_url = "ldapi://" + self.socket.replace("/", "%2F")
        self.environment = {**os.environ, "LD_LIBRARY_PATH": self.package + "/usr/lib"}
        self.environment["LD_LIBRARY_PATH"] = ":".join(
            sorted({os.path.dirname(path) for path in
                    glob.glob(self.package + "/usr/lib/**/libslapi*.so*", recursive=True)}))
        os.mkdir(self.folder + "/data")
        tls = "" if certificate is None else (f"TLSCertificateFile {certificate}\n"
                                              f"TLSCertificateKeyFile {certificate}")
        with open(self.folder + "/slapd.conf", "w", encoding="ascii") as file:
            file.write(SLAPD_CONF.format(schema=self.package + "/etc/ldap/schema", tls=tls,
                                         folder=self.folder, package=self.package,
                                         anonymous=anonymous))
        added = subprocess.run([self.package + "/usr/sbin/slapd", "-Tadd", "-f",
                                self.folder + "/slapd.conf"], input=ldif.encode(),
                               capture_output=True, check=False, timeout=60, env=self.environment)
        if added.returncode != 0:
            self.close()
            skip(f"slapd does not run here: {added.stderr.decode()[-800:]}")
        self.start()

    def start(self):
        self._spawn([self.package + "/usr/sbin/slapd", "-d", "0", "-f",
                     self.folder + "/slapd.conf", "-h", f"{self.url}/ {self.socket_url}/"],
                    self.environment)


def seconds_of(function):
    began = time.monotonic()
    function()
    return time.monotonic() - began
