# SPDX-License-Identifier: GPL-2.0-or-later
"""`tcpstate compare` from outside. What is expected is read from the captures by hand, or from RFC 9293."""
import csv
import io
import ipaddress
import json
import os
import random
import struct
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import support
from support import SAMPLES

SYN, FIN, RST, PSH, ACK = 2, 1, 4, 8, 16
CLIENT, SERVER, OUTSIDE = ("192.0.2.1", 40000), ("198.51.100.2", 80), ("203.0.113.9", 61234)
S = 10**9


def address(text):
    return bytes(int(part) for part in text.split("."))


def frame(source, target, flags, seq, ack=0, payload=b"", ttl=64, ip_id=0, options=b"", window=500):
    tcp = struct.pack(">HHIIBBHHH", source[1], target[1], seq, ack, (5 + len(options) // 4) << 4, flags, window, 0, 0)
    tcp += options + payload
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), ip_id, 0x4000, ttl, 6, 0) + address(source[0]) + address(
        target[0]) + tcp


def tcp_of(packet):
    return packet[20:]


def ipv6_frame(source, target, tcp, hop_limit=64):
    """The same segment in IPv6. Addresses as text."""
    return struct.pack(">IHBB", 6 << 28, len(tcp), 6, hop_limit) + ipaddress.ip_address(
        source).packed + ipaddress.ip_address(target).packed + tcp


def vlan_frame(packet, number):
    return bytes(12) + struct.pack(">HHH", 0x8100, number, 0x0800) + packet


def vxlan_frame(packet):
    """In Ethernet in VXLAN (RFC 7348) in UDP, between two hosts of the provider."""
    inner = struct.pack(">II", 0x08000000, 42 << 8) + bytes(12) + b"\x08\x00" + packet
    udp = struct.pack(">HHHH", 50000, 4789, 8 + len(inner), 0) + inner
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 7, 0x4000, 64, 17, 0) + address("10.9.0.1") + address(
        "10.9.0.2") + udp


