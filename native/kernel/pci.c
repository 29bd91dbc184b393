/* SPDX-License-Identifier: MIT */
/*
 * PCI: the device of the driver's section, its probe and its remove.
 *
 * Orders nothing.  All BARs, of memory and of ports, are the registers of one
 * device of the scenario, from their first byte on.  The configuration space
 * keeps what is written to it.
 *
 * Called by a scenario: probe(), remove().
 */
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

static struct pci_driver *driver;
static struct pci_dev *pdev;
static u8 config[256];

/* ---- the driver and its device ---- */

int __pci_register_driver(struct pci_driver *drv, struct module *module,
			  const char *name)
{
	driver = drv;
	drv->driver.name = drv->name;
	return 0;
}

void pci_unregister_driver(struct pci_driver *drv)
{
	driver = NULL;
}

static bool matches(const struct pci_device_id *id, const struct pci_dev *d)
{
	return (id->vendor == (u32)PCI_ANY_ID || id->vendor == d->vendor) &&
	       (id->device == (u32)PCI_ANY_ID || id->device == d->device);
}

static const struct pci_device_id *find_id(const struct pci_dev *d)
{
	const struct pci_device_id *id = driver->id_table;

	for (; id && (id->vendor || id->subvendor || id->class_mask); id++)
		if (matches(id, d))
			return id;
	return NULL;
}

static u16 id_or_any(u32 id)
{
	return id == (u32)PCI_ANY_ID ? 0 : id;
}

/* The scenario says which one it is by vendor and device; it is what else the
 * driver asks of that one: its class, and the card that it is on. */
static void take_rest(struct pci_dev *d, const struct pci_device_id *id)
{
	d->class = id->class & id->class_mask;
	d->subsystem_vendor = id_or_any(id->subvendor);
	d->subsystem_device = id_or_any(id->subdevice);
}

static void make_config(const struct pci_dev *d)
{
	*(__le16 *)&config[PCI_VENDOR_ID] = cpu_to_le16(d->vendor);
	*(__le16 *)&config[PCI_DEVICE_ID] = cpu_to_le16(d->device);
	config[PCI_REVISION_ID] = d->revision;
	config[PCI_CLASS_PROG] = d->class;
	*(__le16 *)&config[PCI_CLASS_DEVICE] = cpu_to_le16(d->class >> 8);
	*(__le16 *)&config[PCI_SUBSYSTEM_VENDOR_ID] =
		cpu_to_le16(d->subsystem_vendor);
	*(__le16 *)&config[PCI_SUBSYSTEM_ID] = cpu_to_le16(d->subsystem_device);
	config[PCI_CACHE_LINE_SIZE] = 16;
	config[PCI_INTERRUPT_PIN] = 1;
}

struct pci_dev *cdmasim_pci_device(void)
{
	const struct cdma_native_pci *is = &cdma_native_pci;
	struct cdma_device *model = cdma_driver_device(is->model);
	struct pci_dev *d = cdma_driver_keep(sizeof(*d));
	resource_size_t at = (unsigned long)cdma_driver_ioremap(model);

	d->vendor = is->vendor;
	d->device = is->device;
	d->revision = is->revision;
	d->irq = cdma_driver_irq(model, is->irq);
	d->bus = cdma_driver_keep(sizeof(*d->bus));
	d->bus->self = NULL;
	d->cfg_size = sizeof(config);
	d->error_state = pci_channel_io_normal;
	d->current_state = PCI_D0;
	for (int i = 0; i < PCI_STD_NUM_BARS; i++) {
		d->resource[i].start = at;
		d->resource[i].end = at + cdma_driver_registers(model) - 1;
		d->resource[i].flags = IORESOURCE_MEM;
	}
	d->dev.init_name = "0000:00:01.0";
	d->dev.driver = driver ? &driver->driver : NULL;
	d->dma_mask = DMA_BIT_MASK(32);
	d->dev.dma_mask = &d->dma_mask;
	d->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	d->dev.dma_parms = &d->dma_parms;
	spin_lock_init(&d->dev.devres_lock);
	INIT_LIST_HEAD(&d->dev.devres_head);
	cdmasim_set_model(&d->dev, model);
	cdma_driver_dma_mask(model, DMA_BIT_MASK(32), 3);
	make_config(d);
	return d;
}

extern int init_module(void) __weak;

/* insmod, with the device there.  0, or what went wrong. */
int probe(void)
{
	const struct pci_device_id *id;
	int err = init_module ? init_module() : 0;

	if (err)
		return err;
	if (!driver || !cdma_nr_native_pci)
		return -ENODEV;
	pdev = cdmasim_pci_device();
	id = find_id(pdev);
	if (!id)
		return -ENODEV;
	take_rest(pdev, id);
	make_config(pdev);
	pdev->driver = driver;
	err = driver->probe(pdev, id);
	if (err) {
		pdev->driver = NULL;
		cdmasim_devres_release(&pdev->dev);
	}
	return err;
}

/* The device is unbound. */
int remove(void)
{
	if (!pdev || !pdev->driver)
		return -ENODEV;
	if (driver->remove)
		driver->remove(pdev);
	pdev->driver = NULL;
	cdmasim_devres_release(&pdev->dev);
	return 0;
}

/* ---- on and off ---- */

int pci_enable_device(struct pci_dev *d)
{
	return 0;
}

int pci_enable_device_mem(struct pci_dev *d)
{
	return 0;
}

void pci_disable_device(struct pci_dev *d)
{
}

