/* SPDX-License-Identifier: MIT */
#include "embed/embed.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/xalloc.h"
#include "picture/save.h"
#include "report/timeline.h"
#include "sched/schedule-text.h"
#include "script/program.h"

void embed_forget(struct cdma_run *run)
{
	for (size_t i = 0; i < run->texts.nr; i++) {
		free(run->texts.at[i]);
		free(run->schedules.at[i]);
	}
	run->texts.nr = run->schedules.nr = 0;
	cdma_text_cut(&run->report, 0);
	report_result_free(run->result);
	campaign_free(run->campaign);
	schedule_fini(&run->schedule);
	schedule_text_free(run->schedule_text);
	strategy_free(&run->strategy);
	program_free(run->program);
	run->result = NULL;
	run->campaign = NULL;
	run->schedule_text = NULL;
	run->program = NULL;
}

/* ---- in words ---- */

static char *schedule_of(const struct campaign_finding *f)
{
	struct cdma_text line = {0};

	if (f->schedule)
		schedule_text_print_line(&line, f->program, f->schedule);
	return line.at ? line.at : cdma_xstrdup("");
}

/* What shows it again: a command when this is one, else a call. */
static const char *replay_of(struct cdma_run *run,
			     const struct campaign_finding *f,
			     const char *schedule)
{
	struct cdma_text line = {0};
	const struct given given =
		f->simplified ? f->simplified->given : embed_given(run);

	if (!run->self) {
		cdma_text_addf(&line, "cdma_run_replay(run, \"%s\")", schedule);
		return report_keep(&run->result->arena, &line);
	}
	cdma_text_addf(&line, "%s replay%s", run->self,
		       run->weak ? " --memory=weak" : "");
	if (strcmp(run->program->variant, "default") != 0) {
		cdma_text_add(&line, " --variant=");
		report_quoted(&line, run->program->variant);
	}
	report_settings(&line, &given);
	cdma_text_addf(&line, " --schedule='%s'", schedule);
	return report_keep(&run->result->arena, &line);
}

static void tell_finding(struct cdma_run *run, size_t i)
{
	struct report_finding *words = &run->result->findings.at[i];
	struct cdma_text text = {0};
	char *schedule = schedule_of(words->from);

	words->replay = replay_of(run, words->from, schedule);
	report_print_finding(&text, false, words);
	*cdma_vec_push(&run->schedules) = schedule;
	*cdma_vec_push(&run->texts) = text.at;
}

static void add_error(struct cdma_run *run)
{
	const struct run_error *error = campaign_error(run->campaign);

	if (error)
		cdma_text_addf(&run->report, "%s:%u:%u: error: %s\n",
			       error->site->file, error->site->line,
			       error->site->col, error->message);
}

void embed_tell(struct cdma_run *run)
{
	struct cdma_text path = {0}, said = {0};
	const struct report_options options = {
		.detail = REPORT_ALL,
		.said = &said,
	};

	cdma_text_addf(&path, "<%s>", run->name);
	run->result = report_result_of(&(struct report_variant){
		.file = path.at,
		.program = run->program,
		.settings = "",
		.options = &run->options,
		.campaign = run->campaign,
	});
	for (size_t i = 0; i < run->result->findings.nr; i++)
		tell_finding(run, i);
	add_error(run);
	report_text.result(&run->report, NULL, &options, run->result);
	cdma_text_fini(&said);
	cdma_text_fini(&path);
}

const char *cdma_run_report(const struct cdma_run *run)
{
	return cdma_text_str(&run->report);
}

size_t cdma_run_nr_findings(const struct cdma_run *run)
{
	return run->campaign ? campaign_nr_findings(run->campaign) : 0;
}

const struct cdma_finding *cdma_run_finding(const struct cdma_run *run,
					    size_t i)
{
	CDMA_REQUIRE(i < cdma_run_nr_findings(run));
	return &campaign_finding(run->campaign, i)->finding;
}

const char *cdma_run_finding_text(const struct cdma_run *run, size_t i)
{
	CDMA_REQUIRE(i < cdma_run_nr_findings(run));
	return run->texts.at[i];
}

const char *cdma_run_schedule(const struct cdma_run *run, size_t i)
{
	CDMA_REQUIRE(i < cdma_run_nr_findings(run));
	return run->schedules.at[i];
}

/* ---- logs ---- */

int cdma_run_log(struct cdma_run *run, size_t i, const char *dir)
{
	const struct schedule *schedule = NULL;
	const struct program *program = run->program;
	struct cdma_text why = {0};
	uint64_t index = 0;
	int err = -ENOENT;

	if (!run->campaign || (i && i >= cdma_run_nr_findings(run)))
		return -ENOENT;
	if (cdma_run_nr_findings(run)) {
		schedule = campaign_finding(run->campaign, i)->schedule;
		program = campaign_finding(run->campaign, i)->program;
		index = campaign_finding(run->campaign, i)->first;
	} else if (run->options.as_is) {
		schedule = &run->schedule;
	} else if (!run->strategy.ops && run->options.covers) {
		return -ENOENT;
	}
	if (embed_enter(&why)) {
		err = save_schedule(program, run->name, &run->options, index,
				    schedule, dir);
		embed_leave();
	}
	cdma_text_fini(&why);
	return err;
}

/* Best effort: it is below the directory for what is temporary. */
static void remove_dir(const char *dir)
{
	DIR *open = opendir(dir);
	struct cdma_text path = {0};

	for (struct dirent *d; open && (d = readdir(open));) {
		cdma_text_cut(&path, 0);
		cdma_text_addf(&path, "%s/%s", dir, d->d_name);
		unlink(path.at);
	}
	if (open)
		closedir(open);
	rmdir(dir);
	cdma_text_fini(&path);
}

static int print_log(const char *dir, FILE *out)
{
	struct timeline_options options = {.width = 100};
	struct cdma_text text = {0};
	int err = timeline_add(&text, dir, &options);

	if (!err && fwrite(cdma_text_str(&text), 1, text.len, out) != text.len)
		err = errno ? -errno : -EIO;
	cdma_text_fini(&text);
	return err;
}

int cdma_run_log_text(struct cdma_run *run, size_t i, FILE *out)
{
	const char *tmp = getenv("TMPDIR");
	struct cdma_text base = {0}, dir = {0};
	int err = 0;

	cdma_text_addf(&base, "%s/cdma-run-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(base.at)) {
		err = -errno;
	} else {
		cdma_text_addf(&dir, "%s/log", base.at);
		err = cdma_run_log(run, i, dir.at);
		if (!err)
			err = print_log(dir.at, out);
		remove_dir(dir.at);
		rmdir(base.at);
	}
	cdma_text_fini(&base);
	cdma_text_fini(&dir);
	return err;
}
