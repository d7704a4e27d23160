# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way a TCP segment can stand in a frame: the same handshake has to be read out of each."""
import shutil
import struct
import subprocess
import unittest

import frames as f
import tunnels
from support import CommandTest


def sll(packet, kind=0x0800):
    return struct.pack("!HHH8sH", 0, 1, 6, b"\2\0\0\0\0\1", kind) + packet


def sll2(packet, kind=0x0800):
    return struct.pack("!HHIHBB8s", kind, 0, 1, 1, 0, 6, b"\2\0\0\0\0\1") + packet


def vlan(packet, *tags, kind=0x0800):
    """Tags are (ethertype, VLAN id), outermost first."""
    out = packet
    inner = kind
    for ethertype, number in reversed(tags):
        out = struct.pack("!HH", number, inner) + out
        inner = ethertype
    return f.ethernet(out, inner)


class Links(CommandTest):
    def check(self, packets, link, v6=False):
        rows = self.rows(self.file("x.pcap", f.pcap(packets, link)))
        a, b = (f.CLIENT6, f.SERVER6) if v6 else (f.CLIENT, f.SERVER)
        self.assertEqual(
            [(r["frame"], r["src"], r["sport"], r["dst"], r["dport"], r["flags"], r["seq"], r["ack"]) for r in rows],
            [
                ("1", a, "40000", b, "80", "S", "1000", ""),
                ("2", b, "80", a, "40000", "SA", "5000", "1001"),
                ("3", a, "40000", b, "80", "A", "1001", "5001"),
            ],
        )
        self.assertEqual({r["stream"] for r in rows}, {"0"})
        return rows

    def test_ethernet(self):
        self.check([f.ethernet(p) for p in f.handshake()], 1)

    def test_ethernet_ipv6(self):
        self.check([f.ethernet(p, 0x86DD) for p in f.handshake(v6=True)], 1, v6=True)

    def test_ethernet_padding_is_no_payload(self):
        for row in self.check([f.ethernet(p).ljust(60, b"\xaa") for p in f.handshake()], 1):
            self.assertEqual(row["len"], "0")

    def test_vlan(self):
        for tags in [(0x8100, 5)], [(0x88A8, 7), (0x8100, 5)], [(0x9100, 7), (0x8100, 5)], [(0x8100, 1)] * 3:
            with self.subTest(tags=tags):
                self.check([vlan(p, *tags) for p in f.handshake()], 1)

    def test_priority_tag_names_no_vlan(self):
        one, two, three = f.handshake()
        self.check([vlan(one, (0x8100, 0)), f.ethernet(two), vlan(three, (0x8100, 0))], 1)
        rows = self.rows(self.file("x.pcap", f.pcap([vlan(one, (0x8100, 0)), f.ethernet(one)])))
        self.assertEqual([r["stream"] for r in rows], ["0", "0"])
        self.assertIn("syn-retransmitted", rows[1]["events"])

    def test_llc_snap(self):
        def snap(packet):
            body = b"\xaa\xaa\x03\0\0\0\x08\x00" + packet
            return (b"\2\0\0\0\0\2\2\0\0\0\0\1" + struct.pack("!H", len(body)) + body).ljust(64, b"\0")

        self.check([snap(p) for p in f.handshake()], 1)

    def test_raw(self):
        for link in 12, 14, 101:
            with self.subTest(link=link):
                self.check(f.handshake(), link)
                self.check(f.handshake(v6=True), link, v6=True)
        self.check(f.handshake(), 228)
        self.check(f.handshake(v6=True), 229, v6=True)

    def test_null_and_loop(self):
        for link, order in (0, "<"), (0, ">"), (108, ">"):
            with self.subTest(link=link, order=order):
                self.check([struct.pack(order + "I", 2) + p for p in f.handshake()], link)
        for family in 10, 24, 28, 30:
            with self.subTest(family=family):
                self.check([struct.pack("<I", family) + p for p in f.handshake(v6=True)], 0, v6=True)

    def test_linux_cooked(self):
        self.check([sll(p) for p in f.handshake()], 113)
        self.check([sll2(p) for p in f.handshake()], 276)
        self.check([sll2(p, 0x86DD) for p in f.handshake(v6=True)], 276, v6=True)

    def test_filter_with_every_link_type(self):
        heads = {
            0: b"\2\0\0\0", 1: f.ethernet(b""), 9: b"\xff\x03\0\x21", 12: b"", 14: b"", 50: b"\xff\x03\0\x21",
            51: b"\x11\0\0\7\0\x2a\0\x21", 101: b"", 104: b"\x0f\0\x08\0", 108: b"\0\0\0\2", 113: sll(b""),
            166: b"\1\x03\0\x21", 204: b"\1\xff\x03\0\x21", 219: b"\0\1\0\xff\0\1\1\xff", 228: b"", 276: sll2(b""),
        }  # fmt: skip
        for link, head in heads.items():
            path = self.file("x.pcap", f.pcap([head + p for p in f.handshake()], link))
            for expression, frames in ("tcp dst port 80", ["1", "3"]), ("host 192.0.2.1 and tcp src port 80", ["2"]):
                with self.subTest(link=link, expression=expression):
                    out, errors = self.run_command("-T", "fields", "-e", "frame.number", path, expression)
                    self.assertEqual((out.split(), errors), (frames, ""))

    def test_filter_of_a_cut_frame(self):
        for link in 204, 219:
            frames = [(b"\0\0\0\0"[:size], 60) for size in range(5)]
            self.assertEqual(self.rows(self.file("x.pcap", f.pcap(frames, link)), "tcp"), [])

    def test_ppp(self):
        for link, head in (
            (9, b"\0\x21"),
            (9, b"\xff\x03\0\x21"),
            (50, b"\xff\x03\0\x21"),
            (50, b"\xff\x03\x21"),
            (50, b"\x0f\0\x08\0"),
            (51, None),
            (104, b"\x0f\0\x08\0"),
            (166, b"\1\xff\x03\0\x21"),
            (166, b"\1\x03\0\x21"),
            (204, b"\1\xff\x03\0\x21"),
            (219, b"\0\1\1\xff"),
        ):
            with self.subTest(link=link, head=head):
                packets = f.handshake()
                heads = [head or b"\x11\0\0\7" + struct.pack("!H", len(p) + 2) + b"\0\x21" for p in packets]
                self.check([h + p for h, p in zip(heads, packets)], link)


