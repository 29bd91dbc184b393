/* SPDX-License-Identifier: MIT */
#include "report/brief.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/*
 * tap: the Test Anything Protocol, version 13, as prove(1) reads it.  A result
 * is a test point; of one that did not pass, all there is to say follows as
 * comments.
 */

struct tap {
	size_t nr;
};

static void *begin(struct cdma_text *out, const struct report_head *head)
{
	(void)head;
	cdma_text_add(out, "TAP version 13\n");
	return cdma_xcalloc(1, sizeof(struct tap));
}

/* "#" begins a directive, and a backslash escapes it. */
static void add_escaped(struct cdma_text *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '#' || *s == '\\')
			cdma_text_addc(out, '\\');
		cdma_text_addc(out, *s == '\n' ? ' ' : *s);
	}
}

static void add_comment(struct cdma_text *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		cdma_text_add(out, len ? "# " : "#");
		cdma_text_addn(out, text, len);
		cdma_text_addc(out, '\n');
		text += len + (text[len] == '\n');
	}
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	struct tap *tap = state;
	enum brief_end how = brief_end(r);
	struct cdma_text text = {0};

	(void)options;
	report_result_add_name(&text, r);
	cdma_text_addf(out, "%s %zu - ",
		       how == BRIEF_PASSED || how == BRIEF_SKIPPED ? "ok"
								   : "not ok",
		       ++tap->nr);
	add_escaped(out, cdma_text_str(&text));
	if (how == BRIEF_SKIPPED)
		cdma_text_add(out, " # SKIP a part of the work");
	cdma_text_addc(out, '\n');
	cdma_text_cut(&text, 0);
	if (how == BRIEF_FAILED || how == BRIEF_BROKEN) {
		brief_add_text(&text, r);
		add_comment(out, cdma_text_str(&text));
	}
	cdma_text_fini(&text);
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	struct tap *tap = state;

	(void)options;
	if (total->interrupted)
		cdma_text_add(out, "Bail out! interrupted\n");
	cdma_text_addf(out, "1..%zu\n", tap->nr);
	free(tap);
}

const struct report_ops report_tap = {
	.name = "tap",
	.begin = begin,
	.result = result,
	.end = end,
};
