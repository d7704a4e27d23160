# SPDX-License-Identifier: GPL-2.0-or-later
"""What `tcpstate compare` says of the rarer things: verdicts, changes, clocks, and pages that must stop somewhere."""
import collections
import csv
import gzip
import io
import json
import os
import struct
import unittest

import compare_test
from compare_test import ACK, CLIENT, FIN, PSH, RST, S, SERVER, SYN, address, frame, pcap
from support import SAMPLES

ECE, CWR = 64, 128
WAY, STEP = S // 100, S // 20  # on the way, and between segments


def checksummed(packet):
    """With the TCP checksum of RFC 9293 3.1, for frames that are captured whole."""
    tcp = packet[20:36] + b"\0\0" + packet[38:]
    data = packet[12:20] + struct.pack(">BBH", 0, 6, len(tcp)) + tcp + b"\0" * (len(tcp) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return packet[:36] + struct.pack(">H", total ^ 0xFFFF) + packet[38:]


def stamps(value, echo=0):
    return b"\x01\x01\x08\x0a" + struct.pack(">II", value, echo)


class RareTest(compare_test.CompareTest):
    def captures(self, a, b, snap=60):
        """Of (time, packet) at each tap, in the order of time."""
        return [self.file(name, pcap(sorted(side, key=lambda one: one[0]), snap=snap))
                for name, side in (("a.pcap", a), ("b.pcap", b))]

    def rows_of(self, a, b, **more):
        return self.compare(*self.captures(a, b, **more))

    def told(self, command, a, b, *options):
        """One line, whatever the width."""
        out, _ = self.run_command("compare", *command, *options, *self.captures(a, b))
        return " ".join(out.split())

    def page(self, a, b, *options):
        return self.told((), a, b, *options)

    def account(self, a, b, *options):
        return self.told(("--explain",), a, b, *options)

    def talk(self, count, client=CLIENT, start=S, size=10):
        """A handshake, then `count` requests and answers, STEP apart, WAY on the way; A is at the client."""
        a, b = self.handshake()
        if client != CLIENT or start != S:
            a, b = ([(time - S + start, self.ends(packet, client)) for time, packet in side] for side in (a, b))
        for i in range(count):
            time = start + (i + 2) * STEP
            request = frame(client, SERVER, PSH | ACK, 101 + size * i, 901 + size * i, b"q" * size, ip_id=10 + i)
            answer = frame(SERVER, client, PSH | ACK, 901 + size * i, 101 + size * (i + 1), b"a" * size, ip_id=10 + i)
            a += [(time, request), (time + 3 * WAY, answer)]
            b += [(time + WAY, request), (time + 2 * WAY, answer)]
        return a, b

    @staticmethod
    def ends(packet, client):
        """The handshake of another client."""
        forth = packet[12:16] == address(CLIENT[0])
        host, port = address(client[0]), struct.pack(">H", client[1])
        return (packet[:12] + host + packet[16:20] + port + packet[22:] if forth else
                packet[:16] + host + packet[20:22] + port + packet[24:])


class RareVerdicts(RareTest):
    def test_one_capture_ends_early(self):
        """What came when B no longer captured was not lost: the answers at A prove that all went on."""
        a, b = self.talk(6)
        rows = self.rows_of(a, b[:-6])
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 9 + ["outside"] * 6)

    def test_one_capture_begins_late(self):
        a, b = self.talk(6)
        rows = self.rows_of(a[:1] + a[2:], b[7:])
        self.assertEqual([row["verdict"] for row in rows], ["outside"] * 6 + ["both"] * 8)

    def test_some_bytes_only(self):
        """A segment as large as offload makes it, of whose halves on the wire only the first came."""
        a, b = self.talk(1)
        a.append((S + STEP * 9, frame(CLIENT, SERVER, PSH | ACK, 111, 911, b"y" * 3000, ip_id=30)))
        b.append((S + STEP * 9 + WAY, frame(CLIENT, SERVER, ACK, 111, 911, b"y" * 1500, ip_id=30)))
        b.append((S + STEP * 10 + WAY, frame(SERVER, CLIENT, ACK, 911, 1611, ip_id=31)))
        a.append((S + STEP * 10 + 2 * WAY, frame(SERVER, CLIENT, ACK, 911, 1611, ip_id=31)))
        verdicts = collections.Counter(row["verdict"] for row in self.rows_of(a, b))
        self.assertEqual(verdicts, {"both": 6, "split": 1, "partial": 1})
        self.assertIn("Only some of its bytes came to B.", self.page(a, b))
        self.assertIn("Only some of its bytes came to B.", self.account(a, b))
        svg, _ = self.run_command("compare", "-T", "svg", *self.captures(a, b))
        self.assertIn(">partial</text>", svg)

    def test_window_scale_and_time_stamps_rewritten(self):
        a, b = self.talk(0)
        for i, (flags, options) in enumerate(((SYN, b"\x01\x03\x03\x07" + stamps(50)), (SYN, b"\x01\x03\x03\x02" + stamps(50)))):
            side = (a, b)[i]
            side[0] = (side[0][0], frame(CLIENT, SERVER, flags, 100, ip_id=1, options=options))
        for side, way, value in (a, 0, 60), (b, WAY, 61):
            side.append((S + STEP * 3 + way, frame(CLIENT, SERVER, PSH | ACK, 101, 901, b"q", options=stamps(value), ip_id=9)))
        rows = self.rows_of(a, b, snap=80)
        self.assertEqual([row["changes"] for row in rows], ["window-scale", "", "", "timestamp"])
        out = self.told(("--explain",), a, b)
        self.assertIn("The window scale was rewritten on the way.", out)

    def test_flags_changed(self):
        """Explicit congestion notification, RFC 3168 6.1.1, denied by something between."""
        a, b = self.talk(3)
        a[0] = (a[0][0], frame(CLIENT, SERVER, SYN | ECE | CWR, 100, ip_id=1))
        self.assertEqual([row["changes"] for row in self.rows_of(a, b)], ["flags"] + [""] * 8)

    def test_payload_changed(self):
        """By a helper for FTP or SIP that found an address of the same length; both checksums are right."""
        a, b = ([(time, checksummed(packet)) for time, packet in side] for side in self.talk(4))
        b[5] = (b[5][0], checksummed(b[5][1].replace(b"q", b"Q")))
        rows = self.rows_of(a, b, snap=200)
        self.assertEqual({row["verdict"] for row in rows}, {"both"})
        self.assertEqual([row["changes"] for row in rows].count("payload"), 1)


