#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cppcheck.sh SOURCE: cppcheck has no warning about core and plugin. What it is wrong about is said there, in a comment.
set -eu
cd "$1"
command -v cppcheck >/dev/null || exit 77
# Two formats stand for <inttypes.h>, for it does not read the system's headers. Left out: that
# getpwnam is not reentrant, for the command has one thread.
cppcheck --std=c11 --library=posix --enable=warning,portability --inline-suppr --error-exitcode=1 --quiet -j 2 \
  -I core/include -D'PRIu64="lu"' -D'PRIu32="u"' --suppress=missingInclude --suppress=getpwuidCalled --suppress=getpwnamCalled \
  --template='{file}:{line}: {severity}: {message} [{id}]' core plugin
