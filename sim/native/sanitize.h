/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_SANITIZE_H
#define NATIVE_SANITIZE_H

/*
 * Sanitize: what sanitizers have to be told of stacks of our own.
 *
 * ASan keeps apart which bytes of a stack may be touched, TSan which functions
 * are on it.  Neither sees that a run goes back to the mark, where the stacks
 * are as they were: so then all bytes may be touched, and TSan gets a fiber
 * that has so many functions on it that none can be missing.
 *
 * Whether there is ASan is seen when it runs: a program with a model of its own
 * may have it where libcdma-run has not.
 */

#include <stdbool.h>
#include <stddef.h>

#if defined(__SANITIZE_THREAD__)
#define NATIVE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NATIVE_TSAN 1
#endif
#endif

#ifndef NATIVE_TSAN
#define NATIVE_TSAN 0
#endif

/* One for each stack of our own, and one for the thread that goes to them. */
struct native_track {
	bool is_thread; /* it is whatever stack the thread has */
	void *tsan;     /* owned, but that of a thread */
	void *fake;     /* of ASan, while it is not run */
	const void *bottom;
	size_t size;
};

/* The stack of @track, of @size bytes from @bottom, is new, or was put back as
 * it was. */
void native_track_begin(struct native_track *track, const void *bottom,
			size_t size);
void native_track_end(struct native_track *track);

/* Nobody goes on there: all bytes of the stack may be written. */
void native_track_drop(struct native_track *track);

/* Around a switch: before it, and behind it on the other stack.  @ends: @from
 * is never gone back to. */
void native_track_leave(struct native_track *from, struct native_track *to,
			bool ends);
void native_track_enter(struct native_track *to, struct native_track *from);

#endif /* NATIVE_SANITIZE_H */
