# SPDX-License-Identifier: GPL-2.0-or-later
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER gcc)
set(CMAKE_C_FLAGS_INIT -m32)
set(root $ENV{TCPSTATE_ROOT})
set(CMAKE_SYSROOT ${root})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_CROSSCOMPILING_EMULATOR ${root}/lib/i386-linux-gnu/ld-linux.so.2
  --library-path ${root}/lib/i386-linux-gnu:${root}/usr/lib/i386-linux-gnu)
