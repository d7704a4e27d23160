# SPDX-License-Identifier: GPL-2.0-or-later
"""How the kernel's words become RFC 9293's: one endpoint's states from trace events and sock_diag samples."""
import bisect

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


class Mapper:
    """States of one endpoint, in order of time, from its trace events and sock_diag samples.

    `mode` is the kind of socket that the kernel has for it: full, tw (a timewait mini-socket, which may be in FIN-WAIT-2 too),
    req (a request socket, which the trace does not show), or None."""
    def __init__(self, key, evs, check, stats, name):
        self.me, self.peer = ep(key[0], key[1]), ep(key[2], key[3])
        self.evs = sorted(evs, key=lambda x: (x[0], x[1]))
        self.trace_times = sorted(x[0] for x in evs if x[1] == 0)
        self.check, self.stats, self.name = check, stats, name
        self.state, self.mode, self.last = None, None, 0
        self.recs = []

    def run(self):
        for t, kind, e in self.evs:
            if kind == 0:
                self.traced(t, e)
            else:
                self.sampled(*e)
        return self.recs

    def emit(self, t, lo, hi, new, src, w, e=None, **x):
        if src == 'diag':
            t = max(t, min(self.last + 1, hi))
            lo = min(lo, t)
        self.last = t
        r = {'ev': 'state', 't': ts(t), 't_ns': t, 'lo': lo, 'hi': hi, 'ep': self.me, 'peer': self.peer, 'old': self.state, 'new': new,
             'src': src, 'why': w}
        if e is not None:
            r['kold'], r['knew'] = e['old'], e['new']
            r['fn'] = '<'.join([f for f in e['fn'] if f not in SKIP][:5])
        r.update(x)
        self.recs.append(r)
        self.state = new

    def traced(self, t, e):
        o, n, fn = e['old'], e['new'], e['fn']
        w = why(fn)
        if self.state is None:
            self.state = 'CLOSED' if o == 7 else 'LISTEN' if o == 10 else KST[o]
        if o == 10 and n == 3:                      # LISTEN->SYN_RECV: child creation
            self.mode = 'full'
            self.emit(t, t, t, 'SYN-RECEIVED', 'trace', 'rx', e)
        elif n == 7 and timewait(o, fn, self.evs, t):
            # full socket replaced by a timewait mini-socket (tcp_time_wait tail-calls tcp_done)
            sub = 'TIME-WAIT' if (o == 11 or caller(fn) == 'tcp_fin') else 'FIN-WAIT-2'
            self.mode = 'tw'
            self.emit(t, t, t, sub, 'trace', w, e, tw=True)
        else:
            self.mode = 'full' if n not in (7,) else None
            self.emit(t, t, t, KST[n], 'trace', w, e)

    def sampled(self, t0, t1, answer, pid):
        """sock_diag said `answer` between t0 and t1; pid: the segment that had just been delivered, or None."""
        sk, sst = answer
        self.check['samples'] += 1
        if self.state is None:
            self.state = sst
            self.recs.append({'ev': 'state', 't': ts(t0), 't_ns': t0, 'lo': t0, 'hi': t0, 'ep': self.me, 'peer': self.peer, 'old': None,
                              'new': sst, 'src': 'diag', 'why': 'initial'})
            self.mode = {'tw': 'tw', 'full': 'full', 'synrecv': 'req'}.get(sk)
        elif self.mode == 'full':
            self.compare(t0, t1, sk, sst)
        elif sk == 'full':
            pass                    # a full socket that the trace will announce (race at creation)
        elif sk in ('tw', 'synrecv'):
            new = sst if sk == 'tw' else 'SYN-RECEIVED'
            kind = 'tw' if sk == 'tw' else 'req'
            if new != self.state:
                self.emit(t0, t0, t1, new, 'diag', 'rx' if pid is not None else 'timer', **{kind: True})
            self.mode = kind
        else:
            self.gone(t0, t1, sk, sst, pid)

    def compare(self, t0, t1, sk, sst):
        """An independent check: does the kernel's dump agree with the trace?"""
        i = bisect.bisect_left(self.trace_times, t0 - 200000)
        raced = i < len(self.trace_times) and self.trace_times[i] <= t1 + 200000
        if sst == self.state or (sk == 'synrecv' and self.state == 'SYN-RECEIVED'):
            self.check['full_agree'] += 1
        elif raced:
            self.check['race'] += 1
        else:
            self.check['full_differ'] += 1
            self.stats.setdefault('differ', []).append((self.name, self.me, self.peer, self.state, sk, sst, ts(t1)))

    def gone(self, t0, t1, sk, sst, pid):
        """No socket for the 4-tuple any more; a listener, or nothing."""
        w, lo = ('rx', t0) if pid is not None else ('timer', t0 - 60_000_000)
        if self.mode == 'tw':
            self.emit(t0, lo, t1, 'CLOSED', 'diag', w, tw=True)
        elif self.mode == 'req':
            self.emit(t0, lo, t1, 'LISTEN' if sk == 'listen' else 'CLOSED', 'diag', w, req=True)
        elif self.state in ('CLOSED', 'LISTEN') and sst != self.state and pid is None and sst == 'LISTEN':
            # no TCB; a listener exists (again). Only recorded when a SYN is about to be delivered.
            self.emit(t0, t0, t1, 'LISTEN', 'diag', 'listener')
        elif self.state == 'LISTEN' and sk == 'none':
            self.emit(t0, t0, t1, 'CLOSED', 'diag', 'listener')
        self.mode = None if self.mode in ('tw', 'req') else self.mode
