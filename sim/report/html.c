/* SPDX-License-Identifier: MIT */
#include "report/brief.h"

#include "picture/draw.h"
#include "picture/xml.h"
#include "run/source-line.h"

#include <stdlib.h>

/*
 * html: one page that needs nothing else: no network, no scripts.  An index of
 * all results, then each finding with its picture, what it is, and how it is
 * shown again.
 */

struct html {
	struct cdma_text index, body;
	struct report_head head;
	size_t nr; /* findings so far */
};

static const char style[] =
	":root{color-scheme:light dark}\n"
	"body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:"
	"1320px;padding:0 1em;background:#fff;color:#1b1f24}\n"
	"h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2.5em;border-top:1px "
	"solid #d0d7de;padding-top:1em}\n"
	"code,pre{font:13px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',"
	"monospace}pre{background:#f6f8fa;padding:.7em;overflow-x:auto;"
	"white-space:pre-wrap}\n"
	"table{border-collapse:collapse}td,th{text-align:left;padding:.2em "
	"1em .2em 0;vertical-align:top;border-bottom:1px solid #d0d7de}\n"
	".scroll{overflow-x:auto}.help{color:#1a7f37;font-weight:600}"
	".differs,.error{color:#cf222e;font-weight:600}"
	".inconclusive{color:#9a6700;font-weight:600}"
	".expected{color:#1a7f37}\n"
	"a{color:#0969da}\n"
	"@media (prefers-color-scheme:dark){body{background:#0d1117;color:"
	"#e6edf3}pre{background:#161b22}td,th,h2{border-color:#30363d}.help,"
	".expected{color:#56d364}.differs,.error{color:#ff7b72}.inconclusive{"
	"color:#d29922}a{color:#58a6ff}}\n";

static void *begin(struct cdma_text *out, const struct report_head *head)
{
	struct html *h = cdma_xcalloc(1, sizeof(*h));

	(void)out;
	h->head = *head;
	return h;
}

static void add_element(struct cdma_text *out, const char *tag,
			const char *class, const char *text)
{
	cdma_text_addf(out, "<%s", tag);
	if (class)
		xml_add_attribute(out, "class", class);
	cdma_text_addc(out, '>');
	xml_add(out, text);
	cdma_text_addf(out, "</%s>\n", tag);
}

/* ---- a finding ---- */

static void add_place(struct cdma_text *out, const struct cdma_site *site)
{
	struct cdma_text text = {0};

	if (!site || !site->file)
		return;
	cdma_text_addf(&text, "%s:%u:%u", site->file, site->line, site->col);
	add_element(out, "code", NULL, text.at);
	cdma_text_fini(&text);
	if (!run_source_line(site))
		return;
	cdma_text_add(out, "<br>");
	add_element(out, "code", NULL, run_source_line(site));
}

static void add_sides(struct cdma_text *out, const struct report_finding *f)
{
	cdma_text_add(out, "<table>\n");
	for (size_t i = 0; i < f->nr_sides; i++) {
		const struct report_side *side = &f->sides[i];

		if (!side->role)
			continue;
		cdma_text_add(out, "<tr><td>");
		xml_add(out, side->role);
		cdma_text_add(out, *side->role ? " " : "");
		xml_add(out, side->act);
		cdma_text_add(out, "</td><td>");
		add_place(out, side->party->party.site);
		cdma_text_add(out, "</td></tr>\n");
	}
	cdma_text_add(out, "</table>\n");
}

static void add_picture(struct cdma_text *out, const struct report_finding *f,
			const char *title, size_t nr)
{
	struct picture picture;

	picture_of(&picture, f->from, f->in->options);
	cdma_text_add(out, "<div class=\"scroll\">\n");
	draw_add(out, &picture, title, nr, false);
	cdma_text_add(out, "</div>\n");
	picture_fini(&picture);
}

