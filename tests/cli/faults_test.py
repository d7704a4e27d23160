# SPDX-License-Identifier: GPL-2.0-or-later
"""What breaks around the command: disks, readers, files. Each fault is said with its place, ends with the status of
docs/command.md, and loses nothing that was known before."""
import gzip
import os
import random
import resource
import shutil
import subprocess
import unittest

import frames as f
from support import COMMAND, SAMPLES, CommandTest

SESSION = os.path.join(SAMPLES, "https-session.pcap")
FORMS = (
    ["annotate", "-T", "text"], ["annotate", "-T", "csv"], ["annotate", "-T", "json"], ["annotate", "-T", "json", "--jobs", "2"],
    ["annotate", "-T", "fields", "-e", "tcpstate.state"], ["conns", "-T", "text"], ["conns", "-T", "csv"],
    ["conns", "-T", "json"], ["explain"], ["explain", "--lang", "zh"], ["diagram"], ["diagram", "-T", "svg"],
    ["diagram", "--what", "states"], ["diagram", "--what", "states", "-T", "svg"], ["annotate", "-w", "-"],
    ["compare", SESSION], ["compare", "-T", "csv", SESSION], ["compare", "-T", "json", SESSION],
    ["compare", "-T", "svg", SESSION], ["compare", "-w", "-", SESSION],
)
with open(SESSION, "rb") as session:
    CAPTURE = session.read()
FULL = "No space left on device"


def many(count):
    """Records of a pcap file without its header: a handshake, then the same segment again and again."""
    start = f.pcap([f.ethernet(packet) for packet in f.handshake(data=b"x" * 100)])[24:]
    last = f.pcap([f.ethernet(f.handshake(data=b"x" * 100)[-1])])[24:]
    return start + last * (count - 4), len(last)


class Outputs(CommandTest):
    def check_output(self, target, code, message):
        for form in FORMS:
            with self.subTest(form=form), open(target, "wb") as out:
                done = subprocess.run([COMMAND, *form, SESSION], stdout=out, stderr=subprocess.PIPE, timeout=60)
                self.assertEqual((done.returncode, done.stderr.decode()), (code, message))

    def test_disk_full_on_standard_output(self):
        self.check_output("/dev/full", 1, "tcpstate: standard output: %s\n" % FULL)

    def test_disk_full_under_help(self):
        for option in "--help", "--version":
            with open("/dev/full", "wb") as out:
                done = subprocess.run([COMMAND, option], stdout=out, stderr=subprocess.PIPE)
            self.assertEqual((done.returncode, done.stderr), (1, b"tcpstate: standard output: %s\n" % FULL.encode()))

    def test_reader_that_stops(self):
        """As with | head -1, and as with | true: no word, no error."""
        content, _ = many(50000)
        path = self.file("many.pcap", f.pcap([]) + content)
        for form in FORMS:
            for wanted in 1, 0:
                with self.subTest(form=form, wanted=wanted):
                    files = [path, path] if "compare" in form else [path]
                    process = subprocess.Popen(
                        [COMMAND, *[word for word in form if word != SESSION], *files], stdout=subprocess.PIPE, stderr=subprocess.PIPE
                    )
                    self.assertTrue(not wanted or process.stdout.read(1))
                    process.stdout.close()
                    err = process.stderr.read()
                    process.stderr.close()
                    self.assertEqual((process.wait(60), err), (0, b""))

    def test_disk_full_under_a_copy(self):
        for command in ["annotate"], ["compare", SESSION]:
            _, err = self.run_command(*command, "-w", "/dev/full", SESSION, code=1)
            self.assertEqual(err, "tcpstate: /dev/full: %s\n" % FULL)

    def check_half_a_copy(self, path, message, done):
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.decode(), "tcpstate: %s: %s\n" % (path, message))
        out, err = self.run_command("-T", "csv", path, code=1)
        size = os.path.getsize(path)
        self.assertIn("damaged at byte %d" % size, err)
        self.assertGreater(len(out.splitlines()), size // 400)  # all that fits: a packet with its comment is shorter

    def test_limit_of_file_size(self):
        content, _ = many(2000)
        path = os.path.join(self.folder.name, "copy.pcapng")
        done = subprocess.run(
            [COMMAND, "-w", path, self.file("many.pcap", f.pcap([]) + content)], stderr=subprocess.PIPE, timeout=60,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100001, 100001)),
        )
        self.check_half_a_copy(path, "File too large", done)

    def test_small_disk(self):
        content, _ = many(2000)
        source = self.file("many.pcap", f.pcap([]) + content)
        disk = os.path.join(self.folder.name, "disk")
        os.mkdir(disk)
        script = 'mount -t tmpfs -o size=64k none "$1" || exit 77; "$2" -w "$1/copy" "$3"; code=$?; cp "$1/copy" "$4"; exit $code'
        kept = os.path.join(self.folder.name, "kept")
        done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", disk, COMMAND, source, kept], capture_output=True)
        if done.returncode == 77 or b"unshare" in done.stderr:
            self.skipTest("no right to mount")
        done.stderr = done.stderr.replace(os.path.join(disk, "copy").encode(), kept.encode())
        self.check_half_a_copy(kept, FULL, done)

    def test_a_full_disk_ends_the_reading(self):
        """Else a live capture would go on for nothing."""
        reader, writer = os.pipe()
        process = subprocess.Popen([COMMAND, "-w", "/dev/full", "-"], stdin=reader, stderr=subprocess.PIPE)
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe, self.assertRaises(BrokenPipeError):
            pipe.write(f.pcap([]))
            while True:
                pipe.write(many(1000)[0])
        self.assertIn(FULL.encode(), process.stderr.read())
        process.stderr.close()
        self.assertEqual(process.wait(10), 1)

    def test_closed_standard_streams(self):
        for words, code in ((">&-", 1), ("2>&-", 0), ("<&-", 0)):
            done = subprocess.run(["sh", "-c", '"$0" -T csv "$1" ' + words, COMMAND, SESSION], capture_output=True)
            self.assertEqual(done.returncode, code, words)
        path = os.path.join(self.folder.name, "copy.pcapng")
        cut = self.file("cut.pcap", CAPTURE[:-1])
        done = subprocess.run(["sh", "-c", '"$0" -w "$1" "$2" 2>&-', COMMAND, path, cut])
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(self.rows(path)), 29)  # no message has gone into it

    def test_output_onto_the_input(self):
        path = self.file("x.pcap", CAPTURE)
        for form in FORMS:
            if "compare" not in form:
                done = subprocess.run(["sh", "-c", 'p=$1; shift; exec "$@" "$p" >>"$p"', "sh", path, COMMAND, *form], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (2, "tcpstate: standard output is the input %s\n" % path))
        os.link(path, path + ".too")
        self.run_command("-w", path + ".too", path, code=2)
        self.run_command("compare", "-w", path, SESSION, path, code=2)
        with open(path, "rb") as file, open(SESSION, "rb") as original:
            self.assertEqual(file.read(), original.read())

    def test_folder_that_cannot_be_written(self):
        _, err = self.run_command("-w", self.folder.name, SESSION, code=3)
        self.assertEqual(err, "tcpstate: %s: Is a directory\n" % self.folder.name)


