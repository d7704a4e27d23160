# SPDX-License-Identifier: GPL-2.0-or-later
"""The recorded truth of one scenario: what each end was, and what became of each segment."""
import bisect
import json

INF = 1 << 62
NOTCB = {'CLOSED', 'LISTEN'}
OWN = 300_000            # ns: an endpoint may finish its own transition just after emitting its reply
STATES = ('CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT').split()


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
        self.read(fn)
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
        for ps in self.by.values():
            ps.sort(key=lambda p: p['tx'])
            self.mark_acknowledged_fins(ps)
            self.mark_refused_acks(ps)

    def read(self, fn):
        with open(fn) as f:
            for line in f:
                r = json.loads(line)
                if r['ev'] == 'meta':
                    self.meta = r
                elif r['ev'] == 'state':
                    self.endpoint(r['ep'], r['peer']).tr.append(r)
                elif r['ev'] == 'pkt':
                    self.pk.append(r)

    @staticmethod
    def mark_acknowledged_fins(ps):
        """covers: does the segment acknowledge its receiver's FIN?"""
        fins = {}
        for p in ps:
            fe = fins.get(p['dst'])
            p['covers'] = bool(fe is not None and 'A' in p['fl'] and ((p['ack'] - fe) & 0xffffffff) < 1 << 31)
            if 'F' in p['fl'] and not p['inj']:
                fins[p['src']] = (p['seq'] + p['len'] + 1) & 0xffffffff
            if 'S' in p['fl'] and 'A' not in p['fl'] and not p['inj']:
                fins.pop(p['src'], None)

    def mark_refused_acks(self, ps):
        """hostdrop: the accept queue overflows, the host gets the ACK and throws it away."""
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
