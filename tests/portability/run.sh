#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh TARGET SOURCE BUILD COMMAND: builds for another compiler, word size, byte order or system, runs what can be run, and
# compares what the two commands say of every sample capture. COMMAND is the one of this machine.
#   clang   the other compiler
#   m32     32 bits (gcc -m32, libraries unpacked by mmdebstrap)
#   s390x   big-endian (cross compiler and libraries, qemu-user)
#   mingw   Windows: library, and the command without libpcap and zstd, which Debian does not have for it. Run under Wine,
#           if that is here; cmocka is not, so the other tests are not run.
# Exit status 77: a tool is missing, and it says which.
set -eu
target=$1 source=$2 build=$3 command=$4
here=$(dirname "$0")
root=$build/root-$target
program=$build/core/cli/tcpstate

need() {
  for tool; do
    command -v "$tool" >/dev/null || {
      echo "$tool is not installed: not tried" && exit 77
    }
  done
}

# Where this machine has its own packages from; the security archive lacks some architectures.
mirror() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1
}

# Headers and libraries of another architecture, unpacked and not installed.
unpack_libraries() {
  need mmdebstrap apt-get
  if ! test -e "$root/complete"; then
    rm -rf "$root"
    mkdir -p "$build"
    mmdebstrap --quiet --architectures="$1" --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
      --include=libc6-dev,libcmocka-dev,libpcap0.8-dev,zlib1g-dev,libzstd-dev bookworm "$root" \
      "deb $(mirror) bookworm main"
    touch "$root/complete"
  fi
  libraries=$root/usr/lib/$2/pkgconfig:$root/usr/share/pkgconfig
  export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$libraries"
}

configure() {
  TCPSTATE_ROOT="$root" cmake -S "$source" -B "$build" -G Ninja -DTCPSTATE_WERROR=ON -DTCPSTATE_PLUGIN=OFF "$@"
}

build_and_test() {
  cmake --build "$build" --parallel 2
  ctest --test-dir "$build" --output-on-failure --parallel 2 -LE long -R '^(unit|scenarios|model)\.' -E symbols
}

# compare EMULATOR...: both commands must say the same.
compare() {
  for capture in "$source"/sample-captures/*.pcap; do
    for form in 'annotate -T csv' 'annotate -T json' 'annotate -q' 'conns -T csv' 'conns -T json' 'explain'; do
      # shellcheck disable=SC2086 # words
      "$command" $form "$capture" >"$build/here.txt"
      # shellcheck disable=SC2086
      "$@" "$program" $form "$capture" >"$build/there.txt"
      cmp "$build/here.txt" "$build/there.txt" || {
        echo "differs: $form $capture" && exit 1
      }
    done
  done
  echo "the same of every sample capture in every form"
}

case $target in
clang)
  need clang
  configure -DCMAKE_C_COMPILER=clang
  build_and_test
  compare env
  ;;
m32)
  echo 'int main(void) { return 0; }' | gcc -m32 -x c - -o /dev/null 2>/dev/null || {
    echo "gcc -m32 does not work: not tried (gcc-12-multilib is missing)" && exit 77
  }
  unpack_libraries i386 i386-linux-gnu
  configure -DCMAKE_TOOLCHAIN_FILE="$here/m32.cmake"
  build_and_test
  compare "$root/lib/i386-linux-gnu/ld-linux.so.2" --library-path "$root/lib/i386-linux-gnu:$root/usr/lib/i386-linux-gnu"
  ;;
s390x)
  need s390x-linux-gnu-gcc qemu-s390x-static
  unpack_libraries s390x s390x-linux-gnu
  configure -DCMAKE_TOOLCHAIN_FILE="$here/s390x.cmake"
  build_and_test
  compare qemu-s390x-static -L "$root"
  ;;
mingw)
  need x86_64-w64-mingw32-gcc
  export PKG_CONFIG_LIBDIR=/usr/x86_64-w64-mingw32/lib/pkgconfig
  pkg-config --exists zlib || { echo "zlib for Windows is not installed (libz-mingw-w64-dev): not tried" && exit 77; }
  configure -DCMAKE_TOOLCHAIN_FILE="$here/mingw.cmake" -DTCPSTATE_LIBPCAP=OFF -DTCPSTATE_ZSTD=OFF -DTCPSTATE_TESTS=OFF
  cmake --build "$build" --parallel 2
  # It exports what it does elsewhere.
  x86_64-w64-mingw32-objdump -p "$build/core/libtcpstate.dll" |
    sed -n 's/.*\[ *[0-9]*\].* \(tcpstate_[a-z_]*\)$/\1/p' | LC_ALL=C sort >"$build/exported"
  sed -n 's/^ \(tcpstate_[a-z_]*\)@Base.*/\1/p' "$source/packaging/debian/libtcpstate0.symbols" | LC_ALL=C sort |
    diff - "$build/exported"
  wine=$(command -v wine64 || command -v /usr/lib/wine/wine64) || { echo "compiled, not run: there is no wine64" && exit 0; }
  program=$build/core/cli/tcpstate.exe
  export WINEPREFIX="$build/wine" WINEDEBUG=-all
  compare "$wine"
  ;;
*)
  echo "no such target: $target" >&2
  exit 2
  ;;
esac
