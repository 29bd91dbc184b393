/* SPDX-License-Identifier: MIT */
#ifndef LOG_CTF_WRITER_H
#define LOG_CTF_WRITER_H

/*
 * CTF writer: saves every event of a run as a trace.
 *
 * It is an observer.  What the process has logged when it is killed can be
 * read; see ctf.h for how, and for what a trace contains.
 *
 * Usage
 * -----
 *	err = cdma_ctf_create("log", &config, &writer);
 *	cdma_stream_observe(stream, cdma_ctf_observer(writer));
 *	… run …
 *	err = cdma_ctf_close(writer);
 *
 * An event that cannot be written, since the disk is full, ends the log there:
 * what was written before stays, later events are dropped, and close says why.
 *
 * Threads: one at a time.
 */

#include <cdma/finding.h>

#include "log/ctf.h"

struct cdma_ctf_writer;

/* Who an actor is. */
struct cdma_ctf_actor {
	enum cdma_actor_kind kind;
	cdma_device_id device; /* of an engine; 0: none */
	const char *name;      /* borrowed; NULL: none */
};

struct cdma_ctf_config {
	/* Resolves the dependencies of events; borrowed. */
	struct cdma_deps *deps;

	/*
	 * What the things are called that an event names by number.  Asked
	 * before the first event that does so, and of a region once more by
	 * the first event after it was exposed.  Either may be NULL; a result
	 * is borrowed until the next call, and NULL means that it has no name.
	 */
	struct cdma_ctf_actor (*actor)(void *aux, cdma_actor_id id);
	const char *(*name)(void *aux, enum cdma_ctf_table table, uint32_t id);
	void *aux; /* borrowed */
};

/*
 * Start a trace.
 *
 * @dir:    made here, and must not exist; its parent must.
 * @config: copied.
 * @out:    NULL on failure.
 *
 * Errors: -errno  as of mkdir(2), open(2), write(2): EEXIST, EACCES, ENOSPC.
 * Owns: the caller; cdma_ctf_close().
 */
int cdma_ctf_create(const char *dir, const struct cdma_ctf_config *config,
		    struct cdma_ctf_writer **out);

/*
 * End a trace.  NULL is ignored.
 *
 * Errors: -errno  why events were dropped.
 */
int cdma_ctf_close(struct cdma_ctf_writer *writer);

/* 0, or why events are being dropped. */
int cdma_ctf_error(const struct cdma_ctf_writer *writer);

struct cdma_observer cdma_ctf_observer(struct cdma_ctf_writer *writer);

/* Say something about the run: "seed", "0x5eed". */
void cdma_ctf_info(struct cdma_ctf_writer *writer, const char *key,
		   const char *value);

/* A finding that was made; its parties are events of this trace. */
void cdma_ctf_finding(struct cdma_ctf_writer *writer,
		      const struct cdma_finding *finding);

#endif /* LOG_CTF_WRITER_H */
