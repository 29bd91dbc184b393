/* SPDX-License-Identifier: MIT */
/*
 * Schedules: recorded, written down, read again and replayed.
 */
#include "corpus.h"
#include "scene.h"

#include "base/rng.h"
#include "sched/schedule-text.h"
#include "script/source.h"

/* ---- any run of any scenario is replayed from its text ---- */

static uint64_t mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static void hash_event(void *aux, const struct cdma_event *ev)
{
	uint64_t *hash = aux, h = *hash;

	h = mix(h, ev->seq);
	h = mix(h, (uint64_t)ev->kind << 32 | ev->actor);
	h = mix(h, (uint64_t)ev->object << 32 | ev->flags);
	h = mix(h, ev->offset);
	h = mix(h, ev->value);
	*hash = mix(h, (uint64_t)ev->site->line << 32 | ev->site->col);
}

struct stream {
	uint64_t hash;
	uint64_t findings;
	struct run_result result;
};

static struct stream run(const struct program *program,
			 const struct machine_options *options, uint64_t index)
{
	struct stream stream = {0};
	struct machine *m = machine_new(program, options);

	machine_observe(m, (struct cdma_observer){hash_event, &stream.hash});
	machine_run(m, 7, index, &stream.result);
	stream.findings = cdma_findings_nr(machine_findings(m));
	machine_free(m);
	return stream;
}

static void same_stream(const struct program *p, const struct stream *a,
			const struct stream *b)
{
	ck_assert_msg(a->hash == b->hash, "%s/%s: other events", p->name,
		      p->variant);
	ck_assert_int_eq(a->result.end, b->result.end);
	ck_assert_uint_eq(a->result.events, b->result.events);
	ck_assert_uint_eq(a->findings, b->findings);
}

/* @in as text, and back. */
static void through_text(const struct program *p, const struct schedule *in,
			 bool line, struct schedule *out)
{
	const struct schedule_head head = {.file = "a \"b\" \\c.dma"};
	struct diag *diag = diag_new(false);
	struct cdma_text text = {0}, errors = {0};
	struct schedule_text *parsed;

	if (line)
		schedule_text_print_line(&text, p, in);
	else
		schedule_text_print(&text, &head, p, in);
	parsed = schedule_text_parse("t.sched", text.at, text.len, diag);
	diag_print(diag, &errors);
	ck_assert_msg(parsed, "%s\n%s", cdma_text_str(&errors), text.at);
	ck_assert(schedule_text_resolve(parsed, p, diag, out));
	ck_assert_str_eq(schedule_text_head(parsed)->variant, p->variant);
	ck_assert_uint_eq(schedule_text_head(parsed)->hash, program_hash(p));
	if (!line)
		ck_assert_str_eq(schedule_text_head(parsed)->file, head.file);
	schedule_text_free(parsed);
	cdma_text_fini(&text);
	cdma_text_fini(&errors);
	diag_free(diag);
}

static void check_replay(const struct program *p, enum run_memory memory,
			 uint64_t index)
{
	struct strategy mixed = strategy_new(&strategy_mixed, NULL);
	struct recorder recorder = {.inner = &mixed};
	struct schedule read = {0};
	struct replay replay = {.schedule = &read};
	struct machine_options plain = {.memory = memory}, options = plain;
	struct stream want = run(p, &plain, index), got;

	options.strategy = &strategy_record;
	options.strategy_state = &recorder;
	got = run(p, &options, index);
	same_stream(p, &want, &got);

	through_text(p, &recorder.schedule, index & 1, &read);
	ck_assert_uint_eq(read.steps.nr, recorder.schedule.steps.nr);
	for (size_t i = 0; i < read.steps.nr; i++)
		ck_assert(schedule_same_step(&read.steps.at[i],
					     &recorder.schedule.steps.at[i]));
	options.strategy = &strategy_replay;
	options.strategy_state = &replay;
	got = run(p, &options, 0);
	same_stream(p, &want, &got);
	ck_assert_msg(!replay.diverged && replay.at == read.steps.nr, "%s/%s",
		      p->name, p->variant);
	schedule_fini(&recorder.schedule);
	schedule_fini(&read);
	strategy_free(&mixed);
}

static void check_program(const struct program *p, void *aux)
{
	(void)aux;
	for (uint64_t i = 0; i < 4; i++) {
		check_replay(p, MEMORY_STRONG, i);
		check_replay(p, MEMORY_WEAK, i);
	}
}

START_TEST(corpus)
{
	corpus_each(check_program, NULL);
}
END_TEST

/* ---- what a schedule may look like ---- */

