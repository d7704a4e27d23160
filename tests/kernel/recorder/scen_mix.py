# SPDX-License-Identifier: GPL-2.0-or-later
"""Many random short connections at once."""
import random
import socket
import threading
import time

from net import inns
from talk import D, sl


def mix(L):
    """n random short connections from a pool of threads; random close behaviour; impairments in conf['rand']."""
    n, nt = L.P['n'], L.P.get('threads', 20)
    base = random.Random(L.P['seed'])
    jobs = [base.getrandbits(48) for _ in range(n)]
    lock = threading.Lock()
    stop = time.monotonic() + L.P.get('limit', 120)

    def one(rng, l, port, fixed):
        with inns(L.nsc):
            c = socket.socket(L.fam, socket.SOCK_STREAM)
        a = None
        c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            if rng.random() < .15:
                c.bind((L.cip, fixed))          # few ports: 4-tuple reuse
            if rng.random() < .3:
                c.setsockopt(6, socket.TCP_QUICKACK, 0)
            c.settimeout(2.5)
            r = rng.random()
            if r < .04:
                c.setblocking(False); c.connect_ex((L.sip, port)); sl(rng.uniform(0, .02)); c.close(); return
            c.connect((L.sip, port if r > .08 else 9))
            if rng.random() < .3:
                c.send(D(rng.randint(1, 400)))
            l.settimeout(1.5)
            a, _ = l.accept(); a.settimeout(1.0)
            so = {'c': c, 's': a}
            for _ in range(rng.randint(0, 6)):
                k = rng.choice('c s cs w'.split()) ; who = rng.choice('cs')
                if k == 'w':
                    sl(rng.uniform(0, .03))
                elif k == 'cs':
                    so['c'].send(D(rng.randint(1, 3000))); so['s'].send(D(rng.randint(1, 3000)))
                else:
                    so[k].send(D(rng.choice((1, 100, 1448, 5000))))
                if rng.random() < .5:
                    try:
                        so[who].settimeout(rng.choice((.01, .1))); so[who].recv(100000)
                    except (socket.timeout, BlockingIOError):
                        pass
            x, y = rng.choice((('c', 's'), ('s', 'c')))
            x, y = so[x], so[y]
            m = rng.random()
            if m < .45:
                # polite
                x.shutdown(socket.SHUT_WR)
                y.settimeout(rng.choice((.2, .5, 1.0)))
                try:
                    while y.recv(65536):
                        pass
                except OSError:
                    pass
                if rng.random() < .5:
                    sl(rng.uniform(0, .05))
                if rng.random() < .2:
                    y.send(D(500))
                y.close(); sl(rng.uniform(0, .05)); x.close()
            elif m < .6:
                x.close(); y.close()
            elif m < .75:
                x.close(); sl(rng.uniform(0, .15)); y.close()
            elif m < .85:
                L.linger0(x); sl(rng.uniform(0, .05)); y.close()
            elif m < .9:
                x.shutdown(socket.SHUT_WR); sl(rng.uniform(0, .06)); L.linger0(rng.choice((x, y)))
            else:
                x.close(); sl(rng.uniform(0, .06)); y.send(D(100)); sl(.02); y.send(D(100)); y.close()
        except OSError:
            pass
        finally:
            if a is not None:
                a.close()
            c.close()

    def worker(i):
        with inns(L.nss):
            l = socket.socket(L.fam, socket.SOCK_STREAM)
        l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        l.bind((L.sip, 8000 + i)); l.listen(16)
        k = 0
        while time.monotonic() < stop:
            with lock:
                if not jobs:
                    break
                j = jobs.pop()
            k += 1
            one(random.Random(j), l, 8000 + i, 50000 + i * 4 + k % 2)
            # forget leftovers in the accept queue
            l.setblocking(False)
            try:
                while True:
                    l.accept()[0].close()
            except OSError:
                pass
        L.keep.append(l)
    th = [threading.Thread(target=worker, args=(i,)) for i in range(nt)]
    for t in th:
        t.start()
    for t in th:
        t.join()
    sl(L.P.get('settle', 2.0))
