/* SPDX-License-Identifier: MIT */
/*
 * Skb: socket buffers.
 *
 * Orders nothing.  A buffer's bytes are an object with a life of their own, the
 * one that drivers map.  A packet that is handed up is looked at as the stack
 * would look, and is then freed: what the device did not give back is found
 * there.  References are counted, not raced for.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

/* ---- making one ---- */

static struct sk_buff *wrap(void *head, unsigned int size, gfp_t gfp)
{
	struct sk_buff *skb = cdma_driver_alloc(
		sizeof(*skb), 0,
		CDMA_DRIVER_ZERO |
			(gfpflags_allow_blocking(gfp) ? 0 : CDMA_DRIVER_ATOMIC),
		"sk_buff");

	if (!skb)
		return NULL;
	skb->head = skb->data = head;
	skb_reset_tail_pointer(skb);
	skb_set_end_offset(
		skb, size - SKB_DATA_ALIGN(sizeof(struct skb_shared_info)));
	skb->truesize = SKB_TRUESIZE(skb_end_offset(skb));
	skb->users.refs.counter = 1;
	skb->mac_header = (typeof(skb->mac_header))~0U;
	skb->transport_header = (typeof(skb->transport_header))~0U;
	memset(skb_shinfo(skb), 0, sizeof(struct skb_shared_info));
	skb_shinfo(skb)->dataref.counter = 1;
	return skb;
}

struct sk_buff *__alloc_skb(unsigned int size, gfp_t gfp, int flags, int node)
{
	unsigned int all = SKB_DATA_ALIGN(size) +
			   SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	void *head = cdma_driver_alloc(
		all, SMP_CACHE_BYTES,
		gfpflags_allow_blocking(gfp) ? 0 : CDMA_DRIVER_ATOMIC,
		"skb_data");
	struct sk_buff *skb;

	if (!head)
		return NULL;
	skb = wrap(head, all, gfp);
	if (!skb)
		cdma_driver_free(head);
	return skb;
}

struct sk_buff *__netdev_alloc_skb(struct net_device *dev, unsigned int len,
				   gfp_t gfp)
{
	struct sk_buff *skb = __alloc_skb(len + NET_SKB_PAD, gfp, 0, 0);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb->dev = dev;
	return skb;
}

struct sk_buff *__napi_alloc_skb(struct napi_struct *napi, unsigned int len,
				 gfp_t gfp)
{
	struct sk_buff *skb =
		__alloc_skb(len + NET_SKB_PAD + NET_IP_ALIGN, gfp, 0, 0);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb->dev = napi->dev;
	return skb;
}

/* Around what page_frag_alloc_align() or kmalloc() gave. */
struct sk_buff *build_skb(void *data, unsigned int size)
{
	struct sk_buff *skb = wrap(data, size ? size : ksize(data), GFP_ATOMIC);

	if (skb)
		skb->head_frag = size != 0;
	return skb;
}

struct sk_buff *napi_build_skb(void *data, unsigned int size)
{
	return build_skb(data, size);
}

void *__napi_alloc_frag_align(unsigned int size, unsigned int align_mask)
{
	return page_frag_alloc_align(NULL, size, GFP_ATOMIC, align_mask);
}

void *__netdev_alloc_frag_align(unsigned int size, unsigned int align_mask)
{
	return page_frag_alloc_align(NULL, size, GFP_ATOMIC, align_mask);
}

/* ---- its bytes ---- */

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	void *at = skb_tail_pointer(skb);

	skb->tail += len;
	skb->len += len;
	BUG_ON(skb->tail > skb->end);
	return at;
}

void *skb_push(struct sk_buff *skb, unsigned int len)
{
	skb->data -= len;
	skb->len += len;
	BUG_ON(skb->data < skb->head);
	return skb->data;
}

void *skb_pull(struct sk_buff *skb, unsigned int len)
{
	return skb_pull_inline(skb, len);
}

void skb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->len > len)
		__skb_trim(skb, len);
}

int __skb_pad(struct sk_buff *skb, int pad, bool frees)
{
	if (skb_tailroom(skb) < pad) {
		if (frees)
			kfree_skb(skb);
		return -ENOMEM;
	}
	memset(skb_tail_pointer(skb), 0, pad);
	return 0;
}

void skb_add_rx_frag(struct sk_buff *skb, int i, struct page *page, int off,
		     int size, unsigned int truesize)
{
	skb_fill_page_desc(skb, i, page, off, size);
	skb->len += size;
	skb->data_len += size;
	skb->truesize += truesize;
}

/* From the linear part to the fragments. */
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	int n = min_t(int, len, (int)skb_headlen(skb) - offset);

	if (offset + len > (int)skb->len)
		return -EFAULT;
	if (n > 0) {
		memcpy(to, skb->data + offset, n);
		to += n;
		len -= n;
		offset += n;
	}
	offset -= skb_headlen(skb);
	for (int i = 0; len && i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];
		int size = skb_frag_size(frag);

		if (offset < size) {
			n = min(len, size - offset);
			memcpy(to, skb_frag_address(frag) + offset, n);
			to += n;
			len -= n;
			offset += n;
		}
		offset -= size;
	}
	return len ? -EFAULT : 0;
}

/* ---- the end of it ---- */

static void release(struct sk_buff *skb)
{
	struct skb_shared_info *info = skb_shinfo(skb);

	if (--skb->users.refs.counter > 0)
		return;
	if (skb->destructor)
		skb->destructor(skb);
	if (--info->dataref.counter <= 0) {
		for (int i = 0; i < info->nr_frags; i++)
			skb_frag_unref(skb, i);
		if (skb->head_frag)
			page_frag_free(skb->head);
		else
			cdma_driver_free(skb->head);
	}
	cdma_driver_free(skb);
}

void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (skb)
		release(skb);
}

#ifdef CONFIG_TRACEPOINTS
void consume_skb(struct sk_buff *skb)
{
	if (skb)
		release(skb);
}
#endif

void __dev_kfree_skb_any(struct sk_buff *skb, enum skb_free_reason reason)
{
	if (skb)
		release(skb);
}

void __dev_kfree_skb_irq(struct sk_buff *skb, enum skb_free_reason reason)
{
	if (skb)
		release(skb);
}

void napi_consume_skb(struct sk_buff *skb, int budget)
{
	if (skb)
		release(skb);
}

void skb_queue_purge(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)))
		release(skb);
}

void skb_tstamp_tx(struct sk_buff *skb, struct skb_shared_hwtstamps *stamps)
{
}

/* ---- up the stack ---- */

static unsigned int looked_at;

__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb_pull_inline(skb, ETH_HLEN);
	looked_at += eth->h_dest[0];
	return eth->h_proto;
}

void cdmasim_deliver(struct sk_buff *skb)
{
	if (skb_headlen(skb))
		looked_at += skb->data[skb_headlen(skb) - 1];
	release(skb);
}
