# SPDX-License-Identifier: GPL-2.0-or-later
"""Queues, timers, windows, reuse, half-open connections, bulk transfer."""
import socket
import threading

from talk import D, drain, sl, talk


def backlog(L):
    l = L.listen(80, backlog=L.P.get('bl', 1))
    cs = []
    for i in range(L.P.get('n', 4)):
        c = L.sock('c', L.cport()); c.setblocking(False); c.connect_ex((L.sip, 80)); cs.append(c); sl(.03)
    sl(.3)
    for c in cs:
        try:
            c.send(D(20))
        except OSError:
            pass
    sl(L.P.get('wait', 1.6))
    acc = []
    l.settimeout(.4)
    if L.P.get('accept', True):
        for _ in range(len(cs)):
            try:
                a, _ = l.accept(); acc.append(a); L.keep.append(a)
            except OSError:
                break
            sl(.05)
    sl(L.P.get('wait2', 1.5))
    for s in cs + acc:
        s.close()
    sl(.3)
    l.close(); sl(.3)


def keepalive(L):
    c, a, l = L.pair()
    talk(L, c, a, 1)
    x, y = (c, a) if L.P.get('who', 'c') == 'c' else (a, c)
    for o, v in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, L.P.get('cnt', 3))):
        x.setsockopt(6, o, v)
    x.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if L.P.get('dead'):
        sl(.3); L.cmd('cut', 'cs', True); sl(1.2 + L.P.get('cnt', 3) + .5)
        L.cmd('cut', 'cs', False)
        if L.P.get('back'):
            try:
                y.send(D(10))
            except OSError:
                pass
            sl(.3)
        y.close(); sl(.3); x.close(); sl(.2)
    else:
        sl(2.6); x.close(); drain(y); y.close(); sl(.1)


def zero_window(L):
    c, a, l = L.pair(lopt=dict(rcvbuf=4096), copt=dict(rcvbuf=4096))
    x, y = (c, a) if L.P.get('who', 'c') == 'c' else (a, c)
    x.setblocking(False)
    n = 0
    try:
        while n < L.P.get('total', 60000):
            n += x.send(D(2000))
    except BlockingIOError:
        pass
    sl(.3)
    if L.P.get('closefirst'):
        x.close()           # FIN queued behind data: FIN-WAIT-1 long before a FIN is on the wire
    sl(L.P.get('stall', 1.2))
    y.settimeout(3)
    if not L.P.get('closefirst'):
        drain(y, n); x.close()
    drain(y); y.close(); sl(.3)


def urgent(L):
    c, a, l = L.pair()
    c.sendall(D(40)); c.send(b'!', socket.MSG_OOB); c.sendall(D(40)); sl(.05)
    a.recv(200); sl(.02)
    a.send(b'?', socket.MSG_OOB); sl(.05)
    try:
        a.settimeout(.5); a.recv(200)
    except OSError:
        pass
    if L.P.get('unread'):
        c.send(b'!!', socket.MSG_OOB); sl(.05)
    c.close(); sl(.1); a.close(); sl(.1)


def tw_reuse(L):
    """Same 4-tuple again while the earlier one is in TIME-WAIT (server side, or client side with tcp_tw_reuse)."""
    l = L.listen(80)
    for i in range(L.P.get('n', 3)):
        c = L.sock('c', 41000)
        for _ in range(30):
            try:
                c.connect((L.sip, 80)); break
            except OSError:
                sl(.2)
        a, _ = l.accept(); L.keep.append(a); a.settimeout(5)
        talk(L, c, a, 1)
        if L.P.get('who', 's') == 's':
            a.close(); drain(c); c.close()
        else:
            c.close(); drain(a); a.close()
        sl(L.P.get('gap', 1.15))


def reuse_after_rst(L):
    l = L.listen(80)
    for i in range(3):
        c = L.sock('c', 41500); c.connect((L.sip, 80))
        a, _ = l.accept(); L.keep.append(a)
        c.sendall(D(30)); drain(a, 30)
        L.linger0(c if i % 2 == L.P.get('par', 0) else a); sl(.05)
        c.close(); a.close(); sl(.05)


