# SPDX-License-Identifier: GPL-2.0-or-later
"""--max-connections and --max-memory: a flood of SYNs does not make the command grow, nor cost the living their place."""
import csv
import io
import os
import random
import struct
import subprocess
import unittest

import frames as f
from support import COMMAND, SAMPLES, CommandTest

LIVING = 100


def flood(count, dice):
    """SYNs from anywhere to anywhere, as raw IP."""
    record = struct.Struct("<IIII")
    head = bytes.fromhex("45000028000140004006") + bytes(2)
    tail = bytes.fromhex("0000000050022000") + bytes(4)
    for i in range(count):
        drawn = dice.randbytes(16)
        yield record.pack(2 + i // 1000000, i % 1000000, 40, 40) + head + drawn[:12] + drawn[12:] + tail


def talk(start, end):
    """Connections that have opened before the flood and go on after it."""
    for port in range(1, LIVING + 1):
        for packet in f.handshake(data=b"x", ports=(port, 443))[start:end]:
            yield packet


class Limits(CommandTest):
    SYNS = int(os.environ.get("FLOOD_SYNS", "200000"))

    @classmethod
    def setUpClass(cls):
        dice = random.Random(1)
        cls.capture = f.pcap(talk(0, 3), 101) + b"".join(flood(cls.SYNS, dice)) + f.pcap(talk(3, 4), 101, start=1000)[24:]

    def run_flood(self, *arguments):
        """Standard output, standard error and the most memory that it took, in bytes."""
        path = self.file("flood.pcap", self.capture)
        with open(os.path.join(self.folder.name, "out"), "w+b") as out:
            process = subprocess.Popen([COMMAND, *arguments, path], stdout=out, stderr=subprocess.PIPE, text=True)
            err = process.stderr.read()
            process.stderr.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0, err)
            out.seek(0)
            return out.read().decode(), err, usage.ru_maxrss * 1024

    def check_living(self, text):
        rows = list(csv.DictReader(io.StringIO(text)))[-LIVING:]
        self.assertEqual({(row["client_state"], row["server_state"], row["len"]) for row in rows}, {("ESTABLISHED", "ESTABLISHED", "1")})
        self.assertEqual([int(row["stream"]) for row in rows], list(range(LIVING)))

    def test_memory(self):
        base = self.run_command_memory(os.path.join(SAMPLES, "https-session.pcap"))
        for limit, size in (("4M", 4 << 20), ("16384K", 16 << 20)):
            out, err, memory = self.run_flood("-T", "csv", "--max-memory", limit)
            self.check_living(out)
            self.assertRegex(err, r"^tcpstate: [0-9]+ connections given up to make room \(--max-connections, --max-memory\)\n$")
            if not os.environ.get("TCPSTATE_SANITIZE"):  # which takes memory of its own
                self.assertLess(memory, base + size + (1 << 20))

    def run_command_memory(self, path):
        process = subprocess.Popen([COMMAND, "-T", "csv", path], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_maxrss * 1024

    def test_connections(self):
        for form in "csv", "json", "text":
            out, err, _ = self.run_flood("-T", form, "--max-connections", "1000")
            self.assertEqual(err, "tcpstate: %d connections given up to make room (--max-connections, --max-memory)\n" % (self.SYNS - 900))
            if form == "csv":
                self.check_living(out)
        _, err, _ = self.run_flood("-q", "-T", "csv", "--max-connections", "1000")
        self.assertEqual(err, "")

    def test_conns_loses_no_row(self):
        out, err, _ = self.run_flood("conns", "-T", "csv", "--max-connections", "1000")
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual([int(row["stream"]) for row in rows], list(range(self.SYNS + LIVING)))
        self.assertIn("given up", err)
        self.assertEqual({row["client_bytes"] for row in rows[:LIVING]}, {"1"})

    def test_compare(self):
        path = self.file("flood.pcap", self.capture)
        _, err = self.run_command("compare", "-T", "csv", "--max-memory", "1M", path, path, code=3)
        self.assertEqual(err, "tcpstate: no memory for all segments of two captures within --max-memory\n")

    def test_wrong_sizes(self):
        for size in "", "x", "-1", "1T", "1KK", "100", "99999999999999999999", "99999999999G":
            self.run_command("--max-memory", size, "/nonexistent", code=2)
        for size in "0", "1048576", "1024K", "1M", "1G":
            self.run_command("--max-memory", size, os.path.join(SAMPLES, "https-session.pcap"))


if __name__ == "__main__":
    unittest.main()
