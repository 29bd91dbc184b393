# SPDX-License-Identifier: MIT

# CDMA_WITH_SANITIZER
# -------------------
# --with-sanitizer=LIST builds everything with -fsanitize=LIST.  Sets
#
#   sanitizer         LIST or "no"
#   SANITIZER_CFLAGS  for compiling and for linking ordinary programs
#   FUZZER_LDFLAGS    for linking a fuzz target; "fuzzer" was in LIST
#   SANITIZER_WRAP    a command in front of each program that a test starts
#
# and the conditionals SANITIZER and FUZZER.
AC_DEFUN([CDMA_WITH_SANITIZER], [
  AC_ARG_WITH([sanitizer],
    [AS_HELP_STRING([--with-sanitizer=LIST],
      [build with -fsanitize=LIST: thread, or address,undefined, or
       fuzzer,address (clang)])],
    [sanitizer=$withval], [sanitizer=no])
  AS_IF([test "x$sanitizer" = xyes], [AC_MSG_ERROR(
    [--with-sanitizer needs a list, such as --with-sanitizer=thread])])

  SANITIZER_CFLAGS= FUZZER_LDFLAGS= SANITIZER_WRAP=
  AS_IF([test "x$sanitizer" != xno], [
    # The fuzzer brings a main() of its own, wanted in fuzz targets only.
    cdma_list=`AS_ECHO([",$sanitizer,"]) |
      sed 's/,fuzzer,/,fuzzer-no-link,/; s/^,//; s/,$//'`
    SANITIZER_CFLAGS="-fsanitize=$cdma_list -fno-omit-frame-pointer"
    AS_CASE([",$sanitizer,"], [*,undefined,*],
      [AS_VAR_APPEND([SANITIZER_CFLAGS], [" -fno-sanitize-recover=all"])])
    AS_CASE([",$sanitizer,"], [*,fuzzer,*],
      [FUZZER_LDFLAGS="-fsanitize=$sanitizer"])

    cdma_save_cflags=$CFLAGS
    CFLAGS="$CFLAGS $SANITIZER_CFLAGS"
    AC_MSG_CHECKING([whether $CC can link with $SANITIZER_CFLAGS])
    AC_LINK_IFELSE([AC_LANG_PROGRAM()],
      [AC_MSG_RESULT([yes])],
      [AC_MSG_RESULT([no])
       AC_MSG_ERROR([$CC cannot build with --with-sanitizer=$sanitizer])])
    AS_CASE([",$sanitizer,"], [*,thread,*], [_CDMA_TSAN_WRAP])
    CFLAGS=$cdma_save_cflags
  ])
  AC_SUBST([SANITIZER_CFLAGS])
  AC_SUBST([FUZZER_LDFLAGS])
  AC_SUBST([SANITIZER_WRAP])
  AC_SUBST([sanitizer])
  AM_CONDITIONAL([SANITIZER], [test "x$sanitizer" != xno])
  AM_CONDITIONAL([FUZZER], [test "x$FUZZER_LDFLAGS" != x])
])

# TSan of gcc 12 and clang 14 dies with "unexpected memory mapping" where the
# kernel moves mappings by more than 28 bits, and then only now and again.
m4_define([_CDMA_TSAN_WRAP], [
  AC_MSG_CHECKING([whether TSan programs start reliably])
  AC_LINK_IFELSE([AC_LANG_PROGRAM()], [
    cdma_tries='i=0; while test $i -lt 20; do
      $wrap ./conftest$EXEEXT || exit 1; i=`expr $i + 1`; done'
    AS_IF([(wrap=; eval "$cdma_tries") >/dev/null 2>&1],
        [AC_MSG_RESULT([yes])],
      [(wrap='setarch -R'; eval "$cdma_tries") >/dev/null 2>&1],
        [SANITIZER_WRAP='setarch -R'
         AC_MSG_RESULT([only with $SANITIZER_WRAP])],
      [AC_MSG_RESULT([no])
       AC_MSG_ERROR([programs built with TSan do not run here])])])
])
