/* SPDX-License-Identifier: MIT */
/* Every small program there is, by number: for test-judge.c alone. */

#include "base/macros.h"
#include "base/text.h"
#include "judge-families.h"

static unsigned int slot_nr(const shape_slot *slot)
{
	unsigned int nr = 0;

	while (slot && (*slot)[nr])
		nr++;
	return nr;
}

static uint64_t family_nr(const struct shape_family *f)
{
	uint64_t nr = 1;

	for (size_t t = 0; t < ARRAY_SIZE(f->threads); t++)
		for (unsigned int s = 0; f->threads[t].slots[s]; s++)
			nr *= slot_nr(f->threads[t].slots[s]);
	return nr;
}

struct shape_writer {
	struct cdma_text *out;
	bool is_engine, holds, depends;
	unsigned int accesses, blocks, value;
	int read;    /* register of the last value read, or -1 */
	char stored; /* the last place that it stored to */
};

/* What the words of an access say: $ its place, # a value. */
static const struct shape_word {
	const char *word, *cpu, *engine;
} shape_words[] = {
	{"R", "READ_ONCE(*$)", "READ_ONCE(*$)"},
	{"A", "smp_load_acquire($)", NULL},
	{"W", "WRITE_ONCE(*$, #)", "dma_write(*$, #)"},
	{"L", "smp_store_release($, #)", NULL},
	{"X", "xchg($, #)", NULL},
	{"Xr", "xchg_relaxed($, #)", NULL},
	{"Xa", "xchg_acquire($, #)", NULL},
	{"Xl", "xchg_release($, #)", NULL},
	{"W~", NULL, "dma_write_relaxed(*$, #)"},
	{"Wu", NULL, "dma_write_unordered(*$, #)"},
	{"D", "writel(#, $)", "READ_ONCE(*$)"},
	{"d", "writel_relaxed(#, $)", NULL},
	{"E", "readl($)", "WRITE_ONCE(*$, #)"},
	{"e", "readl_relaxed($)", NULL},
	{"G", NULL, "READ_ONCE(*$)"},
};

static const char *shape_form(const struct shape_writer *w, const char *word)
{
	size_t len = strlen(word) - 1;

	for (size_t i = 0; i < ARRAY_SIZE(shape_words); i++)
		if (strlen(shape_words[i].word) == len &&
		    !strncmp(shape_words[i].word, word, len))
			return w->is_engine ? shape_words[i].engine
					    : shape_words[i].cpu;
	return NULL;
}

/* Returns whether there is such an access here. */
static bool shape_access(struct shape_writer *w, const char *word)
{
	const char *form = shape_form(w, word);
	char place = word[strlen(word) - 1];
	bool stores = strchr(form, '#');
	bool reads = !stores || strstr(form, "xchg");

	/* What an engine has stored, unordered perhaps, it leaves alone:
	 * whether its own read can overtake that, nothing says. */
	if ((w->depends && !stores) || (w->is_engine && w->stored == place))
		return false;
	w->stored = stores ? place : w->stored;
	/* A register is read where it stands, which the axioms do not know. */
	if (strstr(form, "readl") && w->accesses)
		cdma_text_add(w->out, "\trmb();\n");
	cdma_text_addc(w->out, '\t');
	if (reads)
		cdma_text_addf(w->out, "r%u = ", w->accesses);
	for (; *form; form++)
		if (*form == '$')
			cdma_text_addc(w->out, place);
		else if (*form != '#')
			cdma_text_addc(w->out, *form);
		else if (w->depends)
			cdma_text_addf(w->out, "r%d + 1", w->read);
		else
			cdma_text_addf(w->out, "%u", ++w->value);
	cdma_text_add(w->out, ";\n");
	if (reads)
		w->read = (int)w->accesses;
	w->depends = false;
	w->accesses++;
	return true;
}

static bool shape_lock(struct shape_writer *w, char word)
{
	if (w->holds == (word == '('))
		return false;
	w->holds = !w->holds;
	cdma_text_addf(w->out, "\tspin_%s(s);\n", w->holds ? "lock" : "unlock");
	return true;
}

/* Returns whether it can stand here. */
static bool shape_word(struct shape_writer *w, const char *word)
{
	switch (*word) {
	case '\0':
		return true;
	case '?':
		if (w->read < 0)
			return false;
		cdma_text_addf(w->out, "\tif (r%d != 7) {\n", w->read);
		w->blocks++;
		return true;
	case '=':
		w->depends = true;
		return w->read >= 0;
	case 'C':
		cdma_text_add(w->out, "\tcomplete(c);\n");
		return true;
	case 'w':
		if (word[1])
			break;
		cdma_text_add(w->out, "\twait_for_completion(c);\n");
		return true;
	case '!':
		cdma_text_add(w->out, "\traise();\n");
		return true;
	case '(':
	case ')':
		return shape_lock(w, word[0]) &&
		       (!word[1] || shape_lock(w, word[1]));
	default:
		break;
	}
	if (shape_form(w, word))
		return shape_access(w, word);
	cdma_text_addf(w->out, "\t%s();\n", word);
	return true;
}

/* Program number @index of @f, if that is one. */
static bool shape_program(const struct shape_family *f, uint64_t index,
			  struct cdma_text *out)
{
	bool is_one = true;

	cdma_text_addf(out, "C %s, %llu\n\n{}\n", f->name,
		       (unsigned long long)index);
	for (unsigned int t = 0; f->threads[t].process; t++) {
		const struct shape_thread *thread = &f->threads[t];
		struct shape_writer w = {.out = out, .read = -1};

		w.is_engine = *thread->process == 'd';
		w.value = 10 * t;
		cdma_text_addf(
			out, "\n%sP%u(int *x, int *y, int *z, int *w%s%s)\n{\n",
			thread->process, t,
			w.is_engine ? ""
				    : ", spinlock_t *s, struct completion *c",
			f->has_device ? ", int __iomem *d, int __iomem *e"
				      : "");
		for (unsigned int s = 0; thread->slots[s] && is_one; s++) {
			unsigned int nr = slot_nr(thread->slots[s]);

			is_one =
				shape_word(&w, (*thread->slots[s])[index % nr]);
			index /= nr;
		}
		if (w.holds)
			shape_lock(&w, ')');
		for (; w.blocks; w.blocks--)
			cdma_text_add(out, "\t}\n");
		cdma_text_add(out, "}\n");
	}
	cdma_text_add(out, "\nexists (true)\n");
	return is_one;
}
