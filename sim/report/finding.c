/* SPDX-License-Identifier: MIT */
#include "report/fold.h"
#include "report/paint.h"
#include "report/report.h"
#include "report/wording.h"

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
	const struct report_variant *variant;
	const struct campaign_finding *found;
};

static void add_place(const struct printer *p, const struct cdma_site *site)
{
	cdma_text_addf(p->out, "%s%s:%u", paint(p->colour, PAINT_PLACE),
		       site->file ? site->file : "?", site->line);
	if (site->col)
		cdma_text_addf(p->out, ":%u", site->col);
	cdma_text_add(p->out, paint(p->colour, PAINT_RESET));
}

/* The main thread goes by what it does: "setup". */
static const char *actor_name(const struct campaign_party *party)
{
	const struct cdma_site *site = party->party.site;

	if (party->party.actor == 1 && site && site->func)
		return site->func;
	return party->actor ? party->actor : "?";
}

/* "device nic, thread dma", "setup". */
static void add_actor(const struct printer *p,
		      const struct campaign_party *party)
{
	const char *name = actor_name(party);

	switch (party->kind) {
	case CDMA_DEVICE:
		cdma_text_addf(p->out, "device %s, thread %s",
			       party->device ? party->device : "?", name);
		return;
	case CDMA_IRQ:
		cdma_text_addf(p->out, "interrupt handler %s", name);
		return;
	case CDMA_SOFTIRQ:
		cdma_text_addf(p->out, "handler %s", name);
		return;
	case CDMA_CPU:
		cdma_text_addf(p->out, "%s%s",
			       party->party.actor == 1 ? "" : "CPU thread ",
			       name);
	}
}

static bool is_access(const struct cdma_party *party)
{
	return party->kind == CDMA_EV_READ || party->kind == CDMA_EV_WRITE;
}

static bool has_range(const struct cdma_party *party)
{
	return is_access(party) || party->kind == CDMA_EV_WINDOW_BEGIN ||
	       party->kind == CDMA_EV_LEASE_BEGIN ||
	       (party->kind >= CDMA_EV_MAP &&
		party->kind <= CDMA_EV_SYNC_DEVICE);
}

/* The last name that the memory had. */
static const char *buffer_name(const struct campaign_buffer *buffer)
{
	if (buffer->nr_names)
		return buffer->names[buffer->nr_names - 1];
	return buffer->info.name;
}

/* "read of 4 bytes at rx+0x8 by CPU thread poll (#12)". */
static void add_act(const struct printer *p, const struct campaign_party *party)
{
	const struct campaign_buffer *buffer = p->found->buffer;
	const struct cdma_party *what = &party->party;

	cdma_text_add(p->out, wording_act(what));
	if (has_range(what)) {
		cdma_text_addf(p->out, " of %llu byte%s",
			       (unsigned long long)what->size,
			       what->size == 1 ? "" : "s");
		if (party->place)
			cdma_text_addf(p->out, " at %s", party->place);
		else if (buffer && buffer->info.id == what->object &&
			 what->how != CDMA_MMIO)
			cdma_text_addf(p->out, " at %s+0x%llx",
				       buffer_name(buffer),
				       (unsigned long long)what->offset);
	}
	cdma_text_add(p->out, " by ");
	add_actor(p, party);
	cdma_text_addf(p->out, " (#%llu)", (unsigned long long)what->seq);
}

