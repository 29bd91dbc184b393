/* SPDX-License-Identifier: MIT */
/*
 * NAPI: napi_schedule(), the poll, napi_complete_done().
 *
 * The state is the kernel's, changed by the same atomic operations as there
 * (net/core/dev.c), which order what those order.  Beside that:
 * __napi_schedule() comes before the poll that follows it; one poll before the
 * next; a poll, up to where it says that it is done, before what follows
 * napi_disable() (cdma/handler.h).  An instance takes a `napi' section of the
 * scenario whose body is `return cdma_driver_run();'.
 */
#include <linux/delay.h>
#include <linux/netdevice.h>
#include <linux/preempt.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

static int poll(void *arg)
{
	struct napi_struct *napi = arg;
	int work;

	cdmasim_context_enter(SOFTIRQ_OFFSET);
	work = napi->poll(napi, napi->weight);
	cdmasim_context_leave(SOFTIRQ_OFFSET);
	return work < napi->weight ? work : NAPI_POLL_WEIGHT;
}

void netif_napi_add_weight(struct net_device *dev, struct napi_struct *napi,
			   int (*fn)(struct napi_struct *, int), int weight)
{
	INIT_LIST_HEAD(&napi->poll_list);
	INIT_LIST_HEAD(&napi->rx_list);
	napi->poll = fn;
	napi->weight = weight;
	napi->dev = dev;
	napi->skb = NULL;
	napi->state =
		NAPIF_STATE_LISTED | NAPIF_STATE_SCHED | NAPIF_STATE_NPSVC;
	list_add(&napi->dev_list, &dev->napi_list);
	cdma_driver_bind(napi, CDMA_DRIVER_NAPI, NULL, poll, napi);
	cdma_driver_change(napi, CDMA_DRIVER_HOLD);
}

void __netif_napi_del(struct napi_struct *napi)
{
	if (!test_and_clear_bit(NAPI_STATE_LISTED, &napi->state))
		return;
	list_del_init(&napi->dev_list);
	cdma_driver_unbind(napi);
}

void napi_enable(struct napi_struct *napi)
{
	unsigned long was, is;

	cdma_driver_change(napi, CDMA_DRIVER_LET);
	do {
		was = READ_ONCE(napi->state);
		BUG_ON(!(was & NAPIF_STATE_SCHED));
		is = was & ~(NAPIF_STATE_SCHED | NAPIF_STATE_NPSVC);
	} while (cmpxchg(&napi->state, was, is) != was);
}

/* Make it disabled, when nobody has scheduled it. */
static bool try_disable(struct napi_struct *napi)
{
	unsigned long was = READ_ONCE(napi->state);

	if (was & (NAPIF_STATE_SCHED | NAPIF_STATE_NPSVC))
		return false;
	return cmpxchg(&napi->state, was,
		       was | NAPIF_STATE_SCHED | NAPIF_STATE_NPSVC) == was;
}

void napi_disable(struct napi_struct *napi)
{
	cdma_driver_may_sleep();
	set_bit(NAPI_STATE_DISABLE, &napi->state);
	cdma_driver_wait_idle(napi, CDMA_DRIVER_FREE, 0, 0);
	/* Somebody may be about to schedule it. */
	while (!try_disable(napi)) {
		usleep_range(20, 200);
		cdma_driver_wait_idle(napi, CDMA_DRIVER_FREE, 0, 0);
	}
	cdma_driver_change(napi, CDMA_DRIVER_HOLD);
	clear_bit(NAPI_STATE_DISABLE, &napi->state);
}

bool napi_schedule_prep(struct napi_struct *napi)
{
	unsigned long was, is;

	do {
		was = READ_ONCE(napi->state);
		if (was & NAPIF_STATE_DISABLE)
			return false;
		is = was | NAPIF_STATE_SCHED;
		if (was & NAPIF_STATE_SCHED)
			is |= NAPIF_STATE_MISSED;
	} while (cmpxchg(&napi->state, was, is) != was);
	return !(was & NAPIF_STATE_SCHED);
}

void __napi_schedule(struct napi_struct *napi)
{
	cdma_driver_arm(napi);
}

void __napi_schedule_irqoff(struct napi_struct *napi)
{
	__napi_schedule(napi);
}

/* It is missed when somebody has scheduled it since it was: one more poll. */
bool napi_complete_done(struct napi_struct *napi, int work)
{
	unsigned long was, is;

	do {
		was = READ_ONCE(napi->state);
		WARN_ON(!(was & NAPIF_STATE_SCHED));
		is = was & ~NAPIF_STATE_MISSED;
		if (!(was & NAPIF_STATE_MISSED))
			is &= ~NAPIF_STATE_SCHED;
	} while (cmpxchg(&napi->state, was, is) != was);
	if (was & NAPIF_STATE_MISSED)
		__napi_schedule(napi);
	cdma_driver_napi_done(napi);
	return !(was & NAPIF_STATE_MISSED);
}

/* ---- what a poll hands up ---- */

gro_result_t napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	cdmasim_deliver(skb);
	return GRO_NORMAL;
}

void napi_gro_flush(struct napi_struct *napi, bool old)
{
}

int netif_receive_skb(struct sk_buff *skb)
{
	cdmasim_deliver(skb);
	return NET_RX_SUCCESS;
}

int netif_rx(struct sk_buff *skb)
{
	cdmasim_deliver(skb);
	return NET_RX_SUCCESS;
}
