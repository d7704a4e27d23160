# SPDX-License-Identifier: GPL-2.0-or-later
"""Forged segments, strays and old duplicates."""
import socket

from packets import A, F, P, R, S
from talk import D, drain, sl, talk


def inject(L):
    """Forged segments against an established connection; 'kinds' lists them."""
    cp = L.cport()
    c, a, l = L.pair(cport=cp)
    talk(L, c, a, 1); sl(.1)
    for k in L.P['kinds']:
        seq, nxt, ack, tsv, tse, win, fl = L.last('c', cp, 80)
        ts = (tsv, tse) if tsv is not None else None
        if k == 'rst_inwin':
            L.inject('c', cp, 80, nxt + 1000, 0, R)
        elif k == 'rst_outwin':
            L.inject('c', cp, 80, nxt - 100000, 0, R)
        elif k == 'rst_old':
            L.inject('c', cp, 80, seq - 1, 0, R)
        elif k == 'rst_exact':
            L.inject('c', cp, 80, nxt, 0, R)
        elif k == 'rst_exact_s':
            q = L.last('s', 80, cp); L.inject('s', 80, cp, q[1], 0, R)
        elif k == 'syn':
            L.inject('c', cp, 80, nxt + 5000, 0, S)
        elif k == 'synack':
            q = L.last('s', 80, cp); L.inject('s', 80, cp, q[1] + 77, nxt, S | A)
        elif k == 'fin_future':
            L.inject('c', cp, 80, nxt + 500, ack, F | A, ts=ts)
        elif k == 'fin_old':
            L.inject('c', cp, 80, nxt - 2000, ack, F | A, ts=ts)
        elif k == 'fin_paws':
            L.inject('c', cp, 80, nxt, ack, F | A, ts=(tsv - 500000, tse) if ts else None)
        elif k == 'fin_badack':
            L.inject('c', cp, 80, nxt, ack + 5000000, F | A, ts=ts)
        elif k == 'fin_noack':
            L.inject('c', cp, 80, nxt, 0, F, ts=ts)
        elif k == 'fin_badsum':
            L.inject('c', cp, 80, nxt, ack, F | A, ts=ts, badcsum=True)
        elif k == 'data_future':
            L.inject('c', cp, 80, nxt + 3000, ack, A | P, D(50), ts=ts)
        elif k == 'ack_future':
            L.inject('c', cp, 80, nxt, ack + 9999, A, ts=ts)
        sl(.12)
        try:
            talk(L, c, a, 1)
        except OSError:
            break
    sl(.7 if L.P.get('slow') else 0)
    c.close()
    try:
        drain(a)
    except OSError:
        pass
    a.close(); sl(.2)


def inject_teardown(L):
    """Forged RST / SYN in late states: TIME-WAIT, FIN-WAIT-2, CLOSE-WAIT, LISTEN+stray."""
    cp = L.cport()
    c, a, l = L.pair(cport=cp)
    talk(L, c, a, 1); sl(.05)
    st = L.P['state']
    if st == 'tw':
        c.close(); drain(a); a.close(); sl(.1)
    elif st == 'fw2':
        c.shutdown(socket.SHUT_WR); drain(a); sl(.1)
    elif st == 'fw2orphan':
        c.close(); drain(a); sl(.1)
    for k in L.P['kinds']:
        q = L.last('s', 80, cp); me = L.last('c', cp, 80)
        ts = (q[3], q[4]) if q[3] is not None else None
        if k == 'rst_exact':
            L.inject('s', 80, cp, q[1], 0, R)
        elif k == 'rst_off':
            L.inject('s', 80, cp, q[1] + 3, 0, R)
        elif k == 'ack_dup':
            L.inject('s', 80, cp, q[1], me[1], A, ts=ts)
        elif k == 'syn':
            L.inject('s', 80, cp, q[1] + 99, 0, S)
        elif k == 'syn_old':
            L.inject('s', 80, cp, q[1] - 99999, 0, S)
        elif k == 'fin_dup':
            L.inject('s', 80, cp, q[1] - 1, me[1], F | A, ts=ts)
        elif k == 'data':
            L.inject('s', 80, cp, q[1], me[1], A | P, D(10), ts=ts)
        sl(.15)
    c.close(); a.close(); sl(.2)


def stray(L):
    """Segments of no connection: ACK, data, FIN, SYN-ACK, RST to an open and to a closed port."""
    l = L.listen(80)
    for i, port in enumerate((80, 81)):
        for j, fl in enumerate((A, A | P, F | A, S | A, R, R | A)[:L.P.get('n', 6)]):
            L.inject('c', 43000 + 10 * i + j, port, 1000, 2000, fl, D(5) if fl & P else b'', where='pre'); sl(.03)
    sl(.1)


def old_dup_syn(L):
    """A delayed duplicate of the SYN arrives after the connection has been closed."""
    c, a, l = L.pair()
    talk(L, c, a, 1)
    (c if L.P.get('who', 'c') == 'c' else a).close(); sl(.1); a.close(); c.close(); sl(L.P.get('wait', .8))
