/* SPDX-License-Identifier: MIT */
#include "actor.h"

/*
 * Who hears of a store comes after what he did at its place before: what was
 * overwritten, or did not see it.
 */

/* Later ones of its engine to the same place say that it was made, too. */
static bool is_told(struct walk *w, const struct tale *told, uint32_t store,
		    uint32_t now)
{
	const struct cdma_event *of = &w->log->entries.at[store].ev;

	for (uint32_t i = store; i < now; i++) {
		const struct cdma_event *ev = &w->log->entries.at[i].ev;

		if (ev->kind == CDMA_EV_WRITE && ev->actor == of->actor &&
		    !((ev->flags ^ of->flags) & CDMA_EVF_UNORDERED) &&
		    ev->object == of->object && ev->offset == of->offset &&
		    ev->size == of->size && known_says(told, w->made[i].mark))
			return true;
	}
	return false;
}

void note_overtaken(struct walk *w, uint32_t i)
{
	const struct entry *store = &w->log->entries.at[i];
	bool is_done[LOG_ACTORS] = {false};

	for (uint32_t j = i; j--;) {
		const struct entry *e = &w->log->entries.at[j];

		if (!entry_is_access(e) || e->ev.how == CDMA_MMIO ||
		    is_device(w, e) || e->ev.actor == store->ev.actor ||
		    is_done[e->ev.actor] || !entries_meet(e, store))
			continue;
		*cdma_vec_push(&w->overtaken) = (struct overtaken){
			.actor = e->ev.actor, .access = j, .store = i};
		is_done[e->ev.actor] = e->ev.kind == CDMA_EV_WRITE;
	}
}

void find_overtaken(struct walk *w, uint32_t i, const struct tale *told)
{
	for (size_t k = 0; k < w->overtaken.nr; k++) {
		const struct overtaken *o = &w->overtaken.at[k];

		if (o->actor == w->log->entries.at[i].ev.actor &&
		    is_told(w, told, o->store, i))
			*cdma_vec_push(&w->follows) = (struct follows){
				.entry = i, .access = o->access};
	}
}

const struct tale *after_overtaken(struct walk *w, uint32_t i, int view)
{
	const struct tale *all = NULL;

	while (w->next < w->follows.nr && w->follows.at[w->next].entry < i)
		w->next++;
	for (size_t k = w->next;
	     k < w->follows.nr && w->follows.at[k].entry == i; k++) {
		uint32_t e = w->follows.at[k].access;

		all = tales(all, w->log->entries.at[e].ev.kind == CDMA_EV_READ
					 ? node(w, e, view)
					 : w->made[e].before[view]);
	}
	return all;
}
