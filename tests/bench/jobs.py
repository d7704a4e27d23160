#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""jobs.py BUILD [--set NAME] [--runs N] [--folder DIR]

What a second thread saves: `annotate` with --jobs 1 and --jobs 2, by the clock, one right after the other. Prints the
medians as a Markdown table. BUILD is a build folder with CMAKE_BUILD_TYPE=Release; NAME is a capture of bench.py."""
import argparse
import statistics
import subprocess
import tempfile
import time

import bench


def seconds(tcpstate, form, jobs, path):
    start = time.monotonic()
    subprocess.run([tcpstate, "annotate", "-q", "-T", form, "--jobs", str(jobs), path], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(usage=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--set", default="1m")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tools = bench.Bench(options.build, options.folder or scratch, options.runs)
        path = tools.capture(bench.SETS[options.set][0])
        print(f"{bench.machine()}; medians of {options.runs} paired runs, {options.set}\n")
        bench.row("annotate", "one thread, s", "two threads, s", "times the rate")
        bench.row("---", "---:", "---:", "---:")
        for form in "json", "csv":
            pairs = [[seconds(tools.tcpstate, form, jobs, path) for jobs in (1, 2)] for _ in range(options.runs)]
            one, two = (statistics.median(column) for column in zip(*pairs))
            bench.row(f"-T {form}", f"{one:.3f}", f"{two:.3f}", f"{statistics.median(a / b for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()
