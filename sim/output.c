/* SPDX-License-Identifier: MIT */
#include "output.h"

#include "cmd.h"
#include "memory.h"
#include "terminal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Half a report may look like a whole one: it goes, if it is a file. */
static void take_back(const struct output_to *to)
{
	struct stat st;

	if (!fstat(fileno(to->file), &st) && S_ISREG(st.st_mode))
		unlink(to->path);
}

static void fail(struct output *output, struct output_to *to)
{
	complain("%s: %s", to->path, strerror(errno));
	output->bad_io = true;
	take_back(to);
	fclose(to->file);
	to->file = NULL;
}

static void write_text(struct output *output, struct output_to *to,
		       struct cdma_text *text)
{
	if (!to->path)
		output->bad_io |= text->len && print_text(text) != STATUS_OK;
	else if (to->file && text->len &&
		 (fwrite(cdma_text_str(text), 1, text->len, to->file) !=
			  text->len ||
		  fflush(to->file)))
		fail(output, to);
	cdma_text_fini(text);
}

/* ---- begin ---- */

static int no_format(const char *word, size_t len)
{
	struct cdma_text names = {0};

	report_names(&names);
	complain("--format: '%.*s' is not one of %s", (int)len, word, names.at);
	cdma_text_fini(&names);
	return STATUS_USAGE;
}

static int add(struct output *output, const char *name, const char *path)
{
	const struct report_ops *ops = report_find(name);
	bool is_stdout = !path || !strcmp(path, "-");
	struct output_to *to;

	if (!ops)
		return no_format(name, strlen(name));
	for (size_t i = 0; is_stdout && i < output->to.nr; i++)
		if (!output->to.at[i].path) {
			complain("--format: %s and %s on standard output: let "
				 "one go to a file, as %s:FILE",
				 output->to.at[i].ops->name, ops->name,
				 ops->name);
			return STATUS_USAGE;
		}
	to = cdma_vec_push(&output->to);
	*to = (struct output_to){.ops = ops, .path = is_stdout ? NULL : path};
	return STATUS_OK;
}

static int add_said(struct output *output, const char *word)
{
	size_t len = strcspn(word, ":");
	char *name = cdma_xstrndup(word, len);
	const char *path = word[len] ? word + len + 1 : NULL;
	int status;

	if (path && !*path) {
		complain("--format=%s: which file?", word);
		status = STATUS_USAGE;
	} else {
		status = add(output, name, path);
	}
	free(name);
	return status;
}

static bool has_stdout(const struct output *output)
{
	for (size_t i = 0; i < output->to.nr; i++)
		if (!output->to.at[i].path)
			return true;
	return false;
}

static int open_one(struct output *output, struct output_to *to,
		    const struct cmd *cmd)
{
	const struct report_head head = {"cdmasim " PACKAGE_VERSION,
					 cmd->self->name};
	struct cdma_text text = {0};

	if (to->path) {
		to->file = fopen(to->path, "we");
		if (!to->file) {
			complain("%s: %s", to->path, strerror(errno));
			return STATUS_IO;
		}
	}
	to->options = (struct report_options){
		.quiet = cmd->set.quiet,
		.colour = !to->path && terminal_colour(stdout, cmd->set.color),
		.said = &to->said,
	};
	if (to->ops->begin)
		to->state = to->ops->begin(&text, &head);
	write_text(output, to, &text);
	to->is_open = true;
	return STATUS_OK;
}

/* There is no memory to end them with. */
static void give_up(void *aux)
{
	const struct output *output = aux;

	for (size_t i = 0; i < output->to.nr; i++)
		if (output->to.at[i].file)
			take_back(&output->to.at[i]);
}

int output_begin(struct output *output, const struct cmd *cmd)
{
	const struct words *formats = &cmd->set.formats;
	int status = STATUS_OK;

	*output = (struct output){0};
	memory_at_end(give_up, output);
	for (size_t i = 0; !status && i < formats->nr; i++)
		status = add_said(output, formats->at[i]);
	if (!status && cmd->set.html)
		status = add(output, report_html.name, cmd->set.html);
	if (!status && cmd->set.svg)
		status = add(output, report_svg.name, cmd->set.svg);
	if (!status && cmd->set.coverage)
		status = add(output, report_lcov.name, cmd->set.coverage);
	if (!status && !has_stdout(output))
		status = add(output, report_text.name, NULL);
	for (size_t i = 0; !status && i < output->to.nr; i++)
		status = open_one(output, &output->to.at[i], cmd);
	return status;
}

void output_detail(struct output *output, enum report_detail detail)
{
	for (size_t i = 0; i < output->to.nr; i++)
		output->to.at[i].options.detail = detail;
}

bool output_tells_all(const struct output *output)
{
	for (size_t i = 0; i < output->to.nr; i++)
		if (output->to.at[i].ops->tells_all)
			return true;
	return false;
}

/* ---- results ---- */

void output_result(struct output *output, struct report_result *result)
{
	for (size_t i = 0; i < output->to.nr; i++) {
		struct output_to *to = &output->to.at[i];
		struct cdma_text text = {0};

		to->ops->result(&text, to->state, &to->options, result);
		write_text(output, to, &text);
	}
	report_result_free(result);
}

struct report_result *mistakes_result(const char *path,
				      const struct loaded *loaded)
{
	struct report_result *r =
		report_result_new(REPORT_FILE, VERDICT_ERROR, path);

	for (size_t i = 0; i < loaded->mistakes.nr; i++)
		report_result_note(r, REPORT_NOTE_MISTAKE,
				   &loaded->mistakes.at[i].site,
				   loaded->mistakes.at[i].text);
	return r;
}

void output_say(struct output *output, struct cdma_text *text)
{
	for (size_t i = 0; i < output->to.nr; i++) {
		struct cdma_text copy = {0};

		if (output->to.at[i].ops != &report_text)
			continue;
		cdma_text_addn(&copy, cdma_text_str(text), text->len);
		write_text(output, &output->to.at[i], &copy);
	}
	cdma_text_fini(text);
}

/* ---- end ---- */

static void close_one(struct output *output, struct output_to *to)
{
	struct cdma_text text = {0};

	to->ops->end(&text, to->state, &to->options, &output->total);
	write_text(output, to, &text);
	if (to->file && fclose(to->file)) {
		complain("%s: %s", to->path, strerror(errno));
		output->bad_io = true;
		unlink(to->path);
	}
	cdma_text_fini(&to->said);
}

int output_end(struct output *output, int status)
{
	memory_at_end(NULL, NULL);
	output->total.status = status;
	for (size_t i = 0; i < output->to.nr; i++)
		if (output->to.at[i].is_open)
			close_one(output, &output->to.at[i]);
	cdma_vec_free(&output->to);
	return output->bad_io ? STATUS_IO : status;
}
