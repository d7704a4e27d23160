# SPDX-License-Identifier: GPL-2.0-or-later
"""-w: the copy has to be the input plus comments, and nothing else."""
import glob
import os
import shutil
import struct
import subprocess
import unittest

import frames as f
from support import SAMPLES, CommandTest

SESSION = os.path.join(SAMPLES, "https-session.pcap")


def blocks(content):
    """(type, body) of each block, with the order of its section."""
    at, order = 0, "<"
    while at < len(content):
        if content[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if content[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, size = struct.unpack_from(order + "II", content, at)
        assert struct.unpack_from(order + "I", content, at + size - 4)[0] == size
        yield kind, content[at + 8 : at + size - 4], order
        at += size


def options(area, order):
    out = []
    while area:
        code, size = struct.unpack_from(order + "HH", area)
        out.append((code, area[4 : 4 + size]))
        area = area[4 + (size + 3) // 4 * 4 :]
        if code == 0:
            break
    assert area == b""
    return out


class Copy(CommandTest):
    def copy(self, path, *more, **kwargs):
        target = os.path.join(self.folder.name, "copy.pcapng")
        out, self.errors = self.run_command("-w", target, path, *more, **kwargs)
        self.assertEqual(out, "")
        with open(target, "rb") as file:
            return file.read()

    def test_pcapng_is_untouched_but_for_comments(self):
        one, two, three = f.handshake()
        arp = f.ethernet(b"\0" * 28, 0x0806)
        for order in "<", ">":
            old = f.option(1, b"seen", order) + f.option(2, b"\0\0\0\1", order) + f.option(0, b"", order)
            hardware = f.option(4, b"shb_userappl", order) + f.option(0, b"", order)
            content = b"".join(
                (
                    f.section(order, hardware),
                    f.interface(1, 100, order=order),
                    f.interface(101, 200, 9, order=order),
                    f.packet(f.ethernet(one), 0, 5, order, options=old),
                    f.packet(arp, 0, 6, order, options=old),
                    f.block(0xBAD, b"custom", order),
                    f.packet(two[:50], 1, 7, order, wire=1000),
                    f.block(5, b"\0" * 12, order),
                    f.packet(three, 1, 8, order),
                )
            )
            copied = list(blocks(self.copy(self.file("x.pcapng", content))))
            original = list(blocks(content))
            self.assertEqual([b[0] for b in copied], [b[0] for b in original])
            comments = []
            for (kind, body, _), (_, before, _) in zip(copied, original):
                if kind != 6:
                    self.assertEqual(body, before)
                    continue
                fixed = 20 + (struct.unpack_from(order + "I", before, 12)[0] + 3) // 4 * 4
                self.assertEqual(body[:fixed], before[:fixed])
                new, was = options(body[fixed:], order), options(before[fixed:], order)
                if new != was:
                    comments.append(new.pop(0))
                    self.assertEqual(new, was or [(0, b"")])
            self.assertEqual([code for code, _ in comments], [1, 1, 1])
            self.assertEqual(
                comments[0][1],
                b"tcpstate: client CLOSED > SYN-SENT, server LISTEN > SYN-RECEIVED; handshake, SYN",
            )

    def test_section_length_is_not_kept(self):
        content = f.section()[:16] + struct.pack("<q", 1000) + f.section()[24:]
        content += f.interface() + f.packet(f.ethernet(f.handshake()[0]))
        kind, body, _ = next(blocks(self.copy(self.file("x.pcapng", content))))
        self.assertEqual(struct.unpack_from("<q", body, 8), (-1,))

    @unittest.skipUnless(shutil.which("tshark"), "no tshark")
    def test_wireshark_reads_the_same_packets(self):
        for capture in sorted(glob.glob(os.path.join(SAMPLES, "*.pcap")))[:6]:
            with self.subTest(capture=os.path.basename(capture)):
                self.copy(capture)
                target = os.path.join(self.folder.name, "copy.pcapng")
                same = [
                    subprocess.run(
                        ["tshark", "-r", x, "-x", "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len"],
                        capture_output=True,
                    ).stdout
                    for x in (capture, target)
                ]
                self.assertEqual(*same)
                states = subprocess.run(
                    ["tshark", "-r", target, "-T", "fields", "-e", "frame.comment"], capture_output=True, text=True
                ).stdout.splitlines()
                for row, comment in zip(self.rows(capture), states):
                    self.assertRegex(comment, "client (.* > )?%s[ ,]" % row["client_state"])
                    self.assertRegex(comment, "server (.* > )?%s[ ;]" % row["server_state"])

    def test_annotating_a_copy_gives_the_same(self):
        self.copy(SESSION)
        target = os.path.join(self.folder.name, "copy.pcapng")
        self.assertEqual(self.rows(target), self.rows(SESSION))
        raw = self.file("raw.pcap", f.pcap(f.handshake(), 101))
        self.copy(raw)
        self.assertEqual(self.rows(target), self.rows(raw))

    def test_filter_and_stream(self):
        frames = [k for k, _, _ in blocks(self.copy(SESSION, "port 41034"))].count(6)
        self.assertEqual(frames, 15)
        frames = [k for k, _, _ in blocks(self.copy("--stream", "0", SESSION))].count(6)
        self.assertEqual(frames, 3)

    def test_simple_packets_stay_and_are_told(self):
        packet = f.ethernet(f.handshake()[0])
        content = f.section() + f.interface() + f.block(3, struct.pack("<I", len(packet)) + packet)
        self.assertEqual(self.copy(self.file("x.pcapng", content)), content)
        self.assertIn("1 simple packet block", self.errors)

    def test_damaged_input_is_copied_as_far_as_it_goes(self):
        with open(SESSION, "rb") as file:
            path = self.file("cut.pcap", file.read()[:-1])
        self.assertEqual([k for k, _, _ in blocks(self.copy(path, code=1))].count(6), 29)

    def test_standard_output(self):
        packed = subprocess.run(
            [os.environ.get("TCPSTATE", "tcpstate"), "-w", "-", SESSION], stdout=subprocess.PIPE, check=True
        ).stdout
        self.assertEqual(packed, self.copy(SESSION))

    def test_usage(self):
        path = self.file("x.pcap", f.pcap([f.ethernet(p) for p in f.handshake()]))
        self.run_command("-w", path, path, code=2)
        self.run_command("-w", "/tmp/never", path, SESSION, code=2)
        self.run_command("conns", "-w", "/tmp/never", path, code=2)
        self.run_command("-w", "/nonexistent/x", path, code=3)
        self.assertEqual(len(self.rows(path)), 3)


if __name__ == "__main__":
    unittest.main()
