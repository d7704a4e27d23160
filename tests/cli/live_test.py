# SPDX-License-Identifier: GPL-2.0-or-later
"""-i on the loopback device. Needs the right to capture; without it only the refusal is tested."""
import os
import pwd
import signal
import socket
import subprocess
import time
import unittest

import frames as f
import tap
from support import COMMAND, CommandTest


def may_capture():
    done = subprocess.run(["timeout", "-s", "INT", "0.3", COMMAND, "-q", "-i", "lo", "port 1"], capture_output=True)
    return done.returncode in (0, 124)


def may_unshare():
    return os.geteuid() == 0 and subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode == 0


class Device(CommandTest):
    """The command listens at a device that the test feeds."""

    def setUp(self):
        super().setUp()
        try:
            self.tap = tap.Tap()
        except OSError as error:
            self.skipTest("no right to make a network: %s" % error)
        self.addCleanup(lambda: self.tap.close())

    def listen(self, *arguments):
        """Returns when the device is open, which is when the rights are gone."""
        process = self.tap.run(
            [COMMAND, "-i", "a", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        deadline = time.monotonic() + 20
        while "\nNoNewPrivs:\t1\n" not in self.status(process) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.2)
        return process

    def status(self, process):
        with open("/proc/%d/status" % process.pid, encoding="ascii") as file:
            return file.read()

    def test_interface_that_goes_away(self):
        """Down it may come back; once it is gone, it ends as damaged input does."""
        process = self.listen("-T", "csv", "tcp")
        self.tap.send([f.ethernet(packet) for packet in f.handshake()])
        self.assertTrue(process.stdout.readline().startswith("frame,"))
        rows = [process.stdout.readline() for _ in range(3)]
        self.tap.down()
        time.sleep(0.3)
        self.tap.up()
        self.tap.send([f.ethernet(f.handshake(data=b"x")[3])])
        rows.append(process.stdout.readline())
        self.assertEqual([row.split(",")[0] for row in rows], ["1", "2", "3", "4"])
        self.tap.remove()
        rest, err = process.stdout.read(), process.stderr.read()
        self.assertEqual((process.wait(10), rest), (1, ""), err)
        self.assertRegex(err, "^tcpstate: a: .*disappeared.*\n")
        self.assertIn("4 segments of 1 connection\n", err)

    def test_interrupted_in_every_form(self):
        target = os.path.join(self.folder.name, "copy.pcapng")
        os.chmod(self.folder.name, 0o755)
        for number, form in (
            (signal.SIGINT, ["conns", "-T", "csv"]), (signal.SIGTERM, ["conns", "-T", "json"]), (signal.SIGTERM, ["explain"]),
            (signal.SIGINT, ["diagram", "-T", "svg"]), (signal.SIGTERM, ["-T", "json"]), (signal.SIGINT, ["-w", target]),
        ):
            with self.subTest(form=form):
                process = self.listen("--max-connections", "1", *form, "tcp")
                self.tap.send([f.ethernet(p) for ports in ((1, 80), (2, 80)) for p in f.handshake(ports=ports)])
                time.sleep(0.5)
                process.send_signal(number)
                out, err = process.stdout.read(), process.stderr.read()
                self.assertEqual(process.wait(10), 0, err)
                self.assertIn("6 segments of 2 connections\n", err)
                self.assertIn("1 connection given up to make room", err)
                self.assertTrue(out.endswith("\n") or form[0] == "-w")
        self.assertEqual([row["stream"] for row in self.rows(target)], ["0"] * 3 + ["1"] * 3)

    def test_killed_copy(self):
        """What came in is on the disk as soon as nothing more comes."""
        target = os.path.join(self.folder.name, "copy.pcapng")
        process = self.listen("-w", target, "tcp")
        self.tap.send([f.ethernet(packet) for packet in f.handshake()])
        time.sleep(0.5)
        process.kill()
        process.wait(10)
        self.assertEqual(len(self.rows(target)), 3)


class Live(CommandTest):
    def status_of(self, *before, caller=None):
        """What the kernel says of the running command, in a network of its own. `caller`: who called sudo."""
        with open(COMMAND, "rb") as file:
            program = self.file("tcpstate", file.read())
        os.chmod(program, 0o755)
        os.chmod(self.folder.name, 0o755)
        process = subprocess.Popen(
            ["unshare", "-n", "sh", "-c", 'ip link set lo up; exec "$@"', "sh", *before, program, "-i", "lo", "-T", "csv"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**{name: value for name, value in os.environ.items() if name != "SUDO_UID"},
                 **({} if caller is None else {"SUDO_UID": caller})},
        )
        self.assertTrue(process.stdout.readline().startswith("frame,"))  # now the device is open
        with open("/proc/%d/status" % process.pid, encoding="ascii") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
        self.assertEqual(process.returncode, 0, err)
        return status

    def test_root_and_all_it_brings_are_gone(self):
        if not may_unshare():
            self.skipTest("no right to make a network")
        status = self.status_of()
        self.assertNotIn("0", status["Uid"].split())
        self.assertNotIn("0", status["Gid"].split())
        self.assertEqual(status["Groups"].split(), [status["Gid"].split()[0]])
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)
        self.assertEqual(status["NoNewPrivs"], "1")

    def test_who_called_sudo(self):
        """That user; nobody if there is no such user, if it is root, or if it is no number."""
        if not may_unshare():
            self.skipTest("no right to make a network")
        nobody, daemon = (pwd.getpwnam(name).pw_uid for name in ("nobody", "daemon"))
        for caller, user in (str(daemon), daemon), ("0", nobody), ("4000000000", nobody), ("", nobody), ("-1", nobody), ("z", nobody):
            with self.subTest(caller=caller):
                self.assertEqual(set(self.status_of(caller=caller)["Uid"].split()), {str(user)})

    def test_capabilities_without_root_are_gone(self):
        if not may_unshare():
            self.skipTest("no right to make a network")
        status = self.status_of(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all,+net_raw",
            "--ambient-caps=-all,+net_raw",
        )
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)
        self.assertEqual(status["NoNewPrivs"], "1")

    def test_no_such_device(self):
        _, err = self.run_command("-i", "nonexistent0", code=3)
        self.assertIn("nonexistent0", err)
        self.assertEqual(err.count("\n"), 1)

    def test_no_right(self):
        if os.geteuid() == 0:
            arguments = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]
            with open(COMMAND, "rb") as file:
                program = self.file("tcpstate", file.read())
            os.chmod(program, 0o755)
            os.chmod(self.folder.name, 0o755)
        elif may_capture():
            self.skipTest("this user may capture")
        else:
            arguments, program = [], COMMAND
        done = subprocess.run([*arguments, program, "-i", "lo"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("CAP_NET_RAW", done.stderr)

    def test_wrong_filter(self):
        if not may_capture():
            self.skipTest("no right to capture")
        self.run_command("-i", "lo", "port nonsense", code=2)

    def test_connection_until_interrupted(self):
        if not may_capture():
            self.skipTest("no right to capture")
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [COMMAND, "-i", "lo", "-T", "csv", "port %d" % port], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        process.stdout.readline()  # the header shows that the device is open
        if os.geteuid() == 0:
            with open("/proc/%d/status" % process.pid, encoding="ascii") as file:
                self.assertNotIn("Uid:\t0\t", file.read())
        client = socket.create_connection(("127.0.0.1", port))
        server, _ = listener.accept()
        first = process.stdout.readline()  # shown at once, not when a buffer is full
        self.assertIn(",SYN-SENT,", first)
        client.close()
        server.close()
        lines = [first]
        while not lines[-1].split(",")[18].endswith("ACK-2"):
            lines.append(process.stdout.readline())
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        self.assertEqual((process.returncode, out), (0, ""))
        self.assertIn("%d segments of 1 connection" % len(lines), err)
        self.assertIn("dropped by the kernel", err)


if __name__ == "__main__":
    unittest.main()
