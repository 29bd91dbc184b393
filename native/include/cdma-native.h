/* SPDX-License-Identifier: MIT */
#ifndef CDMA_NATIVE_H
#define CDMA_NATIVE_H

/*
 * Native: what the services share, and what the scenario says of the board.
 */

/* The device that a driver is for, as its section of the scenario has it;
 * made by `cdmasim native build'. */
struct cdma_native_pci {
	unsigned int vendor, device, revision;
	const char *model; /* the device of the scenario; NULL: the first */
	const char *irq;   /* "nic.line"; NULL: the first of the device */
};

extern const struct cdma_native_pci cdma_native_pci;
extern const int cdma_nr_native_pci; /* 0: the driver is for no PCI device */

#ifdef __KERNEL__
struct device;
struct net_device;
struct pci_dev;

/* device.c: the model behind @dev, or behind what it is a part of.  The first
 * one of the scenario when nobody said. */
struct cdma_device *cdmasim_model_of(struct device *dev);
void cdmasim_set_model(struct device *dev, struct cdma_device *model);
/* The end of @dev's probe that failed, or of its remove: what devm_ calls
 * asked for is given back, the last first. */
void cdmasim_devres_release(struct device *dev);
/* devm_add_action(), without its failures. */
void cdmasim_devres_add(struct device *dev, void (*release)(void *), void *arg);

/* pci.c: the device of the driver's section, without a driver; for code that
 * takes the place of a probe. */
struct pci_dev *cdmasim_pci_device(void);

/* task.c: around what runs in an interrupt or a softirq: in_irq() and
 * in_softirq() hold there, and synchronize_rcu() waits for it.  @offset:
 * HARDIRQ_OFFSET, SOFTIRQ_OFFSET. */
void cdmasim_context_enter(unsigned int offset);
void cdmasim_context_leave(unsigned int offset);

/* core.c: printk(), without its level: a line of the log. */
void cdmasim_log(const char *who, const char *fmt, __builtin_va_list args);

/* net.c: the interface that was registered last; NULL: none is. */
struct net_device *cdmasim_netdev(void);
/* skb.c: what a packet that came up is looked at for: its header and its last
 * byte, as the stack would.  Then it is freed. */
struct sk_buff;
void cdmasim_deliver(struct sk_buff *skb);
#endif

#endif /* CDMA_NATIVE_H */
