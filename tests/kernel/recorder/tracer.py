# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel trace of every TCP state change, read from the binary ring buffer (nanoseconds)."""
import bisect
import os
import socket
import struct
import subprocess

from net import clock_offset


def pages(path):
    """The pages of one CPU's ring buffer, oldest first."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        while True:
            page = os.read(fd, 4096)
            if not page:
                return
            yield page
    except BlockingIOError:
        return
    finally:
        os.close(fd)


def records(page):
    """(time, bytes) of each record of a page; Documentation/trace/ring-buffer-design.rst has the layout."""
    word = lambda at: struct.unpack_from('=I', page, at)[0]
    ts, commit = struct.unpack('=QQ', page[:16])
    i, end = 16, 16 + (commit & 0xfffff)
    while i < end:
        kind, delta = word(i) & 31, word(i) >> 5
        if kind == 29:                          # padding
            if delta == 0:
                return
            i += 4 + word(i + 4)
        elif kind in (30, 31):                  # time extend, time stamp
            ts = (word(i + 4) << 27) + delta + (ts if kind == 30 else 0)
            i += 8
        else:
            ts += delta
            head, length = (8, word(i + 4) - 4) if kind == 0 else (4, kind * 4)
            yield ts, page[i + head:i + head + length]
            i += head + length


def lost_events(page):
    return bool(struct.unpack('=QQ', page[:16])[1] & (1 << 31))


class Fields:
    """One trace record, read by the names in the event's format file."""
    def __init__(self, b, fields):
        self.b, self.fields = b, fields

    def __contains__(self, name):
        return name in self.fields

    def get(self, name, code):
        return struct.unpack_from(code, self.b, self.fields[name][0])[0]

    def addresses(self, v6):
        """(source, destination) of the events that keep plain addresses."""
        family, suffix, size = (socket.AF_INET6, '_v6', 16) if v6 else (socket.AF_INET, '', 4)
        at = [self.fields[n + suffix][0] for n in ('saddr', 'daddr')]
        return [socket.inet_ntop(family, self.b[o:o + size]) for o in at]

    def sockaddr(self, name):
        """(address, port) of a field that holds a struct sockaddr."""
        o = self.fields[name][0]
        family, port = struct.unpack_from('=H', self.b, o)[0], struct.unpack_from('!H', self.b, o + 2)[0]
        if family == socket.AF_INET:
            return socket.inet_ntop(family, self.b[o + 4:o + 8]), port
        return (socket.inet_ntop(family, self.b[o + 8:o + 24]) if family == socket.AF_INET6 else ''), port


def decode(name, f):
    """What an event says, or None if it is not about TCP."""
    if name == 'inet_sock_set_state':
        if f.get('protocol', '=H') != 6:
            return None
        s, d = f.addresses(f.get('family', '=H') == socket.AF_INET6)
        return dict(old=f.get('oldstate', '=i'), new=f.get('newstate', '=i'), sport=f.get('sport', '=H'), dport=f.get('dport', '=H'),
                    sk=f.get('skaddr', '=Q'), s=s, d=d)
    if name == 'tcp_send_reset':
        (s, sport), (d, dport) = f.sockaddr('saddr'), f.sockaddr('daddr')
        return dict(reason=f.get('reason', '=i') if 'reason' in f else None, state=f.get('state', '=i'), s=s, d=d, sport=sport, dport=dport)
    family = f.get('family', '=H') if 'family' in f else socket.AF_INET if any(f.get('saddr', '=4s')) else socket.AF_INET6
    s, d = f.addresses(family == socket.AF_INET6)
    return dict({k: f.get(k, '=H') for k in ('sport', 'dport') if k in f}, s=s, d=d)


def symbol_table():
    """Address -> name of the kernel function it lies in."""
    table = []
    with open('/proc/kallsyms') as f:
        for line in f:
            a = line.split()
            if a[1] in 'tT':
                table.append((int(a[0], 16), a[2]))
    table.sort()
    starts = [x[0] for x in table]
    return lambda address: table[bisect.bisect_right(starts, address) - 1][1]


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

    def read_cpu(self, path, events, stack_id):
        """Decoded events of one CPU; a kernel stack belongs to the state change just before it."""
        out, last = [], None
        for page in pages(path):
            self.lost += lost_events(page)
            for ts, b in records(page):
                kind, pid = struct.unpack_from('=H', b)[0], struct.unpack_from('=i', b, 4)[0]
                if kind == stack_id and last is not None and last['pid'] == pid and last['stack'] is None:
                    n = struct.unpack_from('=i', b, 8)[0]
                    last['stack'] = struct.unpack_from('=%dQ' % min(n, (len(b) - 16) // 8), b, 16)
                said = decode(events[kind][0], Fields(b, events[kind][1])) if kind in events else None
                if said is not None:
                    out.append(dict(said, ev=events[kind][0], mono=ts, pid=pid, stack=None))
                    if events[kind][0] == 'inet_sock_set_state':
                        last = out[-1]
        return out

    def stop(self):
        """Ends the trace; all its events in order of time, stamped with CLOCK_REALTIME, stacks as names."""
        self.w('tracing_on', 0)
        self.off1 = clock_offset()
        events = {}
        for e in self.EV:
            number, fields = self.fmt(e)
            events[number] = (e.split('/')[1], fields)
        stack_id = self.fmt('ftrace/kernel_stack')[0]
        self.lost, out = 0, []
        for cpu in sorted(os.listdir(self.d + '/per_cpu')):
            out += self.read_cpu('%s/per_cpu/%s/trace_pipe_raw' % (self.d, cpu), events, stack_id)
        for e in self.EV:
            self.w('events/%s/enable' % e, 0)
        os.rmdir(self.d)
        name_of, offset = symbol_table(), (self.off0[0] + self.off1[0]) // 2
        for e in out:
            e['t'] = e['mono'] + offset
            e['fn'] = [name_of(a) for a in e['stack'] or ()]
        return sorted(out, key=lambda e: e['t'])
