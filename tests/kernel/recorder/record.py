#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Record what the kernel's TCP does, with its own word on every state. Root, Linux, python3, iproute2, tcpdump.

  record.py --list dev|more [--out DIR] [--seed N] [PATTERN..]

Only names that contain a PATTERN; DIR defaults to /tmp/tcpstate-truth.
"""
import argparse
import importlib
import json
import multiprocessing as mp
import os
import shutil
import struct
import sys
import time
import traceback

from lab import Lab
from packets import parse, read_pcap
from tracer import Tracer
from truth import build_truth

SLOW = ('tw_expiry', 'backlog', 'keepalive', 'dead_host')


def reseeded(job, add):
    """The same scenario with other random numbers: which connections a mix makes, which segments are lost."""
    name, cls, scenario, params, conf = job
    with_seed = lambda d: dict(d, seed=d['seed'] + add) if 'seed' in d else d
    return name, cls, scenario, with_seed(params), with_seed(conf)


def one(job, out, group, queue):
    """Child process: run one scenario and hand its facts back."""
    index, (name, cls, scenario, params, conf) = job
    os.setpgid(0, 0)
    conf = dict(conf)
    if callable(conf.get('rules')):
        conf['rules'] = conf['rules']()
    out = os.path.join(out, name)
    shutil.rmtree(out, ignore_errors=True)
    lab = Lab(index, out, params, conf)
    error = None
    try:
        lab.open()
        try:
            scenario(lab)
        except Exception:
            error = traceback.format_exc()
        lab.close()
        queue.put(dict(idx=index, group=group, name=name, cls=cls, out=out, cip=lab.cip, sip=lab.sip, l2=lab.l2, t_start=lab.t_start,
                       t_end=lab.t_end, ss=lab.ss, params=params, delay=conf.get('delay', (2, 2)),
                       desc=(scenario.__doc__ or scenario.__name__).strip().replace('\n', ' '), err=error))
    except Exception:
        queue.put(dict(idx=index, name=name, group=group, err=traceback.format_exc(), fatal=True))
    finally:
        lab.cleanup()


def derive(base, name, cls, source, vantage, kind, arg):
    """Filtered copy of a recorded capture; the truth is mapped to the frames that are left."""
    src, out = os.path.join(base, source), os.path.join(base, name)
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    with open(os.path.join(src, 'truth.jsonl')) as f:
        lines = [json.loads(line) for line in f]
    head = lines[0]
    with open(os.path.join(src, vantage + '.pcap'), 'rb') as f:
        body = f.read(24)
    linktype, frames = read_pcap(os.path.join(src, vantage + '.pcap'))
    keep = {}
    for n, t, raw, length in frames:
        p = parse(raw, 14 if linktype == 1 else 0)
        if kind == 'from' and n < arg:
            continue
        if kind == 'dir' and p is not None and (p.sip == head['client']) != (arg == 'c'):
            continue
        keep[n] = len(keep) + 1
        body += struct.pack('<IIII', t // 10**9, t % 10**9, len(raw), length) + raw
    with open(os.path.join(out, vantage + '.pcap'), 'wb') as f:
        f.write(body)
    head.update(name=name, **{'class': cls}, derived_from='%s/%s %s %s' % (source, vantage, kind, arg), vantages=[vantage])
    with open(os.path.join(out, 'truth.jsonl'), 'w') as f:
        for line in lines:
            if line['ev'] == 'pkt':
                line['fr'] = {vantage: [[keep[n], t] for n, t in line['fr'].get(vantage, []) if n in keep]}
                if not line['fr'][vantage]:
                    line['fr'] = {}
            f.write(json.dumps(line, separators=(',', ':')) + '\n')


def run(jobs, width, out, group, facts):
    """Record `jobs`, `width` at a time; appends to `facts`."""
    queue, running, jobs = mp.Queue(), [], list(jobs)
    context = mp.get_context('fork')
    left = len(jobs)
    while left:
        while jobs and len(running) < width:
            child = context.Process(target=one, args=(jobs.pop(0), out, group, queue))
            child.start()
            running.append(child)
        m = queue.get(timeout=400)
        left -= 1
        facts.append(m)
        if m.get('err'):
            print('!! %s: %s' % (m['name'], m['err'].strip().splitlines()[-1]), flush=True)
        while len(running) >= width:
            running = [p for p in running if p.is_alive()]
            time.sleep(.02)
    for p in running:
        p.join()


def join(facts, trace):
    """Write truth.jsonl of every scenario; returns what the cross-checks found."""
    by = {}
    for e in trace:
        for ip in {e.get('s'), e.get('d')}:
            by.setdefault(ip, []).append(e)
    odd, checks = {}, dict(frames_missing=0, frames_unmatched=0, connects_dropped=0)
    for m in facts:
        if m.get('fatal'):
            continue
        events = by.get(m['cip'], []) + [e for e in by.get(m['sip'], []) if e.get('s') != m['cip'] and e.get('d') != m['cip']]
        events.sort(key=lambda e: e['t'])
        m['class'] = m['cls']
        head = build_truth(m, events, odd)
        for k, v in head['check'].items():
            checks[k] = checks.get(k, 0) + v
        checks['frames_missing'] += sum(head['missing_frames'].values())
        checks['frames_unmatched'] += head['unmatched_frames']
        checks['connects_dropped'] += m.get('ghosts', 0)
    for kind in ('odd', 'differ'):
        for row in odd.get(kind, []):
            print('   %s %s' % (kind, row))
    checks['illegal_transitions'] = len(odd.get('odd', []))
    return checks


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--list', default='dev', choices=('dev', 'more'))
    ap.add_argument('--out', default='/tmp/tcpstate-truth')
    ap.add_argument('--seed', type=int, default=0, help='added to every seed of the list')
    ap.add_argument('--width', type=int, default=8, help='scenarios at a time')
    ap.add_argument('patterns', nargs='*')
    o = ap.parse_args()
    if os.geteuid():
        sys.exit('record.py needs root (network namespaces, tracefs)')
    wanted = lambda name: not o.patterns or any(p in name for p in o.patterns)
    source = importlib.import_module('list_' + o.list)
    jobs = [(i, reseeded(j, o.seed)) for i, j in enumerate(source.scenarios()) if wanted(j[0])]
    names = [j[1][0] for j in jobs]
    assert len(set(names)) == len(names), 'names have to be unique'
    heavy = [j for j in jobs if j[1][2].__name__ == 'mix']          # big mixes run alone, long waits start first
    light = sorted((j for j in jobs if j not in heavy), key=lambda j: j[1][2].__name__ not in SLOW)
    facts, begin, tracer = [], time.time(), Tracer()
    tracer.start()
    try:
        run(light, o.width, o.out, o.list, facts)
        run(heavy, 1, o.out, o.list, facts)
    finally:
        trace = tracer.stop()
    checks = join(facts, trace)
    for d in source.derived():
        if wanted(d[0]) and os.path.isdir(os.path.join(o.out, d[2])):
            derive(o.out, *d)
    summary = dict(checks, scenarios=len(facts), trace_events=len(trace), lost_pages=tracer.lost, seconds=round(time.time() - begin),
                   clock_halfwidth_ns=[tracer.off0[1], tracer.off1[1]], drift_ns=tracer.off1[0] - tracer.off0[0])
    print(json.dumps(summary))
    with open(os.path.join(o.out, 'summary.json'), 'w') as f:
        json.dump(summary, f)
    return 1 if any(m.get('fatal') for m in facts) else 0


if __name__ == '__main__':
    sys.exit(main())
