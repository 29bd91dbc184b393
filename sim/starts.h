/* SPDX-License-Identifier: MIT */
#ifndef SIM_STARTS_H
#define SIM_STARTS_H

/*
 * Starts: scenarios/start/KIND.dma, as they were when the program was built;
 * made by pages.awk.
 */

struct start {
	const char *id; /* the file's name without ".dma" */
	const char *text;
};

/* Ends with a NULL id. */
extern const struct start starts[];

#endif /* SIM_STARTS_H */
