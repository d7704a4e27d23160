# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture that comes through a pipe as it is made (tcpdump -U -w - | tcpstate -): each row is there as soon as its
packet is."""
import os
import subprocess
import threading
import unittest

import frames as f
from support import COMMAND, SAMPLES, CommandTest

PACKETS = [f.ethernet(packet) for packet in f.handshake(data=b"x" * 100)]


def pieces(capture, sizes):
    """The capture, cut where each packet's record ends."""
    at, result = 0, []
    for size in sizes:
        result.append(capture[at : at + size])
        at += size
    assert at == len(capture)
    return result


def pcap_pieces():
    capture = f.pcap(PACKETS)
    return pieces(capture, [24 + 16 + len(PACKETS[0])] + [16 + len(packet) for packet in PACKETS[1:]])


def pcapng_pieces():
    blocks = [f.packet(packet) for packet in PACKETS]
    return [f.section() + f.interface() + blocks[0]] + blocks[1:]


class Pipe(CommandTest):
    def follow(self, parts, *options, rows=None):
        """Writes part by part, and reads `rows` rows (one of each, if not said) before the next part is written."""
        process = subprocess.Popen([COMMAND, "-q", "-T", "csv", *options, "-"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.addCleanup(process.stdout.close)
        watch = threading.Timer(20, process.kill)
        watch.start()
        seen = []
        for i, part in enumerate(parts):
            process.stdin.write(part)
            if i == 0:
                process.stdout.readline()
            for _ in range(1 if rows is None else rows[i]):
                seen.append(process.stdout.readline().decode().split(",")[0])
        process.stdin.close()
        rest = process.stdout.read()
        code = process.wait()
        watch.cancel()
        return seen, rest, code

    def test_pcap(self):
        self.assertEqual(self.follow(pcap_pieces()), (["1", "2", "3", "4"], b"", 0))

    def test_pcapng(self):
        self.assertEqual(self.follow(pcapng_pieces()), (["1", "2", "3", "4"], b"", 0))

    def test_second_thread(self):
        self.assertEqual(self.follow(pcap_pieces(), "--jobs", "2"), (["1", "2", "3", "4"], b"", 0))

    def test_cut_anywhere(self):
        """As it is if nothing flushes its buffer after each packet: what is whole is shown, the rest is waited for."""
        for parts in pcap_pieces(), pcapng_pieces():
            capture = b"".join(parts)
            first = len(parts[0]) + len(parts[1])
            for more in 1, 15, 16, 17, len(parts[2]) - 1:
                with self.subTest(more=more):
                    cut = [capture[: first + more], capture[first + more :]]
                    self.assertEqual(self.follow(cut, rows=[2, 2]), (["1", "2", "3", "4"], b"", 0))

    def test_filter(self):
        """What the filter leaves out is no reason to hold back what it lets pass."""
        process = subprocess.Popen([COMMAND, "-q", "-T", "csv", "-", "dst port 80"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, bufsize=0)
        self.addCleanup(process.stdout.close)
        watch = threading.Timer(20, process.kill)
        watch.start()
        parts = pcap_pieces()
        process.stdin.write(parts[0] + parts[1])  # the second comes from port 80
        rows = [process.stdout.readline() for _ in range(2)]
        self.assertTrue(rows[1].startswith(b"1,"), rows)
        process.stdin.close()
        self.assertEqual(process.wait(), 0)
        watch.cancel()

    def test_copy(self):
        target = os.path.join(self.folder.name, "copy.pcapng")
        capture = b"".join(pcap_pieces())
        self.run_command("-w", target, "-", stdin=capture)
        self.assertEqual([row["frame"] for row in self.rows(target)], ["1", "2", "3", "4"])

    def test_all_at_once_is_the_same(self):
        for name in "https-session.pcap", "port-reuse.pcap":
            path = os.path.join(SAMPLES, name)
            with open(path, "rb") as file:
                out, _ = self.run_command("-T", "csv", "-", stdin=file.read())
            self.assertEqual(out, self.run_command("-T", "csv", path)[0])


if __name__ == "__main__":
    unittest.main()
