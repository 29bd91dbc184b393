/* SPDX-License-Identifier: MIT */
#include "rig.h"

static const struct {
	size_t size, min_size;
	int err;
} regions[] = {
	{4096, 4096, 0},         {4096, 16, 0},   {4, 0, 0},
	{16, 17, -EINVAL},       {0, 0, -EINVAL}, {6, 4, -EINVAL},
	{16, SIZE_MAX, -EINVAL},
};

START_TEST(new_region)
{
	struct cdma_mmio *mmio = NULL;
	struct rig rig;

	rig_new(&rig);
	ck_assert_int_eq(cdma_mmio_new(rig.dev, regions[_i].size,
				       regions[_i].min_size, &mmio),
			 regions[_i].err);
	if (regions[_i].err) {
		ck_assert_ptr_null(mmio);
	} else {
		ck_assert_int_eq(rig_last(&rig)->kind, CDMA_EV_ALLOC);
		ck_assert_int_eq(rig_last(&rig)->how, CDMA_MMIO);
		ck_assert_uint_eq(cdma_mmio_region(mmio), 1);
		ck_assert_uint_eq(cdma_mmio_view(mmio).size, regions[_i].size);
	}
	cdma_world_finish(rig.world);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

/* A register of 16 bytes of them, or of the last 8. */
static const struct {
	size_t base, offset;
	unsigned int width;
	int err;
	const char *found; /* by the accessor that cannot fail */
} accesses[] = {
	{0, 0, 1, 0, ""},
	{0, 15, 1, 0, ""},
	{0, 14, 2, 0, ""},
	{0, 12, 4, 0, ""},
	{0, 8, 8, 0, ""},
	{0, 16, 1, -EINVAL, "out_of_bounds"},
	{0, 12, 8, -EINVAL, "out_of_bounds"},
	{0, SIZE_MAX, 4, -EINVAL, "out_of_bounds"},
	{0, SIZE_MAX - 3, 4, -EINVAL, "out_of_bounds"},
	{0, 1, 2, -EINVAL, "misaligned"},
	{0, 2, 4, -EINVAL, "misaligned"},
	{0, 4, 8, -EINVAL, "misaligned"},
	{0, 15, 2, -EINVAL, "out_of_bounds"},
	{8, 4, 4, 0, ""},
	{8, 8, 4, -EINVAL, "out_of_bounds"},
	{10, 2, 4, 0, ""},
	{10, 0, 4, -EINVAL, "misaligned"},
};

static uint64_t invert(uint64_t value, void *arg)
{
	return ~value;
}

START_TEST(reg)
{
	bool failed = accesses[_i].err;
	unsigned int width = accesses[_i].width;
	size_t offset = accesses[_i].offset;
	uint64_t value = 42, ones = UINT64_MAX >> (64 - 8 * width);
	struct cdma_view regs;
	struct cdma_mmio *mmio;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	cdma_mmio_new(rig.dev, 16, 16, &mmio);
	regs = cdma_mmio_view(mmio);
	regs.offset += accesses[_i].base;
	regs.size -= accesses[_i].base;

	from = rig.log.nr;
	ck_assert_int_eq(cdma_mmio_try_read(regs, offset, width, &value),
			 accesses[_i].err);
	ck_assert_uint_eq(value, failed ? 42 : 0);
	ck_assert_int_eq(cdma_mmio_try_write(regs, offset, width, 0),
			 accesses[_i].err);
	ck_assert_int_eq(
		cdma_mmio_try_update(regs, offset, width, invert, NULL),
		accesses[_i].err);
	ck_assert_str_eq(rig_events(&rig, from),
			 failed ? "call call call" : "read write read write");
	rig_found(&rig, "");

	value = cdma_mmio_read_at(regs, offset, width, CDMA_HERE);
	ck_assert_uint_eq(value, failed ? UINT64_MAX : ones);
	rig_found(&rig, accesses[_i].found);
	cdma_mmio_write_at(regs, offset, width, 0, CDMA_HERE);
	rig_found(&rig, accesses[_i].found);
	rig_free(&rig);
}
END_TEST

START_TEST(by_width)
{
	struct cdma_view regs;
	struct cdma_mmio *mmio;
	struct rig rig;
	uint8_t b;
	uint16_t w;
	uint32_t l;
	uint64_t q;

	rig_new(&rig);
	cdma_mmio_new(rig.dev, 16, 16, &mmio);
	regs = cdma_mmio_view(mmio);
	cdma_writeq(0x8877665544332211, regs, 0);
	ck_assert_uint_eq(cdma_readb(regs, 7), 0x88);
	ck_assert_uint_eq(cdma_readw(regs, 2), 0x4433);
	ck_assert_uint_eq(cdma_readl(regs, 4), 0x88776655);
	ck_assert_uint_eq(cdma_readq(regs, 0), 0x8877665544332211);
	cdma_writeb(0x100, regs, 0);
	cdma_writew(0x10001, regs, 2);
	cdma_writel(2, regs, 4);
	ck_assert_int_eq(cdma_mmio_try_read8(regs, 0, &b), 0);
	ck_assert_int_eq(cdma_mmio_try_read16(regs, 2, &w), 0);
	ck_assert_int_eq(cdma_mmio_try_read32(regs, 4, &l), 0);
	ck_assert_int_eq(cdma_mmio_try_read64(regs, 0, &q), 0);
	ck_assert_uint_eq(b, 0);
	ck_assert_uint_eq(w, 1);
	ck_assert_uint_eq(l, 2);
	ck_assert_uint_eq(q, 0x0000000200012200);
	ck_assert_int_eq(cdma_mmio_try_write8(regs, 8, 0xff), 0);
	ck_assert_int_eq(cdma_mmio_try_write16(regs, 16, 1), -EINVAL);
	ck_assert_int_eq(cdma_mmio_try_write32(regs, 6, 1), -EINVAL);
	ck_assert_int_eq(cdma_mmio_try_write64(regs, 8, 3), 0);
	ck_assert_uint_eq(cdma_readq(regs, 8), 3);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(relaxed)
{
	struct cdma_view regs;
	struct cdma_mmio *mmio;
	struct rig rig;

	rig_new(&rig);
	cdma_mmio_new(rig.dev, 16, 16, &mmio);
	regs = cdma_mmio_view(mmio);
	cdma_writel(1, regs, 4);
	ck_assert_uint_eq(rig_last(&rig)->flags, CDMA_EVF_LAST);
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_MMIO);
	ck_assert_uint_eq(rig_last(&rig)->iova, 1);
	cdma_writel_relaxed(2, regs, 4);
	ck_assert_uint_eq(rig_last(&rig)->flags,
			  CDMA_EVF_LAST | CDMA_EVF_RELAXED);
	ck_assert_uint_eq(cdma_readl_relaxed(regs, 4), 2);
	ck_assert_uint_eq(rig_last(&rig)->flags,
			  CDMA_EVF_LAST | CDMA_EVF_RELAXED);
	ck_assert_uint_eq(cdma_readb_relaxed(regs, 4), 2);
	rig_free(&rig);
}
END_TEST

START_TEST(memcpy_io)
{
	unsigned char buf[12] = "twelve bytes";
	struct cdma_view regs;
	struct cdma_mmio *mmio;
	struct rig rig;
	size_t from;

	rig_new(&rig);
	cdma_mmio_new(rig.dev, 16, 16, &mmio);
	regs = cdma_mmio_view(mmio);
	regs.offset = 4;
	regs.size = 12;
	from = rig.log.nr;
	cdma_copy_from_slice(regs, buf, 12);
	ck_assert_str_eq(rig_events(&rig, from), "write write");
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_MMIO);
	ck_assert_uint_ne(rig_last(&rig)->flags & CDMA_EVF_RELAXED, 0);
	memset(buf, 0, 12);
	cdma_copy_read(regs, buf);
	ck_assert_mem_eq(buf, "twelve bytes", 12);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

START_TEST(engine_side)
{
	struct cdma_view regs;
	struct cdma_mmio *mmio;
	struct rig rig;

	rig_new(&rig);
	cdma_mmio_new(rig.dev, 16, 16, &mmio);
	regs = cdma_mmio_view(mmio);
	cdma_writel(7, regs, 8);
	ck_assert_uint_eq(cdma_engine_reg_read(rig.engine, mmio, 8, 4), 7);
	ck_assert_uint_eq(rig_last(&rig)->actor, cdma_actor_id_of(rig.engine));
	ck_assert_uint_eq(rig_last(&rig)->how, CDMA_MMIO);
	ck_assert_uint_eq(rig_last(&rig)->iova, 1);
	cdma_engine_reg_write(rig.engine, mmio, 12, 2, 0x12345);
	ck_assert_uint_eq(rig_last(&rig)->value, 0x2345);
	ck_assert_uint_eq(cdma_readl(regs, 12), 0x2345);
	rig_found(&rig, "");
	rig_free(&rig);
}
END_TEST

static struct cdma_mmio *abort_mmio(struct rig *rig)
{
	struct cdma_mmio *mmio = NULL;

	rig_new(rig);
	cdma_mmio_new(rig->dev, 16, 16, &mmio);
	return mmio;
}

START_TEST(copy_of_a_relaxed_view)
{
	struct rig rig;
	struct cdma_view regs = cdma_mmio_view(abort_mmio(&rig));
	unsigned char buf[16];

	cdma_copy_read(cdma_mmio_relaxed(regs), buf);
}
END_TEST

START_TEST(foreign_register)
{
	struct rig rig;
	struct cdma_mmio *mmio = abort_mmio(&rig);
	struct cdma_device *dev = cdma_device_new(rig.world, NULL, "other");
	struct cdma_actor *engine = cdma_engine_new(dev, "e");

	cdma_actor_start(engine);
	cdma_engine_reg_read(engine, mmio, 0, 4);
}
END_TEST

START_TEST(plain_access_to_registers)
{
	struct rig rig;
	uint64_t value[2];

	cdma_view_plain_read(cdma_mmio_view(abort_mmio(&rig)), &value);
}
END_TEST

START_TEST(relaxed_memory)
{
	struct rig rig;

	rig_new(&rig);
	cdma_mmio_relaxed(cdma_sysmem_new(rig.world, 8, 1));
}
END_TEST

/* ---- registers that do something ---- */

struct logic {
	struct rig *rig;
	struct cdma_mmio *mmio;
	struct cdma_actor *port;
};

/* What is written to 0 is there at 4, once more. */
static void doubles(void *aux, size_t offset, unsigned int width,
		    const struct cdma_site *site)
{
	struct logic *l = aux;
	uint64_t v =
		cdma_engine_reg_read_at(l->port, l->mmio, offset, width, site);

	ck_assert_uint_eq(width, 4);
	if (!offset)
		cdma_engine_reg_write_at(l->port, l->mmio, 4, 4, 2 * v, site);
}

/* A read of 8 takes what is at 12, and clears it. */
static uint64_t takes(void *aux, size_t offset, unsigned int width,
		      uint64_t value, const struct cdma_site *site)
{
	struct logic *l = aux;

	if (offset != 8)
		return value;
	cdma_mmio_tell_at(l->mmio, 8, width, site); /* it has read that */
	cdma_mmio_tell_at(l->mmio, 12, width, site);
	value = cdma_engine_reg_read_at(l->port, l->mmio, 12, width, site);
	cdma_engine_reg_write_at(l->port, l->mmio, 12, width, 0, site);
	return value;
}

START_TEST(reactions)
{
	static const struct cdma_mmio_ops ops = {doubles, takes};
	struct rig rig;
	struct logic l = {.rig = &rig};
	struct cdma_device *dev;
	struct cdma_view regs;
	cdma_actor_id cpu;

	rig_new(&rig);
	dev = cdma_device_new(rig.world, NULL, "nic");
	ck_assert(!cdma_mmio_new(dev, 16, 16, &l.mmio));
	l.port = cdma_port_new(dev, "nic");
	cdma_actor_start(l.port);
	cdma_mmio_set_ops(l.mmio, &ops, &l, l.port);
	regs = cdma_mmio_view(l.mmio);
	cpu = cdma_actor_id_of(cdma_world_actor(rig.world));

	cdma_writel(3, regs, 0);
	ck_assert_uint_eq(cdma_readl(regs, 4), 6);
	cdma_writel(5, regs, 12);
	ck_assert_uint_eq(cdma_readl(regs, 8), 5);
	ck_assert_uint_eq(cdma_readl(regs, 8), 0);
	/* Whoever acted goes on; the device's own accesses set nothing off. */
	ck_assert_uint_eq(cdma_actor_id_of(cdma_world_actor(rig.world)), cpu);
	cdma_engine_reg_write(l.port, l.mmio, 0, 4, 9);
	ck_assert_uint_eq(cdma_readl(regs, 4), 6);
	/* By offset, and by copy, as ever. */
	ck_assert(!cdma_mmio_try_write32(regs, 0, 7));
	ck_assert_uint_eq(cdma_readl(regs, 4), 14);
	rig_free(&rig);
}
END_TEST

START_TEST(port_of_another)
{
	static const struct cdma_mmio_ops ops = {0};
	struct rig rig;
	struct cdma_mmio *mmio = abort_mmio(&rig);
	struct cdma_device *dev = cdma_device_new(rig.world, NULL, "other");

	cdma_mmio_set_ops(mmio, &ops, NULL, cdma_port_new(dev, "other"));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("mmio");

	unit_add_rows(suite, new_region, ARRAY_SIZE(regions));
	unit_add_rows(suite, reg, ARRAY_SIZE(accesses));
	unit_add(suite, by_width);
	unit_add(suite, relaxed);
	unit_add(suite, memcpy_io);
	unit_add(suite, engine_side);
	unit_add_abort(suite, copy_of_a_relaxed_view);
	unit_add_abort(suite, foreign_register);
	unit_add_abort(suite, plain_access_to_registers);
	unit_add_abort(suite, relaxed_memory);
	unit_add(suite, reactions);
	unit_add_abort(suite, port_of_another);
	return suite;
}
