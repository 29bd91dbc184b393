/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_DEVICE_H
#define AXIOM_DEVICE_H

/*
 * Device: the part of the model that LKMM does not have, and what takes the
 * place of its relations where a device takes part.  doc/memory-model.md, "The
 * model as relations", says each of them in a line, with its source.
 */

#include "axiom/execution.h"

struct model;

struct device_model {
	struct rel_space *space; /* borrowed: of the execution */
	/* Accesses of CPUs, to registers among them; of engines, their reads of
	 * memory, their writes by kind, and what stays in the device. */
	struct set cpu, io, engine, mem_read, mem_write;
	struct set strict, relaxed, unordered, internal;
	/* Of the paths. */
	struct rel dev_po;
	struct rel full_mb, full_rmb, full_wmb, io_order, io_read, io_push;
	struct rel smp_mb, smp_rmb, smp_wmb, smp_rel, smp_acq;
	/* Of rf. */
	struct rel seen_by_cpu; /* rfe of memory, to a CPU */
	struct rel issue, dev_rel, push, ppo, to_cpu, strong, land, smp_strong,
		all, cpus, spread;
	/* Steps of propagation, see device.c. */
	struct rel own, seen, brought, full, smp, stay, back, more;
	struct rel landed; /* all, without brought */
	/* For in between. */
	struct rel t1, t2, t3, t4;
	struct set s1, s2, s3;
	struct set held; /* of rf */
};

/* @gp: what a grace period orders. */
void device_begin(struct device_model *d, struct execution *x, struct rel gp);

/* rf has changed. */
void device_read(struct device_model *d, struct model *m, struct execution *x);

/* What model_allows_order() is, up to the axiom of RCU; makes hb, hb*, pb and
 * prop of @m. */
bool device_allows(struct device_model *d, struct model *m,
		   struct execution *x);

#endif /* AXIOM_DEVICE_H */
