/* SPDX-License-Identifier: MIT */
#include "report/wording.h"

#include "base/macros.h"

#include <cdma/mapping.h>

/* Indexed by enum cdma_access. */
static const char *const reads[] = {
	[CDMA_PLAIN] = "plain read",   [CDMA_MARKED] = "read",
	[CDMA_BULK] = "copying read",  [CDMA_DMA] = "DMA read",
	[CDMA_MMIO] = "register read",
};

static const char *const writes[] = {
	[CDMA_PLAIN] = "plain write",   [CDMA_MARKED] = "write",
	[CDMA_BULK] = "copying write",  [CDMA_DMA] = "DMA write",
	[CDMA_MMIO] = "register write",
};

/* What an event is as one side of a finding, and the line above it. */
static const struct {
	const char *act, *against;
} acts[CDMA_EV_NR] = {
	[CDMA_EV_READ] = {"read", "it is against this"},
	[CDMA_EV_WRITE] = {"write", "it is against this"},
	[CDMA_EV_BARRIER] = {"barrier", "it comes after this"},
	[CDMA_EV_BRANCH] = {"branch", "it comes after this"},
	[CDMA_EV_RELEASE] = {"release", "it comes after this"},
	[CDMA_EV_ACQUIRE] = {"acquire", "it comes after this"},
	[CDMA_EV_IRQ_RAISE] = {"interrupt", "it comes after this"},
	[CDMA_EV_IRQ_ENTER] = {"interrupt", "it comes after this"},
	[CDMA_EV_START] = {"start", "it comes after this"},
	[CDMA_EV_EXIT] = {"end", "it comes after this"},
	[CDMA_EV_ALLOC] = {"allocation", "the memory comes from this"},
	[CDMA_EV_EXPOSE] = {"exposure", "the device can reach it since this"},
	[CDMA_EV_FREE] = {"free", "it comes after this"},
	[CDMA_EV_WINDOW_BEGIN] = {"reference window", "it is inside this"},
	[CDMA_EV_WINDOW_END] = {"end of a reference window",
				"it comes after this"},
	[CDMA_EV_LEASE_BEGIN] = {"lease to a device", "it comes during this"},
	[CDMA_EV_LEASE_END] = {"end of a lease", "it comes after this"},
	[CDMA_EV_MAP] = {"mapping", "it is mapped since this"},
	[CDMA_EV_UNMAP] = {"unmapping", "it comes after this"},
	[CDMA_EV_SYNC_CPU] = {"sync for the CPU", "it comes after this"},
	[CDMA_EV_SYNC_DEVICE] = {"sync for the device", "it comes after this"},
	[CDMA_EV_BIND] = {"bind", "it comes after this"},
	[CDMA_EV_UNBIND] = {"unbind", "it comes after this"},
	[CDMA_EV_JOIN] = {"end of an engine", "it comes after this"},
	[CDMA_EV_MASTER] = {"change of bus mastering", "it comes after this"},
	[CDMA_EV_MASK] = {"change of a DMA mask", "it comes during this"},
	[CDMA_EV_FAULT] = {"failure", "it comes after this"},
	[CDMA_EV_SECTION_BEGIN] = {"read-side section", "it comes after this"},
	[CDMA_EV_SECTION_END] = {"end of a read-side section",
				 "it comes after this"},
	[CDMA_EV_GRACE_BEGIN] = {"grace period", "it comes during this"},
	[CDMA_EV_GRACE_END] = {"end of a grace period", "it comes after this"},
	[CDMA_EV_STATE] = {"call", "it comes after this"},
	[CDMA_EV_NOTE] = {"call", "it comes during this"},
	[CDMA_EV_USE] = {"use", "it comes after this"},
};

const char *wording_act(const struct cdma_party *party)
{
	unsigned int how =
		party->flags & CDMA_EVF_PLAIN ? CDMA_PLAIN : party->how;

	if (party->kind == CDMA_EV_READ && how < ARRAY_SIZE(reads))
		return reads[how];
	if (party->kind == CDMA_EV_WRITE && how < ARRAY_SIZE(writes))
		return writes[how];
	return party->kind < CDMA_EV_NR ? acts[party->kind].act : "event";
}

