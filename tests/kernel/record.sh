#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# record.sh [--list dev|more] [--out FOLDER] [PATTERN..]: record what this machine's kernel does. Needs root.
set -eu
exec python3 "$(dirname "$0")/recorder/record.py" "$@"
