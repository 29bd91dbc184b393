/* SPDX-License-Identifier: MIT */
#include "picture/describe.h"

#include <cdma/call.h>
#include <cdma/device.h>
#include <cdma/fault.h>
#include <cdma/region.h>

#include "base/macros.h"
#include "script/program.h"

#include <errno.h>

static unsigned long long ull(uint64_t nr)
{
	return nr;
}

/* Indexed by enum cdma_access. */
static const char *const how[] = {
	[CDMA_PLAIN] = "plain ", [CDMA_MARKED] = "",   [CDMA_BULK] = "copy ",
	[CDMA_DMA] = "",         [CDMA_MMIO] = "reg ",
};

/* [domain][order]; names of the kernel. */
static const char *const barriers[3][3] = {
	{"smp_rmb", "smp_wmb", "smp_mb"},
	{"dma_rmb", "dma_wmb", "dma_mb"},
	{"rmb", "wmb", "mb"},
};

static void add_name(struct cdma_text *out, const struct describe_names *names,
		     enum cdma_ctf_table table, uint64_t id)
{
	static const char *const what[] = {"device", "memory", "object",
					   "frame"};
	const char *name = names->name(names->aux, table, (uint32_t)id);

	if (name)
		cdma_text_add(out, name);
	else
		cdma_text_addf(out, "%s %llu", what[table], ull(id));
}

/* "rx[0].len" where that is known; else "rx+0x4". */
static void add_range(struct cdma_text *out, const struct describe_names *names,
		      const struct cdma_event *ev, uint64_t offset,
		      uint64_t size)
{
	if (names->place && names->place(names->aux, out, ev, offset, size))
		return;
	add_name(out, names, CDMA_CTF_REGION, ev->object);
	cdma_text_addf(out, "+0x%llx", ull(offset));
}

static void add_access(struct cdma_text *out,
		       const struct describe_names *names,
		       const struct cdma_event *ev, bool whole)
{
	const char *relaxed = ev->flags & CDMA_EVF_UNORDERED ? "unordered "
			      : ev->flags & CDMA_EVF_RELAXED ? "relaxed "
							     : "";

	cdma_text_addf(out, "%s%s%s ", relaxed,
		       ev->how < ARRAY_SIZE(how) ? how[ev->how] : "",
		       ev->kind == CDMA_EV_READ ? "read" : "write");
	if (whole && ev->op_size > ev->size) {
		add_range(out, names, ev, ev->op_offset, ev->op_size);
		cdma_text_addf(out, ", %llu bytes", ull(ev->op_size));
		return;
	}
	if (ev->object)
		add_range(out, names, ev, ev->offset, ev->size);
	else
		cdma_text_addf(out, "0x%llx", ull(ev->iova));
	cdma_text_addf(out, ": 0x%llx", ull(ev->value));
	if (ev->rf)
		cdma_text_addf(out, " rf #%llu", ull(ev->rf));
}

static void add_span(struct cdma_text *out, const struct describe_names *names,
		     const struct cdma_event *ev, const char *what)
{
	cdma_text_add(out, what);
	add_range(out, names, ev, ev->offset, ev->op_size);
	cdma_text_addf(out, ", %llu bytes", ull(ev->op_size));
}

static void add_object(struct cdma_text *out,
		       const struct describe_names *names,
		       enum cdma_ctf_table table, uint64_t id, const char *what)
{
	cdma_text_add(out, what);
	add_name(out, names, table, id);
}

static void add_mask(struct cdma_text *out, const struct describe_names *names,
		     const struct cdma_event *ev)
{
	static const char *const what[] = {
		[CDMA_MASK_STREAMING] = "mask of ",
		[CDMA_MASK_COHERENT] = "coherent mask of ",
		[CDMA_MASK_BOTH] = "masks of ",
		[CDMA_MASK_SEG_SIZE] = "max_seg_size of ",
		[CDMA_MASK_SEG_BOUNDARY] = "seg_boundary of ",
	};

	if (ev->offset)
		cdma_text_add(out, "end ");
	add_object(out, names, CDMA_CTF_DEVICE, ev->value,
		   ev->op_size < ARRAY_SIZE(what) ? what[ev->op_size] : "");
	if (ev->op_size == CDMA_MASK_SEG_SIZE)
		cdma_text_addf(out, ": %llu", ull(ev->iova));
	else
		cdma_text_addf(out, ": 0x%llx", ull(ev->iova));
	if (ev->op_offset)
		cdma_text_addf(out, ", which failed: -%llu",
			       ull(ev->op_offset));
}

static void add_fault(struct cdma_text *out, const struct cdma_event *ev)
{
	cdma_text_addf(
		out, "%s %s #%llu",
		cdma_fault_is_device((enum cdma_fault_site)ev->value)
			? "fault of the device:"
			: "failure of",
		ev->value < CDMA_FAULT_NR
			? cdma_fault_name((enum cdma_fault_site)ev->value)
			: "?",
		ull(ev->offset));
}