/* What is said about a kind of finding, where the event does not say it. */
static const struct {
	const char *against; /* NULL: that of the event */
	const char *why, *help, *kernel;
} kinds[CDMA_FINDING_NR] = {
	[CDMA_FINDING_DATA_RACE] =
		{"it races with this",
		 "Nothing orders the two, and a plain access may be torn, "
		 "repeated or moved by the compiler.",
		 NULL, "BUG: KCSAN: data-race in ..."},
	[CDMA_FINDING_UNORDERED_READ] =
		{"it may miss this",
		 "But nothing keeps the two reads in order: the CPU may do the "
		 "later one first and get what was there before.",
		 NULL, NULL},
	[CDMA_FINDING_UNORDERED_WRITE] =
		{"it may come before this",
		 "But nothing keeps the write behind that read.", NULL, NULL},
	[CDMA_FINDING_UNORDERED_PUBLISH] =
		{"it may miss this",
		 "But nothing makes the two writes arrive in this order.", NULL,
		 NULL},
	[CDMA_FINDING_UNORDERED_GIVEBACK] =
		{"it may overwrite what is not read yet by this",
		 "But nothing makes the read complete before the memory is "
		 "given back.",
		 NULL, NULL},
	[CDMA_FINDING_DEVICE_ORDER] =
		{"it may miss this",
		 "But that write of the device is relaxed: it may overtake "
		 "this one, and no barrier of the CPU can help.",
		 NULL, NULL},
	[CDMA_FINDING_EXPOSED_ACCESS] =
		{NULL, "The device may read or write these bytes at any time.",
		 "use READ_ONCE() and WRITE_ONCE() (dma_read, dma_write), or a "
		 "window while the CPU owns them",
		 NULL},
	[CDMA_FINDING_UNEXPOSED_ACCESS] =
		{"the memory is a box, owned by the CPU, since this",
		 "The address of a box must not be known to anybody.",
		 "expose the box before the device is told its address", NULL},
	[CDMA_FINDING_WINDOW_CONFLICT] =
		{"it is inside this",
		 "While a reference is live, the compiler may assume that "
		 "nobody else touches its bytes.",
		 "end the reference before, or make it cover only what the CPU "
		 "owns",
		 NULL},
	[CDMA_FINDING_HANDLE_ACCESS] =
		{"the memory has no kernel mapping since this",
		 "What looks like a pointer is a cookie: reading it reads "
		 "something else.",
		 "allocate a coherent, or let the device access it", NULL},
	[CDMA_FINDING_DEVICE_UAF] =
		{NULL, "The memory may belong to somebody else by now.",
		 "stop the device, and wait for it, before the memory is freed",
		 NULL},
	[CDMA_FINDING_CPU_UAF] =
		{NULL, "The memory may belong to somebody else by now.",
		 "use it before, or do this later", NULL},
	[CDMA_FINDING_FREE_WHILE_LEASED] =
		{"it comes during this",
		 "The device has the address and may still write to it.",
		 "stop the device, or take the address back, before the free",
		 NULL},
	[CDMA_FINDING_DOUBLE_FREE] =
		{NULL, NULL, "free it once: set the pointer to NULL after",
		 "DMA-API: device driver tries to free DMA memory it has not "
		 "allocated"},
	[CDMA_FINDING_DOUBLE_CONVERT] = {NULL, NULL, "convert it once", NULL},
	[CDMA_FINDING_LEAK] = {NULL,
			       "It is still allocated at the end of the run.",
			       "free it on every path out, the error paths too",
			       NULL},
	[CDMA_FINDING_OUTLIVES_UNBIND] =
		{"it is still there after this",
		 "The mapping goes with the driver.",
		 "free it in remove(), after the device was stopped",
		 "DMA-API: device driver has pending DMA allocations while "
		 "released from device"},
	[CDMA_FINDING_ATOMIC_SLEEP] =
		{"the lock is held since this",
		 "Who sleeps here lets others run, who may wait for it for "
		 "ever.",
		 "do it elsewhere, allocate with GFP_ATOMIC, or use a mutex",
		 "BUG: sleeping function called from invalid context"},
	[CDMA_FINDING_IRQ_UNSAFE_LOCK] =
		{"the handler takes it by this",
		 "On one CPU the handler would wait for whom it has stopped.",
		 "spin_lock_irqsave() where the handler is that of an "
		 "interrupt, spin_lock_bh() where it is a softirq",
		 "WARNING: inconsistent lock state"},
	[CDMA_FINDING_LOCK_HELD] = {"it is held since this",
				    "Whoever wants it next waits for ever.",
				    "unlock on every path out", NULL},
	[CDMA_FINDING_LEFT_ACTIVE] =
		{NULL, "What it runs, and runs on, is gone by then.",
		 "take it back, and wait for it, before the driver goes",
		 "ODEBUG: free active"},
	[CDMA_FINDING_STUCK] = {"it waits for the end of this", NULL, NULL,
				NULL},
	[CDMA_FINDING_UNBOUND_ALLOC] =
		{NULL, "DMA memory can be had from probe() to remove().",
		 "allocate in probe()", NULL},
	[CDMA_FINDING_FREE_AFTER_UNBIND] =
		{NULL, "dma_free_attrs() may be called until remove() returns.",
		 "free it in remove()", NULL},
	[CDMA_FINDING_REVOKED_ACCESS] =
		{NULL, "What it stood for may be gone.",
		 "use it under a guard that try_access() gave", NULL},
	[CDMA_FINDING_REVOKE_IN_USE] =
		{"it is in use since this",
		 "What is dropped now is used there, until the guard is put.",
		 "revoke and wait, or put the guards first", NULL},
	[CDMA_FINDING_OUT_OF_BOUNDS] = {NULL, NULL,
					"check the index or address first",
					NULL},
	[CDMA_FINDING_WRONG_DEVICE] =
		{NULL, "Each device has addresses of its own.",
		 "allocate the memory for the device that uses it", NULL},
	[CDMA_FINDING_MASK_EXCEEDED] =
		{NULL, "The access went to another address, or nowhere.",
		 "set a DMA mask that the hardware really has, before memory "
		 "is allocated",
		 NULL},
	[CDMA_FINDING_MASK_RACE] =
		{NULL, "The allocation may be placed by the old or new mask.",
		 "set the mask in probe(), before anybody allocates", NULL},
	[CDMA_FINDING_MASK_UNSET] = {NULL, NULL,
				     "call dma_set_coherent_mask() first",
				     "WARN_ON_ONCE(!dev->coherent_dma_mask)"},
	[CDMA_FINDING_MISALIGNED] = {NULL, NULL, "align the offset to the size",
				     NULL},
	[CDMA_FINDING_TORN_READ] =
		{"it saw only a part of this",
		 "One of the two was made in pieces, and the other came "
		 "between.",
		 "read a field of 8 bytes or less; what arrives in halves "
		 "must show that it is complete",
		 NULL},
	[CDMA_FINDING_STALE_VALUE] =
		{"its value was overwritten by this",
		 "But the value had been fetched before that: it is what was "
		 "there while the memory was still the device's.",
		 "fetch it after the read that proves that the device is done, "
		 "behind dma_rmb()",
		 NULL},
	[CDMA_FINDING_DOUBLE_FETCH] = {"it repeats this",
				       "The first value was checked, and the "
				       "second is used: the device "
				       "may have changed it in between.",
				       "read it once into a local and use that",
				       NULL},
	[CDMA_FINDING_UNTRUSTED_VALUE] =
		{"its value comes from this",
		 "The device may have put any value there, at any time, and "
		 "nothing looked at it since it was read.",
		 "compare it with what is allowed, and go another way, or keep "
		 "it within bounds: % N, & mask, min()",
		 NULL},
	[CDMA_FINDING_UNINIT_EXPOSED] =
		{NULL, "What was there before leaks to the device.",
		 "allocate it ZEROED, or write it first", NULL},
	[CDMA_FINDING_UNINIT_READ] = {NULL, NULL,
				      "allocate it ZEROED, or write it first",
				      NULL},
	[CDMA_FINDING_INIT_OUTSIDE] = {NULL, NULL, "write only inside the slot",
				       NULL},
	[CDMA_FINDING_MISSING_SYNC] =
		{NULL,
		 "Between a map and an unmap the bytes belong to the device, "
		 "unless a sync lends them to the CPU. Caches and bounce "
		 "buffers are copied only there.",
		 "call dma_sync_single_for_cpu() before the CPU uses it, and "
		 "dma_sync_single_for_device() before the device does; or do "
		 "it before the map, or after the unmap",
		 NULL},
	[CDMA_FINDING_WRONG_DIRECTION] =
		{NULL,
		 "An IOMMU refuses it, and a cache is not prepared for it.",
		 "map it DMA_BIDIRECTIONAL, or for what the device does", NULL},
	[CDMA_FINDING_SHARED_LINE] =
		{"the line has what the device wrote here",
		 "A cache that is not coherent writes back a whole line, at "
		 "any "
		 "time: with what is next to it, as it was fetched.",
		 "give what the device writes lines of its own: align it to "
		 "ARCH_DMA_MINALIGN, and pad it, or allocate it by itself",
		 NULL},
	[CDMA_FINDING_BAD_MAP] = {NULL, NULL,
				  "map memory of kmalloc() or of whole pages",
				  NULL},
	[CDMA_FINDING_BAD_UNMAP] =
		{NULL, NULL,
		 "give back the address that the map or the allocation "
		 "gave, once, with the same device, size, direction and "
		 "family of calls",
		 NULL},
	[CDMA_FINDING_BAD_SYNC] =
		{NULL, NULL,
		 "sync bytes inside of one mapping, with its device and "
		 "direction",
		 NULL},
	[CDMA_FINDING_UNCHECKED_MAP] =
		{"it is unmapped by this",
		 "A map may fail, and what it gives then is no address.",
		 "test it with dma_mapping_error() before the device is told",
		 NULL},
	[CDMA_FINDING_BUS_MASTER_OFF] =
		{NULL, "The bridge drops it.",
		 "call pci_set_master() before the device is started, and "
		 "stop the device before it is cleared",
		 NULL},
};

