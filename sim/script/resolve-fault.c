/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/macros.h"
#include "base/suggest.h"
#include "base/text.h"

#include <cdma/fault.h>

#include <string.h>

/* Faults: calls that fail, and what broken devices do; see resolve-attr.c for
 * what may be said of both. */

/* Calls whose name is not that of the place where they fail. */
static const struct {
	const char *call;
	enum cdma_fault_site site;
} calls[] = {
	{"dma_alloc_coherent", CDMA_FAULT_DMA_ALLOC},
	{"dma_alloc_handle", CDMA_FAULT_DMA_ALLOC},
	{"box_from_slice", CDMA_FAULT_DMA_ALLOC},
	{"coherent_from_slice", CDMA_FAULT_DMA_ALLOC},
	{"coherent_init", CDMA_FAULT_INIT},
	{"dma_set_mask", CDMA_FAULT_SET_MASK},
	{"dma_set_mask_and_coherent", CDMA_FAULT_SET_MASK},
	{"dma_set_coherent_mask", CDMA_FAULT_SET_COHERENT_MASK},
	{"pci_enable_device_mem", CDMA_FAULT_ENABLE_DEVICE},
	{"debugfs_read", CDMA_FAULT_COPY_TO_USER},
	{"pcim_iomap_regions", CDMA_FAULT_IOMAP},
};

static void unknown_site(struct resolver *r, const struct name *name)
{
	struct cdma_suggest s = cdma_suggest_for(name->text);

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (!strcmp(calls[i].call, name->text)) {
			resolve_error(r, name->span,
				      "%s() fails at the fault site '%s', "
				      "which other calls pass too: write that",
				      name->text,
				      cdma_fault_name(calls[i].site));
			return;
		}
	for (int i = 0; i < CDMA_FAULT_CALLS; i++)
		cdma_suggest_offer(&s,
				   cdma_fault_name((enum cdma_fault_site)i));
	if (s.best)
		resolve_error(r, name->span,
			      "unknown fault site '%s'; did you mean '%s'?",
			      name->text, s.best);
	else
		resolve_error(r, name->span, "unknown fault site '%s'",
			      name->text);
}

/* -ENOMEM and the like, if the kernel can fail so there. */
static int resolve_errno(struct resolver *r, const struct expr *e,
			 enum cdma_fault_site site)
{
	int error = resolve_error_value(r, e);

	if (site == CDMA_FAULT_ANY)
		resolve_error(r, e->span,
			      "'any' fails with what each site fails with");
	else if (error && !cdma_fault_is_legal(site, error))
		resolve_error(r, e->span,
			      "'%s' does not fail with %d in the kernel",
			      cdma_fault_name(site), error);
	return error;
}

/* The field of whatever an initialiser of @site fills. */
static const struct field *find_filled(struct resolver *r,
				       const struct fail_ref *ref,
				       enum cdma_fault_site site)
{
	const struct field *found = NULL;

	for (const struct fill *f = r->unit->fills; f; f = f->next) {
		const struct field *field =
			f->site == site
				? layout_find(f->layout, ref->field.text)
				: NULL;

		if (field && found && field->offset != found->offset) {
			found = NULL;
			break;
		}
		if (field)
			found = field;
	}
	if (!found)
		resolve_error(r, ref->field.span,
			      "of which buffer? write '%s of BUFFER at field "
			      "%s'",
			      ref->site.text, ref->field.text);
	return found;
}

/* The field of the buffer at which an initialiser stops. */
static const struct field *resolve_fault_field(struct resolver *r,
					       const struct fail_ref *ref,
					       enum cdma_fault_site site)
{
	const struct sym *sym;

	if (!ref->field.text)
		return NULL;
	if (!cdma_fault_has_byte(site)) {
		resolve_error(r, ref->field.span,
			      "'%s' fails as a whole, not at a field",
			      cdma_fault_name(site));
		return NULL;
	}
	if (!ref->of.text)
		return find_filled(r, ref, site);
	sym = r->words[ref->of.id].typed;
	if (!sym || !sym->type.scalar)
		return NULL;
	if (sym->type.scalar == SCALAR_STRUCT)
		return resolve_field(r, sym->type.layout, &ref->field);
	resolve_error(r, ref->field.span, "'%s' holds %s, which has no fields",
		      sym->name, type_text(r, sym->type));
	return NULL;
}

