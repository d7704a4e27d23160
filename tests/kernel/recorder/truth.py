# SPDX-License-Identifier: GPL-2.0-or-later
"""Joins relay log, kernel trace and captures into truth.jsonl."""
import json
import os
import pickle

from mapper import LEGAL, Mapper, ep, ts
from packets import flag_letters, parse, read_pcap

VANTAGES = ('client', 'mid', 'server')
CONNECT = {'tcp_v4_connect', 'tcp_v6_connect'}
RECEIVE = {'tcp_v4_rcv', 'tcp_v6_rcv'}


def key(p):
    """What a segment is recognized by in the captures."""
    return tuple(p[k] for k in ('sip', 'sp', 'dip', 'dp', 'seq', 'ack', 'fl', 'len', 'win', 'tsv', 'tse', 'ipid'))


def times(p, vantage):
    """When p ought to have been captured there."""
    if vantage == 'mid':
        return p['tap']
    if (vantage == 'client') == (p['d'] == 'c'):
        return [] if p['inj'] else [p['t_in']]
    return [r[0] for r in p['rx']]


def match_frames(pkts, out, l2):
    """Fills p['fr'] of every segment; returns (frames that are nobody's, {vantage: segments without their frame})."""
    unmatched, missing = 0, {}
    for p in pkts:
        p['fr'] = {v: [] for v in VANTAGES}
    for vantage in VANTAGES:
        want = {}
        for p in pkts:
            if not p['icmp']:
                want.setdefault(key(p), []).extend((t, p) for t in times(p, vantage))
        for v in want.values():
            v.sort(key=lambda x: x[0])
        for n, t, b, _ in read_pcap(os.path.join(out, vantage + '.pcap'))[1]:
            q = parse(b, l2)
            if q is None or q.icmp:
                continue
            w = want.get(key({k: getattr(q, k, None) for k in q.__slots__}))
            if w:
                w.pop(0)[1]['fr'][vantage].append((n, t))
            else:
                unmatched += 1
        missing[vantage] = sum(len(v) for v in want.values())
    return unmatched, missing


def drop_failed_connects(trace):
    """A connect() that fails locally (4-tuple in use) traces CLOSE->SYN_SENT->CLOSE for a socket that never was on the wire."""
    opening, ghosts = {}, set()
    for e in trace:
        if e['ev'] != 'inet_sock_set_state':
            continue
        if e['new'] == 2:
            opening[e['sk']] = e
        elif e['sk'] in opening:
            q = opening.pop(e['sk'])
            if e['old'] == 2 and e['new'] == 7 and CONNECT & set(e['fn']) and not RECEIVE & set(e['fn']):
                ghosts |= {id(e), id(q)}
    return [e for e in trace if id(e) not in ghosts], len(ghosts) // 2


def fill_in_ports(trace, ips):
    """connect() with an ephemeral port traces CLOSE->SYN_SENT before the port is chosen: take it from the socket's next event."""
    pending = {}
    for e in trace:
        if e['ev'] == 'inet_sock_set_state' and e['s'] in ips | {'0.0.0.0', '::'}:
            if e['sport'] == 0 and e['new'] == 2:
                pending[e['sk']] = e
            elif e['sport'] and e['sk'] in pending:
                q = pending.pop(e['sk'])
                q['sport'], q['s'] = e['sport'], e['s']


def states(trace, samples, ips, check, stats, name):
    """All state records of the scenario, in order of time."""
    by_end = {}
    for e in trace:
        if e['ev'] == 'inet_sock_set_state' and e['s'] in ips and e['dport'] and e['d'] in ips:
            by_end.setdefault((e['s'], e['sport'], e['d'], e['dport']), []).append((e['t'], 0, e))
    for t0, t1, k, answer, pid in samples:
        by_end.setdefault(k[1:], []).append((t1, 1, (t0, t1, answer, pid)))
    recs = []
    for k, evs in by_end.items():
        recs += Mapper(k, evs, check, stats, name).run()
    for r in recs:
        if r['old'] and r['old'] != r['new'] and (r['old'], r['new']) not in LEGAL:
            stats.setdefault('odd', []).append((name, r['ep'], r['peer'], r['old'], r['new'], r['src'], r['t']))
    recs.sort(key=lambda r: r['t_ns'])
    return recs


def shorten(recs, big):
    """Compact form: lo/hi only where uncertain; short stacks in the big mixes."""
    for r in recs:
        if r['lo'] == r['hi'] == r['t_ns']:
            del r['lo'], r['hi']
        if big and 'fn' in r:
            r['fn'] = '<'.join(r['fn'].split('<')[:2])


def packet_line(p, big):
    sent = (p['fr']['client' if p['d'] == 'c' else 'server'] or [[0, p['t_in']]])[0][1]
    return {'ev': 'pkt', 'id': p['id'], 'src': ep(p['sip'], p['sp']), 'dst': ep(p['dip'], p['dp']), 'fl': flag_letters(p['fl']),
            'seq': p['seq'], 'ack': p['ack'], 'len': p['len'], 'inj': int(bool(p['inj'])), 'snd': sent if not p['inj'] else p['t_in'],
            'tx': p['t_in'], **({} if big else {'tap': p['tap']}), 'rx': [[r[0], r[2]] for r in p['rx']],
            'fr': {k: v for k, v in p['fr'].items() if v}}


def reset_line(e):
    return {'ev': e['ev'], 't': ts(e['t']), 't_ns': e['t'], 'ep': ep(e['s'], e['sport']), 'peer': ep(e['d'], e['dport']),
            **({'reason': e['reason']} if e.get('reason') is not None else {})}


def head_line(meta, check, unmatched):
    few = len(meta['ss']['c']) + len(meta['ss']['s']) < 40
    return {'ev': 'meta', 'name': meta['name'], 'group': meta['group'], 'class': meta['class'], 'client': meta['cip'],
            'server': meta['sip'], 't_start_ns': meta['t_start'], 't_end_ns': meta['t_end'], 'delay_ms': meta['delay'],
            'desc': meta['desc'], 'params': {k: v for k, v in meta['params'].items() if isinstance(v, (int, float, str, bool))},
            'check': check, 'unmatched_frames': unmatched, 'missing_frames': meta['missing_frames'], 'vantages': list(VANTAGES),
            'ss_end': meta['ss'] if few else {}}


def build_truth(meta, trace, stats):
    """meta: facts of one recorded scenario; trace: its trace events. Writes truth.jsonl, returns its first line."""
    out, ips = meta['out'], {meta['cip'], meta['sip']}
    with open(os.path.join(out, '.relay.pickle'), 'rb') as f:
        pkts, samples = pickle.load(f)
    os.unlink(os.path.join(out, '.relay.pickle'))
    unmatched, meta['missing_frames'] = match_frames(pkts, out, meta['l2'])
    trace, meta['ghosts'] = drop_failed_connects(trace)
    fill_in_ports(trace, ips)
    check = {'samples': 0, 'full_agree': 0, 'full_differ': 0, 'race': 0}
    recs = states(trace, samples, ips, check, stats, meta['name'])
    big = len(recs) > 1500
    shorten(recs, big)
    head = head_line(meta, check, unmatched)
    resets = [reset_line(e) for e in trace if e['ev'] != 'inet_sock_set_state' and (e.get('s') in ips or e.get('d') in ips)]
    with open(os.path.join(out, 'truth.jsonl'), 'w') as f:
        f.write(json.dumps(head) + '\n')
        for row in recs + resets + [packet_line(p, big) for p in pkts if not p['icmp']]:
            f.write(json.dumps(row, separators=(',', ':')) + '\n')
    return head
