/* SPDX-License-Identifier: MIT */
/*
 * Net: a network interface, its queues, and who sends.
 *
 * The states of an interface and its queues are the kernel's bits, changed by
 * the same atomic operations, which order what those order.  A transmit holds
 * the lock of its queue.  stop() comes after every transmit; netif_wake_queue()
 * wakes who waits in xmit(), and orders nothing besides.
 *
 * Called by a scenario: open(), xmit(len), stop(), set_address(mac),
 * set_mtu(bytes).
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

struct net init_net;
struct softnet_data softnet_data;
static struct net_device *netdev;

struct net_device *cdmasim_netdev(void)
{
	return netdev;
}

/* ---- making one ---- */

static void init_queue(struct net_device *dev, struct netdev_queue *q,
		       void *unused)
{
	spin_lock_init(&q->_xmit_lock);
	q->xmit_lock_owner = -1;
	q->dev = dev;
#ifdef CONFIG_BQL
	dql_init(&q->dql, HZ);
#endif
}

struct net_device *alloc_netdev_mqs(int priv, const char *name,
				    unsigned char assign,
				    void (*setup)(struct net_device *),
				    unsigned int txqs, unsigned int rxqs)
{
	struct net_device *dev =
		cdma_driver_alloc(ALIGN(sizeof(*dev), NETDEV_ALIGN) + priv,
				  NETDEV_ALIGN, CDMA_DRIVER_ZERO, "net_device");

	if (!dev)
		return NULL;
	dev->dev_addr = cdma_driver_keep(MAX_ADDR_LEN);
	dev->_tx = cdma_driver_keep(txqs * sizeof(*dev->_tx));
	dev->_rx = cdma_driver_keep(rxqs * sizeof(*dev->_rx));
	dev->num_tx_queues = dev->real_num_tx_queues = txqs;
	dev->num_rx_queues = dev->real_num_rx_queues = rxqs;
	INIT_LIST_HEAD(&dev->mc.list);
	INIT_LIST_HEAD(&dev->uc.list);
	INIT_LIST_HEAD(&dev->napi_list);
	dev->gso_max_size = dev->tso_max_size = GSO_LEGACY_MAX_SIZE;
	dev->gso_max_segs = GSO_MAX_SEGS;
	dev_net_set(dev, &init_net);
	netdev_for_each_tx_queue(dev, init_queue, NULL);
	strscpy(dev->name, "eth0", sizeof(dev->name));
	setup(dev);
	return dev;
}

void ether_setup(struct net_device *dev)
{
	dev->type = ARPHRD_ETHER;
	dev->hard_header_len = ETH_HLEN;
	dev->min_header_len = ETH_HLEN;
	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_DATA_LEN;
	dev->addr_len = ETH_ALEN;
	dev->tx_queue_len = 1000;
	dev->flags = IFF_BROADCAST | IFF_MULTICAST;
}

struct net_device *alloc_etherdev_mqs(int priv, unsigned int txqs,
				      unsigned int rxqs)
{
	return alloc_netdev_mqs(priv, "eth%d", NET_NAME_UNKNOWN, ether_setup,
				txqs, rxqs);
}

void free_netdev(struct net_device *dev)
{
	struct napi_struct *napi, *next;

	list_for_each_entry_safe(napi, next, &dev->napi_list, dev_list)
		netif_napi_del(napi);
	cdma_driver_free(dev);
}

static void release(void *dev)
{
	free_netdev(dev);
}

struct net_device *devm_alloc_etherdev_mqs(struct device *parent, int priv,
					   unsigned int txqs, unsigned int rxqs)
{
	struct net_device *dev = alloc_etherdev_mqs(priv, txqs, rxqs);

	if (dev)
		cdmasim_devres_add(parent, release, dev);
	return dev;
}

int register_netdev(struct net_device *dev)
{
	int err =
		dev->netdev_ops->ndo_init ? dev->netdev_ops->ndo_init(dev) : 0;

	if (err)
		return err;
	dev->reg_state = NETREG_REGISTERED;
	set_bit(__LINK_STATE_PRESENT, &dev->state);
	netdev = dev;
	return 0;
}

