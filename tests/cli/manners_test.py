# SPDX-License-Identifier: GPL-2.0-or-later
"""Help, man page and completion name what there is, and nothing else."""
import os
import re
import shutil
import subprocess
import unittest

from support import ROOT, SAMPLES, CommandTest

FOLDER = os.path.join(ROOT, "core", "cli")
SESSION = os.path.join(SAMPLES, "https-session.pcap")


def read(*parts):
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as file:
        return file.read()


def long_options():
    return set(re.findall(r'\{"([a-z-]+)", (?:no|required)_argument', read("core", "cli", "options.c")))


def commands(text):
    return set(re.findall(r"^  ([a-z]+) {2,}\S", text.split("commands:")[1].split("\n\n")[0], re.M))


class Manners(CommandTest):
    def complete(self, *words):
        script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tcpstate; printf "%s\\n" "${COMPREPLY[@]}"'
        file = os.path.join(FOLDER, "completion", "tcpstate.bash")
        done = subprocess.run(["bash", "-c", script, "bash", file, "tcpstate", *words], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split())

    def test_help_man_and_completion_know_every_command(self):
        there = commands(self.run_command("--help")[0])
        self.assertEqual({"annotate", "conns"} - there, set())
        man = read("core", "cli", "tcpstate.1")
        self.assertEqual(set(re.findall(r"^\.It Cm ([a-z]+)$", man, re.M)), there)
        self.assertEqual(self.complete("") & there, there)
        self.assertIn(" ".join(sorted(there)), read("core", "cli", "completion", "_tcpstate"))

    def test_man_and_completion_know_every_option(self):
        short = {"interface", "quiet", "version", "help"}  # the help shows -i, -q, -V, -h
        options = long_options() - {"colour"}
        self.assertEqual({o.strip("-") for o in self.complete("--")}, options)
        man = read("core", "cli", "tcpstate.1")
        self.assertEqual(set(re.findall(r"^\.It Fl (?:\w , Fl )?-([a-z-]+)", man, re.M)), options)
        letters = re.search(r'"([A-Za-z:]+)", long_options', read("core", "cli", "options.c")).group(1).replace(":", "")
        self.assertEqual(set(re.findall(r"^\.It Fl (\w)\b", man, re.M)), set(letters))
        text = self.run_command("--help")[0]
        for option in options - short:
            self.assertIn("--" + option, text)
            self.assertIn("--" + option, read("core", "cli", "completion", "_tcpstate"))

    def test_completion_knows_every_field(self):
        fields = self.complete("-e", "")
        self.assertEqual({f for f in fields if f.startswith("tcpstate.")}, set(re.findall(r'"(tcpstate\.[a-z_.]+)"', read("core", "src", "fields.c"))))
        arguments = [x for name in sorted(fields) for x in ("-e", name)]
        self.run_command("-T", "fields", *arguments, SESSION)
        zsh = read("core", "cli", "completion", "_tcpstate")
        self.assertEqual(set(re.search(r"fields=\(([^)]*)\)", zsh).group(1).split()), fields)

    def test_man_knows_every_field(self):
        there = set(re.findall(r'"(tcpstate\.[a-z_.]+)"', read("core", "src", "fields.c")))
        man = read("core", "cli", "tcpstate.1")
        self.assertEqual(set(re.findall(r"^\.Li (tcpstate\.[a-z_.]+)$", man, re.M)), there)

    def test_completion_of_words(self):
        self.assertEqual(self.complete("-T", "c"), {"csv"})
        self.assertEqual(self.complete("--color", "a"), {"auto", "always"})
        self.assertEqual(self.complete("--lang", ""), {"en", "zh"})

    @unittest.skipUnless(shutil.which("man"), "no man")
    def test_man_page_is_sound(self):
        done = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", os.path.join(FOLDER, "tcpstate.1")], capture_output=True, text=True
        )
        self.assertEqual(done.stderr, "")
        self.assertIn("EXIT STATUS", done.stdout)


if __name__ == "__main__":
    unittest.main()
