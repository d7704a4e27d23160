# SPDX-License-Identifier: GPL-2.0-or-later
"""The recorded truth of one scenario, and which states it allows at each frame of a capture. See README.md for the rules."""
import bisect
import json

INF = 1 << 62
NOTCB = {'CLOSED', 'LISTEN'}
OWN = 300_000            # ns: an endpoint may finish its own transition just after emitting its reply
STATES = ('CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT').split()


def f_recv(S, fl, covers):
    """RFC 9293 receive table without sequence checks: states reachable from S by an accepted segment."""
    if 'R' in fl:
        return {'SYN-RECEIVED': {'CLOSED', 'LISTEN'}}.get(S, set() if S in NOTCB else {'CLOSED'})
    if 'S' in fl:
        if 'A' in fl:
            return {'ESTABLISHED'} if S in ('SYN-SENT', 'SYN-RECEIVED') else set()
        return {'SYN-RECEIVED'} if S in ('CLOSED', 'LISTEN', 'SYN-SENT', 'TIME-WAIT') else set()
    out, cur = set(), {S}
    if 'A' in fl:
        n = None
        if S == 'SYN-RECEIVED':
            n = 'ESTABLISHED'
        elif covers and S == 'FIN-WAIT-1':
            n = 'FIN-WAIT-2'
        elif covers and S == 'CLOSING':
            n = 'TIME-WAIT'
        elif covers and S == 'LAST-ACK':
            n = 'CLOSED'
        if n:
            out.add(n)
            cur.add(n)
    if 'F' in fl:
        for s in cur:
            n = {'ESTABLISHED': 'CLOSE-WAIT', 'FIN-WAIT-1': 'CLOSING', 'FIN-WAIT-2': 'TIME-WAIT'}.get(s)
            if n:
                out.add(n)
    return out


def g_send(S, fl):
    """What emitting a segment reveals."""
    if 'R' in fl:
        return 'CLOSED'
    if 'S' in fl:
        if 'A' in fl:
            return 'SYN-RECEIVED' if S in ('LISTEN', 'CLOSED', 'SYN-SENT', 'TIME-WAIT') else S
        return 'SYN-SENT' if S in ('LISTEN', 'CLOSED', 'TIME-WAIT') else S
    if 'F' in fl:
        return {'ESTABLISHED': 'FIN-WAIT-1', 'SYN-RECEIVED': 'FIN-WAIT-1', 'CLOSE-WAIT': 'LAST-ACK'}.get(S, S)
    return S


class Endpoint:
    def __init__(self, me, peer):
        self.me, self.peer, self.tr, self.dl = me, peer, [], []     # dl: deliveries to me [(begin, end, id, packet)]

    def build(self):
        self.tr.sort(key=lambda r: r['t_ns'])
        self.iv = []            # [start_lo, start_t, end_t, end_hi, state, segment that caused the start]
        cur, lo, t0, by = None, -INF, -INF, None
        for r in self.tr:
            if cur is None:
                cur = r['old'] or r['new']
            if r['new'] != cur:
                t, l, h, c = r['t_ns'], min(r.get('lo', INF), r['t_ns']), max(r.get('hi', 0), r['t_ns']), None
                if r['why'] == 'rx':        # receiving is one step: it counts from the start of the delivery that caused it
                    u, c = self.cause(t)
                    if c and u >= t0:
                        t = l = h = u
                self.iv.append([lo, t0, t, h, cur, by])
                cur, lo, t0, by = r['new'], l, t, c
        self.iv.append([lo, t0, INF, INF, cur or 'CLOSED', by])
        self.starts = [x[1] for x in self.iv]

    def cause(self, t):
        """(begin, segment) of the delivery a receive-side transition at t belongs to; deliveries to one endpoint do not overlap."""
        k = bisect.bisect_right(self.dl, (t, INF))
        if k and t <= self.dl[k - 1][1] + 1_000_000:
            return self.dl[k - 1][0], self.dl[k - 1][3]
        if k < len(self.dl) and self.dl[k][0] <= t + 50_000:
            return self.dl[k][0], self.dl[k][3]
        return t, None

    def pos(self, t):
        return max(0, bisect.bisect_right(self.starts, t) - 1)

    def at(self, t):
        return self.iv[self.pos(t)][4]

    def idx(self, a, b):
        return [i for i, x in enumerate(self.iv) if x[0] <= b and x[3] >= a]

    def window(self, a, b):
        return {self.iv[i][4] for i in self.idx(a, b)}


