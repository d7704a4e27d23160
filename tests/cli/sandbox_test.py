# SPDX-License-Identifier: GPL-2.0-or-later
"""The filter of system calls is there while anything of the input is read, and takes nothing away that is needed."""
import glob
import os
import subprocess
import time
import unittest

from faults_test import FORMS, SESSION
from support import COMMAND, SAMPLES, CommandTest


def status(process):
    with open("/proc/%d/status" % process.pid, encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file)


OUTSIDE = {"TCPSTATE_NO_SANDBOX": "1"}
with open("/proc/self/status", encoding="ascii") as own:
    OWN = own.read().split("Seccomp:\t")[1][0]


class Sandbox(CommandTest):
    def seccomp(self, *arguments, env=None):
        """As the kernel says it of a command that waits for its input."""
        process = subprocess.Popen([COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with open("/proc/%d/wchan" % process.pid, encoding="ascii") as file:
                waiting = file.read()
            if "poll" in waiting or "pipe" in waiting:
                break
            time.sleep(0.01)
        found = status(process)
        process.kill()
        process.wait()
        process.stdin.close()
        return found["Seccomp"], found["NoNewPrivs"]

    def test_it_is_on(self):
        if self.seccomp("-T", "csv", "-")[0] == "0":
            self.skipTest("built without it, or the kernel has none")
        copy = os.path.join(self.folder.name, "copy.pcapng")
        for arguments in (
            ["-"], ["-T", "csv", "-", "tcp"], ["-T", "json", "-"], ["conns", "-"], ["explain", "-"], ["diagram", "-T", "svg", "-"],
            ["--tcpdump-text", "-"], ["-w", copy, "-"], ["compare", SESSION, "-"],
        ):
            self.assertEqual(self.seccomp(*arguments), ("2", "1"), arguments)
        self.assertEqual(self.seccomp("-", env=OUTSIDE)[0], OWN)

    def bytes_of(self, *arguments, env):
        return subprocess.run([COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **env}, check=True).stdout

    def test_everything_runs_inside(self):
        """All samples in all forms, with the same answer as outside; several files, which are opened again later."""
        samples = sorted(glob.glob(os.path.join(SAMPLES, "*.pcap")))
        for path in samples:
            for form in FORMS if path == SESSION else FORMS[:6] + FORMS[7:8] + FORMS[9:11]:
                inside, outside = (self.bytes_of(*form, "--progress", "always", path, env=env) for env in ({}, OUTSIDE))
                self.assertEqual(inside, outside)
        runs = [self.run_command("conns", *samples, "port 80 or port 443", env=env) for env in ({}, OUTSIDE)]
        self.assertEqual(*runs)

    def test_locales(self):
        for locale in "C.UTF-8", "C", "zh_CN.UTF-8":
            runs = [self.run_command("diagram", "--lang", "zh", SESSION, env={"LC_ALL": locale, **env}) for env in ({}, OUTSIDE)]
            self.assertEqual(*runs)


if __name__ == "__main__":
    unittest.main()
