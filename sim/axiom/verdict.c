/* SPDX-License-Identifier: MIT */
#include "axiom/verdict.h"

#include <string.h>

#include "axiom/dot.h"
#include "axiom/search.h"
#include "base/macros.h"

/* ---- states ---- */

struct seen {
	const struct execution *x;
	struct verdict *verdict;
	const struct verdict_options *options;
	int64_t *values;
};

static int compare(const int64_t *a, const int64_t *b, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* Count the state in @values. */
static void add_state(struct verdict *v, const int64_t *values)
{
	size_t nr = v->test->shown.nr, low = 0, high = v->states.nr;
	struct verdict_state *at;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int way = compare(values, v->states.at[middle].values, nr);

		if (!way) {
			v->states.at[middle].executions++;
			return;
		}
		if (way < 0)
			high = middle;
		else
			low = middle + 1;
	}
	cdma_vec_push(&v->states);
	at = v->states.at + low;
	memmove(at + 1, at, (v->states.nr - 1 - low) * sizeof(*at));
	at->values = cdma_xcalloc(nr + 1, sizeof(*at->values));
	memcpy(at->values, values, nr * sizeof(*values));
	at->executions = 1;
}

static bool is_lost(const struct execution *x)
{
	for (size_t i = 0; i < x->test->threads.nr; i++)
		if (x->paths[i]->is_lost)
			return true;
	return false;
}

/* What comes from itself is a value, too, and like no other. */
static bool final_value(const void *aux, struct litmus_shown place,
			int64_t *value)
{
	if (!execution_shown(aux, place, value))
		*value = LITMUS_THIN_AIR;
	return true;
}

/* Draw @x, where the condition holds, or say that there are more. */
static void draw(struct seen *seen, const struct execution *x)
{
	struct cdma_text *graphs = seen->options->graphs;
	uint64_t nr = seen->verdict->positive;

	if (nr <= DOT_GRAPHS_MAX)
		dot_add(graphs, x, (unsigned int)nr);
	else if (nr == DOT_GRAPHS_MAX + 1)
		cdma_text_addf(graphs,
			       "// %s: more than %d, the rest is left "
			       "out\n",
			       x->test->name, DOT_GRAPHS_MAX);
}

static bool found(void *aux, struct execution *x, struct model *model)
{
	struct seen *seen = aux;
	struct verdict *v = seen->verdict;
	const struct litmus *test = v->test;
	bool holds;

	if (is_lost(x)) {
		v->is_lost = true;
		return false;
	}
	if (test->filter &&
	    litmus_holds(test->filter, final_value, x) == LITMUS_FALSE)
		return true;
	if (v->positive + v->negative == seen->options->executions) {
		v->is_cut = true;
		return false;
	}
	v->flags |= model_flags(model, x, ~v->flags);
	holds = litmus_holds(test->condition, final_value, x) == LITMUS_TRUE;
	v->positive += holds;
	v->negative += !holds;
	if (holds && seen->options->graphs)
		draw(seen, x);
	for (size_t i = 0; i < test->shown.nr; i++)
		final_value(x, test->shown.at[i], &seen->values[i]);
	add_state(v, seen->values);
	return true;
}

static bool is_over(void *aux)
{
	struct seen *seen = aux;

	const struct verdict_options *o = seen->options;

	if (o->is_over && o->is_over(o->aux))
		seen->verdict->is_cut = true;
	return seen->verdict->is_cut;
}

void verdict_find(struct verdict *v, const struct litmus *test,
		  const struct verdict_options *options)
{
	struct seen seen = {.verdict = v, .options = options};
	struct search_ops ops = {
		.found = found, .is_over = is_over, .aux = &seen};

	*v = (struct verdict){.test = test};
	seen.values = cdma_xcalloc(test->shown.nr + 1, sizeof(*seen.values));
	v->is_too_long =
		search_executions(test, &ops, &v->span) == SEARCH_TOO_LONG;
	free(seen.values);
}

void verdict_fini(struct verdict *v)
{
	for (size_t i = 0; i < v->states.nr; i++)
		free(v->states.at[i].values);
	cdma_vec_free(&v->states);
}

/* ---- the report ---- */

