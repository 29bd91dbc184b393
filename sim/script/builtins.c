/* SPDX-License-Identifier: MIT */
#include "script/builtins.h"

#include "base/macros.h"
#include "script/bits-calls.h"
#include "script/lifetime-calls.h"
#include "script/sync-calls.h"

#include <cdma/types.h>

#define CPU        WHO_CPU
#define DEVICE     WHO_DEVICE
#define ANY        WHO_ANY
#define CPU_DEVICE (WHO_CPU | WHO_DEVICE)
#define CPU_FINAL  (WHO_CPU | WHO_FINAL)

/* Further words beside those. */
#define POLL   0x10u /* in_poll */
#define PURE   0x30u /* is_pure and in_poll */
#define FAILS  0x40u /* can_fail */
#define SLEEPS 0x80u /* sleeps */

/* CALL(name, parameters for the manual, id, result, who and further words,
 * number of arguments that must be there, one line, kinds of arguments) */
#define ROW(fn, params, call, res, words, min, text)                           \
	.name = (fn), .id = BUILTIN_##call, .result = (res),                   \
	.min_args = (min), .who = (words)&WHO_ANY,                             \
	.is_pure = ((words)&PURE) == PURE, .in_poll = ((words)&POLL) != 0,     \
	.can_fail = ((words)&FAILS) != 0, .sleeps = ((words)&SLEEPS) != 0,     \
	.usage = fn params, .doc = (text)
