# SPDX-License-Identifier: GPL-2.0-or-later
"""What all tests of the plugin are started with, from the command line that CMake writes."""
import argparse
import subprocess
import unittest

from wireshark import Wireshark

options = None
wireshark = None


def fields():
    """The core's field table: [(name, type, of what, column of the CSV)]."""
    table = subprocess.run([options.list_fields], capture_output=True, text=True, check=True).stdout
    return [tuple(line.split("\t")[:4]) for line in table.splitlines()]


def said_by_command(capture, names):
    """{frame number: [text of each field]}, several segments of a frame joined as tshark joins them."""
    wanted = [word for name in ["frame.number", *names] for word in ("-e", name)]
    done = subprocess.run([options.command, "annotate", "-T", "fields", *wanted, str(capture)],
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):  # 1: the capture ends damaged, as far as that all is printed
        raise AssertionError(f"{capture}: {done.stderr}")
    frames = {}
    for line in done.stdout.splitlines():
        number, *texts = line.split("\t")
        before = frames.get(int(number))
        frames[int(number)] = texts if before is None else [
            ",".join(filter(None, pair)) for pair in zip(before, texts)]
    return frames


def main():
    global options, wireshark
    parser = argparse.ArgumentParser()
    parser.add_argument("--tshark", default="tshark")
    parser.add_argument("--plugin-dir", required=True, help="folder to be used as WIRESHARK_PLUGIN_DIR")
    parser.add_argument("--command", help="the program tcpstate")
    parser.add_argument("--list-fields", help="the program list_fields")
    parser.add_argument("--captures", action="append", default=[], help="folder with captures")
    parser.add_argument("--preload", help="library of a sanitizer that the plugin was built with")
    parser.add_argument("--write", action="store_true", help="write anew what is compared, where a test says so")
    options = parser.parse_args()
    with Wireshark(options.plugin_dir, options.tshark, options.preload) as wireshark:
        unittest.main(module="__main__", argv=["plugin"], verbosity=2)
