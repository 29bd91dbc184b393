/* SPDX-License-Identifier: MIT */
#include "report/model.h"
#include "report/report.h"

#include <string.h>

const char *report_keep(struct cdma_arena *arena, struct cdma_text *text)
{
	char *kept = cdma_arena_alloc(arena, text->len + 1);

	memcpy(kept, cdma_text_str(text), text->len + 1);
	cdma_text_fini(text);
	return kept;
}

static const char *keep_str(struct cdma_arena *arena, const char *s)
{
	size_t size = s ? strlen(s) + 1 : 0;

	return s ? memcpy(cdma_arena_alloc(arena, size), s, size) : NULL;
}

struct report_result *report_result_new(enum report_kind kind,
					enum verdict verdict, const char *file)
{
	struct report_result *r = cdma_xcalloc(1, sizeof(*r));

	r->kind = kind;
	r->verdict = verdict;
	r->file = keep_str(&r->arena, file);
	return r;
}

void report_result_free(struct report_result *r)
{
	if (!r)
		return;
	cdma_vec_free(&r->expects);
	cdma_vec_free(&r->notes);
	cdma_vec_free(&r->findings);
	cdma_arena_fini(&r->arena);
	free(r);
}

void report_result_note(struct report_result *r, enum report_note_kind kind,
			const struct cdma_site *site, const char *text)
{
	*cdma_vec_push(&r->notes) = (struct report_note){
		.kind = kind,
		.site = site && site->file ? site : NULL,
		.text = keep_str(&r->arena, text),
	};
}

void report_result_finding(struct report_result *r,
			   const struct report_variant *variant,
			   const struct campaign_finding *finding, bool seen)
{
	struct report_finding *f = cdma_vec_push(&r->findings);
	struct cdma_text text = {0};

	*f = report_finding_of(variant, finding, &r->arena);
	if (!seen)
		return;
	report_seen(&text, variant->campaign, finding);
	f->seen = report_keep(&r->arena, &text);
}

void report_result_add_name(struct cdma_text *out,
			    const struct report_result *r)
{
	cdma_text_add(out, r->scenario ? r->scenario : r->file);
	if (r->variant)
		cdma_text_addf(out, "/%s", r->variant);
	if (r->kind == REPORT_FAULTS)
		cdma_text_add(out, " with faults");
	else if (r->faults)
		cdma_text_addf(out, " with %s", r->faults);
	if (r->machine)
		cdma_text_addf(out, " on %s", r->machine);
}

/* ---- names ---- */

const char *report_kind_name(enum report_kind kind)
{
	static const char *const names[] = {
#define X(name, text) [REPORT_##name] = (text),
		REPORT_KINDS(X)
#undef X
	};

	return names[kind];
}

const char *report_note_name(enum report_note_kind kind)
{
	static const char *const names[] = {
#define X(name, text) [REPORT_NOTE_##name] = (text),
		REPORT_NOTES(X)
#undef X
	};

	return names[kind];
}

const char *report_verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_EXPECTED] = "expected",
		[VERDICT_DIFFERS] = "differs",
		[VERDICT_INCONCLUSIVE] = "inconclusive",
		[VERDICT_PART] = "part",
		[VERDICT_ERROR] = "error",
	};

	return names[verdict];
}
