/* SPDX-License-Identifier: MIT */
/*
 * The receive path of e1000_main.c: what its probe and open make, without the
 * PHY and the EEPROM, and an interrupt that schedules its NAPI.
 *
 * Compiled behind the driver, in one file with it.
 */
#include <cdma-native.h>

static struct net_device *nic;
static struct e1000_adapter *ad;

static irqreturn_t isr(int irq, void *unused)
{
	napi_schedule(&ad->napi);
	return IRQ_HANDLED;
}

static int make_rings(void)
{
	int err = e1000_setup_all_tx_resources(ad);

	if (err)
		return err;
	err = e1000_setup_all_rx_resources(ad);
	if (err)
		e1000_free_all_tx_resources(ad);
	return err;
}

int prepare(void)
{
	struct pci_dev *pdev = cdmasim_pci_device();
	int err;

	nic = alloc_etherdev(sizeof(*ad));
	if (!nic)
		return -ENOMEM;
	SET_NETDEV_DEV(nic, &pdev->dev);
	ad = netdev_priv(nic);
	ad->netdev = nic;
	ad->pdev = pdev;
	ad->hw.back = ad;
	ad->hw.hw_addr = pci_ioremap_bar(pdev, 0);
	ad->hw.mac_type = e1000_82545;
	ad->hw.max_frame_size = ETH_FRAME_LEN + ETH_FCS_LEN;
	ad->hw.min_frame_size = ETH_ZLEN + ETH_FCS_LEN;
	netif_napi_add(nic, &ad->napi, e1000_clean);
	err = e1000_sw_init(ad);
	if (err)
		goto free_nic;
	ad->tx_ring->count = 64;
	ad->rx_ring->count = 8;
	err = make_rings();
	if (err)
		goto free_queues;
	err = request_irq(pdev->irq, isr, 0, "e1000", nic);
	if (err)
		goto free_rings;
	e1000_configure_tx(ad);
	e1000_configure_rx(ad);
	ad->alloc_rx_buf(ad, ad->rx_ring, E1000_DESC_UNUSED(ad->rx_ring));
	clear_bit(__E1000_DOWN, &ad->flags);
	napi_enable(&ad->napi);
	return 0;

free_rings:
	e1000_free_all_rx_resources(ad);
	e1000_free_all_tx_resources(ad);
free_queues:
	kfree(ad->tx_ring);
	kfree(ad->rx_ring);
free_nic:
	free_netdev(nic);
	return err;
}

void finish(void)
{
	free_irq(ad->pdev->irq, nic);
	napi_disable(&ad->napi);
	e1000_clean_all_rx_rings(ad);
	e1000_clean_all_tx_rings(ad);
	e1000_free_all_rx_resources(ad);
	e1000_free_all_tx_resources(ad);
	kfree(ad->tx_ring);
	kfree(ad->rx_ring);
	free_netdev(nic);
}
