/* SPDX-License-Identifier: MIT */
#include "report/fold.h"
#include "report/paint.h"
#include "report/report.h"
#include "run/source-line.h"

#include <string.h>

/*
 * The report of one finding.  Rulers and the BUG: line are as KCSAN's, frames
 * and the SUMMARY line as those of the sanitizers.
 */

#define RULER                                                                  \
	"=================================================================="

struct printer {
	struct cdma_text *out;
	bool colour;
	const struct report_finding *finding;
};

static void add_place(const struct printer *p, const struct cdma_site *site)
{
	cdma_text_addf(p->out, "%s%s:%u", paint(p->colour, PAINT_PLACE),
		       site->file ? site->file : "?", site->line);
	if (site->col)
		cdma_text_addf(p->out, ":%u", site->col);
	cdma_text_add(p->out, paint(p->colour, PAINT_RESET));
}

static void add_source(struct cdma_text *out, const char *text)
{
	cdma_text_add(out, "      ");
	cdma_text_squeeze(out, text);
	cdma_text_addc(out, '\n');
}

/*
 * " #0 poll nic_rx.dma:38:17 [i=0]" and the source line; then from where it
 * was called.  A loop belongs to the frame that it is in.
 */
static void add_frames(const struct printer *p,
		       const struct campaign_party *party)
{
	const struct cdma_site *site = party->party.site;
	size_t i = 0;

	for (unsigned int nr = 0; site; nr++) {
		cdma_text_addf(p->out, " #%u %s ", nr,
			       site->func ? site->func : "");
		add_place(p, site);
		for (; i < party->nr_frames && party->frames[i].name; i++)
			cdma_text_addf(
				p->out, " [%s=%llu]", party->frames[i].name,
				(unsigned long long)party->frames[i].index);
		cdma_text_addc(p->out, '\n');
		if (run_source_line(site))
			add_source(p->out, run_source_line(site));
		site = i < party->nr_frames ? party->frames[i++].site : NULL;
	}
}

static void add_value(const struct printer *p, const char *before,
		      const struct cdma_party *party)
{
	cdma_text_addf(p->out, "%s0x%llx", before,
		       (unsigned long long)party->value);
}

/* What an access read or wrote, and from whom. */
static void add_values(const struct printer *p,
		       const struct campaign_party *party)
{
	const struct cdma_party *what = &party->party;

	if ((what->kind != CDMA_EV_READ && what->kind != CDMA_EV_WRITE) ||
	    !what->size || what->size > 8)
		return;
	if (what->kind == CDMA_EV_WRITE) {
		add_value(p, "      it wrote ", what);
		cdma_text_addc(p->out, '\n');
		return;
	}
	add_value(p, "      it read ", what);
	if (party->saw.seq && party->saw.site) {
		cdma_text_addf(p->out, ", written by %s at ",
			       party->saw_actor ? party->saw_actor : "?");
		add_place(p, party->saw.site);
		cdma_text_addf(p->out, " (#%llu)",
			       (unsigned long long)party->saw.seq);
	} else if (what->flags & CDMA_EVF_MISSED) {
		cdma_text_add(p->out, ", which is nobody's data");
	} else if (what->how != CDMA_MMIO) {
		cdma_text_add(p->out, ", there from the start");
	}
	cdma_text_addc(p->out, '\n');
}

static void add_side(const struct printer *p, const struct report_side *side)
{
	if (!side->role)
		return;
	cdma_text_addf(p->out, "\n%s%s%s:\n", side->role,
		       *side->role ? " " : "", side->act);
	add_frames(p, side->party);
	add_values(p, side->party);
}

/* What both did stands below the two that did it. */
static void add_sides(const struct printer *p)
{
	const struct report_finding *f = p->finding;
	bool said = !f->common;

	for (size_t i = 0; i < f->nr_sides; i++) {
		if (!said && strcmp(f->sides[i].key, "at") != 0 &&
		    strcmp(f->sides[i].key, "against") != 0) {
			cdma_text_addf(p->out, "%s\n", f->common);
			said = true;
		}
		add_side(p, &f->sides[i]);
	}
	if (!said)
		cdma_text_addf(p->out, "%s\n", f->common);
}

/* "BUG: cdmasim: unordered_read in poll / dma  (...)". */
static void add_title(const struct printer *p)
{
	const struct report_finding *f = p->finding;

	cdma_text_addf(p->out, "%sBUG: cdmasim: %s%s in %s  %s\n%s\n",
		       paint(p->colour, PAINT_BAD), f->id,
		       paint(p->colour, PAINT_RESET), f->who, f->where,
		       f->what);
}

static void add_why(const struct printer *p)
{
	const struct report_finding *f = p->finding;

	if (!f->nr_why && !f->kernel && !f->help)
		return;
	cdma_text_addc(p->out, '\n');
	for (size_t i = 0; i < f->nr_why; i++)
		fold(p->out, f->why[i], 0);
	if (f->kernel)
		cdma_text_addf(p->out, "the kernel's own check says: %s\n",
			       f->kernel);
	if (f->help)
		cdma_text_addf(p->out, "%shelp: %s%s\n",
			       paint(p->colour, PAINT_GOOD), f->help,
			       paint(p->colour, PAINT_RESET));
}

static void add_moment(const struct printer *p, const char *what,
		       const struct cdma_party *party)
{
	if (!party->seq || !party->site)
		return;
	cdma_text_addf(p->out, "  %-10s ", what);
	add_place(p, party->site);
	cdma_text_addf(p->out, " (#%llu)\n", (unsigned long long)party->seq);
}

/* What the memory is and what happened to it. */
static void add_buffer(const struct printer *p)
{
	const struct cdma_region_info *info;

	if (!p->finding->buffer)
		return;
	info = &p->finding->from->buffer->info;
	cdma_text_addf(p->out, "\n%s\n", p->finding->buffer);
	add_moment(p, "allocated", &info->alloc);
	add_moment(p, "exposed", &info->expose);
	add_moment(p, "freed", &info->free);
}

static void add_summary(const struct printer *p)
{
	const struct report_finding *f = p->finding;
	bool first = true;

	cdma_text_addf(p->out, "SUMMARY: cdmasim: %s", f->id);
	for (size_t i = 0; i < f->nr_sides; i++) {
		const struct report_side *side = &f->sides[i];

		if (!side->party->party.site ||
		    (side->party != &f->from->at &&
		     side->party != &f->from->against))
			continue;
		cdma_text_add(p->out, first ? " " : " vs ");
		first = false;
		add_place(p, side->party->party.site);
		cdma_text_addf(p->out, " in %s", side->who);
	}
	cdma_text_addc(p->out, '\n');
}

void report_print_finding(struct cdma_text *out, bool colour,
			  const struct report_finding *finding)
{
	const struct printer p = {out, colour, finding};

	cdma_text_add(out, RULER "\n");
	add_title(&p);
	add_sides(&p);
	add_why(&p);
	add_buffer(&p);
	cdma_text_addf(out, "\nreplay: %s\n", finding->replay);
	if (finding->from->is_lost)
		cdma_text_add(out, "It was not found again there. That is a "
				   "mistake of cdmasim; please report "
				   "it.\n");
	add_summary(&p);
	cdma_text_add(out, RULER "\n");
}

void report_finding(struct cdma_text *out, const struct report_options *options,
		    const struct report_variant *variant,
		    const struct campaign_finding *finding)
{
	struct cdma_arena arena = {0};
	struct report_finding words =
		report_finding_of(variant, finding, &arena);

	report_print_finding(out, options->colour, &words);
	cdma_arena_fini(&arena);
}
