#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Are the `possible` sets sound and tight, and does `observed` mean it?  See README.md, "Sets and certainty".

  possible.py DIR [DIR..] --run 'tcpstate annotate -T csv {pcap}'
  options: --list N      violations printed of each kind (default 20)
           --groups N    how many (set, flags) groups of large sets are printed (default 25)
           --csv FILE    every violation
           --brief       totals only
           --require WHAT  exit 1 unless the sets are `sound`, or sound and `tight`, and `observed` is true (README.md)
"""
import argparse
import collections
import csv
import multiprocessing
import os
import sys

from judge import Judge
from score import pct, run_command
from timeline import INF, NOTCB, OWN, STATES, Truth

FRESH = {'SYN-SENT', 'SYN-RECEIVED'}


class Point:
    """What is known of one endpoint after one frame."""
    __slots__ = 'capture cls frame me peer flags role set certainty shown kernel strict why single settled'.split()

    def tuple(self, kind):
        return (kind, self.capture, self.frame, self.me, self.peer, self.flags, self.role,
                '|'.join(self.set), self.shown, self.certainty, '|'.join(sorted(self.kernel)), self.why)


def load(text):
    """CSV of the command -> {frame: {address: (state, set, certainty)}}"""
    out = {}
    name = lambda ip, port: ('[%s]:%s' if ':' in ip else '%s:%s') % (ip, port)
    for r in csv.DictReader(text):
        row = {}
        for end, ip, port in (('src', 'src', 'sport'), ('dst', 'dst', 'dport')):
            client = (r['src_role'] == 'client') == (end == 'src')
            side = 'client' if client else 'server'
            row[name(r[ip], r[port])] = (r[end + '_state'].strip(), r[side + '_possible'].strip().split('|'),
                                         r[side + '_certainty'].strip())
        out[int(r['frame'])] = row
    return out


class Pending:
    """Which transitions of X has no segment of the capture shown at frame i?  (The scorer's rules 1 and 3b.)"""
    def __init__(self, judge, X, frames, begin):
        self.X, self.frames = X, frames
        self.local, self.unseen, self.evident = [], [], []
        ids = {p['id'] for n, t, p in frames}
        for r in X.tr:
            if r['old'] is None or r['old'] == r['new'] or r['why'] in ('initial', 'listener'):
                continue
            cause = X.cause(r['t_ns'])[1] if r['why'] == 'rx' else None
            begun, until = r['t_ns'], INF
            if cause and cause['id'] in ids:
                shown = next(t for n, t, p in frames if p['id'] == cause['id'])
                if self.gives_up(r, cause):             # rule 3b: X aborts on a segment that is otherwise fine
                    begun = X.cause(r['t_ns'])[0]
                    self.local.append((begun, max(shown, self.own(begun, 'R'))))
                elif r['new'] in FRESH or 'R' in cause['fl']:
                    self.evident.append((r['t_ns'], shown))
                continue
            if r['why'] == 'rx':
                if cause and self.before(cause, begin):
                    continue                            # came before the capture began: the sets have to know
                self.unseen.append((begun, self.answered(r, cause)))
                continue
            flags = {'SYN-SENT': 'S', 'FIN-WAIT-1': 'FR', 'LAST-ACK': 'FR', 'CLOSED': 'R'}.get(r['new'])
            if flags:
                if any(set(flags) & set(p['fl']) and p['src'] == X.me and not p['inj'] and p['tx'] >= begun - 50_000
                       and self.before(p, begin) for p in judge.T.by.get(frames[0][2]['conn'], ())):
                    continue
                until = self.own(begun, flags)
            self.local.append((begun, until))
            if r['new'] in FRESH:
                self.evident.append((begun, until))

    def before(self, p, begin):
        """Did p pass the capture point before the capture began? (Only a filtered copy begins later than its connections.)"""
        return p['tx'] < begin and not p['inj'] and p['passed']

    def gives_up(self, r, cause):
        return r['new'] == 'CLOSED' and 'R' not in cause['fl'] and not (cause['covers'] and r['old'] == 'LAST-ACK')

    def own(self, begun, flags):
        """When the capture first shows a segment of X with one of the flags, sent after `begun`."""
        return next((t for n, t, p in self.frames if p['src'] == self.X.me and not p['inj'] and
                     p['tx'] >= begun - 50_000 and set(flags) & set(p['fl'])), INF)

    def answered(self, r, cause):
        """When the capture shows that X has got a segment that the capture lacks."""
        if r['new'] == 'ESTABLISHED':
            return next((t for n, t, p in self.frames if p['src'] == self.X.me and not p['inj'] and
                         p['tx'] >= r['t_ns'] - 50_000 and 'S' not in p['fl']), INF)
        if not cause or not set('SF') & set(cause['fl']):
            return INF
        end = cause['seq'] + cause['len'] + 1
        return next((t for n, t, p in self.frames if p['src'] == self.X.me and not p['inj'] and 'A' in p['fl'] and
                     p['tx'] >= r['t_ns'] - OWN and after(p['ack'], end)), INF)

    def at(self, upto, stamp):
        """'' | 'local' | 'unseen': is something pending at a frame of that stamp, with the kernel looked at until `upto`?"""
        over = max((t for t, shown in self.evident if t <= upto and shown <= stamp), default=-INF)
        for word, rows in (('local', self.local), ('unseen', self.unseen)):
            if any(over < t <= upto and stamp < until for t, until in rows):
                return word
        return ''


def after(a, b):
    """a comes after b, or is b: sequence numbers are modulo 2^32."""
    return ((a - b) & 0xffffffff) < 1 << 31


class Proof:
    """What the wire proves about an endpoint: settled means that no segment from it or towards it is in doubt."""
    def __init__(self, me):
        self.me, self.isn = me, {}
        self.clear()

    def clear(self):
        self.syn, self.spoke, self.owed, self.acked, self.fin, self.spoilt = False, False, None, None, None, False
        self.next, self.pieces, self.first_ack = None, [], None

    def past_handshake(self, p, fl):
        """SYN-RECEIVED answers an unacceptable segment with a bare ACK too (RFC 9293 3.10.7.4 first): only more proves ESTABLISHED."""
        if 'S' in fl:
            self.first_ack = p['ack'] if 'A' in fl else None
            return False
        return self.first_ack is None or bool(p['len']) or 'F' in fl or p['ack'] != self.first_ack

    def sent(self, p, fl, end):
        """A segment of the endpoint itself; `next` is where what the capture has of it without a gap ends."""
        self.spoke = self.past_handshake(p, fl) or self.spoke
        if 'A' in fl:
            self.acked = p['ack']
        if 'F' in fl:
            self.fin = end
        self.pieces.append((p['seq'], end))
        self.next = end if self.next is None or 'S' in fl else self.next
        for _ in self.pieces:
            self.next = max([e for s, e in self.pieces if after(self.next, s) and after(e, self.next)], default=self.next,
                            key=lambda e: (e - self.next) & 0xffffffff)
        self.pieces = [(s, e) for s, e in self.pieces if not after(self.next, e)]

    def received(self, p, fl, end):
        if fl & {'S', 'F'}:
            self.owed = end
        if 'A' in fl and self.fin is not None and after(p['ack'], self.fin):
            self.spoilt = True              # whether the ACK of a FIN arrives, nothing tells for long

    def segment(self, p):
        fl, end = set(p['fl']), (p['seq'] + p['len'] + ('S' in p['fl']) + ('F' in p['fl'])) & 0xffffffff
        if 'S' in fl and self.isn.get(p['src']) != p['seq']:
            self.isn[p['src']] = p['seq']
            if 'A' not in fl:
                self.clear()
            self.syn = True
        self.spoilt = self.spoilt or bool(p['inj']) or 'R' in fl
        (self.sent if p['src'] == self.me else self.received)(p, fl, end)

    def settled(self):
        """Both SYNs seen and acknowledged, the handshake over, each FIN so far acknowledged, no RST, no gap in the capture."""
        return (self.syn and self.spoke and not self.spoilt and not self.pieces and self.acked is not None and
                self.owed is not None and after(self.acked, self.owed))


def points(judge, tag, rows):
    """Every (frame, endpoint) of a capture as a Point."""
    for conn, frames in judge.conns.items():
        begin = judge.begin
        ends = {e.me: e for e in (judge.T.endpoint(*conn), judge.T.endpoint(conn[1], conn[0]))}
        pend = {me: Pending(judge, X, frames, begin) for me, X in ends.items()}
        proof = {me: Proof(me) for me in ends}
        forged, spoke, known = False, collections.Counter(), set()
        for i, (n, t, p) in enumerate(frames):
            forged = forged or bool(p['inj'])
            stamp_next = frames[i + 1][1] if i + 1 < len(frames) else judge.end
            row = judge.res[n][2]
            for me in ends:
                proof[me].segment(p)
            if not p['inj']:
                spoke[p['src']] = max(spoke[p['src']], p['snd'] if p['id'] not in known else t)
            known.add(p['id'])
            for role in ('src', 'dst'):
                X, K, allow = row[role][:3]
                q = Point()
                q.capture, q.cls, q.frame, q.me, q.peer = tag, judge.T.meta['class'], n, X.me, X.peer
                q.flags, q.role, q.strict, q.single = p['fl'], role, K, len(allow) == 1
                q.settled = proof[X.me].settled()
                q.shown, q.set, q.certainty = rows.get(n, {}).get(X.me, ('', [''], ''))
                times = moments(X, role, p, t, stamp_next, judge.stop[n], spoke[X.me])
                q.kernel = {X.at(u) for u in times}
                q.why = pend[X.me].at(max(times), t) or ('forged' if forged else '')
                yield q, [X.window(u, u) for u in times]


def moments(X, role, p, t, b, stop, spoke):
    """The instants at which the kernel's state has to be in the set after the frame of stamp t.

    Sender: at the departure of the latest of its segments seen so far, and at the stamp (only there if the frame is a
    duplicate made by the network). Receiver: on arrival; at the stamp if the segment is lost, or reaches X only after the next frame of the capture. Never past the next connect() on this 4-tuple."""
    t = min(t, stop - 1)
    if role == 'src':
        return [t] if p['inj'] else sorted({min(spoke, t), t})
    if p['arr'] < min(b, stop):
        return [max(t, p['arr'] + 1)]
    return [t]


def in_set(q, alternatives):
    """LISTEN and CLOSED are one thing where there is no TCB: the wire cannot tell whether anybody listens."""
    have = set(q.set)
    if have & NOTCB:
        have |= NOTCB
    return all(have & alt for alt in alternatives)


class SetJudge(Judge):
    """Judge that also keeps, for each frame, where the next connection of its 4-tuple starts."""
    def __init__(self, T, v):
        self.stop = {}
        seen = T.frames(v)
        self.begin = seen[0][1] if seen and 'derived_from' in T.meta else -INF
        for p in T.pk:
            p['passed'] = bool(p.get('tap') or p['fr'] or p['rx'])
        super().__init__(T, v)
        for c, k, X, frames, kseq, fin in self.inst:
            later = [r['t_ns'] for e in (T.endpoint(*c), T.endpoint(c[1], c[0])) for r in e.tr
                     if r['new'] == 'SYN-SENT' and r['old'] != 'SYN-SENT']
            last = max(self.res[n][1] for n in frames)
            for n in frames:
                self.stop[n] = min((u for u in later if u > last), default=INF)


def examine(job):
    """One capture -> (class, counters, violations, groups of large sets)."""
    folder, name, vantage, command = job
    T = Truth(os.path.join(folder, name, 'truth.jsonl'))
    J = SetJudge(T, vantage)
    text, status = run_command(command, os.path.join(folder, name, vantage + '.pcap'))
    rows = load(text)
    c, bad, groups = collections.Counter(exit=status != 0), [], collections.Counter()
    for q, alternatives in points(J, '%s/%s' % (name, vantage), rows):
        judge_point(q, alternatives, c, bad, groups)
    return T.meta['class'], c, bad, groups


def judge_point(q, alternatives, c, bad, groups):
    c['points'] += 1
    q.set = [s for s in q.set if s]
    if any(s not in STATES for s in q.set) or len(set(q.set)) != len(q.set) or (q.set and q.shown in STATES and q.set[0] != q.shown):
        c['malformed'] += 1
        bad.append(q.tuple('malformed'))
    c['size'] += len(q.set) or len(STATES)
    c['empty'] += not q.set
    good = not q.set or in_set(q, alternatives)         # an empty set says: nothing is known
    if q.why in ('local', 'unseen'):
        c[q.why] += 1
        c[q.why + '_in'] += good
    else:
        c['due'] += 1
        c['sound'] += good
        c['forged'] += q.why == 'forged'
        c['forged_bad'] += q.why == 'forged' and not good
        if not good:
            bad.append(q.tuple('unsound'))
    if q.single:
        c['single'] += 1
        c['single_large'] += len(q.set) != 1
    if q.settled:
        c['settled'] += 1
        c['settled_large'] += len(q.set) != 1
        if len(q.set) != 1:
            bad.append(q.tuple('loose'))
    if len(q.set) != 1:
        groups[('|'.join(q.set), q.flags, q.role, q.settled)] += 1
    if q.certainty == 'observed':
        c['observed'] += 1
        ok = q.shown in q.strict
        c['observed_ok'] += ok
        c['observed_' + (q.why or 'plain')] += not ok
        if not ok:
            bad.append(q.tuple('observed'))


def table(rows):
    print('%-16s %7s %7s %8s %7s | %6s %8s | %6s %8s | %6s %6s | %8s %8s | %5s %5s' % (
        '', 'points', 'due', 'SOUND', 'size', 'local', 'in set', 'unseen', 'in set', 'forged', 'bad', 'observed', 'STRICT', 'empty', 'malf'))
    for name, c in rows:
        print('%-16s %7d %7d %8s %7.3f | %6d %8s | %6d %8s | %6d %6d | %8d %8s | %5d %5d' % (
            name, c['points'], c['due'], pct(c['sound'], c['due']), c['size'] / max(1, c['points']), c['local'], pct(c['local_in'], c['local']),
            c['unseen'], pct(c['unseen_in'], c['unseen']), c['forged'], c['forged_bad'], c['observed'], pct(c['observed_ok'], c['observed']), c['empty'], c['malformed']))


def jobs(folders, command):
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            fn = os.path.join(folder, name, 'truth.jsonl')
            if os.path.exists(fn):
                for v in Truth(fn).meta['vantages']:
                    yield folder, name, v, command


def options():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('folders', nargs='+')
    ap.add_argument('--run', required=True)
    ap.add_argument('--list', type=int, default=20)
    ap.add_argument('--groups', type=int, default=25)
    ap.add_argument('--csv')
    ap.add_argument('--brief', action='store_true')
    ap.add_argument('--require', choices=['sound', 'tight'])
    ap.add_argument('--jobs', type=int, default=4)
    return ap.parse_args()


def print_totals(total):
    table([('OVERALL', total)])
    print('nothing in doubt on the wire (settled): %d points, %d of them with a larger set' % (total['settled'], total['settled_large']))
    print('the scorer allows one state only: %d points, %d of them with a larger set (FINs in flight and the like)' % (
        total['single'], total['single_large']))
    print("observed but not the kernel's: %d; of these %d while a local call is pending, %d while a segment unseen, %d after a forged one" % (
        total['observed'] - total['observed_ok'], total['observed_local'], total['observed_unseen'], total['observed_forged']))
    if total['exit']:
        print('!! %d runs ended with an exit status other than 0' % total['exit'])


def print_details(bad, groups, o):
    for kind in ('unsound', 'observed', 'malformed', 'loose'):
        rows = [b for b in bad if b[0] == kind]
        if rows:
            print('\n== %s: %d' % (kind, len(rows)))
        for b in rows[:o.list]:
            print('%s frame=%s %s <-> %s [%s] %s set={%s} shown=%s (%s) kernel=%s %s' % b[1:])
    if o.groups and groups:
        print('\n== sets of more than one state: count, set, flags, end of the segment, * = settled')
        for (s, fl, role, settled), k in groups.most_common(o.groups):
            print('%7d  {%s} [%s] %s%s' % (k, s, fl, role, ' *' if settled else ''))


def met(total, what):
    """The project's own demands. The last of tightness allows for doubts that Proof does not know: a FIN whose first copy was lost before the
    capture point, data of a Fast Open server that may still be in SYN-RECEIVED."""
    sound = total['due'] and total['sound'] >= .9999 * total['due'] and total['observed_ok'] == total['observed']
    tight = total['size'] <= 1.5 * total['points'] and total['settled_large'] <= .001 * total['settled']
    return sound and (tight or what == 'sound')


def main():
    o = options()
    classes, total = collections.defaultdict(collections.Counter), collections.Counter()
    bad, groups = [], collections.Counter()
    with multiprocessing.Pool(o.jobs) as pool:
        for cls, c, b, g in pool.imap_unordered(examine, list(jobs(o.folders, o.run))):
            classes[cls].update(c)
            total.update(c)
            bad += b
            groups.update(g)
    if not total['points']:
        sys.exit('no truth below ' + ' '.join(o.folders))
    bad.sort(key=lambda b: (b[0], b[1], b[2]))
    if not o.brief:
        table(sorted(classes.items()))
    print_totals(total)
    print_details(bad, groups, o)
    if o.csv:
        with open(o.csv, 'w', newline='') as f:
            w = csv.writer(f)
            w.writerow('kind capture frame endpoint peer flags role set shown certainty kernel pending'.split())
            w.writerows(bad)
    return 1 if total['exit'] or total['malformed'] or (o.require and not met(total, o.require)) else 0


if __name__ == '__main__':
    sys.exit(main())