static const char two[] =
	"scenario two \"t\"; device d { dma_bits = 64; };\n"
	"setup { coherent c = dma_alloc_coherent(d, le64[2], ZEROED); }\n"
	"thread dma on d { split *(le64 *)dma_handle(c[0]) = 0x100000001;\n"
	"	c[1] = 1; }\n"
	"thread poll on cpu { u64 v = READ_ONCE(c[0]); u64 w = "
	"READ_ONCE(c[1]); }\n"
	"teardown { free(c); }\n";

static struct schedule_text *parse(const char *text, struct cdma_text *errors)
{
	struct diag *diag = diag_new(false);
	struct schedule_text *parsed =
		schedule_text_parse("t.sched", text, strlen(text), diag);

	diag_print(diag, errors);
	diag_free(diag);
	return parsed;
}

START_TEST(layout)
{
	static const char text[] =
		"# a comment\n"
		"v1 two / default @ 1a2b3c4d # one more\n"
		"define \"n=1\" define \"m=2\" include \"dir\"\r\n"
		"fail \"dma_alloc #2\" fail \"init\"\n"
		"file \"a\\\"b\" strict-windows memory \"weak\"\n"
		"origin \"run --seed=1\" strict-volatile :\n"
		"  dma:split=1\tpoll * 2   # and another\n"
		"\n"
		"dma:split = 0 , split=1*3";
	struct cdma_text errors = {0};
	struct program *program = scene_program(two, 0);
	struct schedule_text *t = parse(text, &errors);
	const struct schedule_head *head;
	struct schedule schedule = {0};
	struct diag *diag = diag_new(false);

	ck_assert_msg(t, "%s", cdma_text_str(&errors));
	head = schedule_text_head(t);
	ck_assert_str_eq(head->scenario, "two");
	ck_assert_str_eq(head->variant, "default");
	ck_assert_uint_eq(head->hash, 0x1a2b3c4d);
	ck_assert_uint_eq(head->defines.nr, 2);
	ck_assert_str_eq(head->defines.at[1], "m=2");
	ck_assert_uint_eq(head->faults.nr, 2);
	ck_assert_str_eq(head->faults.at[0], "dma_alloc #2");
	ck_assert_str_eq(head->includes.at[0], "dir");
	ck_assert_str_eq(head->file, "a\"b");
	ck_assert_str_eq(head->origin, "run --seed=1");
	ck_assert_str_eq(head->memory, "weak");
	ck_assert(head->strict_windows && head->strict_volatile);
	ck_assert(schedule_text_resolve(t, program, diag, &schedule));
	ck_assert_uint_eq(schedule.steps.nr, 6);
	ck_assert_uint_eq(schedule.steps.at[0].way, 1);
	ck_assert_uint_eq(schedule.steps.at[2].actor, 1);
	ck_assert_uint_eq(schedule.steps.at[5].way, 0x100);
	ck_assert_uint_eq(schedule_text_span(t, 2).at,
			  strstr(text, "poll") - text);
	ck_assert_uint_eq(schedule_text_span(t, 6).at, sizeof(text) - 1);
	schedule_fini(&schedule);
	schedule_text_free(t);
	diag_free(diag);
	program_free(program);
	cdma_text_fini(&errors);
}
END_TEST

START_TEST(wrapped)
{
	struct program *program = scene_program(two, 0);
	const struct schedule_head head = {0};
	struct schedule schedule = {0};
	struct cdma_text out = {0};

	for (int i = 0; i < 30; i++)
		*cdma_vec_push(&schedule.steps) =
			(struct schedule_step){.actor = i & 1};
	schedule_text_print(&out, &head, program, &schedule);
	for (char *line = out.at, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		ck_assert_int_le(end - line, 76);
	}
	ck_assert_ptr_nonnull(strstr(out.at, "\n:\ndma poll dma "));
	cdma_text_fini(&out);
	schedule_fini(&schedule);
	program_free(program);
}
END_TEST

#define V1 "v1 two/default@0"

