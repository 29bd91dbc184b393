/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ORACLE_LOG_H
#define TESTS_ORACLE_LOG_H

/*
 * Log: one run, kept whole, to be judged again.
 *
 * Everything is taken from the events: which stores a read saw, which reads an
 * access was computed from, who is what.  Entry i is the event with number
 * i + 1.
 */

#include "base/arena.h"
#include "base/vec.h"
#include "script/program.h"

#include <cdma/event.h>
#include <cdma/finding.h>

#define NOBODY UINT32_MAX

/* Some entries, in order; NULL: none. */
struct few {
	uint32_t nr;
	uint32_t at[];
};

struct entry {
	struct cdma_event ev;
	const struct few *addr, *data; /* reads that it was computed from */
	const struct few *saw;         /* of a read: stores, newest first */
	uint32_t rmw; /* of a store: the read that it belongs to; or NOBODY */
};

/* A finding: @b is what is wrong, mostly the later access. */
struct found {
	uint32_t a, b;
	enum cdma_finding_id id;
	bool is_part; /* parts of one access rely on each other when used */
};

#define LOG_ACTORS 64

struct log {
	struct machine *machine;
	struct cdma_arena arena;
	CDMA_VEC(struct entry) entries;
	CDMA_VEC(struct found) found;
	/* By actor; kind CDMA_CPU of one that never started. */
	struct {
		uint8_t kind;
		cdma_device_id device;
	} actor[LOG_ACTORS];
};

/* Runs of @program, which is borrowed. */
void log_init(struct log *log, const struct program *program);
void log_fini(struct log *log);

/*
 * Run schedule @index in strong memory, and judge it once more, for all
 * findings with their repetitions.
 *
 * Returns false when it was no run, or has more than @most events.
 */
bool log_run(struct log *log, uint64_t index, size_t most);

static inline bool log_is_device(const struct log *log, cdma_actor_id actor)
{
	return log->actor[actor].kind == CDMA_DEVICE;
}

static inline bool entry_is_access(const struct entry *e)
{
	return cdma_event_is_access(&e->ev);
}

/* Whether two accesses touch a byte that is the same. */
static inline bool entries_meet(const struct entry *a, const struct entry *b)
{
	return a->ev.object == b->ev.object &&
	       a->ev.offset < b->ev.offset + b->ev.size &&
	       b->ev.offset < a->ev.offset + a->ev.size;
}

#endif /* TESTS_ORACLE_LOG_H */