const char *wording_against(const struct cdma_finding *finding)
{
	const char *line = kinds[finding->id].against;

	if (line)
		return line;
	/* What ends memory is judged against what was done before it, too. */
	if ((finding->id == CDMA_FINDING_DEVICE_UAF ||
	     finding->id == CDMA_FINDING_CPU_UAF) &&
	    finding->at.seq < finding->against.seq)
		return "nothing orders it before this";
	return finding->against.kind < CDMA_EV_NR
		       ? acts[finding->against.kind].against
		       : "it is against this";
}

const char *wording_poll(const struct cdma_finding *finding)
{
	switch (finding->id) {
	case CDMA_FINDING_UNORDERED_READ:
	case CDMA_FINDING_UNORDERED_PUBLISH:
	case CDMA_FINDING_DEVICE_ORDER:
		break;
	default:
		return NULL;
	}
	return finding->at.flags & CDMA_EVF_POLL
		       ? "A value that was there before would have ended this "
			 "wait, too: it need not look again."
		       : NULL;
}

const char *wording_why(const struct cdma_finding *finding)
{
	if (finding->id == CDMA_FINDING_UNORDERED_PUBLISH) {
		if (!finding->publish.seq)
			return finding->proof.seq
				       ? "But nothing on the way from one to "
					 "the other orders this write."
				       : "Nothing orders this write before "
					 "the read: the device was not told "
					 "about it.";
		if (finding->publish.how == CDMA_MMIO &&
		    (finding->publish.flags & CDMA_EVF_RELAXED))
			return "But a relaxed register write waits for no "
			       "write to memory: it may reach the device "
			       "first.";
		if (finding->publish.actor != finding->against.actor)
			return "But that write passes on only what its own "
			       "thread wrote, not what it read.";
	}
	if (finding->id == CDMA_FINDING_DEVICE_ORDER &&
	    (finding->against.flags & CDMA_EVF_UNORDERED))
		return "But nothing keeps this write of the device in order: "
		       "later ones may overtake it, and no barrier of the CPU "
		       "can help.";
	if (finding->cure == CDMA_CURE_APART)
		return "But they are parts of one access, which may read them "
		       "in any order: this one may be older than the proof.";
	if (finding->id == CDMA_FINDING_UNORDERED_READ &&
	    finding->proof.kind == CDMA_EV_IRQ_ENTER)
		return "But a wired interrupt may overtake the writes that it "
		       "speaks of.";
	return kinds[finding->id].why;
}

