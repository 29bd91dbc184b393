/* SPDX-License-Identifier: MIT */
/*
 * Wait: completions, wait queues, delays and time.
 *
 * What is done before complete() comes before what follows the wait that it
 * ends; one that runs out orders nothing.  wake_up() and wait_event() lose no
 * wake-up, and order nothing that the condition speaks of: that takes barriers
 * of its own (cdma/sync.h).  Nor does a delay order anything: it lets others go
 * on, and time with them.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/swait.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>

#include <cdma/driver.h>

CDMA_SERVICES;

/* ---- time ---- */

unsigned long volatile jiffies;
unsigned long loops_per_jiffy = 1ul << 12;

static void pass(u64 ns)
{
	cdma_driver_delay(ns);
	jiffies = cdma_driver_now() / (NSEC_PER_SEC / HZ);
}

ktime_t ktime_get(void)
{
	return cdma_driver_now();
}

ktime_t ktime_get_raw(void)
{
	return cdma_driver_now();
}

ktime_t ktime_get_with_offset(enum tk_offsets offset)
{
	return cdma_driver_now();
}

time64_t ktime_get_seconds(void)
{
	return cdma_driver_now() / NSEC_PER_SEC;
}

time64_t ktime_get_real_seconds(void)
{
	return cdma_driver_now() / NSEC_PER_SEC;
}

/* HZ divides a second. */
unsigned int jiffies_to_msecs(const unsigned long j)
{
	return j * (MSEC_PER_SEC / HZ);
}

unsigned int jiffies_to_usecs(const unsigned long j)
{
	return j * (USEC_PER_SEC / HZ);
}

unsigned long __msecs_to_jiffies(const unsigned int ms)
{
	if ((int)ms < 0)
		return MAX_JIFFY_OFFSET;
	return DIV_ROUND_UP((u64)ms * HZ, MSEC_PER_SEC);
}

unsigned long __usecs_to_jiffies(const unsigned int us)
{
	return DIV_ROUND_UP((u64)us * HZ, USEC_PER_SEC);
}

unsigned long nsecs_to_jiffies(u64 ns)
{
	return ns / (NSEC_PER_SEC / HZ);
}

unsigned long round_jiffies(unsigned long j)
{
	return j;
}

unsigned long round_jiffies_relative(unsigned long j)
{
	return j;
}

/* ---- delays ---- */

/* @loops: in 1/2^32 s, as udelay() of a constant says it. */
void __const_udelay(unsigned long loops)
{
	pass((u64)loops * NSEC_PER_SEC >> 32);
}

void __udelay(unsigned long us)
{
	pass((u64)us * NSEC_PER_USEC);
}

void __ndelay(unsigned long ns)
{
	pass(ns);
}

void __delay(unsigned long loops)
{
	pass(loops);
}

void msleep(unsigned int ms)
{
	cdma_driver_may_sleep();
	pass((u64)ms * NSEC_PER_MSEC);
}

unsigned long msleep_interruptible(unsigned int ms)
{
	msleep(ms);
	return 0;
}

void usleep_range_state(unsigned long min, unsigned long max,
			unsigned int state)
{
	cdma_driver_may_sleep();
	pass((u64)min * NSEC_PER_USEC);
}

/* cpu_relax(): a loop that looks at the time comes to an end. */
void cdmasim_relax(void)
{
	pass(NSEC_PER_MSEC);
}

void yield(void)
{
	cdmasim_relax();
}

/* ---- wait queues ---- */

/* What the task will sleep on: it has prepared to wait there. */
static struct wait_queue_head **queue_of(void)
{
	return (struct wait_queue_head **)&current->journal_info;
}

void __init_waitqueue_head(struct wait_queue_head *wq, const char *name,
			   struct lock_class_key *key)
{
}

void init_wait_entry(struct wait_queue_entry *entry, int flags)
{
	entry->flags = flags;
	entry->private = current;
	entry->func = autoremove_wake_function;
}

int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			     int sync, void *key)
{
	return 0;
}

int default_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			  int sync, void *key)
{
	return 0;
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry,
		     int state)
{
	*queue_of() = wq;
	cdma_driver_prepare_wait(wq);
}

