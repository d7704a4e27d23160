#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Goldens of the recorded sample captures, from the kernel's record.

  kernel_states.py make TRUTH SAMPLES      write SAMPLES/expected/kernel/NAME.csv for each SAMPLES/NAME.pcap that is a capture of TRUTH
  kernel_states.py check CSV COMMAND...    run COMMAND and compare

Each row has, for sender and receiver of a frame, the states that the kernel's socket was in, and after a slash what no observer
could have told from them at this point (tests/kernel/README.md, FAIR)."""
import csv
import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'kernel'))


def cell(kernel, allowed):
    more = sorted(allowed - kernel)
    return '|'.join(sorted(kernel)) + ('/' + '|'.join(more) if more else '')


def make(truth, samples):
    from judge import Judge
    from timeline import Truth
    captures = {open(f, 'rb').read(): f for f in glob.glob(os.path.join(truth, '*', '*.pcap'))}
    os.makedirs(os.path.join(samples, 'expected', 'kernel'), exist_ok=True)
    for sample in sorted(glob.glob(os.path.join(samples, '*.pcap'))):
        source = captures.get(open(sample, 'rb').read())
        if source is None:
            continue
        folder, vantage = os.path.split(source)
        judge = Judge(Truth(os.path.join(folder, 'truth.jsonl')), os.path.splitext(vantage)[0])
        name = os.path.splitext(os.path.basename(sample))[0]
        with open(os.path.join(samples, 'expected', 'kernel', name + '.csv'), 'w', newline='') as f:
            out = csv.writer(f, lineterminator='\n')
            out.writerow(('frame', 'src_state', 'dst_state'))
            for frame, (_, _, row) in sorted(judge.res.items()):
                out.writerow((frame, cell(row['src'][1], row['src'][2]), cell(row['dst'][1], row['dst'][2])))


def check(expected, command):
    said = {row['frame']: row for row in csv.DictReader(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines())}
    wrong = 0
    for row in csv.DictReader(open(expected)):
        for end in ('src_state', 'dst_state'):
            states = row[end].replace('/', '|').split('|')
            got = said[row['frame']][end] if row['frame'] in said else 'nothing'
            if got not in states:
                wrong += 1
                print('frame %s %s: said %s, the kernel %s' % (row['frame'], end, got, row[end]))
    print('%s: %d frames, %d wrong' % (os.path.basename(expected), len(said), wrong))
    return 1 if wrong or not said else 0


if __name__ == '__main__':
    if len(sys.argv) == 4 and sys.argv[1] == 'make':
        sys.exit(make(sys.argv[2], sys.argv[3]))
    if len(sys.argv) > 3 and sys.argv[1] == 'check':
        sys.exit(check(sys.argv[2], sys.argv[3:]))
    sys.exit(__doc__)
