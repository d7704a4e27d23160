# SPDX-License-Identifier: GPL-2.0-or-later
"""Every display filter on a page is understood and finds a packet in the sample captures."""
import pathlib
import re
import subprocess
import unittest

import suite

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# In a table or a sentence: a field with something to compare it with. In a command: what stands behind -Y.
QUOTED = re.compile(r"`((?:tcpstate|frame)\.[a-z_.]+ (?:==|in|contains|matches) [^`]+)`")
COMMANDED = re.compile(r"-Y '([^']+)'")


def filters():
    """{filter: names of the pages that it stands on}"""
    found = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for one in QUOTED.findall(text) + COMMANDED.findall(text):
            if "tcpstate" in one:
                found.setdefault(one, set()).add(page.name)
    return found


class Filters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        captures = sorted(pathlib.Path(suite.options.captures[0]).glob("*.pcap"))
        cls.all = suite.wireshark.folder / "all.pcapng"
        subprocess.run(["mergecap", "-a", "-w", cls.all, *captures], check=True, capture_output=True)
        cls.all.chmod(0o644)

    def test_the_readme_has_ten(self):
        self.assertGreaterEqual(sum("README.md" in pages for pages in filters().values()), 10)

    def test_each_finds_something(self):
        for one, pages in filters().items():
            with self.subTest(filter=one, pages=pages):
                self.assertNotEqual(suite.wireshark.run("-2", "-r", self.all, "-Y", one), "")


if __name__ == "__main__":
    suite.main()
