/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "picture/draw.h"

/*
 * svg: the picture of one finding, the first that nobody expected, or else the
 * first: for a mail or a commit.
 */

struct svg {
	struct cdma_text picture;
	bool is_unexpected;
};

static void *begin(struct cdma_text *out, const struct report_head *head)
{
	(void)out;
	(void)head;
	return cdma_xcalloc(1, sizeof(struct svg));
}

static void draw(struct svg *svg, const struct report_finding *f)
{
	struct picture picture;
	struct cdma_text title = {0};

	cdma_text_addf(&title, "%s in %s %s", f->id, f->who, f->where);
	cdma_text_cut(&svg->picture, 0);
	picture_of(&picture, f->from, f->in->options);
	draw_add(&svg->picture, &picture, title.at, 1, true);
	picture_fini(&picture);
	cdma_text_fini(&title);
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	struct svg *svg = state;

	(void)out;
	(void)options;
	for (size_t i = 0; i < r->findings.nr && !svg->is_unexpected; i++) {
		const struct report_finding *f = &r->findings.at[i];

		if (svg->picture.len && f->from->expected)
			continue;
		draw(svg, f);
		svg->is_unexpected = !f->from->expected;
	}
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	struct svg *svg = state;

	(void)options;
	(void)total;
	if (svg->picture.len)
		cdma_text_add(out, svg->picture.at);
	else
		cdma_text_add(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
				   "width=\"200\" height=\"40\"><text x=\"10\" "
				   "y=\"24\">nothing found</text></svg>\n");
	cdma_text_fini(&svg->picture);
	free(svg);
}

const struct report_ops report_svg = {
	.name = "svg",
	.tells_all = true,
	.begin = begin,
	.result = result,
	.end = end,
};
