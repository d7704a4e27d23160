# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the programs of Wireshark with the plugin as it was built, as an ordinary user with an empty home.

Wireshark ignores WIRESHARK_PLUGIN_DIR when it runs as root, so root becomes "nobody" first. Plugin and captures
are copied to a folder that everybody may read: the build folder may be anywhere.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

NOBODY = 65534
STRICT = {
    "WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict",
    "WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1",
}

COMPLAINT = re.compile(r" (WARNING|CRITICAL|ERROR)\] |-(WARNING|CRITICAL) \*\*|Dissector bug")


class Wireshark:
    def __init__(self, plugin_dir, tshark="tshark", preload=None):
        self.tshark = tshark
        self.preload = preload
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tcpstate-"))
        self.folder.chmod(0o755)
        self.plugins = self.folder / "plugins"
        shutil.copytree(plugin_dir, self.plugins)
        self.home = self.folder / "home"
        self.home.mkdir()
        for path in self.plugins.rglob("*"):
            path.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(self.home, NOBODY, NOBODY)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def lend(self, capture):
        """A copy of the capture that tshark can read."""
        copy = self.folder / pathlib.Path(capture).name
        shutil.copyfile(capture, copy)
        copy.chmod(0o644)
        return copy

    def environment(self):
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "WIRESHARK_PLUGIN_DIR": str(self.plugins),
        }
        environment.update(STRICT)
        if self.preload:  # Wireshark's own leaks are not ours to find
            environment.update(LD_PRELOAD=self.preload, ASAN_OPTIONS="detect_leaks=0",
                               WIRESHARK_DEBUG_WMEM_OVERRIDE="simple")  # one block each: the sanitizer sees its end
        return environment

    def command(self, program, arguments):
        if os.geteuid() != 0:
            return [program, *arguments]
        user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        return ["setpriv", *user, program, *arguments]

    def run(self, *arguments, program=None, **options):
        """Standard output; an exit code other than 0 and any complaint of GLib or Wireshark is an error."""
        arguments = [str(argument) for argument in arguments]
        done = subprocess.run(
            self.command(program or self.tshark, arguments),
            env=self.environment(), cwd=self.folder, capture_output=True, text=True, check=False, **options)
        complaint = [line for line in done.stderr.splitlines() if COMPLAINT.search(line)]
        if done.returncode != 0 or complaint:
            raise AssertionError(f"{arguments}: exit code {done.returncode}\n{done.stderr}")
        return done.stdout

    def fields(self, capture, names, *arguments):
        """{frame number: [text of each field]} of the frames in which the plugin found a segment."""
        wanted = [word for name in names for word in ("-e", name)]
        output = self.run("-r", capture, *arguments, "-Y", "tcpstate", "-T", "fields", "-e", "frame.number", *wanted)
        rows = [line.split("\t") for line in output.splitlines()]
        return {int(row[0]): [plain(text) for text in row[1:]] for row in rows}


def plain(text):
    """Booleans are printed as 1 and 0 by Wireshark 4.0, as True and False by later ones."""
    words = {"True": "1", "False": "0"}
    return ",".join(words.get(word, word) for word in text.split(","))
