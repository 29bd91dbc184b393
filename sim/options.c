/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "base/macros.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <string.h>

#define ASIDE OPT_ASIDE

#define AT(member) offsetof(struct settings, member)

static const struct opt table[] = {
	{"variant", 0, OPT_TEXT, "GLOB",
	 CMD_RUN | CMD_EXPLORE | CMD_LIST | CMD_DEBUG | CMD_NATIVE, AT(variant),
	 0,
	 "Only the variants whose name matches GLOB. What a file says outside "
	 "of "
	 "variants is the variant 'default'."},
	{"define", 'D', OPT_LIST, "NAME=VALUE", CMD_LOADS | CMD_NATIVE,
	 AT(defines), 0,
	 "Set a param of the scenario, before the variant does."},
	{"fail", 0, OPT_LIST, "FAULT",
	 CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_CHECK | CMD_DEBUG, AT(faults),
	 0,
	 "Let a call fail, as 'dma_alloc #2' after the word fail in a "
	 "scenario, or a device be broken, as 'nic drop write #3' after the "
	 "word fault; the faults that are given replace those of the scenario "
	 "and its variants, and 'none' leaves them out. With the attributes of "
	 "the kernel's fault injection, as in "
	 "'dma_alloc,probability=10,times=-1' or 'any,fail-nth=3', calls fail "
	 "as should_fail() decides it; chance is "
	 "in the schedule, so that a run replays, and cdmasim explore tries "
	 "both."},
	{"faults", 0, OPT_CHOICE, "said|each|pairs", CMD_RUN | CMD_EXPLORE,
	 AT(fault_mode), 0,
	 "Run each variant again with every call failed that can fail, one "
	 "after the other (each), and then every two of them (pairs), until "
	 "one is not reached, as the kernel's fail-nth does; say which were, "
	 "and which error returns were taken. The default is said: the faults "
	 "that the scenario says, and what it asks for by 'under faults'."},
	{"include-dir", 'I', OPT_LIST, "DIR", CMD_LOADS | CMD_LIST | CMD_NATIVE,
	 AT(includes), 0,
	 "Look for included files in DIR too, and let them be anywhere below "
	 "it. Without, what a scenario includes is below the directory that it "
	 "is in."},
	{"cache", 0, OPT_TEXT, "DIR", ASIDE | CMD_LOADS | CMD_NATIVE, AT(cache),
	 0,
	 "Where what is compiled of C is kept. The default is "
	 "$XDG_CACHE_HOME/cdmasim, or ~/.cache/cdmasim."},
	{"kernel", 0, OPT_TEXT, "TREE", CMD_NATIVE, AT(kernel), 0,
	 "The sources of the kernel that drivers are compiled against. The "
	 "default is the tree that was said last."},
	{"again", 0, OPT_FLAG, NULL, CMD_NATIVE, AT(again), 0,
	 "Compile also what is there already."},
	{"schedules", 0, OPT_NUMBER, "N", CMD_RUN, AT(schedules), 1,
	 "Try N random schedules of each variant; the default is 200. That "
	 "nothing is found in them does not say that there is nothing: what "
	 "a rare order of steps shows may be missed. cdmasim explore tries "
	 "every order that can be told apart."},
	{"executions", 0, OPT_NUMBER, "N", CMD_EXPLORE, AT(schedules), 1,
	 "Stop each variant after N executions; the verdict is then "
	 "inconclusive. The default is to try them all."},
	{"preemptions", 0, OPT_LIMIT, "K", CMD_EXPLORE, AT(preemptions), 0,
	 "Try only schedules with at most K preemptions, those with fewer "
	 "first; when there are others, the verdict is inconclusive. A "
	 "preemption is a switch away from a thread, device or interrupt "
	 "handler that could have gone on; a switch from one that waits or "
	 "has ended is none. Most bugs need one or two."},
	{"time", 0, OPT_TIME, "TIME", ASIDE | CMD_RUN | CMD_EXPLORE, AT(time),
	 1,
	 "Stop after TIME, such as 30s, 500ms, 5m or 2h, for all variants "
	 "together; each has an equal part of what the ones before it have "
	 "left. What has not been tried by then is inconclusive."},
	{"memory-limit", 0, OPT_SIZE, "SIZE",
	 ASIDE | CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_DEBUG | CMD_MERGE |
		 CMD_CHECK,
	 AT(memory_limit), 0,
	 "End, with a message and status 4, rather than use more memory than "
	 "SIZE, such as 512M or 4G, all processes together. The memory of a "
	 "scenario counts, too, whether anything is written there or not."},
	{"jobs", 'j', OPT_NUMBER, "N", ASIDE | CMD_RUN | CMD_EXPLORE, AT(jobs),
	 1,
	 "Do the runs in N processes; one that crashes costs the runs that it "
	 "was at, and no more. What is found does not depend on N."},
	{"journal", 0, OPT_TEXT, "FILE", ASIDE | CMD_RUN | CMD_EXPLORE,
	 AT(journal), 0,
	 "Write a line to FILE for each part of the work that is done. When "
	 "FILE is there already, go on where it ends."},
	{"shard", 0, OPT_TEXT, "I/N", ASIDE | CMD_RUN | CMD_EXPLORE, AT(shard),
	 0,
	 "Do part I of N, counted from 1, and leave the verdict to cdmasim "
	 "merge. The parts have nothing in common: of random schedules each "
	 "has some of every variant, of an exploration some of the variants."},
	{"steps", 0, OPT_NUMBER, "N", CMD_RUN | CMD_EXPLORE | CMD_REPLAY,
	 AT(steps), 1,
	 "Give a run up that has not ended after N steps of its threads and "
	 "turns of its loops; the default is 1000000. What was given up is "
	 "inconclusive."},
	{"strategy", 0, OPT_TEXT, "NAME", CMD_RUN | CMD_DEBUG, AT(strategy), 0,
	 "How schedules are drawn: random, every answer as likely as any "
	 "other; pct:D, probabilistic concurrency testing of depth D, which "
	 "shows a bug that needs D steps in a certain order with a "
	 "probability that is bounded from below; mixed (the default), every "
	 "other one random, the rest pct:1, pct:2 and pct:3 in turns; first, "
	 "one thread after the other."},
	{"seed", 0, OPT_NUMBER, "S", CMD_RUN | CMD_REPLAY | CMD_DEBUG, AT(seed),
	 1,
	 "Number of the sequence of random schedules; the default is 1. The "
	 "same seed gives the same schedules on any machine."},
	{"first", 0, OPT_NUMBER, "N", CMD_RUN | CMD_DEBUG, AT(first), 0,
	 "Begin with schedule number N of the seed; they are numbered from 0. "
	 "With --schedules=1, run just this one."},
	{"threads", 0, OPT_FLAG, NULL, CMD_RUN, AT(threads), 0,
	 "Let every thread of a CPU, every device and every handler be a "
	 "thread of this machine, and leave it to chance who is first. What "
	 "is found is replayed in lockstep; that nothing is found, or not "
	 "what is expected, says less than ever."},
	{"runs", 0, OPT_NUMBER, "N", CMD_RUN, AT(runs), 1,
	 "With --threads: run each variant N times; the default is 200."},
	{"duration", 0, OPT_TIME, "TIME", CMD_RUN, AT(duration), 1,
	 "With --threads: run for TIME, all variants together; the verdict "
	 "is about the runs that there were, none of which is then missing."},
	{"memory", 0, OPT_CHOICE, "auto|strong|weak",
	 CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_DEBUG, AT(memory), 0,
	 "Whether every read sees the newest store (strong), or may be late as "
	 "the machine allows, so that values go wrong where a barrier is "
	 "missing (weak). The default is auto: as the scenario says."},
	{"contract", 0, OPT_CHOICE, "auto|c|rust",
	 CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_DEBUG, AT(contract), 0,
	 "What the driver may do with coherent memory: plain accesses, judged "
	 "by order, as C drivers do (c); none outside a window, and calls of "
	 "the driver core only from its callbacks (rust). The default is auto: "
	 "as the scenario says, or as the call that allocated the memory has "
	 "it."},
	{"machine", 0, OPT_TEXT, "NAME|each",
	 CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_DEBUG, AT(machine), 0,
	 "On which machine: x86, x86_high, x86_iommu, sev, arm64, arm64_smmu, "
	 "arm32, or one that is like it but for some things, as in "
	 "arm64,line=64,swiotlb=always; any is none of them, and finds what is "
	 "wrong on some machine. each (run, explore): as the scenario says, "
	 "and "
	 "on each of them; say where it is wrong. The default is what the "
	 "scenario says."},
	{"strict-volatile", 0, OPT_FLAG, NULL,
	 CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_DEBUG, AT(strict_volatile), 0,
	 "Report races between marked accesses of two CPUs too."},
	{"strict-windows", 0, OPT_FLAG, NULL,
	 CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_DEBUG, AT(strict_windows), 0,
	 "Report device reads inside an as_ref window too."},
	{"strict-plain", 0, OPT_FLAG, NULL,
	 CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_DEBUG, AT(strict_plain), 0,
	 "Report plain reads of coherent memory by the contract of C where the "
	 "compiler could do harm: in a poll, and of what is checked and then "
	 "an "
	 "address."},
	{"log", 0, OPT_TEXT, "DIR", ASIDE | CMD_RUN | CMD_EXPLORE, AT(log), 0,
	 "Write every access to traces in the new directory DIR, for cdmasim "
	 "show and babeltrace2: one of each distinct finding."},
	{"save", 0, OPT_TEXT, "DIR", ASIDE | CMD_RUN | CMD_EXPLORE | CMD_MERGE,
	 AT(save), 0,
	 "Write the schedule of each finding to the directory DIR, minimised, "
	 "and the scenario with what it includes, for cdmasim replay."},
	{"schedule", 0, OPT_TEXT, "TEXT", CMD_REPLAY | CMD_DEBUG, AT(schedule),
	 0,
	 "Replay this schedule, as the report of a finding has it, instead of "
	 "a file's."},
	{"continue", 0, OPT_CHOICE, "no|first|random", CMD_REPLAY, AT(go_on), 0,
	 "When the scenario does not fit the schedule any more: stop there "
	 "(the default), or say so and go on with strategy first or random."},
	{"check", 0, OPT_FLAG, NULL, CMD_FMT, AT(check), 0,
	 "Change nothing; say which files are not formatted, and exit 1 if "
	 "there "
	 "is one."},
	{"findings", 0, OPT_FLAG, NULL, CMD_LIST, AT(findings), 0,
	 "List the kinds of finding instead of scenarios."},
	{"faults", 0, OPT_FLAG, NULL, CMD_LIST, AT(sites), 0,
	 "List the sites of faults instead of scenarios: how each fails, what "
	 "passes it, and what is left behind."},
	{"from", 0, OPT_TEXT, "KIND", CMD_NEW, AT(from), 0,
	 "What to start from: nic-ring (the default), nvme-queue, mailbox or "
	 "streaming-rx."},
	{"width", 0, OPT_NUMBER, "COLUMNS", CMD_SHOW, AT(width), 40,
	 "Lay the columns out for COLUMNS; the default is that of the "
	 "terminal."},
	{"man", 0, OPT_FLAG, NULL, CMD_HELP, AT(man), 0, ""},
	{"completion", 0, OPT_FLAG, NULL, CMD_HELP, AT(completion), 0, ""},
	{"format", 0, OPT_LIST, "FORMAT[:FILE]",
	 ASIDE | CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_CHECK | CMD_MERGE,
	 AT(formats), 0,
	 "How to say what came of it: text (the default); json, jsonl, tap, "
	 "junit, sarif or github for programs; lcov for coverage; html, svg, "
	 "mermaid or perfetto for pictures of the findings. On standard "
	 "output, or into FILE; may "
	 "be said several times, for several files."},
	{"html", 0, OPT_TEXT, "FILE",
	 ASIDE | CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_MERGE, AT(html), 0,
	 "Write a page with a picture of each finding into FILE: a lane for "
	 "each thread and engine, what was read from where, and what was "
	 "believed and is not guaranteed. The same as --format=html:FILE."},
	{"svg", 0, OPT_TEXT, "FILE",
	 ASIDE | CMD_RUN | CMD_EXPLORE | CMD_REPLAY | CMD_MERGE, AT(svg), 0,
	 "Write the picture of the first finding into FILE; those that nobody "
	 "expected come first. The same as --format=svg:FILE."},
	{"coverage", 0, OPT_TEXT, "FILE",
	 ASIDE | CMD_RUN | CMD_EXPLORE | CMD_MERGE, AT(coverage), 0,
	 "Write into FILE, for genhtml and the like, which lines of the "
	 "scenarios were reached, and which ways their branches went, error "
	 "returns among them, in all schedules of all variants together. The "
	 "same as --format=lcov:FILE."},
	{"dot", 0, OPT_TEXT, "FILE", ASIDE | CMD_EXPLORE, AT(dot), 0,
	 "Write into FILE, for Graphviz, a graph of each execution of a litmus "
	 "test of which its condition holds."},
	{"fail-fast", 0, OPT_FLAG, NULL,
	 ASIDE | CMD_RUN | CMD_EXPLORE | CMD_CHECK, AT(fail_fast), 0,
	 "Stop after the first that is not as expected, or has a mistake."},
	{"verbose", 'v', OPT_COUNT, NULL,
	 ASIDE | CMD_RUN | CMD_EXPLORE | CMD_SHOW | CMD_MERGE, AT(verbose), 0,
	 "Show more: the reports of findings that were expected (run), every "
	 "event (show)."},
	{"quiet", 'q', OPT_FLAG, NULL,
	 ASIDE | CMD_RUN | CMD_EXPLORE | CMD_CHECK | CMD_MERGE | CMD_NATIVE,
	 AT(quiet), 0,
	 "Only what is wrong; nothing at all when all is as expected."},
	{"color", 0, OPT_CHOICE, "auto|always|never", ASIDE | CMD_ALL,
	 AT(color), 0,
	 "Colour the output. The default is auto: on a terminal, unless "
	 "NO_COLOR "
	 "is set."},
	{"help", 'h', OPT_FLAG, NULL, ASIDE | CMD_ALL, AT(help), 0,
	 "Show this help."},
};

