/* SPDX-License-Identifier: MIT */

/*
 * Each function does one thing to DMA memory: pass-events.sh has the events.
 */

#include <cdma/driver.h>

#define READ_ONCE(x)     (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef cdma_driver_u64 u64;

struct bits {
	u32 low : 4, high : 28;
	u32 rest;
};

struct odd {
	u8 a;
	u32 b : 24;
} __attribute__((packed));

struct unaligned {
	u8 a;
	u32 b;
} __attribute__((packed));

typedef u32 vector __attribute__((vector_size(16)));

struct large {
	u64 a, b, c;
};

static char *mem;
static void *regs;
static cdma_driver_u64 mem_dma;
static u64 sink;

int open_dev(void)
{
	struct cdma_device *dev = cdma_driver_device("dev");

	mem = cdma_driver_dma_alloc(dev, 64, &mem_dma, 0, 0, "mem");
	regs = cdma_driver_ioremap(dev);
	return mem ? 0 : -12;
}

void close_dev(void)
{
	cdma_driver_dma_free(cdma_driver_device("dev"), 64, mem, mem_dma);
}

void load_1(void)
{
	sink = *(u8 *)mem;
}
void load_2(void)
{
	sink = *(u16 *)(mem + 2);
}
void load_4(void)
{
	sink = *(u32 *)(mem + 4);
}
void load_8(void)
{
	sink = *(u64 *)(mem + 8);
}
void load_once(void)
{
	sink = READ_ONCE(*(u32 *)mem);
}
void load_float(void)
{
	sink = (u64) * (float *)mem;
}
void load_pointer(void)
{
	sink = (u64) * (char **)mem;
}
void load_bool(void)
{
	sink = *(_Bool *)mem;
}
void load_acquire(void)
{
	sink = __atomic_load_n((u32 *)mem, __ATOMIC_ACQUIRE);
}
void store_1(void)
{
	*(u8 *)mem = 7;
}
void store_8(void)
{
	*(u64 *)mem = 7;
}
void store_once(void)
{
	WRITE_ONCE(*(u32 *)mem, 7);
}
void store_release(void)
{
	__atomic_store_n((u32 *)mem, 7, __ATOMIC_RELEASE);
}
/* Two of the source are two, whatever comes of them later. */
void load_twice(void)
{
	sink = *(u32 *)mem;
	sink = *(u32 *)mem;
}
void store_twice(void)
{
	*(u32 *)mem = 1;
	*(u32 *)mem = 2;
}
void add(void)
{
	*(u32 *)mem |= 4;
}
void bits_read(void)
{
	sink = ((struct bits *)mem)->high;
}
void bits_write(void)
{
	((struct bits *)mem)->low = 5;
}
void odd_read(void)
{
	sink = ((struct odd *)mem)->b;
}
void odd_write(void)
{
	((struct odd *)mem)->b = 0x30201;
}
void unaligned_read(void)
{
	sink = ((struct unaligned *)mem)->b;
}
void wide_read(void)
{
	sink = (u64) * (unsigned __int128 *)mem;
}
void wide_write(void)
{
	*(unsigned __int128 *)mem = 9;
}
void vector_read(void)
{
	sink = (*(vector *)mem)[2];
}
void vector_write(void)
{
	*(vector *)mem = (vector){1, 2, 3, 4};
}
void struct_copy(void)
{
	struct large l = *(struct large *)mem;

	sink = l.a + l.b + l.c;
}
static __attribute__((noinline)) u64 first(struct large l)
{
	return l.a + l.b + l.c;
}
void struct_by_value(void)
{
	sink = first(*(struct large *)mem);
}
static __attribute__((noinline)) struct large made(void)
{
	return (struct large){1, 2, 3};
}
void struct_returned(void)
{
	*(struct large *)mem = made();
}
void copy_in(void)
{
	char buf[12];

	__builtin_memcpy(buf, mem + 4, sizeof(buf));
	sink = (u64)buf[0] + (u64)buf[11];
}
void copy_within(void)
{
	__builtin_memmove(mem + 4, mem, 8);
}
void fill(void)
{
	__builtin_memset(mem, 1, 12);
}
void length(void)
{
	sink = __builtin_strlen(mem);
}
void compare(void)
{
	sink = (u64)__builtin_memcmp(mem, "\0\0", 2);
}
void exchange(void)
{
	sink = __atomic_exchange_n((u32 *)mem, 3, __ATOMIC_RELAXED);
}
void fetch_add(void)
{
	sink = __atomic_fetch_add((u32 *)mem, 3, __ATOMIC_ACQ_REL);
}
void inc(void)
{
	__atomic_fetch_add((u32 *)mem, 1, __ATOMIC_RELAXED);
}
void full(void)
{
	sink = __atomic_fetch_or((u32 *)mem, 2, __ATOMIC_SEQ_CST);
}
void cas_done(void)
{
	u32 expected = 0;

	sink = __atomic_compare_exchange_n((u32 *)mem, &expected, 5, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}
void cas_failed(void)
{
	u32 expected = 1;

	sink = __atomic_compare_exchange_n((u32 *)mem, &expected, 5, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}
void fence(void)
{
	sink = READ_ONCE(*(u32 *)mem);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}
void compiler_barrier(void)
{
	__asm__ volatile("" : : : "memory");
}
void register_read(void)
{
	sink = cdma_driver_mmio_read(regs, 4, 0);
}
void register_relaxed(void)
{
	sink = READ_ONCE(*(u32 *)regs);
}
void register_write(void)
{
	cdma_driver_mmio_write(regs, 4, 7, 0);
}
void branch(void)
{
	if (READ_ONCE(*(u32 *)mem))
		sink = 1;
}
void branch_switch(void)
{
	switch (READ_ONCE(*(u32 *)mem)) {
	case 1:
		sink = 1;
		break;
	case 3:
		sink = 3;
		break;
	default:
		break;
	}
}
void branch_none(void)
{
	if (sink)
		sink = 1;
}
void shared_flag(void)
{
	sink = READ_ONCE(sink);
}

/* ---- what is refused ---- */

void asm_store(void)
{
#if defined(__x86_64__)
	__asm__ volatile("movl $1, %0" : "=m"(*(u32 *)mem));
#else
	__asm__ volatile("str wzr, %0" : "=m"(*(u32 *)mem));
#endif
}
void asm_number(void)
{
	u32 v = 1;

	__asm__("" : "+r"(v));
	sink = v;
}
void missing(void)
{
	cdma_driver_missing("pci_frobnicate");
}
void wild(void)
{
	sink = *(volatile u32 *)(sink + 8);
}
void stray(void)
{
	sink = *(u32 *)(mem + (1 << 20));
}
void beyond(void)
{
	sink = *(u32 *)(mem + 64);
}

/* It was not made by the pass. */
__attribute__((disable_sanitizer_instrumentation)) void unseen(void)
{
	sink = *(volatile u32 *)mem;
}
