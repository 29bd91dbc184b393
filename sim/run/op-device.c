/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

#include <errno.h>

/* ---- masks ---- */

/* A device has one setter at a time; two would wait for each other on the
 * bus. */
bool ready_mask_begin(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	return !m->devices[in->a].is_setting;
}

void op_mask_begin(struct machine *m, struct actor *a, const struct insn *in)
{
	struct device_state *d = &m->devices[in->a];

	(void)a;
	m->version++;
	d->is_setting = true;
	cdma_set_mask_begin_at(d->dev, in->how, reg(m, in->b)->bits,
			       site_of(m, in));
}

void op_mask_end(struct machine *m, struct actor *a, const struct insn *in)
{
	struct device_state *d = &m->devices[in->a];

	m->version++;
	d->is_setting = false;
	a->err = cdma_set_mask_end_at(d->dev, site_of(m, in));
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)a->err, 0);
}

/* ---- binding ---- */

/* What no other event tells of device @in->a. */
static void called(struct machine *m, const struct insn *in,
		   enum cdma_call call, int err)
{
	cdma_called_at(
		m->world,
		&(struct cdma_called){
			.call = call,
			.device = cdma_device_id_of(m->devices[in->a].dev),
			.result = err,
		},
		site_of(m, in));
}

/* What follows is the probe, up to the end of its section: see END. */
void op_bind(struct machine *m, struct actor *a, const struct insn *in)
{
	struct device_state *d = &m->devices[in->a];

	m->version++;
	a->err = 0;
	if (cdma_device_ctx(d->dev) != CDMA_CTX_NORMAL) {
		a->err = -EBUSY;
		called(m, in, CDMA_CALL_BIND, a->err);
	} else {
		cdma_device_probe_begin_at(d->dev, site_of(m, in));
		d->in_core = true;
		d->prober = a;
	}
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)a->err, 0);
}

/* A probe that has not ended ends first. */
static void end_probe(struct machine *m, const struct insn *in)
{
	struct device_state *d = &m->devices[in->a];

	if (d->in_core)
		cdma_device_probe_end_at(d->dev, 0, site_of(m, in));
	d->in_core = false;
}

/* A device that is not bound stays so. */
void op_unbind(struct machine *m, struct actor *a, const struct insn *in)
{
	struct device_state *d = &m->devices[in->a];

	(void)a;
	m->version++;
	if (in->how) {
		d->is_unbinding = false;
		cdma_device_unbind_end_at(d->dev, site_of(m, in));
		return;
	}
	if (cdma_device_ctx(d->dev) == CDMA_CTX_NORMAL)
		return;
	end_probe(m, in);
	cdma_device_unbind_at(d->dev, site_of(m, in));
}

/* device_lock(): one at a time. */
bool ready_unbind_begin(struct machine *m, struct actor *a,
			const struct insn *in)
{
	(void)a;
	return !m->devices[in->a].is_unbinding;
}

void op_unbind_begin(struct machine *m, struct actor *a, const struct insn *in)
{
	struct device_state *d = &m->devices[in->a];
	bool bound = cdma_device_ctx(d->dev) != CDMA_CTX_NORMAL;

	(void)a;
	m->version++;
	*reg(m, in->dst) = value_of(bound, 0);
	if (!bound)
		return;
	end_probe(m, in);
	d->is_unbinding = true;
	cdma_device_unbind_begin_at(d->dev, site_of(m, in));
}

void op_iounmap(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	cdma_device_iounmap_at(m->devices[in->a].dev, site_of(m, in));
}

void run_probed(struct machine *m, const struct actor *a, int err,
		const struct cdma_site *site)
{
	for (size_t i = 0; i < m->program->devices.nr; i++) {
		struct device_state *d = &m->devices[i];

		if (!d->in_core || d->prober != a)
			continue;
		cdma_device_probe_end_at(d->dev, err, site);
		d->in_core = false;
	}
}

void op_get_device(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->devices[in->a].gets++;
	cdma_device_get(m->devices[in->a].dev);
	called(m, in, CDMA_CALL_GET_DEVICE, 0);
}

void op_put_device(struct machine *m, struct actor *a, const struct insn *in)
{
	struct device_state *d = &m->devices[in->a];

	(void)a;
	if (!d->gets) {
		run_fail(m, in, "put_device() without a get_device()");
		return;
	}
	d->gets--;
	cdma_device_put(d->dev);
	called(m, in, CDMA_CALL_PUT_DEVICE, 0);
}

void op_master(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_device_set_master_at(m->devices[in->a].dev, in->how,
				  site_of(m, in));
}

void op_enable_device(struct machine *m, struct actor *a, const struct insn *in)
{
	a->err = cdma_device_enable_at(m->devices[in->a].dev, site_of(m, in));
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)a->err, 0);
}

void op_iomap(struct machine *m, struct actor *a, const struct insn *in)
{
	uint16_t slot = m->program->devices.at[in->a].slot;

	m->version++;
	a->err = cdma_device_iomap_at(m->devices[in->a].dev, site_of(m, in));
	if (slot)
		m->at[slot]->err = a->err;
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)a->err, 0);
}

void op_may_fail(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	*reg(m, in->dst) = value_of(
		cdma_fault_call_at(m->world, m->program->may_fail.at[in->a],
				   site_of(m, in)) != 0,
		0);
}

/* ---- leases ---- */

void op_lease_begin(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	struct lease *lease;

	if (in->a && !memory_there(m, a, in, memory))
		return;
	lease = cdma_vec_push(&m->leases);
	*lease = (struct lease){
		.device = (uint16_t)in->aux,
		.addr = memory_iova(m, memory) + offset_bare(place_at(m, in)),
		.size = reg(m, in->c)->bits,
	};
	lease->lease = cdma_lease_begin_at(m->devices[in->aux].dev, lease->addr,
					   lease->size, site_of(m, in));
}

/* The newest lease of just these bytes ends; none: nothing to forget. */
void op_lease_end(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	cdma_addr_t addr =
		memory_iova(m, memory) + offset_bare(place_at(m, in));
	uint64_t size = reg(m, in->c)->bits;

	if (in->a && !memory_there(m, a, in, memory))
		return;
	for (size_t i = m->leases.nr; i > 0; i--) {
		struct lease *lease = &m->leases.at[i - 1];

		if (lease->lease && lease->device == in->aux &&
		    lease->addr == addr && lease->size == size) {
			cdma_lease_end_at(&lease->lease, site_of(m, in));
			return;
		}
	}
}
