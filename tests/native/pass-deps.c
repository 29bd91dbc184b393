/* SPDX-License-Identifier: MIT */

/*
 * What a driver does by what it has read: pass.sh makes a scenario of each,
 * with a device.  The numbers are those of doc/memory-model.md, "By example".
 */

#include <cdma/driver.h>

#define READ_ONCE(x)     (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define dma_rmb()        cdma_driver_barrier(CDMA_DRIVER_DMA, CDMA_DRIVER_READ)

typedef unsigned int u32;

struct words {
	u32 a, b, c;
	u32 ring[5];
};

static struct words *mem;
static cdma_driver_u64 mem_dma;

int open_dev(void)
{
	struct cdma_device *dev = cdma_driver_device("dev");

	mem = cdma_driver_dma_alloc(dev, sizeof(*mem), &mem_dma, 0, 0, "mem");
	if (!mem)
		return -12;
	cdma_driver_mmio_write(cdma_driver_ioremap(dev), 8, mem_dma, 0);
	return 0;
}

void close_dev(void)
{
	cdma_driver_dma_free(cdma_driver_device("dev"), sizeof(*mem), mem,
			     mem_dma);
}

/* 1: the read behind a branch, and no barrier. */
int case_1(void)
{
	if (!READ_ONCE(mem->b))
		return 0;
	return (int)READ_ONCE(mem->a);
}

/* 16: given back while the read may still be under way. */
int case_16(void)
{
	if (!READ_ONCE(mem->b))
		return 0;
	dma_rmb();
	(void)READ_ONCE(mem->a);
	WRITE_ONCE(mem->c, 1);
	return 0;
}

/* 18: the same behind a branch on what was read. */
int case_18(void)
{
	if (!READ_ONCE(mem->b))
		return 0;
	dma_rmb();
	if (READ_ONCE(mem->a) != 1)
		return 0;
	WRITE_ONCE(mem->c, 1);
	return 0;
}

/* 27: the address of the entry comes from the index. */
int case_27(void)
{
	u32 i = READ_ONCE(mem->b);

	return (int)READ_ONCE(mem->ring[i]);
}

struct place {
	u32 spare;
	u32 index;
};

static __attribute__((noinline)) void find(struct place *to)
{
	to->spare = 0;
	to->index = READ_ONCE(mem->b);
}

static __attribute__((noinline)) u32 look_up(const struct place *at)
{
	return READ_ONCE(mem->ring[at->index]);
}

/* 27 by way of two functions and a structure. */
int case_127(void)
{
	struct place at;

	find(&at);
	return (int)look_up(&at);
}

/* ... by way of another member, which comes from nothing. */
int case_128(void)
{
	struct place at;

	find(&at);
	at.index = 1;
	return (int)look_up(&at);
}

static u32 through(u32 value)
{
	return value;
}

static u32 (*volatile chosen)(u32) = through;

/* ... by way of a pointer to a function. */
int case_129(void)
{
	return (int)READ_ONCE(mem->ring[chosen(READ_ONCE(mem->b))]);
}

struct pair {
	unsigned long first, second;
};

static __attribute__((noinline)) struct pair both(void)
{
	struct pair p = {1, READ_ONCE(mem->b)};

	return p;
}

/* ... by way of a structure that is returned; and its other member. */
int case_130(void)
{
	return (int)READ_ONCE(mem->ring[both().second]);
}

int case_131(void)
{
	return (int)READ_ONCE(mem->ring[both().first]);
}

struct large {
	u32 pad[8];
	u32 index;
};

static __attribute__((noinline)) u32 by_value(struct large l)
{
	return READ_ONCE(mem->ring[l.index]);
}

/* ... by way of a structure that is handed over by value. */
int case_132(void)
{
	struct large l = {.index = READ_ONCE(mem->b)};

	return (int)by_value(l);
}

/* ... by way of a copy of bytes, of a choice, of a loop. */
int case_133(void)
{
	struct place from = {.index = READ_ONCE(mem->b)}, to;

	__builtin_memcpy(&to, &from, sizeof(to));
	return (int)look_up(&to);
}

int case_134(void)
{
	u32 i = READ_ONCE(mem->b), at = 0;

	while (at < i)
		at++;
	/* How often it turned is no address: it is a branch. */
	return (int)READ_ONCE(mem->ring[at]);
}

/* ... by way of ?:, which is a branch. */
int case_136(void)
{
	return (int)READ_ONCE(mem->ring[READ_ONCE(mem->b) ? 1 : 2]);
}

/* 28: written anew behind a branch; 29: without one. */
int case_28(void)
{
	if (!READ_ONCE(mem->b))
		return 0;
	WRITE_ONCE(mem->a, 0);
	WRITE_ONCE(mem->b, 0);
	return 0;
}

int case_29(void)
{
	(void)READ_ONCE(mem->b);
	WRITE_ONCE(mem->a, 0);
	return 0;
}

/* 29, and what is written comes from what was read. */
int case_135(void)
{
	WRITE_ONCE(mem->a, READ_ONCE(mem->b) + 1);
	return 0;
}
