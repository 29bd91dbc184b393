/* SPDX-License-Identifier: MIT */
#include "parts.h"

#include "base/text.h"
#include "cmd.h"
#include "json/must.h"
#include "work/branches.h"

#include <errno.h>
#include <string.h>

static void *begin_seeds(const struct program *program,
			 const struct campaign_options *options,
			 struct shard shard)
{
	return seeds_new(program, options, shard);
}

static void end_seeds(void *state)
{
	seeds_free(state);
}

const struct partition partition_seeds = {
	.work = &work_seeds,
	.begin = begin_seeds,
	.end = end_seeds,
};

/* Shards are of variants. */
static void *begin_branches(const struct program *program,
			    const struct campaign_options *options,
			    struct shard shard)
{
	(void)shard;
	return branches_new(program, options);
}

static void end_branches(void *state)
{
	branches_free(state);
}

const struct partition partition_branches = {
	.work = &work_branches,
	.begin = begin_branches,
	.end = end_branches,
	.whole_variants = true,
};

/* ---- what the command line says ---- */

/* "2/8" */
static int read_shard(const char *text, struct shard *out)
{
	const char *slash = strchr(text, '/');
	struct cdma_text nr = {0};
	int err = -EINVAL;

	if (slash) {
		cdma_text_addn(&nr, text, (size_t)(slash - text));
		err = number_parse(cdma_text_str(&nr), &out->nr) ||
		      number_parse(slash + 1, &out->of);
	}
	cdma_text_fini(&nr);
	if (!err && out->nr && out->nr <= out->of)
		return STATUS_OK;
	complain("--shard: '%s' is not I/N, number I of N, counted from 1",
		 text);
	return STATUS_USAGE;
}

/* The first line of the journal. */
static struct json_object *head_of(const struct parts *parts,
				   const char *command, unsigned int bit)
{
	struct json_object *head = must_object();
	struct json_object *args = must_array();
	struct option_words words = options_words(bit, parts->set);
	struct cdma_text shard = {0};

	must_push(args, must_string(command));
	for (size_t i = 0; i < words.nr; i++)
		must_push(args, must_string(words.at[i]));
	must_add(head, "cdmasim", must_string(PACKAGE_VERSION));
	must_add(head, "args", args);
	if (parts->shard.of) {
		cdma_text_addf(&shard, "%llu/%llu",
			       (unsigned long long)parts->shard.nr,
			       (unsigned long long)parts->shard.of);
		must_add(head, "shard", must_string(shard.at));
	}
	cdma_text_fini(&shard);
	option_words_fini(&words);
	return head;
}

static int open_journal(struct parts *parts, const char *command,
			unsigned int bit)
{
	struct json_object *head = head_of(parts, command, bit);
	struct cdma_text text = {0};
	int err;

	parts->journal = journal_new();
	err = journal_open(parts->journal, parts->set->journal, head, &text);
	if (err)
		complain("--journal: %s", text.at);
	json_object_put(head);
	cdma_text_fini(&text);
	if (!err)
		return STATUS_OK;
	return err == -EEXIST || err == -EINVAL ? STATUS_USAGE : STATUS_IO;
}

int parts_init(struct parts *parts, const char *command, unsigned int bit,
	       const struct settings *set)
{
	int status = STATUS_OK;

	*parts = (struct parts){.set = set};
	if (set->shard)
		status = read_shard(set->shard, &parts->shard);
	if (!status && set->shard && !set->journal) {
		complain("--shard needs --journal=FILE: only 'cdmasim merge', "
			 "which reads those of all shards, knows the verdict");
		status = STATUS_USAGE;
	}
	if (!status && set->journal)
		status = open_journal(parts, command, bit);
	return status;
}

/* The head of one more journal: the same work as in the others. */
static int join_head(const char *path, struct json_object *one,
		     struct json_object **head)
{
	struct json_object *args = NULL, *others = NULL;

	json_object_object_get_ex(one, "args", &args);
	json_object_object_get_ex(*head, "args", &others);
	if (args && (!*head || json_object_equal(args, others))) {
		json_object_put(*head);
		*head = one;
		return STATUS_OK;
	}
	complain("%s is of other work: %s%s%s", path,
		 must_text(args, JSON_C_TO_STRING_SPACED),
		 others ? ", not " : "",
		 others ? must_text(others, JSON_C_TO_STRING_SPACED) : "");
	json_object_put(one);
	return STATUS_USAGE;
}

