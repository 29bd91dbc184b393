/* SPDX-License-Identifier: MIT */
#include "run/window.h"

#include "base/xalloc.h"
#include "run/state.h"

/* Who does something now; NULL: nobody of the program. */
static const struct actor *acting(const struct machine *m)
{
	const struct cdma_actor *who = cdma_world_actor(m->world);

	for (size_t i = 0; i <= m->program->sections.nr; i++)
		if (m->actors[i].who == who)
			return &m->actors[i];
	return NULL;
}

/* The label of what is done now, or NULL. */
static const char *label_now(const struct machine *m, const struct actor *a)
{
	if (!a || !a->pc)
		return NULL;
	return site_of(m, &m->program->code.at[a->pc - 1])->label;
}

static const char *section_now(const struct machine *m, const struct actor *a)
{
	const struct program *p = m->program;

	if (!a)
		return "";
	if (a == m->main)
		return a->section == &p->setup      ? "setup"
		       : a->section == &p->teardown ? "teardown"
						    : "";
	return a->section->name;
}

static bool is(const char *wanted, const char *name)
{
	return !wanted || (name && !strcmp(wanted, name));
}

static bool has_label(const struct program *p, size_t pc, const char *label)
{
	return is(label, p->sites.at[p->code.at[pc].site]->label);
}

/* Whether a step with @label was done; the one that is done now was not. */
static bool is_past(const struct machine *m, const char *label,
		    const struct actor *a)
{
	const struct program *p = m->program;

	if (is(label, label_now(m, a)))
		return false;
	for (size_t i = 0; i < p->code.nr; i++)
		if (m->opens[i] && m->reached[i] & REACH_DONE &&
		    has_label(p, i, label))
			return true;
	return false;
}

bool window_is_open(void *aux, size_t rule)
{
	const struct machine *m = aux;
	const struct program_fault *f = &m->program->faults.at[rule - 1];
	const struct actor *a = acting(m);

	if (!is(f->label, label_now(m, a)) || !is(f->in, section_now(m, a)))
		return false;
	return !f->after || is_past(m, f->after, a);
}

unsigned char *window_openers(const struct program *p)
{
	unsigned char *opens = NULL;

	for (size_t i = 0; i < p->faults.nr; i++) {
		const char *after = p->faults.at[i].after;

		if (after && !opens)
			opens = cdma_xcalloc(p->code.nr + 1, 1);
		for (size_t pc = 0; after && pc < p->code.nr; pc++)
			opens[pc] |= has_label(p, pc, after);
	}
	return opens;
}
