# SPDX-License-Identifier: GPL-2.0-or-later
"""The relay between the two hosts, and the kernel's own word (sock_diag) after each delivery."""
import errno
import heapq
import os
import pickle
import random
import select
import signal
import socket
import struct
import time

from net import inns, now_ns
from packets import A, F, R, S, Pkt, parse

KST = {1: 'ESTABLISHED', 2: 'SYN-SENT', 3: 'SYN-RECEIVED', 4: 'FIN-WAIT-1', 5: 'FIN-WAIT-2', 6: 'TIME-WAIT',
       7: 'CLOSED', 8: 'CLOSE-WAIT', 9: 'LAST-ACK', 10: 'LISTEN', 11: 'CLOSING', 12: 'SYN-RECEIVED'}


class Diag:
    """Exact-tuple sock_diag look-ups in one namespace: what the kernel itself says now."""
    def __init__(self, ns):
        with inns(ns):
            self.s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)
        self.s.settimeout(2)
        self.n = 0

    def get(self, ip, port, rip, rport):
        v6 = ':' in ip
        fam = socket.AF_INET6 if v6 else socket.AF_INET
        pad = b'' if v6 else b'\0' * 12
        ident = struct.pack('!HH', port, rport) + socket.inet_pton(fam, ip) + pad + socket.inet_pton(fam, rip) + pad \
            + struct.pack('=I', 0) + b'\xff' * 8
        req = struct.pack('=BBBBI', fam, 6, 0, 0, 0xffffffff) + ident
        self.n += 1
        self.s.send(struct.pack('=IHHII', 16 + len(req), 20, 1, self.n, 0) + req)
        while True:
            m = self.s.recv(8192)
            ln, ty, fl, sq, pid = struct.unpack('=IHHII', m[:16])
            if sq == self.n:
                break
        if ty == 2:
            return 'none', 'CLOSED'
        st, timer = m[17], m[18]
        name = KST[st]
        if st == 10:
            return 'listen', 'LISTEN'
        if timer == 3:
            return 'tw', name
        # request sockets and full SYN_RECV children look alike; inode 0 + uid tells little, trace decides
        if st == 3:
            return 'synrecv', name
        return 'full', name


class Rule:
    """Deterministic impairment. where='pre' (before the mid tap) or 'post' (after it)."""
    def __init__(self, d, act='drop', pred=None, nth=None, where='post', ms=0, gap=1, every=False):
        self.d, self.act, self.pred, self.where, self.ms, self.gap = d, act, pred, where, ms, gap
        self.nth = None if nth is None else ({nth} if isinstance(nth, int) else set(nth))
        self.cnt = 0

    def hit(self, p):
        if self.d and self.d != p.d:
            return False
        if self.pred and not self.pred(p):
            return False
        self.cnt += 1
        return self.nth is None or self.cnt in self.nth