/* A line of source, with one blank for each row of blanks. */
static void add_source(struct cdma_text *out, const char *text)
{
	for (cdma_text_add(out, "      "); *text; text++)
		if (*text != ' ' && *text != '\t')
			cdma_text_addc(out, *text);
		else if (out->at[out->len - 1] != ' ')
			cdma_text_addc(out, ' ');
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
		if (site->text)
			add_source(p->out, site->text);
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

	if (!is_access(what) || !what->size || what->size > 8)
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

static void add_party(const struct printer *p, const char *before,
		      const struct campaign_party *party)
{
	if (!party->present)
		return;
	cdma_text_addf(p->out, "\n%s", before);
	add_act(p, party);
	cdma_text_add(p->out, ":\n");
	add_frames(p, party);
	add_values(p, party);
}

static void add_prefixed(const struct printer *p, const char *before,
			 const struct campaign_party *party)
{
	struct cdma_text line = {0};

	if (!before)
		return;
	cdma_text_addf(&line, "%s ", before);
	add_party(p, cdma_text_str(&line), party);
	cdma_text_fini(&line);
}

/* Where one side touched more than the other: what both did. */
static void add_common(const struct printer *p)
{
	const struct campaign_finding *f = p->found;

	if (f->common)
		cdma_text_addf(p->out, "both touch %llu byte%s at %s\n",
			       (unsigned long long)f->common_size,
			       f->common_size == 1 ? "" : "s", f->common);
}

/* "unordered_read in poll / dma". */
static void add_title(const struct printer *p)
{
	const struct campaign_finding *found = p->found;
	const struct report_variant *v = p->variant;

	cdma_text_addf(p->out, "%sBUG: cdmasim: %s%s in %s",
		       paint(p->colour, PAINT_BAD),
		       cdma_finding_name(found->finding.id),
		       paint(p->colour, PAINT_RESET), actor_name(&found->at));
	if (found->against.present &&
	    found->against.party.actor != found->at.party.actor)
		cdma_text_addf(p->out, " / %s", actor_name(&found->against));
	cdma_text_addf(p->out, "  (%s, variant %s%s%s)\n", v->program->name,
		       v->program->variant, v->faults ? ", with " : "",
		       v->faults ? v->faults : "");
	cdma_text_addf(p->out, "%s", cdma_finding_summary(found->finding.id));
	if (found->finding.detail)
		cdma_text_addf(p->out, ": %s", found->finding.detail);
	cdma_text_addc(p->out, '\n');
}

/* Numbers that belong to the kind: sizes, addresses, masks. */
static void add_numbers(const struct printer *p)
{
	const struct cdma_finding *f = &p->found->finding;
	unsigned long long a = f->arg[0], b = f->arg[1];

	switch (f->id) {
	case CDMA_FINDING_OUT_OF_BOUNDS:
		/* An address where nothing is mapped is no place in memory. */
		if (f->region &&
		    (f->at.kind == CDMA_EV_READ || f->at.kind == CDMA_EV_WRITE))
			cdma_text_addf(p->out,
				       "It reaches from byte %llu to %llu",
				       (unsigned long long)f->at.offset,
				       (unsigned long long)(f->at.offset +
							    f->at.size));
		if (f->region)
			cdma_text_addf(p->out,
				       a ? ", and there are %llu.\n" : ".\n",
				       a);
		if (b || f->at.how == CDMA_DMA)
			cdma_text_addf(p->out, "The DMA address was 0x%llx.\n",
				       b);
		break;
	case CDMA_FINDING_MASK_EXCEEDED:
		cdma_text_addf(p->out,
			       "The DMA address was 0x%llx, and the device "
			       "drives %llu bits.\n",
			       a, b);
		break;
	case CDMA_FINDING_DEVICE_UAF:
	case CDMA_FINDING_WRONG_DEVICE:
	case CDMA_FINDING_WRONG_DIRECTION:
		cdma_text_addf(p->out, "The DMA address was 0x%llx.\n", a);
		break;
	case CDMA_FINDING_LEAK:
	case CDMA_FINDING_OUTLIVES_UNBIND:
		cdma_text_addf(p->out, "%llu bytes.\n", a);
		break;
	default:
		break;
	}
}

static void add_kernel(const struct printer *p)
{
	const char *line = wording_kernel(&p->found->finding);
	const struct campaign_buffer *buffer = p->found->buffer;

	if (!line)
		return;
	cdma_text_add(p->out, "the kernel's own check says: ");
	if (wording_is_mapping(&p->found->finding)) {
		cdma_text_addf(p->out,
			       "DMA-API: %s [device address=0x%016llx]\n", line,
			       (unsigned long long)p->found->finding.arg[1]);
		return;
	}
	cdma_text_add(p->out, line);
	if (buffer && !strncmp(line, "DMA-API:", 8))
		cdma_text_addf(p->out,
			       " [device address=0x%016llx] [size=%zu bytes]",
			       (unsigned long long)buffer->info.iova,
			       buffer->info.size);
	cdma_text_addc(p->out, '\n');
}

static void add_why(const struct printer *p)
{
	const struct cdma_finding *f = &p->found->finding;
	const char *why = wording_why(f), *poll = wording_poll(f);
	struct cdma_text help = {0};
	size_t before;

	cdma_text_addc(p->out, '\n');
	before = p->out->len;
	if (why)
		fold(p->out, why, 0);
	if (poll)
		fold(p->out, poll, 0);
	add_numbers(p);
	for (size_t i = 0; i < p->found->nr_notes; i++)
		fold(p->out, p->found->notes[i], 0);
	add_kernel(p);
	wording_add_help(&help, f, &p->found->cure);
	if (help.len)
		cdma_text_addf(p->out, "%shelp: %s%s\n",
			       paint(p->colour, PAINT_GOOD), help.at,
			       paint(p->colour, PAINT_RESET));
	cdma_text_fini(&help);
	if (p->out->len == before)
		cdma_text_cut(p->out, before - 1);
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
	const struct campaign_buffer *buffer = p->found->buffer;
	const struct cdma_region_info *info;

	if (!buffer)
		return;
	info = &buffer->info;
	cdma_text_addf(p->out, "\nbuffer %s: %zu bytes", buffer_name(buffer),
		       info->size);
	for (size_t i = buffer->nr_names; i > 1; i--)
		cdma_text_addf(p->out, ", once %s '%s'",
			       i == 2 ? cdma_region_state_name(info->born) : "",
			       buffer->names[i - 2]);
	if (buffer->device)
		cdma_text_addf(p->out, ", for %s", buffer->device);
	if (info->iova)
		cdma_text_addf(p->out, ", at DMA address 0x%llx",
			       (unsigned long long)info->iova);
	cdma_text_addc(p->out, '\n');
	add_moment(p, "allocated", &info->alloc);
	add_moment(p, "exposed", &info->expose);
	add_moment(p, "freed", &info->free);
}

void report_quoted(struct cdma_text *out, const char *s)
{
	size_t plain = strspn(s, "abcdefghijklmnopqrstuvwxyz_-+=./:,@%"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	if (*s && !s[plain]) {
		cdma_text_add(out, s);
		return;
	}
	cdma_text_addc(out, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			cdma_text_add(out, "'\\'");
		cdma_text_addc(out, *s);
	}
	cdma_text_addc(out, '\'');
}

static void add_replay(const struct printer *p)
{
	cdma_text_add(p->out, "\nreplay: ");
	report_replay(p->out, p->variant, p->found);
	cdma_text_addc(p->out, '\n');
}

static void add_summary(const struct printer *p)
{
	const struct campaign_finding *found = p->found;
	const struct campaign_party *parties[] = {&found->at, &found->against};

	cdma_text_addf(p->out, "SUMMARY: cdmasim: %s",
		       cdma_finding_name(found->finding.id));
	for (size_t i = 0; i < 2; i++) {
		if (!parties[i]->present || !parties[i]->party.site)
			continue;
		cdma_text_add(p->out, i ? " vs " : " ");
		add_place(p, parties[i]->party.site);
		cdma_text_addf(p->out, " in %s", actor_name(parties[i]));
	}
	cdma_text_addc(p->out, '\n');
}

void report_finding(struct cdma_text *out, const struct report_options *options,
		    const struct report_variant *variant,
		    const struct campaign_finding *finding)
{
	const struct printer p = {out, options->colour, variant, finding};
	const struct cdma_finding *f = &finding->finding;

	cdma_text_add(out, RULER "\n");
	add_title(&p);
	add_party(&p, "", &finding->at);
	add_prefixed(&p, wording_against(f), &finding->against);
	add_common(&p);
	add_prefixed(&p, wording_proof(f), &finding->proof);
	add_prefixed(&p, wording_publish(f), &finding->publish);
	add_why(&p);
	add_buffer(&p);
	add_replay(&p);
	add_summary(&p);
	cdma_text_add(out, RULER "\n");
}
