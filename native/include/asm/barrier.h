/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_BARRIER_H
#define CDMASIM_ASM_BARRIER_H

/*
 * Barriers: each is told to the simulator, with its place.
 *
 * None is an instruction, and none is more than it says: dma_rmb() does not
 * order stores here because it happens to on some processor.  Acquire and
 * release are accesses of the compiler's, which the pass sees as what they
 * are.  The rest of the kernel's barriers are made of these, by its own
 * asm-generic/barrier.h; but where that makes one of a stronger one, such as
 * smp_store_release() of smp_mb(), it is said here what it is.
 */

#include <cdma/driver.h>

#define mb()  cdma_driver_barrier(CDMA_DRIVER_ALL, CDMA_DRIVER_FULL)
#define rmb() cdma_driver_barrier(CDMA_DRIVER_ALL, CDMA_DRIVER_READ)
#define wmb() cdma_driver_barrier(CDMA_DRIVER_ALL, CDMA_DRIVER_WRITE)

#define dma_mb()  cdma_driver_barrier(CDMA_DRIVER_DMA, CDMA_DRIVER_FULL)
#define dma_rmb() cdma_driver_barrier(CDMA_DRIVER_DMA, CDMA_DRIVER_READ)
#define dma_wmb() cdma_driver_barrier(CDMA_DRIVER_DMA, CDMA_DRIVER_WRITE)

/* The tree is built for one processor, where these would be nothing; here
 * every actor is on a processor of its own. */
#define smp_mb()    cdma_driver_barrier(CDMA_DRIVER_SMP, CDMA_DRIVER_FULL)
#define smp_rmb()   cdma_driver_barrier(CDMA_DRIVER_SMP, CDMA_DRIVER_READ)
#define smp_wmb()   cdma_driver_barrier(CDMA_DRIVER_SMP, CDMA_DRIVER_WRITE)
#define __smp_mb()  smp_mb()
#define __smp_rmb() smp_rmb()
#define __smp_wmb() smp_wmb()

#define smp_mb__before_atomic()   smp_mb()
#define smp_mb__after_atomic()    smp_mb()
#define smp_mb__after_spinlock()  smp_mb()
#define __smp_mb__before_atomic() smp_mb()
#define __smp_mb__after_atomic()  smp_mb()

#define smp_load_acquire(p)                                                    \
	((typeof(*(p)))__atomic_load_n((p), __ATOMIC_ACQUIRE))
#define smp_store_release(p, v)                                                \
	__atomic_store_n((p), (typeof(*(p)))(v), __ATOMIC_RELEASE)
#define smp_store_mb(var, value)                                               \
	do {                                                                   \
		WRITE_ONCE(var, value);                                        \
		smp_mb();                                                      \
	} while (0)
#define __smp_load_acquire(p)     smp_load_acquire(p)
#define __smp_store_release(p, v) smp_store_release(p, v)
#define __smp_store_mb(var, v)    smp_store_mb(var, v)

#include <asm-generic/barrier.h>

#endif /* CDMASIM_ASM_BARRIER_H */
