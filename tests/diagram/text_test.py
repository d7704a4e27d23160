# SPDX-License-Identifier: GPL-2.0-or-later
"""The pictures of the terminal."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

from pictures import (ACK, CLIENT, COMMAND, PSH, SERVER, SYN, PictureTest, captures, close_in_four, ethernet,
                      handshake, ipv4, pcap, tcp, unreachable)

HERE = os.path.dirname(os.path.abspath(__file__))
ASCII = {"LC_ALL": "C"}
UTF8 = {"LC_ALL": "C.UTF-8"}
STATE = re.compile(r"\*?([A-Z][A-Z0-9-]+)\??")
LINE = re.compile(r"^(?P<frame>[ \d]{6})(?P<time>[ \d.]{11})(?P<left>[ *?A-Z0-9-]{15}) (?P<life>[|:])(?P<lane>.*)"
                  r"(?P=life)(?: (?P<right>\S+))?$")


def rows_of(picture):
    """(first frame, last frame, left state, right state) of each row of an ASCII ladder."""
    rows = []
    for line in picture.splitlines():
        found = LINE.match(line)
        if not found or "without a segment" in line:
            continue
        frame = found["frame"].strip()
        if frame and found["life"] == "|" or frame and (not rows or rows[-1].get("folded") is not True):
            rows.append({"first": int(frame), "last": int(frame), "folded": found["life"] == ":"})
        elif frame:
            rows[-1].update(last=int(frame), folded="done")
        for side in ("left", "right"):
            state = STATE.fullmatch((found[side] or "").strip())
            if state and rows:
                rows[-1][side] = state[1]
    return rows


class Ladder(PictureTest):
    def test_drawn_by_hand(self):
        for name, options, env in (
            ("close-in-four.ladder.ascii", (), ASCII),
            ("close-in-four.ladder.utf-8", (), UTF8),
            ("close-in-four.ladder.bare", ("--no-times", "--no-numbers"), ASCII),
            ("close-in-four.states.ascii", ("--what", "states"), ASCII),
        ):
            with self.subTest(name), open(os.path.join(HERE, "expected", name + ".txt"), encoding="utf-8") as file:
                path = self.file("close.pcap", close_in_four())
                out, err = self.run_command("diagram", *options, path, env=env)
                self.assertEqual(out, file.read())
                self.assertEqual(err, "")

    def test_every_row_says_what_annotate_says(self):
        for path in captures():
            pictures = re.split(r"^\S.*, connection \d+$", self.run_command("diagram", path, env=ASCII)[0],
                                flags=re.M)[1:]
            told = list(self.connections(path))
            self.assertEqual(len(pictures), len(told), path)
            for picture, (conn, annotated) in zip(pictures, told):
                rows = rows_of(picture)
                drawn = 0
                with self.subTest(path=os.path.basename(path), stream=conn["stream"]):
                    for frame, pair in annotated:
                        row = next(row for row in rows if row["first"] <= frame <= row["last"])
                        self.assertEqual((row["left"], row["right"]), pair, frame)
                        drawn += 1
                    self.assertGreater(drawn, 0)
                    ends = {frame for row in rows for frame in (row["first"], row["last"])}
                    self.assertLessEqual(ends, {frame for frame, _ in annotated})

    def test_long_runs_are_folded_and_counted(self):
        path = self.file("long.pcap", close_in_four(data=300))
        out, _ = self.run_command("diagram", path, env=ASCII)
        self.assertLess(len(out.splitlines()), 30)
        self.assertIn(":  300 segments, 30000 bytes   :", out)
        self.assertIn(":  300 segments without data   :", out)
        self.assertEqual([(row["first"], row["last"]) for row in rows_of(out)],
                         [(1, 1), (2, 2), (3, 3), (4, 603), (604, 604), (605, 605), (606, 606), (607, 607)])

    def test_six_alike_are_drawn_one_by_one_and_seven_are_not(self):
        for pairs, rows in ((3, 13), (4, 8)):
            out, _ = self.run_command("diagram", self.file("some.pcap", close_in_four(data=pairs)), env=ASCII)
            self.assertEqual(len(rows_of(out)), rows, out)

    def test_odd_segments_do_not_make_it_long(self):
        """Data and keep-alive probes in turn: thirteen rows of them become one."""
        frames = [ethernet(packet) for packet in handshake()]
        for turn in range(40):
            flags, seq = (PSH | ACK, 1001 + turn) if turn % 2 == 0 else (ACK, 1000 + turn)
            payload = b"x" if turn % 2 == 0 else b""
            frames.append(ethernet(ipv4(CLIENT, SERVER, tcp(CLIENT, SERVER, 40000, 80, flags, seq, 5001, payload))))
        out, _ = self.run_command("diagram", self.file("odd.pcap", pcap(frames)), env=ASCII)
        self.assertLess(len(rows_of(out)), 3 + 13)

    def test_a_long_ladder_keeps_its_beginning_and_its_end(self):
        """Each SYN that is repeated shows that the SYN-ACK has not arrived, so every segment moves the client."""
        frames = []
        for _ in range(150):
            frames += [ethernet(ipv4(CLIENT, SERVER, tcp(CLIENT, SERVER, 40000, 80, SYN, 1000))),
                       ethernet(ipv4(SERVER, CLIENT, tcp(SERVER, CLIENT, 80, 40000, SYN | ACK, 5000, 1001)))]
        path = self.file("again.pcap", pcap(frames, step=1500000))
        out, _ = self.run_command("diagram", path, env=ASCII)
        self.assertEqual([row["first"] for row in rows_of(out)], [*range(1, 151), *range(251, 301)])
        self.assertIn(":     100 steps not drawn      :", out)
        for options in (("-T", "svg"), ("-T", "svg", "--what", "states"), ("--what", "states")):
            self.run_command("diagram", *options, path)

    def test_what_no_segment_did(self):
        path = self.file("unreachable.pcap", unreachable())
        out, _ = self.run_command("diagram", path, env=ASCII)
        self.assertRegex(out.splitlines()[-1], r"^ +\*CLOSED : +without a segment +:( \*CLOSED)?$")
        out, _ = self.run_command("diagram", "--what", "states", path, env=ASCII)
        self.assertRegex(out, r"\nSYN-SENT +SYN-RECEIVED\n\|  without a segment.*\nv.*\nCLOSED ")

    def test_stream_picks_one(self):
        frames = [ethernet(p) for port in (40000, 40001, 40002) for p in handshake(ports=(port, 80))]
        path = self.file("three.pcap", pcap(frames))
        self.assertEqual(self.run_command("diagram", path, env=ASCII)[0].count(", connection "), 3)
        out, _ = self.run_command("diagram", "--stream", "1", path, env=ASCII)
        self.assertEqual(re.findall(r"connection (\d+)", out), ["1"])
        out, err = self.run_command("diagram", "--stream", "7", path)
        self.assertEqual((out, err), ("", "tcpstate: --stream 7: there is no such connection; 3 in all, numbered from 0\n"))

    def test_a_word_that_is_none(self):
        self.run_command("diagram", "--what", "nothing", captures()[0], code=2)
        self.run_command("diagram", "-T", "csv", captures()[0], code=2)
        self.run_command("explain", "-T", "svg", captures()[0], code=2)

    def test_names_do_not_reach_the_terminal_raw(self):
        for env in (ASCII, UTF8):
            path = self.file("a\x1b[31m\u202eb\x07é.pcap", close_in_four())
            out, _ = self.run_command("diagram", path, env=env)
            self.assertNotRegex(out, "[\x00-\x09\x0b-\x1f\x7f\u202e]")
            self.assertEqual(out.split(",")[0], "a?[31m?b?é.pcap" if env is UTF8 else "a?[31m" + out[6:].split(",")[0])
            self.assertEqual(env is ASCII, out.isascii())


class Terminal(PictureTest):
    def at_terminal(self, columns, *arguments, env=None):
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        fields = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        fields.update(TERM="xterm", **UTF8, **(env or {}))
        child = subprocess.Popen([COMMAND, "diagram", *arguments], stdout=follower, stderr=subprocess.DEVNULL, env=fields)
        os.close(follower)
        out = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.close(leader)
        self.assertEqual(child.wait(), 0)
        return out.decode().replace("\r\n", "\n")

    def test_colour_is_for_terminals_that_want_it(self):
        path = self.file("close.pcap", close_in_four())
        plain = self.run_command("diagram", path, env=UTF8)[0]
        coloured = self.at_terminal(80, path)
        self.assertIn("\x1b[", coloured)
        self.assertEqual(re.sub("\x1b\\[[0-9;]*m", "", coloured), plain)
        self.assertEqual(self.at_terminal(80, path, env={"NO_COLOR": "1"}), plain)
        self.assertEqual(self.at_terminal(80, "--color", "never", path), plain)
        self.assertIn("\x1b[", self.run_command("diagram", "--color", "always", path, env=UTF8)[0])
        self.assertNotIn("\x1b", self.at_terminal(80, "-T", "svg", path))
        self.assertIn("\x1b[", self.at_terminal(80, "--what", "states", path))

    def test_lines_fit(self):
        path = self.file("close.pcap", close_in_four(data=2))
        for columns, width in ((40, 72), (72, 72), (80, 80), (100, 100), (200, 110)):
            lines = self.at_terminal(columns, "--color", "never", path).splitlines()
            self.assertLessEqual(max(map(len, lines)), width)
            arrow = next(line for line in lines if "▶" in line)
            # The server's state has 14 columns and a blank, the line of its endpoint one.
            self.assertEqual(arrow.index("▶"), width - 17)

    def test_lines_of_all_captures_fit(self):
        for path in captures():
            for what in ("ladder", "states"):
                out = self.run_command("diagram", "--what", what, path, env=UTF8)[0]
                for line in out.splitlines():
                    self.assertLessEqual(len(line), 80, line)


if __name__ == "__main__":
    unittest.main()