class Truth:
    def __init__(self, fn):
        self.eps, self.pk = {}, []
        for l in open(fn):
            r = json.loads(l)
            if r['ev'] == 'meta':
                self.meta = r
            elif r['ev'] == 'state':
                self.endpoint(r['ep'], r['peer']).tr.append(r)
            elif r['ev'] == 'pkt':
                self.pk.append(r)
        for p in self.pk:
            self.endpoint(p['src'], p['dst'])
            self.endpoint(p['dst'], p['src']).dl += [(a, b, p['id'], p) for a, b in p['rx']]
            p['arr'] = min(r[0] for r in p['rx']) if p['rx'] else INF
        for e in self.eps.values():
            e.dl.sort(key=lambda x: x[:3])
            e.build()
        self.by = {}
        for p in self.pk:
            p['conn'] = tuple(sorted((p['src'], p['dst'])))
            self.by.setdefault(p['conn'], []).append(p)
        self.nominal = int(sum(self.meta['delay_ms']) * 1e6) + 10_000_000
        for c, ps in self.by.items():
            ps.sort(key=lambda p: p['tx'])
            fins = {}
            for p in ps:            # does p acknowledge the receiver's FIN?
                fe = fins.get(p['dst'])
                p['covers'] = bool(fe is not None and 'A' in p['fl'] and ((p['ack'] - fe) & 0xffffffff) < 1 << 31)
                if 'F' in p['fl'] and not p['inj']:
                    fins[p['src']] = (p['seq'] + p['len'] + 1) & 0xffffffff
                if 'S' in p['fl'] and 'A' not in p['fl'] and not p['inj']:
                    fins.pop(p['src'], None)
            # accept-queue overflow: the host got the ACK and threw it away
            for p in ps:
                p['hostdrop'] = False
                if p['rx'] and 'A' in p['fl'] and not set('SR') & set(p['fl']):
                    e = self.endpoint(p['dst'], p['src'])
                    a, b = p['rx'][0]
                    if e.at(a - 1) == 'SYN-RECEIVED' and e.at(b + OWN) == 'SYN-RECEIVED':
                        p['hostdrop'] = True

    def endpoint(self, a, b):
        if (a, b) not in self.eps:
            self.eps[(a, b)] = Endpoint(a, b)
        return self.eps[(a, b)]

    def frames(self, v):
        out = []
        for p in self.pk:
            for n, t in p['fr'].get(v, ()):
                out.append((n, t, p))
        out.sort(key=lambda x: x[0])
        return out


