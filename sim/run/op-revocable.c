/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

#include <errno.h>

/* What is revoked and waited for: see <cdma/revocable.h>, <cdma/devres.h>. */

static struct value error_value(struct actor *a, int err)
{
	a->err = err;
	return value_of((uint64_t)(int64_t)err, 0);
}

/* ---- to make it ---- */

void op_revocable_new(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_revocable *r = m->revocables[in->a];

	(void)a;
	if (cdma_revocable_is_available(r))
		run_fail(m, in, "revocable_new() of what is there already");
	else
		cdma_revocable_set_at(r, NULL, NULL, site_of(m, in));
}

void op_devres_new(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_devres *d = m->devres[in->a];

	if (cdma_devres_is_added(d) || !cdma_devres_is_done(d)) {
		run_fail(m, in, "devres_new() of what is there already");
		return;
	}
	*reg(m, in->dst) = error_value(
		a, cdma_devres_add_at(d, NULL, NULL, site_of(m, in)));
}

/* ---- to use it ---- */

void op_try_access(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	*reg(m, in->dst) =
		value_of(cdma_revocable_try_access_at(m->revocables[in->a],
						      site_of(m, in)) != NULL,
			 0);
}

void op_guard_put(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_guard *guard = cdma_revocable_guard(m->revocables[in->a]);

	(void)a;
	if (!guard) {
		run_fail(m, in, "guard_put() without a guard");
		return;
	}
	m->version++;
	cdma_guard_put_at(&guard, site_of(m, in));
}

void op_access(struct machine *m, struct actor *a, const struct insn *in)
{
	if (!in->aux) {
		cdma_revocable_access_at(m->revocables[in->a], site_of(m, in));
		return;
	}
	*reg(m, in->dst) = error_value(
		a, cdma_devres_access_at(m->devres[in->a],
					 m->devices[in->aux - 1].dev, NULL,
					 site_of(m, in)));
}

/* ---- to revoke it ---- */

void op_revoke(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_devres *d = m->devres[in->a];
	bool won;

	(void)a;
	m->version++;
	if (d && !in->how)
		won = cdma_devres_quit_at(d, site_of(m, in));
	else
		won = cdma_revoke_begin_at(m->revocables[in->a], in->how,
					   site_of(m, in));
	*reg(m, in->dst) = value_of(won, 0);
}

static uint64_t number_of(const struct machine *m, const struct cdma_devres *d)
{
	uint64_t i = 0;

	while (m->devres[i] != d)
		i++;
	return i;
}

void op_devres_take(struct machine *m, struct actor *a, const struct insn *in)
{
	bool won = false;
	struct cdma_devres *d = cdma_devres_take_at(m->devices[in->a].dev, &won,
						    site_of(m, in));

	(void)a;
	m->version++;
	*reg(m, in->dst) = value_of(d ? (number_of(m, d) + 1) * 2 + won : 0, 0);
}

void op_devres_done(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	m->version++;
	cdma_devres_done_at(m->devres[in->a], site_of(m, in));
}

bool ready_devres_wait(struct machine *m, struct actor *a,
		       const struct insn *in)
{
	(void)a;
	return cdma_devres_is_done(m->devres[in->a]);
}

void op_devres_wait(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	cdma_devres_wait_at(m->devres[in->a], site_of(m, in));
}
