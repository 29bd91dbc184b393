/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_ATOMIC_H
#define CDMASIM_ASM_ATOMIC_H

/*
 * atomic_t and atomic64_t: operations of the compiler's, which the pass sees
 * with the order that they have (Documentation/atomic_t.txt).
 *
 * One that gives no value is relaxed; one that gives a value and has no suffix
 * is a full barrier before and after (SEQ_CST).  All four of each are here,
 * since the kernel would make those that are missing of stronger ones.  What
 * is not here (inc, dec_and_test, add_unless, ...) it makes of these.
 */

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>

#define ATOMIC64_INIT(i) ATOMIC_INIT(i)

#define CDMASIM_FETCH(op, order, i, v)                                         \
	__atomic_fetch_##op(&(v)->counter, (i), __ATOMIC_##order)
#define CDMASIM_RETURN(op, order, i, v)                                        \
	__atomic_##op##_fetch(&(v)->counter, (i), __ATOMIC_##order)

#define arch_atomic_read(v)     READ_ONCE((v)->counter)
#define arch_atomic_set(v, i)   WRITE_ONCE((v)->counter, (i))
#define arch_atomic64_read(v)   ((s64)READ_ONCE((v)->counter))
#define arch_atomic64_set(v, i) WRITE_ONCE((v)->counter, (i))

#define arch_atomic_add(i, v) ((void)CDMASIM_FETCH(add, RELAXED, i, v))
#define arch_atomic_sub(i, v) ((void)CDMASIM_FETCH(sub, RELAXED, i, v))
#define arch_atomic_and(i, v) ((void)CDMASIM_FETCH(and, RELAXED, i, v))
#define arch_atomic_or(i, v)  ((void)CDMASIM_FETCH(or, RELAXED, i, v))
#define arch_atomic_xor(i, v) ((void)CDMASIM_FETCH(xor, RELAXED, i, v))

#define arch_atomic_fetch_add(i, v)         CDMASIM_FETCH(add, SEQ_CST, i, v)
#define arch_atomic_fetch_add_acquire(i, v) CDMASIM_FETCH(add, ACQUIRE, i, v)
#define arch_atomic_fetch_add_release(i, v) CDMASIM_FETCH(add, RELEASE, i, v)
#define arch_atomic_fetch_add_relaxed(i, v) CDMASIM_FETCH(add, RELAXED, i, v)

#define arch_atomic_fetch_sub(i, v)         CDMASIM_FETCH(sub, SEQ_CST, i, v)
#define arch_atomic_fetch_sub_acquire(i, v) CDMASIM_FETCH(sub, ACQUIRE, i, v)
#define arch_atomic_fetch_sub_release(i, v) CDMASIM_FETCH(sub, RELEASE, i, v)
#define arch_atomic_fetch_sub_relaxed(i, v) CDMASIM_FETCH(sub, RELAXED, i, v)

#define arch_atomic_fetch_and(i, v)         CDMASIM_FETCH(and, SEQ_CST, i, v)
#define arch_atomic_fetch_and_acquire(i, v) CDMASIM_FETCH(and, ACQUIRE, i, v)
#define arch_atomic_fetch_and_release(i, v) CDMASIM_FETCH(and, RELEASE, i, v)
#define arch_atomic_fetch_and_relaxed(i, v) CDMASIM_FETCH(and, RELAXED, i, v)

#define arch_atomic_fetch_or(i, v)         CDMASIM_FETCH(or, SEQ_CST, i, v)
#define arch_atomic_fetch_or_acquire(i, v) CDMASIM_FETCH(or, ACQUIRE, i, v)
#define arch_atomic_fetch_or_release(i, v) CDMASIM_FETCH(or, RELEASE, i, v)
#define arch_atomic_fetch_or_relaxed(i, v) CDMASIM_FETCH(or, RELAXED, i, v)

