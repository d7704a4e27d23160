# SPDX-License-Identifier: GPL-2.0-or-later
"""What foreign text may not do: give orders to a terminal, a spreadsheet, a browser or a reader of JSON."""
import csv
import glob
import json
import os
import re
import unittest
import xml.etree.ElementTree as tree

import frames as f
from support import SAMPLES, CommandTest

# Clears the screen, sets the title, answers back, turns writing round, ends XML, JSON and CSV, begins a formula.
NASTY = "\033[2J\033]0;title\a\x9b5n\r\n\u202e=cmd|'\"<script>&amp;,\u0085\x7f.pcap"
ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Injection(CommandTest):
    def nasty_file(self, content, name=NASTY):
        return self.file(name, content)

    def capture(self):
        return f.pcap([f.ethernet(packet) for packet in f.handshake(data=NASTY.encode())])

    def run_all(self, *arguments, **more):
        out, err = self.run_command(*arguments, **more)
        self.assertNotRegex(out, ORDERS)
        self.assertNotRegex(err, ORDERS)
        return out, err

    def check_svg(self, *arguments):
        out, _ = self.run_all(*arguments)
        for element in tree.fromstring(out).iter():
            self.assertNotIn("script", element.tag)
            self.assertFalse([name for name in element.attrib if name.lower().startswith("on")])

    def check_comments(self, copy, form):
        with open(copy, "rb") as file:
            comments = re.findall(form, file.read())
        self.assertGreater(len(comments), 3)
        for comment in comments:
            self.assertRegex(comment, rb"^[ -~]*$")

    def test_messages(self):
        path = os.path.join(self.folder.name, NASTY)
        self.run_all(path, code=3)
        self.run_all(self.nasty_file(b"no capture"), code=3)
        self.run_all(self.nasty_file(self.capture()[:-1]), code=1)
        self.run_all("--tcpdump-text", path + "x", code=3)
        self.run_all("-i", "\033[2J", code=3)
        self.run_all("--\033[2J", code=2)
        self.run_all("-\033", code=2)
        for option in ("-T", "-e", "--lang", "--stream", "--time-wait", "--color"):
            self.run_all(option, NASTY, path, code=2)
        self.run_all(self.nasty_file(self.capture()), "port \033[2J", code=2)
        self.run_all("-w", path + "/" + NASTY, self.nasty_file(self.capture()), code=3)

    def test_bytes_that_are_no_text(self):
        path = os.path.join(os.fsencode(self.folder.name), b"\x9b2J\xc2\xff\xf5.pcap")
        _, err = self.run_all(path, code=3)
        self.assertIn("\\x9b2J\\xc2\\xff\\xf5.pcap", err)

    def test_names_in_other_scripts_stay(self):
        _, err = self.run_all(os.path.join(self.folder.name, "抓包-é.pcap"), code=3)
        self.assertIn("抓包-é.pcap", err)

    def test_every_output_form(self):
        path = self.nasty_file(self.capture())
        for form in ("text", "csv", "json"):
            self.run_all("-T", form, path)
            self.run_all("conns", "-T", form, path)
        self.run_all("explain", path)
        self.run_all("explain", "--lang", "zh", path)
        self.run_all("diagram", path)
        self.run_all("diagram", path, env={"LC_ALL": "C"})
        for line in self.run_all("-T", "json", path)[0].splitlines():
            json.loads(line)

    def test_svg(self):
        path = self.nasty_file(self.capture())
        for what in ("ladder", "states"):
            self.check_svg("diagram", "-T", "svg", "--what", what, path)

    def test_compare(self):
        path = self.nasty_file(self.capture())
        other = self.nasty_file(self.capture(), "b" + NASTY)
        for options in ([], ["--lang", "zh"], ["--color", "always"], ["-T", "csv"], ["-T", "json"], ["--stream", "9"]):
            coloured = "--color" in options
            out, err = self.run_command("compare", *options, path, other)
            self.assertNotRegex(re.sub("\033\\[[0-9;]*m", "", out) if coloured else out, ORDERS)
            self.assertNotRegex(err, ORDERS)
        for line in self.run_all("compare", "-T", "json", path, other)[0].splitlines():
            json.loads(line)
        for row in csv.reader(self.run_all("compare", "-T", "csv", path, other)[0].splitlines()):
            self.assertFalse([cell for cell in row if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell)])
        self.check_svg("compare", "-T", "svg", path, other)
        self.run_all("compare", path, self.nasty_file(b"\0no capture", "c" + NASTY), code=3)
        self.run_all("compare", path, os.path.join(self.folder.name, "none" + NASTY), code=3)
        copy = os.path.join(self.folder.name, "merged" + NASTY)
        self.run_all("compare", "-w", copy, path, other)
        self.check_comments(copy, rb"compare: [^\0]*")

    def test_several_files(self):
        path = self.nasty_file(self.capture())
        other = self.nasty_file(self.capture(), "b" + NASTY)
        for command in ("annotate", "conns", "explain", "diagram"):
            self.run_all(command, path, other)

    def test_tcpdump_text(self):
        line = "1.0 IP 192.0.2.1.1 > 192.0.2.2.2: Flags [S], seq 1, win 1, length 0"
        text = "\n".join([NASTY, line, line + NASTY, line.replace("192.0.2.1.1", NASTY), "\033]0;x\a" + line])
        for form in ("text", "csv", "json"):
            out, _ = self.run_all("--tcpdump-text", "-T", form, "-", stdin=text.encode())
            self.assertNotIn("cmd", out)

    def test_copy(self):
        copy = os.path.join(self.folder.name, "copy.pcapng")
        self.run_command("-w", copy, self.nasty_file(self.capture()))
        self.check_comments(copy, rb"tcpstate: [^\0]*")

    def test_no_cell_is_a_formula(self):
        captures = glob.glob(os.path.join(SAMPLES, "*.pcap*"))
        self.assertGreater(len(captures), 20)
        for capture in captures:
            for command in ("annotate", "conns"):
                out, _ = self.run_command(command, "-q", "-T", "csv", capture)
                for row in csv.reader(out.splitlines()):
                    self.assertFalse([cell for cell in row if cell.startswith(FORMULA)], capture)


if __name__ == "__main__":
    unittest.main()
