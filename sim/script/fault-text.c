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
	if (fault->error) {
		cdma_text_add(out, " with ");
		program_add_error(out, fault->error);
	}
}
