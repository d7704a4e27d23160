# SPDX-License-Identifier: GPL-2.0-or-later
"""What each end was after each frame of a capture, and what it may be taken for. See README.md."""
import bisect

from allowed import Allowed, overtaken
from timeline import INF


def connects(A, B):
    """When a new active open begins on this pair of endpoints (the second SYN of a simultaneous open is none)."""
    out = []
    for X, Y in ((A, B), (B, A)):
        for r in X.tr:
            if r['new'] == 'SYN-SENT' and r['old'] != r['new']:
                if Y.at(r['t_ns']) == 'SYN-SENT' and any(abs(r['t_ns'] - q) < 60_000_000_000 for q in out):
                    continue
                out.append(r['t_ns'])
    return sorted(out)


class Judge:
    """All reasoning for one capture (truth and vantage point).

    res: {frame: (segment, stamp, {'src'|'dst': (endpoint, kernel states, allowed states, state at the window's end, at its
    begin, intervals)})}; inst: [(4-tuple, number, endpoint, frames, intervals, final states)] for each connection and end."""
    def __init__(self, T, v):
        self.T, self.v = T, v
        self.fr = T.frames(v)
        self.conns = {}
        for x in self.fr:
            self.conns.setdefault(x[2]['conn'], []).append(x)
        self.end = T.meta['t_end_ns']
        self.res = {}
        self.inst = []
        for c, fs in self.conns.items():
            self.conn(c, fs)

    def window(self, X, role, p, a, nxt, stop):
        """(begin, end, intervals of X) that count after the frame of segment p and stamp a; nxt: the frame that follows."""
        b = nxt[1] if nxt else self.end
        if nxt and nxt[2]['dst'] == X.me and a < nxt[2]['arr'] < b:     # its delivery starts just before its stamp
            b = nxt[2]['arr'] - 1
        a = min(a, stop - 1)            # stop short of the next connection on this 4-tuple
        b = max(a, min(b, stop - 1))
        ids = X.idx(a, b)
        if role == 'src':               # sender: after departure
            ids = sorted({X.pos(min(p['snd'], a))} | set(ids)) if not p['inj'] else ids
        elif p['arr'] < min(b, stop):   # receiver: after arrival; what it was on the way is past
            a = max(a, p['arr'] + 1)
            ids = X.idx(a, b)
        elif p['arr'] < stop:
            ids = sorted({X.pos(p['arr'])} | set(ids))
        return a, b, ids

    def conn(self, c, fs):
        A, B = self.T.endpoint(c[0], c[1]), self.T.endpoint(c[1], c[0])
        cut, over = connects(A, B), overtaken(fs)
        open_to = {X: Allowed(X, fs, over, self.T.nominal) for X in (A, B)}
        inst = []
        for n, t, p in fs:              # running maximum: a late segment of the old connection falls to the new one
            k = bisect.bisect_right(cut, p.get('snd') or p['tx'])
            inst.append(max(k, inst[-1]) if inst else k)
        for i, (n, t, p) in enumerate(fs):
            stop = cut[inst[i]] if inst[i] < len(cut) else INF
            row = {}
            for role, X in (('src', A if p['src'] == A.me else B), ('dst', A if p['dst'] == A.me else B)):
                a, b, ids = self.window(X, role, p, t, fs[i + 1] if i + 1 < len(fs) else None, stop)
                K = {X.iv[q][4] for q in ids}
                row[role] = (X, K, K | open_to[X].at(i, min(a, b), b, stop), X.at(b), X.at(a), ids)
            self.res[n] = (p, t, row)
        self.instances(c, fs, inst, cut, open_to)

    def instances(self, c, fs, inst, cut, open_to):
        """One entry for each connection on this 4-tuple and each of its ends."""
        for k in sorted(set(inst)):
            idxs = [j for j in range(len(fs)) if inst[j] == k]
            lo = cut[k - 1] if k else -INF
            hi = cut[k] if k < len(cut) else INF
            for X, allowed in open_to.items():
                fin = None
                if hi == INF:
                    fin = ({X.at(self.end)}, {X.at(self.end)} | allowed.at(idxs[-1], self.end, self.end))
                kseq = [q for q, x in enumerate(X.iv) if x[2] >= lo and x[1] < min(hi, self.end)]
                self.inst.append((c, k, X, [fs[j][0] for j in idxs], kseq, fin))
