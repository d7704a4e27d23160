# SPDX-License-Identifier: GPL-2.0-or-later
"""Ways to wrap an IPv4 packet into an Ethernet frame, by name."""
import struct

import frames as f

OUTER = ("10.0.0.1", "10.0.0.2")
OUTER6 = ("2001:db8:1::1", "2001:db8:1::2")


def ip(payload, protocol):
    return f.ethernet(f.ipv4(*OUTER, payload, protocol=protocol))


def udp(port, payload):
    return ip(f.udp(50000, port, payload), 17)


def gre(protocol, payload, flags=0, optional=b""):
    return ip(struct.pack("!HH", flags, protocol) + optional + payload, 47)


def gtp(payload, flags=0x30, optional=b""):
    return udp(2152, struct.pack("!BBHI", flags, 255, len(optional) + len(payload), 7) + optional + payload)


def as_ipv6(packet):
    """The TCP of an IPv4 packet in IPv6."""
    a, b = (f.CLIENT6, f.SERVER6) if packet[12:16] == bytes((192, 0, 2, 1)) else (f.SERVER6, f.CLIENT6)
    head = struct.unpack("!HHIIBB", packet[20:34])
    return f.ipv6(a, b, f.tcp(a, b, head[0], head[1], head[5], head[2], head[3]))


WAYS = {
    "ip in ip": lambda p: ip(p, 4),
    "6in4": lambda p: ip(as_ipv6(p), 41),
    "4in6": lambda p: f.ethernet(f.ipv6(*OUTER6, p, protocol=4), 0x86DD),
    "gre": lambda p: gre(0x0800, p),
    "gre with key, sequence and checksum": lambda p: gre(0x0800, p, 0xB000, b"\0\0\0\0\0\0\0\7\0\0\0\1"),
    "gre bridging": lambda p: gre(0x6558, f.ethernet(p)),
    "erspan type 1": lambda p: gre(0x88BE, f.ethernet(p)),
    "erspan type 2": lambda p: gre(0x88BE, struct.pack("!II", 0x10010064, 0) + f.ethernet(p), 0x1000, b"\0\0\0\1"),
    "erspan type 3": lambda p: gre(0x22EB, struct.pack("!III", 0x20010064, 0, 0) + f.ethernet(p), 0x1000, b"\0\0\0\1"),
    "erspan type 3 with subheader": lambda p: gre(
        0x22EB, struct.pack("!IIIQ", 0x20010064, 0, 1, 0) + f.ethernet(p), 0x1000, b"\0\0\0\1"
    ),
    "pptp": lambda p: gre(0x880B, b"\xff\x03\0\x21" + p, 0x3081, struct.pack("!HHII", len(p) + 4, 1, 1, 1)),
    "vxlan": lambda p: udp(4789, struct.pack("!II", 0x08000000, 77 << 8) + f.ethernet(p)),
    "vxlan-gpe": lambda p: udp(4790, struct.pack("!II", 0x0C000001, 77 << 8) + p),
    "geneve": lambda p: udp(6081, struct.pack("!BBHI", 0, 0, 0x6558, 77 << 8) + f.ethernet(p)),
    "geneve with options": lambda p: udp(
        6081, struct.pack("!BBHI", 2, 0, 0x0800, 77 << 8) + struct.pack("!HBBI", 0x0102, 5, 1, 9) + p
    ),
    "gtp-u": lambda p: gtp(p),
    "gtp-u with sequence": lambda p: gtp(p, 0x32, b"\0\1\0\0"),
    "gtp-u with extension": lambda p: gtp(p, 0x34, b"\0\0\0\x85\1\0\0\0"),
    "teredo": lambda p: udp(3544, as_ipv6(p)),
    "teredo with origin": lambda p: udp(3544, b"\0\0" + b"\xaa" * 6 + as_ipv6(p)),
    "teredo with authentication": lambda p: udp(3544, b"\0\1\0\0" + b"\1" * 8 + b"\0" + as_ipv6(p)),
    "pppoe": lambda p: f.ethernet(b"\x11\0\0\7" + struct.pack("!H", len(p) + 2) + b"\0\x21" + p + b"pad", 0x8864),
    "mpls": lambda p: f.ethernet(struct.pack("!II", 16 << 12 | 64, 17 << 12 | 0x100 | 64) + p, 0x8847),
    "mpls in ip": lambda p: ip(struct.pack("!I", 17 << 12 | 0x100 | 64) + p, 137),
    "mpls in udp": lambda p: udp(6635, struct.pack("!I", 17 << 12 | 0x100 | 64) + p),
    "gre in vxlan in vlan": lambda p: f.ethernet(
        b"\0\0\x08\0"  # priority tag
        + f.ipv4(*OUTER, f.udp(1, 4789, struct.pack("!II", 0x08000000, 77 << 8) + gre(0x0800, p)), protocol=17),
        0x8100,
    ),
}