static void add_finding(struct html *h, const struct report_finding *f)
{
	struct cdma_text *out = &h->body, title = {0};

	cdma_text_addf(&title, "%s in %s ", f->id, f->who);
	cdma_text_add(&title, f->where);
	cdma_text_addf(out, "<section id=\"finding-%zu\">\n", ++h->nr);
	add_element(out, "h2", NULL, title.at);
	add_element(out, "p", NULL, f->what);
	add_sides(out, f);
	if (f->common)
		add_element(out, "p", NULL, f->common);
	for (size_t i = 0; i < f->nr_why; i++)
		add_element(out, "p", "why", f->why[i]);
	if (f->kernel) {
		cdma_text_add(out, "<p>The kernel's own check says:</p>\n");
		add_element(out, "pre", NULL, f->kernel);
	}
	if (f->help) {
		cdma_text_add(out, "<p class=\"help\">help: ");
		xml_add(out, f->help);
		cdma_text_add(out, "</p>\n");
	}
	add_picture(out, f, title.at, h->nr);
	if (f->buffer)
		add_element(out, "p", NULL, f->buffer);
	if (f->seen)
		add_element(out, "p", NULL, f->seen);
	add_element(out, "pre", "replay", f->replay);
	cdma_text_add(out, "</section>\n");
	cdma_text_fini(&title);
}

/* ---- the index ---- */

static void add_links(struct html *h, const struct report_result *r)
{
	for (size_t i = 0; i < r->findings.nr; i++) {
		const struct report_finding *f = &r->findings.at[i];

		cdma_text_addf(&h->index, "<br><a href=\"#finding-%zu\">%s in ",
			       h->nr + i + 1, f->id);
		xml_add(&h->index, f->who);
		cdma_text_add(&h->index, "</a>");
	}
}

static void add_entry(struct html *h, const struct report_result *r)
{
	const char *verdict = report_verdict_name(r->verdict);
	struct cdma_text name = {0};

	report_result_add_name(&name, r);
	cdma_text_addf(&h->index, "<tr><td class=\"%s\">%s</td><td>", verdict,
		       verdict);
	xml_add(&h->index, name.at);
	cdma_text_add(&h->index, "</td><td>");
	xml_add(&h->index, r->verdict == VERDICT_EXPECTED && r->line
				   ? r->line
				   : brief_why(r));
	add_links(h, r);
	cdma_text_add(&h->index, "</td><td><code>");
	xml_add(&h->index, r->file);
	cdma_text_add(&h->index, "</code></td></tr>\n");
	cdma_text_fini(&name);
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	struct html *h = state;

	(void)out;
	(void)options;
	add_entry(h, r);
	for (size_t i = 0; i < r->findings.nr; i++)
		add_finding(h, &r->findings.at[i]);
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	const struct report_options plain = {0};
	struct html *h = state;
	struct cdma_text sum = {0};

	(void)options;
	report_text.end(&sum, NULL, &plain, total);
	cdma_text_addf(out,
		       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
		       "charset=\"utf-8\">\n<meta name=\"viewport\" "
		       "content=\"width=device-width\">\n<title>cdmasim %s"
		       "</title>\n<style>\n%s",
		       h->head.command, style);
	draw_add_style(out);
	cdma_text_addf(out, "</style>\n</head>\n<body>\n<h1>cdmasim %s</h1>\n",
		       h->head.command);
	if (sum.len)
		add_element(out, "p", "sum", sum.at);
	cdma_text_addf(out, "<table class=\"index\">\n%s</table>\n%s",
		       cdma_text_str(&h->index), cdma_text_str(&h->body));
	cdma_text_addf(out, "<p><small>%s</small></p>\n</body>\n</html>\n",
		       h->head.program);
	cdma_text_fini(&sum);
	cdma_text_fini(&h->index);
	cdma_text_fini(&h->body);
	free(h);
}

const struct report_ops report_html = {
	.name = "html",
	.tells_all = true,
	.begin = begin,
	.result = result,
	.end = end,
};
