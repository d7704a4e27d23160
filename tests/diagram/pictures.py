# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the pictures share."""
import csv
import glob
import io
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from frames import ACK, CLIENT, FIN, PSH, RST, SERVER, SYN, checksum, ethernet, handshake, ipv4, pcap, tcp  # noqa: E402, F401
from support import COMMAND, SAMPLES, CommandTest  # noqa: E402, F401

STATES = (
    "CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT "
    "UNKNOWN"
).split()


def captures():
    return sorted(glob.glob(os.path.join(SAMPLES, "*.pcap")))


def close_in_four(data=0, reset=False):
    """RFC 9293 figures 6 and 12, with segments of 100 bytes, each acknowledged, in between."""

    def send(src, dst, ports, flags, seq, ack, payload=b""):
        return ipv4(src, dst, tcp(src, dst, *ports, flags, seq, ack, payload))

    there, back = (CLIENT, SERVER, (40000, 80)), (SERVER, CLIENT, (80, 40000))
    packets = handshake()
    x, y = 1001, 5001
    for _ in range(data):
        packets.append(send(*there, PSH | ACK, x, y, b"x" * 100))
        x += 100
        packets.append(send(*back, ACK, y, x))
    if reset:
        packets.append(send(*there, RST | ACK, x, y))
    else:
        packets.append(send(*there, FIN | ACK, x, y))
        packets.append(send(*back, ACK, y, x + 1))
        packets.append(send(*back, FIN | ACK, y, x + 1))
        packets.append(send(*there, ACK, x + 1, y + 1))
    return pcap([ethernet(packet) for packet in packets])


def unreachable():
    """A SYN, and a hard ICMP error that quotes it (port unreachable): RFC 9293 3.9.2.2."""
    syn = ipv4(CLIENT, SERVER, tcp(CLIENT, SERVER, 40000, 80, SYN, 1000))
    error = b"\x03\x03\0\0" + bytes(4) + syn[:28]
    error = error[:2] + struct.pack("!H", checksum(error)) + error[4:]
    return pcap([ethernet(syn), ethernet(ipv4(SERVER, CLIENT, error, protocol=1))])


class PictureTest(CommandTest):
    maxDiff = None

    def connections(self, path):
        """For each connection its annotate rows, sides as the record of the connection has them."""
        rows = self.rows(path)
        conns = csv.DictReader(io.StringIO(self.run_command("conns", "-T", "csv", path)[0]))
        for conn in conns:
            own = []
            for row in rows:
                if row["stream"] == conn["stream"]:
                    # A connection's client may have been taken for the server at first.
                    client = (row["src"], row["sport"]) if row["src_role"] == "client" else (row["dst"], row["dport"])
                    turned = client != (conn["client"], conn["client_port"])
                    pair = (row["client_state"], row["server_state"])
                    own.append((int(row["frame"]), pair[::-1] if turned else pair))
            yield conn, own