int parts_init_known(struct parts *parts, const struct words *paths,
		     struct json_object **head)
{
	struct cdma_text text = {0};
	int status = STATUS_OK;

	*head = NULL;
	*parts = (struct parts){.journal = journal_new(), .only_known = true};
	for (size_t i = 0; i < paths->nr && !status; i++) {
		struct json_object *one = NULL;
		int err =
			journal_read(parts->journal, paths->at[i], &one, &text);

		/* Cases of other work may well contradict these. */
		if (one)
			status = join_head(paths->at[i], one, head);
		if (!err || status)
			continue;
		complain("%s", text.at);
		status = err == -EINVAL ? STATUS_USAGE : STATUS_IO;
	}
	cdma_text_fini(&text);
	return status;
}

void parts_fini(struct parts *parts)
{
	journal_free(parts->journal);
	parts->journal = NULL;
}

bool parts_wanted(const struct parts *parts)
{
	return parts->journal || parts->set->jobs;
}

bool parts_has_variant(struct parts *parts, const struct partition *partition)
{
	uint64_t nr = parts->variants++;

	return !parts->shard.of || !partition->whole_variants ||
	       nr % parts->shard.of == parts->shard.nr - 1;
}

/* ---- the runs ---- */

struct doing {
	const char *file;
	const struct program *program;
	const struct campaign_options *options;
	const struct partition *partition;
	struct parts_ears ears;
	uint64_t missing, first_missing; /* cases */
	bool *said;                      /* that there are few processes */
	int *exited;                     /* see struct parts */
};

static enum campaign_cut progress(void *aux, uint64_t done)
{
	struct doing *d = aux;

	return d->ears.progress(d->ears.aux, done);
}

static void crashed(void *aux, uint64_t nr, int signal)
{
	const struct doing *d = aux;

	complain("%s: %s/%s: case %llu is lost: its process %s%s", d->file,
		 d->program->name, d->program->variant, (unsigned long long)nr,
		 signal ? "died: " : "ended", signal ? strsignal(signal) : "");
}

static void fewer(void *aux, unsigned int nr, int err)
{
	struct doing *d = aux;

	if (!*d->said)
		complain("note: no more processes than %u: %s", nr + !nr,
			 strerror(-err));
	*d->said = true;
}

static void exited(void *aux, int status)
{
	struct doing *d = aux;

	*d->exited = status;
}

static void missing(void *aux, uint64_t nr)
{
	struct doing *d = aux;

	if (!d->missing++)
		d->first_missing = nr;
}

/* One line, however many there are. */
static void say_missing(const struct doing *d)
{
	if (d->missing)
		complain("%s: %s/%s: %llu case%s, the first of them number "
			 "%llu, %s in none of the journals",
			 d->file, d->program->name, d->program->variant,
			 (unsigned long long)d->missing,
			 d->missing == 1 ? "" : "s",
			 (unsigned long long)d->first_missing,
			 d->missing == 1 ? "is" : "are");
}

enum campaign_cut parts_do(struct parts *parts,
			   const struct partition *partition, const char *file,
			   const struct program *program,
			   const struct campaign_options *options,
			   struct parts_ears ears, struct tally *out)
{
	struct doing d = {.file = file,
			  .program = program,
			  .options = options,
			  .partition = partition,
			  .ears = ears,
			  .said = &parts->said_fewer,
			  .exited = &parts->exited};
	uint64_t jobs = parts->set ? parts->set->jobs : 0;
	/* Who writes a journal has somebody else do the cases, if only one, and
	 * so is there for whoever wants to stop him. */
	const struct work_options how = {
		.jobs = parts->only_known ? 0
			: jobs            ? (unsigned int)jobs
					  : 1,
		.journal = parts->journal,
		.only_known = parts->only_known,
		.progress = progress,
		.crashed = crashed,
		.fewer = fewer,
		.exited = exited,
		.missing = missing,
		.aux = &d,
	};
	struct shard shard =
		partition->whole_variants ? (struct shard){0} : parts->shard;
	void *state = partition->begin(program, options, shard);
	struct cdma_text err = {0};
	enum campaign_cut cut;

	if (parts->journal)
		journal_variant(parts->journal, file, program->name,
				program->variant, program_hash(program));
	cut = work_do(partition->work, state, &how, out, &err);
	if (err.len)
		complain("%s", err.at);
	say_missing(&d);
	cdma_text_fini(&err);
	partition->end(state);
	return cut;
}
