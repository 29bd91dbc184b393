/* SPDX-License-Identifier: MIT */
#include "report/brief.h"
#include "json/must.h"
#include "report/json.h"

#include <string.h>

/*
 * sarif: the Static Analysis Results Interchange Format, version 2.1.0, as
 * code scanning reads it.
 *
 * A finding is a result with the place of the access, and with those of the
 * other sides as related locations.  One that the scenario expects is a note,
 * not an error.  What else is wrong with a variant is a result, too.
 */

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static void *begin(struct cdma_text *out, const struct report_head *head)
{
	struct json_object *log = must_object();
	struct json_object *run = must_object();
	struct json_object *tool = must_object();
	struct json_object *driver = must_object();
	struct json_object *runs = must_array();
	const char *version = strrchr(head->program, ' ');

	(void)out;
	report_json_str(log, "$schema", SCHEMA);
	report_json_str(log, "version", "2.1.0");
	report_json_str(driver, "name", "cdmasim");
	report_json_str(driver, "version", version ? version + 1 : "");
	report_json_add(driver, "rules", must_array());
	report_json_add(tool, "driver", driver);
	report_json_add(run, "tool", tool);
	report_json_add(run, "results", must_array());
	must_push(runs, run);
	report_json_add(log, "runs", runs);
	return log;
}

static struct json_object *get(struct json_object *from, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(from, key, &value);
	return value;
}

static struct json_object *run_of(struct json_object *log)
{
	return json_object_array_get_idx(get(log, "runs"), 0);
}

static struct json_object *message(const char *text)
{
	struct json_object *to = must_object();

	report_json_str(to, "text", text);
	return to;
}

/* The number of a rule, which is added when it is new. */
static size_t rule_of(struct json_object *log, const char *id, const char *text)
{
	struct json_object *rules =
		get(get(get(run_of(log), "tool"), "driver"), "rules");
	size_t nr = json_object_array_length(rules);
	struct json_object *rule;

	for (size_t i = 0; i < nr; i++)
		if (!strcmp(json_object_get_string(get(
				    json_object_array_get_idx(rules, i), "id")),
			    id))
			return i;
	rule = must_object();
	report_json_str(rule, "id", id);
	report_json_add(rule, "shortDescription", message(text));
	must_push(rules, rule);
	return nr;
}

/* A URI has neither blanks nor other bytes of no meaning. */
static void add_uri(struct json_object *to, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~/";
	struct cdma_text uri = {0};

	if (path[0] == '/')
		cdma_text_add(&uri, "file://");
	for (; *path; path++)
		if (strchr(plain, *path))
			cdma_text_addc(&uri, *path);
		else
			cdma_text_addf(&uri, "%%%02X", (unsigned char)*path);
	report_json_str(to, "uri", cdma_text_str(&uri));
	cdma_text_fini(&uri);
}

/* @site: or NULL, and then the whole file. */
static struct json_object *
location(const char *file, const struct cdma_site *site, const char *text)
{
	struct json_object *to = must_object();
	struct json_object *physical = must_object();
	struct json_object *artifact = must_object();
	struct json_object *region;

	add_uri(artifact, site && site->file ? site->file : file);
	report_json_add(physical, "artifactLocation", artifact);
	if (site && site->line) {
		region = must_object();
		report_json_nr(region, "startLine", site->line);
		if (site->col)
			report_json_nr(region, "startColumn", site->col);
		report_json_add(physical, "region", region);
	}
	report_json_add(to, "physicalLocation", physical);
	if (text)
		report_json_add(to, "message", message(text));
	return to;
}

static struct json_object *add_result(struct json_object *log, const char *id,
				      const char *about, const char *level,
				      const char *text,
				      struct json_object *place)
{
	struct json_object *to = must_object();
	struct json_object *places = must_array();

	report_json_str(to, "ruleId", id);
	report_json_nr(to, "ruleIndex", rule_of(log, id, about));
	report_json_str(to, "level", level);
	report_json_add(to, "message", message(text));
	must_push(places, place);
	report_json_add(to, "locations", places);
	must_push(get(run_of(log), "results"), to);
	return to;
}

/* ---- findings ---- */

