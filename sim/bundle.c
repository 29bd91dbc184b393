/* SPDX-License-Identifier: MIT */
#include "bundle.h"

#include "cmd.h"
#include "base/vec.h"
#include "load.h"
#include "recorded.h"
#include "script/diag.h"
#include "script/script.h"
#include "script/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- files ---- */

static int write_new(const char *path, const struct cdma_text *text)
{
	FILE *file = fopen(path, "wbx");
	bool ok;
	int err;

	if (!file)
		return -errno;
	ok = fwrite(cdma_text_str(text), 1, text->len, file) == text->len;
	if (!fclose(file) && ok)
		return 0;
	/* Half of it is worse than none. */
	err = errno ? -errno : -EIO;
	unlink(path);
	return err;
}

static bool has_content(const char *path, const struct cdma_text *text)
{
	struct sources sources = {0};
	uint32_t file;
	bool same =
		!sources_read(&sources, path, &file) &&
		sources.at[file].len == text->len &&
		!memcmp(sources.at[file].text, cdma_text_str(text), text->len);

	sources_fini(&sources);
	return same;
}

/* Write @dir/@stem@suffix, or one with a number; its name is in @name. */
static int put(const char *dir, const char *stem, const char *suffix,
	       const struct cdma_text *text, struct cdma_text *name)
{
	struct cdma_text path = {0};
	int err = -EEXIST;

	for (unsigned int i = 1; err == -EEXIST && i < 1000; i++) {
		cdma_text_cut(name, 0);
		cdma_text_add(name, stem);
		if (i > 1)
			cdma_text_addf(name, ".%u", i);
		cdma_text_add(name, suffix);
		cdma_text_cut(&path, 0);
		cdma_text_addf(&path, "%s/%s", dir, name->at);
		err = write_new(path.at, text);
		if (err == -EEXIST && has_content(path.at, text))
			err = 0;
	}
	if (err)
		complain("save %s: %s", cdma_text_str(&path), strerror(-err));
	cdma_text_fini(&path);
	return err ? STATUS_IO : 0;
}

/* ---- the scenario in one piece ---- */

/* The file that the include at @span brought in; NULL: it is there already. */
static const struct source *included_by(const struct script *script,
					struct span span, uint32_t *file)
{
	for (uint32_t i = 0; i < script_nr_sources(script); i++) {
		const struct source *source = script_source(script, i);

		if (source->is_included && source->included.file == span.file &&
		    source->included.at == span.at) {
			*file = i;
			return source;
		}
	}
	return NULL;
}

/* Each include is replaced by its file. */
static void add_file(struct cdma_text *out, const struct script *script,
		     uint32_t file)
{
	const struct source *source = script_source(script, file);
	uint32_t at = 0, inner;

	for (const struct item *item = script_items(script); item;
	     item = item->next) {
		if (item->kind != ITEM_INCLUDE || item->span.file != file)
			continue;
		cdma_text_addn(out, source->text + at, item->span.at - at);
		at = item->span.at + item->span.len;
		if (included_by(script, item->span, &inner))
			add_file(out, script, inner);
	}
	cdma_text_addn(out, source->text + at, source->len - at);
}

static int read_scenario(const struct settings *set, const char *path,
			 struct cdma_text *out)
{
	struct script_options options = {
		.input = set->input.at,
		.input_len = set->input.len,
		.include_dirs = set->includes.at,
		.nr_include_dirs = set->includes.nr,
	};
	struct diag *diag = diag_new(false);
	struct script *script = script_load(path, &options, diag);

	if (script)
		add_file(out, script, 0);
	else
		complain("save: %s has changed meanwhile", path);
	script_free(script);
	diag_free(diag);
	return script ? 0 : STATUS_IO;
}

/* ---- both ---- */

static void print_schedule(struct cdma_text *out, const struct settings *set,
			   const struct report_variant *v,
			   const struct campaign_finding *f, const char *file)
{
	const struct given given =
		f->simplified ? f->simplified->given : given_by(set);
	struct cdma_text origin = {0};

	report_origin(&origin, v, f);
	cdma_text_addf(out, "# %s: cdmasim replay shows it\n",
		       cdma_finding_name(f->finding.id));
	recorded_print(out, &(struct written){
				    .program = f->program,
				    .schedule = f->schedule,
				    .machine = &v->options->machine,
				    .given = &given,
				    .scenario = file,
				    .origin = origin.at,
			    });
	cdma_text_fini(&origin);
}

int bundle_save(const struct settings *set, const struct report_variant *v,
		const struct campaign_finding *f)
{
	struct cdma_text text = {0}, name = {0}, stem = {0};
	int status = read_scenario(set, v->file, &text);

	if (!status)
		status = put(set->save, v->program->name, ".dma", &text, &name);
	if (!status) {
		cdma_text_cut(&text, 0);
		print_schedule(&text, set, v, f, name.at);
		cdma_text_addf(&stem, "%s.%s.%s", v->program->name,
			       v->program->variant,
			       cdma_finding_name(f->finding.id));
		status = put(set->save, stem.at, ".sched", &text, &name);
	}
	cdma_text_fini(&text);
	cdma_text_fini(&name);
	cdma_text_fini(&stem);
	return status;
}
