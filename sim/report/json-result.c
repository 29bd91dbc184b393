/* SPDX-License-Identifier: MIT */
#include "report/json.h"

#include "json/must.h"
#include "run/source-line.h"
#include "sched/schedule-text.h"

void report_json_add(struct json_object *to, const char *key,
		     struct json_object *value)
{
	if (value)
		must_add(to, key, value);
}

struct json_object *report_json_text(const char *s)
{
	struct cdma_text text = {0};
	struct json_object *value;

	report_add_utf8(&text, s);
	value = must_string(cdma_text_str(&text));
	cdma_text_fini(&text);
	return value;
}

void report_json_str(struct json_object *to, const char *key, const char *s)
{
	report_json_add(to, key, s ? report_json_text(s) : NULL);
}

void report_json_nr(struct json_object *to, const char *key, uint64_t nr)
{
	report_json_add(to, key, must_uint64(nr));
}

static void add_bool(struct json_object *to, const char *key, bool is)
{
	report_json_add(to, key, must_boolean(is));
}

/* Not all that reads JSON has whole numbers of 64 bits. */
static void add_hex(struct json_object *to, const char *key, uint64_t nr)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text, "0x%llx", (unsigned long long)nr);
	report_json_str(to, key, text.at);
	cdma_text_fini(&text);
}

void report_json_print(struct cdma_text *out, struct json_object *object,
		       bool in_lines)
{
	int how = JSON_C_TO_STRING_NOSLASHESCAPE |
		  (in_lines ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED
			    : JSON_C_TO_STRING_PLAIN);

	cdma_text_add(out, must_text(object, how));
	cdma_text_addc(out, '\n');
	json_object_put(object);
}

/* ---- places and sides ---- */

static struct json_object *place_of(const struct cdma_site *site)
{
	struct json_object *to;

	if (!site || !site->file)
		return NULL;
	to = must_object();
	report_json_str(to, "file", site->file);
	if (site->line)
		report_json_nr(to, "line", site->line);
	if (site->col)
		report_json_nr(to, "column", site->col);
	report_json_str(to, "function", site->func);
	report_json_str(to, "label", site->label);
	report_json_str(to, "text", run_source_line(site));
	return to;
}

static struct json_object *frames_of(const struct campaign_party *party)
{
	struct json_object *all = must_array();

	for (size_t i = 0; i < party->nr_frames; i++) {
		const struct campaign_frame *f = &party->frames[i];
		struct json_object *to = must_object();

		report_json_add(to, "place", place_of(f->site));
		report_json_str(to, "loop", f->name);
		if (f->name)
			report_json_nr(to, "turn", f->index);
		must_push(all, to);
	}
	return all;
}

static struct json_object *saw_of(const struct campaign_party *party)
{
	struct json_object *to;

	if (!party->saw.seq)
		return NULL;
	to = must_object();
	report_json_nr(to, "event", party->saw.seq);
	report_json_str(to, "actor", party->saw_actor);
	report_json_add(to, "place", place_of(party->saw.site));
	return to;
}

static const char *kind_of(const struct campaign_party *party)
{
	static const char *const names[] = {
		[CDMA_CPU] = "cpu",
		[CDMA_IRQ] = "irq",
		[CDMA_SOFTIRQ] = "softirq",
		[CDMA_DEVICE] = "device",
	};

	return names[party->kind];
}

static struct json_object *side_of(const struct report_side *side)
{
	const struct cdma_party *what = &side->party->party;
	struct json_object *to = must_object();

	report_json_str(to, "is", side->key);
	report_json_str(to, "message", side->act);
	report_json_str(to, "actor", side->who);
	report_json_str(to, "actor_kind", kind_of(side->party));
	report_json_str(to, "device", side->party->device);
	report_json_nr(to, "event", what->seq);
	report_json_add(to, "place", place_of(what->site));
	report_json_add(to, "frames", frames_of(side->party));
	report_json_str(to, "memory", side->party->place);
	if (what->kind > CDMA_EV_WRITE)
		return to;
	report_json_nr(to, "bytes", what->size);
	if (what->size && what->size <= 8)
		add_hex(to, "value", what->value);
	report_json_add(to, "saw", saw_of(side->party));
	return to;
}

/* ---- findings ---- */

static struct json_object *strings(const char *const *at, size_t nr)
{
	struct json_object *all = must_array();

	for (size_t i = 0; i < nr; i++)
		must_push(all, report_json_text(at[i]));
	return all;
}

static struct json_object *cure_of(const struct cure *cure)
{
	struct json_object *to;

	if (!cure->text)
		return NULL;
	to = must_object();
	report_json_str(to, "text", cure->text);
	report_json_nr(to, "schedules", cure->schedules);
	add_bool(to, "clean", cure->is_clean);
	return to;
}

static void add_moment(struct json_object *to, const char *key,
		       const struct cdma_party *party)
{
	if (party->seq)
		report_json_add(to, key, place_of(party->site));
}

static struct json_object *buffer_of(const struct report_finding *f)
{
	const struct campaign_buffer *b = f->from->buffer;
	struct json_object *to;

	if (!b)
		return NULL;
	to = must_object();
	report_json_str(to, "message", f->buffer);
	report_json_nr(to, "bytes", b->info.size);
	report_json_add(to, "names", strings(b->names, b->nr_names));
	report_json_str(to, "device", b->device);
	add_moment(to, "allocated", &b->info.alloc);
	add_moment(to, "exposed", &b->info.expose);
	add_moment(to, "freed", &b->info.free);
	return to;
}

