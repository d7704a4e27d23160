# SPDX-License-Identifier: GPL-2.0-or-later
"""Plain pcap files are read without libpcap, those of the other byte order with it: what is in them must come out the
same, however damaged they are."""
import glob
import os
import random
import struct
import subprocess
import unittest

from support import COMMAND, SAMPLES, CommandTest

CASES = int(os.environ.get("PLAIN_CASES", "150"))


def frames_of(path):
    with open(path, "rb") as file:
        content = file.read()
    order = "<" if content[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at, frames = 24, []
    while at + 16 <= len(content):
        seconds, fraction, captured, length = struct.unpack_from(order + "4I", content, at)
        frames.append([seconds, fraction, captured, length, content[at + 16 : at + 16 + captured]])
        at += 16 + captured
    return frames


def written(order, header, frames, size):
    content = struct.pack(order + "IHHIIII", *header)
    for seconds, fraction, captured, length, data in frames:
        content += struct.pack(order + "4I", seconds, fraction, captured, length) + data
    return content[:size]


def damage(chance, header, frames):
    frames = [list(frame) for frame in frames for _ in range(chance.choice((1, 1, 1, 2)))]
    for _ in range(chance.randrange(3)):
        place = chance.randrange(len(frames))
        frame = frames[place]
        kind = chance.randrange(5)
        if kind == 0:
            frame[0] = chance.choice((0, 1, 0x7FFFFFFF))  # beyond, libpcap reads the two orders differently
        elif kind == 1:
            frame[1] = chance.choice((0, 999999, 1000000, 0x7FFFFFFF))
        elif kind == 2:
            frame[2] = chance.choice((0, 1, 60, frame[2] + 1, 65536, 262144, 262145, 0xFFFFFFFF))
            if frame[2] <= len(frame[4]) or (frame[2] <= 262144 and chance.randrange(2)):
                frame[4] = bytes(frame[2])
            else:  # what follows would be read as a header
                return header, frames[: place + 1]
        elif kind == 3:
            frame[3] = chance.choice((0, 1, frame[3] + 7, 0xFFFFFFFF))
        else:
            data = bytearray(frame[4])
            if data:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            frame[4] = bytes(data)
    if chance.random() < 0.4:
        header[5] = chance.choice((0, 1, 40, 66, 70, 96, 65535, 262144, 262145, 0x7FFFFFFF, 0x80000000))
    if chance.random() < 0.2:
        header[6] = chance.choice((0, 1, 12, 101, 113, 276, 147, 0x10000001))
    return header, frames


class Plain(CommandTest):
    def outcome(self, name, content):
        path = self.file(name, content)
        done = subprocess.run(
            [COMMAND, "-T", "csv", os.path.basename(path)], capture_output=True, timeout=60, cwd=self.folder.name
        )
        return done.returncode, done.stdout, done.stderr

    def test_both_byte_orders_alike(self):
        chance = random.Random(1)
        captures = [frames_of(path) for path in sorted(glob.glob(os.path.join(SAMPLES, "*.pcap")))]
        for case in range(CASES):
            magic = chance.choice((0xA1B2C3D4, 0xA1B23C4D))
            header, frames = damage(chance, [magic, 2, 4, 0, 0, 65535, 1], chance.choice(captures))
            size = chance.choice((None, None, chance.randrange(2000)))
            with self.subTest(case=case):
                one, other = (self.outcome("x.pcap", written(order, header, frames, size)) for order in "<>")
                self.assertEqual(one, other)

    def test_record_larger_than_any_buffer(self):
        data = bytes(262144)
        frames = [[1, 2, len(data), len(data), data] for _ in range(5)] + frames_of(
            os.path.join(SAMPLES, "https-session.pcap")
        )
        one, other = (
            self.outcome("x.pcap", written(order, [0xA1B2C3D4, 2, 4, 0, 0, 262144, 1], frames, None)) for order in "<>"
        )
        self.assertEqual(one, other)
        self.assertEqual(one[0], 0)


if __name__ == "__main__":
    unittest.main()
