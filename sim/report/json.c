/* SPDX-License-Identifier: MIT */
#include "report/json.h"
#include "json/must.h"

/*
 * json: one object, printed at the end.  jsonl: an object a line, as soon as
 * there is something to say: the head, each result, the sum.
 */

static void *begin(struct cdma_text *out, const struct report_head *head)
{
	struct json_object *all = report_json_head(head);

	(void)out;
	report_json_add(all, "results", must_array());
	return all;
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	struct json_object *results = NULL;

	(void)out;
	(void)options;
	json_object_object_get_ex(state, "results", &results);
	must_push(results, report_json_result(r));
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	(void)options;
	report_json_add(state, "total", report_json_total(total));
	report_json_print(out, state, true);
}

const struct report_ops report_json = {
	.name = "json",
	.tells_all = true,
	.begin = begin,
	.result = result,
	.end = end,
};

/* A line: {"KEY": @object}. */
static void add_line(struct cdma_text *out, const char *key,
		     struct json_object *object)
{
	struct json_object *line = must_object();

	report_json_add(line, key, object);
	report_json_print(out, line, false);
}

static void *begin_lines(struct cdma_text *out, const struct report_head *head)
{
	add_line(out, "head", report_json_head(head));
	return NULL;
}

static void result_line(struct cdma_text *out, void *state,
			const struct report_options *options,
			const struct report_result *r)
{
	(void)state;
	(void)options;
	add_line(out, "result", report_json_result(r));
}

static void end_lines(struct cdma_text *out, void *state,
		      const struct report_options *options,
		      const struct report_total *total)
{
	(void)state;
	(void)options;
	add_line(out, "total", report_json_total(total));
}

const struct report_ops report_jsonl = {
	.name = "jsonl",
	.tells_all = true,
	.begin = begin_lines,
	.result = result_line,
	.end = end_lines,
};
