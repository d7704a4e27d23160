# SPDX-License-Identifier: GPL-2.0-or-later
"""Ways to come to a capture other than to read one file once: nothing may be left over, nothing may be missed."""
import json
import pathlib
import shutil
import subprocess
import unittest

import suite

NAMES = ["tcpstate.stream", "tcpstate.state", "tcpstate.phase", "tcpstate.event"]


def path(name):
    return pathlib.Path(suite.options.captures[0]) / name


def sample(name):
    return suite.wireshark.lend(path(name))


def parse(output):
    rows = [line.split("\t") for line in output.splitlines()]
    return {int(row[0]): row[1:] for row in rows if row[1]}


class Pipes(unittest.TestCase):
    arguments = ["-T", "fields", "-e", "frame.number", *(word for name in NAMES for word in ("-e", name))]

    def from_pipe(self, *arguments):
        with open(path("port-reuse.pcap"), "rb") as file:
            return parse(suite.wireshark.run(*arguments, *self.arguments, stdin=file))

    def test_read_from_a_pipe(self):
        self.assertEqual(suite.wireshark.fields(sample("port-reuse.pcap"), NAMES), self.from_pipe("-r", "-"))

    @unittest.skipUnless(shutil.which("dumpcap"), "live capture needs dumpcap")
    def test_live_capture_from_a_pipe(self):
        self.assertEqual(suite.wireshark.fields(sample("port-reuse.pcap"), NAMES), self.from_pipe("-i", "-"))


class Merged(unittest.TestCase):
    def test_merged_captures(self):
        """Connections that go on at the same time are told apart."""
        names = ["three-segment-close.pcap", "four-segment-close.pcap", "ipv6.pcap", "reset-by-client.pcap"]
        merged = suite.wireshark.home / "merged.pcapng"
        suite.wireshark.run("-w", merged, *(str(sample(name)) for name in names), program="mergecap")
        said = suite.wireshark.fields(merged, ["tcpstate.stream", "tcpstate.state"])
        alone = []
        for name in names:
            alone += [texts for texts in suite.wireshark.fields(sample(name), ["tcpstate.state"]).values()]
        self.assertEqual(len(names), len({stream for stream, _ in said.values()}))
        self.assertEqual(sorted(state for state, in alone), sorted(state for _, state in said.values()))

    def test_shifted_time(self):
        shifted = suite.wireshark.home / "shifted.pcap"
        suite.wireshark.run("-t", "-86400.5", sample("port-reuse.pcap"), shifted, program="editcap")
        self.assertEqual(suite.wireshark.fields(sample("port-reuse.pcap"), NAMES),
                         suite.wireshark.fields(shifted, NAMES))


@unittest.skipUnless(shutil.which("sharkd"), "needs sharkd")
class Sharkd(unittest.TestCase):
    """One process that opens file after file, as the window does."""

    def ask(self, *requests):
        lines = "".join(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}) + "\n"
                        for number, (method, parameters) in enumerate(requests, 1))
        output = suite.wireshark.run("-", program="sharkd", input=lines)
        answers = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        self.assertEqual(len(requests), len(answers), output)
        for answer in answers:
            self.assertNotIn("error", answer)
        return [answer["result"] for answer in answers]

    @staticmethod
    def load(name):
        return "load", {"file": str(sample(name))}

    columns = ("frames", {f"column{number}": f"{name}:1" for number, name in enumerate(["tcpstate.stream",
                                                                                         "tcpstate.client.state"])})

    def states(self, answer):
        return {row["num"]: row["c"] for row in answer if row["c"][0]}

    def expected(self, name, *arguments):
        return suite.wireshark.fields(sample(name), ["tcpstate.stream", "tcpstate.client.state"], *arguments)

    def test_one_file_after_the_other(self):
        first, second = "port-reuse.pcap", "four-segment-close.pcap"
        answers = self.ask(self.load(first), self.columns, self.load(second), self.columns, self.load(first),
                           self.columns)
        self.assertEqual(self.expected(first), self.states(answers[1]))
        self.assertEqual(self.expected(second), self.states(answers[3]))
        self.assertEqual(self.expected(first), self.states(answers[5]))

    def test_preference_changed_between(self):
        def reused(column):
            return "frames", {"filter": f'tcpstate.event == "time-wait-reused" and {column}', "column0": column + ":1"}

        change = ("setconf", {"name": "tcpstate.time_wait", "value": "0"})
        capture = self.load("port-reuse.pcap")
        # sharkd keeps what a filter has found, even for the next file: the second filter is another one.
        answers = self.ask(capture, reused("frame"), change, capture, reused("tcp"))
        self.assertEqual(2, len(answers[1]))
        self.assertEqual(0, len(answers[4]))

    def test_expert_items_without_a_tree(self):
        items = self.ask(self.load("refused.pcap"), ("tap", {"tap0": "expert"}))[1]["taps"][0]["details"]
        self.assertEqual([2, 4], sorted(item["f"] for item in items if item["p"] == "TCP State"))


if __name__ == "__main__":
    suite.main()
