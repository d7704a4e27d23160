# SPDX-License-Identifier: GPL-2.0-or-later
"""SIGINT, SIGTERM and SIGKILL in the middle: what has been read is written out, in every form."""
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

import frames as f
from faults_test import many
from support import COMMAND, CommandTest


class Interrupted(CommandTest):
    def interrupt(self, number, *arguments, count=60000):
        """Stopped while nobody takes what it prints; then all of it is read."""
        path = self.file("x.pcap", f.pcap([]) + many(count)[0])
        process = subprocess.Popen([COMMAND, *arguments, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        process.stdout.readline()
        process.send_signal(number)
        time.sleep(0.1)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, -number)
        self.assertRegex(err.decode(), r"^tcpstate: interrupted after frame [0-9]+\n$")
        self.assertTrue(out.endswith(b"\n"))
        frames = int(err.split()[-1])
        self.assertLess(frames, count)
        return out.decode().splitlines(), frames

    def test_rows_are_whole(self):
        for number in signal.SIGINT, signal.SIGTERM:
            rows, frames = self.interrupt(number, "-T", "csv")
            self.assertEqual(len(rows), frames)
            self.assertEqual({row.count(",") for row in rows}, {24})
            self.assertTrue(rows[-1].startswith("%d," % frames))
        rows, frames = self.interrupt(signal.SIGINT, "-T", "json")
        self.assertEqual([json.loads(row)["frame"] for row in rows[-1:]], [frames])

    def through_a_pipe(self, number, *arguments):
        """The command waits for more of its input, which has stopped in the middle of a record."""
        content, size = many(5000)
        with open(os.path.join(self.folder.name, "out"), "w+b") as out:
            process = subprocess.Popen([COMMAND, *arguments, "-"], stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE)
            process.stdin.write(f.pcap([]) + content[: len(content) - size // 2])
            process.stdin.flush()
            time.sleep(0.5)
            process.send_signal(number)
            err = process.stderr.read().decode()
            process.stderr.close()
            self.assertEqual(process.wait(20), -number, err)
            self.assertEqual(err, "tcpstate: interrupted after frame 4999\n")
            process.stdin.close()
            out.seek(0)
            return out.read().decode()

    def test_waiting_for_input(self):
        out = self.through_a_pipe(signal.SIGTERM, "-T", "csv")
        self.assertEqual(len(out.splitlines()), 5000)
        out = self.through_a_pipe(signal.SIGINT, "conns", "-T", "csv")
        self.assertEqual([row.split(",")[:3] for row in out.splitlines()[1:]], [["0", "1", "4999"]])
        self.assertIn("4999", self.through_a_pipe(signal.SIGINT, "explain"))
        self.assertTrue(self.through_a_pipe(signal.SIGINT, "diagram", "-T", "svg").endswith("</svg>\n"))
        target = os.path.join(self.folder.name, "copy.pcapng")
        self.through_a_pipe(signal.SIGTERM, "-w", target)
        self.assertEqual(len(self.rows(target)), 4999)

    def test_text_from_a_pipe(self):
        process = subprocess.Popen(
            [COMMAND, "--tcpdump-text", "-T", "csv", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        process.stdin.write(b"12:00:00.000000 IP 10.0.0.1.1025 > 10.0.0.2.80: Flags [S], seq 1, win 9, length 0\n")
        process.stdin.flush()
        self.assertTrue(process.stdout.readline().startswith(b"frame,"))
        self.assertTrue(process.stdout.readline().startswith(b"1,"))
        process.send_signal(signal.SIGINT)
        rows, err = process.stdout.read(), process.stderr.read()
        for pipe in process.stdin, process.stdout, process.stderr:
            pipe.close()
        self.assertEqual((process.wait(20), len(rows.splitlines())), (-signal.SIGINT, 0))
        self.assertIn(b"interrupted after frame 1\n", err)

    def test_second_one_ends_it_at_once(self):
        path = self.file("x.pcap", f.pcap([]) + many(60000)[0])
        process = subprocess.Popen([COMMAND, "-T", "csv", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        process.stdout.readline()  # and no more: it waits until the reader goes on
        for number in signal.SIGINT, signal.SIGTERM:
            process.send_signal(number)
            time.sleep(0.2)
        self.assertEqual(process.wait(10), -signal.SIGTERM)
        process.communicate()

    def test_ignored_stays_ignored(self):
        """As in the background of a shell without job control."""
        path = self.file("x.pcap", f.pcap([]) + many(60000)[0])
        process = subprocess.Popen(
            ["sh", "-c", 'trap "" INT; exec "$0" -T csv "$1"', COMMAND, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, len(out.splitlines()), err), (0, 60000, b""))

    def test_killed_while_it_writes_a_copy(self):
        """What is on the disk by then is whole, for us and for Wireshark."""
        target = os.path.join(self.folder.name, "copy.pcapng")
        content, size = many(20000)
        for part in 3000, 7777, 15000:
            process = subprocess.Popen([COMMAND, "-w", target, "-"], stdin=subprocess.PIPE)
            process.stdin.write(f.pcap([]) + content[: part * size])
            process.stdin.flush()
            before, deadline = -1, time.monotonic() + 20
            while time.monotonic() < deadline and (before == 0 or os.path.getsize(target) != before):
                before = os.path.getsize(target) if os.path.exists(target) else -1
                time.sleep(0.2)
            process.kill()
            process.wait(10)
            process.stdin.close()
            rows = self.rows(target)
            self.assertGreater(len(rows), part - 400)
            self.assertEqual([row["frame"] for row in rows], [str(i + 1) for i in range(len(rows))])
            if shutil.which("capinfos"):
                done = subprocess.run(["capinfos", "-c", "-M", target], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("Number of packets:   %d\n" % len(rows), done.stdout)


if __name__ == "__main__":
    unittest.main()
