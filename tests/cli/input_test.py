# SPDX-License-Identifier: GPL-2.0-or-later
"""Kinds of capture files beyond plain pcap."""
import gzip
import os
import random
import shutil
import struct
import subprocess
import unittest

import frames as f
from support import COMMAND, SAMPLES, CommandTest

SESSION = os.path.join(SAMPLES, "https-session.pcap")


class Pcapng(CommandTest):
    def check(self, content, times=None):
        rows = self.rows(self.file("x.pcapng", content))
        self.assertEqual([(r["flags"], r["seq"], r["stream"]) for r in rows], [("S", "1000", "0"), ("SA", "5000", "0"), ("A", "1001", "0")])
        if times:
            self.assertEqual([r["time_epoch"] for r in rows], times)

    def test_interfaces_that_differ(self):
        one, two, three = f.handshake()
        content = f.section()
        content += f.interface(link=1, snap=100)
        content += f.interface(link=101, snap=65535, resolution=9)
        content += f.packet(f.ethernet(one), 0, 1600000000000001)
        content += f.packet(two, 1, 1600000000000002003)
        content += f.interface(link=113, snap=1000, resolution=0x80 | 10)
        content += f.packet(struct.pack("!HHH8sH", 0, 1, 6, b"\2\0\0\0\0\1", 0x0800) + three, 2, (1600000001 << 10) + 512)
        self.check(content, ["1600000000.000001000", "1600000000.000002003", "1600000001.500000000"])

    def test_resolutions(self):
        for resolution, stamp, expected in (
            (0, 1600000000, "1600000000.000000000"),
            (3, 1600000000123, "1600000000.123000000"),
            (12, 5000001000000000000, "5000001.000000000"),
            (0x80, 1600000000, "1600000000.000000000"),
            (0x80 | 30, 1600000000 << 30 | 1 << 29, "1600000000.500000000"),
            (0x80 | 33, 1600000000 << 33 | 1 << 31, "1600000000.250000000"),
            (127, 5, "0.000000000"),
            (0xFF, 5, "0.000000000"),
        ):
            with self.subTest(resolution=resolution):
                content = f.section() + f.interface(resolution=resolution)
                content += f.packet(f.ethernet(f.handshake()[0]), stamp=stamp)
                rows = self.rows(self.file("x.pcapng", content))
                self.assertEqual(rows[0]["time_epoch"], expected)

    def test_offset(self):
        options = f.option(14, struct.pack("<q", 1600000000)) + f.option(0, b"")
        content = f.section() + f.block(1, struct.pack("<HHI", 1, 0, 0) + options)
        content += f.packet(f.ethernet(f.handshake()[0]), stamp=250000)
        self.assertEqual(self.rows(self.file("x.pcapng", content))[0]["time_epoch"], "1600000000.250000000")

    def test_times_beyond_what_nanoseconds_hold(self):
        """They stay at the first and at the last that 64 bits can tell, which are the years 1677 and 2262."""
        for offset, stamp, year in (1 << 62, 1 << 40, 2262), (-(1 << 62), 0, 1677), (9223372034, 5000000, 2262), (-9223372034, 0, 1677):
            with self.subTest(offset=offset):
                options = f.option(14, struct.pack("<q", offset)) + f.option(0, b"")
                content = f.section() + f.block(1, struct.pack("<HHI", 1, 0, 0) + options)
                content += f.packet(f.ethernet(f.handshake()[0]), stamp=stamp)
                seconds = float(self.rows(self.file("x.pcapng", content))[0]["time_epoch"])
                self.assertEqual(int(1970 + seconds / 31556952), year)

    def test_options_that_are_too_short(self):
        """A resolution of no bytes and an offset of four say nothing; one that claims more than there is ends them."""
        for options in (f.option(9, b""), f.option(14, b"\1\2\3\4"), struct.pack("<HH", 9, 200) + b"\6\0\0\0"):
            content = f.section() + f.block(1, struct.pack("<HHI", 1, 0, 0) + options)
            content += f.packet(f.ethernet(f.handshake()[0]), stamp=1600000000000001)
            rows = self.rows(self.file("x.pcapng", content))
            self.assertEqual([row["time_epoch"] for row in rows], ["1600000000.000001000"])

    def test_more_captured_than_the_interface_says(self):
        content = f.section() + f.interface(snap=20) + f.packet(f.ethernet(f.handshake()[0]))
        self.assertEqual(len(self.rows(self.file("x.pcapng", content))), 1)

    def test_simple_and_obsolete_packets(self):
        one, two, three = [f.ethernet(p) for p in f.handshake()]
        content = f.section() + f.interface(snap=54)
        content += f.block(3, struct.pack("<I", 60) + one[:54] + b"\0\0")
        content += f.block(2, struct.pack("<HHIIII", 0, 7, 0, 5, len(two), len(two)) + two + b"\0\0")
        content += f.packet(three)
        self.check(content, ["", "0.000005000", "0.000000000"])

    def test_sections_with_another_byte_order(self):
        one, two, three = [f.ethernet(p) for p in f.handshake()]
        content = f.section("<") + f.interface(order="<") + f.packet(one, order="<")
        content += f.section(">") + f.interface(order=">") + f.packet(two, order=">") + f.packet(three, order=">")
        self.check(content)

    def test_sections_number_their_interfaces_anew(self):
        one, two, three = f.handshake()
        content = f.section() + f.interface(1) + f.packet(f.ethernet(one))
        content += f.section() + f.interface(101) + f.packet(two) + f.packet(three)
        self.check(content)
        path = self.file("x.pcapng", content + f.section() + f.packet(two))
        self.assertIn("interface", self.run_command(path, code=1)[1])

    def test_blocks_of_no_concern(self):
        one, two, three = [f.ethernet(p) for p in f.handshake()]
        content = f.section() + f.block(4, b"\0" * 8) + f.interface() + f.packet(one)
        content += f.block(0xBAD, b"x" * 100) + f.packet(two) + f.block(5, b"\0" * 20) + f.packet(three)
        self.check(content)

    def test_damage(self):
        head = f.section() + f.interface()
        good = f.packet(f.ethernet(f.handshake()[0]))
        whole = head + good
        for what, content, byte in (
            ("cut in a block", whole + good[:-1], len(whole) + len(good) - 1),
            ("cut in a header", whole + good[:5], len(whole) + 5),
            ("length zero", whole + struct.pack("<II", 6, 0) + b"\0" * 20, len(whole)),
            ("length odd", whole + struct.pack("<II", 6, 33) + b"\0" * 40, len(whole)),
            ("length huge", whole + struct.pack("<II", 6, 0xFFFFFFFC) + b"\0" * 40, len(whole)),
            ("lengths differ", whole + good[:-4] + b"\0\0\0\0", len(whole)),
            ("no such interface", whole + f.packet(b"x" * 60, number=3), len(whole)),
            ("captured beyond the block", whole + f.block(6, struct.pack("<IIIII", 0, 0, 0, 5000, 5000) + b"x" * 40), len(whole)),
            ("too short", whole + f.block(6, b"\0" * 4), len(whole)),
            ("interface too short", whole + f.block(1, b"\0" * 4), len(whole)),
            ("section too short", whole + f.block(0x0A0D0D0A, struct.pack("<I", 0x1A2B3C4D)), len(whole)),
            ("no byte order", whole + f.block(0x0A0D0D0A, b"\0" * 16), len(whole)),
        ):
            with self.subTest(what=what):
                path = self.file("x.pcapng", content)
                out, err = self.run_command("-T", "csv", path, code=1)
                self.assertEqual(len(out.splitlines()), 2)
                self.assertRegex(err, r"^tcpstate: .*x\.pcapng: damaged at byte %d: .*\n$" % byte)

    def test_filter_by_link_type(self):
        one, two, three = f.handshake()
        content = f.section() + f.interface(link=1) + f.interface(link=101)
        content += f.packet(f.ethernet(one), 0) + f.packet(two, 1) + f.packet(three, 1)
        path = self.file("x.pcapng", content)
        self.assertEqual([r["frame"] for r in self.rows(path, "dst port 80")], ["1", "3"])
        self.assertEqual([r["frame"] for r in self.rows(path, "ether src 2:0:0:0:0:1")], ["1"])

    def test_random_damage_never_crashes(self):
        with open(SESSION, "rb") as file:
            records = file.read()
        frames, at = [], 24
        while at < len(records):
            size = struct.unpack_from("<I", records, at + 8)[0]
            frames.append(records[at + 16 : at + 16 + size])
            at += 16 + size
        whole = f.section() + f.interface() + b"".join(f.packet(x) for x in frames)
        chance = random.Random(7)
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(chance.randrange(1, 8)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            path = self.file("x.pcapng", bytes(damaged))
            done = subprocess.run([COMMAND, "-q", "-T", "csv", path], capture_output=True, timeout=20)
            self.assertIn(done.returncode, (0, 1, 3), done.stderr)


class Packed(CommandTest):
    def setUp(self):
        super().setUp()
        with open(SESSION, "rb") as file:
            self.plain = file.read()
        self.expected = self.run_command("-T", "csv", SESSION)[0]

    def zstd(self, content):
        if shutil.which("zstd") is None:
            self.skipTest("no zstd program")
        return subprocess.run(["zstd", "-q", "-c"], input=content, stdout=subprocess.PIPE, check=True).stdout

    def test_gzip(self):
        packed = gzip.compress(self.plain)
        self.assertEqual(self.run_command("-T", "csv", self.file("x.pcap.gz", packed))[0], self.expected)
        self.assertEqual(self.run_command("-T", "csv", "-", stdin=packed)[0], self.expected)

    def test_gzip_in_members(self):
        packed = gzip.compress(self.plain[:1000]) + gzip.compress(self.plain[1000:])
        self.assertEqual(self.run_command("-T", "csv", self.file("x.pcap.gz", packed))[0], self.expected)

    def test_zstd(self):
        packed = self.zstd(self.plain[:1000]) + self.zstd(self.plain[1000:])
        self.assertEqual(self.run_command("-T", "csv", self.file("x.pcap.zst", packed))[0], self.expected)

    def test_packed_pcapng(self):
        content = f.section() + f.interface() + b"".join(f.packet(f.ethernet(p)) for p in f.handshake())
        for packed in gzip.compress(content), self.zstd(content):
            self.assertEqual(len(self.rows(self.file("x", packed))), 3)

    def test_cut_and_damaged(self):
        noise = random.Random(5).randbytes(40000)
        big = f.pcap([f.ethernet(p) for p in f.handshake()] + [noise, f.ethernet(f.handshake()[0])])
        for packed in gzip.compress(big), self.zstd(big):
            for content in packed[:-20], packed[:20000] + bytes(100) + packed[20100:]:
                _, err = self.run_command("-T", "csv", self.file("x", content), code=1)
                self.assertIn("compressed data is cut or damaged", err)
                self.assertRegex(err, "at byte [0-9]+")

    def test_no_capture_inside(self):
        self.run_command(self.file("x.gz", gzip.compress(b"hello")), code=3)
        self.run_command(self.file("y.gz", gzip.compress(self.plain)[:12]), code=3)


if __name__ == "__main__":
    unittest.main()