static const struct {
	const char *text, *place, *message;
} mistakes[] = {
	{"", "1:1", "expected 'v1', the version"},
	{"v2 two/default@0:", "1:1", "this program knows no other"},
	{"v1 two:", "1:7", "expected '/' and the variant"},
	{"v1 two/default:", "1:15", "expected '@' and the hash"},
	{"v1 two/default@xyz:", "1:16", "expected a hash"},
	{"v1 two/default@123456789:", "1:16", "expected a hash"},
	{V1, "1:17", "expected a setting, or ':' and the steps"},
	{V1 " fil \"x\":", "1:18", "did you mean 'file'?"},
	{V1 " dma*2", "1:18", "unknown setting 'dma'"},
	{V1 " file x:", "1:23", "expected a path in quotes"},
	{V1 " file \"x:\n", "1:23", "this string does not end"},
	{V1 " memory \"week\":", "1:25", "expected \"strong\" or \"weak\""},
	{V1 ":\n  *2", "2:3", "expected the name of a thread"},
	{V1 ": dma*0", "1:23", "expected how many steps, at least 1"},
	{V1 ": dma*1x", "1:23", "expected how many steps"},
	{V1 ": dma*99999999999999999999", "1:23", "expected how many steps"},
	{V1 ": dma:", "1:23", "expected which way, like split=1"},
	{V1 ": dma:splt=1", "1:23", "did you mean 'split'?"},
	{V1 ": dma:actor=1", "1:23", "a step is not asked for 'actor'"},
	{V1 ": dma:split", "1:28", "expected '=' and which way"},
	{V1 ": dma:split=256", "1:29", "expected a number from 0 to 255"},
	{V1 ": dma:rf=1,rf=1,rf=1,rf=1,rf=1", "1:43",
	 "a step has at most 4 ways"},
	{V1 ": dma ? poll", "1:23", "expected the name of a thread"},
};

START_TEST(wrong)
{
	struct cdma_text out = {0}, want = {0};

	ck_assert_ptr_null(parse(mistakes[_i].text, &out));
	cdma_text_addf(&want, "t.sched:%s: error: ", mistakes[_i].place);
	ck_assert_msg(!strncmp(out.at, want.at, want.len), "%s", out.at);
	ck_assert_msg(strstr(out.at, mistakes[_i].message), "%s", out.at);
	ck_assert_msg(strchr(out.at, '^'), "%s", out.at);
	cdma_text_fini(&out);
	cdma_text_fini(&want);
}
END_TEST

/* Any bytes: a schedule, or a message. */
START_TEST(mutated)
{
	static const char bytes[] = "v1/@:=*,#\"\\ \n\tdma0189split\0\x80";
	static const char text[] =
		"v1 two/default@1a2b3c4d file \"a\" # x\n"
		"strict-windows define \"a=1\": dma:split=1,split=1*2 poll";
	struct program *program = scene_program(two, 0);
	struct cdma_rng rng = cdma_rng_case(1, 0);
	size_t nr = 0;

	for (int i = 0; i < 20000; i++) {
		char copy[sizeof(text)];
		struct diag *diag = diag_new(false);
		struct schedule schedule = {0};
		struct schedule_text *t;

		memcpy(copy, text, sizeof(text));
		for (uint32_t j = cdma_rng_below(&rng, 3); j < 3; j++)
			copy[cdma_rng_below(&rng, sizeof(text) - 1)] =
				bytes[cdma_rng_below(&rng, sizeof(bytes))];
		t = schedule_text_parse("t", copy, sizeof(text) - 1, diag);
		ck_assert((t != NULL) == !diag_nr_errors(diag));
		if (t)
			nr += schedule_text_resolve(t, program, diag,
						    &schedule);
		schedule_fini(&schedule);
		schedule_text_free(t);
		diag_free(diag);
	}
	ck_assert_uint_gt(nr, 100);
	program_free(program);
}
END_TEST

START_TEST(wrong_name)
{
	struct program *program = scene_program(two, 0);
	struct cdma_text out = {0};
	struct schedule_text *t = parse(V1 ": pol*2 dma nobody_here", &out);
	struct schedule schedule = {0};
	struct diag *diag = diag_new(false);

	ck_assert(!schedule_text_resolve(t, program, diag, &schedule));
	diag_print(diag, &out);
	ck_assert_ptr_nonnull(strstr(out.at, "t.sched:1:19: error: there is no "
					     "thread 'pol'; did you mean "
					     "'poll'?"));
	ck_assert_ptr_nonnull(strstr(out.at, "'nobody_here'\n"));
	cdma_text_fini(&out);
	schedule_fini(&schedule);
	schedule_text_free(t);
	diag_free(diag);
	program_free(program);
}
END_TEST

/* ---- where a program and its schedule part ---- */

static struct replay replay_of(const struct program *program, const char *steps,
			       struct strategy *rest, bool lenient,
			       struct schedule *done)
{
	struct cdma_text text = {0}, errors = {0};
	struct schedule_text *t;
	struct schedule schedule = {0};
	struct diag *diag = diag_new(false);
	struct replay replay = {
		.schedule = &schedule, .rest = rest, .lenient = lenient};
	struct strategy inner = strategy_new(&strategy_replay, &replay);
	struct recorder recorder = {.inner = &inner};
	struct machine_options options = {.strategy = &strategy_record,
					  .strategy_state = &recorder};

