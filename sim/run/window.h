/* SPDX-License-Identifier: MIT */
#ifndef RUN_WINDOW_H
#define RUN_WINDOW_H

/*
 * Window: when a fault counts what passes its site: at a label, in a thread,
 * after a label was passed by anybody.
 *
 *	fail dma_alloc #2 in probe after L;
 *
 * A step is after its label from the next step of anybody on.
 */

#include <stdbool.h>
#include <stddef.h>

struct program;

/* Whether rule number @rule, from 1, of the machine @aux counts what its acting
 * actor passes now.  For cdma_faults_window(). */
bool window_is_open(void *aux, size_t rule);

/* By instruction of @program, whether the window of a rule opens behind it;
 * NULL: of none.  Owns: the caller, free(). */
unsigned char *window_openers(const struct program *program);

#endif /* RUN_WINDOW_H */
