# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged captures through tshark with the plugin, round after round: no sanitizer has anything to say, no dissector
has a bug, one pass and two passes say the same, and so does the command where both take the same frames for segments.

Each round prints its seed; --seed SEED --rounds 1 repeats it. A capture that found something is kept in --findings, and
--capture FILE repeats that (what randpkt makes has no seed).
"""
import argparse
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

import mutate
import suite
from wireshark import Wireshark, plain

BUG = re.compile(r"ERROR: \w+Sanitizer|runtime error:|[Dd]issector bug|CRITICAL|\*\* ?ERROR|assertion")
TRIES = 6  # to leave out frames that only one of the two takes for segments
TIMEOUT = 300
LARGEST_EXIT_CODE = 32  # more than all with which tshark blames the file: 2 in 4.0, 14 in 4.6; a sanitizer says what it found
SHOWN = 20
VIEWS = (
    ["-V"],
    ["-2", "-V"],
    ["-T", "json"],
    ["-2", "-T", "pdml"],
    ["-Y", 'tcpstate.state == "CLOSE-WAIT" or tcpstate.event contains "reset"', "-T", "ek"],
    ["-2", "-R", "tcpstate.changed", "-Y", 'tcpstate.conn.outcome != "open"', "-T", "text"],
    ["-Y", 'tcpstate.client.possible matches "FIN" and tcpstate.stream > 3', "-O", "tcpstate"],
    ["-q", "-z", "tcpstate,tree", "-z", "tcpstate,conns", "-z", "expert"],
    ["-2", "-q", "-z", "tcpstate,conns,tcp.port == 443", "-z", "io,stat,1,tcpstate.stream"],
    ["-o", "tcpstate.show_in_info:TRUE"],
    ["-o", "ip.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE", "-V"],
)


class Finding(Exception):
    pass


class Fuzzer:
    def __init__(self, options, wireshark):
        self.options = options
        self.wireshark = wireshark
        self.names = [name for name, _, of, _ in suite.fields() if of == "segment"]
        self.samples = sorted(pathlib.Path(options.captures).glob("*.pcap"))
        self.frames = 0
        self.compared = 0
        self.left_out = 0
        self.skipped = 0
        self.findings = 0

    def tshark(self, *arguments):
        """Standard output. A file that Wireshark finds damaged is none of our business, what ends it otherwise is."""
        done = subprocess.run(self.wireshark.command(self.wireshark.tshark, [str(word) for word in arguments]),
                              env=self.wireshark.environment(), cwd=self.wireshark.folder, capture_output=True,
                              timeout=TIMEOUT, check=False)
        said = done.stderr.decode(errors="replace")
        if done.returncode < 0 or done.returncode > LARGEST_EXIT_CODE or BUG.search(said):
            how = f"signal {signal.Signals(-done.returncode).name}" if done.returncode < 0 else f"exit code {done.returncode}"
            raise Finding(f"{' '.join(map(str, arguments))}: {how}\n{said[-8000:]}")
        return done.stdout.decode(errors="replace")

    def by_plugin(self, capture, *arguments):
        wanted = [word for name in self.names for word in ("-e", name)]
        output = self.tshark("-r", capture, *arguments, "-T", "fields", "-e", "frame.number", *wanted)
        rows = [line.split("\t") for line in output.splitlines()]
        self.frames += len(rows)
        return {int(row[0]): [plain(text) for text in row[1:]] for row in rows if any(row[1:])}

    def without(self, capture, frames):
        rest = self.wireshark.folder / "rest.pcapng"
        ranges = [str(frame) for frame in sorted(frames)]
        for at in range(0, len(ranges), 500):  # so many it takes; from behind, for the rest keep their numbers
            mutate.run("editcap", capture, rest, *ranges[-at - 500:len(ranges) - at])
            capture = capture.with_name("rest0.pcapng")
            shutil.move(rest, capture)
        capture.chmod(0o644)
        return capture

    def check_agreement(self, capture):
        """What each frame does depends on those before: frames that only one of the two can read are left out."""
        for _ in range(TRIES):
            once = self.by_plugin(capture)
            twice = self.by_plugin(capture, "-2")
            if once != twice:
                raise Finding(f"one pass and two passes differ: {different(once, twice)}")
            command = suite.said_by_command(capture, self.names)
            odd = once.keys() ^ command.keys()
            if not odd:
                if once != command:
                    raise Finding(f"plugin and command differ: {different(once, command)}")
                self.compared += len(once)
                return
            self.left_out += len(odd)
            capture = self.without(capture, odd)
        self.skipped += 1

    def look(self, capture, kind, view):
        self.tshark("-r", capture, *view)
        if kind == "blocks":  # the two readers need not stop at the same damage
            self.by_plugin(capture)
            self.run_command(capture)
        else:
            self.check_agreement(capture)

    def run_command(self, capture):
        done = subprocess.run([self.options.command, "-T", "json", str(capture)], capture_output=True, timeout=TIMEOUT,
                              check=False)
        if done.returncode not in (0, 1, 3):
            raise Finding(f"the command: exit code {done.returncode}\n{done.stderr.decode(errors='replace')[-8000:]}")

    def round(self, seed):
        rng = random.Random(seed)
        capture = self.wireshark.folder / "mutated"
        kind = mutate.Mutator(rng, self.samples, self.wireshark.folder).make(capture)
        self.try_one(capture, kind, rng.choice(VIEWS), seed)

    def try_one(self, capture, kind, view, seed):
        capture.chmod(0o644)
        print(f"seed {seed}: {kind}, tshark {' '.join(view)}", flush=True)
        try:
            self.look(capture, kind, view)
        except (Finding, AssertionError, subprocess.TimeoutExpired) as finding:
            self.findings += 1
            folder = pathlib.Path(self.options.findings)
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(capture, folder / f"{seed}-{kind}.capture")
            (folder / f"{seed}-{kind}.txt").write_text(f"tshark {view}\n{finding}\n")
            print(f"FOUND, kept as {folder}/{seed}-{kind}.capture: {finding}", flush=True)


def different(left, right):
    frames = [frame for frame in sorted(left.keys() | right.keys()) if left.get(frame) != right.get(frame)]
    shown = [f"frame {frame}:\n  {left.get(frame)}\n  {right.get(frame)}" for frame in frames[:SHOWN]]
    return f"{len(frames)} frames\n" + "\n".join(shown)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tshark", default="tshark")
    parser.add_argument("--plugin-dir", required=True)
    parser.add_argument("--command", required=True, help="the program tcpstate")
    parser.add_argument("--list-fields", required=True, help="the program list_fields")
    parser.add_argument("--captures", required=True, help="folder with captures to begin with")
    parser.add_argument("--preload", help="library of a sanitizer that the plugin was built with")
    parser.add_argument("--findings", default="findings", help="folder for captures that found something")
    parser.add_argument("--seed", type=int, help="of the first round (default: the time)")
    parser.add_argument("--rounds", type=int, default=1 << 30)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--capture", help="one round with this capture in every view")
    return parser.parse_args()


def main():
    suite.options = options = read_options()
    start = time.monotonic()
    with Wireshark(options.plugin_dir, options.tshark, options.preload) as wireshark:
        fuzzer = Fuzzer(options, wireshark)
        rounds = 0
        if options.capture:
            lent = wireshark.lend(options.capture)
            for number, view in enumerate(VIEWS):
                fuzzer.try_one(lent, "given", view, number)
                rounds += 1
        else:
            seed = options.seed if options.seed is not None else int(time.time())
            while rounds < options.rounds and time.monotonic() - start < options.seconds:
                fuzzer.round(seed + rounds)
                rounds += 1
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{rounds} captures, {fuzzer.frames} frames dissected, {fuzzer.compared} frames compared with the command "
          f"({fuzzer.left_out} left out, for only one takes them for segments; {fuzzer.skipped} captures not compared), "
          f"{used.ru_utime + used.ru_stime:.0f} s of processor time, "
          f"{fuzzer.findings} findings")
    sys.exit(fuzzer.findings > 0)


if __name__ == "__main__":
    main()