#define CALL(fn, params, call, res, words, min, text, ...)                     \
	{                                                                      \
		ROW(fn, params, call, RESULT_##res, words, min, text),         \
			.args = {                                              \
				__VA_ARGS__                                    \
			}                                                      \
	}

/* Registers: one row for each width. */
#define WORD(bytes)                                                            \
	((bytes) == 8 ? RESULT_U64 : (bytes) == 4 ? RESULT_U32 : RESULT_S32)
#define REG(fn, params, call, res, bytes, is_relaxed, words, min, text, ...)   \
	{                                                                      \
		ROW(fn, params, call, res, words, min, text),                  \
			.args = {__VA_ARGS__}, .width = (bytes),               \
			.relaxed = (is_relaxed)                                \
	}
#define REG_READ(l, bits, bytes)                                               \
	REG("read" l, "(DEVICE.REG)", REG_READ, WORD(bytes), bytes, false,     \
	    CPU | POLL, 1,                                                     \
	    "read " bits " bits of a register; brings all that the device "    \
	    "wrote before",                                                    \
	    ARG_REG)
#define REG_READ_RELAXED(l, bits, bytes)                                       \
	REG("read" l "_relaxed", "(DEVICE.REG)", REG_READ, WORD(bytes), bytes, \
	    true, CPU | POLL, 1,                                               \
	    "read " bits " bits of a register; later reads may pass it",       \
	    ARG_REG)
#define REG_WRITE(l, bits, bytes)                                              \
	REG("write" l, "(value, DEVICE.REG)", REG_WRITE, RESULT_NONE, bytes,   \
	    false, CPU, 2,                                                     \
	    "write " bits " bits of a register, after all earlier stores",     \
	    ARG_ANY, ARG_REG)
#define REG_WRITE_RELAXED(l, bits, bytes)                                      \
	REG("write" l "_relaxed", "(value, DEVICE.REG)", REG_WRITE,            \
	    RESULT_NONE, bytes, true, CPU, 2,                                  \
	    "write " bits " bits of a register; earlier stores may be late",   \
	    ARG_ANY, ARG_REG)
#define REG_POLL_ROW(fn, bytes, is_relaxed, words)                             \
	REG(fn, "(DEVICE.REG, local, condition, time, time)", REG_POLL,        \
	    RESULT_S32, bytes, is_relaxed, CPU | (words), 5,                   \
	    "read a register into a local until the condition holds: 0, or "   \
	    "-ETIMEDOUT",                                                      \
	    ARG_REG, ARG_COUNTER, ARG_CONDITION, ARG_UNUSED, ARG_UNUSED)
#define REG_POLL(l, bits, bytes)                                               \
	REG_POLL_ROW("read" l "_poll_timeout", bytes, false, SLEEPS),          \
		REG_POLL_ROW("read" l "_poll_timeout_atomic", bytes, false,    \
			     0),                                               \
		REG_POLL_ROW("read" l "_relaxed_poll_timeout", bytes, true,    \
			     SLEEPS),                                          \
		REG_POLL_ROW("read" l "_relaxed_poll_timeout_atomic", bytes,   \
			     true, 0)
#define REG_TRY_READ(l, bits, bytes)                                           \
	REG("try_read" l, "(device, offset)", REG_TRY_READ,                    \
	    (bytes) == 8 ? RESULT_U64 : RESULT_S64, bytes, false, CPU | FAILS, \
	    2,                                                                 \
	    "read " bits " bits at an offset of the registers; -EINVAL "       \
	    "outside",                                                         \
	    ARG_DEVICE, ARG_VALUE)
#define REG_TRY_WRITE(l, bits, bytes)                                          \
	REG("try_write" l, "(device, value, offset)", REG_TRY_WRITE,           \
	    RESULT_S64, bytes, false, CPU | FAILS, 3,                          \
	    "write " bits " bits at an offset of the registers; -EINVAL "      \
	    "outside",                                                         \
	    ARG_DEVICE, ARG_ANY, ARG_VALUE)
#define REGS(row)                                                              \
	row("b", "8", 1), row("w", "16", 2), row("l", "32", 4),                \
		row("q", "64", 8)

/* FENCE_OF takes Read, Write or Full, and is full without. */
#define FENCE(fn, dom, ord, text)                                              \
	{                                                                      \
		ROW(fn, "()", FENCE, RESULT_NONE, CPU, 0, text),               \
			.domain = CDMA_DOMAIN_##dom, .order = CDMA_ORDER_##ord \
	}
#define FENCE_OF(fn, dom, text)                                                \
	{                                                                      \
		ROW(fn, "([Read | Write | Full])", FENCE, RESULT_NONE, CPU, 0, \
		    text),                                                     \
			.args = {ARG_ORDER}, .domain = CDMA_DOMAIN_##dom,      \
			.order = CDMA_ORDER_FULL                               \
	}

/* Atomic operations: of (lv), (value, lv), (lv, value) or (lv, value, value).
 * VARIANTS: ordered as their name says. */
#define RMW_ROW(fn, params, op, what, min, text)                               \
	ROW(fn, params, RMW,                                                   \
	    GIVES_##what == GIVES_NOTHING ? RESULT_NONE                        \
	    : GIVES_##what <= GIVES_NEW   ? RESULT_WORD                        \
					  : RESULT_S64,                          \
	    CPU, min, text),                                                   \
		.rmw = RMW_##op, .gives = GIVES_##what
#define RMW_BY(fn, op, what, amount, text)                                     \
	{                                                                      \
		RMW_ROW(fn, "(lv)", op, what, 1, text), .args = {ARG_SHARED},  \
							.by = (amount)         \
	}
#define RMW(fn, op, what, text)                                                \
	{                                                                      \
		RMW_ROW(fn, "(value, lv)", op, what, 2, text), .args = {       \
			ARG_VALUE,                                             \
			ARG_SHARED                                             \
		}                                                              \
	}
#define RMW_BIT(fn, op, what, text)                                            \
	{                                                                      \
		RMW_ROW(fn, "(nr, lv)", op, what, 2, text),                    \
			.args = {ARG_VALUE, ARG_SHARED}, .is_bit = true        \
	}
#define VARIANTS " (_relaxed, _acquire, _release)"
#define RMW_ORDERED_BY(fn, op, what, text)                                     \
	{                                                                      \
		RMW_ROW(fn, "(lv)", op, what, 1, text VARIANTS),               \
			.args = {ARG_SHARED}, .by = 1, .has_variants = true    \
	}
#define RMW_ORDERED(fn, op, what, text)                                        \
	{                                                                      \
		RMW_ROW(fn, "(value, lv)", op, what, 2, text VARIANTS),        \
			.args = {ARG_VALUE, ARG_SHARED}, .has_variants = true  \
	}
#define RMW_XCHG(fn, text)                                                     \
	{                                                                      \
		RMW_ROW(fn, "(lv, value)", SET, OLD, 2, text VARIANTS),        \
			.args = {ARG_SHARED, ARG_VALUE}, .has_variants = true  \
	}
#define RMW_CMPXCHG(fn, text)                                                  \
	{                                                                      \
		RMW_ROW(fn, "(lv, old, new)", SET_IF, OLD, 3, text VARIANTS),  \
			.args = {ARG_SHARED, ARG_VALUE, ARG_VALUE},            \
			.has_variants = true                                   \
	}

/* Mappings: (device, memory or address [, offset], size, direction [, attrs]).
 */
#define MAPPING(fn, params, call, res, hows, min, text, ...)                   \
	{                                                                      \
		ROW(fn, params, call, RESULT_##res, CPU, min, text),           \
			.args = {ARG_DEVICE, __VA_ARGS__}, .how = (hows)       \
	}
#define MAP(fn, params, how, min, ...)                                         \
	MAPPING(fn, params, DMA_MAP, U64, how, min,                            \
		"lend memory to a device; its address there", ARG_MAPPED,      \
		__VA_ARGS__)
#define UNMAP(fn, params, how, min, ...)                                       \
	MAPPING(fn, params, DMA_UNMAP, NONE, how, min,                         \
		"take memory back from the device", ARG_VALUE, __VA_ARGS__)
#define SYNC(fn, params, how, min, text, ...)                                  \
	MAPPING(fn, params, DMA_SYNC, NONE, how, min, text, ARG_VALUE,         \
		__VA_ARGS__)

#define LIST(fn, params, call, res, hows, min, text, ...)                      \
	{                                                                      \
		ROW(fn, params, call, RESULT_##res, CPU, min, text),           \
			.args = {__VA_ARGS__}, .how = (hows)                   \
	}

/* Time is not modelled: it orders nothing, and nobody can rely on it. */
#define PAUSE(fn, params, words, min, ...)                                     \
	CALL(fn, params, PAUSE, NONE, CPU | (words), min,                      \
	     "let time pass: orders nothing here", __VA_ARGS__)

const struct builtin builtins[] = {
	/* Memory. */
	CALL("READ_ONCE", "(lv)", READ_ONCE, READ, CPU | POLL, 1,
	     "one volatile read", ARG_WORD),
	CALL("WRITE_ONCE", "(lv, value)", WRITE_ONCE, NONE, CPU, 2,
	     "one volatile store", ARG_WORD, ARG_STORED),
	CALL("dma_read", "(lv)", DMA_READ, READ, CPU | POLL, 1,
	     "volatile read of a field or a whole struct", ARG_DMA),
	CALL("dma_write", "(lv, value)", DMA_WRITE, NONE, CPU, 2,
	     "volatile store of a field or a whole struct", ARG_DMA,
	     ARG_STORED),
	CALL("read_val", "(lv)", READ_VAL, READ, CPU | POLL, 1,
	     "volatile read of a number through a view", ARG_DMA_WORD),
	CALL("write_val", "(lv, value)", WRITE_VAL, NONE, CPU, 2,
	     "volatile store of a number through a view", ARG_DMA_WORD,
	     ARG_STORED),
	CALL("copy_read", "(lv)", COPY_READ, READ, CPU | POLL, 1,
	     "copy a field or a struct out; what is large may tear", ARG_DMA),
	CALL("copy_write", "(lv, value)", COPY_WRITE, NONE, CPU, 2,
	     "copy a field or a struct in; what is large may tear", ARG_DMA,
	     ARG_STORED),
	CALL("copy_to_slice", "(lv, local)", COPY_TO_SLICE, NONE, CPU, 2,
	     "memcpy out of DMA memory into a local of the same size", ARG_DMA,
	     ARG_BUFFER),
	CALL("copy_from_slice", "(lv, local)", COPY_FROM_SLICE, NONE, CPU, 2,
	     "memcpy into DMA memory from a local of the same size", ARG_DMA,
	     ARG_BUFFER),
	CALL("smp_load_acquire", "(lv)", LOAD_ACQUIRE, READ, CPU | POLL, 1,
	     "volatile read that later accesses stay behind", ARG_WORD),
	CALL("smp_store_release", "(lv, value)", STORE_RELEASE, NONE, CPU, 2,
	     "volatile store that earlier accesses stay before", ARG_WORD,
	     ARG_STORED),
	CALL("atomic_read_acquire", "(lv)", LOAD_ACQUIRE, READ, CPU | POLL, 1,
	     "smp_load_acquire() of a counter", ARG_SHARED),
	CALL("atomic_read", "(lv)", READ_ONCE, READ, CPU | POLL, 1,
	     "READ_ONCE() of a counter", ARG_SHARED),
	CALL("atomic_set_release", "(lv, value)", STORE_RELEASE, NONE, CPU, 2,
	     "smp_store_release() to a counter", ARG_SHARED, ARG_STORED),
	CALL("atomic_set", "(lv, value)", WRITE_ONCE, NONE, CPU, 2,
	     "WRITE_ONCE() to a counter", ARG_SHARED, ARG_STORED),
	RMW_XCHG("xchg", "store a value; what was there"),
	RMW_XCHG("atomic_xchg", "the same"),
	RMW_CMPXCHG("cmpxchg", "store new if old is there; what was there"),
	RMW_CMPXCHG("atomic_cmpxchg", "the same"),
	RMW("atomic_add", ADD, NOTHING, "add, and order nothing"),
	RMW("atomic_sub", SUB, NOTHING, "subtract, and order nothing"),
	RMW("atomic_and", AND, NOTHING, "keep these bits, and order nothing"),
	RMW("atomic_or", OR, NOTHING, "set these bits, and order nothing"),
	RMW("atomic_xor", XOR, NOTHING, "flip these bits, and order nothing"),
	RMW_BY("atomic_inc", ADD, NOTHING, 1, "add 1, and order nothing"),
	RMW_BY("atomic_dec", SUB, NOTHING, 1, "subtract 1, and order nothing"),
	RMW_ORDERED("atomic_add_return", ADD, NEW, "add; the new value"),
	RMW_ORDERED("atomic_sub_return", SUB, NEW, "subtract; the new value"),
	RMW_ORDERED_BY("atomic_inc_return", ADD, NEW, "add 1; the new value"),
	RMW_ORDERED_BY("atomic_dec_return", SUB, NEW,
		       "subtract 1; the new value"),
	RMW_ORDERED("atomic_fetch_add", ADD, OLD, "add; the old value"),
	RMW_ORDERED("atomic_fetch_sub", SUB, OLD, "subtract; the old value"),
	RMW_ORDERED("atomic_fetch_and", AND, OLD,
		    "keep these bits; the old value"),
	RMW_ORDERED("atomic_fetch_or", OR, OLD,
		    "set these bits; the old value"),
	RMW_ORDERED("atomic_fetch_xor", XOR, OLD,
		    "flip these bits; the old value"),
	RMW_ORDERED_BY("atomic_fetch_inc", ADD, OLD, "add 1; the old value"),
	RMW_ORDERED_BY("atomic_fetch_dec", SUB, OLD,
		       "subtract 1; the old value"),
	RMW("atomic_sub_and_test", SUB, ZERO, "subtract; whether it is now 0"),
	RMW_BY("atomic_dec_and_test", SUB, ZERO, 1,
	       "subtract 1; whether it is now 0"),
	RMW_BY("atomic_inc_and_test", ADD, ZERO, 1,
	       "add 1; whether it is now 0"),
	RMW("atomic_add_negative", ADD, NEGATIVE,
	    "add; whether it is now below 0"),
	{RMW_ROW("atomic_add_unless", "(lv, value, unless)", ADD_UNLESS, DONE,
		 3, "add unless it is that value; whether it was added"),
	 .args = {ARG_SHARED, ARG_VALUE, ARG_VALUE}},
	RMW_BIT("set_bit", OR, NOTHING, "set a bit, and order nothing"),
	RMW_BIT("clear_bit", AND, NOTHING, "clear a bit, and order nothing"),
	RMW_BIT("test_and_set_bit", OR, BIT, "set a bit; what it was"),
	RMW_BIT("test_and_clear_bit", AND, BIT, "clear a bit; what it was"),
	CALL("data_race", "(expr)", DATA_RACE, SAME, CPU | POLL, 1,
	     "the reads in the expression may race, and are meant to", ARG_ANY),
	CALL("memset", "(lv, byte)", MEMSET, NONE, CPU_DEVICE, 2,
	     "fill all of lv with a byte", ARG_MEMORY, ARG_VALUE),
	CALL("memcpy", "(to, from)", MEMCPY, NONE, CPU_DEVICE, 2,
	     "copy between lvalues or locals of the same size", ARG_MEMORY,
	     ARG_MEMORY),

	/* Registers. */
	REGS(REG_READ),
	REGS(REG_READ_RELAXED),
	REGS(REG_WRITE),
	REGS(REG_WRITE_RELAXED),
	REGS(REG_POLL),
	REGS(REG_TRY_READ),
	REGS(REG_TRY_WRITE),
	CALL("memcpy_toio", "(DEVICE.REG, local)", COPY_TOIO, NONE, CPU, 2,
	     "copy a local into registers", ARG_REG, ARG_BUFFER),
	CALL("memcpy_fromio", "(local, DEVICE.REG)", COPY_FROMIO, NONE, CPU, 2,
	     "copy registers into a local", ARG_BUFFER, ARG_REG),

	/* Barriers. */
	FENCE("dma_rmb", DMA, READ, "order reads of coherent memory"),
	FENCE("dma_wmb", DMA, WRITE, "order stores to coherent memory"),
	FENCE_OF("dma_mb", DMA, "order accesses to coherent memory"),
	FENCE("rmb", FULL, READ, "order all reads, registers included"),
	FENCE("wmb", FULL, WRITE, "order all stores, registers included"),
	FENCE_OF("mb", FULL, "order all accesses, registers included"),
	FENCE("smp_rmb", SMP, READ, "order reads, towards CPUs only"),
	FENCE("smp_wmb", SMP, WRITE, "order stores, towards CPUs only"),
	FENCE_OF("smp_mb", SMP, "order accesses, towards CPUs only"),
	FENCE("smp_mb__before_atomic", SMP, FULL,
	      "smp_mb(), before an atomic operation that orders nothing"),
	FENCE("smp_mb__after_atomic", SMP, FULL, "smp_mb(), behind one"),
	CALL("barrier", "()", COMPILER_BARRIER, NONE, CPU, 0,
	     "hold back the compiler only: orders nothing here", ARG_NONE),
	PAUSE("cpu_relax", "()", 0, 0, ARG_NONE),
	PAUSE("cond_resched", "()", SLEEPS, 0, ARG_NONE),
	PAUSE("udelay", "(time)", 0, 1, ARG_VALUE),
	PAUSE("ndelay", "(time)", 0, 1, ARG_VALUE),
	PAUSE("mdelay", "(time)", 0, 1, ARG_VALUE),
	PAUSE("msleep", "(time)", SLEEPS, 1, ARG_VALUE),
	PAUSE("ssleep", "(time)", SLEEPS, 1, ARG_VALUE),
	PAUSE("fsleep", "(time)", SLEEPS, 1, ARG_VALUE),
	PAUSE("usleep_range", "(least, most)", SLEEPS, 2, ARG_VALUE, ARG_VALUE),
	CALL("might_sleep", "()", PAUSE, NONE, CPU | SLEEPS, 0,
	     "a finding where nobody may sleep", ARG_NONE),

	/* Objects. */
	CALL("dma_alloc", "(device, T or T[n] [, flags])", DMA_ALLOC, BOX,
	     CPU | FAILS, 2,
	     "memory of a type that the device does not know of yet",
	     ARG_DEVICE, ARG_TYPE, ARG_FLAGS),
	CALL("dma_alloc_coherent", "(device, T or T[n] [, flags])",
	     DMA_ALLOC_COHERENT, COHERENT, CPU | FAILS, 2,
	     "memory of a type that CPU and device share", ARG_DEVICE, ARG_TYPE,
	     ARG_FLAGS),
	CALL("dma_alloc_handle", "(device, size [, flags])", DMA_ALLOC_HANDLE,
	     HANDLE, CPU | FAILS, 2,
	     "bytes for the device alone, that no CPU can reach", ARG_DEVICE,
	     ARG_VALUE, ARG_FLAGS),
	CALL("box_from_slice", "(device, local [, flags])", BOX_FROM_SLICE, BOX,
	     CPU | FAILS, 2, "a box with a copy of a local in it", ARG_DEVICE,
	     ARG_BUFFER, ARG_FLAGS),
	CALL("coherent_from_slice", "(device, local [, flags])",
	     COHERENT_FROM_SLICE, COHERENT, CPU | FAILS, 2,
	     "a coherent with a copy of a local in it", ARG_DEVICE, ARG_BUFFER,
	     ARG_FLAGS),
	CALL("coherent_init", "(device, T, { .field = value, ... } [, flags])",
	     COHERENT_INIT, COHERENT, CPU | FAILS, 3,
	     "a coherent that is filled before the device can see it",
	     ARG_DEVICE, ARG_TYPE, ARG_INIT, ARG_FLAGS),
	CALL("init_at", "(box, index, { .field = value, ... })", INIT_AT, S64,
	     CPU | FAILS, 3, "fill one element of a box; 0 or -errno", ARG_BOX,
	     ARG_VALUE, ARG_INIT),
	CALL("expose", "(box)", EXPOSE, COHERENT, CPU, 1,
	     "make a box coherent: its address may be told to the device",
	     ARG_BOX),
	CALL("free", "(object)", FREE, NONE, CPU, 1,
	     "free a box, coherent or handle", ARG_OWNER),
	CALL("err", "(object)", ERR, S64, CPU_FINAL | POLL, 1,
	     "0, or -errno of the allocation that failed", ARG_OBJECT),
	CALL("dma_handle", "(lv)", DMA_HANDLE, U64, ANY | POLL, 1,
	     "the address at which the device finds lv", ARG_DMA),
	CALL("dma_address", "(lv)", DMA_HANDLE, U64, ANY | POLL, 1,
	     "the newer name of dma_handle()", ARG_DMA),
	CALL("size", "(lv)", SIZE, U64, ANY | POLL, 1, "bytes", ARG_DMA),
	CALL("len", "(lv)", LEN, U64, ANY | POLL, 1, "elements", ARG_DMA),
	CALL("as_ref", "(lv)", AS_REF, WINDOW, CPU, 1,
	     "begin a window in which the CPU reads plainly", ARG_DMA),
	CALL("as_mut", "(lv)", AS_MUT, WINDOW, CPU, 1,
	     "begin a window in which the CPU reads and writes plainly",
	     ARG_DMA),
	CALL("end", "(window)", END, NONE, CPU, 1, "end a window", ARG_WINDOW),
	CALL("try_cast", "(lv, T)", TRY_CAST, VIEW, CPU | FAILS, 2,
	     "a view of the same bytes as another type, if they fit", ARG_DMA,
	     ARG_TYPE),
	CALL("debugfs_read", "(coherent, offset, len [, fault_at])",
	     DEBUGFS_READ, S64, CPU | FAILS, 3,
	     "what a reader of the debugfs file gets; advances the offset",
	     ARG_COHERENT, ARG_COUNTER, ARG_VALUE, ARG_VALUE),
	CALL("attrs_not", "(attrs)", ATTRS_NOT, S64, ANY | PURE, 1,
	     "all other attributes", ARG_VALUE),
	CALL("attrs_contains", "(attrs, wanted)", ATTRS_CONTAINS, S64,
	     ANY | PURE, 2, "whether all that are wanted are there", ARG_VALUE,
	     ARG_VALUE),

	/* Memory of the kernel, and streaming DMA. */
	{ROW("kmalloc", "(T or T[n] [, flags])", KMALLOC, RESULT_KMEM,
	     CPU | FAILS, 1, "memory of the kernel, that no device can reach"),
	 .args = {ARG_TYPE, ARG_FLAGS}},
	{ROW("kzalloc", "(T or T[n] [, flags])", KMALLOC, RESULT_KMEM,
	     CPU | FAILS, 1, "the same, all zero bytes"),
	 .args = {ARG_TYPE, ARG_FLAGS}, .how = HOW_ZEROED},
	CALL("kfree", "(buffer)", KFREE, NONE, CPU, 1,
	     "free memory of the kernel", ARG_KMEM),
	CALL("dma_alloc_noncoherent",
	     "(device, size, &address, direction [, flags])",
	     DMA_ALLOC_NONCOHERENT, KMEM, CPU | FAILS, 4,
	     "memory that is mapped at once, and synced as streaming maps are",
	     ARG_DEVICE, ARG_VALUE, ARG_TOLD, ARG_VALUE, ARG_FLAGS),
	CALL("dma_free_noncoherent",
	     "(device, size, memory, address, direction)", DMA_FREE_NONCOHERENT,
	     NONE, CPU, 5, "unmap and free it", ARG_DEVICE, ARG_VALUE,
	     ARG_MAPPED, ARG_VALUE, ARG_VALUE),
	CALL("dma_alloc_pages", "(device, size, &address, direction [, flags])",
	     DMA_ALLOC_NONCOHERENT, KMEM, CPU | FAILS, 4, "the same as pages",
	     ARG_DEVICE, ARG_VALUE, ARG_TOLD, ARG_VALUE, ARG_FLAGS),
	CALL("dma_free_pages", "(device, size, memory, address, direction)",
	     DMA_FREE_NONCOHERENT, NONE, CPU, 5, "the same", ARG_DEVICE,
	     ARG_VALUE, ARG_MAPPED, ARG_VALUE, ARG_VALUE),
	MAP("dma_map_single", "(device, memory, size, direction)", 0, 4,
	    ARG_VALUE, ARG_VALUE),
	MAP("dma_map_single_attrs", "(device, memory, size, direction, attrs)",
	    0, 5, ARG_VALUE, ARG_VALUE, ARG_FLAGS),
	MAP("dma_map_page", "(device, memory, offset, size, direction)",
	    HOW_OFFSET, 5, ARG_VALUE, ARG_VALUE, ARG_VALUE),
	MAP("dma_map_page_attrs",
	    "(device, memory, offset, size, direction, attrs)", HOW_OFFSET, 6,
	    ARG_VALUE, ARG_VALUE, ARG_VALUE, ARG_FLAGS),
	{ROW("dma_map_resource", "(device, DEVICE.REG, size, direction, attrs)",
	     DMA_MAP_RESOURCE, RESULT_U64, CPU, 5,
	     "let a device reach registers of another; their address there"),
	 .args = {ARG_DEVICE, ARG_BUS, ARG_VALUE, ARG_VALUE, ARG_FLAGS},
	 .how = HOW_RESOURCE},
	CALL("dma_mapping_error", "(device, address)", DMA_MAPPING_ERROR, S64,
	     CPU | FAILS, 2, "whether the map failed: 0 or -ENOMEM", ARG_DEVICE,
	     ARG_VALUE),
	{ROW("dma_need_sync", "(device, address)", DMA_ASK, RESULT_S32, CPU, 2,
	     "whether syncs of the mapping do anything on this machine"),
	 .args = {ARG_DEVICE, ARG_VALUE}, .how = ASK_SYNC},
	{ROW("dma_max_mapping_size", "(device)", DMA_ASK, RESULT_U64, CPU, 1,
	     "how many bytes a map can have on this machine"),
	 .args = {ARG_DEVICE}, .how = ASK_SIZE},
	{ROW("dma_get_cache_alignment", "()", DMA_ASK, RESULT_S32, CPU, 0,
	     "bytes of a cache line that a device's write has to itself, or 1"),
	 .how = ASK_LINE},
	{ROW("dma_unmap_resource", "(device, address, size, direction, attrs)",
	     DMA_UNMAP, RESULT_NONE, CPU, 5,
	     "take registers back from the device"),
	 .args = {ARG_DEVICE, ARG_VALUE, ARG_VALUE, ARG_VALUE, ARG_FLAGS},
	 .how = HOW_RESOURCE},
	UNMAP("dma_unmap_single", "(device, address, size, direction)", 0, 4,
	      ARG_VALUE, ARG_VALUE),
	UNMAP("dma_unmap_single_attrs",
	      "(device, address, size, direction, attrs)", 0, 5, ARG_VALUE,
	      ARG_VALUE, ARG_FLAGS),
	UNMAP("dma_unmap_page", "(device, address, size, direction)", 0, 4,
	      ARG_VALUE, ARG_VALUE),
	UNMAP("dma_unmap_page_attrs",
	      "(device, address, size, direction, attrs)", 0, 5, ARG_VALUE,
	      ARG_VALUE, ARG_FLAGS),
	SYNC("dma_sync_single_for_cpu", "(device, address, size, direction)",
	     HOW_FOR_CPU, 4, "let the CPU have what the device wrote",
	     ARG_VALUE, ARG_VALUE),
	SYNC("dma_sync_single_for_device", "(device, address, size, direction)",
	     0, 4, "let the device have it again", ARG_VALUE, ARG_VALUE),
	SYNC("dma_sync_single_range_for_cpu",
	     "(device, address, offset, size, direction)",
	     HOW_FOR_CPU | HOW_OFFSET, 5, "the same for a part of it",
	     ARG_VALUE, ARG_VALUE, ARG_VALUE),
	SYNC("dma_sync_single_range_for_device",
	     "(device, address, offset, size, direction)", HOW_OFFSET, 5,
	     "the same for a part of it", ARG_VALUE, ARG_VALUE, ARG_VALUE),

	/* Pools. */
	CALL("dma_pool_create", "(device, T or T[n] [, align [, boundary]])",
	     POOL_CREATE, POOL, CPU | FAILS | SLEEPS, 2,
	     "a pool of blocks that CPU and device share", ARG_DEVICE, ARG_TYPE,
	     ARG_VALUE, ARG_VALUE),
	LIST("dma_pool_alloc", "(pool [, flags])", POOL_ALLOC, COHERENT, 0, 1,
	     "a block of it; nobody has defined the bytes", ARG_POOL,
	     ARG_FLAGS),
	LIST("dma_pool_zalloc", "(pool [, flags])", POOL_ALLOC, COHERENT,
	     HOW_ZEROED, 1, "the same, all zero bytes", ARG_POOL, ARG_FLAGS),
	CALL("dma_pool_free", "(pool, coherent)", POOL_FREE, NONE, CPU, 2,
	     "give a block back", ARG_POOL, ARG_COHERENT),
	CALL("dma_pool_destroy", "(pool)", POOL_DESTROY, NONE, CPU | SLEEPS, 1,
	     "destroy a pool, of which all blocks are back", ARG_POOL),

	/* Lists of pieces of memory. */
	LIST("sg_set_buf", "(entry, memory, size)", SG_SET, NONE, 0, 3,
	     "what an entry of a scatterlist stands for", ARG_SG_ENTRY,
	     ARG_MAPPED, ARG_VALUE),
	LIST("sg_set_page", "(entry, memory, size, offset)", SG_SET, NONE,
	     HOW_OFFSET, 4, "the same", ARG_SG_ENTRY, ARG_MAPPED, ARG_VALUE,
	     ARG_VALUE),
	LIST("dma_map_sg", "(device, list, entries, direction)", SG_MAP, S64, 0,
	     4,
	     "lend the entries to a device; how many segments they are, or 0",
	     ARG_DEVICE, ARG_SG, ARG_VALUE, ARG_VALUE),
	LIST("dma_map_sg_attrs", "(device, list, entries, direction, attrs)",
	     SG_MAP, S64, 0, 5, "the same", ARG_DEVICE, ARG_SG, ARG_VALUE,
	     ARG_VALUE, ARG_FLAGS),
	LIST("dma_map_sgtable", "(device, list, direction [, attrs])", SG_MAP,
	     S64, HOW_TABLE, 3, "lend all entries that are set; 0 or -errno",
	     ARG_DEVICE, ARG_SG, ARG_VALUE, ARG_FLAGS),
	LIST("sg_dma_address", "(entry)", SG_ADDRESS, U64, 0, 1,
	     "where the device finds the segment", ARG_SG_ENTRY),
	LIST("sg_dma_len", "(entry)", SG_LEN, U64, 0, 1,
	     "bytes of the segment; 0: there is none", ARG_SG_ENTRY),
	LIST("dma_unmap_sg", "(device, list, entries, direction)", SG_UNMAP,
	     NONE, 0, 4, "take the entries back: as many as were mapped",
	     ARG_DEVICE, ARG_SG, ARG_VALUE, ARG_VALUE),
	LIST("dma_unmap_sg_attrs", "(device, list, entries, direction, attrs)",
	     SG_UNMAP, NONE, 0, 5, "the same", ARG_DEVICE, ARG_SG, ARG_VALUE,
	     ARG_VALUE, ARG_FLAGS),
	LIST("dma_unmap_sgtable", "(device, list, direction [, attrs])",
	     SG_UNMAP, NONE, HOW_TABLE, 3, "take all entries back", ARG_DEVICE,
	     ARG_SG, ARG_VALUE, ARG_FLAGS),
	LIST("dma_sync_sg_for_cpu", "(device, list, entries, direction)",
	     SG_SYNC, NONE, HOW_FOR_CPU, 4,
	     "let the CPU have what the device wrote", ARG_DEVICE, ARG_SG,
	     ARG_VALUE, ARG_VALUE),
	LIST("dma_sync_sg_for_device", "(device, list, entries, direction)",
	     SG_SYNC, NONE, 0, 4, "let the device have it again", ARG_DEVICE,
	     ARG_SG, ARG_VALUE, ARG_VALUE),
	LIST("dma_sync_sgtable_for_cpu", "(device, list, direction)", SG_SYNC,
	     NONE, HOW_FOR_CPU | HOW_TABLE, 3, "the same for all entries",
	     ARG_DEVICE, ARG_SG, ARG_VALUE),
	LIST("dma_sync_sgtable_for_device", "(device, list, direction)",
	     SG_SYNC, NONE, HOW_TABLE, 3, "the same for all entries",
	     ARG_DEVICE, ARG_SG, ARG_VALUE),

	/* Masks. */
	CALL("DMA_BIT_MASK", "(bits)", BIT_MASK, U64, ANY | PURE, 1,
	     "the mask of so many address bits", ARG_VALUE),
	CALL("mask_try_new", "(bits)", MASK_TRY_NEW, U64, ANY | FAILS, 1,
	     "the same, or -EINVAL for more than 64 bits", ARG_VALUE),
	CALL("dma_set_mask", "(device, mask)", SET_MASK, S64, CPU | FAILS, 2,
	     "which addresses streaming mappings may have", ARG_DEVICE,
	     ARG_VALUE),
	CALL("dma_set_coherent_mask", "(device, mask)", SET_COHERENT_MASK, S64,
	     CPU | FAILS, 2, "which addresses allocations may have", ARG_DEVICE,
	     ARG_VALUE),
	CALL("dma_set_mask_and_coherent", "(device, mask)",
	     SET_MASK_AND_COHERENT, S64, CPU | FAILS, 2, "both", ARG_DEVICE,
	     ARG_VALUE),
	CALL("dma_set_seg_boundary", "(device, mask)", SET_SEG_BOUNDARY, NONE,
	     CPU, 2, "what no segment may cross: 0xffff, multiples of 64 KiB",
	     ARG_DEVICE, ARG_VALUE),
	CALL("dma_set_max_seg_size", "(device, size)", SET_MAX_SEG_SIZE, NONE,
	     CPU, 2, "how long one segment may be", ARG_DEVICE, ARG_VALUE),

	/* The life of a device. */
	LIFETIME_CALLS

		CALL("pci_set_master", "(device)", SET_MASTER, NONE, CPU, 1,
		     "let the device use the bus", ARG_DEVICE),
	CALL("pci_clear_master", "(device)", CLEAR_MASTER, NONE, CPU, 1,
	     "no more DMA by the device", ARG_DEVICE),
	CALL("pci_enable_device_mem", "(device)", ENABLE_DEVICE_MEM, S64,
	     CPU | FAILS | SLEEPS, 1, "turn the registers on; 0 or -errno",
	     ARG_DEVICE),
	CALL("pcim_iomap_regions", "(device)", IOMAP, S64, CPU | FAILS | SLEEPS,
	     1, "map the registers; 0 or -errno", ARG_DEVICE),
	CALL("lease_begin", "(device, lv)", LEASE_BEGIN, NONE, CPU_DEVICE, 2,
	     "the device was told the address and may use it", ARG_DEVICE,
	     ARG_DMA),
	CALL("lease_end", "(device, lv)", LEASE_END, NONE, CPU_DEVICE, 2,
	     "the device will not use it any more", ARG_DEVICE, ARG_DMA),

	SYNC_CALLS

		/* Arithmetic. */
		CALL("assert", "(condition)", ASSERT, NONE, ANY, 1,
		     "a finding when the condition does not hold", ARG_TRUTH),
	CALL("WARN_ON", "(condition)", WARN_ON, S64, CPU_DEVICE, 1,
	     "a finding when the condition holds; whether it does", ARG_TRUTH),
	CALL("WARN_ON_ONCE", "(condition)", WARN_ON, S64, CPU_DEVICE, 1,
	     "the same", ARG_TRUTH),
	CALL("min", "(a, b)", MIN, JOIN, ANY | PURE, 2, "the smaller",
	     ARG_VALUE, ARG_VALUE),
	CALL("max", "(a, b)", MAX, JOIN, ANY | PURE, 2, "the larger", ARG_VALUE,
	     ARG_VALUE),
	CALL("lower_32_bits", "(value)", LOWER_32, U32, ANY | PURE, 1,
	     "bits 0 to 31", ARG_VALUE),
	CALL("upper_32_bits", "(value)", UPPER_32, U32, ANY | PURE, 1,
	     "bits 32 to 63", ARG_VALUE),
	BITS_CALLS,
};
const size_t nr_builtins = ARRAY_SIZE(builtins);
