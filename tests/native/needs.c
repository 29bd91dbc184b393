/* SPDX-License-Identifier: MIT */

/* What cannot be loaded: a run could not put back what it leaves behind. */

#include <stdlib.h>

static void *volatile got;

int f(void);
int f(void)
{
	got = malloc(1);
	return 0;
}
