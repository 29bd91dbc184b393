/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

/*
 * What tests of the compiler and the machine share: a scenario from a string.
 *
 * A row of a test is a whole scenario with its own expectations, so that it
 * fails when a construct does nothing: an assertion that must fail, at a
 * label, shows that the one which must hold was reached.
 */

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "run/campaign.h"
#include "script/diag.h"
#include "script/script.h"
#include "unit.h"

/* Compile variant @i of @text; what is wrong with it fails the test. */
static inline struct program *scene_program(const char *text, size_t i)
{
	struct script_options options = {0};
	struct diag *diag = diag_new(false);
	struct script *script =
		script_parse("test.dma", text, strlen(text), &options, diag);
	struct unit *unit = script ? script_resolve(script, i, diag) : NULL;
	struct program *program = unit ? program_new(unit, diag) : NULL;
	struct cdma_text out = {0};

	diag_print(diag, &out);
	ck_assert_msg(program, "%s", out.at ? out.at : "no message");
	cdma_text_fini(&out);
	unit_free(unit);
	script_free(script);
	diag_free(diag);
	return program;
}

/* Everything that was found, for the message of a test that fails. */
static inline void scene_say(const struct campaign *c, struct cdma_text *out)
{
	for (size_t i = 0; i < campaign_nr_findings(c); i++) {
		const struct campaign_finding *f = campaign_finding(c, i);

		cdma_text_addf(out, "%s%s at line %u: %s\n",
			       f->expected ? "" : "unexpected ",
			       cdma_finding_name(f->finding.id),
			       f->finding.at.site->line,
			       f->finding.at.site->text);
	}
	for (size_t i = 0; i < campaign_nr_expects(c); i++) {
		const struct campaign_expect *e = campaign_expect(c, i);

		if (!e->met)
			cdma_text_addf(out, "not met: line %u: %s\n",
				       e->expect->site.line,
				       e->expect->site.text);
	}
	if (campaign_error(c))
		cdma_text_addf(out, "error: %s\n", campaign_error(c)->message);
}

static inline struct campaign *scene_run(const struct program *program,
					 uint64_t schedules)
{
	struct campaign_options options = {.seed = 1, .schedules = schedules};

	return campaign_run(program, &options);
}

/* Run @text; it must be what it expects. */
static inline void scene_check(const char *name, const char *text)
{
	struct program *program = scene_program(text, 0);
	struct campaign *c = scene_run(program, 64);
	struct cdma_text out = {0};

	scene_say(c, &out);
	ck_assert_msg(campaign_verdict(c) == VERDICT_EXPECTED, "%s:\n%s", name,
		      out.at ? out.at : "");
	cdma_text_fini(&out);
	campaign_free(c);
	program_free(program);
}

/*
 * Parts of scenarios.  HERE is come by once and only once, if it is followed
 * by ONLY_HERE; without the construct that a row is about it is not reached,
 * or some other assertion fails.
 */
#define HEAD                                                                   \
	"scenario t \"t\";\n"                                                  \
	"struct desc { le32 len; le32 status; be16 port; u8 pad[6]; };\n"      \
	"device d { regs { u32 r; u64 q; be32 b; u32 arr[4]; }\n"              \
	"           irq i : msi; irq w : intx; };\n"                           \
	"device other { regs { u32 r; } };\n"                                  \
	"shared u32 x; shared u32 y; spinlock l; completion k;\n"
#define RING                                                                   \
	HEAD "setup { coherent c = dma_alloc_coherent(d, desc[4], ZEROED); "   \
	     "}\n"                                                             \
	     "teardown { free(c); }\n"
#define BOX        HEAD "setup { box c = dma_alloc(d, desc[4], ZEROED);\n"
#define CPU(body)  "thread cpu on cpu {\n" body "}\n"
#define CPU2(body) "thread cpu2 on cpu {\n" body "}\n"
#define DEV(body)  "thread dev on d {\n" body "}\n"
#define HERE       "bad: assert(0);\n"
#define ONLY_HERE  "expect always assertion at bad;\n"
#define NOTHING    "expect nothing;\n"

#endif /* TESTS_SCENE_H */
