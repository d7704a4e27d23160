# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin inside a real tshark, in one pass and in two, says of every frame of every capture what the command says.

More captures: TCPSTATE_CAPTURES, a list of folders separated by colons, searched to any depth.
"""
import os
import pathlib
import sys
import unittest

import suite

SUFFIXES = (".pcap", ".pcapng", ".pcap.gz", ".pcapng.gz")


def captures():
    folders = suite.options.captures + os.environ.get("TCPSTATE_CAPTURES", "").split(":")
    found = [path for folder in folders if folder for path in sorted(pathlib.Path(folder).rglob("*"))
             if path.name.endswith(SUFFIXES)]
    if not found:
        raise AssertionError("no captures")
    return found


def differences(capture, names, expected, actual):
    for frame in sorted(expected.keys() | actual.keys()):
        if expected.get(frame) == actual.get(frame):
            continue
        if frame not in expected or frame not in actual:
            yield f"{capture}: frame {frame} only of the {'plugin' if frame in actual else 'command'}"
            continue
        for name, by_command, by_plugin in zip(names, expected[frame], actual[frame]):
            if by_command != by_plugin:
                yield f"{capture}: frame {frame} {name}: command {by_command!r}, plugin {by_plugin!r}"


ICMP_ERROR = "icmp.type in {3, 11, 12} or icmpv6.type in {1, 3, 4}"


def final_connections(names, by_frame, icmp_errors):
    """{stream: its texts at its last frame}. Nothing that comes later can change them, but for an ICMP error."""
    stream = names.index("tcpstate.stream")
    last = {texts[stream]: (frame, texts) for frame, texts in sorted(by_frame.items()) if "," not in texts[stream]}
    return {number: texts for number, (frame, texts) in last.items() if frame >= max(icmp_errors, default=0)}


class Agreement(unittest.TestCase):
    def check(self, capture, names, *arguments):
        lent = suite.wireshark.lend(capture)
        try:
            actual = suite.wireshark.fields(lent, names, *arguments)
        finally:
            lent.unlink()
        found = list(differences(capture, names, suite.said_by_command(capture, names), actual))
        self.assertEqual([], found[:20], f"{len(found)} differences")
        return len(actual)

    def check_all(self, names, *arguments):
        segments = 0
        for capture in captures():
            with self.subTest(capture=str(capture)):
                segments += self.check(capture, names, *arguments)
        print(f"{len(captures())} captures, {segments} frames with segments", file=sys.stderr)
        self.assertGreater(segments, 0)

    def test_one_pass(self):
        self.check_all([name for name, *_ in suite.fields()])

    def test_two_passes(self):
        self.check_all([name for name, _, of, _ in suite.fields() if of == "segment"], "-2")

    def test_connection_is_final_in_two_passes(self):
        names = ["tcpstate.stream", *(name for name, _, of, _ in suite.fields() if of == "connection")]
        for capture in captures():
            with self.subTest(capture=str(capture)):
                lent = suite.wireshark.lend(capture)
                errors = suite.wireshark.run("-r", lent, "-Y", ICMP_ERROR, "-T", "fields", "-e", "frame.number")
                final = final_connections(names, suite.wireshark.fields(lent, names), map(int, errors.split()))
                for frame, texts in suite.wireshark.fields(lent, names, "-2").items():
                    self.assertEqual(final.get(texts[0], texts), texts, f"frame {frame}")
                lent.unlink()


if __name__ == "__main__":
    suite.main()
