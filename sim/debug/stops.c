/* SPDX-License-Identifier: MIT */
#include "debug/stops.h"

#include "base/suggest.h"
#include "debug/place.h"

#include <cdma/device.h>
#include <cdma/finding.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum wanted {
	AT_LINE,
	AT_LABEL,
	BY_ACTOR,
	ON_ACCESS,
	ON_FINDING,
};

/* A stop, read. */
struct wish {
	enum wanted wanted;
	const char *file; /* of LINE; the last part of it, or NULL: any */
	size_t file_len;
	uint32_t line;
	const char *label;
	uint32_t actor;
	bool reads, writes; /* of ACCESS */
	struct place place;
	enum cdma_finding_id finding; /* of FINDING; NONE: any */
};

static const struct {
	const char *word;
	bool reads, writes;
} accesses[] = {
	{"write ", false, true},
	{"read ", true, false},
	{"access ", true, true},
};

/* ---- reading ---- */

static bool read_line(const char *text, struct wish *out)
{
	const char *colon = strrchr(text, ':'), *digits;
	char *end;

	digits = colon ? colon + 1 : text;
	if (!isdigit((unsigned char)*digits))
		return false;
	out->line = (uint32_t)strtoul(digits, &end, 10);
	out->file = colon ? text : NULL;
	out->file_len = colon ? (size_t)(colon - text) : 0;
	return !*end;
}

static bool read_actor(const struct program *program, const char *name,
		       struct wish *out, struct cdma_text *err)
{
	struct cdma_suggest near = cdma_suggest_for(name);

	for (uint32_t i = 0; i < program->sections.nr; i++) {
		if (!strcmp(program->sections.at[i].name, name)) {
			out->actor = i;
			return true;
		}
		cdma_suggest_offer(&near, program->sections.at[i].name);
	}
	cdma_text_addf(err, "there is no thread '%s'", name);
	if (near.best)
		cdma_text_addf(err, "; did you mean %s?", near.best);
	return false;
}

static bool read_finding(const char *text, struct wish *out)
{
	out->finding = CDMA_FINDING_NR;
	if (!strcmp(text, "finding"))
		return true;
	out->finding = 0;
	while (out->finding < CDMA_FINDING_NR &&
	       strcmp(cdma_finding_name(out->finding), text) != 0)
		out->finding++;
	return out->finding < CDMA_FINDING_NR;
}

static bool has_label(const struct program *program, const char *label)
{
	for (size_t i = 0; i < program->sites.nr; i++) {
		const struct cdma_site *site = program->sites.at[i];

		if (site && site->label && !strcmp(site->label, label))
			return true;
	}
	return false;
}

static bool read_wish(const struct walk *walk, const char *text,
		      struct wish *out, struct cdma_text *err)
{
	const struct program *program = walk_program(walk);

	*out = (struct wish){.wanted = AT_LINE};
	if (read_line(text, out))
		return true;
	for (size_t i = 0; i < sizeof(accesses) / sizeof(*accesses); i++) {
		size_t len = strlen(accesses[i].word);

		if (strncmp(text, accesses[i].word, len) != 0)
			continue;
		out->wanted = ON_ACCESS;
		out->reads = accesses[i].reads;
		out->writes = accesses[i].writes;
		return place_find(walk_whole(walk), text + len, &out->place,
				  err);
	}
	out->wanted = BY_ACTOR;
	if (!strncmp(text, "in ", 3))
		return read_actor(program, text + 3, out, err);
	out->wanted = ON_FINDING;
	if (read_finding(text, out))
		return true;
	out->wanted = AT_LABEL;
	out->label = text;
	if (has_label(program, text))
		return true;
	cdma_text_addf(err,
		       "'%s' is no line, label or kind of finding; say 'in "
		       "THREAD' for a thread, 'write PLACE' for memory",
		       text);
	return false;
}

/* ---- the list ---- */

void stops_fini(struct stops *stops)
{
	for (size_t i = 0; i < stops->at.nr; i++)
		free(stops->at.at[i].text);
	cdma_vec_free(&stops->at);
}

const struct stop *stops_add(struct stops *stops, const struct walk *walk,
			     const char *text, struct cdma_text *err)
{
	struct wish wish;

	if (!read_wish(walk, text, &wish, err))
		return NULL;
	*cdma_vec_push(&stops->at) = (struct stop){
		.nr = ++stops->last,
		.text = cdma_xstrdup(text),
	};
	return cdma_vec_last(&stops->at);
}

