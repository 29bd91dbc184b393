/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_SYNC_CALLS_H
#define SCRIPT_SYNC_CALLS_H

/*
 * Sync calls: the rows of the table of builtins that are about CPU threads,
 * handlers and what they wait for.  The words are those of builtins.c.
 */

/* One spelling of a spinlock's calls. */
#define SPINLOCK(suffix)                                                       \
	CALL("spin_lock" suffix, "(lock)", SPIN_LOCK, NONE, CPU, 1,            \
	     "wait for a lock and take it", ARG_LOCK),                         \
		CALL("spin_unlock" suffix, "(lock)", SPIN_UNLOCK, NONE, CPU,   \
		     1, "give a lock back", ARG_LOCK)

#define SYNC_CALLS                                                             \
	/* Locks.  Whether interrupts are off on the CPU of the caller is not  \
	 * asked: handlers run on others. */                                   \
	SPINLOCK(""), SPINLOCK("_irq"), SPINLOCK("_bh"),                       \
		CALL("spin_lock_irqsave", "(lock, flags)", SPIN_LOCK, NONE,    \
		     CPU, 2, "the same", ARG_LOCK, ARG_UNUSED),                \
		CALL("spin_unlock_irqrestore", "(lock, flags)", SPIN_UNLOCK,   \
		     NONE, CPU, 2, "the same", ARG_LOCK, ARG_UNUSED),          \
		CALL("spin_trylock", "(lock)", TRYLOCK, S64, CPU, 1,           \
		     "take a lock if it is free; whether it was", ARG_LOCK),   \
		CALL("mutex_lock", "(mutex)", SPIN_LOCK, NONE, CPU, 1,         \
		     "wait for a mutex and take it", ARG_MUTEX),               \
		CALL("mutex_unlock", "(mutex)", SPIN_UNLOCK, NONE, CPU, 1,     \
		     "give a mutex back", ARG_MUTEX),                          \
		CALL("mutex_trylock", "(mutex)", TRYLOCK, S64, CPU, 1,         \
		     "take a mutex if it is free; whether it was", ARG_MUTEX), \
                                                                               \
		/* Completions. */                                             \
		CALL("complete", "(completion)", COMPLETE, NONE, CPU, 1,       \
		     "let one waiter go on", ARG_COMPLETION),                  \
		CALL("complete_all", "(completion)", COMPLETE_ALL, NONE, CPU,  \
		     1, "let all waiters go on, also those that come later",   \
		     ARG_COMPLETION),                                          \
		CALL("reinit_completion", "(completion)", REINIT, NONE, CPU,   \
		     1, "not completed any more", ARG_COMPLETION),             \
		CALL("wait_for_completion", "(completion)",                    \
		     WAIT_FOR_COMPLETION, NONE, CPU, 1,                        \
		     "wait until somebody completes it", ARG_COMPLETION),      \
		CALL("wait_for_completion_timeout", "(completion [, time])",   \
		     WAIT_TIMEOUT, S64, CPU, 1,                                \
		     "the same, up to a time: 0 when it is over, else 1",      \
		     ARG_COMPLETION, ARG_UNUSED),                              \
		CALL("try_wait_for_completion", "(completion)", TRY_WAIT, S64, \
		     CPU, 1, "whether it is completed; then that is used up",  \
		     ARG_COMPLETION),                                          \
		CALL("completion_done", "(completion)", COMPLETION_DONE, S64,  \
		     CPU | POLL, 1, "whether it is completed",                 \
		     ARG_COMPLETION),                                          \
                                                                               \
		/* Wait queues. */                                             \
		CALL("wait_event", "(waitqueue, condition)", WAIT_EVENT, NONE, \
		     CPU, 2,                                                   \
		     "look; sleep until woken, and look again, until it "      \
		     "holds",                                                  \
		     ARG_WAITQUEUE, ARG_CONDITION),                            \
		CALL("wait_event_timeout", "(waitqueue, condition [, time])",  \
		     WAIT_EVENT_TIMEOUT, S64, CPU, 2,                          \
		     "the same, up to a time: whether it holds then",          \
		     ARG_WAITQUEUE, ARG_CONDITION, ARG_UNUSED),                \
		CALL("wake_up", "(waitqueue)", WAKE_UP, NONE, CPU, 1,          \
		     "let those who sleep look again", ARG_WAITQUEUE),         \
		CALL("wake_up_all", "(waitqueue)", WAKE_UP, NONE, CPU, 1,      \
		     "the same", ARG_WAITQUEUE),                               \
                                                                               \
		/* CPU threads and interrupts. */                              \
		CALL("rcu_read_lock", "()", RCU_LOCK, NONE, CPU, 0,            \
		     "begin a read-side section of RCU; they nest", ARG_NONE), \
		CALL("rcu_read_unlock", "()", RCU_UNLOCK, NONE, CPU, 0,        \
		     "end a read-side section of RCU", ARG_NONE),              \
		CALL("synchronize_rcu", "()", RCU_SYNC, NONE, CPU, 0,          \
		     "wait for the read-side sections that have begun",        \
		     ARG_NONE),                                                \
		CALL("free_irq", "(DEVICE.IRQ)", FREE_IRQ, NONE, CPU, 1,       \
		     "no more handlers; waits for one that runs", ARG_IRQ),    \
		CALL("disable_irq", "(DEVICE.IRQ)", DISABLE_IRQ, NONE, CPU, 1, \
		     "hold interrupts back; waits for a handler that runs",    \
		     ARG_IRQ),                                                 \
		CALL("enable_irq", "(DEVICE.IRQ)", ENABLE_IRQ, NONE, CPU, 1,   \
		     "let interrupts in again", ARG_IRQ),                      \
		CALL("raise", "(DEVICE.IRQ)", RAISE, NONE, DEVICE, 1,          \
		     "interrupt the CPU", ARG_IRQ),

#endif /* SCRIPT_SYNC_CALLS_H */
