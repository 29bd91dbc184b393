/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_DOT_H
#define AXIOM_DOT_H

/*
 * Dot: executions as graphs for Graphviz, as herd7 draws them.
 *
 * A box is an event, in a column for each thread: "a: W[once]x=1", "F[mb]".
 * po, co and fr are drawn from one event to the next, not to all that follow;
 * what a location holds at first is there where it is read.
 */

#include "axiom/execution.h"
#include "base/text.h"

/* Graphs of one test; of more, it is said that they are left out. */
#define DOT_GRAPHS_MAX 64

/* Add the graph of the complete execution @x, which is number @nr, from 1, of
 * those that are drawn of its test. */
void dot_add(struct cdma_text *out, const struct execution *x, unsigned int nr);

#endif /* AXIOM_DOT_H */
