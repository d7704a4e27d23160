# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin adds to Wireshark beside its fields. Expectations are read off the captures by hand."""
import collections
import pathlib
import re
import unittest

import packets
import suite


def sample(name):
    return suite.wireshark.lend(pathlib.Path(suite.options.captures[0]) / name)


def run(name, *arguments):
    return suite.wireshark.run("-r", sample(name), *arguments)


def texts(name, field, *arguments):
    """{frame: text} of the frames that have the field."""
    said = suite.wireshark.fields(sample(name), [field], *arguments)
    return {frame: text for frame, (text,) in said.items() if text}


class Links(unittest.TestCase):
    """four-segment-close.pcap: handshake in frames 1 to 3, FIN, ACK, FIN, ACK in frames 10 to 13."""
    capture = "four-segment-close.pcap"

    def test_syn(self):
        self.assertEqual({frame: "1" for frame in range(2, 14)}, texts(self.capture, "tcpstate.frame.syn"))

    def test_acknowledged(self):
        self.assertEqual({2: "1", 3: "2", 11: "10", 13: "12"}, texts(self.capture, "tcpstate.frame.acknowledged"))

    def test_answered_fin(self):
        self.assertEqual({12: "10"}, texts(self.capture, "tcpstate.frame.answered_fin"))

    def test_previous_change(self):
        expected = {2: "1", 3: "2"} | {frame: "3" for frame in range(4, 11)} | {11: "10", 12: "11", 13: "12"}
        self.assertEqual(expected, texts(self.capture, "tcpstate.frame.previous_change"))

    def test_next_change_is_known_in_the_second_pass(self):
        expected = {1: "2", 2: "3"} | {frame: "10" for frame in range(3, 10)} | {10: "11", 11: "12", 12: "13"}
        self.assertEqual({}, texts(self.capture, "tcpstate.frame.next_change"))
        self.assertEqual(expected, texts(self.capture, "tcpstate.frame.next_change", "-2"))


class Expert(unittest.TestCase):
    def items(self, name, *arguments):
        """{summary: severity} of our items."""
        found = {}
        severity = None
        for line in run(name, "-q", "-z", "expert", *arguments).splitlines():
            if heading := re.match(r"(\w+)s \(\d+\)", line):
                severity = heading[1]
            elif item := re.match(r"\s+\d+\s+\w+\s+TCP State  (.*)", line):
                found[item[1]] = severity
        return found

    def severity_of(self, name, word, *arguments):
        return [severity for text, severity in self.items(name, *arguments).items() if word in text]

    def test_severity_fits(self):
        self.assertEqual(["Chat"], self.severity_of("four-segment-close.pcap", "both sides have agreed"))
        self.assertEqual(["Note"], self.severity_of("fin-retransmitted.pcap", "FIN is repeated"))
        self.assertEqual(["Warn"], self.severity_of("refused.pcap", "nobody accepts"))

    def test_severity_is_a_preference(self):
        option = ("-o", "tcpstate.severity_failure:Error")
        self.assertEqual(["Error"], self.severity_of("refused.pcap", "nobody accepts", *option))
        self.assertEqual([], self.severity_of("refused.pcap", "nobody accepts", "-o",
                                              "tcpstate.severity_failure:not reported"))

    def test_filter(self):
        frames = run("refused.pcap", "-Y", "tcpstate.expert.refused", "-T", "fields", "-e", "frame.number")
        self.assertEqual(["2", "4"], frames.split())

    def test_filter_while_no_tree_is_printed(self):
        lines = run("refused.pcap", "-Y", "tcpstate.expert.refused").splitlines()
        self.assertEqual(["2", "4"], [line.split()[0] for line in lines])

    def test_filter_that_does_not_name_the_plugin(self):
        frames = run("refused.pcap", "-Y", '_ws.expert.message contains "nobody accepts"', "-T", "fields", "-e",
                     "frame.number")
        self.assertEqual(["2", "4"], frames.split())

    def test_simultaneous_close(self):
        """Wireshark calls one side the active closer and the other the passive one. Both are active."""
        items = self.items("simultaneous-close.pcap")
        self.assertTrue([text for text in items if text.startswith("Both endpoints sent a FIN")], items)
        closer = set(texts("simultaneous-close.pcap", "tcpstate.conn.active_closer", "-2").values())
        self.assertEqual({"both"}, closer)


