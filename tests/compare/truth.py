# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of the two ends of scenarios whose truth is known, as they are and made harder: another clock, addresses
behind a NAT, sequence numbers moved by a firewall, many connections that have nothing to do with it."""
import ipaddress
import json
import random
import struct

LINK_ETHERNET, LINK_RAW = 1, 101


class Capture:
    """Frames of a nanosecond pcap: [number in the original, time, bytes, length]."""

    def __init__(self, path):
        data = open(path, "rb").read()
        self.header = data[:24]
        order = "<" if data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xd4\xc3\xb2\xa1") else ">"
        unit = 1 if data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1000
        self.link = struct.unpack(order + "I", data[20:24])[0]
        self.frames = []
        at = 24
        while at + 16 <= len(data):
            seconds, fraction, captured, length = struct.unpack(order + "IIII", data[at : at + 16])
            self.frames.append(
                [len(self.frames) + 1, seconds * 10**9 + fraction * unit, bytearray(data[at + 16 : at + 16 + captured]),
                 length]
            )
            at += 16 + captured

    def offset(self):
        return 14 if self.link == LINK_ETHERNET else 0

    def write(self, path):
        """Returns the new number of each original frame."""
        numbers = {}
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, self.link))
            for index, (number, time, data, length) in enumerate(sorted(self.frames, key=lambda f: f[1])):
                file.write(struct.pack("<IIII", time // 10**9, time % 10**9, len(data), length) + data)
                if number is not None:
                    numbers[number] = index + 1
        return numbers


def set_clock(capture, shift_s, drift_ppm):
    start = min((f[1] for f in capture.frames), default=0)
    for frame in capture.frames:
        frame[1] += int(shift_s * 1e9) + int((frame[1] - start) * drift_ppm * 1e-6)


def tcp_places(capture, data):
    """Where source and destination address and the TCP header lie: (version, source, destination, header) or None."""
    at = capture.offset()
    version = data[at] >> 4
    if version == 4 and data[at + 9] == 6:
        return 4, slice(at + 12, at + 16), slice(at + 16, at + 20), at + (data[at] & 15) * 4
    if version == 6 and data[at + 6] == 6:
        return 6, slice(at + 8, at + 24), slice(at + 24, at + 40), at + 40
    return None


def translate(capture, rng):
    """Gives every client another address and port, as a NAT in front of the server does."""
    names = {}
    for frame in capture.frames:
        places = tcp_places(capture, frame[2])
        if places is None:
            continue
        version, source, destination, tcp = places
        ports = list(struct.unpack(">HH", frame[2][tcp : tcp + 4]))
        outwards = bytes(frame[2][source])[-1] % 2 == 1 if version == 4 else ports[1] < ports[0]
        place, port = (source, 0) if outwards else (destination, 1)
        address = bytes(frame[2][place])
        if (address, ports[port]) not in names:
            taken = {p for _, p in names.values()}
            new = next(p for p in iter(lambda: rng.randrange(1024, 65536), None) if p not in taken)
            outside = ipaddress.ip_address("198.51.100.7" if version == 4 else "2001:db8:ffff::7").packed
            names[address, ports[port]] = (outside, new)
        frame[2][place], ports[port] = names[address, ports[port]]
        frame[2][tcp : tcp + 4] = struct.pack(">HH", *ports)


def move_numbers(capture, rng):
    """Adds a constant to the numbers that each client counts, as firewalls that randomise them do."""
    moves = {}
    for frame in capture.frames:
        places = tcp_places(capture, frame[2])
        if places is None:
            continue
        _, source, destination, tcp = places
        ports = struct.unpack(">HH", frame[2][tcp : tcp + 4])
        outwards = ports[0] > ports[1]
        key = (bytes(frame[2][source if outwards else destination]), max(ports))
        move = moves.setdefault(key, rng.randrange(1 << 32))
        at = tcp + (4 if outwards else 8)
        if outwards or frame[2][tcp + 13] & 0x10:
            number = struct.unpack(">I", frame[2][at : at + 4])[0]
            frame[2][at : at + 4] = struct.pack(">I", (number + move) & 0xFFFFFFFF)


def segment(link, source, destination, seq, ack, flags, payload, ip_id):
    tcp = struct.pack(">HHIIBBHHH", source[1], destination[1], seq, ack, 0x50, flags, 64240, 0, 0) + payload
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), ip_id, 0x4000, 6, 64, 0) + source[0] + destination[0]
    ethernet = bytes(12) + b"\x08\x00" if link == LINK_ETHERNET else b""
    return bytearray(ethernet + ip + tcp)


def add_unrelated(capture, count, rng):
    """Whole connections between others, spread over the time of the capture."""
    times = [f[1] for f in capture.frames]
    start, end = (min(times), max(times)) if times else (10**18, 10**18 + 10**9)
    for _ in range(count):
        ends = [(bytes([203, 0, 113, rng.randrange(256)]), rng.randrange(20000, 60000)),
                (bytes([203, 0, rng.randrange(100), 1]), rng.choice((80, 443)))]
        seqs = [rng.randrange(1 << 32), rng.randrange(1 << 32)]
        at = rng.randrange(start, end + 1)
        for sender, flags, size in ((0, 2, 0), (1, 18, 0), (0, 16, 0), (0, 24, 60), (1, 24, 80), (0, 17, 0), (1, 17, 0)):
            data = segment(capture.link, ends[sender], ends[1 - sender], seqs[sender],
                           0 if flags == 2 else seqs[1 - sender], flags, rng.randbytes(size), rng.randrange(1 << 16))
            capture.frames.append([None, at, data, len(data)])
            seqs[sender] = (seqs[sender] + size + (flags & 3 > 0)) & 0xFFFFFFFF
            at += rng.randrange(10**5, 10**7)


def read_truth(path):
    """Packets: (frames at their sender's tap, frames at the other, whether forged, name of the sender's tap)."""
    packets = []
    client = None
    for line in open(path):
        record = json.loads(line)
        if record["ev"] == "meta":
            client = record["client"]
        elif record["ev"] == "pkt":
            host = record["src"].rsplit(":", 1)[0].strip("[]")
            tap, other = ("client", "server") if host == client else ("server", "client")
            frames = {side: [f[0] for f in record["fr"].get(side, [])] for side in ("client", "server")}
            packets.append((frames[tap], frames[other], bool(record["inj"]), tap))
    return packets


def twins(path):
    """For each frame, the first frame of the capture with the same packet, byte by byte: nobody can tell them apart."""
    capture = Capture(path)
    first = {}
    return {number: first.setdefault(bytes(data[capture.offset():]), number) for number, _, data, _ in capture.frames}
