/* SPDX-License-Identifier: MIT */

/*
 * Any bytes as a scenario: they are parsed, every variant is resolved, and
 * compiled, and run under a few schedules, and they are formatted.
 *
 * Beyond not to crash, this holds: what cannot be used has a message, and
 * what was formatted is formatted, and still a scenario.
 *
 * tests/fuzz/replay.c runs it over the corpus without a fuzzer.
 */

#include <stdint.h>
#include <string.h>

#include "base/macros.h"
#include "run/campaign.h"
#include "script/diag.h"
#include "script/fmt.h"
#include "script/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More variants than that are more of the same. */
#define VARIANTS_MAX 3

/* Steps of a run: enough to get everywhere, and soon over. */
#define STEPS_MAX 2000

/* Whatever the verdict is. */
static void run(const struct unit *unit, struct diag *diag)
{
	struct program *program = program_new(unit, diag);
	struct campaign_options options = {
		.seed = 1,
		.schedules = 2,
		.as_is = true, /* simpler schedules would take most of the time
				*/
		.machine.step_cap = STEPS_MAX,
	};

	if (program)
		campaign_free(campaign_run(program, &options));
	program_free(program);
}

static void resolve(struct script *script, struct diag *diag)
{
	size_t nr = script_nr_variants(script);

	for (size_t i = 0; i < nr && i < VARIANTS_MAX; i++) {
		struct unit *unit = script_resolve(script, i, diag);

		CDMA_REQUIRE(unit || diag_nr_errors(diag));
		if (unit)
			run(unit, diag);
		unit_free(unit);
	}
}

static bool parse(const char *text, size_t len)
{
	static const struct script_options options = {.no_includes = true};
	struct diag *diag = diag_new(false);
	struct cdma_text out = {0};
	struct script *script =
		script_parse("fuzz.dma", text, len, &options, diag);

	CDMA_REQUIRE(!script == (diag_nr_errors(diag) > 0));
	if (script)
		resolve(script, diag);
	diag_print(diag, &out);
	cdma_text_fini(&out);
	script_free(script);
	diag_free(diag);
	return script != NULL;
}

static void format(const char *text, size_t len, bool is_scenario)
{
	struct diag *diag = diag_new(false);
	struct cdma_text once = {0}, twice = {0};
	bool ok = script_fmt("fuzz.dma", text, len, diag, &once);

	CDMA_REQUIRE(ok == is_scenario);
	if (ok) {
		ok = script_fmt("fmt.dma", cdma_text_str(&once), once.len, diag,
				&twice);
		CDMA_REQUIRE(ok, "what was formatted is no scenario");
		CDMA_REQUIRE(once.len == twice.len &&
				     !strcmp(cdma_text_str(&once),
					     cdma_text_str(&twice)),
			     "formatting it again changes it");
	}
	cdma_text_fini(&once);
	cdma_text_fini(&twice);
	diag_free(diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = size ? (const char *)data : "";

	format(text, size, parse(text, size));
	return 0;
}