class Tunnels(CommandTest):
    def capture(self):
        """Every way, each with a handshake from a port of its own."""
        packets = []
        for i, wrap in enumerate(tunnels.WAYS.values()):
            packets += [wrap(p) for p in f.handshake(ports=(41000 + i, 80))]
        return self.file("tunnels.pcap", f.pcap(packets))

    def test_the_innermost_tcp_counts(self):
        rows = self.rows(self.capture())
        for i, name in enumerate(tunnels.WAYS):
            with self.subTest(name=name):
                ours = [r for r in rows if str(41000 + i) in (r["sport"], r["dport"])]
                self.assertEqual([r["frame"] for r in ours], [str(3 * i + n) for n in (1, 2, 3)])
                self.assertEqual([r["flags"] for r in ours], ["S", "SA", "A"])
                self.assertEqual(ours[2]["server_state"], "ESTABLISHED")
                self.assertIn(ours[0]["src"], (f.CLIENT, f.CLIENT6))
                self.assertEqual({r["len"] for r in ours}, {"0"})

    def test_alternately_bare_and_in_a_tunnel(self):
        for name in ("ip in ip", "gre", "4in6"):
            packets = f.handshake()
            wrapped = [f.ethernet(packets[0]), tunnels.WAYS[name](packets[1]), f.ethernet(packets[2])]
            with self.subTest(name=name):
                rows = self.rows(self.file("x.pcap", f.pcap(wrapped)))
                self.assertEqual({r["stream"] for r in rows}, {"0"})
                self.assertEqual((rows[2]["client_state"], rows[2]["server_state"]), ("ESTABLISHED", "ESTABLISHED"))

    @unittest.skipUnless(shutil.which("tshark"), "no tshark")
    def test_tshark_finds_the_same(self):
        path = self.capture()
        wanted = ["frame.number", "tcp.srcport", "tcp.dstport", "tcp.len"]
        arguments = [x for name in wanted for x in ("-e", name)]
        done = subprocess.run(
            ["tshark", "-r", path, "-Y", "tcp", "-T", "fields", *arguments], capture_output=True, text=True
        )
        ours = self.run_command("-T", "fields", *arguments, path)[0]
        self.assertEqual(ours.splitlines(), done.stdout.splitlines())

    def test_cut_anywhere_is_no_segment_or_the_same(self):
        for name, wrap in tunnels.WAYS.items():
            packet = wrap(f.handshake()[0])
            cut = [(packet[:size], len(packet)) for size in range(len(packet))]
            with self.subTest(name=name):
                for row in self.rows(self.file("x.pcap", f.pcap(cut))):
                    self.assertEqual((row["sport"], row["seq"], row["len"]), ("40000", "1000", "0"))


