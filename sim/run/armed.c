/* SPDX-License-Identifier: MIT */
#include "run/armed.h"

#include "run/step.h"

/* Whether @a can go on at @in, with only the main thread beside it. */
static bool can_go_on(struct machine *m, struct actor *a, const struct insn *in)
{
	return !run_ops[in->op].ready || can_run_out(m, a, in) ||
	       run_ops[in->op].ready(m, a, in);
}

/* Returns whether it did anything. */
static bool go_on(struct machine *m, struct actor *a)
{
	const struct insn *in = next_of(m, a);
	bool any = false;

	while (a->state == ACTOR_LIVE && !m->has_stopped &&
	       can_go_on(m, a, in)) {
		if (!any)
			cdma_world_enter(m->world, a->who);
		any = true;
		if (is_step(m, in))
			run_count(m, &m->steps);
		perform(m, a, in);
		in = next_of(m, a);
	}
	return any;
}

void armed_run(struct machine *m)
{
	const struct program *p = m->program;
	bool again = p->has_armed, any = false;

	while (again && !m->has_stopped) {
		again = false;
		for (size_t i = 0; i < p->sections.nr; i++)
			again |= p->sections.at[i].is_armed &&
				 go_on(m, &m->actors[i]);
		any |= again;
	}
	if (any)
		cdma_world_enter(m->world, m->main->who);
}

bool armed_end(struct machine *m)
{
	const struct program *p = m->program;
	bool waits = false;

	if (m->has_stopped)
		return false;
	for (size_t i = 0; i < p->sections.nr; i++) {
		struct actor *a = &m->actors[i];
		const struct insn *in = next_of(m, a);

		if (a->state != ACTOR_LIVE)
			continue;
		if (in->op != INSN_ENTER) {
			waits = true;
			cdma_world_enter(m->world, a->who);
			run_stuck(m, a, in);
			continue;
		}
		cdma_actor_exit_at(a->who, p->sites.at[p->sections.at[i].site]);
		a->state = ACTOR_DONE;
	}
	cdma_world_enter(m->world, m->main->who);
	return waits;
}