/* "at byte 8". */
static void resolve_byte(struct resolver *r, const struct fail_ref *ref,
			 enum cdma_fault_site site, uint64_t *byte)
{
	if (!cdma_fault_has_byte(site))
		resolve_error(r, ref->byte->span,
			      "'%s' fails as a whole, not at a byte",
			      cdma_fault_name(site));
	else
		resolve_count(r, ref->byte, "the byte", 1, UINT32_MAX, byte);
}

/* Which function fails says itself that it may, and how. */
static void check_function(struct resolver *r, const struct fail_ref *ref)
{
	if (ref->with)
		resolve_error(r, ref->with->span,
			      "a call fails with what its function says that "
			      "it may fail with");
	for (const struct item *i = r->script->items; i && ref->of.text;
	     i = i->next)
		if (i->kind == ITEM_FN && i->name.id == ref->of.id) {
			if (!i->may_fail)
				resolve_error(r, ref->of.span,
					      "'%s' does not say that it may "
					      "fail: write 'fn %s(...) may "
					      "fail -EIO'",
					      ref->of.text, ref->of.text);
			return;
		}
	if (ref->of.text)
		resolve_error(r, ref->of.span, "there is no function '%s'",
			      ref->of.text);
}

/* ---- what devices do ---- */

/* "drop write", as it is in the list; NR, and an error: it is not. */
static enum cdma_fault_site find_device_fault(struct resolver *r,
					      const struct fail_ref *ref)
{
	struct span span = ref->site.span;
	struct cdma_text text = {0};
	struct cdma_suggest s;
	enum cdma_fault_site site;

	cdma_text_add(&text, ref->site.text);
	if (ref->what.text) {
		cdma_text_addf(&text, " %s", ref->what.text);
		span = span_join(span, ref->what.span);
	}
	site = cdma_fault_find(cdma_text_str(&text));
	if (site >= CDMA_FAULT_CALLS && site < CDMA_FAULT_NR) {
		cdma_text_fini(&text);
		return site;
	}
	s = cdma_suggest_for(text.at);
	for (int i = CDMA_FAULT_CALLS; i < CDMA_FAULT_NR; i++)
		cdma_suggest_offer(&s,
				   cdma_fault_name((enum cdma_fault_site)i));
	if (s.best)
		resolve_error(r, span,
			      "a device has no fault '%s'; did you mean '%s'?",
			      text.at, s.best);
	else
		resolve_error(r, span,
			      "a device has no fault '%s': 'cdmasim list "
			      "--faults' has those that there are",
			      text.at);
	cdma_text_fini(&text);
	return CDMA_FAULT_NR;
}

/* Whether a thread of @device is in the scenario, which then may write. */
static bool has_thread(const struct resolver *r, const struct device *device)
{
	for (const struct item *i = r->script->items; i; i = i->next)
		if (i->kind == ITEM_THREAD && !strcmp(i->on.text, device->name))
			return true;
	return false;
}

static void check_write(struct resolver *r, const struct fail_ref *ref,
			const struct device *device, enum cdma_fault_site site)
{
	if (!has_thread(r, device))
		resolve_error(r, ref->device.span,
			      "'%s' has no thread, so it writes nothing",
			      device->name);
	resolve_buffer_name(r, &ref->of);
	if (site == CDMA_FAULT_TRUNCATE_WRITE &&
	    (device->dma_bits <= 32 || device->iova_base <= UINT32_MAX))
		resolve_error(
			r, ref->device.span,
			"the addresses of '%s' have no more than 32 bits, "
			"so none is cut: say 'iova_base = 1 << 32;'",
			device->name);
}

static const struct irq *find_irq(const struct device *device, const char *name)
{
	for (size_t i = 0; i < device->nr_irqs; i++)
		if (!strcmp(device->irqs[i].name, name))
			return &device->irqs[i];
	return NULL;
}

