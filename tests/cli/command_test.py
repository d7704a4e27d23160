# SPDX-License-Identifier: GPL-2.0-or-later
"""The command as its users meet it: exit codes, options, forms, files."""
import csv
import glob
import io
import json
import os
import pty
import re
import struct
import subprocess
import unittest
from decimal import Decimal

import frames as f
from support import COMMAND, HEADER, SAMPLES, CommandTest

SESSION = os.path.join(SAMPLES, "https-session.pcap")
SEED = os.path.join(SAMPLES, "seed")


def on_terminal(*arguments, **env):
    """What the command prints on a terminal."""
    master, slave = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    process = subprocess.Popen(
        [COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
        env={**environment, "TERM": "xterm", **env},
    )
    os.close(slave)
    out = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        out += part
    process.wait()
    os.close(master)
    return out.decode()


class ExitCodes(CommandTest):
    def test_usage(self):
        for arguments in (
            ["--nonsense", SESSION],
            ["-T", "xml", SESSION],
            ["-T", "fields", SESSION],
            ["-e", "tcp.seq", SESSION],
            ["-T", "fields", "-e", "tcpstate.nonsense", SESSION],
            ["--stream", "one", SESSION],
            ["--stream", "4294967296", SESSION],
            ["--time-wait", "-1", SESSION],
            ["--color", "blue", SESSION],
            ["conns", "-T", "fields", "-e", "tcp.seq", SESSION],
            [SESSION, "port", "nonsense"],
        ):
            with self.subTest(arguments=arguments):
                out, err = self.run_command(*arguments, code=2)
                self.assertEqual(out, "")
                self.assertNotEqual(err, "")

    def test_usage_names_the_field(self):
        _, err = self.run_command("-T", "fields", "-e", "tcpstate.nonsense", SESSION, code=2)
        self.assertIn("tcpstate.nonsense", err)

    def test_no_such_file(self):
        _, err = self.run_command("/nonexistent/x.pcap", code=3)
        self.assertEqual(err.count("\n"), 1)
        self.assertIn("/nonexistent/x.pcap", err)

    def test_mistyped_command(self):
        for arguments in (["explian", SESSION], ["help"], ["-q", "conn", SESSION]):
            with self.subTest(arguments=arguments):
                out, err = self.run_command(*arguments, code=3)
                self.assertEqual((out, err.count("\n")), ("", 1))
                for word in "annotate", "conns", "explain", "diagram":
                    self.assertIn(word, err)

    def test_word_of_an_option_that_is_none(self):
        _, err = self.run_command("--lang", "de", "explain", SESSION, code=2)
        self.assertEqual(err, 'tcpstate: --lang: "de" is none of: en, zh\n')

    def test_messages_begin_with_the_name_alone(self):
        for arguments in ["--nonsense"], ["-Z"], ["-T"]:
            _, err = self.run_command(*arguments, code=2)
            self.assertTrue(err.startswith("tcpstate: "), err)

    def test_stream_that_is_not_there(self):
        for command in "annotate", "conns", "explain", "diagram":
            _, err = self.run_command(command, "--stream", "3", SESSION)
            self.assertEqual(err, "tcpstate: --stream 3: there is no such connection; 3 in all, numbered from 0\n")
            self.assertEqual(self.run_command(command, "--stream", "2", SESSION)[1], "")

    def test_no_second_file(self):
        for name in "/nonexistent/x.pcap", "x.pcapng", "x.pcap.gz":
            out, err = self.run_command("-T", "csv", SESSION, name, code=3)
            self.assertEqual(out, "")
            self.assertIn(name, err)

    def test_no_capture(self):
        for content in b"", b"hello", b"\0" * 100:
            with self.subTest(content=content):
                path = self.file("x.pcap", content)
                out, err = self.run_command("-T", "csv", path, code=3)
                self.assertEqual(out, "")
                self.assertIn(path + ": cannot be read as a capture", err)
                self.assertEqual(err.count("\n"), 1)

    def test_one_bad_file_of_two(self):
        out, _ = self.run_command("-T", "csv", SESSION, "-", stdin=b"nonsense", code=3)
        self.assertEqual(out, "")

    def test_cut_file_prints_what_there_is(self):
        with open(SESSION, "rb") as file:
            content = file.read()
        for size in len(content) - 1, 24 + 16 + 10, 24 + 7:
            with self.subTest(size=size):
                path = self.file("cut.pcap", content[:size])
                out, err = self.run_command("-T", "csv", path, code=1)
                self.assertEqual(len(out.splitlines()) - 1, 29 if size > 100 else 0)
                self.assertIn("byte %d" % size, err)

    def test_cut_standard_input(self):
        with open(SESSION, "rb") as file:
            content = file.read()[:-1]
        out, err = self.run_command("-T", "csv", "-", stdin=content, code=1)
        self.assertEqual(len(out.splitlines()), 30)
        self.assertIn("standard input", err)

    def test_version_and_help(self):
        self.assertIn("tcpstate 0.", self.run_command("-V")[0])
        text = self.run_command("--help")[0]
        self.assertLessEqual(len(text.splitlines()), 50)
        for word in "annotate", "conns", "--tcpdump-text", "--stream", "examples":
            self.assertIn(word, text)

    def test_closed_pipe_is_quiet(self):
        packets = [f.ethernet(p) for p in f.handshake(data=b"x")] * 20000
        path = self.file("big.pcap", f.pcap(packets))
        process = subprocess.Popen([COMMAND, "-T", "csv", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        self.assertEqual((process.wait(), err), (0, b""))

    def test_full_disk_is_not(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, "-T", "csv", SESSION], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output", done.stderr)


class Input(CommandTest):
    def test_default_command(self):
        self.assertEqual(self.run_command("annotate", "-T", "csv", SESSION), self.run_command("-T", "csv", SESSION))
        self.assertEqual(self.run_command("-T", "csv", "annotate", SESSION), self.run_command("-T", "csv", SESSION))

    def test_standard_input(self):
        with open(SESSION, "rb") as file:
            content = file.read()
        plain = self.run_command("-T", "csv", SESSION)[0]
        self.assertEqual(self.run_command("-T", "csv", "-", stdin=content)[0], plain)
        self.assertEqual(self.run_command("-T", "csv", stdin=content)[0], plain)

    def test_filter_does_not_renumber(self):
        for expression in ["port 41034"], ["tcp", "port", "41034"], ["tcp port 41034 or port 9"]:
            rows = self.rows(SESSION, *expression)
            self.assertEqual([r["frame"] for r in rows][:4], ["5", "6", "7", "10"])
            self.assertEqual(len(rows), 15)

    def test_frames_without_tcp_count(self):
        one, two, three = f.handshake()
        arp = f.ethernet(b"\0" * 28, 0x0806)
        path = self.file("x.pcap", f.pcap([arp, f.ethernet(one), arp, f.ethernet(two), f.ethernet(three)]))
        self.assertEqual([r["frame"] for r in self.rows(path)], ["2", "4", "5"])

    def test_pcap_kinds(self):
        packets = [f.ethernet(p) for p in f.handshake()]
        for order in "<", ">":
            for nano in False, True:
                with self.subTest(order=order, nano=nano):
                    rows = self.rows(self.file("x.pcap", f.pcap(packets, order=order, nano=nano)))
                    step = "000001000" if nano else "001000000"
                    self.assertEqual(rows[1]["time_epoch"], "1600000000." + step)
                    self.assertEqual(len(rows), 3)

    def test_pcapng(self):
        packets = [f.ethernet(p) for p in f.handshake()]
        for order in "<", ">":
            for resolution, stamp in (None, 1600000000123456), (9, 1600000000123456789), (6, 1600000000123456):
                with self.subTest(order=order, resolution=resolution):
                    content = f.section(order) + f.interface(resolution=resolution, order=order)
                    for packet in packets:
                        content += f.packet(packet, stamp=stamp, order=order)
                    rows = self.rows(self.file("x.pcapng", content))
                    self.assertEqual(rows[2]["time_epoch"], "1600000000.123456" + ("789" if resolution == 9 else "000"))

    def test_rotated_set_in_any_order(self):
        packets = [f.ethernet(p) for p in f.handshake(data=b"x" * 10)]
        parts = [self.file("p%d" % i, f.pcap([p], start=1600000000 + i)) for i, p in enumerate(packets)]
        whole = self.run_command("-T", "csv", *parts)[0]
        self.assertEqual([line.split(",")[0] for line in whole.splitlines()[1:]], ["1", "2", "3", "4"])
        self.assertIn(",P", whole.splitlines()[4])
        for order in parts[::-1], [parts[i] for i in (2, 0, 3, 1)]:
            self.assertEqual(self.run_command("-T", "csv", *order)[0], whole)

    def test_overlapping_files_are_merged(self):
        one, two, three = [f.ethernet(p) for p in f.handshake()]
        left = self.file("l", f.pcap([one, three], step=500000))
        right = self.file("r", f.pcap([two], step=1, start=1600000000))
        middle = self.file("m", f.pcap([b"\0" * 20, two], step=250000))
        self.assertEqual([r["flags"] for r in self.rows(left, middle)], ["S", "SA", "A"])
        self.assertEqual([r["flags"] for r in self.rows(right, left)], ["SA", "S", "A"])

    def test_more_files_than_descriptors(self):
        packet = f.ethernet(f.handshake()[0])
        parts = [self.file("p%d" % i, f.pcap([packet], start=1600000000 + i)) for i in range(60)]
        limited = ["sh", "-c", 'ulimit -n 20; exec "$0" "$@"', COMMAND, "-T", "csv", *parts]
        done = subprocess.run(limited, capture_output=True)
        self.assertEqual(done.stderr, b"")
        self.assertEqual(len(done.stdout.splitlines()), 61)


class Forms(CommandTest):
    names = {
        "frame": "frame.number",
        "time_epoch": "frame.time_epoch",
        "src": "ip.src",
        "sport": "tcp.srcport",
        "dst": "ip.dst",
        "dport": "tcp.dstport",
        "seq": "tcp.seq",
        "ack": "tcp.ack",
        "len": "tcp.len",
        "stream": "tcpstate.stream",
        "phase": "tcpstate.phase",
        "src_state": "tcpstate.src.state",
        "dst_state": "tcpstate.dst.state",
        "client_state": "tcpstate.client.state",
        "server_state": "tcpstate.server.state",
        "src_role": "tcpstate.src.role",
        "handshake_role": "tcpstate.handshake.role",
        "teardown_step": "tcpstate.teardown.step",
        "teardown_role": "tcpstate.teardown.role",
        "client_certainty": "tcpstate.client.certainty",
        "server_certainty": "tcpstate.server.certainty",
        "client_possible": "tcpstate.client.possible",
        "server_possible": "tcpstate.server.possible",
        "events": "tcpstate.event",
    }

    def test_csv_json_and_fields_say_the_same(self):
        wanted = [x for name in self.names.values() for x in ("-e", name)]
        for capture in sorted(glob.glob(os.path.join(SAMPLES, "*.pcap"))):
            with self.subTest(capture=os.path.basename(capture)):
                table = self.rows(capture)
                objects = [json.loads(x) for x in self.run_command("-T", "json", capture)[0].splitlines()]
                fields = [x.split("\t") for x in self.run_command("-T", "fields", *wanted, capture)[0].splitlines()]
                self.assertEqual(len(table), len(objects))
                self.assertEqual(len(table), len(fields))
                for row, members, values in zip(table, objects, fields):
                    self.compare(row, members, dict(zip(self.names, values)))

    def compare(self, row, members, values):
        events = members.get("events", [])
        self.assertEqual(row["events"], "|".join(events))
        self.assertEqual(values["events"], ",".join(events))
        for name in self.names:
            if name not in ("events", "time_epoch"):
                self.assertEqual(row[name], str(members.get(name, "")), name)
            if name != "events":
                self.assertEqual(row[name], values[name], name)

    def test_flags_as_tshark(self):
        out = self.run_command("-T", "fields", "-e", "tcp.flags", SESSION)[0].splitlines()
        self.assertEqual(out[2:4], ["0x0002", "0x0012"])

    def test_occurrences_are_joined(self):  # RFC 9293 figure 6, lines 1 and 2
        out = self.run_command("-T", "fields", "-e", "tcpstate.state", "-e", "tcpstate.transition", SESSION)[0]
        self.assertEqual(
            out.splitlines()[2], "SYN-SENT,SYN-RECEIVED\tclient CLOSED > SYN-SENT,server LISTEN > SYN-RECEIVED"
        )

    def test_connection_fields_are_as_of_the_frame(self):
        out = self.run_command("-T", "fields", "-e", "tcpstate.conn.history", SESSION)[0].splitlines()
        self.assertEqual([out[i] for i in (2, 3, 8)], ["S", "Sh", "ShA"])

    def test_stream(self):
        rows = self.rows("--stream", "1", SESSION)
        self.assertEqual([r["frame"] for r in rows][:3], ["3", "4", "9"])
        self.assertEqual({r["stream"] for r in rows}, {"1"})
        self.assertEqual(self.rows("--stream", "77", SESSION), [])

    def test_time_wait(self):
        packets = [f.ethernet(p) for p in f.handshake()]
        path = self.file("x.pcap", f.pcap(packets))
        self.assertEqual(len(self.rows("--time-wait", "0.5", path)), 3)

    def test_max_connections(self):
        packets = [f.ethernet(f.handshake(ports=(port, 80))[0]) for port in range(2000, 2100)]
        path = self.file("x.pcap", f.pcap(packets))
        self.assertEqual(len(self.rows("--max-connections", "2", path)), 100)
        out = self.run_command("conns", "-T", "csv", "--max-connections", "2", path)[0]
        self.assertEqual([line.split(",")[0] for line in out.splitlines()[1:]], [str(i) for i in range(100)])


class Text(CommandTest):
    def test_lines(self):
        lines = self.run_command(SESSION)[0].splitlines()
        self.assertEqual(len(lines), 31)
        words = lines[3].split()
        self.assertEqual(words[1:6], ["3", "#1", "*SYN-SENT", "114.242.250.59:41033", "--S--->"])
        self.assertEqual(words[6:8], ["172.17.51.219:443", "*SYN-RECEIVED"])
        self.assertIn("--A--->", lines[9])
        self.assertTrue(lines[4].endswith("SYN-ACK"))
        self.assertTrue(lines[10].rstrip().endswith("seq 1 ack 1 len 523"))

    def test_relative_numbers_restart_with_the_connection(self):
        packets = [f.ethernet(p) for isn in (100, 9000) for p in f.handshake(isn=(isn, isn + 7))]
        first = f.ethernet(f.ipv4(f.CLIENT, f.SERVER, f.tcp(f.CLIENT, f.SERVER, 40000, 80, f.RST, 101)))
        path = self.file("x.pcap", f.pcap(packets[:3] + [first] + packets[3:]))
        lines = self.run_command(path)[0].splitlines()
        self.assertIn("seq 0", lines[5])
        self.assertIn("seq 1 ack 1", lines[7])

    def test_relative_numbers_where_the_start_is_unseen(self):
        packets = []
        for port, seq in (2000, 5000), (2001, 9000), (2002, 300):
            packets.append(f.ethernet(f.ipv4(f.CLIENT, f.SERVER, f.tcp(f.CLIENT, f.SERVER, port, 80, f.ACK, seq, 7))))
        lines = self.run_command("--max-connections", "1", self.file("x.pcap", f.pcap(packets)))[0].splitlines()
        self.assertEqual(["seq 1 ack 1" in line for line in lines], [False, True, True, True])

    def test_no_colour_in_a_pipe(self):
        self.assertNotIn("\033", self.run_command(SESSION)[0])
        self.assertIn("\033[", self.run_command("--color", "always", SESSION)[0])

    def test_colour_on_a_terminal(self):
        self.assertIn("\033[32m", on_terminal(SESSION))
        self.assertNotIn("\033", on_terminal(SESSION, NO_COLOR="1"))
        self.assertIn("\033", on_terminal(SESSION, NO_COLOR=""))
        self.assertNotIn("\033", on_terminal(SESSION, TERM="dumb"))
        self.assertNotIn("\033", on_terminal("--color", "never", SESSION))
        self.assertIn("\033", on_terminal("--color", "always", SESSION, NO_COLOR="1"))

    def test_colour_changes_nothing_else(self):
        plain = self.run_command(SESSION)[0]
        coloured = self.run_command("--color", "always", SESSION)[0]
        self.assertEqual(re.sub("\033\\[[0-9;]*m", "", coloured), plain)

    def test_summary_for_people_only(self):
        self.assertIn("30 segments of 3 connections", on_terminal(SESSION))
        self.assertEqual(self.run_command(SESSION)[1], "")
        self.assertNotIn("30 segments of", on_terminal("-q", SESSION))


class Progress(CommandTest):
    def test_only_where_a_person_looks(self):
        self.assertEqual(self.run_command("-T", "csv", SESSION)[1], "")
        self.assertNotIn("frames", on_terminal("conns", SESSION))  # no wait, no bar

    def test_always(self):
        _, err = self.run_command("--progress", "always", SESSION)
        self.assertRegex(err, r"^\[[# ]{30}\] +[0-9]+% [0-9]+ frames, .*/s.*\033\[K\r\r\033\[K$")
        with open(SESSION, "rb") as file:
            _, err = self.run_command("--progress", "always", "-", stdin=file.read())
        self.assertRegex(err, r"^[0-9]+ frames, ")  # the size of a pipe is not known

    def test_never(self):
        self.assertNotIn("%", on_terminal("--progress", "never", "conns", SESSION))


class TcpdumpText(CommandTest):
    segments = {
        "close-client-side": (3, 1),
        "close-four-segments": (4, 0),
        "close-server-side": (3, 1),
        "https-session-cleaned": (12, 7),
        "https-session-server": (30, 9),
    }

    def test_every_seed_file(self):
        for name, (segments, skipped) in self.segments.items():
            with self.subTest(name=name):
                rows = self.rows("--tcpdump-text", os.path.join(SEED, name + ".tcpdump"))
                self.assertEqual([r["frame"] for r in rows], [str(i + 1) for i in range(segments)])
                self.assertRegex(self.errors, r"^tcpstate: skipped %d lines? " % skipped)

    def test_the_seed_says_the_same_as_its_capture(self):
        for name in "close-client-side", "close-four-segments", "close-server-side":
            with self.subTest(name=name):
                self.same(name, "%s.tcpdump" % name)
        self.same("https-session", "https-session-server.tcpdump")

    def same(self, capture, text):
        left = self.rows(os.path.join(SAMPLES, capture + ".pcap"))
        right = self.rows("--tcpdump-text", os.path.join(SEED, text))
        for row in left + right:
            del row["time_epoch"]
        self.assertEqual(left, right)

    def lines(self, *lines):
        return self.rows("--tcpdump-text", "-", stdin="\n".join(lines).encode() + b"\n")

    def test_relative_numbers(self):
        rows = self.lines(
            "10:00:00.000001 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [S], seq 4294967290, win 100, length 0",
            "10:00:00.000002 IP 10.0.0.2.80 > 10.0.0.1.5000: Flags [S.], seq 700, ack 4294967291, win 100, length 0",
            "10:00:00.000003 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [.], ack 1, win 100, length 0",
            "10:00:00.000004 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [P.], seq 1:21, ack 1, win 100, length 20: HTTP: GET",
            "10:00:00.000005 IP 10.0.0.2.80 > 10.0.0.1.5000: Flags [F.], seq 1, ack 21, win 100, length 0",
            "10:00:00.000006 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [R], seq 15, win 0, length 0",
        )
        self.assertEqual(
            [(r["seq"], r["ack"], r["len"]) for r in rows],
            [
                ("4294967290", "", "0"),
                ("700", "4294967291", "0"),
                ("4294967291", "701", "0"),
                ("4294967291", "701", "20"),
                ("701", "15", "0"),
                ("15", "", "0"),
            ],
        )

    def test_times(self):
        body = " IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [S], seq 1, length 0"
        for stamp, seconds in (
            ("01:02:03.5", "3723.500000000"),
            ("2020-01-02 01:02:03.000004", "1577926923.000004000"),
            ("1577926923.000004321", "1577926923.000004321"),
        ):
            with self.subTest(stamp=stamp):
                self.assertEqual([r["time_epoch"] for r in self.lines(stamp + body)], [seconds])
        self.assertEqual([r["time_epoch"] for r in self.lines(body[1:])], [""])

    def test_midnight(self):
        body = " IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [S], seq 1, length 0"
        rows = self.lines("23:59:59.9" + body, "00:00:00.1" + body)
        self.assertEqual([r["time_epoch"] for r in rows], ["86399.900000000", "86400.100000000"])

    def test_flags(self):
        for printed, flags in ("S", "S"), ("S.", "SA"), ("FP.", "FPA"), ("SEW", "SEC"), ("none", ""), ("R", "R"), ("U", "U"):
            with self.subTest(printed=printed):
                line = "10:00:00.1 IP6 2001:db8::1.5000 > 2001:db8::2.80: Flags [%s], seq 9, ack 8, win 1, length 0"
                rows = self.lines(line % printed)
                self.assertEqual([(r["flags"], r["src"], r["dport"]) for r in rows], [(flags, "2001:db8::1", "80")])

    def test_other_packets_count_as_frames(self):
        rows = self.lines(
            "10:00:00.1 IP 10.0.0.1.53 > 10.0.0.2.99: 1 A 1.2.3.4 (45)",
            "nonsense",
            "10:00:00.2 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [S], seq 1, length 0",
        )
        self.assertEqual([r["frame"] for r in rows], ["2"])
        self.assertIn("skipped 2 lines", self.errors)

    def test_lines_that_are_not_quite(self):
        for line in (
            "10:00:00.2 IP 10.0.0.1 > 10.0.0.2.80: Flags [S], seq 1, length 0",
            "10:00:00.2 IP 10.0.0.1.http > 10.0.0.2.80: Flags [S], seq 1, length 0",
            "10:00:00.2 IP 10.0.0.1.99999 > 10.0.0.2.80: Flags [S], seq 1, length 0",
            "10:00:00.2 IP 10.0.0.1.1 > 10.0.0.2.80: Flags [S",
            "10:00:00.2 IP 10.0.0.1.1 > 10.0.0.2.80: Flags [X], seq 1",
            "> : Flags [S]",
            "Flags [",
            ": Flags []",
            "x" * 100000 + ": Flags [S]",
        ):
            with self.subTest(line=line[:60]):
                self.assertEqual(self.lines(line), [])

    def test_files_that_cannot_be_read(self):
        seed = os.path.join(SEED, "close-client-side.tcpdump")
        for name in "/nonexistent/x", self.folder.name:
            out, err = self.run_command("--tcpdump-text", "-T", "csv", seed, name, code=3)
            self.assertEqual(out, "")
            self.assertIn(name, err)

    def test_live_pipe_shows_each_line_at_once(self):
        process = subprocess.Popen(
            [COMMAND, "-q", "-T", "csv", "--tcpdump-text", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        for second in range(3):
            process.stdin.write(
                b"10:00:0%d.1 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [S], seq 1, win 5, length 0\n" % second
            )
            if second == 0:
                self.assertEqual(process.stdout.readline().decode().strip(), HEADER)
            self.assertIn(b"%d,3600%d.1" % (second + 1, second), process.stdout.readline())
        process.stdin.close()
        self.assertEqual(process.wait(), 0)


class Conns(CommandTest):
    header = (
        "stream,first_frame,last_frame,first_time,duration,client,client_port,server,server_port,roles,client_state,"
        "server_state,outcome,close,active_closer,conn_state,history,handshake_segments,teardown_segments,"
        "client_segments,client_bytes,server_segments,server_bytes,vantage"
    )

    def conns(self, *arguments):
        out = self.run_command("conns", "-T", "csv", *arguments)[0]
        self.assertEqual(out.splitlines()[0], self.header)
        return list(csv.DictReader(io.StringIO(out)))

    def test_annotate_tells_the_same_story(self):
        for capture in sorted(glob.glob(os.path.join(SAMPLES, "*.pcap"))):
            with self.subTest(capture=os.path.basename(capture)):
                packets = self.rows(capture)
                connections = self.conns(capture)
                self.assertEqual([c["stream"] for c in connections], [str(i) for i in range(len(connections))])
                for connection in connections:
                    self.compare(connection, [p for p in packets if p["stream"] == connection["stream"]])

    def compare(self, connection, packets):
        self.assertEqual(connection["first_frame"], packets[0]["frame"])
        self.assertEqual(connection["last_frame"], packets[-1]["frame"])
        self.assertEqual(connection["first_time"], packets[0]["time_epoch"])
        self.assertEqual(connection["client_state"], packets[-1]["client_state"])
        self.assertEqual(connection["server_state"], packets[-1]["server_state"])
        for role in "client", "server":
            sent = [p for p in packets if p["src_role"] == role]
            self.assertEqual(connection[role + "_segments"], str(len(sent)))
            for p in sent:
                self.assertEqual((connection[role], connection[role + "_port"]), (p["src"], p["sport"]))
        first = [p for p in packets if p["handshake_role"] and "-retransmitted" not in p["events"]]
        self.assertEqual(connection["handshake_segments"], str(len(first)))
        self.assertEqual(connection["teardown_segments"], str(sum(bool(p["teardown_step"]) for p in packets)))
        letters = "".join(x for x in connection["history"] if x not in "^CcGgTtWw")
        self.assertEqual(letters, self.history(packets))

    @staticmethod
    def history(packets):
        """Zeek's letters for what is in a segment, from flags and numbers alone."""
        letters, last = "", {}
        for p in packets:
            number = int(p["seq"])
            if "S" in p["flags"]:
                letter = "h" if "A" in p["flags"] else "s"
            elif "F" in p["flags"]:
                letter, number = "f", number + int(p["len"])
            elif "R" in p["flags"]:
                letter = "r"
            else:
                letter, number = ("d" if p["len"] != "0" else "a"), None
            letter = letter.upper() if p["src_role"] == "client" else letter
            if last.get(letter, "none") != number:
                letters += letter
            last[letter] = number
        return letters

    def test_json(self):
        rows = [json.loads(line) for line in self.run_command("conns", "-T", "json", SESSION)[0].splitlines()]
        table = self.conns(SESSION)
        self.assertEqual([list(r) for r in rows], [self.header.split(",")] * 3)
        self.assertEqual([str(r["client_bytes"]) for r in rows], [r["client_bytes"] for r in table])

    def test_stream(self):
        self.assertEqual([c["stream"] for c in self.conns("--stream", "1", SESSION)], ["1"])

    def table(self, *arguments):
        """Rows of the table for people, each a list of cells, after a look at whether they stand under their titles."""
        lines = self.run_command("conns", *arguments)[0].splitlines()
        cells = [re.split(r" {2,}", line.strip()) for line in lines]
        for title, spans in zip(cells[0], zip(*map(self.spans, lines, cells))):
            starts, ends = zip(*spans)
            self.assertTrue(len(set(ends)) == 1 or len(set(starts)) == 1, (title, lines))
        gaps = [[len(gap) for gap in re.findall(r" {2,}", line.strip())] for line in lines]
        self.assertEqual([min(column) for column in zip(*gaps)], [2] * (len(cells[0]) - 1), lines)
        return cells[1:]

    @staticmethod
    def spans(line, row):
        end = 0
        for cell in row:
            start = line.index(cell, end)
            end = start + len(cell)
            yield start, end

    def compare_forms(self, limits, stream, capture):
        first = self.conns(*limits, capture)[0]
        self.assertEqual(
            [row[:7] for row in self.table(*limits, *stream, capture)],
            [
                [
                    "#" + row["stream"],
                    f"{Decimal(row['first_time']) - Decimal(first['first_time']):.6f}",
                    f"{Decimal(row['duration']):.6f}",
                    self.endpoint(row, "client"),
                    self.endpoint(row, "server"),
                    row["client_state"],
                    row["server_state"],
                ]
                for row in self.conns(*limits, *stream, capture)
            ],
        )

    @staticmethod
    def endpoint(row, role):
        address = row[role]
        return f"[{address}]:{row[role + '_port']}" if ":" in address else f"{address}:{row[role + '_port']}"

    def test_the_table_for_people_has_the_same_rows(self):
        for capture in sorted(glob.glob(os.path.join(SAMPLES, "*.pcap"))):
            with self.subTest(capture=os.path.basename(capture)):
                self.compare_forms([], [], capture)
        self.compare_forms([], ["--stream", "1"], SESSION)

    def test_rows_are_in_order_whatever_has_ended(self):
        """Tuples used anew in turn: numbers and places in the engine's table are not in the same order."""
        packets = []
        for turn, ports in enumerate(([10001, 2, 3, 4], [3, 10001], [2, 3])):
            for port in ports:
                for flags, seq in (f.SYN, 1000 * turn), (f.RST, 1000 * turn + 1):
                    packets.append(f.ethernet(f.ipv4(f.CLIENT, f.SERVER, f.tcp(f.CLIENT, f.SERVER, port, 80, flags, seq))))
        capture = self.file("x.pcap", f.pcap(packets, step=700000))
        for limits in [], ["--max-connections", "2"], ["--max-connections", "1"]:
            self.assertEqual(len(self.conns(*limits, capture)), 8)
            for stream in [], ["--stream", "0"], ["--stream", "3"], ["--stream", "7"]:
                with self.subTest(limits=limits, stream=stream):
                    self.compare_forms(limits, stream, capture)

    def test_rows_are_in_order_though_places_are_not(self):
        """What the first one lacks takes a place of its own, which the third one gets."""

        def data(seq):
            return f.ipv4(f.CLIENT, f.SERVER, f.tcp(f.CLIENT, f.SERVER, 40000, 80, f.PSH | f.ACK, seq, 5001, b"x" * 100))

        packets = f.handshake() + [data(1101), data(1301)] + f.handshake(ports=(40001, 80))
        packets += [data(1001), data(1201), data(1401)] + f.handshake(ports=(40002, 80))
        self.compare_forms([], [], self.file("x.pcap", f.pcap([f.ethernet(p) for p in packets])))

    def test_text_on_a_terminal_ends_with_the_outcomes(self):
        self.assertIn("3 connections: 2 open, 1 closed", on_terminal("conns", SESSION))
        self.assertNotIn("3 connections", self.run_command("conns", SESSION)[0])


if __name__ == "__main__":
    unittest.main()
