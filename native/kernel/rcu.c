/* SPDX-License-Identifier: MIT */
/*
 * RCU: grace periods.
 *
 * synchronize_rcu() is a full barrier, and waits for sections that
 * cdma_driver_rcu_lock() began: interrupts and softirqs that run (task.c), as
 * free_netdev() waits for the end of a poll.  rcu_read_lock() of the kernel's
 * headers is inline and begins none, nor does a lock or who keeps softirqs out:
 * such a reader that should have been waited for is not seen.  call_rcu() waits
 * in the caller's place.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include <cdma/driver.h>

CDMA_SERVICES;

void synchronize_rcu(void)
{
	cdma_driver_rcu_wait();
}

void synchronize_net(void)
{
	cdma_driver_rcu_wait();
}

/* kfree_rcu() says with @fn where in what is to be freed @head is. */
void call_rcu(struct rcu_head *head, rcu_callback_t fn)
{
	cdma_driver_rcu_wait();
	if (__is_kvfree_rcu_offset((unsigned long)fn))
		kvfree((void *)head - (unsigned long)fn);
	else
		fn(head);
}

void rcu_barrier(void)
{
}
