# SPDX-License-Identifier: MIT
#
# CDMA_COMPILER_PASS: whether the plugin for clang can be built: DRIVER_CC is
# the clang, PASS_CXXFLAGS what its headers want, have_pass its version or no.
AC_DEFUN([CDMA_COMPILER_PASS], [
have_pass=no
PASS_CXXFLAGS=
AS_IF([test -n "$LLVM_CONFIG"], [
  pass_version=`$LLVM_CONFIG --version 2>/dev/null`
  pass_major=${pass_version%%.*}
  AS_IF([test -z "$DRIVER_CC"],
    [AC_PATH_PROGS([DRIVER_CC], [clang-$pass_major])])
  PASS_CXXFLAGS="`$LLVM_CONFIG --cxxflags` -fno-rtti"
  AC_LANG_PUSH([C++])
  pass_saved=$CXXFLAGS
  CXXFLAGS=$PASS_CXXFLAGS
  AC_MSG_CHECKING([for the headers of LLVM $pass_version])
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM(
    [[#include "llvm/Passes/PassPlugin.h"]], [])],
    [AS_IF([test -n "$DRIVER_CC"], [have_pass=$pass_major])])
  AC_MSG_RESULT([$have_pass])
  CXXFLAGS=$pass_saved
  AC_LANG_POP([C++])
])
AC_SUBST([PASS_CXXFLAGS])
AC_SUBST([DRIVER_CC])
AM_CONDITIONAL([HAVE_PASS], [test "x$have_pass" != xno])
])
