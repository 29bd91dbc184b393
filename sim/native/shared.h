/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_SHARED_H
#define NATIVE_SHARED_H

/*
 * Shared: private memory that actors talk to each other by.
 *
 * A marked access, READ_ONCE() or an atomic operation, says that others may use
 * the same word at the same time.  From then on each access to it is an event,
 * that orders what such an access orders: of the object of the heap that it is
 * in, or of the data of the shared object.
 */

#include <stdbool.h>
#include <stddef.h>

#include <cdma/view.h>

struct cdma_image;

/* The data of a shared object, when a run begins; it stays what it is. */
void native_shared_add(const void *at, size_t size, const char *name);
void native_shared_reset(void);
void native_shared_mark(struct cdma_image *image);

/* The granules that these bytes are in are shared.  False: nobody knows what
 * they are. */
bool native_share(const void *at, size_t size);

/* Of bytes that are shared. */
void native_shared_view(const void *at, size_t size, struct cdma_view *out);

#endif /* NATIVE_SHARED_H */
