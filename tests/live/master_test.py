#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real master in a private directory with the echo daemon: start, service on demand, reload,
kills of worker and master, limits, stop. Wants root, because master gives up rights."""
import os, pwd, grp, re, shutil, signal, socket, subprocess, sys, tempfile, time

BUILD = os.environ.get("BUILDDIR", "build")
if os.geteuid() != 0:
    print("skipped: needs root")
    sys.exit(77)


def some_user():
    for name in ("postfix", "nobody", "daemon"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            pass
    sys.exit(77)


USER = some_user()
try:
    GROUP = grp.getgrnam("postdrop").gr_name
except KeyError:
    GROUP = grp.getgrall()[-1].gr_name


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Instance:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="posthouse-master.")
        os.chmod(self.dir, 0o755)
        self.daemons = self.dir + "/libexec"
        os.mkdir(self.daemons)
        for name, path in (("master", "master/master"), ("echo", "tests/unit/service/echo"),
                           ("postlogd", "services/postlog/postlogd")):
            shutil.copy2(os.path.join(BUILD, path), os.path.join(self.daemons, name))
        self.config = self.dir + "/config"
        os.mkdir(self.config)
        os.mkdir(self.dir + "/queue")
        self.port = free_port()
        self.log = self.dir + "/maillog"
        self.main = {}
        self.services = ["127.0.0.1:%d inet n - n - 2 echo" % self.port,
                         "private-echo unix - - n - 1 echo",
                         "old fifo n - n 1 1 echo"]
        self.write()

    def write(self):
        settings = dict(queue_directory=self.dir + "/queue", data_directory=self.dir + "/data",
                        daemon_directory=self.daemons, command_directory=self.dir,
                        mail_owner=USER, setgid_group=GROUP, maillog_file=self.log,
                        maillog_file_prefixes=self.dir, compatibility_level="3.6",
                        master_stop_timeout="5s", max_idle="60s")
        settings.update(self.main)
        with open(self.config + "/main.cf", "w") as f:
            f.writelines("%s = %s\n" % pair for pair in settings.items())
        with open(self.config + "/master.cf", "w") as f:
            f.write("\n".join(self.services) + "\n")

    def postfix(self, *words):
        run = subprocess.run([os.path.join(BUILD, "tools/postfix/postfix"), "-c", self.config,
                              *words], capture_output=True, text=True, timeout=60)
        return run.returncode, run.stderr

    def pid(self):
        with open(self.dir + "/queue/pid/master.pid") as f:
            return int(f.read())

    def connect(self, port=None, timeout=5):
        s = socket.create_connection(("127.0.0.1", port or self.port), timeout)
        s.settimeout(timeout)
        f = s.makefile("rw")
        f.sock = s
        f.greeting = f.readline().strip()
        return f

    def lines(self, pattern):
        with open(self.log) as f:
            return [line for line in f if re.search(pattern, line)]

    def wait_line(self, pattern, seconds=5):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.lines(pattern):
                return
            time.sleep(0.05)
        raise AssertionError("no log line " + pattern + "\n" + open(self.log).read())

    def clean(self):
        self.postfix("abort")
        shutil.rmtree(self.dir, ignore_errors=True)


def ask(session, word):
    session.write(word + "\n")
    session.flush()
    return session.readline().strip()


def within(seconds, action):
    """Does `action` until it works."""
    start = time.monotonic()
    while True:
        try:
            value = action()
            break
        except (OSError, AssertionError) as e:
            if time.monotonic() - start > seconds:
                raise AssertionError("not back within %s s: %r" % (seconds, e))
            time.sleep(0.02)
    return value


def check(value, what):
    if not value:
        raise AssertionError(what)


def worker_answers(i):
    f = i.connect(timeout=2)
    pid = ask(f, "pid")
    check(pid.isdigit(), "no answer")
    return int(pid)


def test_start_and_status(i):
    code, text = i.postfix("status")
    check(code == 1 and "is not running" in text, text)
    i.main["queue_directory"] = i.dir + "/typo"  # Not the queue: no empty one is made.
    i.write()
    for command in ("check", "start"):
        code, text = i.postfix(command)
        check(code == 1 and "chdir(%s/typo): No such file" % i.dir in text, text)
    check(not os.path.exists(i.dir + "/typo"), "made a queue")
    del i.main["queue_directory"]
    i.write()
    code, text = i.postfix("start")
    check(code == 0 and "starting" not in text, text)  # No terminal: cron would mail that.
    i.wait_line("postfix/postfix-script.*: starting the Postfix mail system")
    code, text = i.postfix("status")
    check(code == 0 and "is running: PID: %d" % i.pid() in text, text)
    code, text = i.postfix("start")
    check(code == 1 and "is already running" in text, text)
    i.wait_line(r"postfix/master\[\d+\]: daemon started -- version 3\..*, configuration /")
    i.wait_line(r"services of type fifo are served as type unix: old")
    check(re.fullmatch(r" *\d+\n", open(i.dir + "/queue/pid/master.pid").readline()), "pid file")
    check(oct(os.stat(i.dir + "/queue/private").st_mode)[-4:] == "0700", "private mode")
    check(oct(os.stat(i.dir + "/queue/public").st_mode)[-4:] == "0710", "public mode")
    check(oct(os.stat(i.dir + "/queue/private/private-echo").st_mode)[-3:] == "666", "mode")
    i.wait_line(r"postfix/echo\[\d+\]: woken")


def test_service_on_demand_as_its_user(i):
    pid = worker_answers(i)
    check(os.stat("/proc/%d" % pid).st_uid == pwd.getpwnam(USER).pw_uid, "user")
    check(os.readlink("/proc/%d/cwd" % pid) == i.dir + "/queue", "directory")
    s = socket.socket(socket.AF_UNIX)
    s.connect(i.dir + "/queue/private/private-echo")
    check(s.recv(99) == b"hello\n", "greeting on a UNIX socket")


def test_process_limit_is_told(i):
    port = free_port()
    i.services.append("0.0.0.0:%d inet n - n - 2 echo" % port)
    i.write()
    i.postfix("reload")
    within(3, lambda: i.connect(port).sock.shutdown(socket.SHUT_RDWR))
    for number in (i.port, port):
        a_third_waits(i, number)
    i.wait_line(r'warning: service "0.0.0.0:%d" \(\[0.0.0.0\]:%d\) has reached its process limit '
                r'"2": new clients may experience noticeable delays' % (port, port))
    check(not i.lines('"127.0.0.1:%d".*process limit' % i.port), "told of a local service")
    i.services.pop()
    i.write()
    i.postfix("reload")
    within(3, lambda: check(refused(port), "still listens"))


def a_third_waits(i, port):
    sessions = [i.connect(port), i.connect(port)]
    third = socket.create_connection(("127.0.0.1", port))
    third.settimeout(0.3)
    try:
        third.recv(10)
        raise AssertionError("third client served")
    except socket.timeout:
        pass
    sessions[0].sock.shutdown(socket.SHUT_RDWR)
    third.settimeout(5)
    check(third.recv(10) == b"hello\n", "no turn for the third")


def test_reload_keeps_a_session(i):
    session = i.connect()
    pid = ask(session, "pid")
    i.main["echo_greeting"] = "new"
    i.write()
    code, text = i.postfix("reload")
    check(code == 0 and "refreshing" not in text, text)
    i.wait_line("refreshing the Postfix mail system")
    i.wait_line("reload -- version")
    for _ in range(50):  # Not one is refused.
        check(i.connect().greeting in ("hello", "new"), "greeting")
    check(ask(session, "pid") == pid, "session is gone")
    within(3, lambda: check(i.connect().greeting == "new", "old configuration"))


def test_broken_configuration_is_refused(i):
    good = list(i.services)
    i.services += ["127.0.0.1:70000 inet n - n - - echo", "bad line"]
    i.main["max_use"] = "many"
    i.write()
    code, text = i.postfix("reload")
    check(code != 0 and "70000" in text and "max_use" in text and "bad field count" in text, text)
    os.kill(i.pid(), signal.SIGHUP)
    i.wait_line("reload refused")
    worker_answers(i)
    i.services = good
    del i.main["max_use"]
    i.write()


def test_killed_worker_is_replaced(i):
    for _ in range(3):
        pid = worker_answers(i)
        os.kill(pid, signal.SIGKILL)
        start = time.monotonic()
        check(within(2, lambda: worker_answers(i)) != pid, "same process")
        check(time.monotonic() - start < 2, "slow")
    i.wait_line(r"warning: process %s/echo pid \d+ killed by signal 9" % i.daemons)


def test_killed_master_comes_back(i):
    session = i.connect()
    for _ in range(3):
        old = i.pid()
        os.kill(old, signal.SIGKILL)
        start = time.monotonic()
        within(2, lambda: check(i.pid() != old and i.postfix("status")[0] == 0, "same"))
        within(2, lambda: worker_answers(i))
        check(time.monotonic() - start < 2, "slow")
    check(ask(session, "x") == "x", "session did not survive")
    i.wait_line("a new one takes over")


def guardian_of(i):
    pid = i.pid()
    for p in open("/proc/%d/task/%d/children" % (pid, pid)).read().split():
        if open("/proc/%s/comm" % p).read().strip() == "guardian":
            return int(p)
    raise AssertionError("no guardian")


def test_killed_guardian_is_replaced(i):
    old = guardian_of(i)
    os.kill(old, signal.SIGKILL)
    within(2, lambda: check(guardian_of(i) != old, "same"))


def test_a_service_that_cannot_start_is_throttled(i):
    port = free_port()
    i.services.append("127.0.0.1:%d inet n - n - - echo -o echo_client_limit=none" % port)
    i.write()
    i.postfix("reload")
    i.wait_line("reload -- version")
    time.sleep(0.3)
    s = socket.create_connection(("127.0.0.1", port))
    i.wait_line(r"warning: process %s/echo pid \d+ exit status 1" % i.daemons)
    i.wait_line(r"warning: %s/echo: bad command startup -- throttling" % i.daemons)
    time.sleep(2.5)
    check(len(i.lines("bad command startup")) <= 3, "not throttled")
    worker_answers(i)
    i.services.pop()
    i.write()
    i.postfix("reload")
    within(3, lambda: check(refused(port), "still listens"))


def test_a_worker_makes_room_after_max_use(i):
    i.main["max_use"] = "2"
    i.write()
    i.postfix("reload")
    time.sleep(0.3)
    pids = []
    for _ in range(6):
        f = i.connect()
        pids.append(ask(f, "pid"))
        f.sock.shutdown(socket.SHUT_RDWR)
        time.sleep(0.1)
    check(len(set(pids)) == 3 and pids[0] == pids[1], "served by %s" % pids)
    del i.main["max_use"]
    i.write()
    i.postfix("reload")


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return False
    except ConnectionRefusedError:
        return True


def test_stop_lets_a_session_finish(i):
    session = i.connect()
    ask(session, "pid")
    stopping = subprocess.Popen([os.path.join(BUILD, "tools/postfix/postfix"), "-c", i.config,
                                 "stop"], stderr=subprocess.PIPE)
    within(2, lambda: check(refused(i.port), "still listens"))
    check(ask(session, "slow") == "slow", "session was cut")
    check(stopping.poll() is None, "stop did not wait")
    session.sock.shutdown(socket.SHUT_RDWR)
    check(stopping.wait(10) == 0, "stop failed")
    i.wait_line("terminating on signal 15")
    check(i.postfix("status")[0] == 1, "still runs")
    check(i.postfix("stop")[0] == 1, "second stop")
    check(subprocess.run(["pgrep", "-f", i.daemons], capture_output=True).returncode == 1,
          "processes are left")


def test_abort_is_at_once(i):
    check(i.postfix("start")[0] == 0, "start")
    session = i.connect()
    start = time.monotonic()
    check(i.postfix("abort")[0] == 0, "abort")
    check(time.monotonic() - start < 3, "slow")
    check(session.readline() == "", "session goes on")


def test_foreground_logs_to_standard_output(i):
    i.main.update(maillog_file="/dev/stdout", maillog_file_prefixes="/dev/stdout")
    i.write()
    check(i.postfix("start")[0] == 1, "start with /dev/stdout in the background")
    out = open(i.dir + "/out", "w")
    run = subprocess.Popen([os.path.join(BUILD, "tools/postfix/postfix"), "-c", i.config,
                            "start-fg"], stdout=out, stderr=subprocess.DEVNULL)
    i.log = i.dir + "/out"
    i.wait_line("daemon started")
    i.wait_line(r"postfix/echo\[\d+\]: woken")
    run.terminate()
    check(run.wait(10) == 0, "exit status")
    i.wait_line("terminating on signal 15")


TESTS = [value for name, value in list(globals().items()) if name.startswith("test_")]


def main():
    instance = Instance()
    try:
        for test in TESTS:
            start = time.monotonic()
            try:
                test(instance)
            except BaseException:
                print("FAILED", test.__name__)
                print("".join(open(instance.log).readlines()[-60:]))
                raise
            print("ok %-50s %.2f s" % (test.__name__, time.monotonic() - start), flush=True)
    finally:
        instance.clean()


main()
