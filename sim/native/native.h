/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_NATIVE_H
#define NATIVE_NATIVE_H

/*
 * Native: functions of a shared object, as parts of actors.
 *
 * A call runs on a stack that belongs to its actor, up to where it would make
 * its first visible step (cdma/step.h): there it says what that is and comes
 * back.  The machine asks whether that can be done, lets the strategy choose,
 * and resumes the call, which does the step and goes on to the next one.
 *
 *	how = native_call(&call, n);
 *	while (how == NATIVE_WAITS) {
 *		... until native_is_ready(n), and somebody has chosen it ...
 *		how = native_resume(n);
 *	}
 *
 * Between two steps a call is in C: what it does there to memory of its own is
 * part of the step before.  It may crash: that ends the call, and nothing else.
 *
 * What native code changes is memory of the process: its heap, the data of its
 * shared object, the stacks.  All machines of the process share it.  A machine
 * begins a run with native_reset(), or goes back to its mark, which puts all of
 * it back; so one run is over before that of another machine begins.
 *
 * Threads: calls exclude each other.
 */

#include <cdma/model.h>
#include <cdma/step.h>

#include "base/image.h"

struct native_library;

/* How a call stands. */
enum native_state {
	NATIVE_WAITS,   /* before a step */
	NATIVE_DONE,    /* it has returned */
	NATIVE_CRASHED, /* it cannot go on */
	NATIVE_WRONG,   /* the same: it did what no model may */
};

#define NATIVE_ARGS_MAX 6

struct native_call {
	const struct cdma_site *site; /* where the scenario makes it */
	int64_t (*fn)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
		      uint64_t);
	uint64_t args[NATIVE_ARGS_MAX];
};

/* Why a call cannot go on. */
struct native_crash {
	const char *what;             /* static: "a wild pointer" */
	const struct cdma_site *site; /* lives for ever; or NULL */
	/* Who called that, and so on; the last is called by the scenario. */
	const struct cdma_site *const *callers;
	size_t nr_callers;
	bool is_loop; /* it would not have come to an end */
};

/*
 * A run of @machine begins, with calls number 0 to @nr - 1 none of which is
 * made, in @world.  What there is of native code is as it was when it was
 * loaded.
 */
void native_reset(void *machine, struct cdma_world *world, size_t nr);

/* Add to @image all that a run changes from here on. */
void native_mark(struct cdma_image *image);

/* Put @image back: the run of @machine is there again. */
void native_rewind(void *machine, struct cdma_world *world,
		   const struct cdma_image *image);

/* The machine whose run it is, and the world. */
void *native_machine(void);

/* Tell @fn, from now on, in which calls of compiled code an event is made, the
 * outermost first, before it is; NULL: nobody. */
typedef void native_calls_fn(void *machine,
			     const struct cdma_site *const *calls, size_t nr);
void native_tell_calls(native_calls_fn *fn);

/*
 * What an access by address does to a register of @owner, a struct cdma_mmio:
 * by whoever knows its registers.  written: what it holds when @value is
 * written; was_read: it was, just now.
 */
struct native_registers {
	uint64_t (*written)(void *machine, const void *owner, size_t offset,
			    size_t size, uint64_t value);
	void (*was_read)(void *machine, const void *owner, size_t offset,
			 size_t size, const struct cdma_site *site);
};
void native_set_registers(const struct native_registers *registers);

/* Whether what comes is a part of the step that is made, and no other step;
 * what it was before.  For what a device does at once. */
bool native_within(bool on);

/* Let @world ask whoever calls native code. */
void native_attach(struct cdma_world *world);

/* Begin call number @n, which is not under way. */
enum native_state native_call(const struct native_call *call, size_t n);
/* It does its step, and goes on. */
enum native_state native_resume(size_t n);

/* Of a call that WAITS: whether its step can be done.  @looks: how many places
 * the condition of a wait has looked at, when it is one. */
bool native_is_ready(size_t n);

/* The step of call @n, which WAITS. */
const struct cdma_step *native_step(size_t n);
/* Whether it is the condition of a wait, which may run out; whether more than
 * one place was looked at to know whether it holds. */
bool native_is_poll(size_t n);
bool native_looks_around(size_t n);
/* Look at the condition, with all events, and stay where it is. */
void native_look(size_t n);
/* Whether it is another step that may be given up. */
bool native_runs_out(size_t n);

/* Wait until @changed gives another number than now, or nobody can go on. */
void native_wait_for_change(uint64_t (*number)(void),
			    const struct cdma_site *site);
/* The number of the call that runs. */
size_t native_number(void);

/* Whether the condition that is looked at would hold if it found @assumed. */
bool native_holds_with(const struct cdma_assumed *assumed);

/* Whether it is looking for an atomic operation; and whether that would fail by
 * @raw, and so may see it. */
bool native_is_rmw(void);
bool native_rmw_may_see(uint64_t raw);

/* The call that runs asks for what no model may: the end of it.  @what: static.
 */
_Noreturn void native_wrong(const char *what, const struct cdma_site *site);

/* What call @n returned; what became of it. */
int64_t native_result(size_t n);
const struct native_crash *native_crash_of(size_t n);

#endif /* NATIVE_NATIVE_H */
