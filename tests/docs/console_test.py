#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""console_test.py [--update] ROOT TCPSTATE FILE.md...: does every command in the docs print what stands there?

A fenced block ```console has commands, each a line that begins with "$ ", and below each what it prints, standard error
included. A command that is not finished goes on in the next line, behind "> ". It runs with sh, `tcpstate` being the
program under test, in a scratch folder that looks like the project's root; what a command writes there, later commands of
the same page can read. A fenced block "```c docs/examples/states.c" is that file, whole.

--update writes what is printed now into the pages; look at the difference before it is committed."""
import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r'^```(console|\w+ (?P<file>[\w./-]+))\n(?P<body>.*?)^```$', re.DOTALL | re.MULTILINE)


def is_unfinished(command):
    """Ends in a backslash, or the shell would read on."""
    return command.endswith('\\\n') or subprocess.run(['sh', '-n', '-c', command], check=False,
                                                       stderr=subprocess.DEVNULL).returncode != 0


def commands(block):
    lines = iter(block.splitlines(keepends=True))
    for line in lines:
        if not line.startswith('$ '):
            continue
        shown, command = line, line[2:]
        while is_unfinished(command):
            line = next(lines, None)
            if line is None or not line.startswith('> '):
                sys.exit(f'never finished: {shown}')
            shown, command = shown + line, command + line.removeprefix('> ')
        yield shown, command


def transcript(block, folder, environment):
    said = ''
    for shown, command in commands(block):
        done = subprocess.run(['sh', '-c', command], cwd=folder, env=environment, text=True, timeout=60, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said += shown + done.stdout
    return said


def scratch_root(root, folder):
    """Everything of the root under its name, but new files land in the scratch folder."""
    for name in os.listdir(root):
        if not name.startswith(('.', 'build')):
            os.symlink(os.path.join(root, name), os.path.join(folder, name))


def replay(path, root, environment):
    """The page as it is and as it would be now, and how many blocks it has."""
    with open(path, encoding='utf-8') as file:
        text = file.read()
    with tempfile.TemporaryDirectory(prefix='tcpstate-docs-') as folder:
        scratch_root(root, folder)

        def block_now(match):
            if not match['file']:
                return f"```console\n{transcript(match['body'], folder, environment)}```"
            with open(os.path.join(root, match['file']), encoding='utf-8') as file:
                return f'```{match[1]}\n{file.read()}```'

        now, blocks = BLOCK.subn(block_now, text)
    return text, now, blocks


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--update', action='store_true')
    parser.add_argument('root')
    parser.add_argument('tcpstate')
    parser.add_argument('files', nargs='+')
    options = parser.parse_args()
    environment = dict(os.environ, LC_ALL='C.UTF-8', TZ='UTC', COLUMNS='80')
    environment['PATH'] = os.path.dirname(os.path.abspath(options.tcpstate)) + os.pathsep + environment['PATH']
    blocks = wrong = 0
    for path in options.files:
        before, now, count = replay(path, os.path.abspath(options.root), environment)
        blocks += count
        if now == before:
            continue
        wrong += 1
        sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), now.splitlines(True), path, 'printed now'))
        if options.update:
            with open(path, 'w', encoding='utf-8') as file:
                file.write(now)
    print(f'{blocks} blocks in {len(options.files)} pages, {wrong} pages differ')
    return 1 if blocks == 0 or (wrong and not options.update) else 0


if __name__ == '__main__':
    sys.exit(main())
