/* SPDX-License-Identifier: MIT */
#include "run/step.h"

/* Against where the section began that it waits for, if it is one. */
void run_stuck(struct machine *m, const struct actor *a, const struct insn *in)
{
	const struct cdma_party holder =
		in->op == INSN_DEVRES_WAIT
			? cdma_revocable_revoked(m->revocables[in->a])
			: cdma_grace_holder(a->who);

	run_found_at(m, run_place(m, a, in), CDMA_FINDING_STUCK, &holder, NULL);
}

/* Who still waits, but for handlers that nobody has armed, and faults that
 * have nothing more to do. */
bool run_report_stuck(struct machine *m)
{
	bool stuck = false;

	for (uint64_t w = m->waiting; w; w &= w - 1) {
		struct actor *a = &m->actors[__builtin_ctzll(w)];
		const struct insn *in = next_of(m, a);

		if ((in->op == INSN_ENTER && !handler_is_storm(m, in->a)) ||
		    in->op == INSN_FAULT)
			continue;
		stuck = true;
		cdma_world_enter(m->world, a->who);
		run_note_frames(m, in);
		run_stuck(m, a, in);
	}
	return stuck || m->is_stuck;
}