static void add_schedule(struct json_object *to,
			 const struct campaign_finding *f)
{
	struct cdma_text text = {0};

	if (f->schedule)
		schedule_text_print_line(&text, f->program, f->schedule);
	if (text.len)
		report_json_str(to, "schedule", text.at);
	cdma_text_fini(&text);
}

static struct json_object *finding_of(const struct report_finding *f)
{
	struct json_object *to = must_object();
	struct json_object *sides = must_array();

	report_json_str(to, "id", f->id);
	report_json_str(to, "message", f->what);
	add_bool(to, "expected", f->from->expected);
	for (size_t i = 0; i < f->nr_sides; i++)
		must_push(sides, side_of(&f->sides[i]));
	report_json_add(to, "sides", sides);
	report_json_str(to, "common", f->common);
	report_json_add(to, "why", strings(f->why, f->nr_why));
	report_json_str(to, "kernel", f->kernel);
	report_json_str(to, "help", f->help);
	report_json_add(to, "cure", cure_of(&f->from->cure));
	report_json_add(to, "buffer", buffer_of(f));
	if (f->seen)
		report_json_nr(to, "seen", f->from->seen);
	report_json_str(to, "replay", f->replay);
	add_schedule(to, f->from);
	return to;
}

/* ---- results ---- */

static struct json_object *expects_of(const struct report_result *r)
{
	struct json_object *all = must_array();

	for (size_t i = 0; i < r->expects.nr; i++) {
		const struct report_expectation *e = &r->expects.at[i];
		struct json_object *to = must_object();

		report_json_str(to, "text", e->text);
		report_json_add(to, "place", place_of(&e->from->expect->site));
		add_bool(to, "met", e->from->met);
		if (expect_is_finding(e->from->expect))
			report_json_nr(to, "seen", e->from->seen);
		must_push(all, to);
	}
	return all;
}

static struct json_object *notes_of(const struct report_result *r)
{
	struct json_object *all = must_array();

	for (size_t i = 0; i < r->notes.nr; i++) {
		const struct report_note *n = &r->notes.at[i];
		struct json_object *to = must_object();

		report_json_str(to, "is", report_note_name(n->kind));
		report_json_str(to, "message", n->text);
		report_json_add(to, "place", place_of(n->site));
		must_push(all, to);
	}
	return all;
}

static struct json_object *findings_of(const struct report_result *r)
{
	struct json_object *all = must_array();

	for (size_t i = 0; i < r->findings.nr; i++)
		must_push(all, finding_of(&r->findings.at[i]));
	return all;
}

static bool is_run(const struct report_result *r)
{
	return r->kind == REPORT_VARIANT || r->kind == REPORT_CASE;
}

struct json_object *report_json_result(const struct report_result *r)
{
	struct json_object *to = must_object();

	report_json_str(to, "is", report_kind_name(r->kind));
	report_json_str(to, "file", r->file);
	report_json_str(to, "scenario", r->scenario);
	report_json_str(to, "variant", r->variant);
	report_json_str(to, "faults", r->faults);
	report_json_str(to, "machine", r->machine);
	report_json_str(to, "verdict", report_verdict_name(r->verdict));
	report_json_str(to, "message", r->line);
	if (is_run(r)) {
		report_json_nr(to, "schedules", r->runs);
		report_json_nr(to, "blocked", r->blocked);
		report_json_add(to, "expects", expects_of(r));
	}
	report_json_str(to, "cut", r->cut);
	report_json_str(to, "coverage", r->coverage);
	report_json_add(to, "notes", notes_of(r));
	report_json_str(to, "never_reached", r->never_lines);
	report_json_add(to, "findings", findings_of(r));
	report_json_str(to, "text", r->text);
	return to;
}

/* ---- head and end ---- */

struct json_object *report_json_head(const struct report_head *head)
{
	struct json_object *to = must_object();

	report_json_nr(to, "version", REPORT_JSON_VERSION);
	report_json_str(to, "program", head->program);
	report_json_str(to, "command", head->command);
	return to;
}

static struct json_object *litmus_of(const struct report_total *t)
{
	struct json_object *to = must_object();
	uint64_t all = 0;

	for (int v = 0; v <= VERDICT_ERROR; v++) {
		all += t->litmus[v];
		if (v != VERDICT_PART)
			report_json_nr(to, report_verdict_name((enum verdict)v),
				       t->litmus[v]);
	}
	if (all)
		return to;
	json_object_put(to);
	return NULL;
}

struct json_object *report_json_total(const struct report_total *t)
{
	struct json_object *to = must_object();

	report_json_nr(to, "expected", t->expected);
	report_json_nr(to, "differs", t->differs);
	report_json_nr(to, "inconclusive", t->inconclusive);
	report_json_nr(to, "parts", t->parts);
	report_json_nr(to, "wrong", t->wrong);
	report_json_add(to, "litmus", litmus_of(t));
	if (t->files)
		report_json_nr(to, "files", t->files);
	report_json_nr(to, "schedules", t->schedules);
	report_json_nr(to, "findings", t->findings);
	add_bool(to, "interrupted", t->interrupted);
	add_bool(to, "failed_fast", t->failed_fast);
	report_json_nr(to, "status", (uint64_t)t->status);
	return to;
}
