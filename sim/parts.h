/* SPDX-License-Identifier: MIT */
#ifndef SIM_PARTS_H
#define SIM_PARTS_H

/*
 * Parts: -j, --journal and --shard, and joining what they left.
 *
 * Without any of them a command does its runs itself, one after the other.
 * With them they are done in cases (work/work.h), which come to the same.
 */

#include <json-c/json.h>

#include "options.h"
#include "work/journal.h"
#include "work/seeds.h"
#include "work/work.h"

/* How a command cuts a variant into cases. */
struct partition {
	const struct work_ops *work;
	void *(*begin)(const struct program *program,
		       const struct campaign_options *options,
		       struct shard shard);
	void (*end)(void *state);
	/* A shard has some of the variants, and all of those. */
	bool whole_variants;
};

extern const struct partition partition_seeds, partition_branches;

struct parts {
	const struct settings *set; /* borrowed */
	struct journal *journal;    /* owned; NULL: there is none */
	struct shard shard;
	bool only_known; /* the journals have all there is */
	uint64_t variants;
	/* What a process ended with that a sanitizer ended: the status of all,
	 * whatever else came of it.  0: none did. */
	int exited;
	bool said_fewer; /* there are not as many processes as were wanted */
};

/*
 * Read the options, and open the journal.
 *
 * Returns: STATUS_OK, or another status after a message.
 */
int parts_init(struct parts *parts, const char *command, unsigned int bit,
	       const struct settings *set);

/* The same from the journals @paths; @head: the first line that all of them
 * have but for the shard.  Owns: the caller, json_object_put(). */
int parts_init_known(struct parts *parts, const struct words *paths,
		     struct json_object **head);

void parts_fini(struct parts *parts);

/* Whether runs are to be done in cases. */
bool parts_wanted(const struct parts *parts);

/* Whether the next variant is one of this shard; ask once for each. */
bool parts_has_variant(struct parts *parts, const struct partition *partition);

/* Who is told on the way. */
struct parts_ears {
	enum campaign_cut (*progress)(void *aux, uint64_t done);
	void *aux;
};

/*
 * Do the runs of a variant, as campaign_options.work does.
 *
 * @file: as the user named it.
 * Returns: CAMPAIGN_JOURNAL or CAMPAIGN_MACHINE after a message.
 */
enum campaign_cut parts_do(struct parts *parts,
			   const struct partition *partition, const char *file,
			   const struct program *program,
			   const struct campaign_options *options,
			   struct parts_ears ears, struct tally *out);

#endif /* SIM_PARTS_H */
