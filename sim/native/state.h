/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_STATE_H
#define NATIVE_STATE_H

/*
 * State: what the files of this directory share.
 *
 * There is one of it in a process, as there is one heap and one set of data.
 */

#include <stdatomic.h>

#include "native/native.h"
#include "native/sanitize.h"
#include "script/program.h"

#define NATIVE_TASKS (PROGRAM_ACTORS_MAX + 1)

/* A call, and the stack that it is on. */
struct native_task {
	enum native_state state;
	void *sp; /* while it WAITS */
	struct native_call call;
	int64_t result;
	struct cdma_step step;
	bool (*cond)(void *arg); /* of a wait for a condition; or NULL */
	void *arg;
	bool holds;
	cdma_dep_t dep;                 /* that it comes from */
	uint32_t looks, most;           /* places looked at: now, at any time */
	const struct cdma_site **calls; /* while it WAITS: __cdma_calls */
	bool runs_out;                  /* its step may be given up */
	const struct cdma_waitqueue *wq; /* that it sleeps on ... */
	uint64_t wakes; /* ... and the wake-ups that it has seen */
};

/* What it is resumed for. */
enum native_command { COMMAND_GO, COMMAND_PEEK, COMMAND_LOOK };

/* What its calls of libcdma are. */
enum native_mode { MODE_STEPS, MODE_PEEK, MODE_POLL };

struct native {
	/* All that a run changes: up to tasks, and nr_tasks of them. */
	unsigned char *heap; /* what is free begins here */
	uint64_t now;        /* nanoseconds */
	size_t nr_tasks;
	struct native_task tasks[NATIVE_TASKS];

	void *machine;
	struct cdma_world *world;
	_Atomic(struct native_task *) running; /* NULL: the machine is */
	enum native_command command;
	enum native_mode mode;
	void *machine_sp;
	struct native_track self, tracks[NATIVE_TASKS];
	struct cdma_assumed assumed;
	struct native_crash crash; /* the last one */
	size_t crashed;            /* which call */
	bool is_panic;             /* it was said, and not seen by a signal */
	native_calls_fn *tells_calls; /* or NULL */
	const struct native_registers *registers;
	bool is_within;           /* what comes is a part of the same step */
	bool is_rmw;              /* an atomic operation looks ... */
	const uint64_t *expected; /* and fails unless it sees that; or NULL */
	atomic_uint turns;        /* of running; for the watch */
};

extern struct native native;

/* A step of the call that runs, made at @site; @looks: it changes nothing. What
 * libcdma does not do by itself. */
enum cdma_stepping native_announce(const struct cdma_site *site, bool looks);
/* The same for one that can be done once @ready says so. */
void native_announce_until(bool (*ready)(const void *arg), const void *arg,
			   cdma_object_id object, const struct cdma_site *site);
/* The same for one that may be given up when nobody else can go on: whether it
 * can be done. */
bool native_announce_until_or_never(bool (*ready)(const void *arg),
				    const void *arg, cdma_object_id object,
				    const struct cdma_site *site);

/* The same text, which stays. */
const char *native_text(const char *text);

/* Where the call of the runtime that is under way was made, by the driver. */
const struct cdma_site *native_here(void);
/* An event at @site is about to be made, that is no step. */
void native_enter_calls(const struct cdma_site *site);

/* The call that runs has done what ends it: a finding at @site.  @what: static.
 */
_Noreturn void native_panic(const char *what, const struct cdma_site *site);

/* The call that runs cannot go on: back to the machine, for good. */
_Noreturn void native_fall(enum native_state state);

/* crash.c: what happens to the call that runs does not happen to us.  To be
 * said by each thread, before it resumes any. */
void native_guard(void);
/* What happened, when that was seen by a signal. */
void native_crash_places(struct native_crash *out);
/* Who called that, as compiled code has noted it. */
void native_crash_callers(struct native_crash *out);

#endif /* NATIVE_STATE_H */