class Printing(unittest.TestCase):
    """tshark prints single fields: what it takes from the plugin beside those that are named, or under another name."""
    @staticmethod
    def lines(*arguments):
        return run("reset-by-server.pcap", "-T", "fields", *arguments).splitlines()

    def test_expert_items(self):
        self.assertIn("An acceptable reset ends the connection at once.", self.lines("-e", "_ws.expert.message")[-1])

    def test_heads_without_a_field(self):
        if "(Wireshark) 4.0" not in suite.wireshark.run("--version"):
            self.skipTest("later versions give no tree to who asks for no field")
        self.assertTrue(all("As far as it was read" in line for line in self.lines("-e", "text")))

    def test_options_in_one_word(self):
        plain = self.lines("-n", "-e", "tcpstate.client.state")
        self.assertEqual("ESTABLISHED", plain[-2])
        self.assertEqual(plain, self.lines("-ne", "tcpstate.client.state"))
        self.assertEqual(plain, self.lines("-netcpstate.client.state"))
        self.assertEqual(plain, run("reset-by-server.pcap", "-nTfields", "-e", "tcpstate.client.state").splitlines())

    def test_the_subtree_itself(self):
        self.assertTrue(all(line.startswith("TCP State, client") for line in self.lines("-e", "tcpstate")))

    def test_an_expert_item(self):
        lines = run("refused.pcap", "-T", "fields", "-e", "frame.number", "-e", "tcpstate.expert.refused").splitlines()
        self.assertEqual(["2", "4"], [line.split("\t")[0] for line in lines if line.split("\t")[1]])

    def test_a_filter_on_the_plugin(self):
        named = self.lines("-e", "frame.number", "-Y", "tcpstate.phase == \"reset\"")
        numbers = self.lines("-e", "frame.number", "-e", "tcpstate.phase")
        self.assertEqual([line.split("\t")[0] for line in numbers if line.endswith("\treset")], named)
        self.assertTrue(named)


class Statistics(unittest.TestCase):
    def tree(self, name, filter_text=""):
        """{topic: {item: count}}, items that count nothing left out."""
        output = run(name, "-q", "-z", "tcpstate,tree" + ("," + filter_text if filter_text else ""))
        found = collections.defaultdict(dict)
        topic = None
        for line in output.splitlines():
            if item := re.match(r"( ?)(\S.*?)\s{2,}(\d+) ", line):
                if not item[1]:
                    topic = item[2]
                elif int(item[3]):
                    found[topic][item[2]] = int(item[3])
        return dict(found)

    def test_tree(self):
        self.assertEqual({
            "Segments by phase": {"handshake": 3, "data": 6, "close": 4},
            "Events": {"handshake-complete": 1},
            "Connections by outcome": {"closed": 1},
            "Connections by kind of close": {"four-segment": 1},
            "Endpoints by last state": {"TIME-WAIT": 1, "CLOSED": 1},
        }, self.tree("four-segment-close.pcap"))

    def test_tree_honours_the_filter(self):
        tree = self.tree("four-segment-close.pcap", 'tcpstate.phase=="data"')
        self.assertEqual({"data": 6}, tree["Segments by phase"])

    def test_connections(self):
        output = run("port-reuse.pcap", "-q", "-z", "tcpstate,conns")
        rows = [[cell.strip() for cell in line.split("|")] for line in output.splitlines() if re.match(r"\s+\d", line)]
        self.assertEqual(["0", "1", "2"], [row[0] for row in rows])
        self.assertEqual({"10.64.40.1:41000"}, {row[1] for row in rows})
        self.assertEqual({("closed", "three-segment", "server", "10")}, {tuple(row[5:9]) for row in rows})

    def test_connections_honour_the_filter(self):
        output = run("port-reuse.pcap", "-q", "-z", "tcpstate,conns,tcpstate.stream==1")
        self.assertEqual(1, len(re.findall(r"^\s+\d+ \|", output, re.M)))

    def test_connections_are_the_same_in_two_passes(self):
        capture = "half-close-with-data.pcap"
        self.assertEqual(run(capture, "-q", "-z", "tcpstate,conns"), run(capture, "-2", "-q", "-z", "tcpstate,conns"))


