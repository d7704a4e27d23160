# SPDX-License-Identifier: GPL-2.0-or-later
"""A network of its own with one device, `a`, into which a test puts frames. Needs root and /dev/net/tun."""
import ctypes
import fcntl
import os
import socket
import struct
import subprocess

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), "no network of our own")


class Tap:
    """OSError if that cannot be."""

    def __init__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        before = os.open("/proc/self/ns/net", os.O_RDONLY)
        try:
            check(libc.unshare(CLONE_NEWNET))
            self.namespace = os.open("/proc/self/ns/net", os.O_RDONLY)
            self.device = os.open("/dev/net/tun", os.O_RDWR)
            fcntl.ioctl(self.device, TUNSETIFF, struct.pack("16sH14x", b"a", IFF_TAP | IFF_NO_PI))
            self.control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.up()
        finally:
            check(libc.setns(before, CLONE_NEWNET))
            os.close(before)
        self.libc = libc

    def set_flags(self, on, off):
        flags = struct.unpack("16sH14x", fcntl.ioctl(self.control, SIOCGIFFLAGS, struct.pack("16s16x", b"a")))[1]
        fcntl.ioctl(self.control, SIOCSIFFLAGS, struct.pack("16sH14x", b"a", (flags | on) & ~off))

    def run(self, command, **more):
        return subprocess.Popen(command, preexec_fn=lambda: check(self.libc.setns(self.namespace, CLONE_NEWNET)), **more)

    def send(self, frames):
        for frame in frames:
            os.write(self.device, frame)

    def up(self):
        self.set_flags(IFF_UP, 0)

    def down(self):
        self.set_flags(0, IFF_UP)

    def remove(self):
        os.close(self.device)
        self.device = -1

    def close(self):
        for descriptor in self.device, self.namespace:
            if descriptor >= 0:
                os.close(descriptor)
        self.control.close()
