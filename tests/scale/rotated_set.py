#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""rotated_set.py FOLDER [CONNECTIONS]: a capture in many files, as tcpdump -C leaves it, the same every time.

Connections of all kinds run side by side, short ones and some that go on from the first file to the last; IPv4 and IPv6,
fragments, a tunnel, ICMP errors, and what is no TCP."""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'cli'))
from frames import ethernet, ipv4, ipv6, pcap, tcp, udp  # noqa: E402

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
PACKETS_A_FILE = 400


def packets_of(source, destination, segment, v6, tunnelled):
    if tunnelled:
        inner = ipv4(source, destination, segment)
        return [ethernet(ipv4(b'\x0a\x01\x00\x01', b'\x0a\x01\x00\x02', inner, protocol=4))]
    if v6:
        return [ethernet(ipv6(source, destination, segment), 0x86dd)]
    if len(segment) > 600: # in two fragments
        return [ethernet(ipv4(source, destination, segment[:400], fragment=0x2000, ident=len(segment))),
                ethernet(ipv4(source, destination, segment[400:], fragment=50, ident=len(segment)))]
    return [ethernet(ipv4(source, destination, segment))]


class Conversation:
    """Its frames, one list for each segment."""

    def __init__(self, dice, number):
        self.dice = dice
        self.v6 = number % 5 == 4
        self.tunnelled = number % 20 == 7
        self.client = self.address(2 + number % 40)
        self.server = self.address(100 + number % 7)
        self.ports = 1024 + number, dice.choice((80, 443, 8080))
        self.seq = [dice.randrange(2**32), dice.randrange(2**32)]
        self.sent = []

    def address(self, host):
        return b'\x20\x01\x0d\xb8' + bytes(11) + bytes([host]) if self.v6 else bytes([10, 0, 0, host])

    def say(self, who, flags, payload=b''):
        ends, ports = (self.client, self.server), self.ports
        source, destination = ends if who == 0 else ends[::-1]
        sport, dport = ports if who == 0 else ports[::-1]
        ack = self.seq[1 - who] if flags & ACK else 0
        segment = tcp(source, destination, sport, dport, flags, self.seq[who], ack, payload)
        self.seq[who] = (self.seq[who] + len(payload) + bool(flags & (SYN | FIN))) % 2**32
        self.sent.append(packets_of(source, destination, segment, self.v6, self.tunnelled))

    def unreachable(self):
        """A router says so of the SYN; it is none of the two."""
        quoted = self.sent[-1][0][14:14 + 28]
        self.sent.append([ethernet(ipv4(b'\x0a\x00\x00\xfe', self.client, b'\x03\x03\x00\x00' + bytes(4) + quoted, 1))])

    def run(self, segments):
        kind = self.dice.choice(['closed'] * 5 + ['reset', 'refused', 'silent', 'unreachable', 'open', 'middle'])
        if kind != 'middle':
            self.say(0, SYN)
        if kind == 'refused':
            self.say(1, RST | ACK)
        elif kind == 'unreachable' and not self.v6 and not self.tunnelled:
            self.unreachable()
        elif kind not in ('silent', 'unreachable'):
            self.talk(kind, segments)
        return self.sent

    def talk(self, kind, segments):
        if kind != 'middle':
            self.say(1, SYN | ACK)
            self.say(0, ACK)
        for _ in range(segments):
            who = self.dice.randrange(2)
            self.say(who, PSH | ACK, bytes(self.dice.choice((10, 300, 700))))
            self.say(1 - who, ACK)
        who = self.dice.randrange(2)
        if kind == 'reset':
            self.say(who, RST | ACK)
        elif kind == 'closed':
            self.say(who, FIN | ACK)
            self.say(1 - who, FIN | ACK)
            self.say(who, ACK)


def interleave(dice, conversations):
    """Many at a time; the first three last as long as there is anything else."""
    waiting = [list(sent) for sent in conversations if sent]
    running, frames = [], []
    while waiting or running:
        while waiting and len(running) < 30:
            running.append(waiting.pop(0))
        short = [one for one in running if len(one) < 100]
        one = dice.choice(short if short and dice.random() < 0.9 else running)
        frames += one.pop(0)
        if dice.random() < 0.02:
            frames.append(ethernet(ipv4(b'\x0a\x00\x00\x02', b'\x0a\x00\x00\x63', udp(5353, 53, b'?'), 17)))
        running = [one for one in running if one]
    return frames


def main():
    folder, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300
    dice = random.Random(9293)
    conversations = [Conversation(dice, number).run(200 if number < 3 else dice.randrange(8)) for number in range(count)]
    frames = interleave(dice, conversations)
    os.makedirs(folder)
    for number, first in enumerate(range(0, len(frames), PACKETS_A_FILE)):
        with open(os.path.join(folder, f'part-{number:03}.pcap'), 'wb') as file:
            file.write(pcap(frames[first:first + PACKETS_A_FILE], start=1600000000 + number))


if __name__ == '__main__':
    main()
