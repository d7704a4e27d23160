# SPDX-License-Identifier: GPL-2.0-or-later
"""allocation_test.py PROGRAM [LIBRARY]: every allocation fails in turn, alone and with all that follow, in every form and for
every kind of input. The command says so and ends with a status, or does without and says the same as ever. PROGRAM has
failing_malloc.c linked in; LIBRARY is that for all libraries, loaded into PROGRAM's ordinary twin. Under a sanitizer, what
leaks ends with its status."""
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import frames as f  # noqa: E402

PROGRAM, LIBRARY = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
FRAGMENTS = re.compile("IP fragments? left out")
MEMORY = re.compile("memory|malloc", re.I)
PACKETS = [f.ethernet(p) for ports in ((1, 80), (2, 80)) for p in f.handshake(ports=ports, data=b"x" * 30)]
LONG = f.ethernet(f.ipv4(f.CLIENT, f.SERVER, f.tcp(f.CLIENT, f.SERVER, 1, 80, f.ACK, 1031, 5001, b"y" * 64)[:40], fragment=0x2000))
REST = f.ethernet(f.ipv4(f.CLIENT, f.SERVER, f.tcp(f.CLIENT, f.SERVER, 1, 80, f.ACK, 1031, 5001, b"y" * 64)[40:], fragment=5))
PCAPNG = f.section() + f.interface() + b"".join(f.packet(p) for p in PACKETS)
TEXT = b"""12:00:00.000000 IP 10.0.0.1.1025 > 10.0.0.2.80: Flags [S], seq 1, win 9, length 0
12:00:00.100000 IP 10.0.0.2.80 > 10.0.0.1.1025: Flags [S.], seq 9, ack 2, win 9, length 0
"""
FORMS = (
    ["annotate"], ["annotate", "-T", "csv"], ["annotate", "-T", "json"], ["annotate", "-T", "json", "--jobs", "2"], ["annotate", "-T", "fields", "-e", "tcpstate.state", "-e", "ip.src"],
    ["conns"], ["conns", "-T", "csv"], ["conns", "-T", "json"], ["explain"], ["diagram"], ["diagram", "-T", "svg"],
    ["diagram", "--what", "states", "-T", "svg"],
)


def zstd(content):
    return subprocess.run(["zstd", "-q", "-c"], input=content, stdout=subprocess.PIPE, check=True).stdout


class Allocation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        whole = f.pcap(PACKETS)
        contents = {"x.pcap": f.pcap(PACKETS + [LONG, REST]), "whole.pcap": whole, "x.pcapng": PCAPNG}
        contents |= {"x.pcap.gz": gzip.compress(whole), "x.txt": TEXT}
        contents["swapped.pcap"] = f.pcap(PACKETS, order=">")
        if shutil.which("zstd"):
            contents["x.pcap.zst"] = zstd(f.pcap(PACKETS))
        for name, content in contents.items():
            with open(os.path.join(cls.folder, name), "wb") as file:
                file.write(content)
        cls.files = {name: os.path.join(cls.folder, name) for name in contents}

    def cases(self, libraries):
        # With filters the libraries are not asked: libpcap 1.10.3 itself does not survive a failure while it compiles one.
        for form in FORMS:
            yield [*form, self.files["x.pcap"]]
        for name in self.files:
            yield ["-T", "csv", *(["--tcpdump-text"] if name == "x.txt" else []), self.files[name]]
        yield ["-T", "csv", self.files["x.pcap"], self.files["x.pcapng"]]
        yield ["-T", "csv", "--progress", "always", self.files["x.pcap"], *([] if libraries else ["port 80"])]
        for name in "x.pcap", "x.pcapng":
            yield ["-w", os.path.join(self.folder, "copy"), self.files[name]]
            yield ["-w", "-", self.files[name]]
        for more in [], ["-T", "csv"], ["-T", "json"], ["-T", "svg"], ["-w", "-"]:
            yield ["compare", *more, self.files["whole.pcap"], self.files["x.pcapng"]]
        yield ["compare", self.files["x.txt"], self.files["x.txt"]]

    def run_once(self, command, environment):
        reader, writer = os.pipe()
        done = subprocess.run(
            command, capture_output=True, timeout=120, pass_fds=[writer],
            env={**os.environ, "LC_ALL": "C", **environment, "TCPSTATE_FAIL_TELL": str(writer)},
        )
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            return done, len(pipe.read())

    def check(self, done, expected, what):
        out, err = done.stdout, done.stderr.decode(errors="replace")
        if done.returncode == 0 and (out == expected.stdout or FRAGMENTS.search(err)):
            return
        self.assertIn(done.returncode, (1, 2, 3), (what, err))
        self.assertRegex(err, MEMORY, what)

    def every_one(self, program, environment, libraries):
        total = 0
        for arguments in self.cases(libraries):
            command = [program, *arguments]
            expected, _ = self.run_once(command, environment)
            self.assertEqual(expected.returncode, 0, expected.stderr)
            for later in "0", "1":
                at, refusals = 0, 1
                while refusals:
                    at += 1
                    failing = {**environment, "TCPSTATE_FAIL_AT": str(at), "TCPSTATE_FAIL_ON": later}
                    done, refusals = self.run_once(command, failing)
                    with self.subTest(arguments=arguments, at=at, later=later):
                        self.check(done, expected, (arguments, at, later))
                total += at - 1
                self.assertGreater(at, 5)
        print("%d refusals" % total)

    def test_of_the_command(self):
        self.every_one(PROGRAM, {}, False)

    @unittest.skipUnless(LIBRARY, "a sanitizer has the place of the allocator")
    def test_of_all_libraries(self):
        self.every_one(os.environ["TCPSTATE"], {"LD_PRELOAD": LIBRARY, "TCPSTATE_NO_SANDBOX": "1"}, True)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
