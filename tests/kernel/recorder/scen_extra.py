# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios that the dev list has no counterpart of."""
import socket

from talk import D, drain, sl, talk


def listener_gone(L):
    """The listener is closed while finished connections wait in its queue: the kernel aborts them."""
    l = L.listen(80)
    cs = []
    for _ in range(L.P.get('n', 1)):
        c = L.sock('c', L.cport())
        c.connect((L.sip, 80))
        c.send(D(30))
        cs.append(c)
    sl(.1)
    l.close()
    sl(.15)
    for c in cs:
        try:
            c.send(D(10))
        except OSError:
            pass
        c.close()
    sl(.1)


def fin_then_listener_gone(L):
    """As above, but the client has closed its side already."""
    l = L.listen(80)
    c = L.sock('c', L.cport())
    c.connect((L.sip, 80))
    c.send(D(30))
    c.shutdown(socket.SHUT_WR)
    sl(.15)
    l.close()
    sl(.15)
    c.close()
    sl(.1)


def two_listeners(L):
    """Two connections of one client to two ports, one after the other closing the other way round."""
    c1, a1, _ = L.pair(80)
    c2, a2, _ = L.pair(81)
    talk(L, c1, a1, 1)
    talk(L, c2, a2, 2)
    c1.close()
    a2.close()
    drain(a1)
    drain(c2)
    a1.close()
    c2.close()
    sl(.1)


def same_port_pairs(L):
    """One client port to several server ports, and the first pair of ports again."""
    ports = [80 + i for i in range(L.P.get('n', 3))]
    ls = {p: L.listen(p) for p in ports}
    for p in ports + ports[:1]:
        c = L.sock('c', 43123)
        c.connect((L.sip, p))
        a, _ = ls[p].accept()
        L.keep.append(a)
        a.settimeout(5)
        talk(L, c, a, 1)
        a.close()
        drain(c)
        c.close()
        sl(.15)


def port_scan(L):
    """SYN scan with forged segments: SYN, and for an open port the scanner's kernel answers RST."""
    L.listen(85)
    for i in range(L.P.get('n', 8)):
        L.inject('c', 44000, 80 + i, 7000 + i, 0, 2, where='pre')
        sl(.02)
    sl(.3)


def late_data_after_close(L):
    """Data under way meets a socket that was closed in full a moment ago."""
    c, a, _ = L.pair()
    talk(L, c, a, 1)
    x, y = (c, a) if L.P.get('who', 'c') == 'c' else (a, c)
    y.send(D(600))
    x.close()
    sl(.15)
    y.close()
    sl(.2)


def crossed_reset(L):
    """Both ends abort within a round trip."""
    c, a, _ = L.pair()
    talk(L, c, a, 1)
    if L.P.get('data'):
        c.send(D(700))
        a.send(D(500))
    L.linger0(c)
    L.linger0(a)
    sl(.2)


def split_views(L):
    """Close by the server while the client's data is under way, over a long lopsided path."""
    c, a, _ = L.pair()
    talk(L, c, a, 1)
    c.send(D(900))
    a.shutdown(socket.SHUT_WR)
    c.send(D(900))
    sl(.4)
    drain(a, 1800)
    c.close()
    drain(a)
    a.close()
    sl(.3)