class Preferences(unittest.TestCase):
    def test_info_column(self):
        """The column itself: from 4.4 on, the field _ws.col.info is filled before any post-dissector is called."""
        info = run("four-segment-close.pcap", "-T", "tabs", "-o", "tcpstate.show_in_info:TRUE").splitlines()
        self.assertIn("\t[client ESTABLISHED > FIN-WAIT-1, server ESTABLISHED > CLOSE-WAIT] 40001 ", info[9])
        self.assertNotIn("[client", info[3])
        self.assertNotIn("FIN-WAIT-1", run("four-segment-close.pcap", "-T", "tabs"))

    def test_info_column_reaches_the_flow_graph(self):
        flow = run("four-segment-close.pcap", "-q", "-z", "flow,any,network", "-o", "tcpstate.show_in_info:TRUE")
        self.assertIn("SYN-SENT", flow)

    def test_endpoint_names(self):
        shown = run("four-segment-close.pcap", "-O", "tcpstate", "-o", "tcpstate.endpoint_names:address and port")
        self.assertIn("[TCP State, 10.64.1.1:40001 ESTABLISHED > FIN-WAIT-1, 10.64.1.2:80 ", shown)
        self.assertIn("[TCP State, [fd77:2::1]:40001 ", run("ipv6.pcap", "-O", "tcpstate", "-o",
                                                "tcpstate.endpoint_names:address and port"))

    def test_time_wait(self):
        """Three connections on one pair of ports, less than a second apart."""
        events = set(texts("port-reuse.pcap", "tcpstate.event").values())
        self.assertIn("time-wait-reused", ",".join(events))
        short = set(texts("port-reuse.pcap", "tcpstate.event", "-o", "tcpstate.time_wait:0").values())
        self.assertNotIn("time-wait-reused", ",".join(short))

    def test_limits(self):
        """Between the two halves of a connection, a flood of SYNs: it is not the one that is given up."""
        client, server = "192.0.2.1", "198.51.100.2"
        syns = 20000

        def frame(source, target, *header, **more):
            return packets.ethernet(0x0800, packets.ipv4(source, target, 6, packets.tcp(source, target, *header, **more)))

        opening = [frame(client, server, 1025, 80, packets.SYN, 100),
                   frame(server, client, 80, 1025, packets.SYN | packets.ACK, 500, 101),
                   frame(client, server, 1025, 80, packets.ACK, 101, 501)]
        flood = [frame("10.9.%d.%d" % divmod(i, 250), server, 2000 + i, 80, packets.SYN, 7 * i) for i in range(syns)]
        capture = suite.wireshark.home / "flood.pcap"
        packets.write(capture, [*opening, *flood, frame(client, server, 1025, 80, packets.PSH | packets.ACK, 101, 501, b"x")])
        names = ["tcpstate.stream", "tcpstate.client.state", "tcpstate.conn.outcome"]
        record = 96  # bytes, core/src/record.h: what 1 MiB has room for
        limits = ("max_memory:0", syns, syns), ("max_connections:100", 99, 99), ("max_memory:1", 1000, (1 << 20) // record)
        for limit, least, most in limits:
            said = suite.wireshark.fields(capture, names, "-2", "-o", "tcpstate." + limit)
            self.assertEqual(["0", "ESTABLISHED", "open"], said[syns + 4])
            kept = [number for number in range(4, syns + 4) if said[number][2]]
            self.assertTrue(least <= len(kept) <= most, len(kept))


if __name__ == "__main__":
    suite.main()
