/* SPDX-License-Identifier: MIT */
#ifndef CDMA_LOG_TSAN_H
#define CDMA_LOG_TSAN_H

/*
 * Tsan: what liburcu orders, for a ThreadSanitizer that cannot see it.
 *
 * liburcu is installed as it is, without instrumentation, so TSan sees neither
 * the atomic operations of its queues nor those of its grace periods, and would
 * call all that is handed over by them a race.  Each pair here says what such a
 * call guarantees by its contract, and stands right beside it; nothing else is
 * hidden.  liburcu from 0.15 on says it itself (urcu/annotate.h).
 */

#if defined(__SANITIZE_THREAD__)
#define CDMA_TSAN
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CDMA_TSAN
#endif
#endif

#ifdef CDMA_TSAN
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#endif

/* All that was done before is done for who acquires @addr later. */
static inline void cdma_tsan_release(void *addr)
{
#ifdef CDMA_TSAN
	__tsan_release(addr);
#else
	(void)addr;
#endif
}

static inline void cdma_tsan_acquire(void *addr)
{
#ifdef CDMA_TSAN
	__tsan_acquire(addr);
#else
	(void)addr;
#endif
}

#endif /* CDMA_LOG_TSAN_H */
