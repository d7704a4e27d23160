# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/fields.md as `tshark -G fields` and the core's table have it.

With --write the page is written anew, otherwise it is compared with what is there.
"""
import pathlib
import unittest

import suite

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "fields.md"

HEAD = """# Fields

Every field is a display filter in Wireshark and tshark, a column, and a name for `-e` of tshark and of the command
`tcpstate -T fields`. Fields with words are text (FT_STRING): write `tcpstate.phase == "close"`, with quotes. Where a
field has nothing to say, it is absent.

This page is made from what `tshark -G fields` prints, by `tests/plugin/fields_page.py`; a test compares the two.
"""

TYPES = {"FT_STRING": "text", "FT_UINT32": "number", "FT_BOOLEAN": "yes or no", "FT_FRAMENUM": "frame"}

PARTS = {
    "segment": ("Of a segment", "What is said of this segment when it is seen, and never changed afterwards."),
    "connection": ("Of its connection", "As far as the connection has been read: final with `tshark -2` and, in "
                                        "Wireshark, once the file is loaded."),
    "frame": ("Links to other frames", "Only in Wireshark: a double click goes there."),
    "expert": ("Expert items", "Only in Wireshark: one for each event, listed by Analyze > Expert Information and "
                               "grouped by severity as the preferences say."),
}


def part_of(name, known):
    if name.startswith("tcpstate.expert."):
        return "expert"
    return known.get(name, "frame")


def table(rows, part):
    if part == "expert":
        return "| field | meaning |\n|---|---|\n" + "".join(f"| `{row[2]}` | {row[1]} |\n" for row in rows)
    return "| field | type | title | meaning |\n|---|---|---|---|\n" + "".join(
        f"| `{row[2]}` | {TYPES[row[3]]} | {row[1]} | {row[7]} |\n" for row in rows)


def page():
    rows = [line.split("\t") for line in suite.wireshark.run("-G", "fields").splitlines()]
    ours = [row for row in rows if row[0] == "F" and row[2].startswith("tcpstate.")]
    known = {name: of for name, _, of, _ in suite.fields()}
    text = HEAD
    for part, (title, sentence) in PARTS.items():
        text += f"\n## {title}\n\n{sentence}\n\n"
        text += table([row for row in ours if part_of(row[2], known) == part], part)
    return text


class Page(unittest.TestCase):
    def test_page(self):
        self.maxDiff = None
        if suite.options.write:
            PAGE.write_text(page(), encoding="utf-8")
        self.assertEqual(page(), PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    suite.main()