/* "-ENOMEM", or the number that it is. */
static void add_result(struct cdma_text *out, const struct cdma_event *ev)
{
	int64_t result = (int64_t)ev->value;

	if (ev->offset == CDMA_CALL_DMA_MAP)
		cdma_text_add(out, "DMA_MAPPING_ERROR");
	else if (ev->offset == CDMA_CALL_DMA_HANDLE)
		cdma_text_addf(out, "0x%llx", ull(ev->value));
	else if (result < 0 && result >= -4095)
		program_add_error(out, (int)result);
	else
		cdma_text_addf(out, "%lld", (long long)result);
}

/* "dma_alloc(nic, 64 bytes) = -ENOMEM" */
static void add_call(struct cdma_text *out, const struct describe_names *names,
		     const struct cdma_event *ev)
{
	const char *comma = "";

	cdma_text_addf(out, "%s(",
		       ev->offset < CDMA_CALL_NR
			       ? cdma_call_name((enum cdma_call)ev->offset)
			       : "?");
	if (ev->iova) {
		add_name(out, names, CDMA_CTF_DEVICE, ev->iova);
		comma = ", ";
	}
	if (ev->object && !(ev->iova && ev->offset < CDMA_CALL_NR &&
			    ev->offset != CDMA_CALL_DMA_MAP)) {
		cdma_text_add(out, comma);
		add_name(out, names, CDMA_CTF_REGION, ev->object);
		comma = ", ";
	}
	if (ev->op_size || ev->offset == CDMA_CALL_DMA_ALLOC)
		cdma_text_addf(out, "%s%llu bytes", comma, ull(ev->op_size));
	cdma_text_add(out, ") = ");
	add_result(out, ev);
}

/* As "%pGg" has them. */
static void add_gfp(struct cdma_text *out, uint64_t gfp)
{
	bool atomic = gfp & CDMA_GFP_ATOMIC, zero = gfp & CDMA_GFP_ZERO;

	cdma_text_addf(out, "mode:0x%x(%s%s)",
		       (atomic ? 0xa20u : 0xcc0u) | (zero ? 0x100u : 0),
		       atomic ? "GFP_ATOMIC" : "GFP_KERNEL",
		       zero ? "|__GFP_ZERO" : "");
}

static unsigned int order_of(uint64_t size)
{
	unsigned int order = 0;

	while (order < 52 && size > (uint64_t)CDMA_PAGE_SIZE << order)
		order++;
	return order;
}

bool describe_printk(struct cdma_text *out, const struct describe_names *names,
		     const struct cdma_event *ev, const char *comm)
{
	if (ev->flags & CDMA_EVF_QUIET)
		return false;
	if (ev->kind == CDMA_EV_FAULT && ev->value < CDMA_FAULT_CALLS) {
		cdma_text_addf(
			out,
			"FAULT_INJECTION: forcing a failure. name %s, interval "
			"%llu, probability %llu, space %llu, times %lld",
			cdma_fault_name((enum cdma_fault_site)ev->value),
			ull(ev->op_size), ull(ev->op_offset), ull(ev->rf),
			(long long)ev->ends);
		return true;
	}
	if (ev->kind != CDMA_EV_CALL)
		return false;
	if ((ev->offset == CDMA_CALL_DMA_ALLOC ||
	     ev->offset == CDMA_CALL_KMALLOC) &&
	    ev->value == (uint64_t)-ENOMEM) {
		cdma_text_addf(out, "%s: page allocation failure: order:%u, ",
			       comm, order_of(ev->op_size));
		add_gfp(out, ev->op_offset);
		return true;
	}
	if (ev->offset != CDMA_CALL_DMA_MAP || !ev->op_size)
		return false;
	add_name(out, names, CDMA_CTF_DEVICE, ev->iova);
	cdma_text_addf(out, ": swiotlb buffer is full (sz: %llu bytes)",
		       ull(ev->op_size));
	return true;
}

/* What is named after the words. */
enum names { NOTHING, OBJECT, REGION, DEVICE, SPAN };