static void disable(void *d)
{
	pci_disable_device(d);
}

int pcim_enable_device(struct pci_dev *d)
{
	int err = pci_enable_device(d);

	d->is_managed = 1;
	if (!err)
		cdmasim_devres_add(&d->dev, disable, d);
	return err;
}

void pci_set_master(struct pci_dev *d)
{
	d->is_busmaster = 1;
}

void pci_clear_master(struct pci_dev *d)
{
	d->is_busmaster = 0;
}

int pci_set_mwi(struct pci_dev *d)
{
	return 0;
}

int pci_try_set_mwi(struct pci_dev *d)
{
	return 0;
}

void pci_clear_mwi(struct pci_dev *d)
{
}

int pci_enable_wake(struct pci_dev *d, pci_power_t state, bool enable)
{
	return 0;
}

int pci_wake_from_d3(struct pci_dev *d, bool enable)
{
	return 0;
}

int pci_set_power_state(struct pci_dev *d, pci_power_t state)
{
	return 0;
}

int pci_save_state(struct pci_dev *d)
{
	return 0;
}

void pci_restore_state(struct pci_dev *d)
{
}

int pci_disable_link_state(struct pci_dev *d, int state)
{
	return 0;
}

/* ---- BARs ---- */

int pci_request_regions(struct pci_dev *d, const char *name)
{
	return 0;
}

int pci_request_selected_regions(struct pci_dev *d, int bars, const char *name)
{
	return 0;
}

void pci_release_regions(struct pci_dev *d)
{
}

void pci_release_selected_regions(struct pci_dev *d, int bars)
{
}

int pci_select_bars(struct pci_dev *d, unsigned long flags)
{
	return flags & IORESOURCE_MEM ? BIT(PCI_STD_NUM_BARS) - 1 : 0;
}

void __iomem *pci_ioremap_bar(struct pci_dev *d, int bar)
{
	return ioremap(pci_resource_start(d, bar), pci_resource_len(d, bar));
}

void __iomem *pci_iomap(struct pci_dev *d, int bar, unsigned long max)
{
	return pci_ioremap_bar(d, bar);
}

void pci_iounmap(struct pci_dev *d, void __iomem *at)
{
}

int pcim_iomap_regions(struct pci_dev *d, int mask, const char *name)
{
	return 0;
}

void __iomem *pcim_iomap(struct pci_dev *d, int bar, unsigned long max)
{
	return pci_ioremap_bar(d, bar);
}

static void __iomem *table[PCI_STD_NUM_BARS];

void __iomem *const *pcim_iomap_table(struct pci_dev *d)
{
	for (int i = 0; i < PCI_STD_NUM_BARS; i++)
		table[i] = pci_ioremap_bar(d, i);
	return table;
}

/* ---- the configuration space ---- */

#define CONFIG(name, type)                                                     \
	int pci_read_config_##name(const struct pci_dev *d, int where,         \
				   type *value)                                \
	{                                                                      \
		*value = 0;                                                    \
		if (where < 0 || where + sizeof(*value) > sizeof(config))      \
			return PCIBIOS_BAD_REGISTER_NUMBER;                    \
		memcpy(value, &config[where], sizeof(*value));                 \
		return 0;                                                      \
	}                                                                      \
	int pci_write_config_##name(const struct pci_dev *d, int where,        \
				    type value)                                \
	{                                                                      \
		if (where < 0 || where + sizeof(value) > sizeof(config))       \
			return PCIBIOS_BAD_REGISTER_NUMBER;                    \
		memcpy(&config[where], &value, sizeof(value));                 \
		return 0;                                                      \
	}

CONFIG(byte, u8)
CONFIG(word, u16)
CONFIG(dword, u32)

/* No capability is there. */
u8 pci_find_capability(struct pci_dev *d, int cap)
{
	return 0;
}

u16 pci_find_ext_capability(struct pci_dev *d, int cap)
{
	return 0;
}

int pcie_capability_read_word(struct pci_dev *d, int pos, u16 *value)
{
	*value = 0;
	return 0;
}

int pcie_capability_write_word(struct pci_dev *d, int pos, u16 value)
{
	return 0;
}

int pcie_capability_clear_and_set_word_unlocked(struct pci_dev *d, int pos,
						u16 clear, u16 set)
{
	return 0;
}

int pcie_capability_clear_and_set_word_locked(struct pci_dev *d, int pos,
					      u16 clear, u16 set)
{
	return 0;
}

/* ---- interrupts: one, whichever kind is asked for ---- */

int pci_enable_msi(struct pci_dev *d)
{
	d->msi_enabled = 1;
	return 0;
}

void pci_disable_msi(struct pci_dev *d)
{
	d->msi_enabled = 0;
}

int pci_enable_msix_range(struct pci_dev *d, struct msix_entry *entries,
			  int min, int max)
{
	return -ENOSPC;
}

void pci_disable_msix(struct pci_dev *d)
{
}

int pci_alloc_irq_vectors_affinity(struct pci_dev *d, unsigned int min,
				   unsigned int max, unsigned int flags,
				   struct irq_affinity *affinity)
{
	if (min > 1)
		return -ENOSPC;
	if (flags & PCI_IRQ_MSI)
		d->msi_enabled = 1;
	return 1;
}

void pci_free_irq_vectors(struct pci_dev *d)
{
	d->msi_enabled = 0;
}

int pci_irq_vector(struct pci_dev *d, unsigned int nr)
{
	return nr ? -EINVAL : d->irq;
}
