/* SPDX-License-Identifier: MIT */
/*
 * Work: works, delayed works and tasklets.
 *
 * queue_work() comes before the run that follows it; one run before the next;
 * a run before what follows cancel_work_sync() or flush_work(), which wait for
 * it, and tasklet_kill() (cdma/handler.h).  cancel_work() waits for nobody.  A
 * delay, and on which queue a work is, do not matter.  Each takes a `work' or
 * `tasklet' section of the scenario whose body is `return cdma_driver_run();'.
 */
#include <linux/interrupt.h>
#include <linux/preempt.h>
#include <linux/workqueue.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

/* ---- works ---- */

/* A queue is the works that were queued there. */
struct workqueue_struct {
	struct queued *first;
};

struct queued {
	struct queued *next;
	struct work_struct *work;
};

static struct workqueue_struct queues[7];

struct workqueue_struct *system_wq = &queues[0];
struct workqueue_struct *system_highpri_wq = &queues[1];
struct workqueue_struct *system_long_wq = &queues[2];
struct workqueue_struct *system_unbound_wq = &queues[3];
struct workqueue_struct *system_freezable_wq = &queues[4];
struct workqueue_struct *system_power_efficient_wq = &queues[5];
struct workqueue_struct *system_freezable_power_efficient_wq = &queues[6];

/* work_pending() is inline, and looks there. */
static void set_pending(struct work_struct *work, bool is)
{
	if (is)
		set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
	else
		clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work));
}

static void note(struct workqueue_struct *wq, struct work_struct *work)
{
	struct queued *q;

	for (q = wq->first; q; q = q->next)
		if (q->work == work)
			return;
	q = cdma_driver_keep(sizeof(*q));
	*q = (struct queued){wq->first, work};
	wq->first = q;
}

static int run(void *arg)
{
	struct work_struct *work = arg;

	set_pending(work, false);
	work->func(work);
	return 0;
}

bool queue_work_on(int cpu, struct workqueue_struct *wq,
		   struct work_struct *work)
{
	bool is_new;

	cdma_driver_bind(work, CDMA_DRIVER_WORK, NULL, run, work);
	is_new = cdma_driver_arm(work);
	set_pending(work, true);
	note(wq, work);
	return is_new;
}

bool queue_work_node(int node, struct workqueue_struct *wq,
		     struct work_struct *work)
{
	return queue_work_on(0, wq, work);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *work, unsigned long delay)
{
	return queue_work_on(cpu, wq, &work->work);
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq,
			 struct delayed_work *work, unsigned long delay)
{
	return !queue_work_on(cpu, wq, &work->work);
}

/* Its address is in each delayed work; nobody calls it. */
void delayed_work_timer_fn(struct timer_list *timer)
{
}

bool cancel_work(struct work_struct *work)
{
	bool was = cdma_driver_change(work, CDMA_DRIVER_CLEAR);

	set_pending(work, false);
	return was;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was;

	cdma_driver_may_sleep();
	was = cdma_driver_change(work, CDMA_DRIVER_CLEAR | CDMA_DRIVER_HOLD);
	set_pending(work, false);
	cdma_driver_wait_idle(work, CDMA_DRIVER_IDLE, 0, CDMA_DRIVER_LET);
	return was;
}

bool flush_work(struct work_struct *work)
{
	cdma_driver_may_sleep();
	return cdma_driver_wait_idle(work, CDMA_DRIVER_OVER, 0, 0);
}

bool cancel_delayed_work(struct delayed_work *work)
{
	return cancel_work(&work->work);
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	return cancel_work_sync(&work->work);
}

bool flush_delayed_work(struct delayed_work *work)
{
	return flush_work(&work->work);
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...)
{
	return cdma_driver_keep(sizeof(struct workqueue_struct));
}

void __flush_workqueue(struct workqueue_struct *wq)
{
	for (struct queued *q = wq->first; q; q = q->next)
		flush_work(q->work);
}

void drain_workqueue(struct workqueue_struct *wq)
{
	__flush_workqueue(wq);
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	__flush_workqueue(wq);
}

/* ---- tasklets ---- */

static int run_tasklet(void *arg)
{
	struct tasklet_struct *t = arg;

	/* tasklet_disable() counts, inline. */
	while (atomic_read(&t->count))
		cdma_driver_delay(NSEC_PER_USEC);
	test_and_clear_bit(TASKLET_STATE_SCHED, &t->state);
	cdmasim_context_enter(SOFTIRQ_OFFSET);
	if (t->use_callback)
		t->callback(t);
	else
		t->func(t->data);
	cdmasim_context_leave(SOFTIRQ_OFFSET);
	return 0;
}

void tasklet_setup(struct tasklet_struct *t,
		   void (*callback)(struct tasklet_struct *))
{
	*t = (struct tasklet_struct){.callback = callback,
				     .use_callback = true};
}

void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long),
		  unsigned long data)
{
	*t = (struct tasklet_struct){.func = func, .data = data};
}

void __tasklet_schedule(struct tasklet_struct *t)
{
	cdma_driver_bind(t, CDMA_DRIVER_TASKLET, NULL, run_tasklet, t);
	cdma_driver_arm(t);
}

void __tasklet_hi_schedule(struct tasklet_struct *t)
{
	__tasklet_schedule(t);
}

void tasklet_kill(struct tasklet_struct *t)
{
	cdma_driver_wait_idle(t, CDMA_DRIVER_REST, 0, 0);
	test_and_clear_bit(TASKLET_STATE_SCHED, &t->state);
}
