/* SPDX-License-Identifier: MIT */
#include "rig.h"

/*
 * What a broken device does: for each fault, what passes it and what does not,
 * what is in memory and registers then, and what the log has of it.
 *
 * A row is a few things that are done, a letter each:
 *
 *	w	the engine writes 0x44332211 to bytes 0 to 3
 *	x	... 0x88776655 to bytes 4 to 7
 *	b	... 0x99 to byte 8
 *	o	... 0x44332211 to bytes 0 to 3 of memory of another name
 *	f	the engine of another device writes 0x01010101 to its own
 *	s	a CPU writes 0x5a to register 0, and t to register 4
 *	r	a CPU reads register 0, and u register 4
 *	i	the engine raises the MSI, and j the wire
 *	e	the engine ends
 *	L	what the rule has put off happens; it has to be due
 *	-	nothing that it has put off is due
 *	m	the device may not use the bus any more
 *	S	an interrupt comes that nobody raised
 *	R	the device is pulled out
 */

#define F(name) .site = CDMA_FAULT_##name, .device = "nic"

static const struct {
	struct cdma_fault_rule rule;
	const char *does;
	const char *events;
	uint64_t struck;
	uint32_t low, high; /* bytes 0 to 3, and 4 to 7 */
	uint32_t value;     /* that the last read of a register gave */
	uint32_t reg;       /* register 0, at the end */
	bool armed;         /* the handler of the MSI */
} rows[] = {
	/* Nothing is passed that is not asked about. */
	{{F(DROP_IRQ)},
	 "wx",
	 "write write",
	 0,
	 0x44332211,
	 0x88776655,
	 0,
	 0,
	 false},

	{{F(DROP_WRITE)}, "wx", "fault write", 1, 0, 0x88776655, 0, 0, false},
	{{F(DROP_WRITE), .nth = 2},
	 "wx",
	 "write fault",
	 1,
	 0x44332211,
	 0,
	 0,
	 0,
	 false},
	{{F(DROP_WRITE), .nth = 3},
	 "wx",
	 "write write",
	 0,
	 0x44332211,
	 0x88776655,
	 0,
	 0,
	 false},
	{{F(DROP_WRITE), .every = 1},
	 "wx",
	 "fault fault",
	 2,
	 0,
	 0,
	 0,
	 0,
	 false},
	{{F(DROP_WRITE), .region = "ring"},
	 "ow",
	 "write fault",
	 1,
	 0,
	 0,
	 0,
	 0,
	 false},
	{{F(DROP_WRITE), .region = "rings"},
	 "ow",
	 "write write",
	 0,
	 0x44332211,
	 0,
	 0,
	 0,
	 false},
	{{F(DROP_WRITE)}, "fw", "write fault", 1, 0, 0, 0, 0, false},
	/* Nobody answers: the first. */
	{{F(DROP_WRITE), .any = true},
	 "wx",
	 "fault write",
	 1,
	 0,
	 0x88776655,
	 0,
	 0,
	 false},

	{{F(REPEAT_WRITE)},
	 "wL",
	 "fault write write",
	 1,
	 0x44332211,
	 0,
	 0,
	 0,
	 false},
	{{F(REPEAT_WRITE), .nth = 2},
	 "w-",
	 "write",
	 0,
	 0x44332211,
	 0,
	 0,
	 0,
	 false},

	{{F(DELAY_WRITE)}, "wx", "fault write", 1, 0, 0x88776655, 0, 0, false},
	{{F(DELAY_WRITE)},
	 "wxL-",
	 "fault write write",
	 1,
	 0x44332211,
	 0x88776655,
	 0,
	 0,
	 false},
	{{F(DELAY_WRITE)},
	 "weL",
	 "fault exit write",
	 1,
	 0x44332211,
	 0,
	 0,
	 0,
	 false},
	{{F(DELAY_WRITE)}, "wmL", "fault master", 1, 0, 0, 0, 0, false},

	{{F(REORDER_WRITE)},
	 "w-xL-",
	 "fault write write",
	 1,
	 0x44332211,
	 0x88776655,
	 0,
	 0,
	 false},
	{{F(REORDER_WRITE)},
	 "wxbL-",
	 "fault write write write",
	 1,
	 0x44332211,
	 0x88776655,
	 0,
	 0,
	 false},
	{{F(REORDER_WRITE)},
	 "w-eL",
	 "fault exit write",
	 1,
	 0x44332211,
	 0,
	 0,
	 0,
	 false},

	{{F(TEAR_WRITE)}, "w", "fault write", 1, 0x2211, 0, 0, 0, false},
	{{F(TEAR_WRITE)},
	 "wL-",
	 "fault write write",
	 1,
	 0x44332211,
	 0,
	 0,
	 0,
	 false},
	{{F(TEAR_WRITE)},
	 "wxL-",
	 "fault write write write",
	 1,
	 0x44332211,
	 0x88776655,
	 0,
	 0,
	 false},
	/* One byte has no halves. */
	{{F(TEAR_WRITE)}, "b", "write", 0, 0, 0, 0, 0, false},
	{{F(TEAR_WRITE)}, "bw", "write fault write", 1, 0x2211, 0, 0, 0, false},

	{{F(FLIP_WRITE)}, "w", "fault write", 1, 0x44332210, 0, 0, 0, false},
	{{F(FLIP_WRITE), .bit = 31},
	 "w",
	 "fault write",
	 1,
	 0xc4332211,
	 0,
	 0,
	 0,
	 false},
	{{F(FLIP_WRITE), .bit = 32},
	 "w",
	 "write",
	 0,
	 0x44332211,
	 0,
	 0,
	 0,
	 false},
	{{F(FLIP_WRITE), .bit = 8},
	 "bw",
	 "write fault write",
	 1,
	 0x44332311,
	 0,
	 0,
	 0,
	 false},

	{{F(DROP_IRQ)}, "i", "fault", 1, 0, 0, 0, 0, false},
	{{F(DROP_IRQ)}, "ii", "fault irq_raise", 1, 0, 0, 0, 0, true},
	{{F(DROP_IRQ), .region = "msi"},
	 "ji",
	 "irq_raise fault",
	 1,
	 0,
	 0,
	 0,
	 0,
	 false},
	{{F(REPEAT_IRQ)}, "i", "fault irq_raise", 1, 0, 0, 0, 0, true},
	{{F(REPEAT_IRQ)},
	 "iL-",
	 "fault irq_raise irq_raise",
	 1,
	 0,
	 0,
	 0,
	 0,
	 true},
	{{F(SPURIOUS_IRQ)}, "S", "fault irq_raise", 1, 0, 0, 0, 0, true},

	{{F(ONES_READL)},
	 "srr",
	 "write fault read",
	 1,
	 0,
	 0,
	 0x5a,
	 0x5a,
	 false},
	{{F(ONES_READL), .nth = 2},
	 "srr",
	 "write read fault",
	 1,
	 0,
	 0,
	 UINT32_MAX,
	 0x5a,
	 false},
	{{F(ONES_READL), .size = 4},
	 "ur",
	 "read fault",
	 1,
	 0,
	 0,
	 UINT32_MAX,
	 0,
	 false},
	{{F(ONES_READL), .offset = 4, .size = 4},
	 "ru",
	 "read fault",
	 1,
	 0,
	 0,
	 UINT32_MAX,
	 0,
	 false},
	{{F(DROP_WRITEL)}, "s", "fault", 1, 0, 0, 0, 0, false},
	{{F(DROP_WRITEL)},
	 "ssr",
	 "fault write read",
	 1,
	 0,
	 0,
	 0x5a,
	 0x5a,
	 false},
	{{F(DROP_WRITEL), .size = 4},
	 "ts",
	 "write fault",
	 1,
	 0,
	 0,
	 0,
	 0,
	 false},

	{{F(REMOVE)},
	 "sRr",
	 "write fault read",
	 1,
	 0,
	 0,
	 UINT32_MAX,
	 0x5a,
	 false},
	{{F(REMOVE)}, "Rs", "fault note", 1, 0, 0, 0, 0, false},
	{{F(REMOVE)}, "wRx", "write fault note", 1, 0x44332211, 0, 0, 0, false},
	{{F(REMOVE)}, "Ri", "fault", 1, 0, 0, 0, 0, false},
	{{F(REMOVE)}, "RS", "fault fault", 2, 0, 0, 0, 0, false},
};

