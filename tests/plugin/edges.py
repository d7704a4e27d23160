# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames where it is not plain which TCP segments are in them. What is expected is written by hand."""
import unittest

import suite
from packets import (ACK, FIN, SYN, ethernet, icmp_error, ipv4, ipv6, openflow_packet_in, tcp, udp, write,
                     write_pcapng)

A, B = "10.0.0.1", "10.0.0.2"
OUTER_A, OUTER_B = "192.0.2.1", "192.0.2.2"
A6, B6 = "2001:db8::1", "2001:db8::2"
IPV4, IPV6 = 0x0800, 0x86DD
IP_TCP, IP_IPV4, IP_UDP, IP_GRE, IP_ICMP, IP_ICMP6, IP_IPV6, IP_FRAGMENT = 6, 4, 17, 47, 1, 58, 41, 44
SYN_TEXT = "SYN-SENT,SYN-RECEIVED"


def syn(port=40000, **odd):
    return tcp(A, B, port, 20080, SYN, 1000, **odd)


def syn_ack(port=40000, **odd):
    return tcp(B, A, 20080, port, SYN | ACK, 5000, 1001, **odd)


def plain(segment, src=A, dst=B):
    return ethernet(IPV4, ipv4(src, dst, IP_TCP, segment))


class Edges(unittest.TestCase):
    names = ["tcpstate.stream", "tcpstate.src.role", "tcpstate.state", "tcpstate.event"]

    def said(self, *frames, names=None, by_command=True):
        """What the plugin says, in one pass as in two, and what the command says too."""
        path = suite.wireshark.folder / "edge.pcap"
        write(path, frames)
        path.chmod(0o644)
        names = names or self.names
        once = suite.wireshark.fields(path, names)
        self.assertEqual(once, suite.wireshark.fields(path, names, "-2"))
        if by_command and suite.options.command:
            self.assertEqual(suite.said_by_command(path, names), once)
        return once

    def frames(self, *frames):
        return list(self.said(*frames))

    def streams(self, *frames):
        return {frame: texts[0] for frame, texts in self.said(*frames, names=["tcpstate.stream"]).items()}

    def test_handshake(self):
        said = self.said(plain(syn()), plain(syn_ack(), B, A))
        self.assertEqual({1: ["0", "client", SYN_TEXT, ""], 2: ["0", "server", "ESTABLISHED,SYN-RECEIVED", ""]}, said)

    def test_quoted_in_icmp(self):
        quoted = ipv4(A, B, IP_TCP, syn())
        self.assertEqual([1], self.frames(
            plain(syn()), ethernet(IPV4, ipv4(B, A, IP_ICMP, icmp_error(11, 0, quoted)))))

    def test_quoted_in_icmpv6(self):
        segment = tcp(A6, B6, 40000, 20080, SYN, 1000)
        quoted = ipv6(A6, B6, IP_TCP, segment)
        self.assertEqual([1], self.frames(
            ethernet(IPV6, ipv6(A6, B6, IP_TCP, segment)),
            ethernet(IPV6, ipv6(B6, A6, IP_ICMP6, icmp_error(3, 0, quoted)))))

    def test_fragments(self):
        segment = syn(payload=bytes(80))
        first = ethernet(IPV4, ipv4(A, B, IP_TCP, segment[:64], id=9, fragment=0x2000))
        last = ethernet(IPV4, ipv4(A, B, IP_TCP, segment[64:], id=9, fragment=8))
        self.assertEqual([2], self.frames(first, last))
        self.assertEqual([], self.frames(first))

    def test_addresses_of_a_reassembled_segment(self):
        segment = syn(payload=bytes(80))
        first = ethernet(IPV4, ipv4(A, B, IP_TCP, segment[:64], id=9, fragment=0x2000))
        last = ethernet(IPV4, ipv4(A, B, IP_TCP, segment[64:], id=9, fragment=8))
        self.assertEqual({2: "0", 3: "0"}, self.streams(first, last, plain(syn_ack(), B, A)))

    def test_tunnels(self):
        inner = ipv4(A, B, IP_TCP, syn())
        gre = bytes.fromhex("00000800")
        vxlan = bytes.fromhex("0800000000002a00")
        self.assertEqual([1, 2, 3, 4], self.frames(
            ethernet(IPV4, ipv4(OUTER_A, OUTER_B, IP_IPV4, inner)),
            ethernet(IPV4, ipv4(OUTER_A, OUTER_B, IP_GRE, gre + inner)),
            ethernet(IPV4, ipv4(OUTER_A, OUTER_B, IP_UDP, udp(50000, 4789, vxlan + ethernet(IPV4, inner)))),
            ethernet(IPV6, ipv6(A6, B6, IP_IPV4, inner))))

    def test_addresses_in_a_tunnel_are_the_inner_ones(self):
        there = ethernet(IPV4, ipv4(OUTER_A, OUTER_B, IP_IPV4, ipv4(A, B, IP_TCP, syn())))
        # The answer takes another way: only the inner addresses tell that it is one.
        back = ethernet(IPV4, ipv4("192.0.2.3", "192.0.2.4", IP_IPV4, ipv4(B, A, IP_TCP, syn_ack())))
        self.assertEqual({1: "0", 2: "0"}, self.streams(there, back))

    def test_ipv4_in_ipv6_and_ipv6_in_ipv4(self):
        segment = tcp(A6, B6, 40000, 20080, SYN, 1000)
        answer = tcp(B6, A6, 20080, 40000, SYN | ACK, 5000, 1001)
        self.assertEqual({1: "0", 2: "0"}, self.streams(
            ethernet(IPV4, ipv4(OUTER_A, OUTER_B, IP_IPV6, ipv6(A6, B6, IP_TCP, segment))),
            ethernet(IPV4, ipv4(OUTER_B, OUTER_A, IP_IPV6, ipv6(B6, A6, IP_TCP, answer)))))

    def test_two_segments_in_one_frame(self):
        """The outer connection is a switch's to its controller, the inner one what the switch asks about."""
        def outer(flags, seq, ack=0, payload=b""):
            return plain(tcp(OUTER_A, OUTER_B, 50001, 6633, flags, seq, ack, payload), OUTER_A, OUTER_B)

        def outer_back(flags, seq, ack=0):
            return plain(tcp(OUTER_B, OUTER_A, 6633, 50001, flags, seq, ack), OUTER_B, OUTER_A)

        said = self.said(
            outer(SYN, 100), outer_back(SYN | ACK, 900, 101), outer(ACK, 101, 901),
            outer(ACK, 101, 901, openflow_packet_in(plain(syn()))),
            outer_back(ACK, 901, 101 + 18 + 54),
            names=["tcpstate.stream", "tcpstate.src.role", "tcpstate.state"],
            by_command=False)  # it does not look into what TCP carries
        self.assertEqual(["0,1", "client,client", "ESTABLISHED,ESTABLISHED," + SYN_TEXT], said[4])
        self.assertEqual(["0", "server", "ESTABLISHED,ESTABLISHED"], said[5])

    def test_cut_frames(self):
        whole = plain(syn(payload=bytes(100)))
        self.assertEqual({1: ["0", "client", SYN_TEXT, ""]}, self.said((whole[:54], len(whole))))
        self.assertEqual([], self.frames((whole[:53], len(whole))))
        self.assertEqual([], self.frames((whole[:40], len(whole))))

    def test_payload_length_of_a_cut_frame_is_the_one_sent(self):
        data = plain(tcp(A, B, 40000, 20080, ACK, 1001, 5001, bytes(100)))
        answer = plain(tcp(B, A, 20080, 40000, ACK, 5001, 1101), B, A)
        events = self.said(plain(syn()), plain(syn_ack(), B, A), (data[:54], len(data)), answer)[4][3]
        self.assertNotIn("capture-gap", events)

    def test_frame_cut_by_a_tool_that_forgets_its_length(self):
        """The IP header still knows how long the segment was: the answer acknowledges nothing unseen."""
        data = tcp(A, B, 40000, 20080, ACK, 1001, 5001, bytes(100))[:20]
        said = self.said(plain(syn()), plain(syn_ack(), B, A), ethernet(IPV4, ipv4(A, B, IP_TCP, data, length=140)),
                         plain(tcp(B, A, 20080, 40000, ACK, 5001, 1101), B, A))
        self.assertNotIn("capture-gap", said[4][3])

    def test_malformed_headers(self):
        self.assertEqual([], self.frames(plain(syn(offset=4)), plain(syn(offset=0)), plain(syn(offset=15)),
                                         plain(syn()[:12])))

    def test_bad_checksum(self):
        said = self.said(plain(syn(sum=0x1234)), plain(syn(port=40001, sum=0)), plain(syn(port=40002)))
        self.assertEqual([True, False, False], ["bad-checksum" in texts[3] for texts in said.values()])

    def test_checksum_left_to_the_card(self):
        segment = syn()
        addresses = bytes([10, 0, 0, 1, 10, 0, 0, 2])
        total = sum(addresses[i] << 8 | addresses[i + 1] for i in range(0, 8, 2)) + 6 + len(segment)
        self.assertNotIn("bad-checksum", self.said(plain(syn(sum=total)))[1][3])

    def test_same_tuple_on_two_vlans(self):
        def on(vlans, segment, src=A, dst=B):
            return ethernet(IPV4, ipv4(src, dst, IP_TCP, segment), vlans)

        self.assertEqual({1: "0", 2: "1", 3: "1", 4: "0", 5: "2"}, self.streams(
            on([10], syn()), on([20], syn()), on([20], syn_ack(), B, A), on([10], syn_ack(), B, A),
            on([10, 20], syn())))

    def test_vlan_inside_a_tunnel(self):
        def inside(vlans, segment, src=A, dst=B):
            vxlan = bytes.fromhex("0800000000002a00") + ethernet(IPV4, ipv4(src, dst, IP_TCP, segment), vlans)
            return ethernet(IPV4, ipv4(OUTER_A, OUTER_B, IP_UDP, udp(50000, 4789, vxlan)))

        self.assertEqual({1: "0", 2: "1", 3: "1", 4: "0"}, self.streams(
            inside([10], syn()), inside([20], syn()), inside([20], syn_ack(), B, A), inside([10], syn_ack(), B, A)))

    def test_refused_by_icmp(self):
        """Port unreachable, RFC 1122 4.2.3.9: a hard error that quotes the SYN ends the attempt."""
        quoted = ipv4(A, B, IP_TCP, syn())
        refused = ethernet(IPV4, ipv4(B, A, IP_ICMP, icmp_error(3, 3, quoted)))
        again = plain(tcp(A, B, 40000, 20080, SYN, 9000))
        names = ["tcpstate.stream", "tcpstate.client.previous", "tcpstate.client.state"]
        self.assertEqual(["1", "CLOSED", "SYN-SENT"], self.said(plain(syn()), refused, again, names=names)[3])
        outcome = suite.wireshark.fields(suite.wireshark.folder / "edge.pcap", ["tcpstate.conn.outcome"], "-2")
        self.assertEqual(["refused"], outcome[1])

    def test_ethernet_trailer_is_no_payload(self):
        frame = plain(syn()) + bytes(6)
        data = plain(tcp(A, B, 40000, 20080, ACK, 1001, 5001)) + bytes(6)
        last = plain(tcp(A, B, 40000, 20080, ACK, 1001, 5001, b"x"))
        said = self.said(frame, plain(syn_ack(), B, A), data, last)
        self.assertEqual(["", ""], [said[4][3], said[1][3]])

    def test_time_beyond_64_bits_of_nanoseconds(self):
        """The year 2554: TIME-WAIT is over for long, and any SYN begins anew (RFC 9293 3.6.1)."""
        far = ((1 << 64) // 10**9 + 1) * 10**6  # microseconds; as 64 bits of nanoseconds it would be in the first second
        there = [plain(syn()), plain(syn_ack(), B, A), plain(tcp(A, B, 40000, 20080, ACK, 1001, 5001)),
                 plain(tcp(A, B, 40000, 20080, FIN | ACK, 1001, 5001)),
                 plain(tcp(B, A, 20080, 40000, FIN | ACK, 5001, 1002), B, A),
                 plain(tcp(A, B, 40000, 20080, ACK, 1002, 5002))]
        late = plain(tcp(A, B, 40000, 20080, SYN, 500))
        names = ["tcpstate.stream", "tcpstate.client.state"]
        path = suite.wireshark.folder / "far.pcapng"
        write_pcapng(path, [(number, frame) for number, frame in enumerate(there)] + [(far, late)])
        path.chmod(0o644)
        said = suite.wireshark.fields(path, names)
        self.assertEqual(said, suite.said_by_command(path, names))
        self.assertEqual([["0", "TIME-WAIT"], ["1", "SYN-SENT"]], [said[6], said[7]])

    def test_atomic_fragment(self):
        fragment = bytes([IP_TCP, 0, 0, 0, 0, 0, 0, 9])
        self.assertEqual([1], self.frames(
            ethernet(IPV6, ipv6(A6, B6, IP_FRAGMENT, fragment + tcp(A6, B6, 40000, 20080, SYN, 1000)))))


if __name__ == "__main__":
    suite.main()
