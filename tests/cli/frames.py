# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds frames and captures byte by byte, independent of any capture library."""
import ipaddress
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
CLIENT, SERVER = "192.0.2.1", "198.51.100.2"
CLIENT6, SERVER6 = "2001:db8::1", "2001:db8::2"


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def tcp(src, dst, sport, dport, flags, seq, ack=0, payload=b"", window=65535, options=b"", damage=0):
    options += b"\0" * (-len(options) % 4)
    offset = (20 + len(options)) // 4
    header = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, offset << 4, flags, window, 0, 0) + options
    a, b = ipaddress.ip_address(src).packed, ipaddress.ip_address(dst).packed
    segment = header + payload
    total = checksum(a + b + struct.pack("!IHBB", len(segment), 0, 0, 6) + segment)
    return segment[:16] + struct.pack("!H", total ^ damage) + segment[18:]


def ipv4(src, dst, payload, protocol=6, total=None, fragment=0x4000, ident=1, options=b""):
    words = 5 + len(options) // 4
    length = words * 4 + len(payload) if total is None else total
    head = struct.pack("!BBHHHBBH", 0x40 | words, 0, length, ident, fragment, 64, protocol, 0)
    head += ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(src, dst, payload, protocol=6, length=None):
    length = len(payload) if length is None else length
    head = struct.pack("!IHBB", 6 << 28, length, protocol, 64)
    return head + ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed + payload


def udp(sport, dport, payload):
    return struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload


def ethernet(payload, ethertype=0x0800):
    return b"\2\0\0\0\0\2" + b"\2\0\0\0\0\1" + struct.pack("!H", ethertype) + payload


def handshake(v6=False, data=b"", isn=(1000, 5000), ports=(40000, 80)):
    """SYN, SYN-ACK, ACK as IP packets, and a data segment if there is data."""
    a, b = (CLIENT6, SERVER6) if v6 else (CLIENT, SERVER)
    wrap = ipv6 if v6 else ipv4
    x, y = isn
    p, q = ports
    packets = [
        wrap(a, b, tcp(a, b, p, q, SYN, x)),
        wrap(b, a, tcp(b, a, q, p, SYN | ACK, y, x + 1)),
        wrap(a, b, tcp(a, b, p, q, ACK, x + 1, y + 1)),
    ]
    if data:
        packets.append(wrap(a, b, tcp(a, b, p, q, PSH | ACK, x + 1, y + 1, data)))
    return packets


def pcap(frames, link=1, snap=65535, order="<", nano=False, start=1600000000, step=1000):
    """Frames are bytes, or (bytes, length on the wire); `step` in units of the time stamps."""
    out = [struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snap, link)]
    for i, frame in enumerate(frames):
        data, wire = frame if isinstance(frame, tuple) else (frame, len(frame))
        out.append(struct.pack(order + "IIII", start, i * step, len(data[:snap]), wire) + data[:snap])
    return b"".join(out)


def block(kind, body, order="<"):
    body += b"\0" * (-len(body) % 4)
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def option(code, value, order="<"):
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def section(order="<", options=b""):
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + options, order)


def interface(link=1, snap=0, resolution=None, order="<"):
    options = b"" if resolution is None else option(9, bytes([resolution]), order) + option(0, b"", order)
    return block(1, struct.pack(order + "HHI", link, 0, snap) + options, order)


def packet(frame, number=0, stamp=0, order="<", wire=None, options=b""):
    body = struct.pack(order + "IIIII", number, stamp >> 32, stamp & 0xFFFFFFFF, len(frame), wire or len(frame))
    return block(6, body + frame + b"\0" * (-len(frame) % 4) + options, order)
