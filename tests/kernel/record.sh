#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# record.sh [--list dev|more] [--out FOLDER] [--seed N] [PATTERN..]: record what this kernel does. Needs root.
set -eu
exec python3 "$(dirname "$0")/recorder/record.py" "$@"
