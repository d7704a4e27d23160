# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin as Wireshark sees it: it loads, its fields have the types of the contract, filters find them."""
import csv
import pathlib
import unittest

import suite

TYPES = {"word": "FT_STRING", "number": "FT_UINT32", "boolean": "FT_BOOLEAN"}


def sample(name):
    return suite.wireshark.lend(pathlib.Path(suite.options.captures[0]) / name)


def registered():
    """{filter name: (type, title, help)} of what `tshark -G fields` lists of ours."""
    rows = [line.split("\t") for line in suite.wireshark.run("-G", "fields").splitlines()]
    return {row[2]: (row[3], row[1], row[7]) for row in rows if row[0] == "F" and row[2].startswith("tcpstate.")}


class Basics(unittest.TestCase):
    def test_is_loaded(self):
        if suite.options.preload:
            self.skipTest("tshark -G plugins hangs under AddressSanitizer, with and without plugins")
        self.assertIn("tcpstate.so", suite.wireshark.run("-G", "plugins"))

    def test_fields_are_those_of_the_core(self):
        listed = registered()
        for name, kind, _, _ in suite.fields():
            with self.subTest(field=name):
                self.assertEqual(TYPES[kind], listed[name][0])

    def test_every_field_has_a_help(self):
        for name, (_, title, text) in registered().items():
            with self.subTest(field=name):
                sentence = title if name.startswith("tcpstate.expert.") else text
                self.assertTrue(title and sentence.endswith("."), (title, text))

    def test_filter_by_word(self):
        names = ["tcpstate.phase"]
        capture = sample("https-session.pcap")
        every = suite.wireshark.fields(capture, names)
        close = suite.wireshark.run("-r", capture, "-Y", 'tcpstate.phase == "close"', "-T", "fields", "-e", "frame.number")
        self.assertEqual([frame for frame, texts in every.items() if texts == ["close"]],
                         [int(frame) for frame in close.split()])
        self.assertTrue(close)

    def test_states_that_were_written_by_hand(self):
        folder = pathlib.Path(suite.options.captures[0])
        expectations = sorted((folder / "expected").glob("*.csv"))
        self.assertTrue(expectations)
        for path in expectations:
            with self.subTest(capture=path.stem), open(path, newline="", encoding="utf-8") as file:
                frame, *columns = (rows := list(csv.reader(file)))[0]
                self.assertEqual("frame", frame)
                by_column = {column: name for name, _, _, column in suite.fields()}
                said = suite.wireshark.fields(sample(path.stem + ".pcap"), [by_column[column] for column in columns])
                self.assertEqual({int(row[0]): row[1:] for row in rows[1:]}, said)

    def test_disabled_protocol_says_nothing(self):
        capture = sample("https-session.pcap")
        shown = suite.wireshark.run("-r", capture, "-V")
        silent = suite.wireshark.run("-r", capture, "-V", "--disable-protocol", "tcpstate")
        self.assertIn("TCP State", shown)
        self.assertNotIn("TCP State", silent)

    def test_every_item_is_generated(self):
        text = suite.wireshark.run("-r", sample("https-session.pcap"), "-O", "tcpstate")
        _, found, rest = text.partition("TCP State")
        self.assertTrue(found)
        for line in rest.split("\n\n")[0].splitlines()[1:]:
            self.assertTrue(line.strip().startswith("["), line)


if __name__ == "__main__":
    suite.main()
