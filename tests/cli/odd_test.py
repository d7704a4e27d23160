# SPDX-License-Identifier: GPL-2.0-or-later
"""Odd words, lines and names."""
import os
import pty
import subprocess
import unittest

import frames as f
from support import COMMAND, SAMPLES, CommandTest

SESSION = os.path.join(SAMPLES, "https-session.pcap")
LINE = "IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [S], seq 1, win 5, length 0"


class Words(CommandTest):
    def refused(self, *arguments, stdin=b""):
        _, errors = self.run_command(*arguments, code=2, stdin=stdin)
        self.assertEqual(errors.count("\n"), 1)
        return errors

    def test_numbers(self):
        for word in "", "x", "1x", "-1", "4294967296", "99999999999999999999999":
            self.assertIn("--stream", self.refused("--stream", word, SESSION))
        for word in "", "x", "1s", "-1", "1e10", "nan":
            self.assertIn("--time-wait", self.refused("--time-wait", word, SESSION))

    def test_letters(self):
        for word in "-z", "-\x01", "-\xe9", "--\x1b[2J":
            self.assertIn("there is no such option", self.refused(word, SESSION))
        for word in "-T", "--stream":
            self.assertIn("its value is missing", self.refused(word))

    def test_words_that_do_not_go_together(self):
        self.assertIn("exclude each other", self.refused("-i", "lo", "--tcpdump-text"))
        for more in ["conns"], ["--tcpdump-text"], [SESSION]:
            self.assertIn("-w needs", self.refused("-w", "x", *more, SESSION))
        self.assertIn("-T fields and -e", self.refused("-T", "fields", SESSION))
        self.assertIn("-T fields and -e", self.refused("-e", "tcpstate.state", SESSION))

    def test_a_word_that_is_neither(self):
        self.assertIn("neither such a file nor such a command", self.run_command("anotate", SESSION, code=3)[1])
        self.assertIn("No such file", self.run_command("./anotate", code=3)[1])
        self.assertIn("No such file", self.run_command("anotate.pcap", code=3)[1])

    def test_a_folder_is_no_capture(self):
        _, errors = self.run_command(SAMPLES, code=3)
        self.assertEqual(errors.count("\n"), 1)

    def test_nothing_at_a_terminal(self):
        controller, terminal = pty.openpty()
        done = subprocess.run([COMMAND], stdin=terminal, capture_output=True, timeout=20, check=False)
        os.close(controller)
        os.close(terminal)
        self.assertEqual((done.returncode, done.stderr), (2, b"tcpstate: no FILE (see tcpstate --help)\n"))


class OwnTail(CommandTest):
    """Who reads what he writes never comes to an end."""

    def test_of_text(self):
        path = self.file("x.txt", (LINE + "\n").encode())
        for arguments, stdin in (["--tcpdump-text", path], None), (["--tcpdump-text", "-"], path):
            with open(path, "ab") as out, open(stdin or os.devnull, "rb") as source:
                done = subprocess.run([COMMAND, *arguments], stdin=source, stdout=out, stderr=subprocess.PIPE, timeout=20,
                                      check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"standard output is the input", done.stderr)

    def test_of_another_file(self):
        path = self.file("x.txt", b"kept\n")
        with open(path, "ab") as out:
            subprocess.run([COMMAND, "-T", "csv", SESSION], stdout=out, check=True, timeout=20)
        with open(path, "rb") as file:
            self.assertTrue(file.read().startswith(b"kept\nframe,"))

    def test_nowhere(self):
        """Standard output is closed."""
        done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", COMMAND, SESSION], stderr=subprocess.PIPE, timeout=20,
                              check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output", done.stderr)


