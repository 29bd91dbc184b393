/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_PRIVATE_H
#define SCRIPT_PRIVATE_H

/*
 * What the files that make a script share.  Private to this directory.
 */

#include <sys/types.h>

#include "base/arena.h"
#include "script/names.h"
#include "script/script.h"
#include "script/source.h"

/* A file that was read, known by what the system calls it. */
struct script_file {
	dev_t dev;
	ino_t ino;
	uint32_t file;
	bool is_open; /* is being parsed: who includes it now closes a circle */
};

/* -D name=value, parsed. */
struct define {
	struct name name;
	struct expr *value;
};

/* "typedef ref name;" */
struct typedef_name {
	struct typedef_name *next;
	uint32_t id;
	const struct type_ref *ref;
};

struct script {
	struct cdma_arena arena;
	struct names names;
	struct sources sources;
	struct item *items;
	struct item *prelude;
	const struct item **variants; /* owned array */
	size_t nr_variants;           /* without "default" */
	struct define *defines;       /* owned array */
	size_t nr_defines;
	struct item *faults; /* --fail, parsed */
	bool has_faults;     /* --fail was given */
	const char *machine; /* --machine, interned; NULL: not given */
	size_t nr_tokens;    /* of all files so far */
	struct typedef_name *typedefs; /* newest first */

	/* While it is loaded. */
	const struct script_options *options;
	struct script_file *files; /* owned array */
	size_t nr_files;
};

/* Zeroed, from @arena. */
void *arena_zalloc(struct cdma_arena *arena, size_t size);

/* A script without items whose names start with the keywords. */
struct script *script_new(const struct script_options *options);

struct diag;
struct stat;

/* Parse source @file, which is included so many deep; its items go to *@tail,
 * where the next will go.  Whether all of it was right. */
bool script_parse_source(struct script *script, uint32_t file,
			 unsigned int includes, struct diag *diag,
			 struct item ***tail);

/* Remember a file that is parsed from now on; its place among those that were
 * read. */
size_t include_opened(struct script *script, const struct stat *st,
		      uint32_t file);

/*
 * In the included @file there is nothing of a scenario.  It may be anything,
 * and what is in it is nobody's business: one error that does not show it, in
 * the place of those that came after the first @before.
 */
void include_is_none(struct script *script, uint32_t file, size_t before,
		     struct diag *diag);

#endif /* SCRIPT_PRIVATE_H */