static int close(struct net_device *dev);

void unregister_netdev(struct net_device *dev)
{
	rtnl_lock();
	close(dev);
	if (dev->netdev_ops->ndo_uninit)
		dev->netdev_ops->ndo_uninit(dev);
	dev->reg_state = NETREG_UNREGISTERED;
	netdev = NULL;
	rtnl_unlock();
}

static void unregister(void *dev)
{
	unregister_netdev(dev);
}

int devm_register_netdev(struct device *parent, struct net_device *dev)
{
	int err = register_netdev(dev);

	if (!err)
		cdmasim_devres_add(parent, unregister, dev);
	return err;
}

/* ---- up and down ---- */

static int bring_up(struct net_device *dev)
{
	const struct net_device_ops *ops = dev->netdev_ops;
	int err = 0;

	if (dev->flags & IFF_UP)
		return 0;
	set_bit(__LINK_STATE_START, &dev->state);
	if (ops->ndo_validate_addr)
		err = ops->ndo_validate_addr(dev);
	if (!err && ops->ndo_open)
		err = ops->ndo_open(dev);
	if (err) {
		clear_bit(__LINK_STATE_START, &dev->state);
		return err;
	}
	dev->flags |= IFF_UP;
	if (ops->ndo_set_rx_mode)
		ops->ndo_set_rx_mode(dev);
	return 0;
}

/* After that nobody is in a transmit, nor comes to one. */
static void deactivate(struct net_device *dev, struct netdev_queue *q,
		       void *unused)
{
	spin_lock_bh(&q->_xmit_lock);
	spin_unlock_bh(&q->_xmit_lock);
}

static int close(struct net_device *dev)
{
	if (!(dev->flags & IFF_UP))
		return 0;
	clear_bit(__LINK_STATE_START, &dev->state);
	smp_mb__after_atomic();
	netdev_for_each_tx_queue(dev, deactivate, NULL);
	if (dev->netdev_ops->ndo_stop)
		dev->netdev_ops->ndo_stop(dev);
	dev->flags &= ~IFF_UP;
	return 0;
}

/* "ip link set eth0 address": the @addr's lowest byte is the last. */
int set_address(u64 addr)
{
	struct sockaddr to = {.sa_family = ARPHRD_ETHER};
	int err = -EOPNOTSUPP;

	for (int i = 0; i < ETH_ALEN; i++)
		to.sa_data[i] = addr >> 8 * (ETH_ALEN - 1 - i);
	rtnl_lock();
	if (netdev && netdev->netdev_ops->ndo_set_mac_address)
		err = netdev->netdev_ops->ndo_set_mac_address(netdev, &to);
	rtnl_unlock();
	return err;
}

int open(void)
{
	int err = -ENODEV;

	rtnl_lock();
	if (netdev)
		err = bring_up(netdev);
	rtnl_unlock();
	return err;
}

int stop(void)
{
	int err = -ENODEV;

	rtnl_lock();
	if (netdev)
		err = close(netdev);
	rtnl_unlock();
	return err;
}

int set_mtu(unsigned long mtu)
{
	int err = 0;

	rtnl_lock();
	if (netdev->netdev_ops->ndo_change_mtu)
		err = netdev->netdev_ops->ndo_change_mtu(netdev, mtu);
	else
		netdev->mtu = mtu;
	rtnl_unlock();
	return err;
}

/* ---- sending ---- */

static int try_xmit(struct sk_buff *skb, struct netdev_queue *q)
{
	int ret = NETDEV_TX_BUSY;

	spin_lock_bh(&q->_xmit_lock);
	if (!netif_running(skb->dev))
		ret = -ENETDOWN;
	else if (!netif_xmit_frozen_or_stopped(q))
		ret = skb->dev->netdev_ops->ndo_start_xmit(skb, skb->dev);
	spin_unlock_bh(&q->_xmit_lock);
	return ret;
}

/*
 * One packet of @len bytes by the first queue, as soon as the driver takes it.
 *
 * Returns: 0, -ENETDOWN, or -EBUSY: nobody will ever wake the queue.
 */
