#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""performance.py BUILD [SECTION...]

Measures everything that docs/performance.md says and writes it there: all of it, or the sections table, jobs, curve,
plugin, memory, live. BUILD is a build folder with CMAKE_BUILD_TYPE=Release. Takes three quarters of an hour, 4 GB, tshark,
valgrind and for `live` root; figures are worth as much as the machine is quiet."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PAGE = os.path.join(ROOT, "docs/performance.md")
SECTIONS = {
    "table": "{python} {here}/bench.py {build} --runs 5 --peers 1m",
    "jobs": "{python} {here}/jobs.py {build}",
    "curve": "{python} {here}/bench.py {build} --curve {root}/docs/pictures/performance.svg",
    "plugin": "{here}/plugin_cost.sh {build}",
    "memory": "{here}/plugin_memory.sh {build}",
    "live": "{here}/live.sh {build}",
}


def measured(command):
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        lines = []
        for line in program.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if program.returncode != 0:
        sys.exit(f"{' '.join(command)} failed")
    return "".join(lines).strip()


def put(section, text):
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    begin, end = f"<!-- measured: {section} -->", "<!-- end -->"
    if begin not in page:
        sys.exit(f"{PAGE} has no place for {section}")
    page = re.sub(f"{begin}.*?{end}", lambda _: f"{begin}\n{text}\n{end}", page, count=1, flags=re.DOTALL)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page)


def main():
    if len(sys.argv) < 2 or set(sys.argv[2:]) - set(SECTIONS):
        sys.exit(__doc__)
    for section in sys.argv[2:] or SECTIONS:
        command = SECTIONS[section].format(python=sys.executable, here=HERE, root=ROOT, build=sys.argv[1])
        put(section, measured(command.split()))


if __name__ == "__main__":
    main()
