/* SPDX-License-Identifier: MIT */
#include "report/brief.h"

#include "base/xalloc.h"
#include "picture/xml.h"

#include <stdlib.h>
#include <string.h>

/*
 * junit: the XML that CI systems read.  A file is a suite, a result a case of
 * it.  There are no times in it: the same results are the same bytes.
 */

struct counts {
	size_t tests, failures, errors, skipped;
};

struct junit {
	struct cdma_text suites; /* those that are whole */
	struct cdma_text cases;  /* of the suite in hand */
	struct cdma_text file;   /* its name */
	struct counts all, here;
	bool is_open;
};

static void *begin(struct cdma_text *out, const struct report_head *head)
{
	(void)out;
	(void)head;
	return cdma_xcalloc(1, sizeof(struct junit));
}

static void add_counts(struct cdma_text *out, const struct counts *c)
{
	cdma_text_addf(out,
		       " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		       "skipped=\"%zu\"",
		       c->tests, c->failures, c->errors, c->skipped);
}

static void close_suite(struct junit *j)
{
	if (!j->is_open)
		return;
	cdma_text_add(&j->suites, "  <testsuite");
	xml_add_attribute(&j->suites, "name", cdma_text_str(&j->file));
	add_counts(&j->suites, &j->here);
	cdma_text_addf(&j->suites, ">\n%s  </testsuite>\n",
		       cdma_text_str(&j->cases));
	cdma_text_cut(&j->cases, 0);
	j->here = (struct counts){0};
	j->is_open = false;
}

static void open_suite(struct junit *j, const char *file)
{
	if (j->is_open && !strcmp(cdma_text_str(&j->file), file))
		return;
	close_suite(j);
	cdma_text_cut(&j->file, 0);
	cdma_text_add(&j->file, file);
	j->is_open = true;
}

static void count(struct counts *c, enum brief_end how)
{
	c->tests++;
	c->failures += how == BRIEF_FAILED;
	c->errors += how == BRIEF_BROKEN;
	c->skipped += how == BRIEF_SKIPPED;
}

/* "<failure message=... type=...>the report</failure>". */
static void add_trouble(struct cdma_text *out, const char *element,
			const struct report_result *r)
{
	struct cdma_text text = {0};

	brief_add_text(&text, r);
	cdma_text_addf(out, "      <%s", element);
	xml_add_attribute(out, "message", brief_why(r));
	xml_add_attribute(out, "type", report_verdict_name(r->verdict));
	cdma_text_addc(out, '>');
	xml_add(out, cdma_text_str(&text));
	cdma_text_addf(out, "</%s>\n", element);
	cdma_text_fini(&text);
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	struct junit *j = state;
	enum brief_end how = brief_end(r);
	struct cdma_text name = {0};

	(void)out;
	(void)options;
	open_suite(j, r->file);
	count(&j->here, how);
	count(&j->all, how);
	report_result_add_name(&name, r);
	cdma_text_add(&j->cases, "    <testcase");
	xml_add_attribute(&j->cases, "classname",
			  r->scenario ? r->scenario : r->file);
	xml_add_attribute(&j->cases, "name", cdma_text_str(&name));
	xml_add_attribute(&j->cases, "file", r->file);
	cdma_text_add(&j->cases, how == BRIEF_PASSED ? "/>\n" : ">\n");
	if (how == BRIEF_FAILED)
		add_trouble(&j->cases, "failure", r);
	else if (how == BRIEF_BROKEN)
		add_trouble(&j->cases, "error", r);
	else if (how == BRIEF_SKIPPED)
		cdma_text_add(
			&j->cases,
			"      <skipped message=\"a part of the work\"/>\n");
	if (how != BRIEF_PASSED)
		cdma_text_add(&j->cases, "    </testcase>\n");
	cdma_text_fini(&name);
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	struct junit *j = state;

	(void)options;
	(void)total;
	close_suite(j);
	cdma_text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			   "<testsuites name=\"cdmasim\"");
	add_counts(out, &j->all);
	cdma_text_addf(out, ">\n%s</testsuites>\n", cdma_text_str(&j->suites));
	cdma_text_fini(&j->suites);
	cdma_text_fini(&j->cases);
	cdma_text_fini(&j->file);
	free(j);
}

const struct report_ops report_junit = {
	.name = "junit",
	.begin = begin,
	.result = result,
	.end = end,
};
