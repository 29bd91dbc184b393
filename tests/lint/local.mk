# SPDX-License-Identifier: MIT
#
# What a compiler does not check.  `make lint' runs all of them; the tests run
# all but the format, which depends on the version of clang-format.

lint_checks = layers symbols headers spdx size listed

lint_listed = \
	$(cdmainclude_HEADERS) $(libcdma_a_SOURCES) \
	$(libsim_a_SOURCES) $(cdmasim_SOURCES) \
	$(dist_doc_DATA) $(dist_man_MANS) \
	$(unit_tests) $(program_tests) $(shell_tests) $(scenarios)

lint_env = \
	export CC='$(CC)' NM='$(NM)' LINT_CHECKS='$(lint_checks)' \
	SANITIZER='$(sanitizer)' LIBCDMA='$(abs_top_builddir)/libcdma.a' \
	LISTED='$(lint_listed)';

shell_tests += %D%/lint.sh %D%/test-check-layers.sh %D%/test-check-symbols.sh
EXTRA_DIST += \
	%D%/check-format.sh \
	%D%/check-headers.sh \
	%D%/check-layers.sh \
	%D%/check-listed.sh \
	%D%/check-size.sh \
	%D%/check-spdx.sh \
	%D%/check-symbols.sh \
	%D%/files.sh

lint: libcdma.a
	@$(lint_env) srcdir='$(srcdir)'; export srcdir; good=:; \
	for check in $(lint_checks) format; do \
	  echo "  LINT     $$check"; \
	  "$$srcdir/tests/lint/check-$$check.sh" || good=false; \
	done; $$good
.PHONY: lint