/* Only who shares a line with others can be called for one of theirs. */
static void check_wire(struct resolver *r, const struct fail_ref *ref,
		       const struct device *device, const struct irq *irq)
{
	for (size_t i = 0; !irq && i < device->nr_irqs; i++)
		if (device->irqs[i].wire)
			return;
	if (!irq || !irq->wire)
		resolve_error(r, irq ? ref->of.span : ref->device.span,
			      "%s%s%s is an MSI, which nobody shares: its "
			      "handler is not called once it is freed",
			      irq ? "'" : "each interrupt of it",
			      irq ? irq->name : "", irq ? "'" : "");
}

static const struct irq *check_irq(struct resolver *r,
				   const struct fail_ref *ref,
				   const struct device *device,
				   enum cdma_fault_site site)
{
	const struct irq *irq =
		ref->of.text ? find_irq(device, ref->of.text) : NULL;

	if (!device->nr_irqs) {
		resolve_error(r, ref->device.span, "'%s' has no interrupt",
			      device->name);
		return NULL;
	}
	if (ref->of.text && !irq) {
		resolve_error(r, ref->of.span, "'%s' has no interrupt '%s'",
			      device->name, ref->of.text);
		return NULL;
	}
	if (site == CDMA_FAULT_LATE_IRQ)
		check_wire(r, ref, device, irq);
	if (site != CDMA_FAULT_SPURIOUS_IRQ)
		return irq;
	if (!irq && device->nr_irqs == 1)
		irq = &device->irqs[0];
	if (!irq)
		resolve_error(r, ref->site.span,
			      "which of the interrupts of '%s'? write "
			      "'spurious irq of NAME'",
			      device->name);
	return irq;
}

static void check_register(struct resolver *r, const struct fail_ref *ref,
			   const struct device *device, struct fault *fault)
{
	const struct field *field;

	if (!device->regs.size) {
		resolve_error(r, ref->device.span, "'%s' has no registers",
			      device->name);
		return;
	}
	if (!ref->of.text)
		return;
	field = resolve_field(r, &device->regs, &ref->of);
	if (!field)
		return;
	fault->offset = field->offset;
	fault->size = field->type.size;
}

/* What may be said of calls only, or of some devices' faults only. */
static void check_extras(struct resolver *r, const struct fail_ref *ref,
			 enum cdma_fault_site site)
{
	const char *name = cdma_fault_name(site);

	if (ref->with)
		resolve_error(r, ref->with->span,
			      "'%s' gives no error: what comes of it is up to "
			      "the driver",
			      name);
	if (ref->field.text || ref->byte)
		resolve_error(r, ref->byte ? ref->byte->span : ref->field.span,
			      "'%s' is not at a place of something", name);
	if (ref->bit && site != CDMA_FAULT_FLIP_WRITE)
		resolve_error(r, ref->bit->span,
			      "'%s' is not about a bit; 'flip write' is", name);
	if (ref->nr && cdma_fault_is_sudden(site))
		resolve_error(r, ref->nr->span,
			      "'%s' comes at any moment, and once: it has no "
			      "number",
			      name);
	if ((ref->in.text || ref->label.text) && cdma_fault_is_sudden(site))
		resolve_error(r, ref->in.text ? ref->in.span : ref->label.span,
			      "'%s' comes at any moment, and is nobody's step: "
			      "'after' a label is all there is to say",
			      name);
	if (ref->of.text && site == CDMA_FAULT_REMOVE)
		resolve_error(r, ref->of.span,
			      "all of a device is removed, not a part of it");
}

