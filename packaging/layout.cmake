# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where things go. In: TLSFIT_INSTALL, "system" (the folders of all users) or "user" (those of the person who builds).
# Out: CMAKE_INSTALL_PREFIX for the command, and, once Wireshark is found, TLSFIT_PLUGIN_DIR and
# TLSFIT_CONFIGURATION_DIR: the folders in which this very Wireshark looks for plugins and configuration profiles.

set(TLSFIT_INSTALL system CACHE STRING "Install for everybody (system) or for this user alone (user)")
set_property(CACHE TLSFIT_INSTALL PROPERTY STRINGS system user)
if(NOT TLSFIT_INSTALL MATCHES "^(system|user)$")
  message(FATAL_ERROR "TLSFIT_INSTALL is \"${TLSFIT_INSTALL}\"; it can be system or user")
endif()

if(TLSFIT_INSTALL STREQUAL "user")
  if(WIN32)
    file(TO_CMAKE_PATH "$ENV{APPDATA}" tlsfit_home)
    set(CMAKE_INSTALL_PREFIX "${tlsfit_home}/tlsfit")
  else()
    set(tlsfit_home "$ENV{HOME}")
    set(CMAKE_INSTALL_PREFIX "${tlsfit_home}/.local")
  endif()
  if(tlsfit_home STREQUAL "")
    message(FATAL_ERROR "TLSFIT_INSTALL=user: the environment does not say where the home directory is")
  endif()
endif()

# Names after filesystem.c of Wireshark: macOS alone writes 4-4 where the others write 4.4.
macro(tlsfit_wireshark_folders)
  set(tlsfit_config "$ENV{XDG_CONFIG_HOME}")
  if(tlsfit_config STREQUAL "")
    set(tlsfit_config "${tlsfit_home}/.config")
  endif()
  set(tlsfit_minor "${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}")
  if(APPLE)
    string(REPLACE "." "-" tlsfit_minor "${tlsfit_minor}")
  endif()
  if(TLSFIT_INSTALL STREQUAL "system")
    set(TLSFIT_PLUGIN_DIR "${Wireshark_PLUGIN_INSTALL_DIR}/epan")
    set(TLSFIT_CONFIGURATION_DIR "${Wireshark_INSTALL_PREFIX}/share/wireshark/profiles")
  elseif(WIN32)
    set(TLSFIT_PLUGIN_DIR "${tlsfit_home}/Wireshark/plugins/${tlsfit_minor}/epan")
    set(TLSFIT_CONFIGURATION_DIR "${tlsfit_home}/Wireshark/profiles")
  else()
    set(TLSFIT_PLUGIN_DIR "${CMAKE_INSTALL_PREFIX}/lib/wireshark/plugins/${tlsfit_minor}/epan")
    set(TLSFIT_CONFIGURATION_DIR "${tlsfit_config}/wireshark/profiles")
  endif()
  # Relative where that means the same, because a package is put together below another root.
  foreach(folder TLSFIT_PLUGIN_DIR TLSFIT_CONFIGURATION_DIR)
    if(CMAKE_INSTALL_PREFIX STREQUAL Wireshark_INSTALL_PREFIX)
      file(RELATIVE_PATH ${folder} "${CMAKE_INSTALL_PREFIX}" "${${folder}}")
    endif()
  endforeach()
endmacro()
