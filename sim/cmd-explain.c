/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "pages.h"

#include <cdma/finding.h>

#include "base/suggest.h"
#include "base/text.h"

#include <string.h>

/* '-' is as good as '_', as in options. */
static bool is_id(const char *id, const char *word)
{
	for (; *id && *word; id++, word++)
		if (*id != (*word == '-' ? '_' : *word))
			return false;
	return *id == *word;
}

static int add_page(struct cdma_text *out, const char *word)
{
	struct cdma_suggest near = cdma_suggest_for(word);

	for (const struct page *page = pages; page->id; page++) {
		if (is_id(page->id, word)) {
			cdma_text_add(out, page->text);
			return STATUS_OK;
		}
		cdma_suggest_offer(&near, page->id);
	}
	if (near.best)
		complain("there is no finding '%s'; did you mean '%s'?", word,
			 near.best);
	else
		complain("there is no finding '%s'; 'cdmasim explain' lists "
			 "them",
			 word);
	return STATUS_USAGE;
}

static void add_list(struct cdma_text *out)
{
	for (unsigned int group = 0; group < CDMA_GROUP_NR; group++) {
		cdma_text_addf(out, "%s%s\n", group ? "\n" : "",
			       cdma_finding_group_name(group));
		for (unsigned int id = 0; id < CDMA_FINDING_NR; id++)
			if (cdma_finding_group(id) == group)
				cdma_text_addf(out, "  %-18s %s\n",
					       cdma_finding_name(id),
					       cdma_finding_summary(id));
	}
}

static int explain(struct cmd *cmd)
{
	const struct words *words = &cmd->set.operands;
	struct cdma_text text = {0};
	int status = STATUS_OK;

	if (!words->nr)
		add_list(&text);
	for (size_t i = 0; i < words->nr; i++) {
		if (i)
			cdma_text_addc(&text, '\n');
		if (add_page(&text, words->at[i]))
			status = STATUS_USAGE;
	}
	if (print_text(&text))
		status = STATUS_IO;
	cdma_text_fini(&text);
	return status;
}

static const struct example examples[] = {
	{"explain unordered_read", "What it means, an example, what to do."},
	{"explain", "All kinds of finding, by group."},
	{NULL, NULL},
};

const struct command cmd_explain = {
	.name = "explain",
	.bit = CMD_EXPLAIN,
	.operands = "[ID...]",
	.summary = "explain a kind of finding",
	.about = "Print what a finding means, an example of it, and what to "
		 "do; or list the findings.",
	.examples = examples,
	.run = explain,
};
