# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel trace of every TCP state change, read from the binary ring buffer (nanoseconds)."""
import os
import socket
import struct
import subprocess

from net import clock_offset


class Tracer:
    ROOT = '/sys/kernel/tracing'
    EV = ['sock/inet_sock_set_state', 'tcp/tcp_receive_reset', 'tcp/tcp_send_reset', 'tcp/tcp_retransmit_synack']

    def __init__(self):
        if not os.path.isdir(self.ROOT + '/events'):
            subprocess.run(['mount', '-t', 'tracefs', 'tracefs', self.ROOT], check=True)
        self.d = self.ROOT + '/instances/gt-%d' % os.getpid()

    def w(self, f, v):
        with open(os.path.join(self.d, f), 'w') as h:
            h.write(str(v))

    def start(self, kb=32768):
        os.mkdir(self.d)
        self.w('tracing_on', 0)
        self.w('trace_clock', 'mono')
        self.w('buffer_size_kb', kb)
        self.w('events/sock/inet_sock_set_state/trigger', 'stacktrace')
        for e in self.EV:
            self.w('events/%s/enable' % e, 1)
        self.off0 = clock_offset()
        self.w('tracing_on', 1)

    def fmt(self, ev):
        fid, fs = None, {}
        for l in open('%s/events/%s/format' % (self.ROOT, ev)):
            if l.startswith('ID:'):
                fid = int(l.split()[1])
            if 'field:' in l:
                a = [x.strip() for x in l.strip().split(';')]
                name = a[0].split()[-1].split('[')[0]
                fs[name] = (int(a[1].split(':')[1]), int(a[2].split(':')[1]))
        return fid, fs

    def stop(self):
        self.w('tracing_on', 0)
        self.off1 = clock_offset()
        evs = {}
        for e in self.EV:
            i, f = self.fmt(e)
            evs[i] = (e.split('/')[1], f)
        stackid = self.fmt('ftrace/kernel_stack')[0]
        out, self.lost = [], 0
        for c in sorted(os.listdir(self.d + '/per_cpu')):
            fd = os.open('%s/per_cpu/%s/trace_pipe_raw' % (self.d, c), os.O_RDONLY | os.O_NONBLOCK)
            lastev = None
            while True:
                try:
                    pg = os.read(fd, 4096)
                except BlockingIOError:
                    break
                if not pg:
                    break
                ts, commit = struct.unpack('=QQ', pg[:16])
                if commit & (1 << 31):
                    self.lost += 1
                end = 16 + (commit & 0xfffff)
                i = 16
                while i < end:
                    h = struct.unpack_from('=I', pg, i)[0]
                    tl, dt = h & 31, h >> 5
                    if tl == 29:
                        if dt == 0:
                            break
                        i += 4 + struct.unpack_from('=I', pg, i + 4)[0]
                        continue
                    if tl == 30:
                        ts += (struct.unpack_from('=I', pg, i + 4)[0] << 27) + dt
                        i += 8
                        continue
                    if tl == 31:
                        ts = (struct.unpack_from('=I', pg, i + 4)[0] << 27) + dt
                        i += 8
                        continue
                    ts += dt
                    if tl == 0:
                        n = struct.unpack_from('=I', pg, i + 4)[0]
                        b, i = pg[i + 8:i + 4 + n], i + 4 + n
                    else:
                        b, i = pg[i + 4:i + 4 + tl * 4], i + 4 + tl * 4
                    typ, pid = struct.unpack_from('=H', b)[0], struct.unpack_from('=i', b, 4)[0]
                    if typ == stackid:
                        n = struct.unpack_from('=i', b, 8)[0]
                        if lastev is not None and lastev['pid'] == pid and lastev['stack'] is None:
                            lastev['stack'] = struct.unpack_from('=%dQ' % min(n, (len(b) - 16) // 8), b, 16)
                        continue
                    if typ not in evs:
                        continue
                    name, f = evs[typ]
                    e = {'ev': name, 'mono': ts, 'pid': pid, 'stack': None, 'cpu': c}
                    g = lambda k, c2: struct.unpack_from(c2, b, f[k][0])[0]
                    if name == 'inet_sock_set_state':
                        if g('protocol', '=H') != 6:
                            continue
                        e.update(old=g('oldstate', '=i'), new=g('newstate', '=i'), sport=g('sport', '=H'), dport=g('dport', '=H'), sk=g('skaddr', '=Q'))
                        if g('family', '=H') == 10:
                            o1, o2 = f['saddr_v6'][0], f['daddr_v6'][0]
                            e['s'], e['d'] = socket.inet_ntop(10, b[o1:o1 + 16]), socket.inet_ntop(10, b[o2:o2 + 16])
                        else:
                            o1, o2 = f['saddr'][0], f['daddr'][0]
                            e['s'], e['d'] = socket.inet_ntop(2, b[o1:o1 + 4]), socket.inet_ntop(2, b[o2:o2 + 4])
                        lastev = e
                    else:
                        for k in ('sport', 'dport'):
                            if k in f:
                                e[k] = g(k, '=H')
                        if name == 'tcp_send_reset':
                            e['reason'] = g('reason', '=i') if 'reason' in f else None
                            e['state'] = g('state', '=i')
                            for k, kk in (('saddr', 's'), ('daddr', 'd')):
                                o = f[k][0]
                                fam = struct.unpack_from('=H', b, o)[0]
                                pt = struct.unpack_from('!H', b, o + 2)[0]
                                e[kk] = socket.inet_ntop(2, b[o + 4:o + 8]) if fam == 2 else socket.inet_ntop(10, b[o + 8:o + 24]) if fam == 10 else ''
                                e['sport' if kk == 's' else 'dport'] = pt
                        else:
                            v4 = struct.unpack_from('=4s', b, f['saddr'][0])[0]
                            fam = g('family', '=H') if 'family' in f else (2 if any(v4) else 10)
                            if fam == 2:
                                o1, o2 = f['saddr'][0], f['daddr'][0]
                                e['s'], e['d'] = socket.inet_ntop(2, b[o1:o1 + 4]), socket.inet_ntop(2, b[o2:o2 + 4])
                            else:
                                o1, o2 = f['saddr_v6'][0], f['daddr_v6'][0]
                                e['s'], e['d'] = socket.inet_ntop(10, b[o1:o1 + 16]), socket.inet_ntop(10, b[o2:o2 + 16])
                    out.append(e)
            os.close(fd)
        for e in self.EV:
            self.w('events/%s/enable' % e, 0)
        os.rmdir(self.d)
        # resolve stacks
        sym = []
        for l in open('/proc/kallsyms'):
            a = l.split()
            if a[1] in 'tT':
                sym.append((int(a[0], 16), a[2]))
        sym.sort()
        import bisect
        addrs = [x[0] for x in sym]
        cache = {}
        def res(a):
            if a not in cache:
                cache[a] = sym[bisect.bisect_right(addrs, a) - 1][1]
            return cache[a]
        off = (self.off0[0] + self.off1[0]) // 2
        for e in out:
            e['t'] = e['mono'] + off
            e['fn'] = [res(a) for a in e['stack'] or ()]
        out.sort(key=lambda e: e['t'])
        return out
