# SPDX-License-Identifier: GPL-2.0-or-later
"""--jobs 2: a second thread writes, and nobody can tell but by the clock."""
import glob
import os
import signal
import subprocess
import threading
import time
import unittest

import frames as f
from faults_test import many
from support import COMMAND, SAMPLES, CommandTest

FORMS = "text", "csv", "json"


class Jobs(CommandTest):
    def both(self, *arguments, stdin=b""):
        """What comes out with one and with two, and the same on standard error."""
        results = []
        for jobs in "1", "2":
            done = subprocess.run([COMMAND, "--jobs", jobs, *arguments], input=stdin, capture_output=True, timeout=60)
            results.append((done.returncode, done.stdout, done.stderr))
        self.assertEqual(results[0], results[1], arguments)
        return results[1]

    def test_every_sample(self):
        for path in sorted(glob.glob(os.path.join(SAMPLES, "*.pcap"))):
            for form in FORMS:
                self.assertEqual(self.both("-T", form, path)[0], 0)

    def long(self, count=20000):
        return self.file("long.pcap", f.pcap([]) + many(count)[0])

    def test_many_rows(self):
        """More than all batches hold at a time, in the order of their frames."""
        path = self.long()
        for form in FORMS:
            self.both("-T", form, path)
        rows = self.rows("--jobs", "2", path)
        self.assertEqual([int(row["frame"]) for row in rows], list(range(1, len(rows) + 1)))
        self.assertEqual(len(rows), 20000)

    def test_one_connection(self):
        self.assertIn(b"\n", self.both("-T", "csv", "--stream", "0", self.long())[1])

    def test_damaged_end(self):
        content = f.pcap([]) + many(3000)[0]
        code, out, _ = self.both("-T", "csv", self.file("cut.pcap", content[:-7]))
        self.assertEqual((code, out.count(b"\n")), (1, 3000))

    def test_text_and_pipes(self):
        with open(os.path.join(SAMPLES, "seed", "close-client-side.tcpdump"), "rb") as text:
            self.both("--tcpdump-text", "-", stdin=text.read())
        self.both("-T", "json", "-", stdin=f.pcap([]) + many(5000)[0])

    def test_commands_that_have_no_use_for_it(self):
        path = os.path.join(SAMPLES, "https-session.pcap")
        for command in "conns", "explain", "diagram":
            self.both(command, path)
        self.both("-T", "fields", "-e", "tcpstate.state", path)
        self.both("-w", "-", path)

    def test_limit_on_connections(self):
        self.both("-T", "csv", "--max-connections", "1", os.path.join(SAMPLES, "port-reuse.pcap"))

    def test_rows_do_not_wait_for_a_full_batch(self):
        """What a pipe has brought is written before the next is waited for."""
        with open(os.path.join(SAMPLES, "seed", "close-client-side.tcpdump"), "rb") as text:
            lines = [line for line in text if b" IP " in line]
        process = subprocess.Popen([COMMAND, "--jobs", "2", "-T", "csv", "--tcpdump-text", "-"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, bufsize=0)
        self.addCleanup(process.stdout.close)
        watch = threading.Timer(20, process.kill)
        watch.start()
        process.stdin.write(b"".join(lines))
        rows = [process.stdout.readline() for _ in range(len(lines) + 1)]
        self.assertTrue(rows[-1].startswith(b"%d," % len(lines)), rows)
        process.stdin.close()
        self.assertEqual(process.wait(20), 0)
        watch.cancel()

    def test_reader_that_stops(self):
        process = subprocess.Popen([COMMAND, "--jobs", "2", "-T", "csv", self.long(200000)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        self.assertEqual(process.wait(20), 0)

    def test_disk_full(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, "--jobs", "2", "-T", "csv", self.long()], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stderr), (1, b"tcpstate: standard output: No space left on device\n"))

    def test_interrupt(self):
        """All rows up to the frame that standard error names, the last of which is whole."""
        process = subprocess.Popen([COMMAND, "--jobs", "2", "-T", "csv", self.long(60000)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, bufsize=0)
        process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        out, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, -signal.SIGINT)
        frames = int(errors.split()[-1])
        self.assertLess(frames, 60000)
        self.assertEqual(out.count(b"\n"), frames)
        self.assertTrue(out.splitlines()[-1].startswith(b"%d," % frames))

    def test_wrong_numbers(self):
        for number, message in ("0", "--jobs: 1 is the least"), ("x", '--jobs: "x" is no number'):
            _, errors = self.run_command("--jobs", number, "x.pcap", code=2)
            self.assertEqual(errors, f"tcpstate: {message}\n")


if __name__ == "__main__":
    unittest.main()