const struct opt *options_at(size_t i)
{
	return i < ARRAY_SIZE(table) ? &table[i] : NULL;
}

/* Texts that begin like one of a few. */
static const struct {
	const char *name, *words;
} known_words[] = {
	{"from", "nic-ring|nvme-queue|mailbox|streaming-rx"},
	{"machine",
	 "any|x86|x86_high|x86_iommu|sev|arm64|arm64_smmu|arm32|each"},
	{"strategy", "mixed|random|pct:1|pct:2|pct:3|first"},
	{"format", "text|json|jsonl|tap|junit|sarif|github|lcov|html|svg|"
		   "mermaid|perfetto"},
};

const char *option_choices(const struct opt *opt)
{
	if (opt->kind == OPT_CHOICE)
		return opt->arg;
	for (size_t i = 0; i < ARRAY_SIZE(known_words); i++)
		if (!strcmp(known_words[i].name, opt->name))
			return known_words[i].words;
	return NULL;
}

bool settings_on_each(const struct settings *set)
{
	return set->machine && !strcmp(set->machine, "each");
}

void settings_fini(struct settings *set)
{
	cdma_vec_free(&set->defines);
	cdma_vec_free(&set->faults);
	cdma_vec_free(&set->includes);
	cdma_vec_free(&set->formats);
	cdma_vec_free(&set->operands);
	cdma_text_fini(&set->input);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

int number_parse(const char *text, uint64_t *out)
{
	int base = 10, before = '_';
	uint64_t nr = 0;

	if (text[0] == '0' && (text[1] | 0x20) == 'x')
		base = 16;
	else if (text[0] == '0' && (text[1] | 0x20) == 'b')
		base = 2;
	text += base == 10 ? 0 : 2;
	for (; *text; before = *text++) {
		if (*text == '_' && before != '_')
			continue;
		if (digit(*text) >= base ||
		    __builtin_mul_overflow(nr, (unsigned int)base, &nr) ||
		    __builtin_add_overflow(nr, (unsigned int)digit(*text), &nr))
			return -EINVAL;
	}
	if (before == '_')
		return -EINVAL;
	*out = nr;
	return 0;
}

/* What an argument is being read for. */
struct reading {
	unsigned int command;
	struct settings *set;
	struct cdma_text *err;
};

/* Say what is wrong; always -EINVAL. */
#define wrong(r, ...) (cdma_text_addf((r)->err, __VA_ARGS__), -EINVAL)

static bool same_name(const char *name, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!name[i] || name[i] != (word[i] == '_' ? '-' : word[i]))
			return false;
	return !name[len];
}

