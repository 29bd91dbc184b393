/* SPDX-License-Identifier: MIT */
#include "model/late.h"

#include "model/access.h"

#include <string.h>

/* A write, or an interrupt, that its device has put off. */
struct cdma_late {
	struct cdma_late *next;
	size_t rule; /* that did it, from 1 */
	struct cdma_actor *engine;
	struct cdma_irq *irq; /* NULL: it is a write */
	const struct cdma_site *site;

	/* How many later writes of the engine it waits for, how many may pass
	 * it, and how many have. */
	uint64_t waits, room, passed;
	bool is_done; /* it could not be passed again */

	cdma_addr_t addr;
	uint32_t flags;
	cdma_dep_t addr_dep, data_dep;
	size_t size;
	unsigned char bytes[];
};

/* What each of them is, of writes. */
enum { TORN_ROOM = 0, SWAPPED_ROOM = 1 };

static void emit_fault(struct cdma_device *dev, struct cdma_actor *by,
		       enum cdma_fault_site fault, const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_event ev = cdma_event_by(world, by, CDMA_EV_FAULT, site);

	ev.value = fault;
	ev.offset = cdma_faults_passed(world->faults, fault);
	cdma_world_emit(world, &ev);
}

/* ---- what was put off ---- */

static struct cdma_late *put_off(struct cdma_device *dev, size_t rule,
				 struct cdma_actor *engine, size_t size,
				 const struct cdma_site *site)
{
	struct cdma_late **to = &dev->late;
	struct cdma_late *late =
		cdma_world_zalloc(dev->world, sizeof(*late) + size);

	while (*to)
		to = &(*to)->next;
	*to = late;
	late->rule = rule;
	late->engine = engine;
	late->site = site;
	late->size = size;
	late->room = UINT64_MAX;
	return late;
}

static bool is_due(const struct cdma_late *late)
{
	return late->is_done || late->passed >= late->waits ||
	       late->engine->state != CDMA_ACTOR_RUNNING;
}

bool cdma_late_is_due(const struct cdma_device *dev, size_t rule)
{
	for (const struct cdma_late *l = dev->late; l; l = l->next)
		if (l->rule == rule && is_due(l))
			return true;
	return false;
}

static void make_write(const struct cdma_late *late)
{
	struct cdma_bulk op;

	cdma_set_deps(late->engine->world, late->addr_dep, late->data_dep);
	cdma_set_flags(late->engine->world, late->flags);
	cdma_op_begin_late(&op, late->engine, late->addr, late->bytes,
			   late->size);
	cdma_op_run(&op, late->site);
}

/* It happens now, unless it has, or the device cannot any more. */
static void let(struct cdma_device *dev, struct cdma_late *late)
{
	if (dev->gone || late->is_done)
		return;
	late->is_done = true;
	if (late->irq)
		cdma_irq_raised(late->irq, late->engine, late->site);
	else if (dev->master)
		make_write(late);
}

void cdma_late_do(struct cdma_device *dev, size_t rule)
{
	struct cdma_late **at = &dev->late;

	while (*at && !((*at)->rule == rule && is_due(*at)))
		at = &(*at)->next;
	if (!*at)
		return;
	let(dev, *at);
	*at = (*at)->next;
}

/*
 * @engine is about to make another write: what may not be passed comes first.
 *
 * It stays, with nothing left to do, for whoever would have let it happen.  Who
 * tries all orders would not miss a step that is taken away from somebody.
 */
static void pass(struct cdma_actor *engine)
{
	for (struct cdma_late *l = engine->dev->late; l; l = l->next) {
		if (l->engine != engine)
			continue;
		if (l->passed == l->room)
			let(engine->dev, l);
		else
			l->passed++;
	}
}

/* ---- writes of engines ---- */

/* Nothing of it is made. */
static void skip(struct cdma_bulk *op)
{
	op->done = op->ev.op_size;
	op->split = 0;
}

