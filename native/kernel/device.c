/* SPDX-License-Identifier: MIT */
/*
 * Device: struct device, what devm_ calls hold, and dev_err().
 *
 * Orders nothing.  What devm_ calls asked for is given back when the probe
 * fails or the device is removed, the last first.
 */
#include <linux/device.h>
#include <linux/io.h>
#include <linux/pm_runtime.h>
#include <linux/pm_wakeup.h>
#include <linux/slab.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

/* ---- whose model it is ---- */

struct known {
	struct known *next;
	const struct device *dev;
	struct cdma_device *model;
};

static struct known *known;

void cdmasim_set_model(struct device *dev, struct cdma_device *model)
{
	struct known *k = cdma_driver_keep(sizeof(*k));

	*k = (struct known){known, dev, model};
	known = k;
}

struct cdma_device *cdmasim_model_of(struct device *dev)
{
	for (; dev; dev = dev->parent)
		for (const struct known *k = known; k; k = k->next)
			if (k->dev == dev)
				return k->model;
	return cdma_driver_device(NULL);
}

/* ---- devm_ ---- */

struct held {
	struct held *next;
	const struct device *dev;
	void (*release)(void *arg);
	void *arg;
};

static struct held *held;

void cdmasim_devres_add(struct device *dev, void (*release)(void *), void *arg)
{
	struct held *h = cdma_driver_keep(sizeof(*h));

	*h = (struct held){held, dev, release, arg};
	held = h;
}

void cdmasim_devres_release(struct device *dev)
{
	struct held **at = &held;

	while (*at) {
		struct held *h = *at;

		if (h->dev != dev) {
			at = &h->next;
			continue;
		}
		*at = h->next;
		h->release(h->arg);
		at = &held;
	}
}

int devm_add_action(struct device *dev, void (*action)(void *), void *arg)
{
	cdmasim_devres_add(dev, action, arg);
	return 0;
}

static void release_memory(void *at)
{
	kfree(at);
}

void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp)
{
	void *at = kmalloc(size, gfp);

	if (at)
		cdmasim_devres_add(dev, release_memory, at);
	return at;
}

void devm_kfree(struct device *dev, const void *at)
{
	struct held **h = &held;

	while (*h && ((*h)->dev != dev || (*h)->arg != at))
		h = &(*h)->next;
	if (*h)
		*h = (*h)->next;
	kfree(at);
}

/* ---- struct device ---- */

struct device *get_device(struct device *dev)
{
	return dev;
}

void put_device(struct device *dev)
{
}

const char *dev_driver_string(const struct device *dev)
{
	return dev->driver ? dev->driver->name : "driver";
}

int dev_set_name(struct device *dev, const char *fmt, ...)
{
	return 0;
}

int device_set_wakeup_enable(struct device *dev, bool enable)
{
	return 0;
}

int device_wakeup_enable(struct device *dev)
{
	return 0;
}

void device_set_wakeup_capable(struct device *dev, bool capable)
{
}

/* ---- saying something ---- */

#define DEV_SAYS(name)                                                         \
	void name(const struct device *dev, const char *fmt, ...)              \
	{                                                                      \
		va_list args;                                                  \
                                                                               \
		va_start(args, fmt);                                           \
		cdmasim_log(dev_driver_string(dev), fmt, args);                \
		va_end(args);                                                  \
	}

DEV_SAYS(_dev_emerg)
DEV_SAYS(_dev_alert)
DEV_SAYS(_dev_crit)
DEV_SAYS(_dev_err)
DEV_SAYS(_dev_warn)
DEV_SAYS(_dev_notice)
DEV_SAYS(_dev_info)

int dev_err_probe(const struct device *dev, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	cdmasim_log(dev_driver_string(dev), fmt, args);
	va_end(args);
	return err;
}
