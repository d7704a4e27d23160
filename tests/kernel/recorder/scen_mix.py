# SPDX-License-Identifier: GPL-2.0-or-later
"""Many random short connections at once."""
import random
import socket
import threading
import time

from net import inns
from talk import D, sl


def converse(ends, rng):
    """A few random exchanges; ends: {'c': client's socket, 's': server's}."""
    for _ in range(rng.randint(0, 6)):
        what, reader = rng.choice(('c', 's', 'cs', 'w')), rng.choice('cs')
        if what == 'w':
            sl(rng.uniform(0, .03))
        elif what == 'cs':
            ends['c'].send(D(rng.randint(1, 3000)))
            ends['s'].send(D(rng.randint(1, 3000)))
        else:
            ends[what].send(D(rng.choice((1, 100, 1448, 5000))))
        if rng.random() < .5:
            try:
                ends[reader].settimeout(rng.choice((.01, .1)))
                ends[reader].recv(100000)
            except (socket.timeout, BlockingIOError):
                pass


def part_politely(x, y, rng):
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
    y.close()
    sl(rng.uniform(0, .05))
    x.close()


def part(L, x, y, rng):
    """Some way of ending a connection; x goes first."""
    way = rng.random()
    if way < .45:
        part_politely(x, y, rng)
    elif way < .6:
        x.close()
        y.close()
    elif way < .75:
        x.close()
        sl(rng.uniform(0, .15))
        y.close()
    elif way < .85:
        L.linger0(x)
        sl(rng.uniform(0, .05))
        y.close()
    elif way < .9:
        x.shutdown(socket.SHUT_WR)
        sl(rng.uniform(0, .06))
        L.linger0(rng.choice((x, y)))
    else:
        x.close()
        sl(rng.uniform(0, .06))
        y.send(D(100))
        sl(.02)
        y.send(D(100))
        y.close()


def connection(L, rng, listener, port, fixed):
    """One connection from birth to end; `fixed` is a client port that is used again and again."""
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
        how = rng.random()
        if how < .04:
            c.setblocking(False)
            c.connect_ex((L.sip, port))
            sl(rng.uniform(0, .02))
            return
        c.connect((L.sip, port if how > .08 else 9))
        if rng.random() < .3:
            c.send(D(rng.randint(1, 400)))
        listener.settimeout(1.5)
        a, _ = listener.accept()
        a.settimeout(1.0)
        converse({'c': c, 's': a}, rng)
        part(L, *rng.choice(((c, a), (a, c))), rng)
    except OSError:
        pass
    finally:
        if a is not None:
            a.close()
        c.close()


def mix(L):
    """n random short connections from a pool of threads; random close behaviour; impairments in conf['rand']."""
    base = random.Random(L.P['seed'])
    jobs = [base.getrandbits(48) for _ in range(L.P['n'])]
    lock = threading.Lock()
    stop = time.monotonic() + L.P.get('limit', 120)

    def worker(i):
        with inns(L.nss):
            listener = socket.socket(L.fam, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((L.sip, 8000 + i))
        listener.listen(16)
        k = 0
        while time.monotonic() < stop:
            with lock:
                if not jobs:
                    break
                job = jobs.pop()
            k += 1
            connection(L, random.Random(job), listener, 8000 + i, 50000 + i * 4 + k % 2)
            listener.setblocking(False)
            try:                            # forget leftovers in the accept queue
                while True:
                    listener.accept()[0].close()
            except OSError:
                pass
        L.keep.append(listener)
    threads = [threading.Thread(target=worker, args=(i,)) for i in range(L.P.get('threads', 20))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    sl(L.P.get('settle', 2.0))
