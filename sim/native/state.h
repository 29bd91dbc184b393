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
	uint32_t looks, most; /* places looked at: now, at any time */
};

/* What it is resumed for. */
enum native_command { COMMAND_GO, COMMAND_PEEK, COMMAND_LOOK };

/* What its calls of libcdma are. */
enum native_mode { MODE_STEPS, MODE_PEEK, MODE_POLL };

struct native {
	/* All that a run changes: up to tasks, and nr_tasks of them. */
	unsigned char *heap; /* what is free begins here */
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
	atomic_uint turns;         /* of running; for the watch */
};

extern struct native native;

/* The call that runs cannot go on: back to the machine, for good. */
_Noreturn void native_fall(enum native_state state);

/* crash.c: what happens to the call that runs does not happen to us.  To be
 * said by each thread, before it resumes any. */
void native_guard(void);
/* What happened, when that was seen by a signal. */
void native_crash_places(struct native_crash *out);

#endif /* NATIVE_STATE_H */
