# SPDX-License-Identifier: GPL-2.0-or-later
"""The story says of every packet what annotate says of it, counts each once, and its sums are right."""
import csv
import fcntl
import glob
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import frames  # noqa: E402
from support import COMMAND, SAMPLES, CommandTest  # noqa: E402

HEAD = re.compile(
    r"^(?P<first>\d+)(?:-(?P<last>\d+))?  (?P<from>[\d.]+)(?:-(?P<to>[\d.]+))? s  "
    r"(?:(?P<src>client|server) > (?P<dst>client|server)  (?P<flags>[A-Z,]+)  seq (?P<seq>\d+)(?: ack (?P<ack>\d+))?"
    r"(?:  \[(?P<part>[^]]+)\])?(?:  \((?P<times>\d+) times\))?)?"
)
MOVED = re.compile(r"(client|server)(?:, once this arrives| \(assumed\)| \(guessed\))?: ([A-Z0-9-]+) > ([A-Z0-9-]+)[ ,]")
SUM = re.compile(r"ack (\d+) = (\d+) \+ 1(?: \+ (\d+))?:")
LETTERS = {"FIN": "F", "SYN": "S", "RST": "R", "PSH": "P", "ACK": "A", "URG": "U", "ECE": "E", "CWR": "C"}


def captures():
    return sorted(glob.glob(os.path.join(SAMPLES, "*.pcap")))


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def stories(text):
    """Each connection as a list: its title, its steps, its summary."""
    for story in re.split(r"\n(?=Connection \d+:)", text)[1:]:
        yield story.strip().split("\n\n")


def one_line(block):
    return re.sub(r"\n\s+", " ", block)


