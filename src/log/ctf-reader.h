/* SPDX-License-Identifier: MIT */
#ifndef LOG_CTF_READER_H
#define LOG_CTF_READER_H

/*
 * CTF reader: gives back the events of a trace that cdma_ctf_create() made.
 *
 * They are what they were when they were written, so an observer can be shown
 * a log as it would have been shown the run: cdma_order judges it again.  Only
 * sites are other pointers (equal where the old ones were), and dependencies
 * are sets in a table of the reader.
 *
 * Usage
 * -----
 *	err = cdma_ctf_open("log", &ctf);
 *	while ((err = cdma_ctf_next(ctf, &ev)) > 0)
 *		observer.event(observer.aux, &ev);
 *	cdma_ctf_free(ctf);
 *
 * A trace may be damaged, or written by somebody with bad intentions: that is
 * -EBADMSG, after all events before the damage.
 *
 * Lifetime: everything that is returned is borrowed and lives until free.
 */

#include <cdma/finding.h>

#include "log/ctf.h"

struct cdma_ctf;

/*
 * Open the trace in the directory @dir.
 *
 * @out: NULL on failure.
 *
 * Errors: -ENOENT           there is no trace in @dir.
 *         -EPROTONOSUPPORT  it is not one of ours, or of another version.
 *         -errno            of open(2), read(2).
 * Owns: the caller; cdma_ctf_free().
 */
int cdma_ctf_open(const char *dir, struct cdma_ctf **out);
void cdma_ctf_free(struct cdma_ctf *ctf);

/*
 * Read the next event into @ev.
 *
 * Returns 1, or 0 at the end.
 * Errors: -EBADMSG  the trace is damaged here.
 *         -errno    of open(2), read(2).
 */
int cdma_ctf_next(struct cdma_ctf *ctf, struct cdma_event *ev);

/* The table that dependencies of the events are in. */
struct cdma_deps *cdma_ctf_deps(struct cdma_ctf *ctf);

/*
 * What is known so far, which is all that the events so far have named.
 * NULL: nothing.
 */
const char *cdma_ctf_info_of(const struct cdma_ctf *ctf, const char *key);
const char *cdma_ctf_name(const struct cdma_ctf *ctf, enum cdma_ctf_table table,
			  uint32_t id);
const char *cdma_ctf_actor_name(const struct cdma_ctf *ctf, cdma_actor_id id);
enum cdma_actor_kind cdma_ctf_actor_kind(const struct cdma_ctf *ctf,
					 cdma_actor_id id);
cdma_device_id cdma_ctf_actor_device(const struct cdma_ctf *ctf,
				     cdma_actor_id id);

/* A finding that was made while the run was logged. */
struct cdma_ctf_finding {
	const char *name;                     /* its stable name */
	uint64_t at, against, proof, publish; /* seq of events; 0: none */
	cdma_region_id region;
	uint64_t arg[2];
};

/* Finding number @i, from 0, of those so far; NULL after the last. */
const struct cdma_ctf_finding *cdma_ctf_finding_at(const struct cdma_ctf *ctf,
						   size_t i);

#endif /* LOG_CTF_READER_H */
