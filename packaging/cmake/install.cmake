# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the library so that others find it: find_package(tcpstate) with tcpstate::tcpstate (shared) and
# tcpstate::static, and pkg-config. The component "library" is this and nothing else.
include(CMakePackageConfigHelpers)

set(tcpstate_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tcpstate)

install(TARGETS tcpstate_shared tcpstate_static EXPORT tcpstate-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT library)
install(FILES core/include/tcpstate/tcpstate.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tcpstate COMPONENT library)
install(EXPORT tcpstate-targets NAMESPACE tcpstate:: DESTINATION ${tcpstate_cmake_dir} COMPONENT library)

configure_package_config_file(packaging/cmake/tcpstate-config.cmake.in tcpstate-config.cmake
  INSTALL_DESTINATION ${tcpstate_cmake_dir})
# 0.x: a new minor version may break the interface.
write_basic_package_version_file(tcpstate-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tcpstate-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/tcpstate-config-version.cmake DESTINATION ${tcpstate_cmake_dir} COMPONENT library)

# Written when it is installed: cmake --install has the last word on the prefix.
install(CODE "
  set(CMAKE_INSTALL_INCLUDEDIR \"${CMAKE_INSTALL_INCLUDEDIR}\")
  set(CMAKE_INSTALL_LIBDIR \"${CMAKE_INSTALL_LIBDIR}\")
  set(PROJECT_DESCRIPTION \"${PROJECT_DESCRIPTION}\")
  set(PROJECT_VERSION \"${PROJECT_VERSION}\")
  configure_file(\"${PROJECT_SOURCE_DIR}/packaging/tcpstate.pc.in\" \"${PROJECT_BINARY_DIR}/tcpstate.pc\" @ONLY)"
  COMPONENT library)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tcpstate.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)

# A release: the source archive and its list of contents.
add_custom_target(dist COMMAND ${PROJECT_SOURCE_DIR}/packaging/dist.sh ${PROJECT_BINARY_DIR}/dist)
