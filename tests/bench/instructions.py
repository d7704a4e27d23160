#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""instructions.py BUILD COMPILER BUILD_TYPE [--record]

Instructions a segment, counted by callgrind, against those in instructions.json: more than 5 % above fails. Unlike
times they are the same in every run. Exit status 77, not comparable: another compiler or build type than recorded, or
no valgrind. --record writes them anew; a commit that changes them says why."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RECORD = os.path.join(HERE, "instructions.json")
CAPTURES = {"mixed": "1500 300 14", "elephant": "1 1 -20000", "flood": "flood 20000"}
PROGRAMS = {
    "engine": ["{build}/tests/bench/engine", "{file}", "1"],
    "conns -q": ["{build}/core/cli/tcpstate", "conns", "-q", "{file}"],
    "annotate -T csv": ["{build}/core/cli/tcpstate", "annotate", "-q", "-T", "csv", "{file}"],
    "annotate -T json": ["{build}/core/cli/tcpstate", "annotate", "-q", "-T", "json", "{file}"],
}
NOT_COMPARABLE = 77


def count(command, engine_alone):
    options = ["--tool=callgrind", "--callgrind-out-file=/dev/null"]
    if engine_alone:
        options.append("--toggle-collect=tcpstate_feed_batch")
    done = subprocess.run(["valgrind", *options, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not collected:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return int(collected.group(1))


def measure(build):
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for capture, arguments in CAPTURES.items():
            path = os.path.join(folder, capture + ".pcap")
            subprocess.run([f"{build}/tests/bench/generate", path, *arguments.split()], check=True)
            out = subprocess.run([f"{build}/tests/bench/floor", path], check=True, capture_output=True, text=True).stdout
            packets = int(out.split()[0])
            for program, words in PROGRAMS.items():
                command = [word.format(build=build, file=path) for word in words]
                engine_alone = program == "engine"
                rounds = 2 if engine_alone else 1  # the untimed one, too
                figures[f"{program}, {capture}"] = round(count(command, engine_alone) / packets / rounds, 1)
    return figures


def main():
    build, compiler, build_type = sys.argv[1:4]
    made_by = f"{compiler}, {build_type}"
    if not shutil.which("valgrind"):
        return NOT_COMPARABLE
    with open(RECORD, encoding="utf-8") as file:
        record = json.load(file)
    if "--record" in sys.argv:
        with open(RECORD, "w", encoding="utf-8") as file:
            json.dump({"made by": made_by, "instructions a segment": measure(build)}, file, indent=2)
            file.write("\n")
        return 0
    if record["made by"] != made_by:
        print(f"recorded with {record['made by']}, this is {made_by}")
        return NOT_COMPARABLE
    failed = 0
    for name, now in measure(build).items():
        then = record["instructions a segment"][name]
        failed |= now > 1.05 * then
        print(f"{name}: {now}, recorded {then}, {100 * now / then - 100:+.1f} %")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
