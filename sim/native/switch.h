/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_SWITCH_H
#define NATIVE_SWITCH_H

/*
 * Switch: from one stack to another, in this thread.
 *
 * What a call has to keep is pushed on the stack that is left, and popped from
 * the one that is gone to: a few nanoseconds, where swapcontext() asks the
 * kernel for its signal mask.
 */

#include <stddef.h>

#if defined(__x86_64__) || defined(__aarch64__)
#define NATIVE_IS_POSSIBLE 1
#else
#define NATIVE_IS_POSSIBLE 0
#endif

/* Leave this stack, whose top goes to *@from, and go on at @to. */
void native_switch(void **from, void *to);

/* What native_switch() goes to on the stack that ends at @end, which is
 * aligned to 16 bytes: @entry, which does not return. */
void *native_switch_new(void *end, void (*entry)(void));

#endif /* NATIVE_SWITCH_H */
