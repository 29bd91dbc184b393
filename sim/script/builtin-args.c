/* SPDX-License-Identifier: MIT */
#include "script/builtins.h"

/* What the arguments of a call are, in the words of a message. */

static const char *const arg_names[] = {
	[ARG_NONE] = "nothing",
	[ARG_VALUE] = "a number",
	[ARG_TRUTH] = "a condition",
	[ARG_CONDITION] = "a condition",
	[ARG_UNUSED] = "anything",
	[ARG_FLAGS] = "flags",
	[ARG_ORDER] = "Read, Write or Full",
	[ARG_ANY] = "a number",
	[ARG_STORED] = "a value for the place",
	[ARG_WORD] = "a number in memory",
	[ARG_SHARED] = "a number in shared or coherent memory",
	[ARG_DMA] = "DMA memory",
	[ARG_DMA_WORD] = "a number in DMA memory",
	[ARG_MEMORY] = "memory or a local",
	[ARG_BUFFER] = "a local",
	[ARG_COUNTER] = "a local number",
	[ARG_REG] = "a register",
	[ARG_BUS] = "a register",
	[ARG_TOLD] = "'&x' of a dma_addr_t",
	[ARG_DEVICE] = "a device",
	[ARG_IRQ] = "an interrupt",
	[ARG_TIMER] = "a timer",
	[ARG_WORK] = "a work",
	[ARG_TASKLET] = "a tasklet",
	[ARG_NAPI] = "a napi",
	[ARG_THREAD] = "a thread on a CPU",
	[ARG_LOCK] = "a spinlock",
	[ARG_MUTEX] = "a mutex",
	[ARG_COMPLETION] = "a completion",
	[ARG_WAITQUEUE] = "a wait queue",
	[ARG_REVOCABLE] = "something revocable",
	[ARG_DEVRES] = "a resource of a device",
	[ARG_FIXED] = "a number that is known before the run",
	[ARG_TYPE] = "a type",
	[ARG_INIT] = "an initialiser { .field = value }",
	[ARG_BOX] = "a box",
	[ARG_COHERENT] = "a coherent",
	[ARG_OWNER] = "a box, coherent or handle",
	[ARG_OBJECT] = "a box, coherent, handle, view or window",
	[ARG_WINDOW] = "a window",
	[ARG_KMEM] = "a buffer",
	[ARG_MAPPED] = "memory",
	[ARG_POOL] = "a pool",
	[ARG_SG] = "a scatterlist",
	[ARG_SG_ENTRY] = "an entry of a scatterlist",
};

const char *arg_name(enum arg arg)
{
	return arg_names[arg];
}
