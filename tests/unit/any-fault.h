/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ANY_FAULT_H
#define TESTS_ANY_FAULT_H

/* Faults at random, for any-program.h: calls that fail, and what its device
 * does. */

#include <cdma/fault.h>

#include <string.h>

#include "any-call.h"

/* What the fault is about; whether that is a whole call. */
static inline bool say_fault_place(struct draft *d, enum cdma_fault_site site)
{
	bool inits = site == CDMA_FAULT_INIT || site == CDMA_FAULT_INIT_AT;

	if (inits && one_in(d, 2)) {
		say(d, " of own");
		return false;
	}
	if (site == CDMA_FAULT_CALL)
		say(d, one_in(d, 2) ? " of rom" : "");
	else if (site == CDMA_FAULT_REQUEST_IRQ)
		say(d, one_in(d, 4) ? " of v" : "");
	else if (one_in(d, 4))
		say(d, one_in(d, 2) ? " of own" : " of ring");
	return true;
}

/* When it counts. */
static inline void say_fault_window(struct draft *d, bool comes)
{
	if (d->has_label && one_in(d, 2))
		say(d, " after l0");
	else if (!comes && one_in(d, 4))
		say(d, one_in(d, 2) ? " in t1" : " in setup");
	else if (!comes && d->has_label && one_in(d, 6))
		say(d, " at l0");
}

/* As the kernel decides it. */
static inline void say_fault_attrs(struct draft *d)
{
	static const char *const attrs[] = {
		", probability=50, times=-1",
		", probability=100, interval=2, times=-1",
		", probability=30, space=40",
		", fail_nth=3",
	};

	say(d, DRAW(d, attrs));
}

/* What a broken device does. */
static inline void say_device_fault(struct draft *d)
{
	enum cdma_fault_site site = (enum cdma_fault_site)(
		CDMA_FAULT_CALLS + draw(d, CDMA_FAULT_NR - CDMA_FAULT_CALLS));
	const char *name = cdma_fault_name(site);

	cdma_text_addf(d->out, "fault nic %s", name);
	if (site == CDMA_FAULT_SPURIOUS_IRQ)
		say(d, one_in(d, 2) ? " of v" : " of x");
	else if (strstr(name, "irq") && one_in(d, 2))
		say(d, " of w");
	else if (strstr(name, "readl") || strstr(name, "writel"))
		say(d, one_in(d, 2) ? " of r" : "");
	else if (strstr(name, "write") && one_in(d, 4))
		say(d, " of ring");
	if (!cdma_fault_is_sudden(site) && !one_in(d, 3))
		cdma_text_addf(d->out, " %s%u", one_in(d, 3) ? "every " : "#",
			       1 + draw(d, 3));
	if (site == CDMA_FAULT_FLIP_WRITE && one_in(d, 2))
		cdma_text_addf(d->out, " at bit %u", draw(d, 20));
	say_fault_window(d, cdma_fault_is_sudden(site));
	say(d, ";\n");
}

static inline void say_faults(struct draft *d)
{
	enum cdma_fault_site site =
		(enum cdma_fault_site)draw(d, CDMA_FAULT_CALLS);
	bool whole, numbered = !one_in(d, 3);

	if (one_in(d, 5))
		site = CDMA_FAULT_ANY;
	if (d->has_engine && one_in(d, 4))
		say_device_fault(d);
	if (!one_in(d, 5))
		return;
	cdma_text_addf(d->out, "fail %s", cdma_fault_name(site));
	whole = say_fault_place(d, site);
	if (numbered)
		cdma_text_addf(d->out, " %s%u", one_in(d, 3) ? "every " : "#",
			       1 + draw(d, 6));
	if (!whole)
		say(d, one_in(d, 2) ? " at field y" : " at byte 2");
	say_fault_window(d, false);
	if (site != CDMA_FAULT_CALL && site != CDMA_FAULT_ANY && one_in(d, 4))
		cdma_text_addf(d->out, " with %d", cdma_fault_default(site));
	if (!numbered && one_in(d, 2))
		say_fault_attrs(d);
	say(d, ";\n");
}

#endif /* TESTS_ANY_FAULT_H */