class Story(CommandTest):
    def _formatMessage(self, msg, standard):
        return f"{getattr(self, 'story', '')}\n{super()._formatMessage(msg, standard)}"

    def each(self):
        for path in captures():
            rows = {int(row["frame"]): row for row in self.rows(path)}
            conns = list(csv.DictReader(io.StringIO(self.run_command("conns", "-T", "csv", path)[0])))
            told = list(stories(self.run_command("explain", path)[0]))
            self.assertEqual(len(told), len(conns))
            for conn, blocks in zip(conns, told):
                self.story = f"{os.path.basename(path)} {blocks[0]}"
                yield {f: r for f, r in rows.items() if r["stream"] == conn["stream"]}, conn, blocks

    def steps(self, rows, blocks):
        """Each step with the frames of this connection that it tells."""
        for block in blocks[1:-1]:
            head = HEAD.match(block)
            self.assertIsNotNone(head, block)
            last = int(head["last"] or head["first"])
            yield head, [f for f in rows if int(head["first"]) <= f <= last], block

    def test_every_packet_is_told_once_and_in_order(self):
        for rows, _, blocks in self.each():
            told = [frame for _, frames, _ in self.steps(rows, blocks) for frame in frames]
            self.assertEqual(told, sorted(rows))

    def test_every_move_is_told_where_it_happens(self):
        for rows, _, blocks in self.each():
            state = {}
            for _, frames, block in self.steps(rows, blocks):
                moves = {who: (old, new) for who, old, new in MOVED.findall(one_line(block))}
                for who in ("client", "server"):
                    now = rows[frames[-1]][who + "_state"]
                    if who in moves:
                        self.assertEqual(len(frames), 1)
                        self.assertEqual(moves[who][0], state.get(who, moves[who][0]))
                        self.assertEqual(moves[who][1], now)
                    else:
                        self.assertTrue(all(rows[f][who + "_state"] == state[who] for f in frames), block)
                    state[who] = now

    def test_heads_are_those_of_the_packets(self):
        for rows, _, blocks in self.each():
            start = {}
            for head, frames, _ in self.steps(rows, blocks):
                row = rows[frames[0]]
                if head["src"] is None:
                    continue
                self.assertEqual(head["src"], row["src_role"])
                self.assertNotEqual(head["src"], head["dst"])
                self.assertEqual([LETTERS[w] for w in head["flags"].split(",")], list(row["flags"]))
                part = row["handshake_role"] or row["teardown_step"] or None
                self.assertEqual(head["part"], part)
                if "S" in row["flags"]:
                    start[head["src"]] = int(row["seq"])
                if head["src"] in start:
                    self.assertEqual(int(head["seq"]), (int(row["seq"]) - start[head["src"]]) % 2**32)
                if head["ack"] and head["dst"] in start:
                    self.assertEqual(int(head["ack"]), (int(row["ack"]) - start[head["dst"]]) % 2**32)

    def test_sums_are_right_and_mean_a_syn_or_fin_of_the_peer(self):
        found = 0
        for rows, _, blocks in self.each():
            controls = {"client": {}, "server": {}}
            for head, frames, block in self.steps(rows, blocks):
                if head["src"] is None:
                    continue
                row, text = rows[frames[0]], one_line(block)
                if row["teardown_step"]:
                    self.assertNotIn("SYN takes one", text)
                for ack, base, extra in SUM.findall(text):
                    found += 1
                    self.assertEqual(int(ack), int(base) + 1 + int(extra or 0))
                    self.assertEqual(ack, head["ack"])
                    self.assertIn(int(base), controls[head["dst"]])
                    self.assertRegex(text, controls[head["dst"]][int(base)])
                end = int(head["seq"]) + int(row["len"])
                if "S" in row["flags"]:
                    controls[head["src"]][int(head["seq"])] = f"{head['src']}'s SYN(,| takes)"
                if "F" in row["flags"]:
                    controls[head["src"]][end] = f"acknowledges the {head['src']}'s FIN"
        self.assertGreater(found, 60)

    def test_summary_is_that_of_conns(self):
        for _, conn, blocks in self.each():
            text = one_line(blocks[-1])
            self.assertTrue(blocks[-1].startswith("Summary\n"))
            self.assertIn(f"client {conn['client_state']}, server {conn['server_state']}", text)
            opening, closing = int(conn["handshake_segments"]), int(conn["teardown_segments"])
            self.assertIn(
                f"{opening} for the handshake and {closing} for the release, {opening + closing} in all.", text
            )
            self.assertEqual("Six, not seven" in text, (opening, conn["close"]) == (3, "three-segment"))
            self.assertEqual("Seven, not six" in text, (opening, conn["close"]) == (3, "four-segment"))
            self.assertRegex(text, rf"Data: {conn['client_bytes']} bytes? from the client, {conn['server_bytes']} ")
            if conn["active_closer"] in ("client", "server") and conn["outcome"] == "closed":
                self.assertIn(f"Closed by the {conn['active_closer']} first", text)

    def test_lines_fit(self):
        for path in captures():
            for language in ("en", "zh"):
                out = self.run_command("explain", "--lang", language, path)[0]
                self.assertLessEqual(max(map(width, out.splitlines())), 80)
                self.assertNotRegex(out, r"[ \t]\n")
                self.assertNotRegex(out, "[\x00-\x09\x0b-\x1f\x7f]")
                self.assertNotRegex(out, r"[{}|]")
                self.assertNotRegex(out, "\n *[，。：；、）]")


class Choice(CommandTest):
    SESSION = os.path.join(SAMPLES, "https-session.pcap")

    def test_stream_tells_one(self):
        whole = self.run_command("explain", self.SESSION)[0]
        one = self.run_command("explain", "--stream", "1", self.SESSION)[0]
        self.assertEqual(re.findall(r"^Connection (\d+):", whole, re.M), ["0", "1", "2"])
        self.assertEqual(re.findall(r"^Connection (\d+):", one, re.M), ["1"])
        self.assertIn(one.split("\n\n", 1)[1], whole)
        self.assertEqual(self.run_command("explain", "--stream", "9", self.SESSION)[0], "")

    def test_evicted_connections_are_told_too(self):
        everything = self.run_command("explain", self.SESSION)[0]
        few = self.run_command("explain", "--max-connections", "100", self.SESSION)[0]
        self.assertEqual(few, everything)
        path = os.path.join(SAMPLES, "refused.pcap")
        self.assertEqual(
            self.run_command("explain", "--max-connections", "1", path)[0], self.run_command("explain", path)[0]
        )

    def test_text_is_its_only_form(self):
        self.run_command("explain", "-T", "csv", self.SESSION, code=2)


