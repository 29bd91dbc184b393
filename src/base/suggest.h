/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_SUGGEST_H
#define CDMA_BASE_SUGGEST_H

/*
 * Suggest: which known name a misspelt word was meant to be.
 *
 * Usage
 * -----
 *	struct cdma_suggest s = cdma_suggest_for("unorderd_read");
 *
 *	for (each name)
 *		cdma_suggest_offer(&s, name);
 *	if (s.best)
 *		printf("did you mean %s?", s.best);
 *
 * Near is what a typist does: a letter too many, too few, wrong, or two
 * swapped, at most one for every three letters.  '_' and '-' are the same
 * letter.  Of names that are equally near, the first that was offered wins.
 */

#include <stddef.h>

struct cdma_suggest {
	const char *word; /* borrowed */
	const char *best; /* borrowed from the offer; NULL: nothing is near */
	size_t distance;  /* of best, or the first that is too far */
};

struct cdma_suggest cdma_suggest_for(const char *word);
void cdma_suggest_offer(struct cdma_suggest *s, const char *name);

#endif /* CDMA_BASE_SUGGEST_H */