class Pairing(RareTest):
    """Acknowledgements of one number that nothing but an option tells from one another."""

    def acknowledgements(self, options):
        """The server's, ACK 101, with neither data nor IP identification; B has all, the second is lost."""
        a, b = self.talk(2)
        for i, option in enumerate(options):
            packet = frame(SERVER, CLIENT, ACK, 921, 121, options=option)
            time = S + (9 + i) * STEP
            b.append((time, packet))
            if i != 1:
                a.append((time + WAY, packet))
        a.append((S + 15 * STEP, frame(CLIENT, SERVER, PSH | ACK, 121, 921, b"x", ip_id=77)))
        b.append((S + 15 * STEP + WAY, a[-1][1]))
        return [row for row in self.rows_of(a, b, snap=80) if row["from"] == "server" and row["len_b"] == "0"]

    def test_by_selective_acknowledgement(self):
        """RFC 2018: each tells of one segment more."""
        rows = self.acknowledgements([b"\x01\x01\x05\x0a" + struct.pack(">II", 131, 141 + 10 * i) for i in range(5)])
        self.assertEqual([row["verdict"] for row in rows], ["both", "both", "lost", "both", "both", "both"])

    def test_by_time_stamp(self):
        """RFC 7323 3.2: the sender's clock has gone on."""
        rows = self.acknowledgements([stamps(1000 + i, 50) for i in range(5)])
        self.assertEqual([row["verdict"] for row in rows], ["both", "both", "lost", "both", "both", "both"])

    def test_both_ends_on_one_address(self):
        """Told by their ports, the client's being the smaller one."""
        a, b = self.talk(2)
        for side in a, b:
            for i, (time, packet) in enumerate(side):
                ends = packet[20:24].replace(struct.pack(">H", CLIENT[1]), struct.pack(">H", 79))
                side[i] = (time, packet[:12] + address(SERVER[0]) * 2 + ends + packet[24:])
        rows = self.rows_of(a, b)
        self.assertEqual([row["verdict"] for row in rows], ["both"] * 7)
        self.assertEqual(rows[0]["src_a"], "198.51.100.2:79")


