/* SPDX-License-Identifier: MIT */
#include "report/paint.h"

const char *paint(bool on, enum paint_colour colour)
{
	static const char *const codes[PAINT_COLOURS] = {
		[PAINT_RESET] = "\033[0m",   [PAINT_BAD] = "\033[1;31m",
		[PAINT_GOOD] = "\033[1;32m", [PAINT_PLACE] = "\033[1m",
		[PAINT_DIM] = "\033[2m",
	};

	return on ? codes[colour] : "";
}
