/* SPDX-License-Identifier: MIT */
/*
 * ThreadSanitizer as a second opinion: on the same run, it must see the same
 * races as the rules.
 *
 * Every actor of a run is fibers of TSan, every access that may race a real
 * one, and what the memory model says comes before what is announced
 * (edges.h).  The rules of src/order have no part in that but one: theirs are
 * the findings that it is compared with.
 *
 * A build without ThreadSanitizer skips it.
 *
 *	TSAN_CASES=2000 TSAN_FIRST=300 TSAN_RUNS=5 tests/oracle/test-tsan [DIR]
 *
 * draws as many scenarios, from a number on, and runs each of these, and of
 * those in DIR instead of the corpus, so often.  With TSAN_LOG=1 a difference
 *is shown with all events of its run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/any-program.h"
#include "chain.h"
#include "fiber.h"
#include "load.h"
#include "script/diag.h"
#include "script/script.h"
#include "select.h"
#include "verdict.h"

/* A run is left out when it has more events; an asked pair costs a
 * microsecond, and their number grows with the square. */
#define EVENTS_MAX 1200

/* In `make check'; there are many more in `make oracle'. */
#define CASES 200

struct sums {
	uint64_t runs, skipped, wrong, pairs, by[VERDICTS];
	const char *name;
};

static bool is_about_order(enum cdma_finding_id id)
{
	return id >= CDMA_FINDING_DATA_RACE && id <= CDMA_FINDING_DEVICE_ORDER;
}

/* What the rules say of a pair; CDMA_FINDING_NR: nothing. */
static enum cdma_finding_id found_of(const struct log *log, uint32_t a,
				     uint32_t b)
{
	for (size_t i = 0; i < log->found.nr; i++) {
		const struct found *f = &log->found.at[i];

		if (f->a == a && f->b == b && is_about_order(f->id) &&
		    !f->is_part)
			return f->id;
	}
	return CDMA_FINDING_NR;
}

static const char *found_name(enum cdma_finding_id id)
{
	return id == CDMA_FINDING_NR ? "-" : cdma_finding_name(id);
}

/* Whether the two say the same of a pair. */
static bool agree(enum verdict verdict, enum cdma_finding_id id)
{
	if (verdict == V_RACE)
		return id == CDMA_FINDING_DATA_RACE;
	if (verdict == V_BOX)
		return id == CDMA_FINDING_UNORDERED_PUBLISH;
	if (verdict == V_BELIEVED)
		return id != CDMA_FINDING_NR && id != CDMA_FINDING_DATA_RACE;
	return id == CDMA_FINDING_NR;
}

static void say_access(const struct log *log, uint32_t i)
{
	const struct cdma_event *ev = &log->entries.at[i].ev;
	static const char *const hows[] = {"plain", "marked", "bulk", "device",
					   "mmio"};

	printf("#   #%u actor %u %s %s r%u+%llu/%u flags %x  %s:%u  %s\n",
	       i + 1, ev->actor, cdma_event_kind_name(ev->kind), hows[ev->how],
	       ev->object, (unsigned long long)ev->offset, ev->size, ev->flags,
	       ev->site->file ? ev->site->file : "", ev->site->line,
	       ev->site->text ? ev->site->text : "");
}

/* Both reports, side by side. */
static void say_difference(const struct sums *sums, uint64_t index,
			   const struct log *log, const struct answer *x,
			   enum cdma_finding_id id)
{
	printf("# %s, schedule %llu\n", sums->name, (unsigned long long)index);
	say_access(log, x->q.a);
	say_access(log, x->q.b);
	printf("#   TSan: %-22s %s\n#   rules: %s\n",
	       x->q.raced[WRITES] || x->q.raced[READS] ? "unordered"
						       : "ordered",
	       verdict_name(x->verdict), found_name(id));
}

/* All events, for whoever looks into a difference. */
static void say_log(const struct log *log)
{
	if (!getenv("TSAN_LOG"))
		return;
	for (uint32_t i = 0; i < log->entries.nr; i++) {
		const struct entry *e = &log->entries.at[i];

		printf("# %3u %2u %-13s obj %u +%llu/%u how %u fl %x o%u d%u "
		       "v%llx ",
		       i + 1, e->ev.actor, cdma_event_kind_name(e->ev.kind),
		       e->ev.object, (unsigned long long)e->ev.offset,
		       e->ev.size, e->ev.how, e->ev.flags, e->ev.order,
		       e->ev.domain, (unsigned long long)e->ev.value);
		for (uint32_t k = 0; e->addr && k < e->addr->nr; k++)
			printf("A%u ", e->addr->at[k] + 1);
		for (uint32_t k = 0; e->data && k < e->data->nr; k++)
			printf("D%u ", e->data->at[k] + 1);
		for (uint32_t k = 0; e->saw && k < e->saw->nr; k++)
			printf("S%u ", e->saw->at[k] + 1);
		printf(" %s\n", e->ev.site->text ? e->ev.site->text : "");
	}
}

