# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP packets: read, build, and read back from a pcap file."""
import random
import socket
import struct

F, S, R, P, A, U = 1, 2, 4, 8, 16, 32


def flag_letters(fl):
    return ''.join(c for b, c in ((S, 'S'), (F, 'F'), (R, 'R'), (P, 'P'), (A, 'A'), (U, 'U')) if fl & b)


class Pkt:
    __slots__ = ('d', 'n', 'sip', 'dip', 'sp', 'dp', 'seq', 'ack', 'fl', 'len', 'win', 'tsv', 'tse',
                 'icmp', 'ipid', 'id', 't_in', 'tap', 'rx', 'fr', 'raw', 'inj', 'smp', 'v6', 'note', 'l2')


def parse(fr, l2=14):
    """Ethernet (l2=14) or raw IP (l2=0) frame -> Pkt or None (fields only)."""
    p = Pkt()
    p.icmp = False
    p.note = None
    if l2:
        et = fr[12:14]
    else:
        et = b'\x08\x00' if fr[0] >> 4 == 4 else b'\x86\xdd'
    ip = fr[l2:]
    if et == b'\x08\x00':
        p.v6 = False
        ihl = (ip[0] & 15) * 4
        tot = struct.unpack('!H', ip[2:4])[0]
        p.ipid = struct.unpack('!H', ip[4:6])[0]
        proto = ip[9]
        p.sip = socket.inet_ntop(socket.AF_INET, ip[12:16])
        p.dip = socket.inet_ntop(socket.AF_INET, ip[16:20])
        t = ip[ihl:]
        tlen = tot - ihl
    elif et == b'\x86\xdd':
        p.v6 = True
        p.ipid = struct.unpack('!I', ip[0:4])[0] & 0xfffff
        proto = ip[6]
        tlen = struct.unpack('!H', ip[4:6])[0]
        p.sip = socket.inet_ntop(socket.AF_INET6, ip[8:24])
        p.dip = socket.inet_ntop(socket.AF_INET6, ip[24:40])
        t = ip[40:]
    else:
        return None
    if proto in (1, 58):
        p.icmp = True
        p.sp = p.dp = p.seq = p.ack = p.fl = p.len = p.win = 0
        p.tsv = p.tse = None
        return p
    if proto != 6:
        return None
    p.sp, p.dp, p.seq, p.ack, off, p.fl, p.win = struct.unpack('!HHIIBBH', t[:16])
    hl = (off >> 4) * 4
    p.len = tlen - hl
    p.fl &= 63
    p.tsv = p.tse = None
    i = 20
    while i < hl and i < len(t):
        k = t[i]
        if k == 0:
            break
        if k == 1:
            i += 1
            continue
        if i + 1 >= len(t) or t[i + 1] < 2:
            break
        if k == 8 and i + 10 <= len(t):
            p.tsv, p.tse = struct.unpack('!II', t[i + 2:i + 10])
        i += t[i + 1]
    return p


def csum(b):
    if len(b) & 1:
        b += b'\0'
    s = sum(struct.unpack('!%dH' % (len(b) // 2), b))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def mk_tcp(eth, sip, dip, sp, dp, seq, ack, fl, payload=b'', win=512, ts=None, opts=b'', badcsum=False):
    if ts:
        opts = b'\x01\x01\x08\x0a' + struct.pack('!II', *ts) + opts
    hl = 20 + len(opts)
    t = struct.pack('!HHIIBBHHH', sp, dp, seq & 0xffffffff, ack & 0xffffffff, hl // 4 << 4, fl, win, 0, 0) + opts + payload
    v6 = ':' in sip
    fam = socket.AF_INET6 if v6 else socket.AF_INET
    a, b = socket.inet_pton(fam, sip), socket.inet_pton(fam, dip)
    ph = a + b + (struct.pack('!II', len(t), 6) if v6 else struct.pack('!BBH', 0, 6, len(t)))
    c = csum(ph + t)
    if badcsum:
        c ^= 0x5555
    t = t[:16] + struct.pack('!H', c) + t[18:]
    if v6:
        ip = struct.pack('!IHBB', 6 << 28, len(t), 6, 64) + a + b
    else:
        ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(t), random.getrandbits(16), 0x4000, 64, 6, 0) + a + b
        ip = ip[:10] + struct.pack('!H', csum(ip)) + ip[12:]
    return (eth + (b'\x86\xdd' if v6 else b'\x08\x00') if eth else b'') + ip + t


def mk_icmp_unreach(eth, frm, orig_ip, code=3):
    """ICMPv4 unreachable from `frm` quoting orig_ip (IPv4 bytes)."""
    src = socket.inet_ntop(socket.AF_INET, orig_ip[12:16])
    body = struct.pack('!BBHI', 3, code, 0, 0) + orig_ip[:28]
    body = body[:2] + struct.pack('!H', csum(body)) + body[4:]
    ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(body), 0, 0, 64, 1, 0) + socket.inet_aton(frm) + socket.inet_aton(src)
    ip = ip[:10] + struct.pack('!H', csum(ip)) + ip[12:]
    return (eth + b'\x08\x00' if eth else b'') + ip + body


def read_pcap(fn):
    """-> linktype, [(frame, t_ns, bytes, origlen)] for classic pcap, us or ns, both endians."""
    b = open(fn, 'rb').read()
    if len(b) < 24:
        return 1, []
    m = struct.unpack('<I', b[:4])[0]
    en, mul = {0xa1b2c3d4: ('<', 1000), 0xa1b23c4d: ('<', 1), 0xd4c3b2a1: ('>', 1000), 0x4d3cb2a1: ('>', 1)}[m]
    lt = struct.unpack(en + 'I', b[20:24])[0]
    i, n, out = 24, 0, []
    while i + 16 <= len(b):
        s, f, cl, ol = struct.unpack(en + 'IIII', b[i:i + 16])
        if i + 16 + cl > len(b):
            break
        n += 1
        out.append((n, s * 10**9 + f * mul, b[i + 16:i + 16 + cl], ol))
        i += 16 + cl
    return lt, out