def split(packet, size, order=None):
    """An IPv4 packet without options in fragments of `size` bytes."""
    payload = packet[20:]
    parts = []
    for at in range(0, len(payload), size):
        more = 0x2000 if at + size < len(payload) else 0
        parts.append(f.ipv4(f.CLIENT, f.SERVER, payload[at : at + size], fragment=more | at // 8, ident=9))
    return [parts[i] for i in order or range(len(parts))]


class Fragments(CommandTest):
    segment = f.ipv4(
        f.CLIENT, f.SERVER, f.tcp(f.CLIENT, f.SERVER, 40000, 80, f.PSH | f.ACK, 1001, 5001, bytes(range(256)) * 4)
    )

    def read(self, packets, **more):
        return self.rows(self.file("x.pcap", f.pcap([f.ethernet(p) for p in packets], **more)))

    def test_joined_in_any_order(self):
        for order in (0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 1, 2, 0), (0, 2, 2, 0, 1):
            with self.subTest(order=order):
                rows = self.read(split(self.segment, 400, order))
                self.assertEqual([(r["frame"], r["seq"], r["len"]) for r in rows], [(str(len(order)), "1001", "1024")])
                self.assertNotIn("bad-checksum", rows[0]["events"])
                self.assertEqual(self.errors, "")

    def test_one_is_missing(self):
        for order in (0, 1), (1, 2), (0, 2):
            with self.subTest(order=order):
                self.assertEqual(self.read(split(self.segment, 400, order)), [])
                self.assertIn("2 IP fragments left out", self.errors)

    def test_a_cut_fragment_cannot_be_joined(self):
        self.assertEqual(self.read(split(self.segment, 400), snap=300), [])

    def test_other_datagrams_do_not_mix(self):
        parts = split(self.segment, 400)
        other = parts[1][:4] + b"\0\x0a" + parts[1][6:]  # another identification
        self.assertEqual(self.read([parts[0], other, parts[2]]), [])

    def test_too_late(self):
        parts = split(self.segment, 600)
        self.assertEqual(len(self.read(parts, step=59_000_000)), 1)
        self.assertEqual(len(self.read(parts, step=61_000_000)), 0)

    def test_ipv6(self):
        payload = f.tcp(f.CLIENT6, f.SERVER6, 40000, 80, f.PSH | f.ACK, 1001, 5001, bytes(1000))
        parts = []
        for at, size in ((0, 512), (512, 508)):
            head = bytes([6, 0]) + struct.pack("!HI", at | (at == 0), 99)
            parts.append(f.ethernet(f.ipv6(f.CLIENT6, f.SERVER6, head + payload[at : at + size], protocol=44), 0x86DD))
        rows = self.rows(self.file("x.pcap", f.pcap(parts[::-1])))
        self.assertEqual([(r["frame"], r["len"], r["events"]) for r in rows], [("2", "1000", "mid-stream")])

    def test_overlap_and_overrun(self):
        parts = split(self.segment, 400)
        evil = f.ipv4(f.CLIENT, f.SERVER, b"\xff" * 400, fragment=0x2000 | 25, ident=9)  # over half of two others
        beyond = f.ipv4(f.CLIENT, f.SERVER, b"\xff" * 600, fragment=0x1FFF, ident=9)
        rows = self.read([parts[0], parts[1], evil, beyond, parts[2]])
        self.assertEqual([(r["frame"], r["len"]) for r in rows], [("5", "1024")])
        self.assertNotIn("bad-checksum", rows[0]["events"])

    def test_many_unfinished_ones_are_forgotten(self):
        firsts = []
        for ident in range(1000):
            part = split(self.segment, 400)[0]
            firsts.append(part[:4] + struct.pack("!H", ident) + part[6:])
        self.assertEqual(len(self.read(firsts + split(self.segment, 400))), 1)


class Ip(CommandTest):
    def read(self, *packets, **options):
        return self.rows(self.file("x.pcap", f.pcap([f.ethernet(p) for p in packets], **options)))

    def read6(self, *packets):
        return self.rows(self.file("x.pcap", f.pcap([f.ethernet(p, 0x86DD) for p in packets])))

    def test_ipv4_options(self):
        segment = f.tcp(f.CLIENT, f.SERVER, 40000, 80, f.SYN, 1000)
        rows = self.read(f.ipv4(f.CLIENT, f.SERVER, segment, options=b"\x94\x04\0\0"))
        self.assertEqual([r["seq"] for r in rows], ["1000"])

    def test_length_comes_from_the_ip_header(self):
        data = f.handshake(data=b"x" * 1000)
        rows = self.read(*data, snap=60)
        self.assertEqual([r["len"] for r in rows], ["0", "0", "0", "1000"])

    def test_length_of_a_frame_cut_by_a_tool_that_forgot_it(self):
        cut = f.ethernet(f.handshake(data=b"x" * 1000)[3])[:60]
        rows = self.rows(self.file("x.pcap", f.pcap([(cut, 60)])))
        self.assertEqual([r["len"] for r in rows], ["1000"])

    def test_offload_has_ip_length_zero(self):
        payload = b"y" * 70000
        segment = f.tcp(f.CLIENT, f.SERVER, 40000, 80, f.ACK, 1001, 5001, payload[:1000])
        packet = f.ethernet(f.ipv4(f.CLIENT, f.SERVER, segment, total=0))
        rows = self.rows(self.file("x.pcap", f.pcap([(packet, len(packet) + 69000)])))
        self.assertEqual([r["len"] for r in rows], ["70000"])

    def test_extension_headers(self):
        segment = f.tcp(f.CLIENT6, f.SERVER6, 40000, 80, f.SYN, 1000)
        hop = bytes([43, 0]) + b"\1\4\0\0\0\0"  # padding
        routing = bytes([60, 2, 0, 0]) + b"\0" * 20  # nothing left to visit
        destination = bytes([44, 0]) + b"\1\4\0\0\0\0"
        atomic = bytes([51, 0]) + struct.pack("!HI", 0, 9)
        authentication = bytes([6, 4]) + b"\0" * 22
        rows = self.read6(
            f.ipv6(f.CLIENT6, f.SERVER6, hop + routing + destination + atomic + authentication + segment, protocol=0)
        )
        self.assertEqual([(r["seq"], r["len"]) for r in rows], [("1000", "0")])

    def test_malformed_is_left_out_and_said(self):
        good = f.handshake()[0]
        bad = good[:32] + b"\x10" + good[33:]  # data offset of one word
        rows = self.read(bad, good)
        self.assertEqual([r["frame"] for r in rows], ["2"])
        self.assertIn("1 TCP header cut or malformed", self.errors)

    def test_checksum(self):
        a, b = f.CLIENT, f.SERVER
        whole = f.tcp(a, b, 40000, 80, f.SYN, 1000, damage=0x5555)
        zero = whole[:16] + b"\0\0" + whole[18:]
        pseudo = f.checksum(f.ipv4(a, b, b"")[12:20] + struct.pack("!HH", 6, len(whole))) ^ 0xFFFF
        offloaded = whole[:16] + struct.pack("!H", pseudo) + whole[18:]
        events = []
        for segment in whole, zero, offloaded:
            events.append(self.read(f.ipv4(a, b, segment))[0]["events"])
        self.assertEqual(["bad-checksum" in e for e in events], [True, False, False])

    def test_checksum_of_a_cut_frame_cannot_be_told(self):
        segment = f.tcp(f.CLIENT, f.SERVER, 40000, 80, f.ACK, 1000, 5, b"z" * 100, damage=1)
        rows = self.read(f.ipv4(f.CLIENT, f.SERVER, segment), snap=100)
        self.assertNotIn("bad-checksum", rows[0]["events"])

    def test_vlans_keep_connections_apart(self):
        packets = [vlan(p, (0x8100, number)) for p in f.handshake() for number in (10, 20, 30)]
        rows = self.rows(self.file("x.pcap", f.pcap(packets)))
        self.assertEqual([r["stream"] for r in rows], ["0", "1", "2"] * 3)
        self.assertNotIn("retransmitted", "".join(r["events"] for r in rows))


class Vantage(CommandTest):
    """A handshake whose timing tells nothing, with what the network card and routers leave to be seen in it."""

    def told(self, packets, v6=False):
        capture = self.file("x.pcap", f.pcap([f.ethernet(p, 0x86DD if v6 else 0x0800) for p in packets], step=400))
        out, _ = self.run_command("conns", "-T", "csv", capture)
        story, _ = self.run_command("explain", capture)
        return out.splitlines()[1].split(",")[-1], " ".join(story.split())

    @staticmethod
    def with_ttl(packet, ttl):
        at = 7 if packet[0] >> 4 == 6 else 8
        return packet[:at] + bytes([ttl]) + packet[at + 1 :]

    def test_ttl(self):
        for v6 in False, True:
            syn, syn_ack, ack = f.handshake(v6)
            near, far = "Captured at the client or next to it", "Captured at the server or next to it"
            for client, server, expected, sentence in ((64, 64, "unknown", "Last states"), (128, 57, "client", near),
                                                       (250, 255, "server", far), (63, 57, "middle", "has passed a router")):
                packets = self.with_ttl(syn, client), self.with_ttl(syn_ack, server), self.with_ttl(ack, client)
                vantage, story = self.told(packets, v6)
                self.assertEqual(vantage, expected)
                self.assertIn(sentence, story)

    def test_checksum_that_the_card_has_to_finish(self):
        syn, syn_ack, ack = f.handshake()

        def unfinished(packet):
            pseudo = f.checksum(packet[12:20] + struct.pack("!HH", 6, len(packet) - 20)) ^ 0xFFFF
            return packet[:36] + struct.pack("!H", pseudo) + packet[38:]

        self.assertEqual(self.told((unfinished(syn), syn_ack, ack))[0], "client")
        self.assertEqual(self.told((syn, unfinished(syn_ack), ack))[0], "server")
        self.assertEqual(self.told((unfinished(syn), unfinished(syn_ack), ack))[0], "unknown")


class Icmp(CommandTest):
    def states(self, *packets, v6=False):
        kind = 0x86DD if v6 else 0x0800
        out, _ = self.run_command(
            "conns", "-T", "csv", self.file("x.pcap", f.pcap([f.ethernet(p, kind) for p in packets]))
        )
        return [line.split(",")[10] for line in out.splitlines()[1:]]

    def error(self, kind, code, quoted):
        return f.ipv4(f.SERVER, f.CLIENT, bytes([kind, code]) + b"\0" * 6 + quoted[:28], protocol=1)

    def test_a_quoted_segment_is_no_row(self):
        syn = f.handshake()[0]
        rows = self.rows(self.file("x.pcap", f.pcap([f.ethernet(p) for p in (syn, self.error(3, 3, syn))])))
        self.assertEqual([r["frame"] for r in rows], ["1"])

    def test_only_hard_errors_end_an_attempt(self):
        syn = f.handshake()[0]
        for kind, code, state in (3, 3, "CLOSED"), (3, 2, "CLOSED"), (3, 1, "SYN-SENT"), (3, 4, "SYN-SENT"), (11, 0, "SYN-SENT"):
            with self.subTest(kind=kind, code=code):
                self.assertEqual(self.states(syn, self.error(kind, code, syn)), [state])

    def test_quotes_that_tell_nothing(self):
        """RFC 792: the quote is the IP header and 8 bytes of what it carries. None of these is the SYN's."""
        syn = f.handshake()[0]
        for quoted in (
            syn[:27],  # a byte of the acknowledgement's place is lacking
            syn[:12],
            b"",
            b"\x65" + syn[1:],  # version 6
            b"\x44" + syn[1:],  # a header of 16 bytes
            b"\x4f" + syn[1:24],  # options that are not there
            syn[:9] + b"\x11" + syn[10:],  # UDP
            syn[:6] + b"\x00\x10" + syn[8:],  # a later fragment
        ):
            with self.subTest(quoted=quoted):
                self.assertEqual(self.states(syn, self.error(3, 3, quoted)), ["SYN-SENT"])
        self.assertEqual(self.states(syn, f.ipv4(f.SERVER, f.CLIENT, b"\x03\x03\0\0\0", protocol=1)), ["SYN-SENT"])
        self.assertEqual(self.states(syn, self.error(8, 0, syn)), ["SYN-SENT"])  # an echo that holds a segment
        self.assertEqual(self.states(syn, self.error(12, 0, syn)), ["SYN-SENT"])
        syn6 = f.handshake(v6=True)[0]
        for quoted in b"\x45" + syn6[1:], syn6[:6] + b"\x11" + syn6[7:]:
            error = f.ipv6(f.SERVER6, f.CLIENT6, b"\1\4" + b"\0" * 6 + quoted, protocol=58)
            self.assertEqual(self.states(syn6, error, v6=True), ["SYN-SENT"])

    def test_icmpv6(self):
        syn = f.handshake(v6=True)[0]
        for kind, code, state in (1, 4, "CLOSED"), (1, 1, "CLOSED"), (1, 3, "SYN-SENT"), (3, 0, "SYN-SENT"):
            with self.subTest(kind=kind, code=code):
                error = f.ipv6(f.SERVER6, f.CLIENT6, bytes([kind, code]) + b"\0" * 6 + syn, protocol=58)
                self.assertEqual(self.states(syn, error, v6=True), [state])


if __name__ == "__main__":
    unittest.main()
