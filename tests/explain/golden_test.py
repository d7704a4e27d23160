# SPDX-License-Identifier: GPL-2.0-or-later
"""Stories that were read against their packets, in both languages, word for word."""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
from support import SAMPLES, CommandTest  # noqa: E402

EXPECTED = os.path.join(HERE, "expected")


class Golden(CommandTest):
    maxDiff = None

    def test_every_expected_story_is_told(self):
        names = sorted(os.listdir(EXPECTED))
        self.assertGreaterEqual(len(names), 12)
        for name in names:
            capture, language, _ = name.split(".")
            with self.subTest(name), open(os.path.join(EXPECTED, name), encoding="utf-8") as file:
                out, err = self.run_command(
                    "explain", "--lang", language, os.path.join(SAMPLES, capture + ".pcap"), env={"COLUMNS": "30"}
                )
                self.assertEqual(out, file.read())
                self.assertEqual(err, "")


if __name__ == "__main__":
    unittest.main()
