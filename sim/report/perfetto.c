/* SPDX-License-Identifier: MIT */
#include "report/json.h"

#include "json/must.h"
#include "picture/picture.h"

/*
 * perfetto: trace events in JSON, for ui.perfetto.dev and chrome://tracing.  A
 * finding is a process, a lane a thread, an event a slice one microsecond long
 * at the time of its number, and what leads from one to another a flow.
 */

struct perfetto {
	struct json_object *all, *events;
	uint64_t findings, flows;
};

static void *begin(struct cdma_text *out, const struct report_head *head)
{
	struct perfetto *p = cdma_xcalloc(1, sizeof(*p));

	(void)out;
	(void)head;
	p->all = must_object();
	p->events = must_array();
	report_json_add(p->all, "traceEvents", p->events);
	report_json_str(p->all, "displayTimeUnit", "ns");
	return p;
}

static struct json_object *add_event(struct perfetto *p, const char *phase,
				     uint64_t lane, const char *name)
{
	struct json_object *to = must_object();

	report_json_str(to, "ph", phase);
	report_json_nr(to, "pid", p->findings);
	report_json_nr(to, "tid", lane + 1);
	report_json_str(to, "name", name);
	must_push(p->events, to);
	return to;
}

static void add_name(struct perfetto *p, const char *what, uint64_t lane,
		     const char *name)
{
	struct json_object *args = must_object();

	report_json_str(args, "name", name);
	report_json_add(add_event(p, "M", lane, what), "args", args);
}

static void add_row(struct perfetto *p, const struct picture_row *row)
{
	struct json_object *args = must_object(), *to;

	/* What is not there has no time. */
	if (!row->seq) {
		json_object_put(args);
		return;
	}
	to = add_event(p, "X", row->lane, row->text);
	report_json_str(to, "cat", picture_look_name(row->look));
	report_json_nr(to, "ts", row->seq);
	report_json_nr(to, "dur", 1);
	report_json_nr(args, "event", row->seq);
	report_json_str(args, "source", row->source);
	report_json_str(args, "role", row->role);
	report_json_add(to, "args", args);
}

static void add_edge(struct perfetto *p, const struct picture *picture,
		     const struct picture_edge *e)
{
	const struct picture_row *from = &picture->rows.at[e->from];
	const struct picture_row *to = &picture->rows.at[e->to];
	const char *words = picture_edge_words(e->kind);
	struct json_object *ends[2];

	if (!from->seq || !to->seq)
		return;
	p->flows++;
	ends[0] = add_event(p, "s", from->lane, words);
	ends[1] = add_event(p, "f", to->lane, words);
	report_json_str(ends[1], "bp", "e");
	for (size_t i = 0; i < 2; i++) {
		report_json_str(ends[i], "cat", picture_edge_name(e->kind));
		report_json_nr(ends[i], "id", p->flows);
		report_json_nr(ends[i], "ts", i ? to->seq : from->seq);
	}
}

static void add_finding(struct perfetto *p, const struct report_finding *f)
{
	struct cdma_text title = {0};
	struct picture picture;

	p->findings++;
	picture_of(&picture, f->from, f->in->options);
	cdma_text_addf(&title, "%s in %s %s", f->id, f->who, f->where);
	add_name(p, "process_name", 0, title.at);
	for (size_t i = 0; i < picture.lanes.nr; i++)
		add_name(p, "thread_name", i, picture.lanes.at[i].name);
	for (size_t i = 0; i < picture.rows.nr; i++)
		add_row(p, &picture.rows.at[i]);
	for (size_t i = 0; i < picture.edges.nr; i++)
		add_edge(p, &picture, &picture.edges.at[i]);
	picture_fini(&picture);
	cdma_text_fini(&title);
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	(void)out;
	(void)options;
	for (size_t i = 0; i < r->findings.nr; i++)
		add_finding(state, &r->findings.at[i]);
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	struct perfetto *p = state;

	(void)options;
	(void)total;
	report_json_print(out, p->all, false);
	free(p);
}

const struct report_ops report_perfetto = {
	.name = "perfetto",
	.tells_all = true,
	.begin = begin,
	.result = result,
	.end = end,
};
