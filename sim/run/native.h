/* SPDX-License-Identifier: MIT */
#ifndef RUN_NATIVE_H
#define RUN_NATIVE_H

/*
 * Native: what the machine asks of an actor that is in a call of native code.
 *
 * Such an actor is at NATIVE_MORE, and what it does next is not in the
 * program but is what the call has announced.  op-native.c.
 */

#include "run/state.h"

/* Where the next step of @a, which is @in, is made. */
const struct cdma_site *run_native_place(const struct machine *m,
					 const struct actor *a);
static inline const struct cdma_site *
run_place(const struct machine *m, const struct actor *a, const struct insn *in)
{
	return in->op == INSN_NATIVE_MORE ? run_native_place(m, a)
					  : site_of(m, in);
}

/* Whether @a waits for a condition, in native code. */
bool run_native_waits(const struct machine *m, const struct actor *a);
static inline bool run_is_native_poll(const struct machine *m,
				      const struct actor *a,
				      const struct insn *in)
{
	return in->op == INSN_NATIVE_MORE && run_native_waits(m, a);
}

/* Whether @in is a wait in native code that may be given up. */
bool run_native_runs_out(const struct machine *m, const struct actor *a,
			 const struct insn *in);

/* What its step waits for; 0: no object. */
cdma_object_id run_native_awaits(const struct machine *m,
				 const struct actor *a);

/* Look at the condition, with its events, and go on waiting. */
void run_native_look(struct machine *m, const struct actor *a);

/* model.c: @m runs native code, from now on. */
void run_model_attach(struct machine *m);

/* As poll_ends_with(). */
bool run_native_ends_with(const struct cdma_event *ev, uint64_t raw);

#endif /* RUN_NATIVE_H */
