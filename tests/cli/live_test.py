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


class Live(CommandTest):
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
