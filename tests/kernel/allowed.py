# SPDX-License-Identifier: GPL-2.0-or-later
"""Which states no observer could exclude: the rules 0 to 6 of README.md."""
from timeline import INF, NOTCB, OWN


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


def until_shown(X, own, t, new, caused_by_segment):
    """When the capture first shows X's transition to `new` at t; own: X's segments in the capture."""
    def first(match):
        return next((seen for seen, p in own if p['tx'] >= t - 50_000 and match(set(p['fl']))), INF)
    if caused_by_segment:
        return first(lambda fl: 'S' not in fl) if new == 'ESTABLISHED' else INF
    flags = {'SYN-SENT': {'S'}, 'FIN-WAIT-1': {'F', 'R'}, 'LAST-ACK': {'F', 'R'}, 'CLOSED': {'R'}}.get(new)
    return first(lambda fl: fl & flags) if flags else INF


def hidden(X, fs):
    """[(t, state before, shown)] transitions of X that reach the capture only later (INF: never)."""
    seen = {p['id'] for n, t, p in fs}
    own = [(t, p) for n, t, p in fs if p['src'] == X.me and not p['inj']]
    out = []
    for r in X.tr:
        if r['old'] is None or r['old'] == r['new'] or r['why'] in ('initial', 'listener'):
            continue
        t, by_segment = r['t_ns'], r['why'] == 'rx'
        if by_segment:
            c = X.cause(t)[1]
            if c and c['id'] in seen:
                continue
        out.append((t, r['old'], until_shown(X, own, t, r['new'], by_segment)))
    return out


def overtaken(fs):
    """over[j]: a segment captured after frame j reaches the same endpoint before it."""
    over, low = [], {}
    for n, t, p in reversed(fs):
        over.append(low.get(p['dst'], INF) < p['arr'])
        low[p['dst']] = min(p['arr'], low.get(p['dst'], INF))
    over.reverse()
    return over


class Allowed:
    """The states of one endpoint that the frames of one 4-tuple leave open."""
    def __init__(self, X, fs, over, nominal):
        self.X, self.fs, self.over, self.nominal = X, fs, over, nominal
        self.hid = hidden(X, fs)

    def evolve(self, start, j0, i, forged=False):
        """(states, states entered) from `start` by the segments of frames j0..i, without sequence checks."""
        cur, new = set(start), set()
        for j in range(j0, i + 1):
            p = self.fs[j][2]
            if p['src'] == self.X.me:
                if forged or not p['inj']:
                    cur = {g_send(s, p['fl']) for s in cur}
                    new = {g_send(s, p['fl']) for s in new}
            else:
                for s in list(cur):
                    n = f_recv(s, p['fl'], p['covers'])
                    new |= n
                    cur |= n
        return cur, new

    def at(self, i, a, b, stop=INF):
        """All of them after frame i, in the window [a,b]; nothing at or after `stop` counts."""
        X, fs = self.X, self.fs
        fly = [fs[j][2]['arr'] for j in range(i + 1) if fs[j][2]['dst'] == X.me and a < fs[j][2]['arr'] < stop]
        out = {X.at(u) for u in fly}        # 0. segments on their way to X: the state their arrival really led to
        b = max([b] + fly)
        out |= self.not_shown(i, b)
        out |= self.lost(i, a, out)
        out |= self.forged(i)
        out |= self.aborted(i)
        K = X.window(a, b)
        return out | self.unheard(i, K) | self.no_tcb(i, a, b, K) | self.picked_up(i, K)

    def not_shown(self, i, b):
        """1. transitions that have not shown on the wire yet."""
        X, fs, out = self.X, self.fs, set()
        for t, before, shown in self.hid:
            if t <= b and fs[i][1] < shown:
                # segments seen after the hidden event, or seen before but still on their way to X then
                j0 = next((j for j in range(i + 1) if fs[j][1] >= t - 1 or (fs[j][2]['dst'] == X.me and
                           (not fs[j][2]['rx'] or fs[j][2]['rx'][0][1] >= t))), i + 1)
                out |= self.evolve({before}, j0, i)[0]
        return out

    def lost(self, i, a, flying):
        """2. segments seen here but lost, late or discarded by an overflowing accept queue beyond us."""
        X, fs = self.X, self.fs
        for j in range(i + 1):
            p = fs[j][2]
            if p['dst'] != X.me:
                continue
            if p['rx'] and not p['hostdrop'] and (p['arr'] <= a or not self.over[j]):
                continue                            # it does arrive, and in order: rule 0 has said to what
            due = p['tx'] + self.nominal
            if any(fs[k][2]['src'] == X.me and not fs[k][2]['inj'] and fs[k][2]['tx'] > due for k in range(j + 1, i + 1)):
                continue
            return self.evolve(X.window(fs[j][1], fs[j][1]) | flying, j, i)[1]
        return set()

    def forged(self, i):
        """3. forged segments claiming to be from X, until X itself speaks."""
        X, fs, out = self.X, self.fs, set()
        for j in range(i, -1, -1):
            p = fs[j][2]
            if p['src'] == X.me:
                if not p['inj']:
                    break
                s = {g_send(x, p['fl']) for x in X.window(fs[j][1], fs[j][1])}
                if 'S' in p['fl'] and 'A' not in p['fl']:
                    s.add('SYN-SENT')
                out |= self.evolve(s, j + 1, i)[0]
        return out

    def aborted(self, i):
        """3b. X aborts on an otherwise acceptable segment (orphan, listener gone ..): undecidable until its RST shows."""
        X, fs, out = self.X, self.fs, set()
        for j in range(i, -1, -1):
            p = fs[j][2]
            if p['src'] == X.me:
                if 'R' in p['fl']:
                    break
                continue
            if p['rx'] and 'R' not in p['fl']:
                u, w = p['rx'][0]
                before = X.at(u - 1)
                if before not in NOTCB and X.at(w + OWN) == 'CLOSED' and not (p['covers'] and before == 'LAST-ACK'):
                    out |= self.evolve({before}, j, i)[0]
        return out

    def unheard(self, i, K):
        """4. never heard from since the SYN, or at all. A SYN that did arrive and was taken leaves no doubt."""
        if not K <= {'CLOSED', 'LISTEN', 'SYN-RECEIVED'} or K == {'SYN-RECEIVED'}:
            return set()
        out, syn = set(), False
        for j in range(i, -1, -1):
            p = self.fs[j][2]
            if p['src'] == self.X.me:
                break
            if 'S' in p['fl'] and 'A' not in p['fl']:
                syn = True
        else:
            out |= NOTCB
        return out | {'CLOSED', 'LISTEN', 'SYN-RECEIVED'} if syn else out

    def no_tcb(self, i, a, b, K):
        """5. a passive opener that fell back is LISTEN or CLOSED alike, but LISTEN after an RST seen here met SYN-RECEIVED."""
        if 'LISTEN' not in K:
            return set()
        resets = [p for n, t, p in self.fs[:i + 1] if 'R' in p['fl']]
        causes = [self.X.iv[q][5] for q in self.X.idx(a, b) if self.X.iv[q][4] == 'LISTEN']
        return set() if any(p is c for p in resets for c in causes) else {'CLOSED'}

    def picked_up(self, i, K):
        """6. never saw a SYN here: mid-stream pick-up may assume an established connection until an RST."""
        if not K & NOTCB or any(set('SR') & set(p['fl']) for n, t, p in self.fs[:i + 1]):
            return set()
        return self.evolve({'ESTABLISHED'}, 0, i, True)[0]