struct bench {
	struct rig rig;
	struct cdma_coherent *ring, *other, *theirs;
	struct cdma_view regs;
	struct cdma_irq *msi, *wire;
	struct cdma_actor *foreign;
	uint32_t value;
};

static struct cdma_coherent *named(struct bench *b, const char *name)
{
	cdma_set_name(b->rig.world, name);
	return rig_coherent(&b->rig, 16);
}

static void bench_new(struct bench *b, const struct cdma_fault_rule *rule)
{
	const struct cdma_config config = {.any_context = true};
	struct cdma_device *other;
	struct cdma_mmio *mmio;

	rig_new_with(&b->rig, &config);
	cdma_mmio_new(b->rig.dev, 8, 8, &mmio);
	b->regs = cdma_mmio_view(mmio);
	b->ring = named(b, "ring");
	b->other = named(b, "other");
	b->msi = cdma_irq_new(b->rig.dev, CDMA_IRQ_MSI, "msi");
	b->wire = cdma_irq_new(b->rig.dev, CDMA_IRQ_INTX, "wire");
	other = rig_device(&b->rig, (struct cdma_device_config){0});
	b->foreign = cdma_engine_new(other, "foreign");
	cdma_actor_start(b->foreign);
	ck_assert_int_eq(
		cdma_coherent_zeroed_slice(other, 1, 16, GFP, &b->theirs), 0);
	b->value = 0;
	ck_assert_int_eq(cdma_faults_add(cdma_world_faults(b->rig.world), rule),
			 0);
}