static const struct opt *find_name(unsigned int command, const char *word,
				   size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].commands & command &&
		    same_name(table[i].name, word, len))
			return &table[i];
	return NULL;
}

static const struct opt *find_letter(unsigned int command, char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].commands & command && table[i].letter == letter)
			return &table[i];
	return NULL;
}

static int set_number(const struct reading *r, const struct opt *opt,
		      const char *text, uint64_t *out)
{
	if (number_parse(text, out))
		return wrong(r, "--%s: '%s' is not a number", opt->name, text);
	if (*out < opt->min)
		return wrong(r, "--%s: %s is less than %u", opt->name, text,
			     (unsigned int)opt->min);
	return 0;
}

struct unit_of {
	const char *name;
	uint64_t each;
};

static const struct unit_of times[] = {
	{"ms", 1000000},      {"s", 1000000000}, {"m", 60000000000},
	{"h", 3600000000000}, {"", 1000000000},  {NULL, 0},
};

static const struct unit_of sizes[] = {
	{"", 1},        {"K", 1 << 10},           {"M", 1 << 20},
	{"G", 1 << 30}, {"T", UINT64_C(1) << 40}, {NULL, 0},
};

/* A number and a unit. */
static int set_measure(const struct reading *r, const struct opt *opt,
		       const char *text, const struct unit_of *units,
		       uint64_t *out)
{
	size_t len = strspn(text, "0123456789_");
	char *number = cdma_xstrndup(text, len);
	int err = number_parse(number, out);

	free(number);
	for (; !err && units->name; units++)
		if (!strcmp(text + len, units->name) &&
		    !__builtin_mul_overflow(*out, units->each, out) && *out)
			return 0;
	return wrong(r, "--%s: '%s' is not a %s", opt->name, text,
		     opt->kind == OPT_TIME ? "time such as 30s, 500ms or 2h"
					   : "size such as 512M or 4G");
}