#define arch_atomic_fetch_xor(i, v)         CDMASIM_FETCH(xor, SEQ_CST, i, v)
#define arch_atomic_fetch_xor_acquire(i, v) CDMASIM_FETCH(xor, ACQUIRE, i, v)
#define arch_atomic_fetch_xor_release(i, v) CDMASIM_FETCH(xor, RELEASE, i, v)
#define arch_atomic_fetch_xor_relaxed(i, v) CDMASIM_FETCH(xor, RELAXED, i, v)

#define arch_atomic_add_return(i, v)         CDMASIM_RETURN(add, SEQ_CST, i, v)
#define arch_atomic_add_return_acquire(i, v) CDMASIM_RETURN(add, ACQUIRE, i, v)
#define arch_atomic_add_return_release(i, v) CDMASIM_RETURN(add, RELEASE, i, v)
#define arch_atomic_add_return_relaxed(i, v) CDMASIM_RETURN(add, RELAXED, i, v)

#define arch_atomic_sub_return(i, v)         CDMASIM_RETURN(sub, SEQ_CST, i, v)
#define arch_atomic_sub_return_acquire(i, v) CDMASIM_RETURN(sub, ACQUIRE, i, v)
#define arch_atomic_sub_return_release(i, v) CDMASIM_RETURN(sub, RELEASE, i, v)
#define arch_atomic_sub_return_relaxed(i, v) CDMASIM_RETURN(sub, RELAXED, i, v)

#define arch_atomic_xchg(v, n)         CDMASIM_XCHG(SEQ_CST, &(v)->counter, n)
#define arch_atomic_xchg_acquire(v, n) CDMASIM_XCHG(ACQUIRE, &(v)->counter, n)
#define arch_atomic_xchg_release(v, n) CDMASIM_XCHG(RELEASE, &(v)->counter, n)
#define arch_atomic_xchg_relaxed(v, n) CDMASIM_XCHG(RELAXED, &(v)->counter, n)
#define arch_atomic_cmpxchg(v, o, n)                                           \
	CDMASIM_CMPXCHG(SEQ_CST, &(v)->counter, o, n)
#define arch_atomic_cmpxchg_acquire(v, o, n)                                   \
	CDMASIM_CMPXCHG(ACQUIRE, &(v)->counter, o, n)
#define arch_atomic_cmpxchg_release(v, o, n)                                   \
	CDMASIM_CMPXCHG(RELEASE, &(v)->counter, o, n)
#define arch_atomic_cmpxchg_relaxed(v, o, n)                                   \
	CDMASIM_CMPXCHG(RELAXED, &(v)->counter, o, n)

#define arch_atomic64_add(i, v) ((void)CDMASIM_FETCH(add, RELAXED, i, v))
#define arch_atomic64_sub(i, v) ((void)CDMASIM_FETCH(sub, RELAXED, i, v))
#define arch_atomic64_and(i, v) ((void)CDMASIM_FETCH(and, RELAXED, i, v))
#define arch_atomic64_or(i, v)  ((void)CDMASIM_FETCH(or, RELAXED, i, v))
#define arch_atomic64_xor(i, v) ((void)CDMASIM_FETCH(xor, RELAXED, i, v))

#define arch_atomic64_fetch_add(i, v)         CDMASIM_FETCH(add, SEQ_CST, i, v)
#define arch_atomic64_fetch_add_acquire(i, v) CDMASIM_FETCH(add, ACQUIRE, i, v)
#define arch_atomic64_fetch_add_release(i, v) CDMASIM_FETCH(add, RELEASE, i, v)
#define arch_atomic64_fetch_add_relaxed(i, v) CDMASIM_FETCH(add, RELAXED, i, v)

#define arch_atomic64_fetch_sub(i, v)         CDMASIM_FETCH(sub, SEQ_CST, i, v)
#define arch_atomic64_fetch_sub_acquire(i, v) CDMASIM_FETCH(sub, ACQUIRE, i, v)
#define arch_atomic64_fetch_sub_release(i, v) CDMASIM_FETCH(sub, RELEASE, i, v)
#define arch_atomic64_fetch_sub_relaxed(i, v) CDMASIM_FETCH(sub, RELAXED, i, v)

