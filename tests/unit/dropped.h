/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DROPPED_H
#define TESTS_DROPPED_H

/*
 * Dropped: what was, and in which order.  The data of each thing is a letter.
 */

#include "rig.h"

static char dropped[16];
static char a_[] = "a", b_[] = "b";

static inline void drop(void *data)
{
	strcat(dropped, data);
}

static inline void rig_of(struct rig *rig)
{
	dropped[0] = '\0';
	rig_new(rig);
}

static inline struct cdma_actor *reader_of(struct rig *rig)
{
	struct cdma_actor *reader =
		cdma_actor_new(rig->world, CDMA_CPU, "reader");

	cdma_actor_start(reader);
	return reader;
}

/* ---- what is told of it ---- */

/* A step is put down as an event of no kind. */
static inline enum cdma_stepping put_down(void *aux,
					  const struct cdma_step *step)
{
	struct rig *rig = aux;

	ck_assert(!step->ready || step->ready(step->arg));
	*cdma_vec_push(&rig->log) = (struct cdma_event){.kind = CDMA_EV_NR};
	return CDMA_STEP_DO;
}

/* From now on steps are put down, too. */
static inline void listen(struct rig *rig)
{
	static const struct cdma_assumed nothing;

	cdma_world_set_stepper(rig->world,
			       (struct cdma_stepper){put_down, rig, &nothing});
	rig->log.nr = 0;
}

/*
 * All of it since the last time: | a step; then kinds, each with ! when it says
 * that something was changed, ? when it is the last look of a wait, and the
 * name of its object.
 */
static inline const char *told(struct rig *rig)
{
	size_t len = 0;

	rig->names[0] = '\0';
	for (size_t i = 0; i < rig->log.nr; i++) {
		const struct cdma_event *ev = &rig->log.at[i];
		bool is_step = ev->kind == CDMA_EV_NR;

		len += (size_t)snprintf(
			rig->names + len, sizeof(rig->names) - len,
			"%s%s%s%s%s%s", i ? " " : "",
			is_step ? "|" : cdma_event_kind_name(ev->kind),
			ev->value ? "!" : "",
			ev->flags & CDMA_EVF_POLL ? "?" : "",
			ev->object ? ":" : "",
			ev->object ? cdma_object_name(rig->world, ev->object)
				   : "");
	}
	rig->log.nr = 0;
	return rig->names;
}

#define heard(rig, want) ck_assert_str_eq(told(rig), want)

#endif /* TESTS_DROPPED_H */