static void check_device_fault(struct resolver *r, const struct fail_ref *ref,
			       enum cdma_fault_site site, struct fault *fault)
{
	check_extras(r, ref, site);
	if (ref->bit)
		resolve_count(r, ref->bit, "the bit", 0, UINT32_MAX,
			      &fault->bit);
	fault->any = !ref->when && !cdma_fault_is_sudden(site) &&
		     site != CDMA_FAULT_LATE_IRQ;
	switch (site) {
	case CDMA_FAULT_DROP_IRQ:
	case CDMA_FAULT_REPEAT_IRQ:
	case CDMA_FAULT_SPURIOUS_IRQ:
	case CDMA_FAULT_LATE_IRQ:
		fault->irq = check_irq(r, ref, fault->device, site);
		break;
	case CDMA_FAULT_ONES_READL:
	case CDMA_FAULT_DROP_WRITEL:
		check_register(r, ref, fault->device, fault);
		break;
	case CDMA_FAULT_REMOVE:
		break;
	default:
		check_write(r, ref, fault->device, site);
	}
}

static void check_call_fault(struct resolver *r, const struct fail_ref *ref,
			     enum cdma_fault_site site, struct fault *fault)
{
	if (site == CDMA_FAULT_CALL)
		check_function(r, ref);
	else
		resolve_buffer_name(r, &ref->of);
	if (ref->with)
		fault->error = resolve_errno(r, ref->with, site);
	if (site == CDMA_FAULT_ANY && (ref->field.text || ref->byte)) {
		resolve_error(r, ref->byte ? ref->byte->span : ref->field.span,
			      "'any' fails as a whole, not at a place");
		return;
	}
	fault->at = resolve_fault_field(r, ref, site);
	if (fault->at)
		fault->byte = fault->at->offset;
	if (ref->byte)
		resolve_byte(r, ref, site, &fault->byte);
	if (ref->bit)
		resolve_error(r, ref->bit->span,
			      "'%s' is not about a bit; 'flip write' of a "
			      "device is",
			      cdma_fault_name(site));
}

/* "fail none": those of the file are not of this variant. */
static bool is_none(struct resolver *r, const struct fail_ref *ref)
{
	if (ref->device.text || ref->site.id != KW_NONE)
		return false;
	if (ref->of.text || ref->nr || ref->field.text || ref->byte ||
	    ref->bit || ref->with || ref->label.text || ref->in.text ||
	    ref->after.text || ref->attrs)
		resolve_error(r, ref->site.span,
			      "'fail none' is all that there is to say of it");
	return true;
}

/* "fault nic drop write" of the text, where the word `fault' is known. */
static bool is_word_too_many(struct resolver *r, const struct fail_ref *ref)
{
	const struct sym *sym =
		ref->device.text ? scope_find(r, ref->device.id) : NULL;

	if (!ref->device.text ||
	    (ref->device.id != KW_FAULT && ref->device.id != KW_FAIL) ||
	    (sym && sym->kind == SYM_DEVICE))
		return false;
	resolve_error(r, ref->device.span,
		      "leave out the word '%s': what follows it is enough here",
		      ref->device.text);
	return true;
}

void resolve_fault(struct resolver *r, const struct item *item, bool is_wanted)
{
	const struct fail_ref *ref = item->fail;
	enum cdma_fault_site site;
	struct fault fault = {.of = ref->of.text,
			      .when = ref->when,
			      .field = ref->field.text,
			      .span = item->span};

	if (is_none(r, ref))
		return;
	resolve_window(r, ref, &fault);
	resolve_attrs(r, ref, &fault);
	if (is_word_too_many(r, ref))
		return;
	if (ref->device.text) {
		fault.device = resolve_device_named(r, &ref->device);
		site = find_device_fault(r, ref);
		if (!fault.device || site == CDMA_FAULT_NR)
			return;
		check_device_fault(r, ref, site, &fault);
	} else {
		site = cdma_fault_find(ref->site.text);
		if (site >= CDMA_FAULT_CALLS && site != CDMA_FAULT_ANY) {
			unknown_site(r, &ref->site);
			return;
		}
		check_call_fault(r, ref, site, &fault);
	}
	fault.site = cdma_fault_name(site);
	if (ref->nr)
		resolve_count(r, ref->nr, "the number", 1, UINT32_MAX,
			      &fault.nr);
	if (is_wanted)
		r->unit->faults[r->unit->nr_faults++] = fault;
}