#define arch_atomic64_fetch_and(i, v)         CDMASIM_FETCH(and, SEQ_CST, i, v)
#define arch_atomic64_fetch_and_acquire(i, v) CDMASIM_FETCH(and, ACQUIRE, i, v)
#define arch_atomic64_fetch_and_release(i, v) CDMASIM_FETCH(and, RELEASE, i, v)
#define arch_atomic64_fetch_and_relaxed(i, v) CDMASIM_FETCH(and, RELAXED, i, v)

#define arch_atomic64_fetch_or(i, v)         CDMASIM_FETCH(or, SEQ_CST, i, v)
#define arch_atomic64_fetch_or_acquire(i, v) CDMASIM_FETCH(or, ACQUIRE, i, v)
#define arch_atomic64_fetch_or_release(i, v) CDMASIM_FETCH(or, RELEASE, i, v)
#define arch_atomic64_fetch_or_relaxed(i, v) CDMASIM_FETCH(or, RELAXED, i, v)

#define arch_atomic64_fetch_xor(i, v)         CDMASIM_FETCH(xor, SEQ_CST, i, v)
#define arch_atomic64_fetch_xor_acquire(i, v) CDMASIM_FETCH(xor, ACQUIRE, i, v)
#define arch_atomic64_fetch_xor_release(i, v) CDMASIM_FETCH(xor, RELEASE, i, v)
#define arch_atomic64_fetch_xor_relaxed(i, v) CDMASIM_FETCH(xor, RELAXED, i, v)

#define arch_atomic64_add_return(i, v) CDMASIM_RETURN(add, SEQ_CST, i, v)
#define arch_atomic64_add_return_acquire(i, v)                                 \
	CDMASIM_RETURN(add, ACQUIRE, i, v)
#define arch_atomic64_add_return_release(i, v)                                 \
	CDMASIM_RETURN(add, RELEASE, i, v)
#define arch_atomic64_add_return_relaxed(i, v)                                 \
	CDMASIM_RETURN(add, RELAXED, i, v)

#define arch_atomic64_sub_return(i, v) CDMASIM_RETURN(sub, SEQ_CST, i, v)
#define arch_atomic64_sub_return_acquire(i, v)                                 \
	CDMASIM_RETURN(sub, ACQUIRE, i, v)
#define arch_atomic64_sub_return_release(i, v)                                 \
	CDMASIM_RETURN(sub, RELEASE, i, v)
#define arch_atomic64_sub_return_relaxed(i, v)                                 \
	CDMASIM_RETURN(sub, RELAXED, i, v)

#define arch_atomic64_xchg(v, n)         CDMASIM_XCHG(SEQ_CST, &(v)->counter, n)
#define arch_atomic64_xchg_acquire(v, n) CDMASIM_XCHG(ACQUIRE, &(v)->counter, n)
#define arch_atomic64_xchg_release(v, n) CDMASIM_XCHG(RELEASE, &(v)->counter, n)
#define arch_atomic64_xchg_relaxed(v, n) CDMASIM_XCHG(RELAXED, &(v)->counter, n)
#define arch_atomic64_cmpxchg(v, o, n)                                         \
	CDMASIM_CMPXCHG(SEQ_CST, &(v)->counter, o, n)
#define arch_atomic64_cmpxchg_acquire(v, o, n)                                 \
	CDMASIM_CMPXCHG(ACQUIRE, &(v)->counter, o, n)
#define arch_atomic64_cmpxchg_release(v, o, n)                                 \
	CDMASIM_CMPXCHG(RELEASE, &(v)->counter, o, n)
#define arch_atomic64_cmpxchg_relaxed(v, o, n)                                 \
	CDMASIM_CMPXCHG(RELAXED, &(v)->counter, o, n)

#endif /* CDMASIM_ASM_ATOMIC_H */