class Inputs(CommandTest):
    def test_what_is_no_capture(self):
        empty = self.file("empty.pcap", b"")
        for path, words in (
            (self.folder.name, "Is a directory"), (empty, "cannot be read as a capture"),
            (self.file("other.pcap", b"\0\1\2\3 is no capture at all\n"), "cannot be read as a capture"), ("/nonexistent/x", "No such file"),
        ):
            for command in ["annotate"], ["conns", "-T", "json"], ["explain"], ["diagram"], ["compare", SESSION]:
                out, err = self.run_command(*command, path, code=3)
                self.assertEqual(out, "")
                self.assertRegex(err, "^tcpstate: %s: .*%s.*\n$" % (path, words))

    def test_no_right_to_read(self):
        path = self.file("x.pcap", CAPTURE)
        os.chmod(path, 0)
        os.chmod(self.folder.name, 0o755)
        command, before = COMMAND, []
        if os.geteuid() == 0:
            command = shutil.copy(COMMAND, os.path.join(self.folder.name, "tcpstate"))
            before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        for more in [], ["--tcpdump-text"]:
            done = subprocess.run([*before, command, *more, path], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr.splitlines()[0]), (3, "tcpstate: %s: Permission denied" % path))

    def test_fifo(self):
        path = os.path.join(self.folder.name, "fifo")
        os.mkfifo(path)
        process = subprocess.Popen([COMMAND, "-T", "csv", path], stdout=subprocess.PIPE)
        with open(path, "wb") as fifo, open(SESSION, "rb") as capture:
            fifo.write(capture.read())
        self.assertEqual(process.communicate(timeout=20)[0].decode(), self.run_command("-T", "csv", SESSION)[0])

    def test_text_that_cannot_be_read(self):
        """/proc/self/mem can be opened, and not be read at 0."""
        out, err = self.run_command("-q", "--tcpdump-text", "/proc/self/mem", code=1)
        self.assertIn("/proc/self/mem: Input/output error", err)

    def while_it_reads(self, count, change, arguments=()):
        """Changes the file after the first part of it was read: nobody takes what the command prints."""
        content, self.record = many(count)
        path = self.file("x.pcap", f.pcap([]) + content)
        process = subprocess.Popen([COMMAND, "-T", "csv", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        process.stdout.readline()
        with open(path, "r+b") as file:
            change(file)
        out, err = process.communicate(timeout=60)
        self.assertTrue(out.endswith(b"\n"))
        return len(out.splitlines()), err.decode(), process.returncode, path

    def test_file_that_becomes_shorter(self):
        cut = 24 + len(many(4)[0]) + many(4)[1] * 39996 + 7
        rows, err, code, path = self.while_it_reads(60000, lambda file: file.truncate(cut))
        self.assertEqual((rows, code), (40000, 1))
        self.assertRegex(err, r"^tcpstate: %s: damaged at byte %d: .*\n$" % (path, cut))

    def test_file_that_is_emptied(self):
        rows, err, code, path = self.while_it_reads(60000, lambda file: file.truncate(0))
        self.assertGreater(rows, 1000)
        self.assertEqual(code, 1)
        self.assertRegex(err, r"^tcpstate: %s: damaged at byte [0-9]+: .*\n$" % path)

    def test_file_that_becomes_shorter_at_a_record(self):
        """A whole number of records fits what is read at a time: nothing but the size tells."""
        packet = b"\0" * (4096 - 16)
        path = self.file("x.pcap", f.pcap([packet] * 3000, 1)[: 24 + 4096 * 3000])
        reader, writer = os.pipe()
        process = subprocess.Popen([COMMAND, "-T", "csv", "-w", "/dev/stdout", path], stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            pipe.read(1)
            os.truncate(path, 24)
            while pipe.read(1 << 16):
                pass
        err = process.stderr.read().decode()
        process.stderr.close()
        self.assertEqual(process.wait(20), 1, err)
        self.assertRegex(err, "x.pcap: damaged at byte [0-9]+: .*\n$")

    def test_file_that_grows(self):
        """Read to the end that it has by then; half a record is said."""
        more = many(5)[0][-many(4)[1]:]

        def grow(file):
            file.seek(0, os.SEEK_END)
            file.write(more * 100)

        rows, err, code, _ = self.while_it_reads(60000, grow)
        self.assertEqual((rows, code, err), (60100, 0, ""))

        def grow_by_half(file):
            grow(file)
            file.write(more[:50])

        rows, err, code, path = self.while_it_reads(60000, grow_by_half)
        self.assertEqual((rows, code), (60100, 1))
        self.assertIn("damaged at byte %d:" % os.path.getsize(path), err)

    def test_one_of_several_files_disappears(self):
        """Of a rotated set each file is opened when its time comes."""
        content, record = many(60000)
        first = self.file("a.pcap", f.pcap([]) + content)
        second = self.file("b.pcap", f.pcap([f.ethernet(p) for p in f.handshake(ports=(2, 80))], start=1700000000))
        process = subprocess.Popen([COMMAND, "-T", "csv", first, second], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        process.stdout.readline()
        os.unlink(second)
        out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, err.decode()), (1, "tcpstate: %s: No such file or directory\n" % second))
        self.assertEqual(len(out.splitlines()), 60000)

    def check_packed(self, content, pack):
        """Damage in the last third: what comes before it is annotated."""
        packed = bytearray(pack(content))
        at = len(packed) * 2 // 3
        packed[at : at + 64] = random.Random(1).randbytes(64)
        out, err = self.run_command("-T", "csv", self.file("x", bytes(packed)), code=1)
        self.assertRegex(err, r"x: damaged at byte [0-9]+: .*\n$")  # what is unpacked of it may look whole, and be no record
        self.assertGreater(len(out.splitlines()), 300)
        cut = packed[:at]
        out, err = self.run_command("-T", "csv", self.file("x", bytes(cut)), code=1)
        self.assertRegex(err, r"x: damaged at byte [0-9]+: compressed data is cut or damaged\n$")
        self.assertGreater(len(out.splitlines()), 300)

    def test_damaged_gzip_and_zstd(self):
        dice = random.Random(2)
        segments = [f.ethernet(f.ipv4(f.CLIENT, f.SERVER, f.tcp(f.CLIENT, f.SERVER, 40000, 80, f.ACK, 1001 + 900 * i, 5001, dice.randbytes(900))))
                 for i in range(900)]
        content = f.pcap([f.ethernet(p) for p in f.handshake()] + segments)
        self.check_packed(content, gzip.compress)
        if shutil.which("zstd"):
            self.check_packed(content, lambda x: subprocess.run(["zstd", "-q", "-c"], input=x, stdout=subprocess.PIPE, check=True).stdout)

    def test_pcapng_cut_in_a_block(self):
        head = f.section() + f.interface()
        whole = head + b"".join(f.packet(f.ethernet(p)) for p in f.handshake())
        last = len(f.packet(f.ethernet(f.handshake()[-1])))
        for missing in range(1, last):
            path = self.file("x.pcapng", whole[:-missing])
            done = subprocess.run([COMMAND, "-T", "csv", path], capture_output=True, text=True)
            self.assertEqual((done.returncode, len(done.stdout.splitlines())), (1, 3), done.stderr)
            self.assertEqual(done.stderr, "tcpstate: %s: damaged at byte %d: a block is cut off\n" % (path, len(whole) - missing))


if __name__ == "__main__":
    unittest.main()
