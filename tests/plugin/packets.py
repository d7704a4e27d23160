# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets with everything that may stand around a TCP segment, byte by byte, and a capture file to put them in."""
import ipaddress
import struct

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def tcp(src, dst, sport, dport, flags, seq, ack=0, payload=b"", **odd):
    """odd: offset (in words), sum (to be written instead of the right one), options."""
    options = odd.get("options", b"")
    offset = odd.get("offset", 5 + len(options) // 4)
    header = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, offset << 4, flags, 64240, 0, 0) + options
    addresses = ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed
    segment = header + payload
    right = checksum(addresses + struct.pack("!II", len(segment), 6) + segment)
    return segment[:16] + struct.pack("!H", odd.get("sum", right)) + segment[18:]


def ipv4(src, dst, protocol, payload, **odd):
    """odd: length, id, fragment (the whole 16 bits)."""
    length = odd.get("length", 20 + len(payload))
    head = struct.pack("!BBHHHBBH", 0x45, 0, length, odd.get("id", 1), odd.get("fragment", 0), 64, protocol, 0)
    head += ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(src, dst, following, payload):
    head = struct.pack("!IHBB", 0x60000000, len(payload), following, 64)
    return head + ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed + payload


def udp(sport, dport, payload):
    return struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload


def ethernet(kind, payload, vlans=()):
    tags = b"".join(struct.pack("!HH", 0x8100, vlan) for vlan in vlans)
    return bytes.fromhex("020000000002020000000001") + tags + struct.pack("!H", kind) + payload


def icmp_error(kind, code, quoted):
    head = struct.pack("!BBHI", kind, code, 0, 0)
    return head[:2] + struct.pack("!H", checksum(head + quoted)) + head[4:] + quoted


def openflow_packet_in(frame):
    """OpenFlow 1.0: what a switch sends its controller, over TCP, when it does not know what to do with a frame."""
    return struct.pack("!BBHIIHHBB", 1, 10, 18 + len(frame), 7, 0xFFFFFFFF, len(frame), 1, 0, 0) + frame


def write(path, frames, snap_length=262144):
    """frames: bytes, or (bytes, length on the wire)."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, snap_length, 1))
        for number, frame in enumerate(frames):
            data, length = frame if isinstance(frame, tuple) else (frame, len(frame))
            file.write(struct.pack("<IIII", 1700000000 + number, 0, len(data), length) + data)


def block(kind, body):
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def write_pcapng(path, frames):
    """frames: (microseconds, bytes)."""
    with open(path, "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0)))
        for time, frame in frames:
            head = struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(frame), len(frame))
            file.write(block(6, head + frame + bytes(-len(frame) % 4)))
