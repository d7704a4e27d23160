# SPDX-License-Identifier: GPL-2.0-or-later
"""Joins relay log, kernel trace and captures into truth.jsonl."""
import bisect
import json
import os
import pickle

from packets import flag_letters, parse, read_pcap
from relay import KST

RXF = {'tcp_v4_do_rcv', 'tcp_v6_do_rcv', 'tcp_v4_rcv', 'tcp_v6_rcv', 'tcp_rcv_state_process', 'tcp_rcv_established',
       'tcp_v4_err', 'tcp_v6_err', 'tcp_check_req'}
TMF = {'tcp_write_timer', 'tcp_keepalive_timer', 'tcp_delack_timer', 'reqsk_timer_handler', 'call_timer_fn'}
SKIP = {'trace_event_raw_event_inet_sock_set_state', '__traceiter_inet_sock_set_state', 'inet_sk_state_store', 'inet_sk_set_state',
        '__probestub_inet_sock_set_state', 'inet_sock_set_state', 'do_trace_inet_sock_set_state'}


def why(fn):
    for f in fn:
        if f in RXF:
            return 'rx'
        if f in TMF:
            return 'timer'
        if f.startswith('__x64_sys') or f in ('tcp_close', 'tcp_shutdown', 'tcp_v4_connect', 'tcp_v6_connect', 'inet_shutdown', 'tcp_abort'):
            return 'local'
    return 'local'


