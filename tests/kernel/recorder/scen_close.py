# SPDX-License-Identifier: GPL-2.0-or-later
"""Opening, closing, refusing, aborting. Each function is one scenario on a lab L with parameters L.P."""
import socket

from packets import mk_icmp_unreach
from talk import D, drain, sl, talk


def close_client(L):
    c, a, l = L.pair()
    talk(L, c, a)
    c.close(); drain(a); sl(L.P.get('gap', .06)); a.close()


def close_server(L):
    c, a, l = L.pair()
    talk(L, c, a)
    a.close(); drain(c); sl(L.P.get('gap', .06)); c.close()


def no_data_close(L):
    c, a, l = L.pair()
    sl(.03)
    c.close(); drain(a); a.close()


def merged(L):
    """3-segment close: the second FIN rides on the ACK of the first."""
    c, a, l = L.pair()
    talk(L, c, a, 3)
    x, y = (c, a) if not L.P.get('srv') else (a, c)
    y.setsockopt(6, socket.TCP_QUICKACK, 0)
    x.close(); drain(y); y.close()


def fin_with_data(L):
    """FIN carried on a data segment (MSG_MORE/cork then close)."""
    c, a, l = L.pair()
    talk(L, c, a, 1)
    c.setsockopt(6, socket.TCP_CORK, 1)
    c.send(D(300)); c.close()
    drain(a)
    a.setsockopt(6, socket.TCP_CORK, 1)
    a.send(D(200)); sl(L.P.get('gap', .02)); a.close()


def half_close(L):
    c, a, l = L.pair()
    talk(L, c, a, 1)
    x, y = (c, a) if not L.P.get('srv') else (a, c)
    x.shutdown(socket.SHUT_WR)
    drain(y)
    for _ in range(L.P.get('chunks', 5)):
        y.sendall(D(900)); sl(.03)
    y.close(); drain(x); x.close()


def sim_close(L):
    c, a, l = L.pair()
    talk(L, c, a, 1)
    sl(.05)
    if L.P.get('pend'):
        c.sendall(D(500)); a.sendall(D(700))
    c.shutdown(socket.SHUT_WR); a.shutdown(socket.SHUT_WR)
    sl(.3); c.close(); a.close()


def sim_open(L):
    c = L.sock('c', 5001); s = L.sock('s', 5002)
    c.setblocking(False); s.setblocking(False)
    c.connect_ex((L.sip, 5002)); sl(L.P.get('skew', 0)); s.connect_ex((L.cip, 5001))
    sl(L.P.get('wait', .5))
    c.settimeout(6); s.settimeout(6)
    c.sendall(D(100)); drain(s, 100); s.sendall(D(50)); drain(c, 50)
    (s if L.P.get('srvclose') else c).close()
    sl(.15)
    c.close(); s.close(); sl(.2)


def refused(L):
    for i in range(L.P.get('n', 2)):
        c = L.sock('c', L.cport())
        try:
            c.connect((L.sip, 81 + i))
        except OSError:
            pass
        c.close()


def dead_host(L):
    if L.P.get('cut', True):
        L.cmd('cut', 'c', True)
    c = L.sock('c', L.cport())
    try:
        c.connect((L.sip, 80))
    except OSError:
        pass
    c.close()


def icmp_refused(L):
    """Firewall-style ICMP port unreachable answers the SYN."""
    L.cmd('cut', 'c', True)
    c = L.sock('c', L.cport())
    c.setblocking(False)
    c.connect_ex((L.sip, 80)); sl(.05)
    raw = L.cmd('raw')[-1]
    ip = raw[14:] if L.l2 else raw
    for code in L.P.get('codes', (3,)):
        L.cmd('inject', 's', mk_icmp_unreach(L.eth('s'), L.sip, ip, code), 'post'); sl(.1)
    c.close(); sl(.1)


def lossy_hs(L):
    """Handshake / teardown with the rules given in conf."""
    c, a, l = L.pair(copt=L.P.get('copt', {}))
    sl(L.P.get('hold', .02))
    talk(L, c, a, L.P.get('rounds', 1))
    x, y = (c, a) if not L.P.get('srv') else (a, c)
    x.close(); drain(y); sl(L.P.get('gap', .05)); y.close(); sl(L.P.get('after', 1.0))