/* Which word of "a|b|c" @text is. */
static int set_choice(const struct reading *r, const struct opt *opt,
		      const char *text, unsigned int *out)
{
	const char *word = opt->arg;
	size_t len;

	for (unsigned int i = 0;; i++, word += len + 1) {
		len = strcspn(word, "|");
		if (strlen(text) == len && !strncmp(word, text, len)) {
			*out = i;
			return 0;
		}
		if (!word[len])
			break;
	}
	return wrong(r, "--%s: '%s' is not one of %s", opt->name, text,
		     opt->arg);
}

static int set_option(const struct reading *r, const struct opt *opt,
		      const char *text)
{
	void *at = (char *)r->set + opt->offset;

	switch (opt->kind) {
	case OPT_FLAG:
		*(bool *)at = true;
		return 0;
	case OPT_COUNT:
		++*(unsigned int *)at;
		return 0;
	case OPT_NUMBER:
		return set_number(r, opt, text, at);
	case OPT_LIMIT:
		((struct limit *)at)->is_set = true;
		return set_number(r, opt, text, &((struct limit *)at)->nr);
	case OPT_TIME:
		return set_measure(r, opt, text, times, at);
	case OPT_SIZE:
		return set_measure(r, opt, text, sizes, at);
	case OPT_CHOICE:
		return set_choice(r, opt, text, at);
	case OPT_TEXT:
		*(const char **)at = text;
		return 0;
	case OPT_LIST:
		*cdma_vec_push((struct words *)at) = text;
		return 0;
	}
	return -EINVAL;
}