/* Those that say the same whatever else is in the event. */
static const struct {
	const char *words; /* NULL: it says more, or is a note */
	enum names names;
} simple[CDMA_EV_NR + 1] = {
	[CDMA_EV_RELEASE] = {"release ", OBJECT},
	[CDMA_EV_ACQUIRE] = {"acquire ", OBJECT},
	[CDMA_EV_IRQ_RAISE] = {"raise ", OBJECT},
	[CDMA_EV_IRQ_ENTER] = {"handle ", OBJECT},
	[CDMA_EV_ALLOC] = {"allocate ", REGION},
	[CDMA_EV_EXPOSE] = {"expose ", REGION},
	[CDMA_EV_FREE] = {"free ", REGION},
	[CDMA_EV_LEASE_BEGIN] = {"lease ", SPAN},
	[CDMA_EV_LEASE_END] = {"end lease ", SPAN},
	[CDMA_EV_MAP] = {"map ", SPAN},
	[CDMA_EV_UNMAP] = {"unmap ", SPAN},
	[CDMA_EV_SYNC_CPU] = {"sync for the CPU ", SPAN},
	[CDMA_EV_SYNC_DEVICE] = {"sync for the device ", SPAN},
	[CDMA_EV_BIND] = {"bind ", DEVICE},
	[CDMA_EV_UNBIND] = {"unbind ", DEVICE},
	[CDMA_EV_JOIN] = {"join ", DEVICE},
	[CDMA_EV_BRANCH] = {"branch", NOTHING},
	[CDMA_EV_USE] = {"use of a value", NOTHING},
	[CDMA_EV_START] = {"start", NOTHING},
	[CDMA_EV_EXIT] = {"end", NOTHING},
	[CDMA_EV_SECTION_BEGIN] = {"rcu_read_lock()", NOTHING},
	[CDMA_EV_SECTION_END] = {"rcu_read_unlock()", NOTHING},
	[CDMA_EV_GRACE_BEGIN] = {"begin grace period", NOTHING},
	[CDMA_EV_GRACE_END] = {"end grace period", NOTHING},
};

static void add_simple(struct cdma_text *out,
		       const struct describe_names *names,
		       const struct cdma_event *ev)
{
	const char *words = simple[ev->kind].words;

	switch (simple[ev->kind].names) {
	case NOTHING:
		cdma_text_add(out, words ? words : "note");
		return;
	case OBJECT:
		add_object(out, names, CDMA_CTF_OBJECT, ev->object, words);
		return;
	case REGION:
		add_object(out, names, CDMA_CTF_REGION, ev->object, words);
		return;
	case DEVICE:
		add_object(out, names, CDMA_CTF_DEVICE, ev->value, words);
		return;
	case SPAN:
		add_span(out, names, ev, words);
		return;
	}
}

void describe_event(struct cdma_text *out, const struct describe_names *names,
		    const struct cdma_event *ev, bool whole)
{
	const char *mode = ev->value ? "as_mut " : "as_ref ";

	switch (ev->kind) {
	case CDMA_EV_READ:
	case CDMA_EV_WRITE:
		add_access(out, names, ev, whole);
		return;
	case CDMA_EV_BARRIER:
		cdma_text_addf(out, "%s()",
			       barriers[ev->domain % 3][ev->order % 3]);
		return;
	case CDMA_EV_STATE:
		add_object(out, names, CDMA_CTF_OBJECT, ev->object,
			   ev->value ? "change " : "look at ");
		return;
	case CDMA_EV_WINDOW_BEGIN:
		add_span(out, names, ev, mode);
		return;
	case CDMA_EV_WINDOW_END:
		cdma_text_add(out, "end ");
		add_span(out, names, ev, mode);
		return;
	case CDMA_EV_MASTER:
		add_object(out, names, CDMA_CTF_DEVICE, ev->value,
			   ev->offset ? "bus mastering on of "
				      : "bus mastering off of ");
		return;
	case CDMA_EV_MASK:
		add_mask(out, names, ev);
		return;
	case CDMA_EV_FAULT:
		add_fault(out, ev);
		return;
	case CDMA_EV_CALL:
		add_call(out, names, ev);
		return;
	default:
		add_simple(out, names, ev);
		return;
	}
}

static void add_flags(struct cdma_text *out, uint32_t flags)
{
	static const char *const names[] = {
		"relaxed",   "acquire", "release", "box",    "race_ok",
		"reported",  "poll",    "last",    "missed", "unseen",
		"unordered", "plain",   "try",     "unused", "quiet",
		"idle",      "tainted", "lent",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (flags & 1u << i)
			cdma_text_addf(out, " %s", names[i]);
}

static void add_read(void *aux, uint64_t seq, uint8_t bytes)
{
	(void)bytes;
	cdma_text_addf(aux, " #%llu", ull(seq));
}

void describe_rest(struct cdma_text *out, struct cdma_deps *deps,
		   const struct cdma_event *ev)
{
	cdma_text_addf(out, "%s, %u of %llu bytes",
		       cdma_event_kind_name((enum cdma_event_kind)ev->kind),
		       ev->size, ull(ev->op_size));
	if (ev->op && ev->op != ev->seq)
		cdma_text_addf(out, ", of #%llu", ull(ev->op));
	if (ev->iova)
		cdma_text_addf(out, ", iova 0x%llx", ull(ev->iova));
	if (ev->flags) {
		cdma_text_add(out, ", flags");
		add_flags(out, ev->flags);
	}
	if (ev->addr_dep) {
		cdma_text_add(out, ", address from");
		cdma_dep_each(deps, ev->addr_dep, add_read, out);
	}
	if (ev->data_dep) {
		cdma_text_add(out, ", value from");
		cdma_dep_each(deps, ev->data_dep, add_read, out);
	}
}
