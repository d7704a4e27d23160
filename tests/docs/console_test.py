#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""console_test.py [--update] ROOT TCPSTATE FILE.md...: does every command in the docs print what stands there?

A fenced block ```console has commands, each a line that begins with "$ ", and below each what it prints, standard error
included. It runs with sh in the project's root, `tcpstate` being the program under test. --update writes what is printed into
the files; look at the difference before it is committed."""
import argparse
import difflib
import os
import re
import subprocess
import sys

BLOCK = re.compile(r'^```console\n(.*?)^```$', re.DOTALL | re.MULTILINE)


def commands(block):
    return [line[2:] for line in block.splitlines() if line.startswith('$ ')]


def transcript(block, root, environment):
    said = []
    for command in commands(block):
        done = subprocess.run(['sh', '-c', command], cwd=root, env=environment, text=True, timeout=60, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said.append(f'$ {command}\n{done.stdout}')
    return ''.join(said)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--update', action='store_true')
    parser.add_argument('root')
    parser.add_argument('tcpstate')
    parser.add_argument('files', nargs='+')
    options = parser.parse_args()
    environment = dict(os.environ, LC_ALL='C.UTF-8', TZ='UTC', COLUMNS='80')
    environment['PATH'] = os.path.dirname(os.path.abspath(options.tcpstate)) + os.pathsep + environment['PATH']
    ran = wrong = 0
    for path in options.files:
        with open(path, encoding='utf-8') as file:
            text = file.read()

        def replay(match):
            nonlocal ran, wrong
            now = transcript(match.group(1), options.root, environment)
            ran += len(commands(match.group(1)))
            if now != match.group(1):
                wrong += 1
                sys.stdout.writelines(difflib.unified_diff(match.group(1).splitlines(True), now.splitlines(True), path, 'printed now'))
            return f'```console\n{now}```'

        now = BLOCK.sub(replay, text)
        if options.update and now != text:
            with open(path, 'w', encoding='utf-8') as file:
                file.write(now)
    print(f'{ran} commands in {len(options.files)} files, {wrong} blocks differ')
    return 1 if ran == 0 or (wrong and not options.update) else 0


if __name__ == '__main__':
    sys.exit(main())
