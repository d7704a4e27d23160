# SPDX-License-Identifier: GPL-2.0-or-later
# Captures come from attackers: what the compiler and the linker can do against the use of a mistake. tests/checks/hardening.sh
# reads it from what was built.
include(CheckPIESupported)
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
check_pie_supported(LANGUAGES C)

function(tcpstate_harden)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "TCPSTATE_HAS${flag}" known)
    check_c_compiler_flag(${flag} ${known})
    if(${known})
      add_compile_options(${flag})
    endif()
  endforeach()
  if(MINGW) # where it is a library of its own
    add_link_options(-fstack-protector-strong)
  endif()
  if(NOT TCPSTATE_SANITIZE) # sanitizers have checks of their own at the same functions; without -O it does nothing but warn
    add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
  endif()
  foreach(flag relro now noexecstack)
    check_linker_flag(C -Wl,-z,${flag} TCPSTATE_HAS_Z_${flag})
    if(TCPSTATE_HAS_Z_${flag})
      add_link_options(-Wl,-z,${flag})
    endif()
  endforeach()
endfunction()
tcpstate_harden()
