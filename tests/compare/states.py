#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the states that `tcpstate compare` proves against what the kernel recorded of its own sockets.

    states.py FOLDER [--command tcpstate] [--list] [--require]

Each endpoint is looked at whenever its own tap shows a segment of it or for it, a moment later. What it has done by
itself and no segment has shown yet (a close() whose FIN comes later, a timeout) is counted apart. --require: exit 1 unless every `possible` set holds
the kernel's state and is smaller on average than what the same tap alone can say.
"""
import argparse
import collections
import csv
import io
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kernel"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import score
from timeline import OWN, Truth

NO_TCB = {"CLOSED", "LISTEN"}


def csv_of(*command):
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def alone(command, path):
    """What each tap alone says: {frame: {address of the endpoint: number of possible states}}."""
    said = {}
    for row in csv_of(command, "annotate", "-q", "-T", "csv", path):
        for end, ip, port in (("src", "src", "sport"), ("dst", "dst", "dport")):
            role = row["src_role"] if end == "src" else {"client": "server", "server": "client"}[row["src_role"]]
            name = ("[%s]:%s" if ":" in row[ip] else "%s:%s") % (row[ip], row[port])
            said[int(row["frame"]), name] = len(row[role + "_possible"].split("|"))
    return said


def times(path):
    import truth

    return {number: time for number, time, _, _ in truth.Capture(path).frames}


def points(command, folder):
    """(endpoint, time, time of the next one, row, role, size of the set of the tap alone), by endpoint and time."""
    paths = {tap: os.path.join(folder, name + ".pcap") for tap, name in (("a", "client"), ("b", "server"))}
    stamps = {tap: times(path) for tap, path in paths.items()}
    said = {tap: alone(command, path) for tap, path in paths.items()}
    seen = collections.defaultdict(list)
    for row in csv_of(command, "compare", "-T", "csv", paths["a"], paths["b"]):
        for role in ("client", "server"):
            tap = row[role + "_proof"].lower()
            frame = row["frame_" + tap] if tap else ""
            if frame:
                end = "src" if row["from"] == role else "dst"
                me, peer = row[end + "_a"], row[("dst" if end == "src" else "src") + "_a"]
                seen[me, peer].append((stamps[tap][int(frame)], int(frame), row, role, said[tap][int(frame), me]))
    return seen


def is_hidden(endpoint, later, found):
    """Has the endpoint done by itself (a close(), a timeout, an abort) what no segment of its own has shown yet?"""
    for change in endpoint.tr:
        if change["old"] is None or change["t_ns"] > later + OWN:
            continue
        cause = endpoint.cause(change["t_ns"])[1] if change["why"] == "rx" else None
        gives_up = cause and change["new"] == "CLOSED" and change["old"] != "LAST-ACK" and "R" not in cause["fl"]
        flags = {"SYN-SENT": "S", "CLOSED": "R"}.get(change["new"], "FR")
        shown = any(t >= change["t_ns"] - 50_000 and row["from"] == role and set(flags) & set(row["flags"])
                    for t, _, row, role, _ in found)
        if (change["why"] != "rx" or gives_up) and not shown:
            return True
    return False


def judge(command, folder):
    known = Truth(os.path.join(folder, "truth.jsonl"))
    count, wrong = collections.Counter(), []
    for (me, peer), found in points(command, folder).items():
        endpoint = known.endpoint(me, peer)
        found.sort(key=lambda point: point[1])
        for i, (time, frame, row, role, size) in enumerate(found):
            # A delivery begins a little before its frame is stamped.
            later = max(time, min(time + OWN, found[i + 1][0] - 100_000) if i + 1 < len(found) else time + OWN)
            kernel = endpoint.window(time, later)
            kernel |= NO_TCB if kernel & NO_TCB else set()
            possible = row[role + "_possible"].split("|")
            count["points"] += 1
            count["exact"] += row[role + "_state"] in kernel
            count["single"] += len(possible) == 1
            count["size"] += len(possible)
            count["size alone"] += size
            count["observed"] += row[role + "_certainty"] == "observed"
            if kernel & set(possible):
                count["sound"] += 1
            elif is_hidden(endpoint, later, found[: i + 1]):
                count["hidden"] += 1
            else:
                count["unsound"] += 1
                wrong.append(f"{me} frame {frame} {row['flags']} {row['verdict']}: says {'|'.join(possible)}, "
                             f"kernel {'|'.join(sorted(kernel))}")
    return count, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--command", default=os.environ.get("TCPSTATE", "tcpstate"))
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--require", action="store_true")
    options = parser.parse_args()
    total = collections.Counter()
    for name, path in score.scenarios(options.folder):
        count, wrong = judge(options.command, path)
        total += count
        for text in wrong if options.list else []:
            print(f"  {name}: {text}")
    n = max(total["points"], 1)
    print(f"{n} points: state exact {100 * total['exact'] / n:.2f} %, possible sound but for {total['unsound']} "
          f"(and {total['hidden']} that no segment has shown yet), "
          f"one state {100 * total['single'] / n:.2f} %, {total['size'] / n:.3f} states on average "
          f"({total['size alone'] / n:.3f} with that tap alone), observed {100 * total['observed'] / n:.2f} %")
    return 1 if options.require and (total["unsound"] > 0 or total["size"] >= total["size alone"]) else 0


if __name__ == "__main__":
    sys.exit(main())