def ts(ns):
    return '%d.%09d' % (ns // 10**9, ns % 10**9)


def ep(ip, port):
    return ('[%s]:%d' if ':' in ip else '%s:%d') % (ip, port)


LEGAL = {tuple(x.split('>')) for x in (
    'CLOSED>SYN-SENT LISTEN>SYN-RECEIVED CLOSED>LISTEN LISTEN>CLOSED SYN-SENT>SYN-RECEIVED SYN-SENT>ESTABLISHED SYN-SENT>CLOSED SYN-RECEIVED>ESTABLISHED '
    'SYN-RECEIVED>FIN-WAIT-1 SYN-RECEIVED>CLOSE-WAIT SYN-RECEIVED>LISTEN SYN-RECEIVED>CLOSED ESTABLISHED>FIN-WAIT-1 ESTABLISHED>CLOSE-WAIT ESTABLISHED>CLOSED '
    'FIN-WAIT-1>FIN-WAIT-2 FIN-WAIT-1>CLOSING FIN-WAIT-1>CLOSED FIN-WAIT-2>TIME-WAIT FIN-WAIT-2>CLOSED CLOSE-WAIT>LAST-ACK CLOSE-WAIT>CLOSED '
    'CLOSING>TIME-WAIT CLOSING>CLOSED LAST-ACK>CLOSED TIME-WAIT>CLOSED TIME-WAIT>SYN-SENT TIME-WAIT>SYN-RECEIVED').split()}


def caller(fn):
    """The function that asked for the CLOSE: first frame below tcp_done/tcp_time_wait."""
    for f in fn:
        if f not in SKIP and f not in ('tcp_set_state', 'tcp_done', 'tcp_time_wait'):
            return f
    return ''


def timewait(old, fn, evs, t):
    """Was this X->TCP_CLOSE of a full socket the hand-over to a timewait mini-socket?"""
    fr = [f for f in fn if f not in SKIP]
    if 'tcp_done' not in fr[:2] and 'tcp_time_wait' not in fr[:2]:
        return False                    # linger-0 close, tcp_disconnect, unread data: plain tcp_set_state(CLOSE)
    c = caller(fn)
    if 'tcp_time_wait' in fr[:3] or c == 'tcp_fin' or (old == 11 and c == 'tcp_rcv_state_process') or (old == 5 and c == '__tcp_close'):
        return True
    if old in (4, 5) and c in ('tcp_rcv_state_process', 'tcp_keepalive_timer'):
        # orphan in FIN-WAIT-2: tw mini-socket, or aborted because data came / linger2 ran out: ask the kernel's own dump
        for x in evs:
            if x[1] == 1 and x[0] >= t:
                return x[2][2][0] == 'tw'
    return False


def build_truth(meta, trace, stats):
    """meta: dict of one recorded scenario; trace: all trace events. Writes truth.jsonl."""
    out = meta['out']
    with open(os.path.join(out, '.relay.pickle'), 'rb') as f:
        pkts, samples = pickle.load(f)
    os.unlink(os.path.join(out, '.relay.pickle'))
    ips = {meta['cip'], meta['sip']}
    l2 = meta['l2']
    # --- frames of the three captures -> packet ids
    for p in pkts:
        p['fr'] = {'client': [], 'mid': [], 'server': []}
    key = lambda p: (p['sip'], p['sp'], p['dip'], p['dp'], p['seq'], p['ack'], p['fl'], p['len'], p['win'], p['tsv'], p['tse'], p['ipid'])
    unmatched = 0
    for vant in ('client', 'mid', 'server'):
        want = {}
        for p in pkts:
            if p['icmp']:
                continue
            if vant == 'mid':
                times = [(t, p) for t in p['tap']]
            elif (vant == 'client') == (p['d'] == 'c'):
                times = [] if p['inj'] else [(p['t_in'], p)]
            else:
                times = [(r[0], p) for r in p['rx']]
            for t, q in times:
                want.setdefault(key(q), []).append((t, q))
        for v in want.values():
            v.sort(key=lambda x: x[0])
        lt, frames = read_pcap(os.path.join(out, vant + '.pcap'))
        for n, t, b, ol in frames:
            q = parse(b, l2)
            if q is None or q.icmp:
                continue
            k = (q.sip, q.sp, q.dip, q.dp, q.seq, q.ack, q.fl, q.len, q.win, q.tsv, q.tse, q.ipid)
            w = want.get(k)
            if w:
                _, p = w.pop(0)
                p['fr'][vant].append((n, t))
            else:
                unmatched += 1
        meta.setdefault('missing_frames', {})[vant] = sum(len(v) for v in want.values())
    # --- timelines
    # connect() with an ephemeral port: CLOSE->SYN_SENT is traced before the port is chosen (sport 0);
    # take it from the next event of the same socket.
    # connect() that fails locally (4-tuple in use) traces CLOSE->SYN_SENT->CLOSE for a socket that never was on the wire.
    pend, opening, ghost = {}, {}, set()
    for e in trace:
        if e['ev'] == 'inet_sock_set_state':
            if e['new'] == 2:
                opening[e['sk']] = e
            elif e['sk'] in opening:
                q = opening.pop(e['sk'])
                if e['old'] == 2 and e['new'] == 7 and {'tcp_v4_connect', 'tcp_v6_connect'} & set(e['fn']) and 'tcp_v4_rcv' not in e['fn'] and 'tcp_v6_rcv' not in e['fn']:
                    ghost |= {id(e), id(q)}
    meta['ghosts'] = len(ghost) // 2
    trace = [e for e in trace if id(e) not in ghost]
    for e in trace:
        if e['ev'] == 'inet_sock_set_state' and e['s'] in ips | {'0.0.0.0', '::'}:
            if e['sport'] == 0 and e['new'] == 2:
                pend[e['sk']] = e
            elif e['sport'] and e['sk'] in pend:
                q = pend.pop(e['sk'])
                q['sport'], q['s'] = e['sport'], e['s']
    tl = {}
    for e in trace:
        if e['ev'] == 'inet_sock_set_state' and e['s'] in ips and e['dport'] and e['d'] in ips:
            tl.setdefault((e['s'], e['sport'], e['d'], e['dport']), []).append((e['t'], 0, e))
    for t0, t1, k, st, pid in samples:
        tl.setdefault(k[1:], []).append((t1, 1, (t0, t1, st, pid)))
    recs = []
    check = meta['check'] = {'samples': 0, 'full_agree': 0, 'full_differ': 0, 'race': 0}
    ktimes = {k: sorted(x[0] for x in v if x[1] == 0) for k, v in tl.items()}
    for k, evs in tl.items():
        evs.sort(key=lambda x: (x[0], x[1]))
        tlast = 0
        st, mode = None, None       # mode: full / tw / req / None
        me, peer = ep(k[0], k[1]), ep(k[2], k[3])
        def emit(t, lo, hi, new, src, w, e=None, **x):
            nonlocal st, tlast
            if src == 'diag':
                t = max(t, min(tlast + 1, hi))
                lo = min(lo, t)
            tlast = t
            r = {'ev': 'state', 't': ts(t), 't_ns': t, 'lo': lo, 'hi': hi, 'ep': me, 'peer': peer, 'old': st, 'new': new, 'src': src, 'why': w}
            if e is not None:
                r['kold'], r['knew'] = e['old'], e['new']
                r['fn'] = '<'.join([f for f in e['fn'] if f not in SKIP][:5])
            r.update(x)
            recs.append(r)
            st = new
        for t, kind, e in evs:
            if kind == 0:
                o, n, fn = e['old'], e['new'], e['fn']
                w = why(fn)
                if st is None:
                    st = 'CLOSED' if o == 7 else 'LISTEN' if o == 10 else KST[o]
                if o == 10 and n == 3:                      # LISTEN->SYN_RECV: child creation
                    mode = 'full'
                    emit(t, t, t, 'SYN-RECEIVED', 'trace', 'rx', e)
                elif n == 7 and timewait(o, fn, evs, t):
                    # full socket replaced by a timewait mini-socket (tcp_time_wait tail-calls tcp_done)
                    sub = 'TIME-WAIT' if (o == 11 or caller(fn) == 'tcp_fin') else 'FIN-WAIT-2'
                    mode = 'tw'
                    emit(t, t, t, sub, 'trace', w, e, tw=True)
                else:
                    mode = 'full' if n not in (7,) else None
                    emit(t, t, t, KST[n], 'trace', w, e)
            else:
                t0, t1, (sk, sst), pid = e
                check['samples'] += 1
                if st is None:
                    st = sst
                    recs.append({'ev': 'state', 't': ts(t0), 't_ns': t0, 'lo': t0, 'hi': t0, 'ep': me, 'peer': peer, 'old': None, 'new': st, 'src': 'diag', 'why': 'initial'})
                    mode = {'tw': 'tw', 'full': 'full', 'synrecv': 'req'}.get(sk)
                    continue
                if mode == 'full':
                    kt = ktimes.get(k, [])
                    i = bisect.bisect_left(kt, t0 - 200000)
                    raced = i < len(kt) and kt[i] <= t1 + 200000
                    if sst == st or (sk == 'synrecv' and st == 'SYN-RECEIVED'):
                        check['full_agree'] += 1
                    elif raced:
                        check['race'] += 1
                    else:
                        check['full_differ'] += 1
                        stats.setdefault('differ', []).append((meta['name'], me, peer, st, sk, sst, ts(t1)))
                    continue
                w = 'rx' if pid is not None else 'timer'
                if sk == 'full':
                    continue        # a full socket that the trace will announce (race at creation)
                if sk == 'tw':
                    if sst != st:
                        emit(t0, t0, t1, sst, 'diag', w, tw=True)
                    mode = 'tw'
                elif sk == 'synrecv':
                    if st != 'SYN-RECEIVED':
                        emit(t0, t0, t1, 'SYN-RECEIVED', 'diag', w, req=True)
                    mode = 'req'
                else:
                    if mode == 'tw':
                        emit(t0, t0 if pid is not None else t0 - 60_000_000, t1, 'CLOSED', 'diag', w, tw=True)
                        mode = None
                    elif mode == 'req':
                        emit(t0, t0 if pid is not None else t0 - 60_000_000, t1, 'LISTEN' if sk == 'listen' else 'CLOSED', 'diag', w, req=True)
                        mode = None
                    elif st in ('CLOSED', 'LISTEN') and sst != st and pid is None and sst == 'LISTEN':
                        # no TCB; a listener exists (again). Only recorded when a SYN is about to be delivered.
                        emit(t0, t0, t1, 'LISTEN', 'diag', 'listener')
                    elif st == 'LISTEN' and sk == 'none':
                        emit(t0, t0, t1, 'CLOSED', 'diag', 'listener')
    for r in recs:
        if r['old'] and r['old'] != r['new'] and (r['old'], r['new']) not in LEGAL:
            stats.setdefault('odd', []).append((meta['name'], r['ep'], r['peer'], r['old'], r['new'], r['src'], r['t']))
    recs.sort(key=lambda r: r['t_ns'])
    resets = [{'ev': e['ev'], 't': ts(e['t']), 't_ns': e['t'], 'ep': ep(e['s'], e['sport']), 'peer': ep(e['d'], e['dport']),
               **({'reason': e['reason']} if e.get('reason') is not None else {})}
              for e in trace if e['ev'] != 'inet_sock_set_state' and (e.get('s') in ips or e.get('d') in ips)]
    big = len(recs) > 1500
    for r in recs:                      # compact form: lo/hi only where uncertain; short stacks in the big mixes
        if r['lo'] == r['hi'] == r['t_ns']:
            del r['lo'], r['hi']
        if big and 'fn' in r:
            r['fn'] = '<'.join(r['fn'].split('<')[:2])
    head = {'ev': 'meta', 'name': meta['name'], 'group': meta['group'], 'class': meta['class'], 'client': meta['cip'], 'server': meta['sip'],
            't_start_ns': meta['t_start'], 't_end_ns': meta['t_end'], 'delay_ms': meta['delay'], 'desc': meta['desc'],
            'params': {k: v for k, v in meta['params'].items() if isinstance(v, (int, float, str, bool))},
            'check': check, 'unmatched_frames': unmatched, 'missing_frames': meta['missing_frames'], 'vantages': ['client', 'mid', 'server'], 'ss_end': meta['ss'] if len(meta['ss']['c']) + len(meta['ss']['s']) < 40 else {}}
    with open(os.path.join(out, 'truth.jsonl'), 'w') as f:
        f.write(json.dumps(head) + '\n')
        for r in recs:
            f.write(json.dumps(r, separators=(',', ':')) + '\n')
        for r in resets:
            f.write(json.dumps(r, separators=(',', ':')) + '\n')
        for p in pkts:
            if p['icmp']:
                continue
            f.write(json.dumps({'ev': 'pkt', 'id': p['id'], 'src': ep(p['sip'], p['sp']), 'dst': ep(p['dip'], p['dp']),
                                'fl': flag_letters(p['fl']), 'seq': p['seq'], 'ack': p['ack'], 'len': p['len'], 'inj': int(bool(p['inj'])),
                                'snd': (p['fr']['client' if p['d'] == 'c' else 'server'] or [[0, p['t_in']]])[0][1] if not p['inj'] else p['t_in'], 'tx': p['t_in'], **({} if big else {'tap': p['tap']}), 'rx': [[r[0], r[2]] for r in p['rx']],
                                'fr': {k: v for k, v in p['fr'].items() if v}}, separators=(',', ':')) + '\n')
    return head