bool prepare_to_wait_exclusive(struct wait_queue_head *wq,
			       struct wait_queue_entry *entry, int state)
{
	prepare_to_wait(wq, entry, state);
	return true;
}

long prepare_to_wait_event(struct wait_queue_head *wq,
			   struct wait_queue_entry *entry, int state)
{
	prepare_to_wait(wq, entry, state);
	return 0;
}

void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	*queue_of() = NULL;
}

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	prepare_to_wait(wq, entry, 0);
}

void remove_wait_queue(struct wait_queue_head *wq,
		       struct wait_queue_entry *entry)
{
	finish_wait(wq, entry);
}

int __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key)
{
	cdma_driver_wake_up(wq);
	return 0;
}

void schedule(void)
{
	if (*queue_of())
		cdma_driver_sleep(*queue_of(), 0);
	else
		cdmasim_relax();
}

/* What is left of @timeout: one tick less when somebody woke it. */
long schedule_timeout(long timeout)
{
	if (*queue_of()) {
		if (timeout == MAX_SCHEDULE_TIMEOUT) {
			cdma_driver_sleep(*queue_of(), 0);
			return timeout;
		}
		if (!cdma_driver_sleep(*queue_of(), 1)) {
			jiffies += timeout;
			return 0;
		}
		return max(timeout - 1, 1l);
	}
	cdma_driver_may_sleep();
	pass((u64)timeout * (NSEC_PER_SEC / HZ));
	return 0;
}

long schedule_timeout_uninterruptible(long timeout)
{
	return schedule_timeout(timeout);
}

long schedule_timeout_interruptible(long timeout)
{
	return schedule_timeout(timeout);
}

/* ---- completions ---- */

/*
 * reinit_completion() is inline, and a static completion begins without a call:
 * what the simulator knows of is followed when it is used next.  The owner of
 * the lock of the wait queue, which nobody takes, says what it knows of.
 */
static unsigned int known(const struct completion *x)
{
	return (unsigned long)x->wait.lock.owner & UINT_MAX;
}

static void note(struct completion *x)
{
	x->wait.lock.owner = (void *)(unsigned long)x->done;
}

static void follow(struct completion *x)
{
	if (x->wait.lock.owner == SPINLOCK_OWNER_INIT)
		note(x);
	else if (!x->done && known(x))
		cdma_driver_completion_reinit(x);
	note(x);
}

void __init_swait_queue_head(struct swait_queue_head *q, const char *name,
			     struct lock_class_key *key)
{
	q->lock.owner = NULL;
	cdma_driver_completion_init(container_of(q, struct completion, wait),
				    NULL);
}

void complete(struct completion *x)
{
	follow(x);
	cdma_driver_complete(x, 0);
	if (x->done != UINT_MAX)
		x->done++;
	note(x);
}

void complete_all(struct completion *x)
{
	follow(x);
	cdma_driver_complete(x, 1);
	x->done = UINT_MAX;
	note(x);
}

static int wait(struct completion *x, int timeout)
{
	follow(x);
	if (!cdma_driver_wait_done(x, timeout))
		return 0;
	if (x->done != UINT_MAX)
		x->done--;
	note(x);
	return 1;
}

void wait_for_completion(struct completion *x)
{
	wait(x, 0);
}

int wait_for_completion_interruptible(struct completion *x)
{
	wait(x, 0);
	return 0;
}

int wait_for_completion_killable(struct completion *x)
{
	wait(x, 0);
	return 0;
}

unsigned long wait_for_completion_timeout(struct completion *x,
					  unsigned long timeout)
{
	return wait(x, 1) ? max(timeout - 1, 1ul) : 0;
}

long wait_for_completion_interruptible_timeout(struct completion *x,
					       unsigned long timeout)
{
	return wait_for_completion_timeout(x, timeout);
}

long wait_for_completion_killable_timeout(struct completion *x,
					  unsigned long timeout)
{
	return wait_for_completion_timeout(x, timeout);
}

bool try_wait_for_completion(struct completion *x)
{
	follow(x);
	if (!cdma_driver_try_wait_done(x))
		return false;
	if (x->done != UINT_MAX)
		x->done--;
	note(x);
	return true;
}

bool completion_done(struct completion *x)
{
	follow(x);
	return cdma_driver_is_done(x);
}
