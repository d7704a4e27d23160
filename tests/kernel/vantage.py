#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""vantage.py DIR... --run 'tcpstate conns -T csv {pcap}': is conn.vantage right, and how often is it known?

Each scenario was captured at the client, at the server and half-way. Counted are the connections whose handshake is in
the capture: SYN, SYN-ACK and a segment of the client after it. --require fails where one is wrong, and below 90 % known
at the two ends."""
import argparse
import collections
import csv
import os
import shlex
import subprocess
import sys

HOSTS = {'client': '1', 'mid': None, 'server': '2'}  # how the address of the host ends where it was taken


def captures(folders):
    for folder in folders:
        for scenario in sorted(os.listdir(folder)):
            for name in HOSTS:
                pcap = os.path.join(folder, scenario, name + '.pcap')
                if os.path.exists(pcap):
                    yield name, pcap


def rows(command, pcap):
    argv = [word.replace('{pcap}', pcap) for word in shlex.split(command)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return csv.DictReader(done.stdout.splitlines())


def has_handshake(row):
    syn, rest = row['history'][:1], row['history'][1:]
    return syn == 'S' and 'h' in rest and any(c in rest for c in 'ADF')


def both_opened(row):
    """Then the handshake has no client and no server."""
    return 'H' in row['history'] or 's' in row['history']


def place(name, row):
    """Not the scenario's words: where both open, either may be the client."""
    if HOSTS[name] is None:
        return 'middle'
    return 'client' if row['client'].endswith(HOSTS[name]) else 'server'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folders', nargs='+')
    parser.add_argument('--run', required=True)
    parser.add_argument('--require', action='store_true')
    options = parser.parse_args()
    count = collections.Counter()
    for name, pcap in captures(options.folders):
        for row in rows(options.run, pcap):
            if has_handshake(row) and not both_opened(row):
                verdict = {'unknown': 'unknown', place(name, row): 'right'}.get(row['vantage'], 'wrong')
                count[name, verdict] += 1
                if verdict == 'wrong':
                    print(f"WRONG {pcap} #{row['stream']}: {row['vantage']}")
    print('capture      right  unknown  wrong')
    for name in HOSTS:
        print(f"{name:10} {count[name, 'right']:7} {count[name, 'unknown']:8} {count[name, 'wrong']:6}")
    right, unknown, wrong = (sum(count[n, v] for n in ('client', 'server')) for v in ('right', 'unknown', 'wrong'))
    known = 100 * right / max(1, right + unknown + wrong)
    print(f'known at the two ends: {known:.1f} %')
    wrong += count['mid', 'wrong']
    return 1 if options.require and (wrong or known < 90) else 0


if __name__ == '__main__':
    sys.exit(main())