const char *verdict_observation(const struct verdict *v)
{
	if (!v->positive)
		return "Never";
	return v->negative ? "Sometimes" : "Always";
}

static void add_states(struct cdma_text *out, const struct verdict *v)
{
	const struct litmus *test = v->test;

	cdma_text_addf(out, "States %zu\n", v->states.nr);
	for (size_t i = 0; i < v->states.nr; i++) {
		for (size_t j = 0; j < test->shown.nr; j++) {
			cdma_text_add(out, j ? " " : "");
			litmus_add_shown(out, test, test->shown.at[j]);
			cdma_text_addc(out, '=');
			litmus_add_value(out, test, v->states.at[i].values[j]);
			cdma_text_addc(out, ';');
		}
		cdma_text_addc(out, '\n');
	}
}

static bool is_ok(const struct verdict *v)
{
	switch (v->test->quantifier) {
	case LITMUS_EXISTS:
		return v->positive > 0;
	case LITMUS_NOT_EXISTS:
		return v->positive == 0;
	case LITMUS_FORALL:
		break;
	}
	return v->negative == 0;
}

void verdict_add_report(struct cdma_text *out, const struct verdict *v,
			const char *flags)
{
	static const char *const kinds[] = {"Allowed", "Forbidden", "Required"};
	const struct litmus *test = v->test;
	/* herd7 counts witnesses of the condition with its quantifier, and
	 * observes that without. */
	bool is_not = test->quantifier == LITMUS_NOT_EXISTS;

	cdma_text_addf(out, "Test %s %s\n", test->name,
		       kinds[test->quantifier]);
	add_states(out, v);
	cdma_text_addf(out, "%s\nWitnesses\n", is_ok(v) ? "Ok" : "No");
	cdma_text_addf(
		out, "Positive: %llu Negative: %llu\n",
		(unsigned long long)(is_not ? v->negative : v->positive),
		(unsigned long long)(is_not ? v->positive : v->negative));
	for (unsigned int i = 0; i < FLAG_NR; i++)
		if (v->flags >> i & 1)
			cdma_text_addf(out, "Flag %s\n",
				       model_flag_name((enum model_flag)i));
	cdma_text_add(out, flags);
	cdma_text_add(out, "Condition ");
	litmus_add_condition(out, test);
	cdma_text_addf(out, "\nObservation %s %s %llu %llu\n", test->name,
		       verdict_observation(v), (unsigned long long)v->positive,
		       (unsigned long long)v->negative);
}

/* ---- what was expected ---- */

static bool says(const char *result, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = result; *at; at += strspn(at, " ")) {
		size_t span = strcspn(at, " ");

		if (span == len && !memcmp(at, word, len))
			return true;
		at += span;
	}
	return false;
}

static bool is_as_expected(const struct verdict *v, const char *result)
{
	static const char *const seen[] = {"Never", "Sometimes", "Always"};
	bool races = v->flags >> FLAG_DATA_RACE & 1;
	bool is_dead = !v->positive && !v->negative;
	bool names_one = false;

	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		names_one |= says(result, seen[i]);
	if (says(result, "DEADLOCK") != is_dead &&
	    (is_dead || !says(result, "Maybe")))
		return false;
	if (races != says(result, "DATARACE"))
		return false;
	return !names_one || is_dead || says(result, verdict_observation(v));
}

/* Whether one more execution could change what was asked. */
static bool is_settled(const struct verdict *v)
{
	return v->flags >> FLAG_DATA_RACE & 1 || (v->positive && v->negative);
}

enum verdict_end verdict_judge(struct cdma_text *out, const struct verdict *v)
{
	const char *result = v->test->result;

	if (v->is_lost) {
		cdma_text_add(out, "Error: what was read and then used as a "
				   "pointer is no address\n");
		return VERDICT_WRONG;
	}
	if (v->is_cut && !is_settled(v)) {
		cdma_text_add(out, "Note: there are more executions\n");
		return VERDICT_UNDECIDED;
	}
	if (!*result || is_as_expected(v, result))
		return VERDICT_AGREES;
	cdma_text_addf(out, "Result: %s was expected\n", result);
	return VERDICT_DIFFERS;
}