class Judge:
    """All allowed-set reasoning for one capture (truth + vantage)."""
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

    def hidden(self, X, fs):
        """[(T, S1, tv)] transitions of X whose evidence reaches the vantage only at tv (INF: never)."""
        out = []
        seen = {}
        for n, t, p in fs:
            seen.setdefault(p['id'], t)
        own = [(t, p) for n, t, p in fs if p['src'] == X.me and not p['inj']]
        for r in X.tr:
            if r['old'] is None or r['old'] == r['new'] or r['why'] in ('initial', 'listener'):
                continue
            t, s2 = r['t_ns'], r['new']
            if r['why'] == 'rx':
                c = X.cause(t)[1]
                if c and c['id'] in seen:
                    continue
                tv = INF
                if s2 == 'ESTABLISHED':
                    tv = next((ot for ot, p in own if p['tx'] >= t - 50_000 and 'S' not in p['fl']), INF)
                out.append((t, r['old'], tv))
            else:
                if s2 == 'SYN-SENT':
                    tv = next((ot for ot, p in own if p['tx'] >= t - 50_000 and 'S' in p['fl']), INF)
                elif s2 in ('FIN-WAIT-1', 'LAST-ACK'):
                    tv = next((ot for ot, p in own if p['tx'] >= t - 50_000 and ('F' in p['fl'] or 'R' in p['fl'])), INF)
                elif s2 == 'CLOSED':
                    tv = next((ot for ot, p in own if p['tx'] >= t - 50_000 and 'R' in p['fl']), INF)
                else:
                    tv = INF
                out.append((t, r['old'], tv))
        return out

    def evolve(self, start, X, fs, j0, i, forged=False):
        cur, new = set(start), set()
        for j in range(j0, i + 1):
            p = fs[j][2]
            if p['src'] == X.me:
                if forged or not p['inj']:
                    cur = {g_send(s, p['fl']) for s in cur}
                    new = {g_send(s, p['fl']) for s in new}
            else:
                for s in list(cur):
                    n = f_recv(s, p['fl'], p['covers'])
                    new |= n
                    cur |= n
        return cur, new

    def alt(self, X, fs, i, a, b, hid, over, stop=INF):
        """Lenient states of X at frame i, window [a,b]; nothing at or after stop counts."""
        fly = [fs[j][2]['arr'] for j in range(i + 1) if fs[j][2]['dst'] == X.me and a < fs[j][2]['arr'] < stop]
        out = {X.at(u) for u in fly}        # 0. segments on their way to X: the state their arrival really led to
        b = max([b] + fly)
        # 1. transitions that have not shown on the wire yet
        for t, s1, tv in hid:
            if t <= b and fs[i][1] < tv:
                # segments seen after the hidden event, or seen before but still on their way to X then
                j0 = next((j for j in range(i + 1) if fs[j][1] >= t - 1 or (fs[j][2]['dst'] == X.me and
                           (not fs[j][2]['rx'] or fs[j][2]['rx'][0][1] >= t))), i + 1)
                out |= self.evolve({s1}, X, fs, j0, i)[0]
        # 2. segments seen here but lost, late or discarded by an overflowing accept queue beyond us
        j0 = None
        for j in range(i + 1):
            p = fs[j][2]
            if p['dst'] != X.me:
                continue
            if p['rx'] and not p['hostdrop'] and (p['arr'] <= a or not over[j]):
                continue                            # it does arrive, and in order: rule 0 has said to what
            due = p['tx'] + self.T.nominal
            if any(fs[k][2]['src'] == X.me and not fs[k][2]['inj'] and fs[k][2]['tx'] > due for k in range(j + 1, i + 1)):
                continue
            j0 = j
            break
        if j0 is not None:
            out |= self.evolve(X.window(fs[j0][1], fs[j0][1]) | out, X, fs, j0, i)[1]
        # 3. forged segments claiming to be from X, until X itself speaks
        for j in range(i, -1, -1):
            p = fs[j][2]
            if p['src'] == X.me:
                if not p['inj']:
                    break
                s = {g_send(x, p['fl']) for x in X.window(fs[j][1], fs[j][1])}
                if 'S' in p['fl'] and 'A' not in p['fl']:
                    s.add('SYN-SENT')
                out |= self.evolve(s, X, fs, j + 1, i)[0]
        # 3b. X aborted on an otherwise acceptable segment (orphan, listener gone ..): undecidable until its RST shows
        for j in range(i, -1, -1):
            p = fs[j][2]
            if p['src'] == X.me:
                if 'R' in p['fl']:
                    break
                continue
            if p['rx'] and 'R' not in p['fl']:
                u, w = p['rx'][0]
                if X.at(u - 1) not in NOTCB and X.at(w + OWN) == 'CLOSED' and not (p['covers'] and X.at(u - 1) == 'LAST-ACK'):
                    out |= self.evolve({X.at(u - 1)}, X, fs, j, i)[0]
        # 4. never heard from since the SYN / at all
        K = X.window(a, b)
        if K <= {'CLOSED', 'LISTEN', 'SYN-RECEIVED'} and K != {'SYN-RECEIVED'}:     # a SYN that did arrive and was taken: no doubt
            syn = False
            for j in range(i, -1, -1):
                p = fs[j][2]
                if p['src'] == X.me:
                    break
                if 'S' in p['fl'] and 'A' not in p['fl']:
                    syn = True
            else:
                out |= NOTCB
            if syn:
                out |= {'CLOSED', 'LISTEN', 'SYN-RECEIVED'}
        # 5. no TCB: a passive opener that fell back is LISTEN or CLOSED alike
        #    (not after an RST seen here met SYN-RECEIVED: RFC 9293 3.10.7.4 says LISTEN)
        if 'LISTEN' in K and not any(fs[j][2] is x[5] and 'R' in fs[j][2]['fl'] for q in X.idx(a, b) for x in [X.iv[q]] if x[4] == 'LISTEN' for j in range(i + 1)):
            out.add('CLOSED')
        # 6. never saw a SYN here: mid-stream pick-up may assume an established connection until an RST
        if K & NOTCB and not any('S' in fs[j][2]['fl'] for j in range(i + 1)):
            if not any('R' in fs[j][2]['fl'] for j in range(i + 1)):
                out |= self.evolve({'ESTABLISHED'}, X, fs, 0, i, True)[0]
        return out

    def conn(self, c, fs):
        A, B = self.T.endpoint(c[0], c[1]), self.T.endpoint(c[1], c[0])
        # connection instances: a new active open (not the second SYN of a simultaneous open)
        cut = []
        for X, Y in ((A, B), (B, A)):
            for r in X.tr:
                if r['new'] == 'SYN-SENT' and r['old'] != r['new']:
                    if Y.at(r['t_ns']) in ('SYN-SENT',) and any(abs(r['t_ns'] - q) < 60_000_000_000 for q in cut):
                        continue
                    cut.append(r['t_ns'])
        cut.sort()
        hid = {X: self.hidden(X, fs) for X in (A, B)}
        over, low = [], {}              # over[j]: a segment captured after j reaches the same endpoint before it
        for n, t, p in reversed(fs):
            over.append(low.get(p['dst'], INF) < p['arr'])
            low[p['dst']] = min(p['arr'], low.get(p['dst'], INF))
        over.reverse()
        inst = []
        for n, t, p in fs:              # running maximum: a late segment of the old connection falls to the new one
            k = bisect.bisect_right(cut, p.get('snd') or p['tx'])
            inst.append(max(k, inst[-1]) if inst else k)
        last_of = {}
        for i, (n, t, p) in enumerate(fs):
            nxt = fs[i + 1] if i + 1 < len(fs) else None
            row = {}
            for role, X in (('src', A if p['src'] == A.me else B), ('dst', A if p['dst'] == A.me else B)):
                a, b = t, nxt[1] if nxt else self.end
                if nxt and nxt[2]['dst'] == X.me and a < nxt[2]['arr'] < b:     # its delivery starts just before its stamp
                    b = nxt[2]['arr'] - 1
                stop = cut[inst[i]] if inst[i] < len(cut) else INF
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
                K = {X.iv[q][4] for q in ids}
                row[role] = (X, K, K | self.alt(X, fs, i, min(a, b), b, hid[X], over, stop), X.at(b), X.at(a), ids)
            self.res[n] = (p, t, row)
            last_of[inst[i]] = i
        for k in sorted(last_of):
            i = last_of[k]
            idxs = [j for j in range(len(fs)) if inst[j] == k]
            lo = cut[k - 1] if k else -INF
            hi = cut[k] if k < len(cut) else INF
            for X in (A, B):
                fin = None
                if hi == INF:
                    fin = ({X.at(self.end)}, {X.at(self.end)} | self.alt(X, fs, i, self.end, self.end, hid[X], over))
                kseq = [q for q, x in enumerate(X.iv) if x[2] >= lo and x[1] < min(hi, self.end)]
                self.inst.append((c, k, X, [fs[j][0] for j in idxs], kseq, fin))
