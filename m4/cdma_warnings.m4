# SPDX-License-Identifier: MIT

# CDMA_WARNINGS(FLAGS)
# --------------------
# Put into WARN_CFLAGS those of FLAGS, separated by blanks, that the compiler
# knows.  --enable-werror adds -Werror, for CI; a release must still build with
# next year's compiler, so it is off by default.
AC_DEFUN([CDMA_WARNINGS], [
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [make compiler warnings errors])],
    [], [enable_werror=no])

  AC_MSG_CHECKING([which warnings $CC knows])
  WARN_CFLAGS=
  cdma_save_cflags=$CFLAGS
  for cdma_flag in m4_normalize([$1]); do
    # Without -Werror, clang accepts what it does not know.
    CFLAGS="$cdma_save_cflags -Werror $cdma_flag"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
      [AS_VAR_APPEND([WARN_CFLAGS], [" $cdma_flag"])])
  done
  CFLAGS=$cdma_save_cflags
  AS_IF([test "x$enable_werror" = xyes],
    [AS_VAR_APPEND([WARN_CFLAGS], [" -Werror"])])
  AC_MSG_RESULT([$WARN_CFLAGS])
  AC_SUBST([WARN_CFLAGS])
])