static int unknown_name(const struct reading *r, const char *word, size_t len)
{
	char *name = cdma_xstrndup(word, len);
	struct cdma_suggest near = cdma_suggest_for(name);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].commands & r->command && table[i].help[0])
			cdma_suggest_offer(&near, table[i].name);
	cdma_text_addf(r->err, "unknown option '--%s'", name);
	if (near.best)
		cdma_text_addf(r->err, "; did you mean '--%s'?", near.best);
	free(name);
	return -EINVAL;
}

/* "--name", "--name=value", "--name value"; moves @argv over the value. */
static int read_long(const struct reading *r, char *const **argv)
{
	const char *word = *(*argv)++ + 2;
	size_t len = strcspn(word, "=");
	const struct opt *opt = find_name(r->command, word, len);
	const char *value = word[len] ? word + len + 1 : NULL;

	if (!opt)
		return unknown_name(r, word, len);
	if (value && !opt->arg)
		return wrong(r, "--%s takes no argument", opt->name);
	if (opt->arg && !value)
		value = *(*argv)++;
	if (opt->arg && !value)
		return wrong(r, "--%s needs an argument: %s", opt->name,
			     opt->arg);
	return set_option(r, opt, value);
}

/* "-v", "-vq", "-Dvalue", "-D value". */
static int read_short(const struct reading *r, char *const **argv)
{
	const char *word = *(*argv)++ + 1;

	for (; *word; word++) {
		const struct opt *opt = find_letter(r->command, *word);

		if (!opt)
			return wrong(r, "unknown option '-%c'", *word);
		if (opt->arg) {
			const char *value = word[1] ? word + 1 : *(*argv)++;

			if (value)
				return set_option(r, opt, value);
			return wrong(r, "-%c needs an argument: %s", *word,
				     opt->arg);
		}
		set_option(r, opt, NULL);
	}
	return 0;
}

int options_parse(unsigned int command, char *const *argv, struct settings *set,
		  struct cdma_text *err)
{
	const struct reading r = {command, set, err};
	bool options = true;
	int ret = 0;

	while (!ret && *argv) {
		if (options && !strcmp(*argv, "--")) {
			options = false;
			argv++;
		} else if (options && !strncmp(*argv, "--", 2)) {
			ret = read_long(&r, &argv);
		} else if (options && (*argv)[0] == '-' && (*argv)[1]) {
			ret = read_short(&r, &argv);
		} else {
			*cdma_vec_push(&set->operands) = *argv++;
		}
	}
	return ret;
}

/* ---- and back ---- */
