/* SPDX-License-Identifier: MIT */

/* What cannot be loaded: a run could not put back what it leaves behind. */

#include <stdlib.h>

int f(void);
int f(void)
{
	return malloc(1) != NULL;
}
