# SPDX-License-Identifier: GPL-2.0-or-later
"""The configuration profile "TCP State": everything in it is understood, and columns, colours and buttons find
what they are named after."""
import os
import pathlib
import re
import shutil
import unittest

import suite

NAME = "TCP State"
SOURCE = pathlib.Path(__file__).resolve().parents[2] / "plugin" / "profile" / NAME


def lines(name):
    return [line for line in (SOURCE / name).read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]


def buttons():
    """{label: filter}"""
    rows = [re.findall(r'"([^"]*)"', line) for line in lines("dfilter_buttons")]
    return {label: text.replace(r"\x22", '"') for _, label, text, _ in rows}


def colours():
    """[(name, filter)] in order."""
    return [tuple(line.split("@")[1:3]) for line in lines("colorfilters")]


class Profile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = suite.wireshark.home / ".config" / "wireshark" / "profiles" / NAME
        shutil.copytree(SOURCE, place)
        if os.geteuid() == 0:
            for path in [suite.wireshark.home, *suite.wireshark.home.rglob("*")]:
                os.chown(path, 65534, 65534)

    def run_on(self, capture, *arguments):
        lent = suite.wireshark.lend(pathlib.Path(suite.options.captures[0]) / capture)
        return suite.wireshark.run("-C", NAME, "-r", lent, *arguments)

    def frames(self, capture, text):
        return [int(frame) for frame in
                self.run_on(capture, "-2", "-Y", text, "-T", "fields", "-e", "frame.number").split()]

    def test_columns(self):
        rows = self.run_on("four-segment-close.pcap", "-T", "tabs").splitlines()
        texts = [row.split("\t") for row in rows]
        self.assertEqual(["0", "client", "SYN-SENT", "SYN-RECEIVED", "handshake", "SYN"],
                         [text.strip() for text in texts[0] if text not in ("", "→")][4:10])
        self.assertEqual("FIN-1", [text.strip() for text in texts[9] if text not in ("", "→")][9])

    def test_every_colour_rule_is_understood(self):
        for name, text in colours():
            with self.subTest(rule=name):
                self.frames("four-segment-close.pcap", text)

    def test_colours_of_a_close(self):
        def rule(frame):
            return next((name for name, text in colours() if frame in self.frames("four-segment-close.pcap", text)), None)

        self.assertEqual(["TCP State: handshake", None, "TCP State: close"],
                         [rule(1), rule(4), rule(11)])

    def test_buttons(self):
        found = {label: self.frames("four-segment-close.pcap", text) for label, text in buttons().items()}
        self.assertEqual({"Handshake": [1, 2, 3], "Close": [10, 11, 12, 13], "Reset": [], "Trouble": [],
                          "State changes only": [1, 2, 3, 10, 11, 12, 13], "Stuck in CLOSE-WAIT": [],
                          "Lost or injected": [], "Tap A": []}, found)

    def test_button_for_an_application_that_does_not_close(self):
        lent = suite.wireshark.lend(pathlib.Path(suite.options.captures[0]) / "four-segment-close.pcap")
        unfinished = suite.wireshark.home / "unfinished.pcap"
        suite.wireshark.run("-r", lent, "-Y", "frame.number <= 11", "-w", unfinished)
        stuck = suite.wireshark.run("-C", NAME, "-2", "-r", unfinished, "-Y", buttons()["Stuck in CLOSE-WAIT"],
                                    "-T", "fields", "-e", "frame.number")
        self.assertEqual(["10", "11"], stuck.split())

    def test_reset_button(self):
        self.assertEqual([8], self.frames("reset-by-client.pcap", buttons()["Reset"]))

    def test_macros_of_both_formats_say_the_same(self):
        old = [re.fullmatch(r'"(\w+)","(.*)"', line).groups() for line in lines("dfilter_macros")]
        new = [re.fullmatch(r'"(\w+)" (.*)', line).groups() for line in lines("dmacros")]
        self.assertEqual([(name, text.replace(r"\x22", '"')) for name, text in old], new)

    def test_macros(self):
        capture = "four-segment-close.pcap"
        self.assertEqual(self.frames(capture, 'tcpstate.state == "CLOSE-WAIT"'),
                         self.frames(capture, "${tcpstate_in:CLOSE-WAIT}"))
        self.assertEqual([11], self.frames(capture, "${tcpstate_entered:FIN-WAIT-2}"))
        self.assertEqual(list(range(1, 14)), self.frames(capture, "${tcpstate_ended:closed}"))


if __name__ == "__main__":
    suite.main()
