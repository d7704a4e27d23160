# SPDX-License-Identifier: GPL-2.0-or-later
"""What all scenarios share: packet predicates and small conversations. L is lab.Lab, L.P its parameters."""
import time

from packets import A, F, R, S

sl = time.sleep


def D(n, c=b'x'):
    return c * n


isfin = lambda p: p.fl & F
issyn = lambda p: p.fl & S and not p.fl & A
issynack = lambda p: p.fl & S and p.fl & A
isack = lambda p: p.fl & A and not p.len and not p.fl & (S | F | R)
isdata = lambda p: p.len > 0
isrst = lambda p: p.fl & R


def drain(s, n=None):
    got = 0
    while n is None or got < n:
        b = s.recv(65536)
        if not b:
            break
        got += len(b)
    return got


def talk(L, c, a, n=None):
    """n request/response rounds."""
    for _ in range(n or L.P.get('rounds', 2)):
        c.sendall(D(L.P.get('req', 80)))
        drain(a, L.P.get('req', 80))
        a.sendall(D(L.P.get('resp', 400)))
        drain(c, L.P.get('resp', 400))