class Relay:
    """Discrete-event relay between two TAP/TUN devices, with a 'mid' tap between its two legs."""
    def __init__(self, cfg, fds, ctl, midfile, logfile):
        self.cfg, self.fds, self.ctl = cfg, fds, ctl
        self.heap, self.k = [], 0
        self.rules = cfg.get('rules', [])
        self.rng = random.Random(cfg.get('seed', 1))
        self.rand = cfg.get('rand')
        d = cfg.get('delay', (2, 2))
        self.leg = {'c': (d[0], d[1]), 's': (d[1], d[0])}      # per direction: before tap, after tap (ms)
        self.pkts, self.cnt = [], {'c': 0, 's': 0}
        self.samples = []
        self.watch = {}
        self.cut = {'c': False, 's': False}
        self.held, self.holding = [], []
        self.diag = {'c': Diag(cfg['nsc']), 's': Diag(cfg['nss'])}
        self.l2 = cfg['l2']
        self.mid = open(midfile, 'wb')
        self.mid.write(struct.pack('=IHHiIII', 0xa1b23c4d, 2, 4, 0, 0, 128, 1 if self.l2 else 101))
        self.logfile = logfile
        self.last = {}
        self.nextpoll = 0

    def push(self, ms, fn, *a):
        self.k += 1
        heapq.heappush(self.heap, (time.monotonic() + ms / 1000, self.k, fn, a))

    def decide(self, p, where):
        out = [0.0]
        if self.cut[p.d] and where == 'post':
            return []
        for r in self.rules:
            if r.where == where and r.hit(p):
                if r.act == 'drop':
                    return []
                if r.act == 'delay':
                    out = [x + r.ms for x in out]
                if r.act == 'dup':
                    out = out + [out[0] + r.ms]
        if self.rand:
            q, g = self.rand, self.rng
            if g.random() < q.get('drop', 0) / 2:
                return []
            if g.random() < q.get('dup', 0) / 2:
                out = out + [out[0] + g.uniform(0.2, q.get('dupms', 15))]
            if g.random() < q.get('reorder', 0) / 2:
                out[0] += g.uniform(1, q.get('reoms', 12))
        return out

    def from_end(self, side, fr, inj=False, where='pre'):
        p = parse(fr, self.l2)
        if p is None:
            return
        t = now_ns()
        p.d, p.raw, p.inj, p.t_in = side, bytes(fr[:180]), inj, t
        self.cnt[side] += 1
        p.n, p.id, p.tap, p.rx, p.smp = self.cnt[side], len(self.pkts), [], [], None
        self.pkts.append(p)
        if not p.icmp:
            if not inj:
                nx = (p.seq + p.len + bool(p.fl & S) + bool(p.fl & F)) & 0xffffffff
                self.last[(p.sip, p.sp, p.dip, p.dp)] = (p.seq, nx, p.ack, p.tsv, p.tse, p.win, p.fl)
        if where == 'post':
            self.tap(p, fr)
            return
        for x in self.decide(p, 'pre'):
            self.push(self.leg[side][0] + x, self.tap, p, fr)

    def tap(self, p, fr):
        t = now_ns()
        p.tap.append(t)
        self.mid.write(struct.pack('=IIII', t // 10**9, t % 10**9, min(len(fr), 128), len(fr)) + fr[:128])
        for h in self.holding:
            if h[0] == p.d and (h[1] is None or h[1](p)):
                self.held.append((p, fr))
                return
        for x in self.decide(p, 'post'):
            self.push(self.leg[p.d][1] + x, self.deliver, p, fr)

    def deliver(self, p, fr):
        dst = 's' if p.d == 'c' else 'c'
        dg = self.diag[dst]
        pre = None
        key = None
        if not p.icmp:
            key = (dst, p.dip, p.dp, p.sip, p.sp)
            if p.fl & S or key not in self.watch:
                a = now_ns()
                pre = dg.get(*key[1:])
                self.samples.append((a, now_ns(), key, pre, None))
        t0 = now_ns()
        try:
            os.write(self.fds[dst], fr)
        except OSError as e:
            p.note = 'write:' + errno.errorcode.get(e.errno, '?')
        t1 = now_ns()
        if key:
            k = dg.get(*key[1:])
            t2 = now_ns()
            self.samples.append((t0, t2, key, k, p.id))
            self.watch[key] = k[0]
            p.rx.append((t0, t1, t2))
        else:
            p.rx.append((t0, t1, t1))

    def poll_idle(self):
        live = [k for k, v in self.watch.items() if v in ('tw', 'synrecv')]
        for key in live:
            a = now_ns()
            k = self.diag[key[0]].get(*key[1:])
            self.samples.append((a, now_ns(), key, k, None))
            self.watch[key] = k[0]
        self.nextpoll = time.monotonic() + (0.05 if len(live) < 20 else 1.5)

    def command(self, c):
        op = c[0]
        if op == 'cut':
            for d in c[1]:
                self.cut[d] = c[2]
        elif op == 'inject':            # (op, direction, frame, 'pre'|'post')
            self.from_end(c[1], c[2], True, c[3])
        elif op == 'hold':              # hold after the tap
            preds = {'fin': lambda p: p.fl & F, 'syn': lambda p: p.fl & S, 'all': None,
                     'data': lambda p: p.len > 0, 'ack': lambda p: p.fl & A and not p.len and not p.fl & (S | F | R)}
            self.holding.append((c[1], preds[c[2]]))
        elif op == 'release':
            self.holding = []
            h, self.held = self.held, []
            for p, fr in h:
                self.push(self.leg[p.d][1], self.deliver, p, fr)
        elif op == 'rand':
            self.rand = c[1]
        elif op == 'last':
            return dict(self.last)
        elif op == 'raw':
            return [p.raw for p in self.pkts]
        elif op == 'busy':
            return len(self.heap) + len(self.held)
        elif op == 'stop':
            self.poll_idle()
            self.mid.close()
            with open(self.logfile, 'wb') as f:
                pickle.dump(([{k: getattr(p, k, None) for k in Pkt.__slots__} for p in self.pkts], self.samples), f)
            return 'stop'
        return True

    def run(self):
        po = select.epoll()
        back = {self.fds['c']: 'c', self.fds['s']: 's'}
        for fd in back:
            os.set_blocking(fd, False)
            po.register(fd, select.EPOLLIN)
        po.register(self.ctl.fileno(), select.EPOLLIN)
        while True:
            t = time.monotonic()
            while self.heap and self.heap[0][0] <= t:
                _, _, fn, a = heapq.heappop(self.heap)
                fn(*a)
                t = time.monotonic()
            if t > self.nextpoll:
                self.poll_idle()
            to = min(0.05, max(0, self.heap[0][0] - t)) if self.heap else 0.05
            for fd, ev in po.poll(to):
                if fd in back:
                    for _ in range(32):
                        try:
                            fr = os.read(fd, 70000)
                        except (BlockingIOError, OSError):
                            break
                        self.from_end(back[fd], fr)
                else:
                    r = self.command(self.ctl.recv())
                    self.ctl.send(r)
                    if r == 'stop':
                        return


def relay_main(cfg, fds, ctl, midfile, logfile):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        Relay(cfg, fds, ctl, midfile, logfile).run()
    finally:
        os._exit(0)