static void put(struct cdma_actor *engine, const struct cdma_coherent *mem,
		size_t offset, uint32_t value, size_t size)
{
	unsigned char bytes[4] = {value & 0xff, value >> 8 & 0xff,
				  value >> 16 & 0xff, value >> 24};

	cdma_engine_write(engine, cdma_coherent_dma_handle(mem) + offset, bytes,
			  size);
}

static void write_of(struct bench *b, char what)
{
	struct cdma_actor *engine = b->rig.engine;

	if (what == 'w')
		put(engine, b->ring, 0, 0x44332211, 4);
	if (what == 'x')
		put(engine, b->ring, 4, 0x88776655, 4);
	if (what == 'b')
		put(engine, b->ring, 8, 0x99, 1);
	if (what == 'o')
		put(engine, b->other, 0, 0x44332211, 4);
	if (what == 'f')
		put(b->foreign, b->theirs, 0, 0x01010101, 4);
}

static void late_of(struct bench *b, char what)
{
	if (what == 'L') {
		ck_assert(cdma_late_is_due(b->rig.dev, 1));
		cdma_late_do(b->rig.dev, 1);
	}
	if (what == '-')
		ck_assert(!cdma_late_is_due(b->rig.dev, 1));
	if (what == 'S')
		cdma_irq_spurious(b->msi, b->rig.engine, 1);
	if (what == 'R') {
		cdma_device_remove(b->rig.dev, 1);
		ck_assert(cdma_device_is_gone(b->rig.dev));
	}
}

static void other_of(struct bench *b, char what)
{
	if (what == 's')
		cdma_writel(0x5a, b->regs, 0);
	if (what == 't')
		cdma_writel(0x5a, b->regs, 4);
	if (what == 'r')
		b->value = cdma_readl(b->regs, 0);
	if (what == 'u')
		b->value = cdma_readl(b->regs, 4);
	if (what == 'i')
		cdma_irq_raise(b->msi, b->rig.engine);
	if (what == 'j')
		cdma_irq_raise(b->wire, b->rig.engine);
	if (what == 'e')
		cdma_actor_exit(b->rig.engine);
	if (what == 'm')
		cdma_device_set_master(b->rig.dev, false);
}