const char *wording_proof(const struct cdma_finding *finding)
{
	if (finding->id == CDMA_FINDING_UNINIT_READ)
		return "its value was fetched by this";
	return "it relied on this";
}

const char *wording_publish(const struct cdma_finding *finding)
{
	switch (finding->id) {
	case CDMA_FINDING_UNORDERED_PUBLISH:
	case CDMA_FINDING_UNORDERED_GIVEBACK:
	case CDMA_FINDING_DEVICE_ORDER:
		return "which saw this";
	case CDMA_FINDING_STALE_VALUE:
		return "its value was fetched by this";
	case CDMA_FINDING_DOUBLE_FETCH:
		return "its value comes from this";
	default:
		return NULL;
	}
}

bool wording_is_mapping(const struct cdma_finding *finding)
{
	return finding->id >= CDMA_FINDING_BAD_MAP &&
	       finding->id <= CDMA_FINDING_UNCHECKED_MAP && finding->arg[0];
}

const char *wording_kernel(const struct cdma_finding *finding)
{
	/* KCSAN does not see what a device does. */
	if (finding->id == CDMA_FINDING_DATA_RACE &&
	    (finding->at.how == CDMA_DMA || finding->against.how == CDMA_DMA))
		return NULL;
	if (wording_is_mapping(finding))
		return cdma_check_kernel(
			(enum cdma_mapping_check)finding->arg[0]);
	return kinds[finding->id].kernel;
}

