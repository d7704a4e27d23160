# SPDX-License-Identifier: GPL-2.0-or-later
"""cut.py TCPSTATE CAPTURE: what `tcpstate annotate -T csv` says where the capture begins late: rows of the first half come from
the whole capture, those of the second from the second half alone, numbered on. For possible.py --run."""
import os
import struct
import subprocess
import sys
import tempfile

HEADER, RECORD = 24, 16


def halves(capture):
    """The second half as a capture, and how many frames the first has. Little-endian pcap, as the recorder writes it."""
    places, at = [], HEADER
    while at + RECORD <= len(capture):
        places.append(at)
        at += RECORD + struct.unpack_from("<I", capture, at + 8)[0]
    middle = len(places) // 2
    return capture[:HEADER] + (capture[places[middle]:] if places else b""), middle


def rows(command, capture):
    done = subprocess.run([command, "annotate", "-q", "-T", "csv", capture], capture_output=True, text=True, check=True)
    head, *lines = done.stdout.splitlines()
    return head, [line.split(",", 1) for line in lines]


def main():
    command, path = sys.argv[1:]
    with open(path, "rb") as file:
        second, before = halves(file.read())
    with tempfile.TemporaryDirectory() as folder:
        cut = os.path.join(folder, "cut.pcap")
        with open(cut, "wb") as file:
            file.write(second)
        head, late = rows(command, cut)
    print(head)
    for frame, rest in rows(command, path)[1]:
        if int(frame) <= before:
            print(frame, rest, sep=",")
    for frame, rest in late:
        print(int(frame) + before, rest, sep=",")


if __name__ == "__main__":
    main()
