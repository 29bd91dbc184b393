/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "picture/picture.h"

/*
 * mermaid: a sequence diagram of each finding, in a block as Markdown has it.
 */

/* What would end a line, or is a comment or a separator there. */
static void add_escaped(struct cdma_text *out, const char *s)
{
	for (; *s; s++)
		if (*s == '#' || *s == ';' || *s == '<' || *s == '>' ||
		    *s == '\n')
			cdma_text_addf(out, "#%d;", *s);
		else
			cdma_text_addc(out, *s);
}

static void add_lanes(struct cdma_text *out, const struct picture *p)
{
	for (size_t i = 0; i < p->lanes.nr; i++) {
		cdma_text_addf(out, "  participant L%zu as ", i);
		add_escaped(out, p->lanes.at[i].name);
		if (p->lanes.at[i].what[0]) {
			cdma_text_add(out, ", ");
			add_escaped(out, p->lanes.at[i].what);
		}
		cdma_text_addc(out, '\n');
	}
}

static void add_row(struct cdma_text *out, const struct picture *p, size_t i)
{
	const struct picture_row *row = &p->rows.at[i];

	cdma_text_addf(out, "  Note over L%zu: ", row->lane);
	if (row->look == PICTURE_GHOST)
		cdma_text_add(out, "tried, and helps: ");
	else
		cdma_text_addf(out, "#35;%llu ", (unsigned long long)row->seq);
	add_escaped(out, row->text);
	cdma_text_addc(out, '\n');
	for (size_t e = 0; e < p->edges.nr; e++) {
		const struct picture_edge *edge = &p->edges.at[e];

		if (edge->to != i)
			continue;
		cdma_text_addf(out, "  L%zu%sL%zu: %s #35;%llu\n",
			       p->rows.at[edge->from].lane,
			       edge->kind == PICTURE_EDGE_BELIEVED ? "--x"
								   : "->>",
			       row->lane, picture_edge_words(edge->kind),
			       (unsigned long long)p->rows.at[edge->from].seq);
	}
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	(void)state;
	(void)options;
	for (size_t i = 0; i < r->findings.nr; i++) {
		const struct report_finding *f = &r->findings.at[i];
		struct picture p;

		picture_of(&p, f->from, f->in->options);
		cdma_text_addf(out, "%s in %s %s\n\n```mermaid\n", f->id,
			       f->who, f->where);
		cdma_text_add(out, "sequenceDiagram\n");
		add_lanes(out, &p);
		for (size_t row = 0; row < p.rows.nr; row++)
			add_row(out, &p, row);
		cdma_text_add(out, "```\n\n");
		picture_fini(&p);
	}
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	report_text.end(out, state, options, total);
}

const struct report_ops report_mermaid = {
	.name = "mermaid",
	.tells_all = true,
	.result = result,
	.end = end,
};
