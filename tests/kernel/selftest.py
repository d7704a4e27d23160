#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How sharp are the yardsticks? Predictions made from the truth itself have to pass; planted errors have to be caught.

  selftest.py DIR [DIR..]
"""
import collections
import multiprocessing
import os
import random
import sys

from possible import SetJudge, judge_point, moments, points
from score import oracle, score
from timeline import STATES, Truth


def planted_states(judge, c, rng):
    """A random wrong state at every point: does FAIR refuse it?"""
    for p, t, row in judge.res.values():
        for role in ('src', 'dst'):
            kernel, allowed, right = row[role][1:4]
            wrong = rng.choice([s for s in STATES if s != right])
            c['planted'] += 1
            c['strict_caught'] += wrong not in kernel
            c['fair_caught'] += wrong not in allowed


def simple_engines(judge, c):
    """Engines that are always wrong in the same way: ESTABLISHED for ever, and one packet late."""
    fixed = {n: (p['src'], p['dst'], 'ESTABLISHED', 'ESTABLISHED') for n, (p, t, row) in judge.res.items()}
    result = score(judge, fixed, [], '')
    c['fixed_paths'] += result['paths']
    c['fixed_ok'] += result['path_ok']
    right, late, before = oracle(judge, 'end'), {}, {}
    for n in sorted(right):
        pair = tuple(sorted(right[n][:2]))
        late[n] = before.get(pair, (right[n][0], right[n][1], 'CLOSED', 'LISTEN'))
        before[pair] = right[n]
    result = score(judge, late, [], '')
    c['late_paths'] += result['paths']
    c['late_ok'] += result['path_ok']


def sets_of_truth(judge):
    """Rows as possible.py reads them: exactly the states that it is going to ask for, all `observed`."""
    rows = {}
    for frames in judge.conns.values():
        spoke, known = collections.Counter(), set()
        for i, (n, t, p) in enumerate(frames):
            following = frames[i + 1][1] if i + 1 < len(frames) else judge.end
            rows[n] = {}
            if not p['inj']:
                spoke[p['src']] = max(spoke[p['src']], p['snd'] if p['id'] not in known else t)
            known.add(p['id'])
            for role in ('src', 'dst'):
                X, kernel = judge.res[n][2][role][:2]
                states = sorted({X.at(u) for u in moments(X, role, p, t, following, judge.stop[n], spoke[X.me])})
                shown = next(s for s in states + sorted(kernel) if s in kernel)
                rows[n][X.me] = (shown, [shown] + [s for s in states if s != shown], 'observed')
    return rows


def spoilt(rows):
    """The same with another state in the place of each that is asked for."""
    other = lambda s: 'SYN-SENT' if s != 'SYN-SENT' else 'LAST-ACK'
    return {n: {me: (other(shown), [other(shown)], sure) for me, (shown, states, sure) in row.items()} for n, row in rows.items()}


def one(job):
    folder, name, vantage = job
    judge = SetJudge(Truth(os.path.join(folder, name, 'truth.jsonl')), vantage)
    c, rng = collections.Counter(), random.Random(name + vantage)
    result = score(judge, oracle(judge, 'end'), [], '')
    for n in 'pts strict fair dec dec_ok paths path_ok finals final_fair'.split():
        c['oracle_' + n] += result[n]
    planted_states(judge, c, rng)
    simple_engines(judge, c)
    truth = sets_of_truth(judge)
    for prefix, rows in (('true_', truth), ('false_', spoilt(truth))):
        counted = collections.Counter()
        for q, alternatives in points(judge, name, rows):
            judge_point(q, alternatives, counted, [], collections.Counter())
        c.update({prefix + k: v for k, v in counted.items()})
    return c


def main():
    jobs = [(d, s, v) for d in sys.argv[1:] for s in sorted(os.listdir(d)) if os.path.exists(os.path.join(d, s, 'truth.jsonl'))
            for v in Truth(os.path.join(d, s, 'truth.jsonl')).meta['vantages']]
    if not jobs:
        sys.exit(__doc__)
    c = collections.Counter()
    with multiprocessing.Pool(4) as pool:
        for counted in pool.imap_unordered(one, jobs):
            c.update(counted)
    checks = [
        ('the truth is judged right at every point', c['oracle_strict'], c['oracle_pts'], 100),
        ('the truth is judged right where decidable', c['oracle_dec_ok'], c['oracle_dec'], 100),
        ('the truth has right paths', c['oracle_path_ok'], c['oracle_paths'], 100),
        ('the truth has right final states', c['oracle_final_fair'], c['oracle_finals'], 100),
        ('wrong states caught by strict', c['strict_caught'], c['planted'], 98),
        ('wrong states caught by FAIR', c['fair_caught'], c['planted'], 96),
        ('PATH refuses ESTABLISHED for ever', c['fixed_paths'] - c['fixed_ok'], c['fixed_paths'], 90),
        ('PATH refuses one packet late', c['late_paths'] - c['late_ok'], c['late_paths'], 25),
        ('sets of the truth are sound', c['true_sound'], c['true_due'], 100),
        ('observed truth is right', c['true_observed_ok'], c['true_observed'], 100),
        ('wrong sets caught', c['false_due'] - c['false_sound'], c['false_due'], 99.9),
        ('wrong observed states caught', c['false_observed'] - c['false_observed_ok'], c['false_observed'], 98),
    ]
    for text, a, b, least in checks:
        print('%s %-44s %7.2f %% of %d (at least %s)' % ('ok  ' if a * 100 >= least * b else 'FAIL', text, 100.0 * a / b, b, least))
    return 1 if any(a * 100 < least * b for _, a, b, least in checks) else 0


if __name__ == '__main__':
    sys.exit(main())
