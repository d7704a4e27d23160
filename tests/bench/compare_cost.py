#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""compare_cost.py BUILD [--sets a,b] [--runs N] [--most TIMES] [--folder DIR]

Measures what `tcpstate compare` costs beside `tcpstate conns` over each of the two captures and prints the Markdown table
of docs/compare.md. BUILD is a build folder with CMAKE_BUILD_TYPE=Release and TCPSTATE_TESTS=ON. One capture is made by
generate.c; the other is the same traffic at the servers' end: other client addresses, one router further, 4 to 6 ms
later or earlier, a clock that is 50 ppm fast, three packets of a thousand lost. Every figure is the best of N runs, in CPU
time (user and system) of whole processes. --most: exit 1 if a comparison as text costs more times the two conns runs."""
import argparse
import os
import random
import shlex
import struct
import sys
import tempfile

import bench

SETS = {
    "smoke": ("200 20 12", "a few connections"),
    "100k": ("5000 500 14", "5 k connections, 500 at a time"),
    "1m": ("50000 5000 14", "50 k connections, 5 k at a time"),
    "elephant": ("1 1 -1000000", "one connection"),
    "4m": ("200000 5000 14", "200 k connections, 5 k at a time"),
}
FORMS = {"text": "", "CSV": "-T csv", "JSON": "-T json"}
ETHERNET, RECORD, MICROSECOND = 14, 16, 1000
SERVER_PORT = 443
FASTEST_NS, SPREAD_NS, DRIFT, LOST = 4_000_000, 2_000_000, 50e-6, 0.003


def at_the_server(packet, outwards):
    """The same packet behind a NAT and a router, as IPv4 shows it; IPv6 has only the router. Checksums stay wrong, as
    those of packets that are cut do."""
    packet = bytearray(packet)
    if packet[12:14] == b"\x08\x00":
        client = ETHERNET + (12 if outwards else 16)
        packet[client : client + 3] = b"\xc6\x33\x64"
        packet[ETHERNET + 8] += -1 if outwards else 1
    else:
        packet[ETHERNET + 7] += -1 if outwards else 1
    return packet


def records(data):
    at = 24
    while at + RECORD <= len(data):
        seconds, microseconds, size, length = struct.unpack_from("<IIII", data, at)
        yield seconds * 10**9 + microseconds * MICROSECOND, data[at + RECORD : at + RECORD + size], length
        at += RECORD + size


def write_other_end(path, other):
    with open(path, "rb") as file:
        data = file.read()
    rng = random.Random(1)
    start, packets = None, []
    for time, packet, length in records(data):
        if rng.random() < LOST:
            continue
        start = time if start is None else start
        tcp = ETHERNET + (20 if packet[12:14] == b"\x08\x00" else 40)
        outwards = struct.unpack_from(">H", packet, tcp)[0] != SERVER_PORT
        way = FASTEST_NS + rng.randrange(SPREAD_NS)
        time += (way if outwards else -way) + int((time - start) * DRIFT)
        packets.append((time, at_the_server(packet, outwards), length))
    packets.sort(key=lambda packet: packet[0])
    with open(other, "wb") as file:
        file.write(data[:24])
        for time, packet, length in packets:
            stamp = struct.pack("<IIII", time // 10**9, time % 10**9 // MICROSECOND, len(packet), length)
            file.write(stamp + packet)
    return len(packets)


def best(runs, command):
    """CPU seconds of the cheapest run."""
    return min(bench.measured(shlex.split(command)) for _ in range(runs))


def measure(tools, name, worst):
    arguments, title = SETS[name]
    a = tools.capture(arguments)
    b = os.path.join(tools.folder, name + "-other-end.pcap")
    packets = tools.floor(a) + write_other_end(a, b)
    files = [shlex.quote(path) for path in (a, b)]
    tcpstate = shlex.quote(tools.tcpstate)
    alone = sum(best(tools.runs, f"{tcpstate} conns -q {path}") for path in files)
    bench.row(f"{name}: {title}", str(packets), "two runs of conns", f"{alone / packets * 1e9:.0f}", "1", "")
    for form, option in FORMS.items():
        command = f"{tcpstate} compare -q {option} {files[0]} {files[1]}"
        seconds = best(tools.runs, command)
        worst = max(worst, seconds / alone if form == "text" else 0)
        bench.row("", "", f"compare, {form}", f"{seconds / packets * 1e9:.0f}", f"{seconds / alone:.1f}",
                  f"{tools.peak(shlex.split(command)) / packets:.0f}")
    return worst


def main():
    parser = argparse.ArgumentParser(usage=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--sets", default="100k,1m,4m,elephant")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--most", type=float)
    parser.add_argument("--folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tools = bench.Bench(options.build, options.folder or scratch, options.runs)
        bench.row("captures", "packets in both", "program", "ns a packet", "times two conns", "peak, bytes a packet")
        bench.row("---", "---:", "---", "---:", "---:", "---:")
        worst = 0.0
        for name in options.sets.split(","):
            worst = measure(tools, name, worst)
    if options.most and worst > options.most:
        sys.exit(f"{worst:.1f} times two runs of conns, and at most {options.most:g} are allowed")


if __name__ == "__main__":
    main()
