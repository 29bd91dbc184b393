/* SPDX-License-Identifier: MIT */
#include "script/program.h"

#include <cdma/fault.h>

#include "base/text.h"
#include "script/builtins.h"

void program_add_error(struct cdma_text *out, int error)
{
	for (size_t i = 0; i < nr_builtin_consts; i++) {
		const struct builtin_const *c = &builtin_consts[i];

		if (!c->doc && c->value == (uint64_t)-error) {
			cdma_text_addf(out, "-%s", c->name);
			return;
		}
	}
	cdma_text_addf(out, "%d", error);
}

static void add_window(struct cdma_text *out, const struct program_fault *fault)
{
	if (fault->label)
		cdma_text_addf(out, " at %s", fault->label);
	if (fault->in)
		cdma_text_addf(out, " in %s", fault->in);
	if (fault->after)
		cdma_text_addf(out, " after %s", fault->after);
}

/* Those that are not what they are when nobody sets them. */
static void add_attrs(struct cdma_text *out, const struct cdma_fault_attr *a)
{
	if (a->probability)
		cdma_text_addf(out, ", probability=%u", a->probability);
	if (a->interval != 1)
		cdma_text_addf(out, ", interval=%llu",
			       (unsigned long long)a->interval);
	if (a->times != 1)
		cdma_text_addf(out, ", times=%lld", (long long)a->times);
	if (a->space)
		cdma_text_addf(out, ", space=%llu",
			       (unsigned long long)a->space);
	if (a->fail_nth)
		cdma_text_addf(out, ", fail_nth=%llu",
			       (unsigned long long)a->fail_nth);
}

void program_add_fault(struct cdma_text *out, const struct program_fault *fault)
{
	if (fault->device)
		cdma_text_addf(out, "%s ", fault->device);
	cdma_text_add(out, fault->site);
	if (fault->of)
		cdma_text_addf(out, " of %s", fault->of);
	if (fault->when != FAIL_FIRST)
		cdma_text_addf(out, " %s%llu",
			       fault->when == FAIL_NTH ? "#" : "every ",
			       (unsigned long long)fault->nr);
	if (fault->field)
		cdma_text_addf(out, " at field %s", fault->field);
	else if (fault->byte)
		cdma_text_addf(out, " at byte %llu",
			       (unsigned long long)fault->byte);
	if (fault->bit)
		cdma_text_addf(out, " at bit %llu",
			       (unsigned long long)fault->bit);
	add_window(out, fault);
	if (fault->error) {
		cdma_text_add(out, " with ");
		program_add_error(out, fault->error);
	}
	if (fault->has_attr)
		add_attrs(out, &fault->attr);
}
