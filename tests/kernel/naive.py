#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Textbook TCP state machine with no sequence checks: the floor any real engine must beat.  naive.py FILE.pcap > pred.csv"""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorder"))
from packets import A, F, R, S, parse, read_pcap

lt, frames = read_pcap(sys.argv[1])
st = {}          # (ip,port,peerip,peerport) -> state
finned = {}      # same key: sequence number after our FIN
print('frame,time_epoch,src,sport,dst,dport,src_state,dst_state')
for n, t, b, ol in frames:
    p = parse(b, 14 if lt == 1 else 0)
    if p is None or p.icmp:
        continue
    a, z = (p.sip, p.sp, p.dip, p.dp), (p.dip, p.dp, p.sip, p.sp)
    if a not in st:
        st[a], st[z] = ('CLOSED', 'LISTEN') if p.fl & S else ('ESTABLISHED', 'ESTABLISHED')
    s, d = st[a], st[z]
    if p.fl & R:
        s = d = 'CLOSED'
    elif p.fl & S and not p.fl & A:
        if s in ('CLOSED', 'LISTEN', 'TIME-WAIT'):
            finned.pop(a, None); finned.pop(z, None)
            s = 'SYN-SENT'
            d = d if d == 'SYN-SENT' else 'LISTEN'
        if d in ('LISTEN', 'CLOSED', 'SYN-SENT'):
            d = 'SYN-RECEIVED'
    elif p.fl & S:
        if s in ('LISTEN', 'CLOSED', 'SYN-SENT'):
            s = 'SYN-RECEIVED'
        if d in ('SYN-SENT', 'SYN-RECEIVED'):
            d = 'ESTABLISHED'
    else:
        cov = z in finned and p.fl & A and (p.ack - finned[z]) & 0xffffffff < 1 << 31
        if p.fl & A:
            if d == 'SYN-RECEIVED':
                d = 'ESTABLISHED'
            elif cov and d == 'FIN-WAIT-1':
                d = 'FIN-WAIT-2'
            elif cov and d == 'CLOSING':
                d = 'TIME-WAIT'
            elif cov and d == 'LAST-ACK':
                d = 'CLOSED'
        if p.fl & F:
            finned[a] = (p.seq + p.len + 1) & 0xffffffff
            s = {'ESTABLISHED': 'FIN-WAIT-1', 'SYN-RECEIVED': 'FIN-WAIT-1', 'CLOSE-WAIT': 'LAST-ACK'}.get(s, s)
            d = {'ESTABLISHED': 'CLOSE-WAIT', 'FIN-WAIT-1': 'CLOSING', 'FIN-WAIT-2': 'TIME-WAIT'}.get(d, d)
    st[a], st[z] = s, d
    print('%d,%d.%09d,%s,%d,%s,%d,%s,%s' % (n, t // 10**9, t % 10**9, p.sip, p.sp, p.dip, p.dp, s, d))
