/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

/*
 * Script: a scenario file as it was written, with all that it includes.
 *
 * Usage
 * -----
 *	struct diag *diag = diag_new(false);
 *	struct script *script = script_load(path, &options, diag);
 *
 *	for (size_t i = 0; script && i < script_nr_variants(script); i++) {
 *		struct unit *unit = script_resolve(script, i, diag);
 *
 *		if (unit)
 *			... compile and run it ...
 *		unit_free(unit);
 *	}
 *	diag_print(diag, &text);
 *	script_free(script);
 *	diag_free(diag);
 *
 * What is wrong is collected in the diag, never printed and never an abort.
 * An error that several variants share is there once.
 *
 * Threads: a script and its units belong to one thread at a time.
 */

#include <stddef.h>

#include "script/unit.h"

struct diag;
struct edit;
struct source;
struct sources;

/* "-D name=value".  The value is an expression of numbers. */
struct script_define {
	const char *name, *value; /* borrowed for the call */
};

struct script_options {
	/* Searched after the file's own directory.  What is included is below
	 * one of these, or below the directory of the scenario. */
	const char *const *include_dirs;
	size_t nr_include_dirs;
	const struct script_define *defines; /* beat those of a variant */
	size_t nr_defines;
	/* "dma_alloc #2": the faults, instead of those of the file and its
	 * variants; "none" is no fault. */
	const char *const *faults; /* borrowed for the call */
	size_t nr_faults;          /* 0: those of the file */

	/* "arm64,line=32": the machine; it is one.  NULL: that of the file, and
	 * its variants. */
	const char *machine; /* borrowed for the call */

	bool no_includes; /* leave out what is included */
	/* `native "" f;' is a function of the program itself. */
	bool own_natives;
	const char *input; /* what the file "-" has; borrowed for the call */
	size_t input_len;
	/* What is changed in the tree, one after the other; see edit.h.  One
	 * that cannot be done is an error without a message. */
	struct edit *edits; /* borrowed for the call, and told where it is */
	size_t nr_edits;
};

/*
 * Read and parse the file at @path ("-": options->input), or @len bytes at
 * @text that are called
 * @path in messages.
 *
 * Returns: NULL when there was an error; @diag has it.  A script that is
 * syntactically wrong is not resolved, so as not to blame what follows from
 * it.
 * Owns: the caller, script_free().  Keeps the text, not what @options borrows.
 */
struct script *script_load(const char *path,
			   const struct script_options *options,
			   struct diag *diag);
struct script *script_parse(const char *path, const char *text, size_t len,
			    const struct script_options *options,
			    struct diag *diag);
void script_free(struct script *script);

/* The variants: 0 is what stands in the file outside of any, "default". */
size_t script_nr_variants(const struct script *script);
const char *script_variant_name(const struct script *script, size_t i);

/*
 * Check variant @i of @script and make a unit of it.
 *
 * Returns: NULL when there was an error; @diag has it.
 * Owns: the caller, unit_free(), before script_free().
 */
struct unit *script_resolve(struct script *script, size_t i, struct diag *diag);

/* The name of the scenario; "" when the file does not say. */
const char *script_name(const struct script *script);

/* Everything that was parsed, in order; included items stand where they were
 * included.  NULL: nothing. */
const struct item *script_items(const struct script *script);

/* The source files, to be named by span.file. */
const struct source *script_source(const struct script *script, uint32_t file);
size_t script_nr_sources(const struct script *script);

/* All of them, to say in a diag where something is wrong.  Borrowed. */
struct sources *script_sources(struct script *script);

#endif /* SCRIPT_SCRIPT_H */
