#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes pcap files out of the text that tcpdump printed, one for each name in CAPTURES.

usage: make_seed_captures.py [--check]

--check writes nothing and fails if a file differs from what would be written.

The text has no Ethernet header, no date, no payload and, on a pure ACK, no sequence number. MAC addresses and the
date are made up, the payload is zeros, and the sequence number is the next one that its sender has to send.
"""
import calendar
import pathlib
import re
import socket
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = {  # text: capture
    "https-session-server": "https-session",
    "close-client-side": "close-client-side",
    "close-server-side": "close-server-side",
    "close-four-segments": "close-four-segments",
}
MIDNIGHT = calendar.timegm((2020, 1, 1, 0, 0, 0))
FLAGS = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, ".": 0x10, "U": 0x20, "E": 0x40, "W": 0x80}
SYN_OR_FIN = 0x03
WINDOW_WHERE_NOT_PRINTED = 65535

LINE = re.compile(
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\.(?P<micro>\d{6}) IP "
    r"(?P<src>[\d.]+)\.(?P<sport>\d+) > (?P<dst>[\d.]+)\.(?P<dport>\d+): "
    r"Flags \[(?P<flags>[^\]]+)\],\s*"
    r"(?:seq (?P<seq>\d+)(?::\d+)?,\s*)?"
    r"(?:ack (?P<ack>\d+),\s*)?"
    r"(?:win (?P<win>\d+),\s*)?"
    r"(?:options \[(?P<options>[^\]]*)\],\s*)?"
    r"length (?P<length>\d+)")


def option_bytes(text):
    """'mss 1460,nop,wscale 7' as it stands in the header."""
    made = b""
    for option in filter(None, text.split(",")):
        name, *values = option.split()
        if name == "nop":
            made += b"\x01"
        elif name == "eol":
            made += b"\x00"
        elif name == "mss":
            made += struct.pack("!BBH", 2, 4, int(values[0]))
        elif name == "wscale":
            made += struct.pack("!BBB", 3, 3, int(values[0]))
        elif name == "sackOK":
            made += struct.pack("!BB", 4, 2)
        elif name == "TS":  # TS val A ecr B
            made += struct.pack("!BBII", 8, 10, int(values[1]), int(values[3]))
        else:
            raise ValueError(f"unknown TCP option: {option}")
    return made + b"\x00" * (-len(made) % 4)


def checksum(data):
    """RFC 1071."""
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\x00" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def with_checksum(header, at, covered):
    return header[:at] + struct.pack("!H", checksum(covered)) + header[at + 2:]


class Converter:
    """One text file; remembers what each sender has to send next."""

    def __init__(self):
        self.next_seq = {}
        self.identification = 0

    def sequence_number(self, line, flags):
        sender = (line["src"], line["sport"], line["dst"], line["dport"])
        length = int(line["length"])
        seq = int(line["seq"]) if line["seq"] else self.next_seq[sender]
        self.next_seq[sender] = (seq + length + bin(flags & SYN_OR_FIN).count("1")) & 0xffffffff
        return seq

    def tcp(self, line, addresses):
        flags = sum(FLAGS[letter] for letter in line["flags"])
        options = option_bytes(line["options"] or "")
        header = struct.pack(
            "!HHIIBBHHH", int(line["sport"]), int(line["dport"]), self.sequence_number(line, flags),
            int(line["ack"] or 0), (20 + len(options)) // 4 << 4, flags,
            int(line["win"] or WINDOW_WHERE_NOT_PRINTED), 0, 0) + options
        segment = header + bytes(int(line["length"]))
        pseudo = addresses + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(segment))
        return with_checksum(segment, 16, pseudo + segment)

    def frame(self, line):
        src, dst = socket.inet_aton(line["src"]), socket.inet_aton(line["dst"])
        segment = self.tcp(line, src + dst)
        self.identification += 1
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), self.identification, 0x4000, 64,
                         socket.IPPROTO_TCP, 0) + src + dst
        ip = with_checksum(ip, 10, ip)
        # locally administered, the rest is the IPv4 address
        return b"\x02\x00" + dst + b"\x02\x00" + src + b"\x08\x00" + ip + segment


def convert(text):
    converter = Converter()
    made = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
    for line in filter(None, map(LINE.match, text.splitlines())):
        frame = converter.frame(line)
        seconds = MIDNIGHT + int(line["hour"]) * 3600 + int(line["minute"]) * 60 + int(line["second"])
        made += struct.pack("<IIII", seconds, int(line["micro"]), len(frame), len(frame)) + frame
    return made


def main(arguments):
    check = arguments == ["--check"]
    if arguments and not check:
        sys.exit(__doc__)
    for text, capture in CAPTURES.items():
        made = convert((HERE / "seed" / f"{text}.tcpdump").read_text(encoding="utf-8"))
        path = HERE / f"{capture}.pcap"
        if not check:
            path.write_bytes(made)
        elif path.read_bytes() != made:
            sys.exit(f"{path.name} is not what {text}.tcpdump gives")


if __name__ == "__main__":
    main(sys.argv[1:])
