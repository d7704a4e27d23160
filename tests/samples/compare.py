#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""compare.py EXPECTED COMMAND...: the CSV that COMMAND prints has the expected rows, in the columns of EXPECTED."""
import csv
import subprocess
import sys


def main(expected_path, *command):
    with open(expected_path, encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    got = list(csv.DictReader(printed.splitlines()))
    wrong = abs(len(expected) - len(got))
    if wrong:
        print(f"{len(expected)} rows expected, {len(got)} printed")
    for want, row in zip(expected, got):
        for column, value in want.items():
            if row.get(column) != value:
                print(f"frame {want['frame']}: {column} is {row.get(column)!r}, expected {value!r}")
                wrong += 1
    return 1 if wrong or not expected else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