static uint32_t peek(struct bench *b, cdma_region_id region, size_t offset)
{
	unsigned char at[4] = {0};

	cdma_region_peek(b->rig.world, region, offset, at, 4);
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

START_TEST(fault)
{
	struct bench b;
	size_t from;

	bench_new(&b, &rows[_i].rule);
	from = b.rig.log.nr;
	for (const char *does = rows[_i].does; *does; does++) {
		write_of(&b, *does);
		late_of(&b, *does);
		other_of(&b, *does);
	}
	ck_assert_str_eq(rig_events(&b.rig, from), rows[_i].events);
	ck_assert_uint_eq(cdma_faults_struck(cdma_world_faults(b.rig.world), 0),
			  rows[_i].struck);
	ck_assert_uint_eq(peek(&b, cdma_coherent_region(b.ring), 0),
			  rows[_i].low);
	ck_assert_uint_eq(peek(&b, cdma_coherent_region(b.ring), 4),
			  rows[_i].high);
	ck_assert_uint_eq(b.value, rows[_i].value);
	ck_assert_uint_eq(peek(&b, cdma_view_region(b.regs), 0), rows[_i].reg);
	ck_assert(cdma_handler_is_armed(cdma_irq_handler(b.msi)) ==
		  rows[_i].armed);
	rig_found(&b.rig, "");
	rig_free(&b.rig);
}
END_TEST

/* free_irq() of a shared wire runs the handler once more, and waits for it;
 * that of a message does not. */
START_TEST(late_irq)
{
	struct cdma_fault_rule rule = {F(LATE_IRQ), .every = 1};
	struct bench b;
	struct cdma_handler *h;
	struct cdma_actor *cpu;

	bench_new(&b, &rule);
	h = cdma_irq_handler(b.msi);
	cdma_handler_change(h, CDMA_HANDLER_SHUT | CDMA_HANDLER_CLEAR);
	ck_assert(!cdma_handler_can_run(h));
	ck_assert(cdma_handler_is(h, CDMA_HANDLER_IDLE, 0));
	h = cdma_irq_handler(b.wire);
	cdma_handler_change(h, CDMA_HANDLER_SHUT | CDMA_HANDLER_CLEAR);
	ck_assert(cdma_handler_can_run(h));
	ck_assert(!cdma_handler_is(h, CDMA_HANDLER_IDLE, 0));
	cpu = rig_actor(&b.rig, CDMA_IRQ);
	cdma_handler_enter(h, cpu);
	cdma_handler_exit(h);
	ck_assert(!cdma_handler_can_run(h));
	ck_assert(cdma_handler_is(h, CDMA_HANDLER_IDLE, 0));
	rig_free(&b.rig);
}
END_TEST

/* Who is asked: which pass, and which half. */
static uint32_t answer(void *aux, uint32_t nr, uint32_t percent)
{
	const char **at = aux;

	ck_assert_uint_eq(nr, 2);
	ck_assert_uint_eq(percent, 0);
	return *(*at)++ == '1';
}

static const struct {
	enum cdma_fault_site site;
	const char *answers; /* all of them are asked for */
	const char *does;
	uint32_t low, high;
} choices[] = {
	{CDMA_FAULT_DROP_WRITE, "1", "wx", 0, 0x88776655},
	{CDMA_FAULT_DROP_WRITE, "01", "wx", 0x44332211, 0},
	{CDMA_FAULT_DROP_WRITE, "00", "wx", 0x44332211, 0x88776655},
	{CDMA_FAULT_TEAR_WRITE, "10", "w", 0x2211, 0},
	{CDMA_FAULT_TEAR_WRITE, "11", "w", 0x44330000, 0},
	{CDMA_FAULT_TEAR_WRITE, "011", "wx", 0x44332211, 0x88770000},
};

START_TEST(asked)
{
	struct cdma_fault_rule rule = {
		.site = choices[_i].site, .device = "nic", .any = true};
	const char *at = choices[_i].answers;
	struct bench b;

	bench_new(&b, &rule);
	cdma_faults_ask(cdma_world_faults(b.rig.world), answer, &at);
	for (const char *does = choices[_i].does; *does; does++)
		write_of(&b, *does);
	ck_assert_str_eq(at, "");
	ck_assert_uint_eq(peek(&b, cdma_coherent_region(b.ring), 0),
			  choices[_i].low);
	ck_assert_uint_eq(peek(&b, cdma_coherent_region(b.ring), 4),
			  choices[_i].high);
	rig_free(&b.rig);
}
END_TEST

/* What is put off is what a later run does not see. */
START_TEST(reset)
{
	struct cdma_fault_rule rule = {F(DELAY_WRITE)};
	struct bench b;

	bench_new(&b, &rule);
	write_of(&b, 'w');
	ck_assert(cdma_late_is_due(b.rig.dev, 1));
	cdma_world_reset(b.rig.world);
	rig_start(&b.rig);
	ck_assert(!cdma_late_is_due(b.rig.dev, 1));
	b.ring = named(&b, "ring");
	write_of(&b, 'w');
	ck_assert(cdma_late_is_due(b.rig.dev, 1));
	rig_free(&b.rig);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("late");

	unit_add_rows(suite, fault, ARRAY_SIZE(rows));
	unit_add(suite, late_irq);
	unit_add_rows(suite, asked, ARRAY_SIZE(choices));
	unit_add(suite, reset);
	return suite;
}