def pcap(frames, link=101, snap=60):
    """Of (time in ns, bytes), LINKTYPE_RAW; cut after 60 bytes, so that no checksum can be told to be wrong."""
    data = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, snap, link)
    for time, packet in frames:
        data += struct.pack("<IIII", time // S, time % S, min(len(packet), snap), len(packet) + 1) + packet[:snap]
    return data


class CompareTest(support.CommandTest):
    def compare(self, a, b, *options):
        out, _ = self.run_command("compare", "-T", "csv", *options, a, b)
        return list(csv.DictReader(io.StringIO(out)))

    def pair(self, at_a, at_b, *options):
        return self.compare(self.file("a.pcap", pcap(at_a)), self.file("b.pcap", pcap(at_b)), *options)

    def handshake(self, client=CLIENT, ttl=(64, 64), delay=S // 100, start=S):
        """Of a connection with delay in each direction, as (at A, at B) with A at the client."""
        segments = [(0, SYN, 100, 0), (1, SYN | ACK, 900, 101), (0, ACK, 101, 901)]
        a, b = [], []
        for i, (sender, flags, seq, ack) in enumerate(segments):
            left = start + i * delay
            near = (CLIENT, SERVER) if sender == 0 else (SERVER, CLIENT)
            far = (client, SERVER) if sender == 0 else (SERVER, client)
            at_a, at_b = (left, left + delay) if sender == 0 else (left + delay, left)
            a.append((at_a, frame(*near, flags, seq, ack, ip_id=i + 1, ttl=ttl[0] if sender == 0 else ttl[1])))
            b.append((at_b, frame(*far, flags, seq, ack, ip_id=i + 1, ttl=ttl[1] if sender == 0 else ttl[0])))
        return a, b


class Seed(CompareTest):
    """The close that both ends saw, with a NAT between. By hand: B minus A is +44.346 and +6.201 ms from the client,
    -25.512 ms from the server; the middle of the two closest is -9.6555 ms, and 15.8565 ms are left for each way."""

    def check(self, rows):
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 3)
        self.assertEqual([(row["frame_a"], row["frame_b"]) for row in rows], [("1", "1"), ("2", "2"), ("3", "3")])
        self.assertEqual([row["from"] for row in rows], ["client", "server", "client"])
        self.assertEqual([row["src_b"] for row in rows],
                         ["114.242.249.148:58188", "172.17.51.219:443", "114.242.249.148:58188"])
        self.assertEqual([row["delay"][:8] for row in rows], ["0.054001", "0.015856", "0.015856"])
        self.assertEqual([row["client_state"] for row in rows], ["FIN-WAIT-1", "TIME-WAIT", "TIME-WAIT"])
        self.assertEqual([row["server_state"] for row in rows], ["CLOSE-WAIT", "LAST-ACK", "CLOSED"])
        self.assertEqual({row["client_proof"] + row["server_proof"] for row in rows}, {"AB"})

    def test_text(self):
        self.check(self.compare(*(os.path.join(SAMPLES, "seed", f"close-{end}-side.tcpdump")
                                  for end in ("client", "server"))))

    def test_capture(self):
        self.check(self.compare(*(os.path.join(SAMPLES, f"close-{end}-side.pcap") for end in ("client", "server"))))

    def test_text_against_capture(self):
        self.check(self.compare(os.path.join(SAMPLES, "seed", "close-client-side.tcpdump"),
                                os.path.join(SAMPLES, "close-server-side.pcap")))

    def test_json_has_the_same_rows(self):
        files = [os.path.join(SAMPLES, f"close-{end}-side.pcap") for end in ("client", "server")]
        out, _ = self.run_command("compare", "-T", "json", *files)
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([{name: str(value) for name, value in row.items()}.keys() for row in rows],
                         [{name: value for name, value in row.items() if value}.keys()
                          for row in self.compare(*files)])
        self.assertEqual([row["frame_b"] for row in rows], [1, 2, 3])


class Nat(CompareTest):
    """Recorded through nftables by record_nat.sh: masquerading, the MSS clamped, segments dropped, a connection cut."""

    def setUp(self):
        super().setUp()
        folder = os.environ.get("TCPSTATE_NAT", SAMPLES)
        self.rows = self.compare(*(os.path.join(folder, f"nat-{end}-side.pcap") for end in ("client", "server")))

    def test_everything_is_in_both(self):
        self.assertEqual({row["connection"] for row in self.rows}, {"0", "1"})
        self.assertEqual({row["src_b"].split(":")[0] for row in self.rows}, {"198.51.100.1", "198.51.100.80"})

    def test_clamped_mss(self):
        self.assertEqual([row["flags"] for row in self.rows if "mss" in row["changes"].split("|")],
                         ["S", "SA", "S", "SA"])

    def test_drops(self):
        """Every sixth of the client's segments to port 8001 but SYN, FIN and RST: the 4th, 10th, 16th."""
        sent = [row["verdict"] for row in self.rows
                if row["connection"] == "0" and row["from"] == "client" and not set("SFR") & set(row["flags"])]
        self.assertEqual(sent, ["lost" if i % 6 == 3 else "both" for i in range(len(sent))])

    def test_the_router_sent_the_reset(self):
        resets = [(row["from"], row["verdict"]) for row in self.rows if "R" in row["flags"]]
        self.assertEqual(resets, [("client", "injected"), ("server", "both")])


class Picture(CompareTest):
    def test_the_one_in_the_docs(self):
        files = [os.path.join(SAMPLES, f"nat-{end}-side.pcap") for end in ("client", "server")]
        out, _ = self.run_command("compare", "-T", "svg", "--stream", "1", *files)
        with open(os.path.join(support.ROOT, "docs", "pictures", "compare.svg"), encoding="utf-8") as picture:
            self.assertEqual(picture.read(), out)
        self.assertEqual((out.count("<circle"), out.count("l10 10m0 -10l-10 10")), (1, 1))


class Explained(CompareTest):
    """Who sent that reset, and did the other side get it?"""

    def explain(self, a, b, *options):
        out, _ = self.run_command("compare", "--explain", *options, self.file("a.pcap", pcap(a)),
                                  self.file("b.pcap", pcap(b)))
        return " ".join(out.split())

    def test_reset_by_something_between(self):
        a, b = self.handshake()
        hello = frame(SERVER, CLIENT, PSH | ACK, 901, 101, b"x" * 9, ip_id=5)  # it has taken the handshake's last ACK
        data = frame(CLIENT, SERVER, PSH | ACK, 101, 910, b"x" * 9, ip_id=9)
        a += [(S + S // 12, hello), (S + S // 5, data)]
        b += [(S + S // 12 - S // 100, hello), (S + S // 10, frame(CLIENT, SERVER, RST, 101, ip_id=77, ttl=61)),
              (S + S // 5 + S // 100, data)]
        out = self.explain(a, b)
        self.assertIn("The client did not send this reset: it came to B but never passed A.", out)
        self.assertIn("A was capturing then, as its frames 4 and 5 of this connection show, and has no such segment.", out)
        self.assertIn("Its TTL at B is 61, where the client's others have 64: another sender may have made it.", out)
        self.assertIn("The server got it, for it came to the tap next to it, and is CLOSED.", out)
        self.assertIn("server: CLOSED, observed; proof is frame 5 of B.", out)
        self.assertIn("client: ESTABLISHED, observed; proof is frame 4 of A.", out)
        self.assertIn("Reset (frame 5 of B): not sent by the client, but by something between A and B in its name", out)

    def test_reset_by_the_endpoint(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(CLIENT, SERVER, RST, 101, ip_id=77)))
        b.append((S + S // 10 + S // 100, frame(CLIENT, SERVER, RST, 101, ip_id=77)))
        out = self.explain(a, b)
        self.assertIn("It passed A and came to B 10.000 ms later. The client itself sent this reset", out)
        self.assertIn("Grounds: frame 4 of A and frame 4 of B are the same segment.", out)
        self.assertIn("Reset (frame 4 of A): sent by the client; it came to the server.", out)
        self.assertNotIn("TTL", out)

    def test_reset_that_was_lost(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(CLIENT, SERVER, RST, 101, ip_id=77)))
        out = self.explain(a, b)
        self.assertIn("The client sent this reset, but the other side never got it.", out)
        self.assertIn("Reset (frame 4 of A): sent by the client; the server never got it.", out)
        self.assertIn("From the client: 3 segments, 1 lost between the two, 0 made between them.", out)
        self.assertIn("In the end: client: CLOSED, observed; proof is frame 4 of A. server: ESTABLISHED", out)

    def test_reset_behind_a_router(self):
        """A tap that is not next to the host proves neither who sent it nor that it came."""
        a, b = self.handshake(ttl=(63, 62))
        a.append((S + S // 10, frame(CLIENT, SERVER, RST, 101, ip_id=77, ttl=63)))
        b.append((S + S // 10 + S // 100, frame(CLIENT, SERVER, RST, 101, ip_id=77, ttl=62)))
        out = self.explain(a, b)
        self.assertIn("passes A with TTL 63, with which no host begins", out)
        self.assertIn("Whether the server got it is not proven: B is not next to it.", out)
        self.assertIn("neither the sender nor the arrival is proven", out)

    def test_reset_that_need_not_be_obeyed(self):
        """RFC 9293 3.10.7.4: outside the window it is dropped."""
        a, b = self.handshake()
        for capture, time in (a, S + S // 10), (b, S + S // 10 + S // 100):
            capture.append((time, frame(CLIENT, SERVER, RST, 101 + (1 << 30), ip_id=77)))
        out = self.explain(a, b)
        self.assertIn("The server got it, for it came to the tap next to it, but is still in ESTABLISHED", out)

    def test_the_rest_is_told_as_one(self):
        a, b = self.handshake()
        for i in range(30):
            packet = frame(CLIENT, SERVER, PSH | ACK, 101 + 10 * i, 901, b"x" * 10, ip_id=10 + i)
            a.append((S + S // 10 * (i + 1), packet))
            b.append((S + S // 10 * (i + 1) + S // 100, packet))
        out = self.explain(a, b)
        self.assertIn("[A 4-33, B 4-33] 30 segments came across, with 300 bytes from the client and 0 bytes from the server. "
                      "They took 10.000 to 10.000 ms.", out)

    def test_chinese(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(CLIENT, SERVER, RST, 101, ip_id=77)))
        out = self.explain(a, b, "--lang", "zh")
        self.assertIn("复位（A 的第 4 帧）：由客户端发送，服务器没有收到。", out)

    def test_what_it_goes_with(self):
        _, errors = self.run_command("explain", "--explain", "x.pcap", code=2)
        self.assertIn("--explain needs the command compare", errors)
        self.run_command("compare", "--explain", "-T", "csv", "x.pcap", "y.pcap", code=2)


class Verdicts(CompareTest):
    def test_lost(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(CLIENT, SERVER, PSH | ACK, 101, 901, b"x" * 20, ip_id=9)))
        rows = self.pair(a, b)
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 3 + ["lost"])
        self.assertEqual((rows[3]["frame_a"], rows[3]["frame_b"]), ("4", ""))

    def test_reset_by_something_between(self):
        a, b = self.handshake()
        b.append((S + S // 10, frame(CLIENT, SERVER, RST, 101, ip_id=77, ttl=61)))
        rows = self.pair(a, b)
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 3 + ["injected"])
        self.assertEqual((rows[3]["client_state"], rows[3]["server_state"]), ("ESTABLISHED", "CLOSED"))
        out, _ = self.run_command("compare", self.file("a.pcap", pcap(a)), self.file("b.pcap", pcap(b)))
        self.assertIn("The client did not send this reset", out)

    def test_reset_by_the_endpoint(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(CLIENT, SERVER, RST, 101, ip_id=77)))
        b.append((S + S // 10 + S // 100, frame(CLIENT, SERVER, RST, 101, ip_id=77)))
        rows = self.pair(a, b)
        self.assertEqual(rows[3]["verdict"], "both")
        out, _ = self.run_command("compare", self.file("a.pcap", pcap(a)), self.file("b.pcap", pcap(b)))
        self.assertIn("The client itself sent this reset", out)

    def exchange(self, segments):
        """A handshake and then (sender, flags, seq, ack, size), 20 ms apart, 10 ms on the way."""
        a, b = self.handshake()
        time = S + S // 10
        for i, (sender, flags, seq, ack, size) in enumerate(segments):
            ends = (CLIENT, SERVER) if sender == 0 else (SERVER, CLIENT)
            packet = frame(*ends, flags, seq, ack, bytes([i]) * size, ip_id=9 + i)
            near, far = (a, b) if sender == 0 else (b, a)
            near.append((time, packet))
            far.append((time + S // 100, packet))
            time += S // 50
        return a, b

    def test_missed_by_the_capture_at_the_receiver(self):
        a, b = self.exchange([(0, PSH | ACK, 101, 901, 20), (1, ACK, 901, 121, 0)])
        del b[3]
        self.assertEqual([row["verdict"] for row in self.pair(a, b)], ["both"] * 3 + ["missed", "both"])

    def test_missed_by_the_capture_at_the_sender(self):
        a, b = self.exchange([(0, ACK, 101, 901, 20), (0, ACK, 121, 901, 20), (1, ACK, 901, 141, 0)])
        del a[3]
        self.assertEqual([row["verdict"] for row in self.pair(a, b)],
                         ["both"] * 3 + ["missed", "both", "both"])

    def test_lost_and_sent_again_is_not_missed(self):
        a, b = self.exchange([(0, ACK, 101, 901, 20), (0, ACK, 101, 901, 20), (1, ACK, 901, 121, 0)])
        del b[3]
        self.assertEqual([row["verdict"] for row in self.pair(a, b)],
                         ["both"] * 3 + ["lost", "both", "both"])

    def test_forged_data_is_not_missed(self):
        a, b = self.exchange([(0, ACK, 101, 901, 20), (1, ACK, 901, 121, 0)])
        del a[3]
        self.assertEqual([row["verdict"] for row in self.pair(a, b)], ["both"] * 3 + ["injected", "both"])

    def test_copy(self):
        a, b = self.handshake()
        b.insert(1, (b[0][0] + 1000, b[0][1]))
        rows = self.pair(a, b)
        self.assertEqual(sorted(row["verdict"] for row in rows), ["both"] * 3 + ["duplicated"])

    def test_overtaken(self):
        a, b = self.handshake()
        for i, (left, came) in enumerate(((100, 140), (101, 120))):
            packet = frame(CLIENT, SERVER, ACK, 101 + 20 * i, 901, bytes([i]) * 20, ip_id=20 + i)
            a.append((S + left * S // 1000, packet))
            b.append((S + came * S // 1000, packet))
        b.sort()
        rows = self.pair(a, b)
        self.assertEqual([row["changes"] for row in rows], ["", "", "", "reordered", ""])

    def test_clamped_mss_and_stripped_options(self):
        a, b = self.handshake()
        mss = b"\x02\x04\x05\xb4" + b"\x01\x03\x03\x07"
        a[0] = (a[0][0], frame(CLIENT, SERVER, SYN, 100, ip_id=1, options=mss))
        b[0] = (b[0][0], frame(CLIENT, SERVER, SYN, 100, ip_id=1, options=b"\x02\x04\x05\x00"))
        self.assertEqual(self.pair(a, b)[0]["changes"], "mss|options")

    def test_split_by_offload(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(CLIENT, SERVER, PSH | ACK, 101, 901, b"y" * 3000, ip_id=30)))
        for i in range(2):
            b.append((S + S // 9 + i, frame(CLIENT, SERVER, ACK, 101 + 1500 * i, 901, b"y" * 1500, ip_id=30 + i)))
        rows = self.pair(a, b)
        self.assertEqual([(row["frame_a"], row["frame_b"], row["verdict"]) for row in rows[3:]],
                         [("4", "4", "split"), ("4", "5", "split")])

    def test_merged_by_offload_of_the_receiver(self):
        a, b = self.handshake()
        for i in range(2):
            a.append((S + S // 10 + i, frame(CLIENT, SERVER, ACK, 101 + 1500 * i, 901, b"y" * 1500, ip_id=30 + i)))
        b.append((S + S // 9, frame(CLIENT, SERVER, ACK, 101, 901, b"y" * 3000, ip_id=30)))
        rows = self.pair(a, b)
        self.assertEqual([(row["frame_a"], row["frame_b"], row["verdict"]) for row in rows[3:]],
                         [("4", "4", "merged"), ("5", "4", "merged")])

    def test_ends_told_by_time_whatever_the_order_of_the_files(self):
        a, b = self.handshake()
        rows = self.pair(b, a)
        self.assertEqual([row["from_tap"] for row in rows], ["B", "A", "B"])

    def test_another_connection_is_in_one_only(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(("192.0.2.7", 5555), SERVER, SYN, 12345)))
        out, _ = self.run_command("compare", self.file("a.pcap", pcap(a)), self.file("b.pcap", pcap(b)))
        self.assertIn("1 connection only here", out.splitlines()[0])
        self.assertEqual(len(self.pair(a, b)), 3)

    def test_address_and_port_changed(self):
        rows = self.pair(*self.handshake(client=OUTSIDE))
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 3)
        self.assertEqual((rows[0]["src_a"], rows[0]["src_b"]), ("192.0.2.1:40000", "203.0.113.9:61234"))


class OnTheWay(CompareTest):
    """What may lie between two taps, beyond loss."""

    def with_data(self, change=lambda packet: packet, **ends):
        """A handshake, 4 segments of data and their acknowledgements; `change` is applied to what B sees of the client."""
        a, b = self.handshake(**ends)
        for i in range(4):
            data = frame(CLIENT, SERVER, PSH | ACK, 101 + 10 * i, 901, b"0123456789", ip_id=10 + i)
            ack = frame(SERVER, CLIENT, ACK, 901, 111 + 10 * i, ip_id=20 + i)
            time = S + S // 10 * (i + 1)
            a += [(time, data), (time + S // 50, ack)]
            b += [(time + S // 100, change(data)), (time + S // 100, ack)]
        return a, b

    def test_window_rewritten(self):
        a, b = self.with_data(lambda packet: packet[:34] + struct.pack(">H", 400) + packet[36:])
        rows = self.pair(a, b)
        self.assertEqual({row["verdict"] for row in rows}, {"both"})
        self.assertEqual([row["changes"] for row in rows if "P" in row["flags"]], ["window"] * 4)

    def test_distance_by_ttl(self):
        def ttl(packet, value):
            return packet[:8] + bytes([value]) + packet[9:]

        a, b = self.with_data(lambda packet: ttl(packet, 61), ttl=(64, 61))
        out, _ = self.run_command("compare", self.file("a.pcap", pcap(a)), self.file("b.pcap", pcap(b)))
        self.assertIn("on the way, TTL -3", out)
        b[5] = (b[5][0], ttl(b[5][1], 58))  # one by another way
        self.assertEqual([row["changes"] for row in self.pair(a, b) if "P" in row["flags"]], ["", "ttl", "", ""])

    def test_numbers_moved_by_a_constant(self):
        """By a firewall that makes up initial numbers, with neither time stamps nor anything to tell the payload."""
        def move(time, packet):
            at = 24 if packet[12:16] == address(CLIENT[0]) else 28
            number = struct.unpack(">I", packet[at : at + 4])[0]
            return time, packet if number == 0 else packet[:at] + struct.pack(">I", number + 77777) + packet[at + 4 :]

        a, b = self.with_data()
        rows = self.pair(a, [move(*one) for one in b])
        self.assertEqual({row["verdict"] for row in rows}, {"both"})
        self.assertEqual({int(row["seq_b"]) - int(row["seq_a"]) for row in rows if row["from"] == "client"}, {77777})
        self.assertEqual(len(rows), 11)

    def test_load_balancer(self):
        """Two connections to one address, each led to a server of its own."""
        a, b = [], []
        for i in range(2):
            near, far = self.with_data()
            port = struct.pack(">H", CLIENT[1] + i)
            for capture, packets, server in (a, near, SERVER[0]), (b, far, f"10.0.0.{i + 1}"):
                for time, packet in packets:
                    forth = packet[12:16] == address(CLIENT[0])
                    seq, ack = struct.unpack(">II", packet[24:32])
                    packet = packet[:24] + struct.pack(">II", seq + 5000 * i, ack + 5000 * i * (ack > 0)) + packet[32:]
                    if forth:
                        packet = packet[:16] + address(server) + port + packet[22:]
                    else:
                        packet = packet[:12] + address(server) + packet[16:22] + port + packet[24:]
                    capture.append((time + i * 1000, packet))
        rows = self.pair(sorted(a), sorted(b))
        self.assertEqual({row["verdict"] for row in rows}, {"both"})
        self.assertEqual({(row["dst_a"], row["dst_b"]) for row in rows if row["from"] == "client"},
                         {("198.51.100.2:80", "10.0.0.1:80"), ("198.51.100.2:80", "10.0.0.2:80")})

    def test_from_ipv6_to_ipv4(self):
        """NAT64 (RFC 6146): other addresses of another length, the rest as it was."""
        def as_ipv6(time, packet):
            ends = ("2001:db8::1", "64:ff9b::c633:6402")
            forth = packet[12:16] == address(CLIENT[0])
            return time, ipv6_frame(*(ends if forth else ends[::-1]), tcp_of(packet))

        a, b = self.with_data()
        rows = self.compare(self.file("a.pcap", pcap([as_ipv6(*one) for one in a], snap=80)),
                            self.file("b.pcap", pcap(b)))
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 11)
        self.assertEqual((rows[0]["src_a"], rows[0]["src_b"]), ("[2001:db8::1]:40000", "192.0.2.1:40000"))
        self.assertEqual({row["changes"] for row in rows} - {"", "ip-id"}, set())

    def test_vlan_at_one_side(self):
        a, b = self.with_data()
        rows = self.compare(self.file("a.pcap", pcap([(t, vlan_frame(p, 12)) for t, p in a], link=1, snap=80)),
                            self.file("b.pcap", pcap(b)))
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 11)

    def test_tunnel_at_one_side(self):
        a, b = self.with_data()
        rows = self.compare(self.file("a.pcap", pcap(a)),
                            self.file("b.pcap", pcap([(t, vxlan_frame(p)) for t, p in b], snap=200)))
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 11)

    def test_order_and_copies_at_once(self):
        """The second is overtaken by the third, the fourth comes twice."""
        a, b = self.with_data()
        data = [i for i, (_, packet) in enumerate(b) if packet[33] & PSH]
        late = (b[data[2]][0] + S // 1000, b[data[1]][1])
        again = (b[data[3]][0] + S // 1000, b[data[3]][1])
        b = sorted([one for i, one in enumerate(b) if i != data[1]] + [late, again])
        rows = [row for row in self.pair(a, b) if "P" in row["flags"]]
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 4 + ["duplicated"])
        self.assertEqual([row["changes"] for row in rows], ["", "reordered", "", "", ""])


class Proof(CompareTest):
    """What has come to an endpoint's own tap has come to it: no other state is possible any more."""

    def test_fin_that_came(self):
        a, b = self.handshake()
        time = S + S // 10
        for i, (sender, flags, seq, ack, size) in enumerate(
                ((0, PSH | ACK, 101, 901, 20), (1, ACK, 901, 121, 0), (0, FIN | ACK, 121, 901, 0), (1, ACK, 901, 122, 0))):
            ends = (CLIENT, SERVER) if sender == 0 else (SERVER, CLIENT)
            packet = frame(*ends, flags, seq, ack, b"x" * size, ip_id=9 + i)
            near, far = (a, b) if sender == 0 else (b, a)
            near.append((time, packet))
            far.append((time + S // 100, packet))
            time += S // 50
        rows = self.pair(a, b)
        self.assertEqual((rows[3]["server_possible"], rows[3]["server_certainty"]),
                         ("ESTABLISHED|SYN-RECEIVED", "assumed"))  # its queue may have been full
        self.assertEqual((rows[5]["server_possible"], rows[5]["server_certainty"], rows[5]["server_proof"]),
                         ("CLOSE-WAIT", "observed", "B"))
        self.assertEqual((rows[6]["client_possible"], rows[6]["client_proof"]), ("FIN-WAIT-2", "A"))

    def test_tap_behind_a_router_proves_nothing(self):
        a, b = self.handshake(ttl=(63, 62))
        packet = frame(CLIENT, SERVER, FIN | ACK, 101, 901, ip_id=9, ttl=63)
        a.append((S + S // 10, packet))
        b.append((S + S // 9, packet))
        row = self.pair(a, b)[3]
        self.assertEqual((row["server_state"], row["server_certainty"]), ("CLOSE-WAIT", "assumed"))
        self.assertIn("ESTABLISHED", row["server_possible"])

    def test_fin_that_was_lost(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(CLIENT, SERVER, FIN | ACK, 101, 901, ip_id=9)))
        row = self.pair(a, b)[3]
        self.assertEqual((row["verdict"], row["client_state"], row["server_state"]),
                         ("lost", "FIN-WAIT-1", "ESTABLISHED"))


def packets_of(data):
    """(interface name, time in ns, comment) of each packet of a pcapng file, which is written in one byte order."""
    at, names, packets = 0, [], []
    while at < len(data):
        kind, size = struct.unpack("<II", data[at : at + 8])
        body = data[at + 8 : at + size - 4]
        if kind == 1:
            names.append(options_of(body[8:])[2].decode())
        elif kind == 6:
            interface, high, low, captured = struct.unpack("<IIII", body[:16])
            comment = options_of(body[20 + (captured + 3) // 4 * 4 :]).get(1, b"").decode()
            packets.append((names[interface], high << 32 | low, comment))
        at += size
    return packets


def options_of(data):
    options, at = {}, 0
    while at + 4 <= len(data):
        code, size = struct.unpack("<HH", data[at : at + 4])
        options[code] = data[at + 4 : at + 4 + size]
        at += 4 + (size + 3) // 4 * 4
    return options


class Merged(CompareTest):
    def merge(self, a, b):
        merged = os.path.join(self.folder.name, "merged.pcapng")
        self.run_command("compare", "-w", merged, self.file("a.pcap", pcap(a)), self.file("b.pcap", pcap(b)))
        with open(merged, "rb") as file:
            return packets_of(file.read())

    def test_both_taps_by_one_clock(self):
        a, b = self.handshake()
        packets = self.merge(a, [(time + 3 * S, packet) for time, packet in b])
        self.assertEqual([(name, time) for name, time, _ in packets],
                         [("A", S), ("B", S + S // 100), ("B", S + S // 100), ("A", S + S // 50), ("A", S + S // 50),
                          ("B", S + 3 * S // 100)])
        self.assertEqual([comment.split(";")[0] for _, _, comment in packets][:2],
                         ["compare: both, 10.000 ms, frame 1 at B", "compare: both, 10.000 ms, frame 1 at A"])
        self.assertIn("client ESTABLISHED (observed at A); server ESTABLISHED|SYN-RECEIVED (assumed at B)", packets[-1][2])

    def test_lost_and_foreign(self):
        a, b = self.handshake()
        a.append((S + S // 10, frame(CLIENT, SERVER, PSH | ACK, 101, 901, b"x" * 20, ip_id=9)))
        a.append((S + S // 5, frame(("192.0.2.7", 5555), SERVER, SYN, 12345)))
        comments = [comment for _, _, comment in self.merge(a, b)]
        self.assertTrue(comments[-2].startswith("compare: lost;"), comments)
        self.assertEqual(comments[-1], "")

    def test_text_cannot_be_merged(self):
        text = os.path.join(SAMPLES, "seed", "close-client-side.tcpdump")
        self.run_command("compare", "-w", os.path.join(self.folder.name, "m"), text, text, code=2)


class Manners(CompareTest):
    def test_needs_two(self):
        a, _ = self.handshake()
        _, errors = self.run_command("compare", self.file("a.pcap", pcap(a)), code=2)
        self.assertIn("two captures", errors)

    def test_unreadable(self):
        a, _ = self.handshake()
        for name in "/nowhere.pcap", "nowhere":
            _, errors = self.run_command("compare", self.file("a.pcap", pcap(a)), name, code=3)
            self.assertEqual(errors, f"tcpstate: {name}: No such file or directory\n")

    def test_connection_that_is_not_there(self):
        a, b = (self.file(name, pcap(side)) for name, side in zip(("a.pcap", "b.pcap"), self.handshake()))
        _, errors = self.run_command("compare", "--stream", "1", a, b)
        self.assertEqual(errors, "tcpstate: --stream 1: there is no such connection; 1 in both, numbered from 0\n")

    def test_nothing_in_common(self):
        a, _ = self.handshake()
        self.assertEqual(self.pair(a, []), [])
        self.assertEqual(self.pair([], []), [])

    def test_damaged_bytes_never_crash(self):
        rng = random.Random(9)
        a, b = (pcap(side) for side in self.handshake())
        for _ in range(150):
            damaged = bytearray(b)
            for _ in range(rng.randrange(1, 12)):
                damaged[rng.randrange(24, len(damaged))] = rng.randrange(256)
            done = support.subprocess.run(
                [support.COMMAND, "compare", self.file("a.pcap", a), self.file("b.pcap", bytes(damaged))],
                capture_output=True, timeout=60)
            self.assertIn(done.returncode, (0, 1))
            self.assertNotRegex(done.stderr.decode(), "Sanitizer|runtime error")


if __name__ == "__main__":
    unittest.main()
