/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_WINDOW_H
#define NATIVE_WINDOW_H

/*
 * Window: addresses that native code has for memory of libcdma.
 *
 * Nothing is mapped there.  An access that a hook sees is looked up, and made
 * by libcdma; one that no hook sees traps.  Pages are handed out upwards, with
 * one in between that belongs to nobody, and are not used again in a run: an
 * address that is stale leads to memory that is freed, which libcdma knows.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cdma/view.h>

#include "native/arena.h"

struct cdma_image;

struct native_window {
	struct cdma_view view; /* all of it */
	unsigned char *at;     /* where that begins */
	void *owner;           /* of whoever opened it */
	bool is_registers;
};

/* Give @view addresses; its first byte is as far into a page as it is into one
 * of its region.  NULL: there are none left. */
struct native_window *native_window_open(struct cdma_view view, void *owner,
					 bool is_registers);

/* The one of @owner; NULL: it has none. */
struct native_window *native_window_of(const void *owner);

/* What @at is in, or right behind; NULL: nothing ever was there. */
struct native_window *native_window_at(const void *at);

/* Of @size bytes at @at of @w, which may reach beyond it. */
struct cdma_view native_window_view(const struct native_window *w,
				    const void *at, size_t size);

void native_windows_reset(void);
void native_windows_mark(struct cdma_image *image);

/* Whether @at is where windows are. */
static inline bool native_is_window(const void *at)
{
	return (uintptr_t)at - (uintptr_t)native_window() < NATIVE_WINDOW_SIZE;
}

#endif /* NATIVE_WINDOW_H */
