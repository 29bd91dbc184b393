/* SPDX-License-Identifier: MIT */
#ifndef REPORT_PAINT_H
#define REPORT_PAINT_H

/*
 * Paint: the few colours of a terminal that reports use.
 *
 *	cdma_text_addf(out, "%sBUG%s", paint(on, PAINT_BAD), paint(on, 0));
 */

#include <stdbool.h>

enum paint_colour {
	PAINT_RESET, /* 0, so that it is short to write */
	PAINT_BAD,
	PAINT_GOOD,
	PAINT_PLACE,
	PAINT_DIM,
	PAINT_COLOURS,
};

/* The escape sequence; "" when @on is false. */
const char *paint(bool on, enum paint_colour colour);

#endif /* REPORT_PAINT_H */