/* Keep @size bytes of it from @at on for later. */
static struct cdma_late *keep(struct cdma_bulk *op, size_t rule, size_t at,
			      size_t size, const struct cdma_site *site)
{
	struct cdma_late *late =
		put_off(op->actor->dev, rule, op->actor, size, site);

	memcpy(late->bytes, op->buf + at, size);
	late->addr = op->iova + at;
	late->flags = op->flags;
	late->addr_dep = op->ev.addr_dep;
	late->data_dep = op->ev.data_dep;
	return late;
}

/* Only @size bytes from @at on are left of it. */
static void cut(struct cdma_bulk *op, size_t at, size_t size)
{
	op->buf += at;
	op->iova += at;
	op->ev.op_offset += at;
	op->ev.op_size = size;
	op->split = 0;
	if (op->undef)
		op->undef += at;
	if (op->sources)
		op->sources += at;
}

static void drop_write(struct cdma_bulk *op, size_t rule,
		       const struct cdma_site *site)
{
	(void)rule;
	(void)site;
	skip(op);
}

static void repeat_write(struct cdma_bulk *op, size_t rule,
			 const struct cdma_site *site)
{
	keep(op, rule, 0, op->ev.op_size, site);
}

static void delay_write(struct cdma_bulk *op, size_t rule,
			const struct cdma_site *site)
{
	keep(op, rule, 0, op->ev.op_size, site);
	skip(op);
}

static void reorder_write(struct cdma_bulk *op, size_t rule,
			  const struct cdma_site *site)
{
	struct cdma_late *late = keep(op, rule, 0, op->ev.op_size, site);

	late->waits = late->room = SWAPPED_ROOM;
	skip(op);
}

static void tear_write(struct cdma_bulk *op, size_t rule,
		       const struct cdma_site *site)
{
	size_t size = op->ev.op_size, half = size / 2;
	struct cdma_late *late;

	if (cdma_fault_choose(op->world->faults, 2)) {
		late = keep(op, rule, 0, half, site);
		cut(op, half, size - half);
	} else {
		late = keep(op, rule, half, size - half, site);
		cut(op, 0, half);
	}
	late->room = TORN_ROOM;
}

/* What is stored is the engine's; another copy has the bit. */
static void flip_write(struct cdma_bulk *op, size_t rule,
		       const struct cdma_site *site)
{
	uint64_t bit = cdma_faults_rule(op->world->faults, rule)->bit;
	unsigned char *copy =
		cdma_world_zalloc(op->world, (size_t)op->ev.op_size);

	(void)site;
	memcpy(copy, op->buf, op->ev.op_size);
	copy[bit / 8] ^= (unsigned char)(1u << bit % 8);
	op->buf = copy;
}

/* What a device says that wants to do harm. */
static void forge_write(struct cdma_bulk *op, size_t rule,
			const struct cdma_site *site)
{
	size_t size = (size_t)op->ev.op_size, i = 0;
	unsigned char *copy = cdma_world_zalloc(op->world, size);
	uint32_t what = cdma_fault_choose(op->world->faults, 3);

	(void)rule;
	(void)site;
	if (what == 1)
		memset(copy, 0xff, size);
	if (what == 2) {
		memcpy(copy, op->buf, size);
		while (i < size && !++copy[i])
			i++;
	}
	op->buf = copy;
}

/* The same write, to another address. */
static void send(struct cdma_bulk *op, cdma_addr_t addr,
		 const struct cdma_site *site)
{
	struct cdma_bulk other;

	cdma_set_deps(op->world, op->ev.addr_dep, op->ev.data_dep);
	cdma_set_flags(op->world, op->flags);
	cdma_op_begin_late(&other, op->actor, addr, op->buf,
			   (size_t)op->ev.op_size);
	cdma_op_run(&other, site);
	skip(op);
}

static void stale_write(struct cdma_bulk *op, size_t rule,
			const struct cdma_site *site)
{
	(void)rule;
	send(op, op->actor->wrote, site);
}

static void stray_write(struct cdma_bulk *op, size_t rule,
			const struct cdma_site *site)
{
	(void)rule;
	send(op, op->iova + (op->region->size - op->ev.op_offset), site);
}