bool stops_delete(struct stops *stops, unsigned int nr)
{
	size_t kept = 0;

	for (size_t i = 0; i < stops->at.nr; i++)
		if (stops->at.at[i].nr == nr)
			free(stops->at.at[i].text);
		else
			stops->at.at[kept++] = stops->at.at[i];
	if (kept == stops->at.nr)
		return false;
	stops->at.nr = kept;
	return true;
}

/* ---- where they are ---- */

static bool is_at_line(const struct wish *wish, const struct cdma_site *site)
{
	const char *file;

	if (!site || site->line != wish->line)
		return false;
	if (!wish->file)
		return true;
	file = site->file ? site->file : "";
	if (strlen(file) < wish->file_len)
		return false;
	file += strlen(file) - wish->file_len;
	return !strncmp(file, wish->file, wish->file_len) &&
	       (file == site->file || file[-1] == '/');
}

static bool is_access(const struct wish *wish, const struct cdma_event *ev)
{
	if (ev->kind == CDMA_EV_READ
		    ? !wish->reads
		    : ev->kind != CDMA_EV_WRITE || !wish->writes)
		return false;
	return ev->object == wish->place.region &&
	       ev->offset < wish->place.offset + wish->place.size &&
	       wish->place.offset < ev->offset + ev->size;
}

/* Where @ev stops a walk, which is a step later for what it has done. */
static bool event_stops(const struct wish *wish, const struct trace_event *t,
			size_t *place)
{
	const struct cdma_site *site = t->ev.site;
	bool stops = false, is_after = wish->wanted == ON_ACCESS;

	if (wish->wanted == AT_LINE)
		stops = is_at_line(wish, site);
	else if (wish->wanted == AT_LABEL)
		stops = site && site->label &&
			!strcmp(site->label, wish->label);
	else if (wish->wanted == ON_ACCESS)
		stops = is_access(wish, &t->ev);
	*place = t->step - (is_after || !t->step ? 0 : 1);
	return stops;
}

/* The place nearest to where the walk stands. */
struct nearest {
	size_t from, length;
	bool is_back;
	bool has;
	size_t place;
};

/* Whether @place is nearer than what was there. */
static bool offer(struct nearest *n, size_t place)
{
	if (place > n->length)
		place = n->length;
	if (n->is_back ? place >= n->from : place <= n->from)
		return false;
	if (n->has && (n->is_back ? place <= n->place : place >= n->place))
		return false;
	n->has = true;
	n->place = place;
	return true;
}

static bool offer_found(struct nearest *n, const struct walk *walk,
			const struct wish *wish)
{
	const struct cdma_finding *finding;
	bool is_nearer = false;
	size_t step;

	for (size_t i = 0; (finding = walk_found(walk, i, &step)); i++)
		if (wish->finding == CDMA_FINDING_NR ||
		    wish->finding == finding->id)
			is_nearer |= offer(n, step);
	return is_nearer;
}

static bool offer_stop(struct nearest *n, const struct walk *walk,
		       const struct wish *wish)
{
	const struct trace *trace = walk_trace(walk);
	const struct schedule *schedule = walk_schedule(walk);
	bool is_nearer = false;
	size_t place;

	for (size_t i = 0; i < trace->events.nr; i++)
		if (event_stops(wish, &trace->events.at[i], &place))
			is_nearer |= offer(n, place);
	for (size_t i = 0; i < schedule->steps.nr; i++)
		if (wish->wanted == BY_ACTOR &&
		    schedule->steps.at[i].actor == wish->actor)
			is_nearer |= offer(n, i);
	if (wish->wanted == ON_FINDING)
		is_nearer |= offer_found(n, walk, wish);
	return is_nearer;
}

const struct stop *stops_next(const struct stops *stops,
			      const struct walk *walk, bool is_back,
			      size_t *place)
{
	struct nearest nearest = {
		.from = walk_at(walk),
		.length = walk_length(walk),
		.is_back = is_back,
	};
	const struct stop *best = NULL;
	struct cdma_text err = {0};
	struct wish wish;

	for (size_t i = 0; i < stops->at.nr; i++)
		/* What it names may not be there in this schedule. */
		if (read_wish(walk, stops->at.at[i].text, &wish, &err) &&
		    offer_stop(&nearest, walk, &wish))
			best = &stops->at.at[i];
	cdma_text_fini(&err);
	*place = best ? nearest.place : is_back ? 0 : nearest.length;
	return best;
}
