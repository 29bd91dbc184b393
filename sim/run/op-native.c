/* SPDX-License-Identifier: MIT */
#include "native/native.h"

#include "run/native.h"
#include "run/ops.h"
#include "run/world.h"

static size_t number_of(const struct machine *m, const struct actor *a)
{
	return (size_t)(a - m->actors);
}

/* Its place, within the calls that led there. */
static void enter_calls(struct machine *m, const struct native_crash *crash)
{
	uint32_t ctx = run_ctx(m);

	for (size_t i = crash->nr_callers; m->record && i--;)
		ctx = run_frames_call(m, crash->callers[i], ctx);
	run_frames_set(m, ctx);
}

/* What compiled code does is told in the calls that lead there. */
static void told_calls(void *machine, const struct cdma_site *const *calls,
		       size_t nr)
{
	struct machine *m = machine;
	uint32_t ctx = m->calls_ctx;

	if (!m->record)
		return;
	for (size_t i = 0; i < nr; i++)
		ctx = run_frames_call(m, calls[i], ctx);
	run_frames_set(m, ctx);
}

static void crashed(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct native_crash *crash = native_crash_of(number_of(m, a));
	const struct cdma_site *site =
		crash->site ? crash->site : site_of(m, in);

	enter_calls(m, crash);
	run_found_at(m, site,
		     crash->is_loop ? CDMA_FINDING_STUCK : CDMA_FINDING_PANIC,
		     NULL, crash->what);
	run_kill(m, a);
}

/* The model asks for what no model may. */
static void wrong(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct native_crash *crash = native_crash_of(number_of(m, a));

	run_fail(m, in, crash->what);
	if (crash->site)
		m->error.site = crash->site;
	a->state = ACTOR_DONE;
}

/* @more: the instruction by which it goes on. */
static void follow(struct machine *m, struct actor *a, const struct insn *more,
		   enum native_state state)
{
	switch (state) {
	case NATIVE_WAITS:
		a->pc = (uint32_t)(more - m->program->code.at);
		break;
	case NATIVE_DONE:
		a->pc = (uint32_t)(more + 1 - m->program->code.at);
		*reg(m, more->dst) = value_of(
			(uint64_t)(int32_t)native_result(number_of(m, a)), 0);
		break;
	case NATIVE_CRASHED:
		crashed(m, a, more);
		break;
	case NATIVE_WRONG:
		wrong(m, a, more);
		break;
	}
}

/* The scenario's own are known; those of native code follow. */
static void begin_calls(struct machine *m)
{
	m->calls_ctx = run_ctx(m);
	native_tell_calls(m->record ? told_calls : NULL);
}

void op_native(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct program_native *n = &m->program->natives.at[in->a];
	const uint16_t from[NATIVE_ARGS_MAX] = {
		in->b,
		in->c,
		(uint16_t)in->aux,
		(uint16_t)(in->aux >> 16),
		(uint16_t)in->aux2,
		(uint16_t)(in->aux2 >> 16),
	};
	struct native_call call = {.site = site_of(m, in)};

	CDMA_REQUIRE(n->fn, "%s() is not loaded", n->name);
	memcpy(&call.fn, &n->fn, sizeof(call.fn));
	for (size_t i = 0; i < in->size; i++)
		call.args[i] = reg(m, from[i])->bits;
	m->version++;
	begin_calls(m);
	follow(m, a, in + 1, native_call(&call, number_of(m, a)));
}

bool ready_native_more(struct machine *m, struct actor *a,
		       const struct insn *in)
{
	(void)in;
	return native_is_ready(number_of(m, a));
}

/* Which places the condition looks at may depend on what it sees there, so the
 * wait depends on all that anybody does. */
static void tell_around(struct machine *m, const struct actor *a)
{
	const struct cdma_event any = {.kind = CDMA_EV_NR};

	if (m->strategy.ops->depends && native_looks_around(number_of(m, a)))
		m->strategy.ops->depends(m->strategy.state, &any);
}

/* The condition holds, or never will: its reads are made now, together. */
static enum native_state end_wait(struct machine *m, struct actor *a,
				  const struct insn *in)
{
	enum native_state state;

	m->polling = in;
	m->poller = a;
	world_set_memory(m);
	tell_around(m, a);
	state = native_resume(number_of(m, a));
	m->polling = NULL;
	world_set_memory(m);
	return state;
}

void op_native_more(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	begin_calls(m);
	if (run_native_waits(m, a))
		follow(m, a, in, end_wait(m, a, in));
	else
		follow(m, a, in, native_resume(number_of(m, a)));
}

const struct cdma_site *run_native_place(const struct machine *m,
					 const struct actor *a)
{
	return native_step(number_of(m, a))->site;
}

bool run_native_waits(const struct machine *m, const struct actor *a)
{
	return native_is_poll(number_of(m, a));
}

bool run_native_runs_out(const struct machine *m, const struct actor *a,
			 const struct insn *in)
{
	return in->op == INSN_NATIVE_MORE && native_runs_out(number_of(m, a));
}

cdma_object_id run_native_awaits(const struct machine *m, const struct actor *a)
{
	return native_step(number_of(m, a))->object;
}

void run_native_look(struct machine *m, const struct actor *a)
{
	tell_around(m, a);
	native_look(number_of(m, a));
}

bool run_native_ends_with(const struct cdma_event *ev, uint64_t raw)
{
	return native_holds_with(&(struct cdma_assumed){
		.region = ev->object,
		.offset = ev->offset,
		.value = raw,
		.size = ev->size,
	});
}