static void truncate_write(struct cdma_bulk *op, size_t rule,
			   const struct cdma_site *site)
{
	(void)rule;
	send(op, op->iova & UINT32_MAX, site);
}

/* Whether the write is one that @site can happen to. */
static bool is_possible(enum cdma_fault_site site, const struct cdma_bulk *op)
{
	switch (site) {
	case CDMA_FAULT_TEAR_WRITE:
		return op->ev.op_size >= 2;
	case CDMA_FAULT_STALE_WRITE:
		return op->actor->has_written;
	case CDMA_FAULT_STRAY_WRITE:
		return op->region != NULL;
	case CDMA_FAULT_TRUNCATE_WRITE:
		return op->iova > UINT32_MAX;
	default:
		return true;
	}
}

static const struct {
	enum cdma_fault_site site;
	void (*fault)(struct cdma_bulk *op, size_t rule,
		      const struct cdma_site *site);
} writes[] = {
	{CDMA_FAULT_DROP_WRITE, drop_write},
	{CDMA_FAULT_REPEAT_WRITE, repeat_write},
	{CDMA_FAULT_DELAY_WRITE, delay_write},
	{CDMA_FAULT_REORDER_WRITE, reorder_write},
	{CDMA_FAULT_TEAR_WRITE, tear_write},
	{CDMA_FAULT_FLIP_WRITE, flip_write},
	{CDMA_FAULT_FORGE_WRITE, forge_write},
	{CDMA_FAULT_STALE_WRITE, stale_write},
	{CDMA_FAULT_STRAY_WRITE, stray_write},
	{CDMA_FAULT_TRUNCATE_WRITE, truncate_write},
};

/* All sites are passed, and the first that strikes does. */
static void pass_write(struct cdma_bulk *op, const struct cdma_site *site)
{
	struct cdma_device *dev = op->actor->dev;
	struct cdma_fault_pass here = {
		.device = dev->name,
		.region = op->region ? op->region->name : NULL,
		.offset = op->ev.op_offset,
		.size = op->ev.op_size,
	};
	size_t which = ARRAY_SIZE(writes), rule = 0;

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		size_t by;

		here.site = writes[i].site;
		if (!(*op->world->armed &
		      1u << (here.site - CDMA_FAULT_CALLS)) ||
		    !is_possible(here.site, op))
			continue;
		by = cdma_fault_strikes(op->world->faults, &here);
		if (by && !rule) {
			rule = by;
			which = i;
		}
	}
	if (rule) {
		emit_fault(dev, op->actor, writes[which].site, site);
		writes[which].fault(op, rule, site);
	}
	op->actor->has_written = true;
	op->actor->wrote = op->iova;
}

/* ---- registers ---- */

/* Nobody answers. */
static void give_ones(struct cdma_bulk *op)
{
	unsigned int size = (unsigned int)op->ev.op_size;

	if (op->buf)
		memset(op->buf, 0xff, size);
	if (op->undef)
		memset(op->undef, 0, size * sizeof(*op->undef));
	if (op->sources)
		memset(op->sources, 0, size * sizeof(*op->sources));
	op->ev.value = size < 8 ? ((uint64_t)1 << 8 * size) - 1 : UINT64_MAX;
	op->world->last_dep = 0;
}

static void pass_register(struct cdma_bulk *op, const struct cdma_site *site)
{
	bool reads = op->ev.kind == CDMA_EV_READ;
	struct cdma_device *dev = op->region->dev;
	struct cdma_fault_pass here = {
		.site = reads ? CDMA_FAULT_ONES_READL : CDMA_FAULT_DROP_WRITEL,
		.device = dev->name,
		.region = NULL,
		.offset = op->ev.op_offset,
		.size = op->ev.op_size,
		.is_wait = op->flags & CDMA_EVF_POLL,
	};

	if (!(*op->world->armed & 1u << (here.site - CDMA_FAULT_CALLS)) ||
	    !cdma_fault_strikes(op->world->faults, &here))
		return;
	emit_fault(dev, op->actor, here.site, site);
	skip(op);
	if (reads)
		give_ones(op);
}

