# SPDX-License-Identifier: GPL-2.0-or-later
# tcpstate_optimize(TARGET): a Release build is optimized over all of its files when it is linked, which saves one
# instruction in ten. Objects keep plain code beside it, so that the static library serves any linker. Halves that are
# written one by one are not read back as a whole: processors wait for that, and GCC's vectorizer does not know it.
include(CheckIPOSupported)
set(tcpstate_optimizes OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT TCPSTATE_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  check_ipo_supported(RESULT tcpstate_optimizes OUTPUT ignored LANGUAGES C)
endif()

function(tcpstate_optimize target)
  if(tcpstate_optimizes)
    set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
    target_compile_options(${target} PRIVATE -ffat-lto-objects -fno-tree-slp-vectorize)
  endif()
endfunction()
