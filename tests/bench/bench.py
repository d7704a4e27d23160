#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench.py BUILD [--sets a,b] [--runs N] [--peers a,b] [--curve FILE.svg [--most N]] [--folder DIR]

Measures what tcpstate costs beside a bare libpcap loop over the same file and prints a Markdown table. BUILD is a build
folder with CMAKE_BUILD_TYPE=Release and TCPSTATE_TESTS=ON. Every figure is the median of paired runs: the loop first,
then the program, in CPU time (user and system) of the whole process; times depend on the machine, the ratio does less.
--peers adds other programs that are installed, on some of the
sets. --curve draws the cost over the length of the capture and the
number of connections, over captures of at most N packets (10^8, the default, takes a quarter of an hour and 4 GB)."""
import argparse
import os
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

import curve

SETS = {
    "smoke": ("200 20 12", "a few connections, to see that it works"),
    "100k": ("5000 500 14", "5 k connections, 500 at a time"),
    "1m": ("50000 5000 14", "50 k connections, 5 k at a time"),
    "conc1m": ("1000000 1000000 4", "1 M connections, all at once"),
    "flood": ("flood 5000000", "5 M lone SYNs"),
    "elephant": ("1 1 -5000000", "one connection"),
}
OWN = {
    "conns -q": "{tcpstate} conns -q {file}",
    "conns -q --stream 0": "{tcpstate} conns -q --stream 0 {file}",
    "annotate -T csv": "{tcpstate} annotate -q -T csv {file}",
    "annotate -T json": "{tcpstate} annotate -q -T json {file}",
}
MANY = 50000  # connections; with fewer, memory is that of the program
PEERS = {
    "tcpdump -w /dev/null": "tcpdump -r {file} -w /dev/null",
    "capinfos -c": "capinfos -c {file}",
    "tcptrace": "tcptrace -n -b {file}",
    "argus": "argus -X -r {file} -w -",
    "tshark conv,tcp": "tshark -r {file} -q -z conv,tcp",
}


def measured(command):
    """CPU seconds of a command whose output nobody reads."""
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"{shlex.join(command)} failed")
    return usage.ru_utime + usage.ru_stime


class Bench:
    def __init__(self, build, folder, runs):
        self.tool = {name: os.path.join(build, "tests/bench", name) for name in ("generate", "floor", "engine", "least", "stream", "peak")}
        self.tcpstate = os.path.join(build, "core/cli/tcpstate")
        self.folder, self.runs = folder, runs

    def capture(self, arguments):
        path = os.path.join(self.folder, re.sub(r"\W+", "-", arguments) + ".pcap")
        if not os.path.exists(path):
            subprocess.run([self.tool["generate"], path, *arguments.split()], check=True)
        return path

    def floor(self, path):
        out = subprocess.run([self.tool["floor"], path], check=True, capture_output=True, text=True).stdout
        return int(out.split()[0])

    def paired(self, command, path):
        """CPU seconds, their ratio to the loop's, and peak memory beside the command's own with one connection."""
        words = self.words(command, path)
        seconds, ratios = [], []
        for _ in range(self.runs):
            base = measured([self.tool["floor"], path])
            seconds.append(measured(words))
            ratios.append(seconds[-1] / max(base, 1e-3))
        little = self.words(command, self.capture("1 1 -20000"))
        return statistics.median(seconds), statistics.median(ratios), self.peak(words) - self.peak(little)

    def words(self, command, path):
        return shlex.split(command.format(tcpstate=shlex.quote(self.tcpstate), file=shlex.quote(path)))

    def peak(self, words):
        """Bytes."""
        out = subprocess.run([self.tool["peak"], *words], check=True, capture_output=True, text=True).stdout
        return int(out) * 1024

    def engine(self, path):
        found = r"(\d+) connections, ([\d.]+) ns a segment, ([\d.]+) bytes"
        connections, ns, size = re.search(found, self.rounds("engine", path)).groups()
        return int(connections), float(ns), float(size)

    def least(self, path):
        return float(re.search(r"([\d.]+) ns a segment", self.rounds("least", path)).group(1))

    def rounds(self, tool, path):
        return subprocess.run([self.tool[tool], path, str(self.runs)], check=True, capture_output=True, text=True).stdout


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    return f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def table(bench, names, with_peers):
    peers = installed_peers() if with_peers else {}
    print(f"{machine()}; medians of {bench.runs} paired runs.\n")
    row("capture", "packets", "program", "ns a packet", "times the libpcap loop", "peak, bytes a connection")
    row("---", "---:", "---", "---:", "---:", "---:")
    for name in names:
        path = bench.capture(SETS[name][0])
        packets = bench.floor(path)
        connections, ns, size = bench.engine(path)
        row(f"{name}: {SETS[name][1]}", str(packets), "a hash, a line and a state", f"{bench.least(path):.1f}", "", "")
        row("", "", "engine alone", f"{ns:.1f}", "", f"{size:.0f}" if connections >= MANY else "")
        for title, command in {**OWN, **(peers if name in with_peers else {})}.items():
            seconds, ratio, peak = bench.paired(command, path)
            memory = f"{peak / connections:.0f}" if connections >= MANY else ""
            row("", "", title, f"{seconds / packets * 1e9:.0f}", f"{ratio:.2f}", memory)


def installed_peers():
    found = {title: command for title, command in PEERS.items() if shutil.which(command.split()[0])}
    missing = sorted({command.split()[0] for title, command in PEERS.items() if title not in found})
    if missing:
        print("not installed: " + ", ".join(missing), file=sys.stderr)
    return found


def main():
    parser = argparse.ArgumentParser(usage=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--sets", default="1m,conc1m,flood,elephant")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", default="")
    parser.add_argument("--curve")
    parser.add_argument("--most", type=int, default=curve.LENGTHS[-1])
    parser.add_argument("--folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options.build, options.folder or scratch, options.runs)
        if options.curve:
            curve.draw(bench, options.curve, options.most)
        else:
            table(bench, options.sets.split(","), options.peers.split(",") if options.peers else [])


if __name__ == "__main__":
    main()