static void add_site(struct cdma_text *out, const char *before,
		     const struct cdma_site *site)
{
	if (site && site->file)
		cdma_text_addf(out, "%s%s:%u", before, site->file, site->line);
}

static const char *act_word(const struct cdma_party *party)
{
	return party->kind == CDMA_EV_WRITE ? "write" : "read";
}

/* "the write at x.dma:12" */
static void add_party(struct cdma_text *out, const char *before,
		      const struct cdma_party *party)
{
	cdma_text_addf(out, "%sthe %s", before, act_word(party));
	add_site(out, " at ", party->site);
}

/* What has to come before what. */
static void add_order(struct cdma_text *out, const struct cdma_finding *f)
{
	switch (f->id) {
	case CDMA_FINDING_UNORDERED_READ:
	case CDMA_FINDING_UNORDERED_WRITE:
		add_party(out, "", &f->at);
		if (f->proof.kind == CDMA_EV_READ)
			add_party(out, " has to come after ", &f->proof);
		else
			cdma_text_add(out, " has to come after the writes that "
					   "the interrupt speaks of");
		return;
	case CDMA_FINDING_UNORDERED_PUBLISH:
		add_party(out, "", &f->against);
		if (f->publish.seq)
			add_party(out, " has to be seen before ", &f->publish);
		else
			cdma_text_addf(out,
				       " has to be followed by something that "
				       "tells %s",
				       f->at.how == CDMA_DMA ? "the device"
							     : "its reader");
		return;
	default:
		add_party(out, "", &f->against);
		if (f->publish.seq)
			add_party(out, " has to be complete before ",
				  &f->publish);
		else
			add_party(out, " has to be complete before ", &f->at);
	}
}

static void add_cure(struct cdma_text *out, const struct cure *cure)
{
	cdma_text_addf(out, "%s (tried: %s found then in %llu schedules)",
		       cure->text,
		       cure->is_clean ? "nothing is" : "this is not",
		       (unsigned long long)cure->schedules);
}

static const char *advice(enum cdma_cure cure)
{
	switch (cure) {
	case CDMA_CURE_SENTINEL:
		return "check the payload itself for having arrived; or let "
		       "the device write in order";
	case CDMA_CURE_MARK:
		return "use READ_ONCE() and WRITE_ONCE(); or let the CPU own "
		       "the bytes before it refers to them";
	case CDMA_CURE_LOCK:
		return "take the same lock around both";
	case CDMA_CURE_APART:
		return "read what proves it first and by itself, then a read "
		       "barrier, then the rest";
	default:
		return NULL;
	}
}

static bool is_marked(const struct cdma_party *party)
{
	return party->how == CDMA_MARKED && !(party->flags & CDMA_EVF_PLAIN);
}

/* Of two CPUs one has marked its access: the other may do so, too. */
static bool add_mark(struct cdma_text *out, const struct cdma_finding *f)
{
	const struct cdma_party *other = is_marked(&f->at)        ? &f->against
					 : is_marked(&f->against) ? &f->at
								  : NULL;

	if (!other || f->cure != CDMA_CURE_LOCK || other->how == CDMA_BULK)
		return false;
	cdma_text_addf(out, "use %s",
		       other->kind == CDMA_EV_WRITE ? "WRITE_ONCE()"
						    : "READ_ONCE()");
	add_site(out, " at ", other->site);
	cdma_text_add(out, ", too; or take the same lock around both");
	return true;
}

void wording_add_help(struct cdma_text *out, const struct cdma_finding *finding,
		      const struct cure *cure)
{
	const char *line = advice(finding->cure);

	if (cure->text) {
		add_cure(out, cure);
		return;
	}
	if (add_mark(out, finding))
		return;
	if (finding->cure == CDMA_CURE_APART) {
		cdma_text_add(out, finding->at.how == CDMA_DMA
					   ? "let the device fetch what proves "
					     "it first, and by itself"
					   : line);
		return;
	}
	switch (finding->id) {
	case CDMA_FINDING_UNORDERED_READ:
	case CDMA_FINDING_UNORDERED_WRITE:
	case CDMA_FINDING_UNORDERED_PUBLISH:
	case CDMA_FINDING_UNORDERED_GIVEBACK:
		add_order(out, finding);
		if (cure->is_tried)
			cdma_text_add(out, "; no barrier that was tried does "
					   "that");
		return;
	default:
		break;
	}
	if (!line)
		line = kinds[finding->id].help;
	if (line)
		cdma_text_add(out, line);
}
