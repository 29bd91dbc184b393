/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_SYNC_CALLS_H
#define SCRIPT_SYNC_CALLS_H

/*
 * Sync calls: the rows of the table of builtins that are about CPU threads,
 * handlers and what they wait for.  The words are those of builtins.c.
 */

#include <cdma/handler.h>
#include <cdma/lock.h>

#include "script/insn.h"

/* Locks: what else a call does, see cdma/lock.h. */
#define LOCK_CALL(fn, params, call, res, words, hows, min, text, ...)          \
	{                                                                      \
		ROW(fn, params, call, RESULT_##res, CPU | (words), min, text), \
			.args = {__VA_ARGS__}, .how = (hows)                   \
	}

/* One spelling of a spinlock's calls. */
#define SPINLOCK(suffix, hows)                                                 \
	LOCK_CALL("spin_lock" suffix, "(lock)", SPIN_LOCK, NONE, 0, hows, 1,   \
		  "wait for a lock and take it", ARG_LOCK),                    \
		LOCK_CALL("spin_unlock" suffix, "(lock)", SPIN_UNLOCK, NONE,   \
			  0, hows, 1, "give a lock back", ARG_LOCK),           \
		LOCK_CALL("spin_trylock" suffix, "(lock)", TRYLOCK, S64, 0,    \
			  hows, 1,                                             \
			  "take a lock if it is free; whether it was",         \
			  ARG_LOCK)

#define SYNC_CALLS                                                             \
	/* Locks.  Handlers run on other CPUs; but see irq_unsafe_lock. */     \
	SPINLOCK("", 0), SPINLOCK("_irq", CDMA_LOCK_IRQ),                      \
		SPINLOCK("_bh", CDMA_LOCK_BH),                                 \
		LOCK_CALL("spin_lock_irqsave", "(lock, flags)", SPIN_LOCK,     \
			  NONE, 0, CDMA_LOCK_IRQ, 2, "the same", ARG_LOCK,     \
			  ARG_UNUSED),                                         \
		LOCK_CALL("spin_unlock_irqrestore", "(lock, flags)",           \
			  SPIN_UNLOCK, NONE, 0, CDMA_LOCK_IRQ, 2, "the same",  \
			  ARG_LOCK, ARG_UNUSED),                               \
		LOCK_CALL("spin_trylock_irqsave", "(lock, flags)", TRYLOCK,    \
			  S64, 0, CDMA_LOCK_IRQ, 2,                            \
			  "take a lock if it is free; whether it was",         \
			  ARG_LOCK, ARG_UNUSED),                               \
		LOCK_CALL("local_irq_save", "(flags)", IRQS_OFF, NONE, 0,      \
			  CDMA_LOCK_IRQ, 1,                                    \
			  "no interrupts on this CPU: nobody may sleep",       \
			  ARG_UNUSED),                                         \
		LOCK_CALL("local_irq_restore", "(flags)", IRQS_ON, NONE, 0,    \
			  CDMA_LOCK_IRQ, 1, "the end of that", ARG_UNUSED),    \
		LOCK_CALL("local_irq_disable", "()", IRQS_OFF, NONE, 0,        \
			  CDMA_LOCK_IRQ, 0, "the same", ARG_NONE),             \
		LOCK_CALL("local_irq_enable", "()", IRQS_ON, NONE, 0,          \
			  CDMA_LOCK_IRQ, 0, "the end of that", ARG_NONE),      \
		LOCK_CALL("local_bh_disable", "()", IRQS_OFF, NONE, 0,         \
			  CDMA_LOCK_BH, 0,                                     \
			  "no softirqs on this CPU: nobody may sleep",         \
			  ARG_NONE),                                           \
		LOCK_CALL("local_bh_enable", "()", IRQS_ON, NONE, 0,           \
			  CDMA_LOCK_BH, 0, "the end of that", ARG_NONE),       \
		LOCK_CALL("mutex_lock", "(mutex)", SPIN_LOCK, NONE, SLEEPS, 0, \
			  1, "wait for a mutex and take it", ARG_MUTEX),       \
		LOCK_CALL("mutex_unlock", "(mutex)", SPIN_UNLOCK, NONE, 0, 0,  \
			  1, "give a mutex back", ARG_MUTEX),                  \
		LOCK_CALL("mutex_trylock", "(mutex)", TRYLOCK, S64, 0, 0, 1,   \
			  "take a mutex if it is free; whether it was",        \
			  ARG_MUTEX),                                          \
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
		     WAIT_FOR_COMPLETION, NONE, CPU | SLEEPS, 1,               \
		     "wait until somebody completes it", ARG_COMPLETION),      \
		CALL("wait_for_completion_timeout", "(completion [, time])",   \
		     WAIT_TIMEOUT, S64, CPU | SLEEPS, 1,                       \
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
		     CPU | SLEEPS, 2,                                          \
		     "look; sleep until woken, and look again, until it "      \
		     "holds",                                                  \
		     ARG_WAITQUEUE, ARG_CONDITION),                            \
		CALL("wait_event_timeout", "(waitqueue, condition [, time])",  \
		     WAIT_EVENT_TIMEOUT, S64, CPU | SLEEPS, 2,                 \
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
		CALL("synchronize_rcu", "()", RCU_SYNC, NONE, CPU | SLEEPS, 0, \
		     "wait for the read-side sections that have begun",        \
		     ARG_NONE), /* Interrupts. */                              \
		{ROW("free_irq", "(DEVICE.IRQ)", HANDLER, RESULT_NONE,         \
		     CPU | SLEEPS, 1,                                          \
		     "no more handlers; waits for one that runs"),             \
		 .args = {ARG_IRQ},                                            \
		 .handler = {.begin = CDMA_HANDLER_SHUT | CDMA_HANDLER_CLEAR,  \
			     .waits = 1 + CDMA_HANDLER_IDLE}},                 \
		{ROW("disable_irq", "(DEVICE.IRQ)", HANDLER, RESULT_NONE,      \
		     CPU | SLEEPS, 1,                                          \
		     "hold interrupts back; waits for a handler that runs"),   \
		 .args = {ARG_IRQ},                                            \
		 .handler = {.begin = CDMA_HANDLER_HOLD,                       \
			     .waits = 1 + CDMA_HANDLER_IDLE}},                 \
		{ROW("disable_irq_nosync", "(DEVICE.IRQ)", HANDLER,            \
		     RESULT_NONE, CPU, 1,                                      \
		     "hold interrupts back; a handler may still run"),         \
		 .args = {ARG_IRQ}, .handler = {.begin = CDMA_HANDLER_HOLD}},  \
		{ROW("enable_irq", "(DEVICE.IRQ)", HANDLER, RESULT_NONE, CPU,  \
		     1, "let interrupts in again"),                            \
		 .args = {ARG_IRQ}, .handler = {.begin = CDMA_HANDLER_LET}},   \
		{ROW("synchronize_irq", "(DEVICE.IRQ)", HANDLER, RESULT_NONE,  \
		     CPU | SLEEPS, 1,                                          \
		     "wait for a handler that runs, and its thread"),          \
		 .args = {ARG_IRQ},                                            \
		 .handler = {.waits = 1 + CDMA_HANDLER_IDLE}},                 \
                                                                               \
		/* Timers. */                                                  \
		{ROW("mod_timer", "(timer [, time])", HANDLER, RESULT_S64,     \
		     CPU, 1, "let it run later; whether that was so already"), \
		 .args = {ARG_TIMER, ARG_UNUSED},                              \
		 .handler = {.arms = HANDLER_ARMS,                             \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("add_timer", "(timer)", HANDLER, RESULT_NONE, CPU, 1,     \
		     "let it run later"),                                      \
		 .args = {ARG_TIMER}, .handler = {.arms = HANDLER_ARMS}},      \
		{ROW("timer_delete", "(timer)", HANDLER, RESULT_S64, CPU, 1,   \
		     "it does not run later; whether it would have. It may "   \
		     "be running"),                                            \
		 .args = {ARG_TIMER},                                          \
		 .handler = {.begin = CDMA_HANDLER_CLEAR,                      \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("del_timer", "(timer)", HANDLER, RESULT_S64, CPU, 1,      \
		     "it does not run later; whether it would have. It may "   \
		     "be running"),                                            \
		 .args = {ARG_TIMER},                                          \
		 .handler = {.begin = CDMA_HANDLER_CLEAR,                      \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("timer_delete_sync", "(timer)", HANDLER, RESULT_S64, CPU, \
		     1, "the same; waits for one that runs"),                  \
		 .args = {ARG_TIMER},                                          \
		 .handler = {.waits = 1 + CDMA_HANDLER_IDLE,                   \
			     .after = CDMA_HANDLER_CLEAR,                      \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("del_timer_sync", "(timer)", HANDLER, RESULT_S64, CPU, 1, \
		     "the same; waits for one that runs"),                     \
		 .args = {ARG_TIMER},                                          \
		 .handler = {.waits = 1 + CDMA_HANDLER_IDLE,                   \
			     .after = CDMA_HANDLER_CLEAR,                      \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("timer_shutdown", "(timer)", HANDLER, RESULT_S64, CPU, 1, \
		     "it never runs again; it may be running"),                \
		 .args = {ARG_TIMER},                                          \
		 .handler = {.begin = CDMA_HANDLER_SHUT | CDMA_HANDLER_CLEAR,  \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("timer_shutdown_sync", "(timer)", HANDLER, RESULT_S64,    \
		     CPU, 1, "the same; waits for one that runs"),             \
		 .args = {ARG_TIMER},                                          \
		 .handler = {.begin = CDMA_HANDLER_SHUT | CDMA_HANDLER_CLEAR,  \
			     .waits = 1 + CDMA_HANDLER_IDLE,                   \
			     .gives = HANDLER_GIVES_WAS}},                     \
		CALL("timer_pending", "(timer)", ARMED, S64, CPU | POLL, 1,    \
		     "whether it runs later", ARG_TIMER),                      \
                                                                               \
		/* Work.  On which queue does not matter. */                   \
		{ROW("schedule_work", "(work)", HANDLER, RESULT_S64, CPU, 1,   \
		     "let it run later; whether that is new"),                 \
		 .args = {ARG_WORK}, .handler = {.arms = HANDLER_ARMS}},       \
		{ROW("schedule_delayed_work", "(work [, time])", HANDLER,      \
		     RESULT_S64, CPU, 1, "the same"),                          \
		 .args = {ARG_WORK, ARG_UNUSED},                               \
		 .handler = {.arms = HANDLER_ARMS}},                           \
		{ROW("queue_work", "(queue, work)", HANDLER, RESULT_S64, CPU,  \
		     2, "the same"),                                           \
		 .args = {ARG_UNUSED, ARG_WORK},                               \
		 .handler = {.arms = HANDLER_ARMS}},                           \
		{ROW("queue_delayed_work", "(queue, work [, time])", HANDLER,  \
		     RESULT_S64, CPU, 2, "the same"),                          \
		 .args = {ARG_UNUSED, ARG_WORK, ARG_UNUSED},                   \
		 .handler = {.arms = HANDLER_ARMS}},                           \
		{ROW("mod_delayed_work", "(queue, work [, time])", HANDLER,    \
		     RESULT_S64, CPU, 2,                                       \
		     "the same; whether it was so already"),                   \
		 .args = {ARG_UNUSED, ARG_WORK, ARG_UNUSED},                   \
		 .handler = {.arms = HANDLER_ARMS,                             \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("cancel_work", "(work)", HANDLER, RESULT_S64, CPU, 1,     \
		     "it does not run later; whether it would have. It may "   \
		     "be running"),                                            \
		 .args = {ARG_WORK},                                           \
		 .handler = {.begin = CDMA_HANDLER_CLEAR,                      \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("cancel_delayed_work", "(work)", HANDLER, RESULT_S64,     \
		     CPU, 1,                                                   \
		     "it does not run later; whether it would have. It may "   \
		     "be running"),                                            \
		 .args = {ARG_WORK},                                           \
		 .handler = {.begin = CDMA_HANDLER_CLEAR,                      \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("cancel_work_sync", "(work)", HANDLER, RESULT_S64,        \
		     CPU | SLEEPS, 1,                                          \
		     "the same; waits for one that runs, which cannot queue "  \
		     "itself then"),                                           \
		 .args = {ARG_WORK},                                           \
		 .handler = {.begin = CDMA_HANDLER_CLEAR | CDMA_HANDLER_HOLD,  \
			     .waits = 1 + CDMA_HANDLER_IDLE,                   \
			     .after = CDMA_HANDLER_LET,                        \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("cancel_delayed_work_sync", "(work)", HANDLER,            \
		     RESULT_S64, CPU | SLEEPS, 1,                              \
		     "the same; waits for one that runs, which cannot queue "  \
		     "itself then"),                                           \
		 .args = {ARG_WORK},                                           \
		 .handler = {.begin = CDMA_HANDLER_CLEAR | CDMA_HANDLER_HOLD,  \
			     .waits = 1 + CDMA_HANDLER_IDLE,                   \
			     .after = CDMA_HANDLER_LET,                        \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("flush_work", "(work)", HANDLER, RESULT_S64,              \
		     CPU | SLEEPS, 1,                                          \
		     "wait until what was queued has run; whether there was "  \
		     "any"),                                                   \
		 .args = {ARG_WORK},                                           \
		 .handler = {.begin = CDMA_HANDLER_WANT,                       \
			     .waits = 1 + CDMA_HANDLER_OVER,                   \
			     .gives = HANDLER_GIVES_BUSY}},                    \
		LOCK_CALL("flush_workqueue", "(queue)", FLUSH_ALL, NONE,       \
			  SLEEPS, 0, 1,                                        \
			  "wait until all works that were queued have run",    \
			  ARG_UNUSED),                                         \
		LOCK_CALL("drain_workqueue", "(queue)", FLUSH_ALL, NONE,       \
			  SLEEPS, 0, 1, "the same", ARG_UNUSED),               \
		LOCK_CALL("destroy_workqueue", "(queue)", FLUSH_ALL, NONE,     \
			  SLEEPS, 0, 1, "the same", ARG_UNUSED),               \
		LOCK_CALL("flush_scheduled_work", "()", FLUSH_ALL, NONE,       \
			  SLEEPS, 0, 0, "the same", ARG_NONE),                 \
		{ROW("flush_delayed_work", "(work)", HANDLER, RESULT_S64,      \
		     CPU | SLEEPS, 1,                                          \
		     "wait until what was queued has run; whether there was "  \
		     "any"),                                                   \
		 .args = {ARG_WORK},                                           \
		 .handler = {.begin = CDMA_HANDLER_WANT,                       \
			     .waits = 1 + CDMA_HANDLER_OVER,                   \
			     .gives = HANDLER_GIVES_BUSY}},                    \
		{ROW("disable_work", "(work)", HANDLER, RESULT_S64, CPU, 1,    \
		     "it cannot be queued, and is not; it may be running"),    \
		 .args = {ARG_WORK},                                           \
		 .handler = {.begin = CDMA_HANDLER_CLEAR | CDMA_HANDLER_HOLD,  \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("disable_work_sync", "(work)", HANDLER, RESULT_S64,       \
		     CPU | SLEEPS, 1, "the same; waits for one that runs"),    \
		 .args = {ARG_WORK},                                           \
		 .handler = {.begin = CDMA_HANDLER_CLEAR | CDMA_HANDLER_HOLD,  \
			     .waits = 1 + CDMA_HANDLER_IDLE,                   \
			     .gives = HANDLER_GIVES_WAS}},                     \
		{ROW("enable_work", "(work)", HANDLER, RESULT_NONE, CPU, 1,    \
		     "it can be queued again"),                                \
		 .args = {ARG_WORK}, .handler = {.begin = CDMA_HANDLER_LET}},  \
		CALL("work_pending", "(work)", ARMED, S64, CPU | POLL, 1,      \
		     "whether it runs later", ARG_WORK),                       \
                                                                               \
		/* Tasklets. */                                                \
		{ROW("tasklet_schedule", "(tasklet)", HANDLER, RESULT_NONE,    \
		     CPU, 1, "let it run later"),                              \
		 .args = {ARG_TASKLET}, .handler = {.arms = HANDLER_ARMS}},    \
		{ROW("tasklet_hi_schedule", "(tasklet)", HANDLER, RESULT_NONE, \
		     CPU, 1, "let it run later"),                              \
		 .args = {ARG_TASKLET}, .handler = {.arms = HANDLER_ARMS}},    \
		{ROW("tasklet_kill", "(tasklet)", HANDLER, RESULT_NONE,        \
		     CPU | SLEEPS, 1,                                          \
		     "wait until it has run, if it was to, and does not"),     \
		 .args = {ARG_TASKLET},                                        \
		 .handler = {.begin = CDMA_HANDLER_WANT,                       \
			     .waits = 1 + CDMA_HANDLER_REST}},                 \
		{ROW("tasklet_disable", "(tasklet)", HANDLER, RESULT_NONE,     \
		     CPU | SLEEPS, 1,                                          \
		     "hold it back; waits for one that runs"),                 \
		 .args = {ARG_TASKLET},                                        \
		 .handler = {.begin = CDMA_HANDLER_HOLD,                       \
			     .waits = 1 + CDMA_HANDLER_IDLE}},                 \
		{ROW("tasklet_disable_nosync", "(tasklet)", HANDLER,           \
		     RESULT_NONE, CPU, 1, "hold it back; it may be running"),  \
		 .args = {ARG_TASKLET},                                        \
		 .handler = {.begin = CDMA_HANDLER_HOLD}},                     \
		{ROW("tasklet_enable", "(tasklet)", HANDLER, RESULT_NONE, CPU, \
		     1, "let it run again"),                                   \
		 .args = {ARG_TASKLET},                                        \
		 .handler = {.begin = CDMA_HANDLER_LET}},                      \
                                                                               \
		/* NAPI. */                                                    \
		{ROW("napi_schedule", "(napi)", HANDLER, RESULT_S64, CPU, 1,   \
		     "let it poll later; whether that is new"),                \
		 .args = {ARG_NAPI}, .handler = {.arms = HANDLER_ARMS}},       \
		{ROW("napi_schedule_irqoff", "(napi)", HANDLER, RESULT_S64,    \
		     CPU, 1, "let it poll later; whether that is new"),        \
		 .args = {ARG_NAPI}, .handler = {.arms = HANDLER_ARMS}},       \
		{ROW("napi_schedule_prep", "(napi)", HANDLER, RESULT_S64, CPU, \
		     1, "take it, to let it poll; whether it was free"),       \
		 .args = {ARG_NAPI}, .handler = {.arms = HANDLER_PREPARES}},   \
		{ROW("__napi_schedule", "(napi)", HANDLER, RESULT_NONE, CPU,   \
		     1, "let it poll, which napi_schedule_prep() has taken"),  \
		 .args = {ARG_NAPI}, .handler = {.arms = HANDLER_QUEUES}},     \
		{ROW("__napi_schedule_irqoff", "(napi)", HANDLER, RESULT_NONE, \
		     CPU, 1,                                                   \
		     "let it poll, which napi_schedule_prep() has taken"),     \
		 .args = {ARG_NAPI}, .handler = {.arms = HANDLER_QUEUES}},     \
		CALL("napi_complete_done", "(napi, done)", POLL_DONE, S64,     \
		     CPU, 2,                                                   \
		     "this poll is done; not when it was scheduled again: 0",  \
		     ARG_NAPI, ARG_VALUE),                                     \
		CALL("napi_complete", "(napi)", POLL_DONE, S64, CPU, 1,        \
		     "the same", ARG_NAPI),                                    \
		{ROW("napi_disable", "(napi)", HANDLER, RESULT_NONE,           \
		     CPU | SLEEPS, 1,                                          \
		     "wait until it is done, and polls no more"),              \
		 .args = {ARG_NAPI},                                           \
		 .handler = {.begin = CDMA_HANDLER_CLOSE,                      \
			     .waits = 1 + CDMA_HANDLER_FREE,                   \
			     .after = CDMA_HANDLER_OPEN | CDMA_HANDLER_HOLD}}, \
		{ROW("napi_enable", "(napi)", HANDLER, RESULT_NONE, CPU, 1,    \
		     "let it be scheduled again"),                             \
		 .args = {ARG_NAPI}, .handler = {.begin = CDMA_HANDLER_LET}},  \
                                                                               \
		/* Threads of the kernel. */                                   \
		CALL("kthread_stop", "(thread)", KTHREAD_STOP, S64,            \
		     CPU | SLEEPS, 1,                                          \
		     "tell a thread to stop, and wait for its end; what it "   \
		     "returned",                                               \
		     ARG_THREAD),                                              \
		CALL("kthread_should_stop", "()", SHOULD_STOP, S64,            \
		     CPU | POLL, 0, "whether this thread was told to stop",    \
		     ARG_NONE),                                                \
		CALL("request_irq", "(DEVICE.IRQ)", REQUEST_IRQ, S64,          \
		     CPU | FAILS | SLEEPS, 1,                                  \
		     "let the handler run from now on; 0 or -errno", ARG_IRQ), \
		CALL("lower", "(DEVICE.IRQ)", LOWER, NONE, DEVICE, 1,          \
		     "a level interrupt is not raised any more", ARG_IRQ),     \
		CALL("machine_shutdown", "()", SHUTDOWN, NONE, CPU, 0,         \
		     "no CPU goes on, and all memory is somebody else's: "     \
		     "kexec",                                                  \
		     ARG_NONE),                                                \
		CALL("raise", "(DEVICE.IRQ)", RAISE, NONE, DEVICE, 1,          \
		     "interrupt the CPU", ARG_IRQ),

#endif /* SCRIPT_SYNC_CALLS_H */