	cdma_text_addf(&text, "v1 two/default@0: %s", steps);
	t = parse(text.at, &errors);
	ck_assert_msg(t, "%s", cdma_text_str(&errors));
	ck_assert(schedule_text_resolve(t, program, diag, &schedule));
	run(program, &options, 0);
	schedule_copy(done, &recorder.schedule);
	schedule_fini(&recorder.schedule);
	schedule_fini(&schedule);
	schedule_text_free(t);
	diag_free(diag);
	cdma_text_fini(&text);
	cdma_text_fini(&errors);
	return replay;
}

/* What is done of a schedule, as text; "first" goes on where it does not fit.
 */
static const struct {
	const char *steps, *done;
	bool go_on, lenient;
	enum misfit misfit;
	uint32_t at;
} fits[] = {
	{"", "dma*3 poll*2", false, false, MISFIT_NONE, 0},
	{"poll", "poll dma*3 poll", false, false, MISFIT_NONE, 1},
	{"dma:split=1 poll", "dma:split=1 poll dma*2 poll", false, false,
	 MISFIT_NONE, 2},
	{"poll*2 dma*3", "poll*2 dma*3", false, false, MISFIT_NONE, 5},
	{"poll*2 dma*4", "poll*2 dma*3", false, false, MISFIT_NONE, 5},
	{"poll*3 dma", "poll*2", false, false, MISFIT_ACTOR, 2},
	{"poll*3 dma", "poll*2 dma*3", true, false, MISFIT_ACTOR, 2},
	{"poll*3 dma", "poll*2 dma*3", false, true, MISFIT_NONE, 4},
	{"dma:split=2 poll", "dma", false, false, MISFIT_WAY, 0},
	{"dma:rf=1 poll", "dma", false, false, MISFIT_WAY, 0},
	{"dma:split=2 poll", "dma poll dma*2 poll", false, true, MISFIT_NONE,
	 2},
};

START_TEST(parting)
{
	struct program *program = scene_program(two, 0);
	struct strategy first = strategy_new(&strategy_first, NULL);
	struct schedule done = {0};
	struct cdma_text out = {0};
	struct replay replay = replay_of(program, fits[_i].steps,
					 fits[_i].go_on ? &first : NULL,
					 fits[_i].lenient, &done);

	schedule_text_print_line(&out, program, &done);
	ck_assert_str_eq(strchr(out.at, ':') + 2, fits[_i].done);
	ck_assert_int_eq(replay.misfit, fits[_i].misfit);
	ck_assert_int_eq(replay.diverged, fits[_i].misfit != MISFIT_NONE);
	ck_assert_uint_eq(replay.at, fits[_i].at);
	if (replay.misfit == MISFIT_ACTOR)
		ck_assert_uint_eq(replay.could, 1);
	cdma_text_fini(&out);
	schedule_fini(&done);
	program_free(program);
}
END_TEST

/* ---- the hash ---- */

static uint32_t hash_of(const char *text)
{
	struct program *program = scene_program(text, 0);
	uint32_t hash = program_hash(program);

	program_free(program);
	return hash;
}

#define HASHED(name, cond, value)                                              \
	"scenario h \"" name "\"; shared u32 x;\n"                             \
	"thread a on cpu { if (READ_ONCE(x) " cond ") WRITE_ONCE(x, " value    \
	"); }\n"

START_TEST(hash)
{
	uint32_t want = hash_of(HASHED("t", "== 1", "2"));

	ck_assert_uint_eq(want, hash_of("// hello\n\n" HASHED(
					"other", "== /**/ 1", "1 + 1")));
	ck_assert_uint_eq(
		want, hash_of(HASHED("t", "== 1", "2") "expect nothing;\n"));
	ck_assert_uint_ne(want, hash_of(HASHED("t", "!= 1", "2")));
	ck_assert_uint_ne(want, hash_of(HASHED("t", "== 3", "2")));
	ck_assert_uint_ne(want, hash_of(HASHED("t", "== 1", "4")));
	ck_assert_uint_ne(
		want, hash_of(HASHED("t", "== 1",
				     "2") "thread b on cpu { WRITE_ONCE(x, 1); "
					  "}\n"));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("schedule");

	unit_add(suite, corpus);
	unit_add(suite, layout);
	unit_add(suite, wrapped);
	unit_add_rows(suite, wrong, ARRAY_SIZE(mistakes));
	unit_add(suite, mutated);
	unit_add(suite, wrong_name);
	unit_add_rows(suite, parting, ARRAY_SIZE(fits));
	unit_add(suite, hash);
	return suite;
}
