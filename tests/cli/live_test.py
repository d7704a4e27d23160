# SPDX-License-Identifier: GPL-2.0-or-later
"""-i on the loopback device. Needs the right to capture; without it only the refusal is tested."""
import os
import signal
import socket
import subprocess
import time
import unittest

from support import COMMAND, CommandTest


def may_capture():
    done = subprocess.run(["timeout", "-s", "INT", "0.3", COMMAND, "-q", "-i", "lo", "port 1"], capture_output=True)
    return done.returncode in (0, 124)


def may_unshare():
    return os.geteuid() == 0 and subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode == 0


class Live(CommandTest):
    def status_of(self, *before):
        """What the kernel says of the running command, in a network of its own."""
        with open(COMMAND, "rb") as file:
            program = self.file("tcpstate", file.read())
        os.chmod(program, 0o755)
        os.chmod(self.folder.name, 0o755)
        process = subprocess.Popen(
            ["unshare", "-n", "sh", "-c", 'ip link set lo up; exec "$@"', "sh", *before, program, "-i", "lo", "-T", "csv"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={name: value for name, value in os.environ.items() if name != "SUDO_UID"},
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
