/* SPDX-License-Identifier: MIT */
/*
 * Task: who runs: current, and what context it is in.
 *
 * Orders nothing.  Each actor of the scenario is a task and a CPU of its own.
 * What is per CPU in the kernel's headers is one for all of them, since the
 * tree is built for one CPU: drivers count packets there.
 */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

#define TASKS 64

static struct thread_info *tasks[TASKS];

struct thread_info *cdmasim_thread_info(void)
{
	unsigned int cpu = cdma_driver_cpu() % TASKS;

	if (!tasks[cpu]) {
		struct task_struct *task = cdma_driver_keep(sizeof(*task));

		tasks[cpu] = cdma_driver_keep(sizeof(*tasks[cpu]));
		tasks[cpu]->task = task;
		task->stack = tasks[cpu];
		task->pid = task->tgid = cpu + 1;
	}
	return tasks[cpu];
}

/* Who waits for readers waits for interrupts and softirqs that run, too. */
void cdmasim_context_enter(unsigned int offset)
{
	cdma_driver_rcu_lock();
	cdmasim_thread_info()->preempt_count += offset;
}

void cdmasim_context_leave(unsigned int offset)
{
	cdmasim_thread_info()->preempt_count -= offset;
	cdma_driver_rcu_unlock();
}

int __cond_resched(void)
{
	return 0;
}
