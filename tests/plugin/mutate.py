# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that are damaged on purpose, each made from a seed. All but those of randpkt, which takes none, are the same
every time."""
import pathlib
import struct
import subprocess

from packets import ethernet, ipv4, ipv6, udp

PCAP_HEADER, RECORD_HEADER = 24, 16
ETHERNET, IPV4_FIXED, TCP_FIXED = 14, 20, 20
TIMES = 4  # each sample, in one capture
LITTLE_PCAPNG_BLOCKS = (1, 3, 4, 5, 6, 0x0A0D0D0A, 0xBAD)


def run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def read_frames(path):
    """[(header of the record, frame)] of a little-endian pcap file."""
    content = path.read_bytes()
    frames, at = [], PCAP_HEADER
    while at + RECORD_HEADER <= len(content):
        captured = struct.unpack_from("<I", content, at + 8)[0]
        frames.append((content[at:at + 8], content[at + RECORD_HEADER:at + RECORD_HEADER + captured]))
        at += RECORD_HEADER + captured
    return frames


def write_frames(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 1 << 18, 1))
        for time, frame, length in frames:
            file.write(time + struct.pack("<II", len(frame), max(length, len(frame))) + frame)


class Mutator:
    def __init__(self, rng, samples, folder):
        self.rng = rng
        self.samples = samples
        self.folder = pathlib.Path(folder)

    # ------------------------------------------------------------ bytes, by editcap

    def errors(self, out):
        """Bytes changed anywhere, or behind the link layer or the IP header only."""
        parts = []
        for number, sample in enumerate(self.samples * TIMES):
            part = self.folder / f"part{number}"
            run("editcap", "-F", "pcap", "--seed", self.rng.randrange(1, 1 << 31), "-E",
                self.rng.choice((0.01, 0.02, 0.05, 0.1, 0.2)), "-o", self.rng.choice((0, ETHERNET, 34, 46)), sample, part)
            parts.append(part)
        run("mergecap", "-a", "-F", "pcap", "-w", out, *parts)

    # ------------------------------------------------------------ segments

    def field(self, frame, at):
        """One field of the TCP header that starts at `at`: what moves states, and what a parser trips over."""
        change = self.rng.choice(("flags", "seq", "ack", "offset", "options", "length", "port", "cut"))
        frame = bytearray(frame)
        if change == "flags":
            frame[at + 13] = self.rng.choice((0, 1, 2, 3, 4, 6, 16, 17, 18, 20, 24, self.rng.randrange(256)))
        elif change in ("seq", "ack"):
            where = at + (4 if change == "seq" else 8)
            number = struct.unpack_from("!I", frame, where)[0]
            step = self.rng.choice((-1, 1, -1460, 1460, 65536, 0x7FFFFFFF, self.rng.randrange(1 << 32)))
            struct.pack_into("!I", frame, where, (number + step) % (1 << 32))
        elif change == "offset":
            frame[at + 12] = self.rng.randrange(16) << 4
        elif change == "options":
            for where in range(at + TCP_FIXED, min(len(frame), at + 60)):
                frame[where] = self.rng.choice((0, 1, 2, 3, 4, 8, 10, 34, 255, frame[where]))
        elif change == "length":
            struct.pack_into("!H", frame, ETHERNET + 2, self.rng.choice((0, 20, 39, 40, 41, self.rng.randrange(1 << 16))))
        elif change == "port":
            struct.pack_into("!H", frame, at + self.rng.choice((0, 2)), self.rng.choice((0, 80, 443, self.rng.randrange(1 << 16))))
        else:
            del frame[self.rng.randrange(len(frame) + 1):]
        return bytes(frame)

    def wrapped(self, frame, how):
        """The frame in a tunnel."""
        kind, rest = frame[12:14], frame[ETHERNET:]
        if how == "vlan":
            return frame[:12] + b"\x81\0" + bytes([0, self.rng.randrange(3)]) + frame[12:]
        if how == "gre":
            return ethernet(0x800, ipv4("192.0.2.1", "192.0.2.2", 47, b"\0\0" + kind + rest))
        if how == "vxlan":
            return ethernet(0x800, ipv4("192.0.2.1", "192.0.2.2", 17, udp(50000, 4789, b"\x08" + bytes(7) + frame)))
        if how == "ip":
            return ethernet(0x86DD, ipv6("2001:db8::1", "2001:db8::2", 4 if kind == b"\x08\0" else 41, rest))
        return frame

    def segments(self, out):
        """Frames of all samples: some lost, doubled, swapped, changed; all in the same tunnel, or in none."""
        how = self.rng.choice(("plain", "plain", "vlan", "gre", "vxlan", "ip"))
        frames = []
        for path in self.samples * TIMES:
            for time, frame in read_frames(path):
                length = len(frame)
                if self.rng.random() < 0.2 and len(frame) >= ETHERNET + IPV4_FIXED + TCP_FIXED:
                    frame = self.field(frame, ETHERNET + (frame[ETHERNET] & 15) * 4)
                frame = self.wrapped(frame, how)
                frames.extend([(time, frame, length)] * self.rng.choice((0, 1, 1, 1, 1, 1, 1, 2)))
        for _ in range(len(frames) // 10):
            i = self.rng.randrange(len(frames) - 1)
            frames[i], frames[i + 1] = frames[i + 1], frames[i]
        write_frames(out, frames)

    # ------------------------------------------------------------ noise

    def noise(self, out):
        run("randpkt", "-b", self.rng.choice((60, 200, 2000)), "-c", 1000, "-t", self.rng.choice(("tcp", "ip", "ipv6", "eth", "icmp")),
            out)

    # ------------------------------------------------------------ blocks of pcapng

    def block(self, block):
        change = self.rng.choice(("kind", "length", "byte", "cut", "double", "drop", "trailer", "option"))
        block = bytearray(block)
        if change == "kind":
            struct.pack_into("<I", block, 0, self.rng.choice(LITTLE_PCAPNG_BLOCKS))
        elif change == "length":
            struct.pack_into("<I", block, 4, self.rng.choice((0, 8, 12, len(block) + 4, 0xFFFFFFFC, self.rng.randrange(1 << 24))))
        elif change == "trailer":
            struct.pack_into("<I", block, len(block) - 4, self.rng.randrange(1 << 32))
        elif change == "cut":
            del block[self.rng.randrange(len(block)):]
        elif change == "double":
            block *= 2
        elif change == "drop":
            block.clear()
        elif change == "option":  # a comment of any bytes at the end, lengths put right
            text = self.rng.randbytes(self.rng.randrange(1, 64))
            text += bytes(-len(text) % 4)
            block[-4:] = struct.pack("<HH", 1, len(text)) + text + bytes(4)
            size = len(block) + 4
            struct.pack_into("<I", block, 4, size)
            block += struct.pack("<I", size)
        else:
            block[self.rng.randrange(len(block))] = self.rng.randrange(256)
        return bytes(block)

    def blocks(self, out):
        """All samples in one file; damage is rare, so that more than the first frames are read."""
        whole = self.folder / "whole"
        run("mergecap", "-a", "-F", "pcapng", "-w", whole, *self.samples)
        content = whole.read_bytes()
        rare = self.rng.choice((0.001, 0.005, 0.02))
        at, result = 0, []
        while at + 12 <= len(content):
            size = struct.unpack_from("<I", content, at + 4)[0]
            block = content[at:at + size]
            at += size
            result.append(self.block(block) if self.rng.random() < rare else block)
        out.write_bytes(b"".join(result))

    def make(self, out):
        """Writes a capture and says of which kind it is."""
        kind = self.rng.choice((self.errors, self.errors, self.segments, self.segments, self.noise, self.blocks))
        kind(out)
        return kind.__name__
