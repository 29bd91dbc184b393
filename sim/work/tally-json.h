/* SPDX-License-Identifier: MIT */
#ifndef WORK_TALLY_JSON_H
#define WORK_TALLY_JSON_H

/*
 * Tally as JSON: what a case showed, from one process to another, and in a
 * journal.
 *
 *	{"runs":1000,"steps":14000,"events":27000,"expects":[412],"struck":[1],
 *	 "findings":[{"id":"unordered_read","at":[7,"ring.dma:18:2"],
 *	  "against":[3,"ring.dma:13:2"],"first":17,"seen":412,"expected":true,
 *	  "schedule":"v1 ring/default@50c52736: dma*2 poll*2"}]}
 *
 * Counts that are 0 are left out.  A place is its number in the program, and
 * its name for whoever reads it.  Only what makes findings the same is written
 * of them; the rest comes from running the schedule.
 */

#include <json-c/json.h>
#include <stdbool.h>

#include "run/tally.h"

/* Owns: the caller. */
struct json_object *tally_to_json(const struct tally *tally);

/*
 * @tally: of the same program; all zero but for what tally_init() sets.
 *
 * Errors: -EINVAL  it is not one, or not of this program.
 */
int tally_from_json(struct json_object *json, struct tally *tally);

#endif /* WORK_TALLY_JSON_H */
