# SPDX-License-Identifier: GPL-2.0-or-later
# tcpstate_compile_flags(TARGET): the warnings and sanitizers that every target of ours is built with.
function(tcpstate_compile_flags target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wvla $<$<BOOL:${TCPSTATE_WERROR}>:-Werror>)
  # What is shipped does not tell where it was built, so the same source gives the same bits.
  target_compile_options(${target} PRIVATE
    $<$<CONFIG:Release>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=.>)
  if(TCPSTATE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${TCPSTATE_SANITIZE} -fno-sanitize-recover=all
      -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${TCPSTATE_SANITIZE})
  endif()
endfunction()