bool cdma_device_reads_ones(const struct cdma_device *dev, size_t offset,
			    size_t size)
{
	struct cdma_fault_pass here = {
		.site = CDMA_FAULT_ONES_READL,
		.device = dev->name,
		.offset = offset,
		.size = size,
		.is_wait = true,
	};

	return dev->gone || (*dev->world->armed & CDMA_FAULT_BIT(ONES_READL) &&
			     cdma_fault_would(dev->world->faults, &here));
}

/* Its device is not there any more: a line in the log, and nothing else. */
static void miss_all(struct cdma_bulk *op, const struct cdma_site *site)
{
	struct cdma_event ev =
		cdma_event_by(op->world, op->actor, CDMA_EV_NOTE, site);

	cdma_world_emit(op->world, &ev);
	skip(op);
	if (op->ev.kind == CDMA_EV_READ)
		give_ones(op);
}

/*
 * Whether the port answers for a device that is gone: all ones.  The answer
 * comes after all that the device had sent, which went through that port
 * (a completion does not pass posted writes), so it is a read of a register
 * like any other: who has seen it knows that nothing more will come.
 */
static bool port_answers(const struct cdma_bulk *op)
{
	return op->ev.how == CDMA_MMIO && op->ev.kind == CDMA_EV_READ;
}

void cdma_late_access(struct cdma_bulk *op, const struct cdma_site *site)
{
	bool is_dma = op->ev.how == CDMA_DMA;

	op->faulty = false;
	if ((is_dma ? op->actor->dev : op->region->dev)->gone) {
		if (!port_answers(op))
			miss_all(op, site);
	} else if (is_dma) {
		pass(op->actor);
		pass_write(op, site);
	} else {
		pass_register(op, site);
	}
}

/* ---- interrupts ---- */

/* Whether the site @fault strikes @irq; the rule, from 1. */
static size_t strikes_irq(const struct cdma_irq *irq,
			  enum cdma_fault_site fault)
{
	struct cdma_device *dev = cdma_irq_device(irq);

	if (!(*dev->world->armed & 1u << (fault - CDMA_FAULT_CALLS)))
		return 0;
	return cdma_fault_strikes(dev->world->faults,
				  &(struct cdma_fault_pass){
					  .site = fault,
					  .device = dev->name,
					  .region = cdma_irq_name(irq),
				  });
}

bool cdma_late_raise(struct cdma_irq *irq, struct cdma_actor *engine,
		     const struct cdma_site *site)
{
	struct cdma_device *dev = cdma_irq_device(irq);
	size_t repeats = strikes_irq(irq, CDMA_FAULT_REPEAT_IRQ);
	bool drops = strikes_irq(irq, CDMA_FAULT_DROP_IRQ);

	if (dev->gone)
		return false;
	if (drops)
		emit_fault(dev, engine, CDMA_FAULT_DROP_IRQ, site);
	else if (repeats)
		emit_fault(dev, engine, CDMA_FAULT_REPEAT_IRQ, site);
	if (repeats && !drops)
		put_off(dev, repeats, engine, 0, site)->irq = irq;
	return !drops;
}

void cdma_irq_spurious_at(struct cdma_irq *irq, struct cdma_actor *by,
			  size_t rule, const struct cdma_site *site)
{
	struct cdma_device *dev = cdma_irq_device(irq);

	cdma_fault_came(dev->world->faults, rule);
	emit_fault(dev, by, CDMA_FAULT_SPURIOUS_IRQ, site);
	if (!dev->gone)
		cdma_irq_raised(irq, by, site);
}

/* ---- removal ---- */

void cdma_device_remove_at(struct cdma_device *dev, size_t rule,
			   const struct cdma_site *site)
{
	if (rule)
		cdma_fault_came(dev->world->faults, rule);
	dev->gone = true;
	emit_fault(dev, dev->world->actor, CDMA_FAULT_REMOVE, site);
}

bool cdma_device_is_gone(const struct cdma_device *dev)
{
	return dev->gone;
}
