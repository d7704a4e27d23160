#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores `tcpstate compare` on scenarios recorded with their truth (tests/kernel records them).

    score.py FOLDER [--command tcpstate] [--all] [--list]

FOLDER holds scenarios with client.pcap, server.pcap and truth.jsonl. --all repeats it with one clock wrong, behind a
NAT, with moved sequence numbers and with 1000 unrelated connections in each capture. Exit status 1: below the goal.
"""
import argparse
import collections
import csv
import io
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import truth

GOAL = 99.95
VARIANTS = {
    "as recorded": {},
    "clock +3 s +50 ppm": {"clock": (3, 50)},
    "clock -3 s -50 ppm": {"clock": (-3, -50)},
    "NAT": {"nat": True},
    "1000 unrelated": {"unrelated": 1000},
    "moved numbers": {"move": True},
    "NAT, clock, 1000 unrelated": {"clock": (-1.7, 50), "nat": True, "unrelated": 1000},
}


def compare(command, folder, variant, rng):
    """Rows of the comparison, frames numbered as in the original captures."""
    captures = {side: truth.Capture(os.path.join(folder, side + ".pcap")) for side in ("client", "server")}
    server = captures["server"]
    if "clock" in variant:
        truth.set_clock(server, *variant["clock"])
    if "move" in variant:
        truth.move_numbers(server, rng)
    if "nat" in variant:
        truth.translate(server, rng)
    for capture in captures.values():
        truth.add_unrelated(capture, variant.get("unrelated", 0), rng)
    with tempfile.TemporaryDirectory() as scratch:
        back = {}
        for side, capture in captures.items():
            numbers = capture.write(os.path.join(scratch, side + ".pcap"))
            back[side] = {new: old for old, new in numbers.items()}
        done = subprocess.run([command, "compare", "-T", "csv", os.path.join(scratch, "client.pcap"),
                               os.path.join(scratch, "server.pcap")], capture_output=True, check=True, text=True)
    rows = []
    for row in csv.DictReader(io.StringIO(done.stdout)):
        frames = {side: int(row[name]) if row[name] else 0
                  for side, name in (("client", "frame_a"), ("server", "frame_b"))}
        rows.append(({side: back[side].get(frame, -frame) for side, frame in frames.items()}, row["verdict"]))
    return rows


def judge(packets, rows, twins):
    """Counts, and what went wrong in words. Packets that are the same byte by byte (a host answers each stray segment
    with the same reset) cannot be told apart: any of them will do, as long as as many are paired, lost and doubled."""
    count = collections.Counter()
    pairs, alone = collections.Counter(), collections.Counter()
    told = set()
    for frames, verdict in rows:
        key = tuple(twins[side].get(frames[side], frames[side]) for side in ("client", "server"))
        told |= {(side, twins[side].get(frames[side])) for side in frames if frames[side]}
        if all(frames.values()):
            pairs[key] += 1
        else:
            alone[("client", key[0], verdict) if key[0] else ("server", key[1], verdict)] += 1
    right, expected = expect(packets, twins, count)
    right_pairs = sum(min(pairs[key], number) for key, number in right.items())
    count["right"] += right_pairs
    count["false pairs"] += sum(pairs.values()) - right_pairs
    for key, number in expected.items():
        # A connection that is in one capture only has no row: that it is only there is all there is to say.
        found = number if key[:2] not in told else min(alone[key], number)
        count[key[2]] += number
        count[key[2] + " found"] += found
    count["false"] += sum((alone - expected).values())
    wrong = [f"not paired: {key}" for key in (right - pairs)] + [f"false pair: {key}" for key in (pairs - right)]
    wrong += [f"not found: {key}" for key in (expected - alone) if key[:2] in told]
    wrong += [f"false verdict: {key}" for key in (alone - expected)]
    return count, wrong


def expect(packets, twins, count):
    """Pairs of frames, and frames that are alone with their verdict, by the first of their twins."""
    right, sent_alone, came_twice = collections.Counter(), collections.Counter(), collections.Counter()
    expected = collections.Counter()
    for sent, came, forged, tap in packets:
        other = "server" if tap == "client" else "client"
        mine = twins[tap].get(sent[0]) if sent else None
        for frame in came:
            theirs = twins[other][frame]
            if sent:
                right[(mine, theirs) if tap == "client" else (theirs, mine)] += 1
                count["segments"] += 1
            else:
                expected[other, theirs, "injected" if forged else "surplus"] += 1
        if sent and not came:
            sent_alone[tap, mine] += 1
        if sent and len(came) > 1:
            came_twice[tap, mine] += len(came) - 1
    for key, number in sent_alone.items():
        hidden = min(number, came_twice[key])  # as many came as were sent
        count["hidden"] += hidden
        if number > hidden:
            expected[key[0], key[1], "lost"] += number - hidden
    return right, expected


def scenarios(folder):
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if all(os.path.exists(os.path.join(path, f)) for f in ("client.pcap", "server.pcap", "truth.jsonl")):
            yield name, path


def score(options, variant):
    total = collections.Counter()
    for name, path in scenarios(options.folder):
        rng = random.Random(name)
        twins = {side: truth.twins(os.path.join(path, side + ".pcap")) for side in ("client", "server")}
        count, wrong = judge(truth.read_truth(os.path.join(path, "truth.jsonl")),
                             compare(options.command, path, VARIANTS[variant], rng), twins)
        total += count
        if options.list:
            for text in wrong:
                print(f"  {name}: {text}")
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--command", default=os.environ.get("TCPSTATE", "tcpstate"))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    good = True
    for variant in VARIANTS if options.all else ["as recorded"]:
        total = score(options, variant)
        share = 100 * total["right"] / max(total["segments"], 1)
        print(f"{variant}: {total['right']} of {total['segments']} segments paired ({share:.3f} %), "
              f"lost {total['lost found']}/{total['lost']} ({total['hidden']} more among identical packets, as many of which "
              f"came twice), injected {total['injected found']}/{total['injected']}, "
              f"false pairs {total['false pairs']}, false verdicts {total['false']}")
        good &= (share >= GOAL and total["lost found"] == total["lost"] and not total["false pairs"]
                 and total["injected found"] == total["injected"] and not total["false"])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
