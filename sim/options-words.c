/* SPDX-License-Identifier: MIT */
/*
 * A command line put together again from what it said.
 */
#include "options.h"

#include "base/text.h"
#include "base/vec.h"
#include "base/xalloc.h"

#include <string.h>

static void add_word(struct option_words *words, const char *name,
		     const char *value, size_t len)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text, "--%s", name);
	if (value)
		cdma_text_addf(&text, "=%.*s", (int)len, value);
	*cdma_vec_push(words) = cdma_xstrdup(text.at);
	cdma_text_fini(&text);
}

static void add_number(struct option_words *words, const char *name,
		       uint64_t nr)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text, "%llu", (unsigned long long)nr);
	add_word(words, name, text.at, text.len);
	cdma_text_fini(&text);
}

/* The words of one option, unless it was not said. */
static void add_option(struct option_words *words, const struct opt *opt,
		       const struct settings *set)
{
	const void *at = (const char *)set + opt->offset;
	const struct words *list = at;
	const char *text, *word = opt->arg;

	switch (opt->kind) {
	case OPT_FLAG:
		if (*(const bool *)at)
			add_word(words, opt->name, NULL, 0);
		break;
	case OPT_COUNT:
		for (unsigned int i = 0; i < *(const unsigned int *)at; i++)
			add_word(words, opt->name, NULL, 0);
		break;
	case OPT_NUMBER:
	case OPT_SIZE:
	case OPT_TIME:
		if (*(const uint64_t *)at)
			add_number(words, opt->name, *(const uint64_t *)at);
		break;
	case OPT_LIMIT:
		if (((const struct limit *)at)->is_set)
			add_number(words, opt->name,
				   ((const struct limit *)at)->nr);
		break;
	case OPT_CHOICE:
		for (unsigned int i = *(const unsigned int *)at; i; i--)
			word += strcspn(word, "|") + 1;
		if (*(const unsigned int *)at)
			add_word(words, opt->name, word, strcspn(word, "|"));
		break;
	case OPT_TEXT:
		text = *(const char *const *)at;
		if (text)
			add_word(words, opt->name, text, strlen(text));
		break;
	case OPT_LIST:
		for (size_t i = 0; i < list->nr; i++)
			add_word(words, opt->name, list->at[i],
				 strlen(list->at[i]));
		break;
	}
}

struct option_words options_words(unsigned int command,
				  const struct settings *set)
{
	struct option_words words = {0};
	const struct opt *opt;

	for (size_t i = 0; (opt = options_at(i)); i++)
		if (opt->commands & command && !(opt->commands & OPT_ASIDE))
			add_option(&words, opt, set);
	*cdma_vec_push(&words) = cdma_xstrdup("--");
	for (size_t i = 0; i < set->operands.nr; i++)
		*cdma_vec_push(&words) = cdma_xstrdup(set->operands.at[i]);
	return words;
}

void option_words_fini(struct option_words *words)
{
	for (size_t i = 0; i < words->nr; i++)
		free(words->at[i]);
	cdma_vec_free(words);
}