static struct json_object *related_of(const struct report_result *r,
				      const struct report_finding *f)
{
	struct json_object *all = must_array();

	for (size_t i = 0; i < f->nr_sides; i++) {
		const struct report_side *side = &f->sides[i];
		struct cdma_text text = {0};
		struct json_object *place;

		if (!strcmp(side->key, "at") || !side->party->party.site)
			continue;
		cdma_text_addf(&text, "%s%s%s", side->role ? side->role : "",
			       side->role ? " " : "", side->act);
		place = location(r->file, side->party->party.site, text.at);
		report_json_nr(place, "id", i);
		must_push(all, place);
		cdma_text_fini(&text);
	}
	return all;
}

static void add_message(struct cdma_text *out, const struct report_result *r,
			const struct report_finding *f)
{
	report_result_add_name(out, r);
	cdma_text_addf(out, ": %s", f->what);
	for (size_t i = 0; i < f->nr_sides; i++)
		if (f->sides[i].role)
			cdma_text_addf(out, "\n%s%s%s", f->sides[i].role,
				       *f->sides[i].role ? " " : "",
				       f->sides[i].act);
	for (size_t i = 0; i < f->nr_why; i++)
		cdma_text_addf(out, "\n%s", f->why[i]);
	if (f->help)
		cdma_text_addf(out, "\nhelp: %s", f->help);
	cdma_text_addf(out, "\nreplay: %s", f->replay);
}

static void add_finding(struct json_object *log, const struct report_result *r,
			const struct report_finding *f)
{
	struct cdma_text text = {0};
	struct json_object *to;

	add_message(&text, r, f);
	to = add_result(log, f->id, cdma_finding_summary(f->from->finding.id),
			f->from->expected ? "note" : "error", text.at,
			location(r->file, f->from->finding.at.site, NULL));
	report_json_add(to, "relatedLocations", related_of(r, f));
	cdma_text_fini(&text);
}

/* ---- what else is wrong ---- */

static const struct {
	const char *id, *about, *level; /* NULL: it is no result */
} notes[] = {
	[REPORT_NOTE_MISSING] = {"missing", "What was expected was not found",
				 "error"},
	[REPORT_NOTE_UNEXPECTED] = {0}, /* the finding itself is one */
	[REPORT_NOTE_ERROR] = {"mistake", "The scenario has a mistake",
			       "error"},
	[REPORT_NOTE_MISTAKE] = {"mistake", "The scenario has a mistake",
				 "error"},
	[REPORT_NOTE_BOUNDED] = {"inconclusive", "There is no verdict",
				 "warning"},
	[REPORT_NOTE_IDLE_FAULT] = {"idle_fault", "A fault never struck",
				    "warning"},
	[REPORT_NOTE_VACUOUS] = {"inconclusive", "There is no verdict",
				 "warning"},
	[REPORT_NOTE_NEVER] = {0},
};

static void add_note(struct json_object *log, const struct report_result *r,
		     const struct report_note *n)
{
	struct cdma_text text = {0};

	if (!notes[n->kind].id)
		return;
	report_result_add_name(&text, r);
	cdma_text_addf(&text, ": %s", n->text);
	add_result(log, notes[n->kind].id, notes[n->kind].about,
		   notes[n->kind].level, text.at,
		   location(r->file, n->site, NULL));
	cdma_text_fini(&text);
}

/* What has neither a note nor a finding that says why. */
static void add_rest(struct json_object *log, const struct report_result *r)
{
	enum brief_end how = brief_end(r);
	struct cdma_text text = {0};

	if (how == BRIEF_PASSED || how == BRIEF_SKIPPED)
		return;
	if (!r->cut && (r->notes.nr || r->findings.nr))
		return;
	report_result_add_name(&text, r);
	cdma_text_addf(&text, ": %s", brief_why(r));
	if (r->verdict == VERDICT_INCONCLUSIVE)
		add_result(log, "inconclusive", "There is no verdict",
			   "warning", text.at, location(r->file, NULL, NULL));
	else
		add_result(log, "differs", "It is not as expected", "error",
			   text.at, location(r->file, NULL, NULL));
	cdma_text_fini(&text);
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	(void)out;
	(void)options;
	for (size_t i = 0; i < r->findings.nr; i++)
		add_finding(state, r, &r->findings.at[i]);
	for (size_t i = 0; i < r->notes.nr; i++)
		add_note(state, r, &r->notes.at[i]);
	add_rest(state, r);
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	(void)options;
	(void)total;
	report_json_print(out, state, true);
}

const struct report_ops report_sarif = {
	.name = "sarif",
	.tells_all = true,
	.begin = begin,
	.result = result,
	.end = end,
};