static void compare(struct sums *sums, uint64_t index, const struct log *log,
		    const struct answers *answers)
{
	size_t wrong = 0;

	for (size_t i = 0; i < answers->at.nr; i++) {
		const struct answer *x = &answers->at.at[i];
		enum cdma_finding_id id = found_of(log, x->q.a, x->q.b);

		if (!entry_is_access(&log->entries.at[x->q.a]) ||
		    !entry_is_access(&log->entries.at[x->q.b]))
			continue;
		sums->pairs++;
		sums->by[x->verdict]++;
		if (agree(x->verdict, id))
			continue;
		if (!wrong++)
			say_log(log);
		say_difference(sums, index, log, x, id);
	}
	sums->wrong += wrong > 0;
}

static void check_program(const struct program *program, uint64_t runs,
			  struct sums *sums)
{
	struct answers answers = {0};
	struct log log;

	log_init(&log, program);
	for (uint64_t i = 0; i < runs; i++) {
		bool is_run = log_run(&log, i, EVENTS_MAX) &&
			      answers_find(&answers, &log);

		sums->runs += is_run;
		sums->skipped += !is_run;
		if (is_run)
			compare(sums, i, &log, &answers);
	}
	answers_fini(&answers);
	log_fini(&log);
}

/* ---- scenarios ---- */

static void check_file(const char *path, uint64_t runs, struct sums *sums)
{
	struct settings set = {0};
	struct loaded loaded;

	sums->name = path;
	if (load_file(path, &set, &loaded))
		sums->wrong++;
	for (size_t i = 0; i < loaded.nr; i++)
		check_program(loaded.programs[i], runs, sums);
	loaded_fini(&loaded);
}

static void check_corpus(const char *dir, uint64_t runs, struct sums *sums)
{
	struct paths paths = {0};

	if (select_add(&paths, dir))
		sums->wrong++;
	for (size_t i = 0; i < paths.nr; i++)
		check_file(paths.at[i], runs, sums);
	select_fini(&paths);
}

static void check_text(const char *name, const struct cdma_text *text,
		       uint64_t runs, struct sums *sums)
{
	struct script_options options = {0};
	struct diag *diag = diag_new(false);
	struct script *script =
		script_parse("drawn.dma", text->at, text->len, &options, diag);
	struct unit *unit = script ? script_resolve(script, 0, diag) : NULL;
	struct program *program = unit ? program_new(unit, diag) : NULL;
	struct cdma_text wrong = {0};

	sums->name = name;
	diag_print(diag, &wrong);
	if (program)
		check_program(program, runs, sums);
	else
		printf("# %s: %s\n", name, cdma_text_str(&wrong));
	sums->wrong += !program;
	cdma_text_fini(&wrong);
	program_free(program);
	unit_free(unit);
	script_free(script);
	diag_free(diag);
}

static void check_any(uint64_t nr, uint64_t runs, struct sums *sums)
{
	struct cdma_rng rng = cdma_rng_case(2, nr);
	struct cdma_text text = {0};
	char name[32];

	any_program(&rng, &text);
	snprintf(name, sizeof(name), "scenario %llu", (unsigned long long)nr);
	check_text(name, &text, runs, sums);
	cdma_text_fini(&text);
}

static void check_chain(uint64_t nr, uint64_t runs, struct sums *sums)
{
	struct cdma_text text = {0};
	char name[32];

	chain_program(nr, &text);
	snprintf(name, sizeof(name), "chain %llu", (unsigned long long)nr);
	check_text(name, &text, runs, sums);
	cdma_text_fini(&text);
}

static uint64_t number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

/* TSan must have seen something of either kind, or nothing was asked. */
static bool report(unsigned int nr, const char *what, const struct sums *sums)
{
	bool good = !sums->wrong && sums->runs > sums->skipped &&
		    sums->by[V_ORDERED] && sums->by[V_RACE];

	printf("%sok %u - %s\n", good ? "" : "not ", nr, what);
	printf("# %llu runs, %llu left out, %llu with a difference; %llu "
	       "pairs:",
	       (unsigned long long)sums->runs,
	       (unsigned long long)sums->skipped,
	       (unsigned long long)sums->wrong,
	       (unsigned long long)sums->pairs);
	for (enum verdict v = 0; v < VERDICTS; v++)
		printf(" %s %llu", verdict_name(v),
		       (unsigned long long)sums->by[v]);
	printf("\n");
	fflush(stdout);
	return good;
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	uint64_t first = number("TSAN_FIRST", 0);
	uint64_t cases = number("TSAN_CASES", CASES);
	uint64_t runs = number("TSAN_RUNS", 1);
	struct cdma_text dir = {0};
	struct sums corpus = {0}, chains = {0}, any = {0};
	bool good;

	if (!fiber_is_here()) {
		printf("1..0 # SKIP built without --with-sanitizer=thread\n");
		return 0;
	}
	printf("1..3\n");
	cdma_text_addf(&dir, "%s/scenarios", srcdir ? srcdir : ".");
	check_corpus(argc > 1 ? argv[1] : dir.at, runs, &corpus);
	good = report(1, "the corpus", &corpus);
	for (uint64_t i = first; i < first + cases; i++)
		check_chain(i, runs, &chains);
	good &= report(2, "chains that were drawn", &chains);
	for (uint64_t i = first; i < first + cases / 2; i++)
		check_any(i, runs, &any);
	good &= report(3, "scenarios of the whole language", &any);
	cdma_text_fini(&dir);
	return !good;
}