class Clocks(RareTest):
    def test_drift(self):
        """B's clock gains 50 microseconds a second for 100 seconds."""
        a, b = [], []
        for i in range(40):
            near, far = self.talk(3, client=("192.0.2.1", 40000 + i), start=S + i * 5 * S // 2)
            a += near
            b += far
        b = [(time + (time - S) * 50 // 1000000 + 7 * S, packet) for time, packet in b]
        out = self.page(a, b)
        self.assertIn("clocks: B is +7.00", out)
        self.assertIn(", +50.0 ppm against A", out)

    def without_times(self):
        """The two views of the seed as `tcpdump -t` would have printed them."""
        files = []
        for end in "client", "server":
            with open(os.path.join(SAMPLES, "seed", f"close-{end}-side.tcpdump"), encoding="utf-8") as text:
                lines = [line.partition(" ")[2] for line in text if " IP " in line]
            files.append(self.file(end, "".join(lines).encode()))
        return files

    def test_text_without_times(self):
        files = self.without_times()
        out, _ = self.run_command("compare", *files)
        self.assertIn("clocks: nothing was seen at both with a time", out)
        self.assertNotRegex(out, r" ms|\d\.\d{6} ")
        out, _ = self.run_command("compare", "--explain", *files)
        out = " ".join(out.split())
        self.assertIn("No segment has a time at both, so nothing is said of delays.", out)
        self.assertNotRegex(out, r" ms|\d\.\d{6} ")
        rows = self.compare(*files)
        self.assertEqual([(row["verdict"], row["delay"]) for row in rows], [("both", "")] * 3)
        out, _ = self.run_command("compare", "-T", "json", *files)
        self.assertFalse(any("delay" in json.loads(line) or "time" in json.loads(line) for line in out.splitlines()))
        out, _ = self.run_command("compare", "-T", "svg", *files)
        self.assertNotRegex(out, r" ms</text>|>\d\.\d{6}</text>")


class Accounts(RareTest):
    def test_server_side_first(self):
        a, b = self.talk(1)
        self.assertIn("A is the tap at the server's end, B the one at the client's.", self.account(b, a))

    def test_several_connections(self):
        a, b = self.talk(2)
        near, far = self.talk(2, client=("192.0.2.1", 40001), start=2 * S)
        out = self.account(a + near, b + far)
        self.assertIn("Connection 0: client 192.0.2.1:40000, server 198.51.100.2:80", out)
        self.assertIn("Connection 1: client 192.0.2.1:40001, server 198.51.100.2:80", out)
        out = self.account(a + near, b + far, "--stream", "1")
        self.assertNotIn("Connection 0:", out)
        self.assertIn("Connection 1:", out)
        rows = self.compare("--stream", "1", *self.captures(a + near, b + far))
        self.assertEqual({row["connection"] for row in rows}, {"1"})
        out, _ = self.run_command("compare", "-T", "json", "--stream", "1", *self.captures(a + near, b + far))
        self.assertEqual({json.loads(line)["connection"] for line in out.splitlines()}, {1})

    def test_nothing_in_both(self):
        a, b = self.talk(1)
        other, _ = self.talk(1, client=("192.0.2.9", 1024))
        self.assertIn("No connection is in both captures.",
                      self.account(a, [(time, packet[:24] + b"\x77" + packet[25:]) for time, packet in other]))

    def test_numbers_moved(self):
        a, b = self.talk(8)

        def move(packet):
            at = 24 if packet[12:16] == address(CLIENT[0]) else 28
            number = struct.unpack(">I", packet[at : at + 4])[0]
            return packet if number == 0 else packet[:at] + struct.pack(">I", number + 77777) + packet[at + 4 :]

        out = self.account(a, [(time, move(packet)) for time, packet in b])
        self.assertIn("The client's sequence numbers are moved on the way: at B they are larger by 77777.", out)

    def test_it_stops_after_two_hundred_steps(self):
        """Every second request is lost and the answers are, so that each is a step of its own."""
        a, b = self.talk(150)
        lost = {packet for i, (_, packet) in enumerate(a) if i >= 3 and (i // 2) % 2}
        b = [one for one in b if one[1] not in lost]
        out = self.account(a, b)
        steps = len(self.rows_of(a, b))
        self.assertEqual(steps, 303)
        self.assertRegex(out, r"\.\.\. \d+ more steps")
        self.assertNotIn("[A 280", out)
        out = self.page(a, b)
        self.assertIn("... 103 more", out)
        svg, _ = self.run_command("compare", "-T", "svg", *self.captures(a, b))
        self.assertIn(">... 103 more</text>", svg)

    def test_many_resets(self):
        a, b = self.talk(1)
        for i in range(13):
            packet = frame(CLIENT, SERVER, RST, 5000 + i, ip_id=50 + i)
            a.append((S + (9 + i) * STEP, packet))
            b.append((S + (9 + i) * STEP + WAY, packet))
        out = self.account(a, b)
        self.assertEqual(out.count("sent by the client; it came to the server."), 10)
        self.assertIn("3 more resets, see above.", out)

    def test_copy_of_a_reset(self):
        a, b = self.talk(1)
        packet = frame(CLIENT, SERVER, RST, 111, ip_id=50)
        a.append((S + 9 * STEP, packet))
        b += [(S + 9 * STEP + WAY, packet), (S + 9 * STEP + WAY + 1000, packet)]
        self.assertIn("in the client's name: duplicated", self.account(a, b))

    def test_state_that_changes_without_a_control_segment(self):
        """The handshake's last acknowledgement is lost; the data after it, which changes the states, is a step."""
        a, b = self.talk(2)
        out = self.account(a, b[:2] + b[3:])
        self.assertRegex(out, r"client > server PA len 10 \[A 4, B 3\]")


class Pages(RareTest):
    def test_many_connections(self):
        """Of more than three only those are drawn in which something happened."""
        a, b = [], []
        for i in range(6):
            near, far = self.talk(2, client=("192.0.2.1", 40000 + i), start=S + i * S)
            if i in (1, 4):
                del far[3]
            if i == 4:
                far = [(time, packet) for time, packet in far]
            a += near
            b += far
        # the fifth: a window that was rewritten, and nothing lost
        at = [i for i, (_, packet) in enumerate(b) if packet[20:22] == struct.pack(">H", 40005) and packet[33] & PSH][0]
        b[at] = (b[at][0], b[at][1][:34] + struct.pack(">H", 400) + b[at][1][36:])
        out, _ = self.run_command("compare", *self.captures(a, b))
        parts = out.split("connection ")[1:]
        drawn = [part[0] for part in parts if "len 10" in part]
        self.assertEqual(drawn, ["1", "4", "5"])


class Files(RareTest):
    def test_compressed(self):
        a, b = self.captures(*self.talk(2))
        packed = os.path.join(self.folder.name, "b.pcap.gz")
        with open(b, "rb") as file, gzip.GzipFile(packed, "wb") as pack:  # with its name inside, and so no zeros in front
            pack.write(file.read())
        self.assertEqual({row["verdict"] for row in self.compare(a, packed)}, {"both"})

    def test_standard_input(self):
        a, b = self.captures(*self.talk(2))
        with open(b, "rb") as file:
            out, _ = self.run_command("compare", "-T", "csv", a, "-", stdin=file.read())
        self.assertEqual({row["verdict"] for row in csv.DictReader(io.StringIO(out))}, {"both"})

    def test_text_on_standard_input(self):
        ends = [os.path.join(SAMPLES, "seed", f"close-{end}-side.tcpdump") for end in ("client", "server")]
        with open(ends[1], "rb") as file:
            out, _ = self.run_command("compare", "-T", "csv", "--tcpdump-text", ends[0], "-", stdin=file.read())
        self.assertEqual([row["verdict"] for row in csv.DictReader(io.StringIO(out))], ["both"] * 3)

    def test_standard_input_cannot_be_merged(self):
        a, b = self.captures(*self.talk(1))
        with open(b, "rb") as file:
            _, errors = self.run_command("compare", "-w", os.path.join(self.folder.name, "m"), a, "-", stdin=file.read(),
                                         code=2)
        self.assertIn("-w: - is no capture that can be read twice", errors)

    def test_merged_file_that_cannot_be_made(self):
        a, b = self.captures(*self.talk(1))
        name = os.path.join(self.folder.name, "missing", "m.pcapng")
        _, errors = self.run_command("compare", "-w", name, a, b, code=3)
        self.assertEqual(errors, f"tcpstate: {name}: No such file or directory\n")

    def test_interface(self):
        _, errors = self.run_command("compare", "-i", "lo", code=2)
        self.assertIn("compare needs two captures", errors)

    def test_damaged_end(self):
        """What is known of a cut capture is said, with the exit status that it is damaged."""
        a, b = self.captures(*self.talk(3))
        with open(a, "rb") as file:
            cut = self.file("cut.pcap", file.read()[:-5])
        out, errors = self.run_command("compare", "-T", "csv", cut, b, code=1)
        self.assertIn("cut.pcap", errors)
        self.assertEqual([row["verdict"] for row in csv.DictReader(io.StringIO(out))].count("both"), 8)


if __name__ == "__main__":
    unittest.main()
