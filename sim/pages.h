/* SPDX-License-Identifier: MIT */
#ifndef SIM_PAGES_H
#define SIM_PAGES_H

/*
 * Pages: doc/findings/ID.md, as they were when the program was built; made by
 * pages.awk.
 */

struct page {
	const char *id; /* of the finding; the file's name without ".md" */
	const char *text;
};

/* Ends with a NULL id. */
extern const struct page pages[];

#endif /* SIM_PAGES_H */
