# SPDX-License-Identifier: GPL-2.0-or-later
"""One scenario's lab: two namespaces, a relay, two tcpdumps. Nothing touches the host's network."""
import fcntl
import multiprocessing as mp
import os
import signal
import socket
import struct
import subprocess
import time

from net import inns, now_ns, sh
from packets import mk_tcp
from relay import relay_main

SYSCTL = {'tcp_congestion_control': 'reno', 'tcp_syncookies': 0, 'tcp_slow_start_after_idle': 0, 'tcp_no_metrics_save': 1}


class Lab:
    def __init__(self, idx, out, params, conf):
        self.idx, self.out, self.P = idx, out, params
        tag = 'gt-%d-%d' % (os.getppid() % 10000, idx)
        self.nsc, self.nss = tag + 'c', tag + 's'
        self.v6 = bool(params.get('v6'))
        if self.v6:
            self.cip, self.sip = 'fd77:%x::1' % (idx + 1), 'fd77:%x::2' % (idx + 1)
        else:
            self.cip, self.sip = '10.%d.%d.1' % (64 + idx // 250, idx % 250 + 1), '10.%d.%d.2' % (64 + idx // 250, idx % 250 + 1)
        self.fam = socket.AF_INET6 if self.v6 else socket.AF_INET
        self.conf = conf
        self.l2 = 0 if conf.get('l3') else 14
        self.port0 = 40000 + params.get('portoff', 0)
        self.keep, self.procs = [], []
        self.opened = False

    # -- setup / teardown
    def open(self):
        os.makedirs(self.out, exist_ok=True)
        fds = {}
        self.opened = True
        for side, ns, ip, mac, pip, pmac in (('c', self.nsc, self.cip, '02:00:00:00:00:01', self.sip, '02:00:00:00:00:02'),
                                             ('s', self.nss, self.sip, '02:00:00:00:00:02', self.cip, '02:00:00:00:00:01')):
            sh('ip', 'netns', 'add', ns)
            with inns(ns):
                fd = os.open('/dev/net/tun', os.O_RDWR)
                fcntl.ioctl(fd, 0x400454ca, struct.pack('16sH22x', b'gt0', (0x0002 if self.l2 else 0x0001) | 0x1000))
                sy = dict(SYSCTL)
                sy.update(self.conf.get('sysctl', {}))
                sy.update(self.conf.get('sysctl_' + side, {}))
                for k, v in sy.items():
                    with open('/proc/sys/net/ipv4/' + k if '/' not in k else '/proc/sys/net/' + k, 'w') as f:
                        f.write(str(v))
            fds[side] = fd
            pl = '/64' if self.v6 else '/24'
            b = ['link set lo up']
            if self.l2:
                b += ['link set gt0 address ' + mac]
            b += ['link set gt0 up mtu %d' % self.conf.get('mtu', 1500), 'addr add %s%s dev gt0%s' % (ip, pl, ' nodad' if self.v6 else '')]
            if self.l2:
                b += ['neigh replace %s lladdr %s dev gt0 nud permanent' % (pip, pmac)]
            sh('ip', '-n', ns, '-batch', '-', input='\n'.join(b).encode() + b'\n')
        self.fds = fds
        self.tds = []
        filt = 'tcp or icmp or (icmp6 and ip6[40] == 1)'
        for side, ns in (('client', self.nsc), ('server', self.nss)):
            p = subprocess.Popen(['ip', 'netns', 'exec', ns, 'tcpdump', '-i', 'gt0', '-n', '-s', '128', '-U', '--immediate-mode',
                                  '-B', '16384', '--time-stamp-precision=nano', '-Z', 'root', '-w', os.path.join(self.out, side + '.pcap'), filt],
                                 stderr=subprocess.PIPE)
            self.tds.append(p)
        for p in self.tds:
            while True:
                l = p.stderr.readline()
                if b'listening on' in l:
                    break
                if not l:
                    raise RuntimeError('tcpdump died')
        self.ctl, child = mp.Pipe()
        cfg = dict(self.conf)
        cfg.update(nsc=self.nsc, nss=self.nss, l2=self.l2)
        self.logfile = os.path.join(self.out, '.relay.pickle')
        self.relay = mp.get_context('fork').Process(target=relay_main, args=(cfg, fds, child, os.path.join(self.out, 'mid.pcap'), self.logfile))
        self.relay.start()
        self.t_start = now_ns()

    def cmd(self, *a):
        self.ctl.send(a)
        return self.ctl.recv()

    def drain(self, quiet=0.15, limit=3):
        t = time.monotonic()
        while time.monotonic() - t < limit and self.cmd('busy'):
            time.sleep(0.01)
        time.sleep(quiet)

    def close(self):
        """Freeze the truth first (capture end), then tear everything down."""
        self.drain(self.conf.get('tail', 0.15))
        self.t_end = now_ns()
        # kernel's own word at capture end, both namespaces
        self.ss = {}
        for side, ns in (('c', self.nsc), ('s', self.nss)):
            self.ss[side] = sh('ip', 'netns', 'exec', ns, 'ss', '-Htan').splitlines()
        self.cmd('stop')
        for p in self.tds:
            p.send_signal(signal.SIGINT)
        for p in self.tds:
            p.wait()
        self.relay.join(5)

    def cleanup(self):
        if not self.opened:
            return
        for p in getattr(self, 'tds', []):
            if p.poll() is None:
                p.terminate()
        r = getattr(self, 'relay', None)
        if r and r.is_alive():
            r.terminate()
        for s in self.keep:
            try:
                s.close()
            except OSError:
                pass
        for fd in getattr(self, 'fds', {}).values():
            os.close(fd)
        for ns in (self.nsc, self.nss):
            subprocess.run(['ip', 'netns', 'del', ns], stderr=subprocess.DEVNULL)

    # -- socket helpers used by the scenarios
    def sock(self, side, port=None, **o):
        with inns(self.nsc if side == 'c' else self.nss):
            s = socket.socket(self.fam, socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for k, v in o.items():
            if k == 'rcvbuf':
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, v)
            elif k == 'quickack':
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, v)
            elif k == 'nodelay':
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, v)
        if port is not None:
            s.bind((self.cip if side == 'c' else self.sip, port))
        s.settimeout(12)
        self.keep.append(s)
        return s

    def listen(self, port, backlog=64, **o):
        s = self.sock('s', port, **o)
        s.listen(backlog)
        return s

    def cport(self):
        self.port0 += 1
        return self.port0

    def pair(self, port=80, cport=None, **o):
        """Established connection -> (client socket, accepted server socket, listener)."""
        l = self.listen(port, **o.get('lopt', {}))
        c = self.sock('c', cport or self.cport(), **o.get('copt', {}))
        c.connect((self.sip, port))
        a, _ = l.accept()
        a.settimeout(12)
        self.keep.append(a)
        return c, a, l

    def linger0(self, s):
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        s.close()

    def last(self, side, sp, dp):
        """(seq, snd_nxt, ack, tsval, tsecr, win, flags) of the last packet that side sent on that flow."""
        a, b = (self.cip, self.sip) if side == 'c' else (self.sip, self.cip)
        return self.cmd('last')[(a, sp, b, dp)]

    def eth(self, d):
        if not self.l2:
            return b''
        c, s = bytes.fromhex('020000000001'), bytes.fromhex('020000000002')
        return s + c if d == 'c' else c + s

    def inject(self, d, sp, dp, seq, ack, fl, payload=b'', ts=None, where='post', **k):
        """Blind/forged segment in direction d ('c': as if sent by the client), entering at the mid tap."""
        a, b = (self.cip, self.sip) if d == 'c' else (self.sip, self.cip)
        self.cmd('inject', d, mk_tcp(self.eth(d), a, b, sp, dp, seq, ack, fl, payload, ts=ts, **k), where)