class Lines(CommandTest):
    """What is no line of tcpdump is skipped and counted, whatever it resembles."""

    def lines(self, *lines):
        out, errors = self.run_command("-T", "csv", "--tcpdump-text", self.file("x.txt", "\n".join(lines).encode() + b"\n"))
        return [row.split(",") for row in out.splitlines()[1:]], errors

    def test_times(self):
        for time, expected in (
            ("1600000000.5", "1600000000.500000000"),
            ("2020-09-13 12:26:40.5", "1600000000.500000000"),
            ("00:00:01.25", "1.250000000"),
            ("", ""),
            ("99999999999.5", ""),  # more digits than seconds have
            ("9999999999.5", ""),  # beyond what nanoseconds hold
            (".5", ""),
            ("16000.5x", ""),
        ):
            with self.subTest(time=time):
                rows, _ = self.lines((time + " " + LINE).strip())
                self.assertEqual([row[1] for row in rows], [expected])

    def test_endpoints(self):
        for line in (
            LINE.replace("10.0.0.1.5000", "10.0.0.1"),
            LINE.replace("10.0.0.1.5000", "host.https"),
            LINE.replace("10.0.0.1.5000", "10.0.0.1.70000"),
            LINE.replace("10.0.0.1.5000", "10.0.0.1.50x"),
            LINE.replace("10.0.0.1.5000", "2001:db8::1.5000"),  # the other end is IPv4
            LINE.replace("10.0.0.1.5000", "1" * 300),
            LINE.replace("10.0.0.1.5000 ", ""),
            LINE.replace(" > ", " < "),
            LINE.replace(" > ", " >> "),
            LINE.replace("10.0.0.2.80:", "10.0.0.2.80"),
            LINE.replace("10.0.0.2.80:", ":"),
            LINE.replace("seq 1, win 5", "seq x, win y"),  # a SYN without a number
            "Flags [S], seq 1",
            "   Flags [S], seq 1",
        ):
            with self.subTest(line=line):
                rows, errors = self.lines(line, LINE)
                self.assertEqual(len(rows), 1)
                self.assertIn("skipped 1 line", errors)

    def test_spaces(self):
        rows, _ = self.lines("  IP\t10.0.0.1.5000   >\t10.0.0.2.80:   Flags [S], seq   1, win 5, length 0")
        self.assertEqual(rows[0][2:9], ["10.0.0.1", "5000", "10.0.0.2", "80", "S", "1", ""])

    def test_flags(self):
        for letters, expected in ("none", ""), ("S.", "SA"), ("S.e", "SA"), ("FSRP.UEW", "FSRPAUEC"):
            rows, _ = self.lines(LINE.replace("[S]", "[%s]" % letters))
            self.assertEqual(rows[0][6], expected)
        for letters in "[X]", "[S", "[":
            self.assertEqual(self.lines(LINE.replace("[S]", letters))[0], [])

    def test_fields(self):
        for fields, length in (
            ("seq 1:21, win 5, length 20", "20"),
            ("seq 1:21, win 5", "20"),
            ("seq 1:, win 5, length 7", "7"),
            ("seq 1, win 5, length 0: HTTP, length: 99, seq 7", "0"),
            ("seq 1, win 5, options [mss 1460,nop,wscale 20,TS val 5 ecr 0,tfo cookie 1,exp-tfo,TS val 7,sack], length 3", "3"),
            ("seq 1, options [mss, length 0", ""),
        ):
            with self.subTest(fields=fields):
                rows, _ = self.lines(LINE[: LINE.index("seq")] + fields)
                self.assertEqual(rows[0][9] if length else "", length)


class Names(CommandTest):
    def test_what_a_terminal_obeys(self):
        """A name is shown with ? or an escape for what is no letter: bad UTF-8, surrogates, what turns the writing round."""
        good = f.pcap([f.ethernet(packet) for packet in f.handshake()])
        for name in (b"a\xc0\xaf", b"b\xed\xa0\x80", b"c\xf4\x90\x80\x80", b"d\xef\xbf\xbe", b"e\xe2\x80\x8b", b"f\xe2\x80\xae",
                     b"g\xe2\x81\xa6", b"h\xd8\x9c", b"i\xef\xbb\xbf", b"j\xff", b"k\xe2\x82"):
            with self.subTest(name=name):
                path = os.path.join(os.fsencode(self.folder.name), name + b".pcap")
                with open(path, "wb") as file:
                    file.write(good[:-3])
                done = subprocess.run([COMMAND, path], capture_output=True, timeout=20, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertNotIn(name[1:], done.stderr)
                self.assertIn(b"damaged", done.stderr)


if __name__ == "__main__":
    unittest.main()
