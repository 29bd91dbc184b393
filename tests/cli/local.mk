# SPDX-License-Identifier: MIT
#
# What a user sees: exit codes, options, output.

shell_tests += \
	%D%/ci.sh \
	%D%/corpus.sh \
	%D%/cures.sh \
	%D%/debug.sh \
	%D%/doc-examples.sh \
	%D%/editors.sh \
	%D%/explore.sh \
	%D%/faults.sh \
	%D%/findings.sh \
	%D%/formats.sh \
	%D%/io.sh \
	%D%/limits.sh \
	%D%/litmus.sh \
	%D%/log.sh \
	%D%/machines.sh \
	%D%/parts.sh \
	%D%/pictures.sh \
	%D%/replay.sh \
	%D%/run.sh \
	%D%/threads.sh \
	%D%/untrusted.sh \
	%D%/usage.sh \
	%D%/weak.sh

# What tests ask of other programs' formats.
EXTRA_DIST += %D%/formats.py %D%/pictures.py
