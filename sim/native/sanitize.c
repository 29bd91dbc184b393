/* SPDX-License-Identifier: MIT */
#include "native/sanitize.h"

#if NATIVE_TSAN
#include <sanitizer/tsan_interface.h>

/* Not in the headers of gcc 12. */
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_func_entry(void *pc);

/* More than are ever between a step and the start of its stack. */
#define FUNCTIONS 64

void native_track_begin(struct native_track *track, const void *bottom,
			size_t size)
{
	void *self = __tsan_get_current_fiber();

	(void)bottom;
	(void)size;
	native_track_end(track);
	track->tsan = __tsan_create_fiber(0);
	__tsan_switch_to_fiber(track->tsan, 0);
	for (int i = 0; i < FUNCTIONS; i++)
		__tsan_func_entry((void *)native_track_begin);
	__tsan_switch_to_fiber(self, 0);
}

void native_track_drop(struct native_track *track)
{
	native_track_end(track);
}

void native_track_end(struct native_track *track)
{
	if (track->tsan)
		__tsan_destroy_fiber(track->tsan);
	track->tsan = NULL;
}

void native_track_leave(struct native_track *from, struct native_track *to,
			bool ends)
{
	(void)ends;
	if (from->is_thread)
		from->tsan = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(to->tsan, 0);
}

void native_track_enter(struct native_track *to, struct native_track *from)
{
	(void)to;
	(void)from;
}

#else

/* Without ASan they are not there, and nothing is to be told. */
void __asan_unpoison_memory_region(const volatile void *at, size_t size)
	__attribute__((weak));
void __sanitizer_start_switch_fiber(void **fake, const void *bottom,
				    size_t size) __attribute__((weak));
void __sanitizer_finish_switch_fiber(void *fake, const void **bottom,
				     size_t *size) __attribute__((weak));

static void unpoison(const void *at, size_t size)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(at, size);
}

void native_track_begin(struct native_track *track, const void *bottom,
			size_t size)
{
	track->bottom = bottom;
	track->size = size;
	track->fake = NULL;
	unpoison(bottom, size);
}

void native_track_end(struct native_track *track)
{
	(void)track;
}

void native_track_drop(struct native_track *track)
{
	if (track->size)
		unpoison(track->bottom, track->size);
}

void native_track_leave(struct native_track *from, struct native_track *to,
			bool ends)
{
	if (!__sanitizer_start_switch_fiber)
		return;
	__sanitizer_start_switch_fiber(ends ? NULL : &from->fake, to->bottom,
				       to->size);
}

void native_track_enter(struct native_track *to, struct native_track *from)
{
	const void *bottom;
	size_t size;

	if (!__sanitizer_finish_switch_fiber)
		return;
	__sanitizer_finish_switch_fiber(to->fake, &bottom, &size);
	/* What a thread's own stack is, nobody knows but ASan. */
	if (from->is_thread) {
		from->bottom = bottom;
		from->size = size;
	}
}

#endif