def line(second, src, dst, rest):
    return f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.000000 IP {src} > {dst}: {rest}\n"


class Odd(CommandTest):
    C, S = "192.0.2.1.40000", "192.0.2.2.80"

    def tell(self, lines, *options):
        return self.run_command("explain", "--tcpdump-text", *options, "-", stdin="".join(lines).encode())[0]

    def handshake(self):
        return [
            line(0, self.C, self.S, "Flags [S], seq 1000, win 65535, length 0"),
            line(1, self.S, self.C, "Flags [S.], seq 5000, ack 1001, win 65535, length 0"),
            line(2, self.C, self.S, "Flags [.], seq 1001, ack 5001, win 65535, length 0"),
        ]

    def test_a_close_that_stays_away(self):
        out = self.tell(
            self.handshake()
            + [
                line(3, self.C, self.S, "Flags [F.], seq 1001, ack 5001, win 65535, length 0"),
                line(3, self.S, self.C, "Flags [.], seq 5001, ack 1002, win 65535, length 0"),
            ]
        )
        self.assertIn("server in CLOSE-WAIT", out)
        self.assertIn("has not called close() yet", one_line(out))
        self.assertIn("Last states: client FIN-WAIT-2, server CLOSE-WAIT.", out)

    def test_a_half_close_names_who_closed(self):
        out = self.tell(
            self.handshake()
            + [
                line(3, self.C, self.S, "Flags [F.], seq 1001, ack 5001, win 65535, length 0"),
                line(3, self.S, self.C, "Flags [.], seq 5001, ack 1002, win 65535, length 0"),
                line(4, self.S, self.C, "Flags [P.], seq 5001:5101, ack 1002, win 65535, length 100"),
                line(4, self.C, self.S, "Flags [.], seq 1002, ack 5101, win 65535, length 0"),
            ]
        )
        self.assertIn("the client has closed its direction, the server goes on sending", one_line(out))

    def fins_that_cross(self):
        return self.handshake() + [
            line(3, self.C, self.S, "Flags [F.], seq 1001, ack 5001, win 65535, length 0"),
            line(3, self.S, self.C, "Flags [F.], seq 5001, ack 1001, win 65535, length 0"),
        ]

    def test_both_may_have_begun_to_close(self):
        self.assertIn("Both sides have begun to close", one_line(self.tell(self.fins_that_cross())))

    def test_a_fin_besides_a_reset_has_one_sender(self):
        reset = [line(4, self.C, self.S, "Flags [R.], seq 1002, ack 5001, win 0, length 0")]
        both = self.tell(self.fins_that_cross() + reset)
        self.assertIn("Ended by a reset from the client", both)
        self.assertNotIn("has sent a FIN too", both)
        self.assertIn("The client has sent a FIN too.", one_line(self.tell(self.fins_that_cross()[:-1] + reset)))

    def test_no_time_is_said_where_none_is_known(self):
        out = self.tell([text.split(" ", 1)[1] for text in self.handshake()])
        self.assertNotIn("seconds.", out)
        self.assertIn("\n1  client > server  SYN  seq 0  [SYN]\n", out)

    def test_an_icmp_error_is_told_at_the_end(self):
        syn = frames.handshake()[0]
        quoted = b"\3\3\0\0" + b"\0" * 4 + syn[:28]
        quoted = quoted[:2] + frames.checksum(quoted).to_bytes(2, "big") + quoted[4:]
        error = frames.ipv4(frames.SERVER, frames.CLIENT, quoted, protocol=1)
        path = self.file("icmp.pcap", frames.pcap([frames.ethernet(syn), frames.ethernet(error)]))
        out = self.run_command("explain", path)[0]
        self.assertIn("an ICMP error moved the client: SYN-SENT > CLOSED.", one_line(out))

    def test_causes_of_a_reset_are_those_of_the_recording(self):
        # The lab's client reset after three probes without an answer; another host sent the forged one, frame 16.
        for sample, frame, cause in (("keep-alive-unanswered", 11, "gave up on a peer that no longer answered"),
                                     ("forged-reset", 17, "or somebody else had sent it")):
            out, _ = self.run_command("explain", os.path.join(SAMPLES, sample + ".pcap"))
            step = re.search(rf"^{frame}  .*?\n\n", out, re.M | re.S).group(0)
            self.assertIn(cause, " ".join(step.split()))

    def test_time_in_a_state_is_told_when_long(self):
        out = self.tell(
            self.handshake()
            + [
                line(3, self.C, self.S, "Flags [F.], seq 1001, ack 5001, win 65535, length 0"),
                line(63, self.S, self.C, "Flags [F.], seq 5001, ack 1002, win 65535, length 0"),
            ]
        )
        self.assertIn("CLOSE-WAIT > LAST-ACK after 60.000000 seconds", one_line(out))

    def test_a_long_story_keeps_its_ends(self):
        lines = self.handshake()
        for i in range(200):  # a reset that is ignored, then data: two steps each time
            lines.append(line(3 + i, self.S, self.C, "Flags [R.], seq 999999, ack 1001, win 0, length 0"))
            lines.append(line(3 + i, self.C, self.S, f"Flags [P.], seq {1001 + i}:{1002 + i}, ack 5001, win 65535, length 1"))
        out = self.tell(lines)
        self.assertIn("... 203 steps left out here", out)
        self.assertEqual(len(re.findall(r"^\d+(?:-\d+)?  \d", out, re.M)), 200)
        self.assertIn("reset-out-of-window again: see packet 4.", out)
        self.assertEqual(out.count("attempt to break"), 1)

    def test_runs_are_folded(self):
        lines = self.handshake()
        for i in range(1000):
            lines.append(line(3, self.C, self.S, f"Flags [P.], seq {1001 + 10 * i}:{1011 + 10 * i}, ack 5001, win 65535, length 10"))
            lines.append(line(3, self.S, self.C, f"Flags [.], seq 5001, ack {1011 + 10 * i}, win 65535, length 0"))
        self.assertIn("client sends 10000 bytes in 1000 segments, 1000 bare ACKs", one_line(self.tell(lines)))

    def test_very_many_connections_are_counted_not_kept(self):
        lines = [
            line(i // 1000, f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}.40000", self.S, "Flags [S], seq 1, win 65535, length 0")
            for i in range(66000)
        ]
        out = self.tell(lines)
        self.assertEqual(out.count("\nConnection "), 66000)
        self.assertEqual(out.count("1 packet is not told"), 66000 - 65536)


class Terminal(CommandTest):
    def look(self, columns, *arguments, env=None):
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        path = os.path.join(SAMPLES, "three-segment-close.pcap")
        clean = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        process = subprocess.Popen(
            [COMMAND, "explain", *arguments, path],
            stdout=follower,
            stderr=subprocess.DEVNULL,
            env={**clean, "TERM": "xterm", **(env or {})},
        )
        os.close(follower)
        seen = b""
        try:
            while part := os.read(leader, 65536):
                seen += part
        except OSError:  # the other end is closed
            pass
        os.close(leader)
        self.assertEqual(process.wait(), 0)
        return seen.decode().replace("\r\n", "\n")

    def test_lines_are_as_wide_as_the_terminal(self):
        for columns, wide in ((60, 60), (100, 100), (300, 100), (20, 40)):
            out = re.sub("\033\\[[0-9;]*m", "", self.look(columns))
            longest = max(map(width, out.splitlines()))
            self.assertLessEqual(longest, wide)
            self.assertGreater(longest, wide - 12)

    def test_colour_is_for_terminals_that_want_it(self):
        self.assertIn("\033[1mCLOSED > SYN-SENT\033[0m", self.look(80))
        self.assertIn("\n\033[32m1  0.000000 s  client > server  SYN  seq 0  [SYN]\033[0m\n", self.look(80))
        self.assertNotIn("\033", self.look(80, env={"NO_COLOR": "1"}))
        self.assertNotIn("\033", self.look(80, "--color", "never"))


if __name__ == "__main__":
    unittest.main()
