# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged captures are drawn as far as they go: no crash, and SVG that is well-formed."""
import os
import random
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from pictures import COMMAND, PictureTest, captures

ROUNDS = 60


class Damage(PictureTest):
    def test_whatever_is_damaged(self):
        source = random.Random(9293)
        contents = []
        for path in captures():
            with open(path, "rb") as file:
                contents.append(file.read())
        for turn in range(ROUNDS):
            content = bytearray(source.choice(contents))
            for _ in range(source.choice((1, 10, 100))):
                content[source.randrange(24, len(content))] = source.randrange(256)
            path = self.file("damaged.pcap", content[: source.choice((None, source.randrange(24, len(content))))])
            for options in (("-T", "svg"), ("-T", "svg", "--what", "states"), (), ("--what", "states")):
                done = subprocess.run([COMMAND, "diagram", *options, path], capture_output=True, timeout=60)
                with self.subTest(turn=turn, options=options):
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    if "svg" in options and done.stdout:
                        ElementTree.fromstring(done.stdout)
                    elif not options:
                        self.assertNotRegex(done.stdout.decode(), "[\x00-\x09\x0b-\x1f\x7f]")


if __name__ == "__main__":
    unittest.main()