int xmit(unsigned long len)
{
	struct net_device *dev = netdev;
	struct netdev_queue *q;
	struct sk_buff *skb;
	int ret;

	if (!dev)
		return -ENODEV;
	q = netdev_get_tx_queue(dev, 0);
	skb = __netdev_alloc_skb(dev, len, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	memset(skb_put(skb, len), 0x5a, len);
	skb_reset_mac_header(skb);
	for (;;) {
		cdma_driver_prepare_wait(q);
		ret = try_xmit(skb, q);
		if (ret != NETDEV_TX_BUSY)
			break;
		if (!cdma_driver_sleep(q, 1)) {
			ret = -EBUSY;
			break;
		}
	}
	if (ret < 0)
		kfree_skb(skb);
	return ret;
}

static void wake(struct netdev_queue *q)
{
	cdma_driver_wake_up(q);
}

void netif_tx_wake_queue(struct netdev_queue *q)
{
	if (test_and_clear_bit(__QUEUE_STATE_DRV_XOFF, &q->state))
		wake(q);
}

void netif_schedule_queue(struct netdev_queue *q)
{
	if (!(READ_ONCE(q->state) & QUEUE_STATE_ANY_XOFF))
		wake(q);
}

void __netif_schedule(struct Qdisc *q)
{
}

void netif_tx_stop_all_queues(struct net_device *dev)
{
	for (unsigned int i = 0; i < dev->num_tx_queues; i++)
		netif_tx_stop_queue(netdev_get_tx_queue(dev, i));
}

int netif_set_real_num_tx_queues(struct net_device *dev, unsigned int n)
{
	dev->real_num_tx_queues = n;
	return 0;
}

int netif_set_real_num_rx_queues(struct net_device *dev, unsigned int n)
{
	dev->real_num_rx_queues = n;
	return 0;
}

/* ---- the link ---- */

void netif_carrier_on(struct net_device *dev)
{
	clear_bit(__LINK_STATE_NOCARRIER, &dev->state);
}

void netif_carrier_off(struct net_device *dev)
{
	set_bit(__LINK_STATE_NOCARRIER, &dev->state);
}

void netif_device_detach(struct net_device *dev)
{
	if (test_and_clear_bit(__LINK_STATE_PRESENT, &dev->state) &&
	    netif_running(dev))
		netif_tx_stop_all_queues(dev);
}

void netif_device_attach(struct net_device *dev)
{
	if (!test_and_set_bit(__LINK_STATE_PRESENT, &dev->state) &&
	    netif_running(dev))
		netif_tx_wake_all_queues(dev);
}

/* ---- its address ---- */

void dev_addr_mod(struct net_device *dev, unsigned int offset, const void *addr,
		  size_t len)
{
	memcpy((void *)dev->dev_addr + offset, addr, len);
}

int eth_validate_addr(struct net_device *dev)
{
	return is_valid_ether_addr(dev->dev_addr) ? 0 : -EADDRNOTAVAIL;
}

int eth_mac_addr(struct net_device *dev, void *addr)
{
	dev_addr_mod(dev, 0, ((struct sockaddr *)addr)->sa_data, ETH_ALEN);
	return 0;
}

u32 ethtool_op_get_link(struct net_device *dev)
{
	return netif_carrier_ok(dev);
}

/* ---- saying something ---- */

#define NETDEV_SAYS(says)                                                      \
	void says(const struct net_device *dev, const char *fmt, ...)          \
	{                                                                      \
		va_list args;                                                  \
                                                                               \
		va_start(args, fmt);                                           \
		cdmasim_log(dev->name, fmt, args);                             \
		va_end(args);                                                  \
	}

NETDEV_SAYS(netdev_emerg)
NETDEV_SAYS(netdev_alert)
NETDEV_SAYS(netdev_crit)
NETDEV_SAYS(netdev_err)
NETDEV_SAYS(netdev_warn)
NETDEV_SAYS(netdev_notice)
NETDEV_SAYS(netdev_info)

void netdev_printk(const char *level, const struct net_device *dev,
		   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	cdmasim_log(dev->name, fmt, args);
	va_end(args);
}
