/* SPDX-License-Identifier: MIT */
#ifndef WORK_JOURNAL_H
#define WORK_JOURNAL_H

/*
 * Journal: a file that remembers what was done.
 *
 * JSON, one object a line.  The first line says what the work is:
 *
 *	{"cdmasim":"0.1.0","args":["run","--seed=7","ring.dma"],"shard":"2/8"}
 *
 * and each other one is a case that was done:
 *
 *	{"file":"ring.dma","variant":"ring/default","hash":"50c52736",
 *	 "case":3,"runs":1000,...}
 *
 * Lines are only ever added, each by one write(), so whoever is killed leaves
 * whole lines but for the last, which is cut off when the work goes on.  Lines
 * of several journals of the same work can be put together: a case has the
 * same number in all of them.
 *
 * Threads: a journal belongs to one process; workers do not write.
 */

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

struct cdma_text;
struct journal;

/* No file yet. */
struct journal *journal_new(void);
void journal_free(struct journal *journal);

/*
 * Know what is in the file @path too.
 *
 * @head: the first line, given to the caller; it can be NULL.
 *
 * Errors, with @err saying what: -EINVAL  it is no journal, one of another
 *                                         version, or it says of a case what
 *                                         it, or a file before it, does not
 *                                -errno   it cannot be read
 */
int journal_read(struct journal *journal, const char *path,
		 struct json_object **head, struct cdma_text *err);

/*
 * Write to the file @path from now on: a new one, or one of the same work,
 * whose lines are known then.
 *
 * @head: what the work is; borrowed.
 *
 * Errors, with @err saying what: -EINVAL  as above
 *                                -EEXIST  it is of other work
 *                                -EBUSY   another process writes to it
 *                                -errno   it cannot be read or written
 */
int journal_open(struct journal *journal, const char *path,
		 struct json_object *head, struct cdma_text *err);

/* The variant that cases are of from now on.  All borrowed. */
void journal_variant(struct journal *journal, const char *file,
		     const char *scenario, const char *variant, uint32_t hash);

/* What is known of case @nr of that variant; borrowed.  NULL: nothing. */
struct json_object *journal_find(const struct journal *journal, uint64_t nr);

/*
 * Case @nr is done, with @result, an object, to which the names are added.
 *
 * Owns: takes @result.
 * Errors: -errno  it could not be written.
 */
int journal_add(struct journal *journal, uint64_t nr,
		struct json_object *result);

/* How many cases were known before. */
uint64_t journal_known(const struct journal *journal);

#endif /* WORK_JOURNAL_H */
