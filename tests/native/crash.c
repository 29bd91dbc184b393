/* SPDX-License-Identifier: MIT */

/*
 * Each way to crash, by number: crash.dma asks for it.
 */

#include <cdma/model.h>

#include <stdlib.h>

static volatile int zero;
static int *volatile nowhere;
static volatile int got;

static int recurse(volatile char *outer)
{
	volatile char here[4096];

	here[0] = *outer;
	return (zero ? 0 : recurse(here)) + here[0];
}

static __attribute__((noinline)) int crash(uint32_t how)
{
	volatile char c = 0;

	switch (how) {
	case 1:
		return *nowhere;
	case 2:
		return 1000 / zero;
	case 3:
		return recurse(&c);
	case 4:
		while (!zero)
			;
		return 0;
	case 5:
		abort();
	case 6:
		cdma_unlock((struct cdma_lock *)8);
		return 0;
	case 7:
		cdma_view_write(
			cdma_view_field(cdma_model_shared("flag"), 2, 4, 4), 1);
		return 0;
	case 8:
		return (int)cdma_model_param("nothing");
	default:
		return 0;
	}
}

/* The others go on. */
int driver(uint32_t how)
{
	struct cdma_view flag = cdma_model_shared("flag");

	cdma_view_write(flag, 1);
	got = crash(how);
	cdma_view_write(flag, 2);
	return 0;
}