def idle_then_close(L):
    """Final ACK of the handshake lost, client silent for a while: server retransmits SYN-ACK."""
    l = L.listen(80); c = L.sock('c', L.cport())
    c.connect((L.sip, 80))
    sl(L.P.get('idle', 1.6))
    a, _ = l.accept(); a.settimeout(5); L.keep.append(a)
    talk(L, c, a, 1)
    c.close(); drain(a); a.close()


def client_speaks_late_ack(L):
    """Pure handshake ACK lost but the client's data (carrying the ACK) arrives."""
    l = L.listen(80); c = L.sock('c', L.cport(), **L.P.get('copt', {}))
    c.connect((L.sip, 80)); sl(L.P.get('idle', .01)); c.sendall(D(120))
    a, _ = l.accept(); a.settimeout(5); L.keep.append(a)
    drain(a, 120); a.sendall(D(60)); drain(c, 60)
    c.close(); drain(a); a.close()


def abort(L):
    where, who = L.P['where'], L.P.get('who', 'c')
    c, a, l = L.pair()
    talk(L, c, a, 1)
    x, y = (c, a) if who == 'c' else (a, c)
    if where == 'est':
        L.linger0(x)
    elif where == 'closewait':
        y.shutdown(socket.SHUT_WR); drain(x); sl(.05); L.linger0(x)
    elif where == 'finwait2':
        x.shutdown(socket.SHUT_WR); drain(y); sl(.08); L.linger0(x)
    elif where == 'finwait1':
        L.cmd('hold', who, 'fin')
        x.shutdown(socket.SHUT_WR); sl(.05); L.linger0(x); sl(.05); L.cmd('release')
    elif where == 'lastack':
        L.cmd('hold', who, 'fin')
        y.shutdown(socket.SHUT_WR); drain(x); x.shutdown(socket.SHUT_WR); sl(.05); L.linger0(x); sl(.05); L.cmd('release')
    elif where == 'closing':
        L.cmd('hold', 'c', 'ack'); L.cmd('hold', 's', 'ack')
        x.shutdown(socket.SHUT_WR); y.shutdown(socket.SHUT_WR); sl(.1); L.linger0(x); sl(.05); L.cmd('release')
    sl(.1)
    try:
        y.send(b'zz'); sl(.05)
    except OSError:
        pass
    y.close(); sl(.1)


def abort_synsent(L):
    """Client gives up in SYN-SENT; the late SYN-ACK meets no socket -> RST -> passive opener back to LISTEN."""
    l = L.listen(80)
    L.cmd('hold', 's', 'syn')
    c = L.sock('c', L.cport()); c.setblocking(False); c.connect_ex((L.sip, 80))
    sl(.08); c.close(); sl(.05); L.cmd('release'); sl(.3)


def close_unread(L):
    c, a, l = L.pair()
    talk(L, c, a, 1)
    x, y = (c, a) if L.P.get('who', 's') == 's' else (a, c)
    x.sendall(D(700)); sl(.08)
    if L.P.get('finfirst'):
        x.shutdown(socket.SHUT_WR); sl(.05)
    y.close(); sl(.2)
    try:
        x.send(b'q')
    except OSError:
        pass
    x.close(); sl(.1)


def write_to_closed(L):
    """Peer fully closed (orphan FIN-WAIT-2); we keep sending -> RST."""
    c, a, l = L.pair()
    talk(L, c, a, 1)
    x, y = (c, a) if L.P.get('who', 'c') == 'c' else (a, c)
    x.close(); drain(y); sl(.1)
    try:
        for _ in range(3):
            y.send(D(100)); sl(.06)
    except OSError:
        pass
    y.close(); sl(.1)


def linger_and_shut(L):
    """Both half-close separately, long gaps; SHUT_RD does nothing on the wire."""
    c, a, l = L.pair()
    a.shutdown(socket.SHUT_RD); talk(L, c, a, 0)
    c.sendall(D(50)); sl(.05); c.shutdown(socket.SHUT_WR); sl(.3)
    a.sendall(D(50)); a.shutdown(socket.SHUT_WR); sl(.3)
    c.close(); a.close(); sl(.1)