def tfo(L):
    """n connections: the first asks for a cookie, the next ones send data on SYN."""
    l = L.listen(80)
    if L.P.get('qlen', 16):
        l.setsockopt(6, 23, L.P.get('qlen', 16))
    for i in range(L.P.get('n', 3)):
        c = L.sock('c', L.cport())
        c.settimeout(None)          # a Python timeout means O_NONBLOCK: MSG_FASTOPEN would give EINPROGRESS
        c.sendto(D(200), 0x20000000, (L.sip, 80))
        c.settimeout(8)
        a, _ = l.accept(); a.settimeout(5); L.keep.append(a)
        drain(a, 200)
        a.sendall(D(L.P.get('resp', 300)))
        if L.P.get('fastclose') and i:
            a.close()
            drain(c); c.close()
        else:
            drain(c, L.P.get('resp', 300)); c.close(); drain(a); a.close()
        sl(.1)


def half_open(L):
    """One side's socket vanishes silently (cut link, abort), the other side sends later -> RST."""
    c, a, l = L.pair()
    talk(L, c, a, 1); sl(.05)
    x, y = (a, c) if L.P.get('who', 's') == 's' else (c, a)
    L.cmd('cut', 'cs', True)
    L.linger0(x); sl(.15)
    L.cmd('cut', 'cs', False)
    sl(L.P.get('idle', .3))
    try:
        y.send(D(60)); sl(.3)
    except OSError:
        pass
    y.close(); sl(.2)


def half_open_newsyn(L):
    """Client crashed, restarts with the same port: SYN hits an ESTABLISHED server (challenge ACK, RST, retry)."""
    c, a, l = L.pair(cport=42000)
    talk(L, c, a, 1); sl(.05)
    L.cmd('cut', 'cs', True); L.linger0(c); sl(.1); L.cmd('cut', 'cs', False)
    c2 = L.sock('c', 42000); c2.settimeout(5)
    try:
        c2.connect((L.sip, 80))
        a2, _ = l.accept(); L.keep.append(a2); a2.settimeout(3)
        talk(L, c2, a2, 1); c2.close(); drain(a2); a2.close()
    except OSError:
        pass
    a.close(); sl(.3)


def fw2_timeout(L):
    """Orphan FIN-WAIT-2 expires (tcp_fin_timeout=1); the peer closes only afterwards -> RST."""
    c, a, l = L.pair()
    talk(L, c, a, 1)
    x, y = (c, a) if L.P.get('who', 'c') == 'c' else (a, c)
    x.close(); drain(y); sl(L.P.get('wait', 1.8))
    y.close(); sl(.3)


def user_timeout(L):
    """Data outstanding into a dead link until TCP_USER_TIMEOUT; link back afterwards."""
    c, a, l = L.pair()
    talk(L, c, a, 1)
    x, y = (c, a) if L.P.get('who', 'c') == 'c' else (a, c)
    x.setsockopt(6, 18, 1200)
    L.cmd('cut', 'cs', True); x.send(D(50)); sl(2.4); L.cmd('cut', 'cs', False)
    try:
        y.send(D(50)); sl(.3)
    except OSError:
        pass
    x.close(); y.close(); sl(.3)


def bulk(L):
    c, a, l = L.pair()
    x, y = (c, a) if L.P.get('who', 'c') == 'c' else (a, c)
    n = L.P.get('bytes', 60000)
    th = threading.Thread(target=lambda: drain(y)); th.start()
    x.sendall(D(n)); x.shutdown(socket.SHUT_WR); th.join(8)
    y.close(); drain(x); x.close(); sl(L.P.get('after', .6))


def tw_expiry(L):
    """TIME-WAIT lives 60 s in Linux; same 4-tuple used again after it has gone."""
    l = L.listen(80)
    for i in range(2):
        c = L.sock('c', 41000); c.connect((L.sip, 80))
        a, _ = l.accept(); L.keep.append(a)
        talk(L, c, a, 1)
        c.close(); drain(a); a.close()
        if i == 0:
            sl(61.5)
    sl(.1)
