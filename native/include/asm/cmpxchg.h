/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_CMPXCHG_H
#define CDMASIM_ASM_CMPXCHG_H

/*
 * xchg() and cmpxchg(): operations of the compiler's, which the pass sees with
 * the order that they have.
 *
 * One without a suffix is a full barrier before and after (SEQ_CST); one that
 * fails has only read, and orders nothing (Documentation/atomic_t.txt).
 */

#include <linux/compiler.h>

#define CDMASIM_XCHG(order, p, v)                                              \
	((typeof(*(p)))__atomic_exchange_n((p), (typeof(*(p)))(v),             \
					   __ATOMIC_##order))
#define CDMASIM_CMPXCHG(order, p, o, n)                                        \
	({                                                                     \
		__unqual_scalar_typeof(*(p)) old__ =                           \
			(__unqual_scalar_typeof(*(p)))(o);                     \
                                                                               \
		__atomic_compare_exchange_n((p), &old__, (typeof(*(p)))(n), 0, \
					    __ATOMIC_##order,                  \
					    __ATOMIC_RELAXED);                 \
		(typeof(*(p)))old__;                                           \
	})

#define arch_xchg(p, v)         CDMASIM_XCHG(SEQ_CST, p, v)
#define arch_xchg_acquire(p, v) CDMASIM_XCHG(ACQUIRE, p, v)
#define arch_xchg_release(p, v) CDMASIM_XCHG(RELEASE, p, v)
#define arch_xchg_relaxed(p, v) CDMASIM_XCHG(RELAXED, p, v)

#define arch_cmpxchg(p, o, n)         CDMASIM_CMPXCHG(SEQ_CST, p, o, n)
#define arch_cmpxchg_acquire(p, o, n) CDMASIM_CMPXCHG(ACQUIRE, p, o, n)
#define arch_cmpxchg_release(p, o, n) CDMASIM_CMPXCHG(RELEASE, p, o, n)
#define arch_cmpxchg_relaxed(p, o, n) CDMASIM_CMPXCHG(RELAXED, p, o, n)

#define arch_cmpxchg64         arch_cmpxchg
#define arch_cmpxchg64_acquire arch_cmpxchg_acquire
#define arch_cmpxchg64_release arch_cmpxchg_release
#define arch_cmpxchg64_relaxed arch_cmpxchg_relaxed

/* Only towards this processor: no order at all towards others. */
#define arch_cmpxchg_local   arch_cmpxchg_relaxed
#define arch_cmpxchg64_local arch_cmpxchg_relaxed
#define arch_sync_cmpxchg    arch_cmpxchg

/* Of page tables, which nobody walks here. */
#define set_64bit(p, v) WRITE_ONCE(*(p), v)

#endif /* CDMASIM_ASM_CMPXCHG_H */
