# SPDX-License-Identifier: GPL-2.0-or-later
"""states.py FILE: every state change in a capture of plain IPv4 over Ethernet, by libtcpstate through ctypes."""
import ctypes
import struct
import sys

LIBRARY = ctypes.CDLL('libtcpstate.so.0')


class Segment(ctypes.Structure):
    """tcpstate_segment, member by member as in tcpstate.h."""
    _fields_ = [('time_ns', ctypes.c_int64), ('src', ctypes.c_uint8 * 16), ('dst', ctypes.c_uint8 * 16),
                ('domain', ctypes.c_uint32), ('seq', ctypes.c_uint32), ('ack', ctypes.c_uint32),
                ('payload_length', ctypes.c_uint32), ('ts_value', ctypes.c_uint32), ('ts_echo', ctypes.c_uint32),
                ('src_port', ctypes.c_uint16), ('dst_port', ctypes.c_uint16), ('window', ctypes.c_uint16),
                ('mss', ctypes.c_uint16), ('ip_version', ctypes.c_uint8), ('flags', ctypes.c_uint8),
                ('window_scale', ctypes.c_uint8), ('facts', ctypes.c_uint8)]


class Annotation(ctypes.Structure):
    """tcpstate_annotation."""
    _fields_ = [('events', ctypes.c_uint64), ('stream', ctypes.c_uint32), ('slot', ctypes.c_uint32),
                ('possible', ctypes.c_uint16 * 2), ('state', ctypes.c_uint8 * 2), ('previous', ctypes.c_uint8 * 2),
                ('certainty', ctypes.c_uint8 * 2), ('rule', ctypes.c_uint8 * 2), ('src_role', ctypes.c_uint8),
                ('roles', ctypes.c_uint8), ('phase', ctypes.c_uint8), ('handshake_role', ctypes.c_uint8),
                ('teardown_steps', ctypes.c_uint8), ('teardown_role', ctypes.c_uint8)]


LIBRARY.tcpstate_segment_parse.argtypes = [ctypes.POINTER(Segment), ctypes.c_char_p, ctypes.c_size_t, ctypes.c_size_t]
LIBRARY.tcpstate_feed.argtypes = [ctypes.c_void_p, ctypes.POINTER(Segment), ctypes.POINTER(Annotation)]
LIBRARY.tcpstate_free.argtypes = [ctypes.c_void_p]


def word(name, number):
    """What the library calls a state, a role, a certainty ..."""
    function = getattr(LIBRARY, f'tcpstate_{name}_name')
    function.restype = ctypes.c_char_p
    return function(number).decode()


class Tracker:
    def __init__(self):
        self.handle = ctypes.c_void_p()
        if LIBRARY.tcpstate_new(ctypes.byref(self.handle), None) != 0:
            raise MemoryError

    def __enter__(self):
        return self

    def __exit__(self, *_):
        LIBRARY.tcpstate_free(self.handle)

    def feed(self, time_ns, ip):
        """Judges an IPv4 packet; None if there is no TCP header in it."""
        header = (ip[0] & 15) * 4
        length = int.from_bytes(ip[2:4], 'big')
        segment = Segment(time_ns=time_ns, ip_version=4)
        segment.src[:4], segment.dst[:4] = ip[12:16], ip[16:20]
        if LIBRARY.tcpstate_segment_parse(segment, ip[header:], len(ip) - header, length - header) != 0:
            return None
        annotation = Annotation()
        if LIBRARY.tcpstate_feed(self.handle, segment, annotation) != 0:
            raise MemoryError
        return annotation


# Byte order and nanoseconds in one unit of the fraction, by the first four bytes of a pcap file.
KINDS = {b'\xd4\xc3\xb2\xa1': ('<', 1000), b'\x4d\x3c\xb2\xa1': ('<', 1),
         b'\xa1\xb2\xc3\xd4': ('>', 1000), b'\xa1\xb2\x3c\x4d': ('>', 1)}


def packets(path):
    """(frame number, time, packet) for each IPv4 packet with TCP in it."""
    with open(path, 'rb') as file:
        order, unit = KINDS[file.read(24)[:4]]
        frame = 0
        while header := file.read(16):
            frame += 1
            seconds, fraction, captured, _ = struct.unpack(order + '4I', header)
            data = file.read(captured)
            if data[12:14] == b'\x08\x00' and len(data) >= 34 and data[23] == 6:
                yield frame, seconds * 10**9 + fraction * unit, data[14:]


def main():
    with Tracker() as tracker:
        for frame, time_ns, ip in packets(sys.argv[1]):
            annotation = tracker.feed(time_ns, ip)
            for role in (0, 1) if annotation else ():
                if annotation.state[role] != annotation.previous[role]:
                    print(f"{frame} #{annotation.stream} {word('role', role)}:"
                          f" {word('state', annotation.previous[role])} > {word('state', annotation.state[role])}"
                          f" ({word('certainty', annotation.certainty[role])})")


if __name__ == '__main__':
    main()
