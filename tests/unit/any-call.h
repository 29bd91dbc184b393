/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ANY_CALL_H
#define TESTS_ANY_CALL_H

/*
 * Any call: what any-program.h draws for places, numbers and calls.
 *
 * Calls are made from the table of builtins, by the kinds of their arguments,
 * so a new one is drawn as soon as it is there; a new kind of argument does not
 * compile until something is drawn for it.
 */

#include <string.h>

#include "base/macros.h"
#include "base/rng.h"
#include "base/text.h"
#include "script/builtins.h"

#define FOCUS_NR 3

struct draft {
	struct cdma_rng *rng;
	struct cdma_text *out;
	bool is_device;
	bool is_alone;      /* setup, teardown */
	bool has_engine;    /* of nic: a thread that may write */
	bool has_label;     /* l0, in thread 0 */
	const char *begins; /* what a thread begins with; borrowed */
	unsigned int names, depth, budget;
	const char *focus[FOCUS_NR];     /* of CPUs */
	const char *dev_focus[FOCUS_NR]; /* of devices */
};

/* ---- drawing ---- */

/* A number below @nr. */
static inline unsigned int draw(struct draft *d, unsigned int nr)
{
	return (unsigned int)cdma_rng_below(d->rng, nr);
}

static inline bool one_in(struct draft *d, unsigned int nr)
{
	return !draw(d, nr);
}

#define DRAW(d, list) ((list)[draw(d, ARRAY_SIZE(list))])

static inline void say(struct draft *d, const char *s)
{
	cdma_text_add(d->out, s);
}

/* ---- places and values ---- */

static const char *const any_shared[] = {"a",      "b",    "arr[0]",
					 "arr[1]", "wide", "km[1]"};
static const char *const any_dma[] = {
	"ring[0].x", "ring[0].y",      "ring[0].z", "ring[1].x", "ws[0].x",
	"ws[0].y",   "own[0].x",       "own[1].y",  "ring[0].p", "vw.x",
	"h[0].x",    "ring[v0 & 1].x", "pk[0].x",   "pk[0].z",
};
static const char *const any_device[] = {
	"ring[0].x",
	"ring[0].y",
	"ring[0].z",
	"ring[1].x",
	"ws[0].x",
	"ws[0].y",
	"own[0].x",
	"h[0].x",
	"ring[0].p",
	"ring[v0 & 1].y",
	"pk[0].x",
	"pk[0].z",
	"*(le32 *)(dma_handle(ring[0].x))",
	"*(le32 *)(at)",
	"*(le32 *)(lent)",
	"*(le32 *)(lent + 4)",
	"((s *)at)->y",
	"*(le32 *)(dma_address(own[0].x) + 4)",
};

static inline const char *any_device_name(struct draft *d)
{
	return one_in(d, 5) ? "gpu" : "nic";
}

static const char *const any_register[] = {"nic.r", "nic.t", "nic.q", "nic.by",
					   "nic.wo"};

static inline const char *any_scalar(struct draft *d)
{
	if (d->is_device)
		return one_in(d, 4) ? DRAW(d, any_device)
				    : DRAW(d, d->dev_focus);
	if (!one_in(d, 4))
		return DRAW(d, d->focus);
	return one_in(d, 2) ? DRAW(d, any_shared) : DRAW(d, any_dma);
}

static inline const char *any_dma_scalar(struct draft *d)
{
	for (unsigned int i = 0; i < 4; i++) {
		const char *p = DRAW(d, d->dev_focus);

		if (*p != '*' && *p != '(')
			return p;
	}
	return DRAW(d, any_dma);
}

static inline const char *any_struct(struct draft *d)
{
	static const char *const at[] = {"ring[0]", "ring[1]",      "own[0]",
					 "ws[0]",   "ring[v0 & 1]", "vw"};

	return DRAW(d, at);
}

static inline const char *any_part(struct draft *d)
{
	static const char *const at[] = {"ring",       "ring[0..1]", "ring[1]",
					 "own[0]",     "ws[0..2]",   "h",
					 "ring[v0..2]"};

	return one_in(d, 2) ? any_dma_scalar(d) : DRAW(d, at);
}

static inline const char *any_number(struct draft *d)
{
	static const char *const at[] = {"0",  "1",      "1",         "2",
					 "3",  "v0",     "v0 + 1",    "v1",
					 "v1", "(u8)v0", "v0 ? 1 : 2"};

	return DRAW(d, at);
}

/* ---- calls ---- */

static inline const char *any_flags(struct draft *d)
{
	static const char *const at[] = {
		"ZEROED", "GFP_KERNEL", "GFP_ATOMIC | ZEROED",
		"ZEROED | WEAK_ORDERING", "NO_KERNEL_MAPPING"};

	return DRAW(d, at);
}

static inline const char *any_memory(struct draft *d)
{
	if (one_in(d, 3))
		return "d";
	return one_in(d, 2) ? any_struct(d) : any_scalar(d);
}

static inline const char *any_irq(struct draft *d)
{
	static const char *const at[] = {"nic.v", "nic.w", "nic.x", "nic.y"};

	return DRAW(d, at);
}

static inline const char *any_owner(struct draft *d)
{
	static const char *const at[] = {"own", "ring", "spare",
					 "h",   "ws",   "later"};

	return DRAW(d, at);
}

static inline const char *any_type(struct draft *d)
{
	return one_in(d, 2) ? "s" : "le32[2]";
}

/* What somebody may wait for. */
static inline const char *any_condition(struct draft *d)
{
	static const char *const at[] = {
		"READ_ONCE(a) == 1",   "READ_ONCE(b)",
		"completion_done(c)",  "READ_ONCE(a) == 1 || READ_ONCE(b) == 2",
		"dma_read(ring[0].x)", "readl(nic.r) == 1"};

	return DRAW(d, at);
}

/* What stands for an argument of this kind.  No default: a new kind has to be
 * thought of. */
static inline const char *any_arg(struct draft *d, enum arg arg)
{
	static const char *const orders[] = {"Read", "Write", "Full"};

	switch (arg) {
	case ARG_VALUE:
	case ARG_TRUTH:
	case ARG_ANY:
	case ARG_STORED:
		return any_number(d);
	case ARG_FLAGS:
		return any_flags(d);
	case ARG_ORDER:
		return DRAW(d, orders);
	case ARG_WORD:
		return any_scalar(d);
	case ARG_SHARED:
		return DRAW(d, any_shared);
	case ARG_DMA:
		return any_part(d);
	case ARG_DMA_WORD:
		return any_dma_scalar(d);
	case ARG_MEMORY:
		return any_memory(d);
	case ARG_BUFFER:
		return "d";
	case ARG_COUNTER:
		return "n";
	case ARG_REG:
		return DRAW(d, any_register);
	case ARG_BUS:
		return one_in(d, 3) ? "km" : "gpu.r";
	case ARG_TOLD:
		return "&v0";
	case ARG_DEVICE:
		return any_device_name(d);
	case ARG_IRQ:
		return any_irq(d);
	case ARG_TIMER:
		return "tm";
	case ARG_WORK:
		return "wk";
	case ARG_TASKLET:
		return "tl";
	case ARG_NAPI:
		return "np";
	case ARG_THREAD:
		return "kt";
	case ARG_LOCK:
		return "l";
	case ARG_MUTEX:
		return "mx";
	case ARG_COMPLETION:
		return "c";
	case ARG_WAITQUEUE:
		return "wq";
	case ARG_REVOCABLE:
		return "rv";
	case ARG_DEVRES:
		return "dr";
	case ARG_FIXED:
		return one_in(d, 2) ? "0" : "1";
	case ARG_CONDITION:
		return any_condition(d);
	case ARG_UNUSED:
		return "10";
	case ARG_TYPE:
		return any_type(d);
	case ARG_INIT:
		return "{ .x = 1, .y = v0 }";
	case ARG_BOX:
		return "own";
	case ARG_COHERENT:
		return one_in(d, 2) ? "ring" : "ws";
	case ARG_OWNER:
		return any_owner(d);
	case ARG_OBJECT:
		return any_owner(d);
	case ARG_WINDOW:
		return "win";
	case ARG_KMEM:
		return "km";
	case ARG_MAPPED:
		return one_in(d, 3)   ? any_memory(d)
		       : one_in(d, 2) ? "km"
				      : "km[1]";
	case ARG_POOL:
		return "pl";
	case ARG_SG:
		return "sg";
	case ARG_SG_ENTRY:
		return one_in(d, 2) ? "sg[0]" : "sg[1]";
	case ARG_NONE:
	case ARG_NR:
		break;
	}
	return NULL;
}

static inline bool is_mapping(const struct builtin *b)
{
	return b->id == BUILTIN_DMA_MAP || b->id == BUILTIN_DMA_UNMAP ||
	       b->id == BUILTIN_DMA_SYNC;
}

/* About a mapping, mostly that of setup and as it was made there. */
static inline void say_mapping(struct draft *d, const struct builtin *b)
{
	static const char *const ends[] = {
		"16, DMA_BIDIRECTIONAL", "16, DMA_BIDIRECTIONAL",
		"16, DMA_BIDIRECTIONAL", "8, DMA_FROM_DEVICE",
		"v0, DMA_TO_DEVICE"};
	bool has_offset = b->how & HOW_OFFSET;
	unsigned int plain = has_offset ? 5 : 4; /* arguments without attrs */
	bool is_map = b->id == BUILTIN_DMA_MAP;
	const char *of = one_in(d, 6) ? is_map ? "km[4]" : "lent + 4"
			 : is_map     ? "km"
				      : "lent";

	cdma_text_addf(d->out, "(nic, %s%s, %s%s)", of, has_offset ? ", 4" : "",
		       DRAW(d, ends),
		       b->min_args > plain ? ", DMA_ATTR_SKIP_CPU_SYNC" : "");
}

/* About the list, mostly all of it and one way. */
static inline const char *list_args(struct draft *d, const struct builtin *b)
{
	bool is_odd = one_in(d, 6);

	if (b->how & HOW_TABLE)
		return is_odd ? "(nic, sg, DMA_FROM_DEVICE)"
			      : "(nic, sg, DMA_BIDIRECTIONAL)";
	if (b->min_args == 5)
		return "(nic, sg, 2, DMA_BIDIRECTIONAL, "
		       "DMA_ATTR_SKIP_CPU_SYNC)";
	return is_odd ? "(nic, sg, 1, DMA_BIDIRECTIONAL)"
		      : "(nic, sg, 2, DMA_BIDIRECTIONAL)";
}

/* Calls whose arguments have to fit each other. */
static inline const char *fitting_args(struct draft *d, const struct builtin *b)
{
	static const char *const copies[] = {
		"(ring[0], d)",       "(d, ring[0])", "(d, ring[v0 & 1])",
		"(ring[0], ring[1])", "(ws[0], d)",   "(d, own[0])",
		"(own[0], d)"};
	static const char *const stores[] = {"(ring[0], d)", "(ws[0], d)",
					     "(own[0], d)", "(ring[1].x, v0)",
					     "(ring[0].y, 1)"};
	static const char *const slices[] = {"(ring[0], d)", "(ring[1], d)",
					     "(ws[0], d)"};
	static const char *const casts[] = {"(ring, le64[2])", "(ring[0], s)",
					    "(own[0].x, s)"};

	static const char *const entries[] = {
		"(sg[0], km, 8)", "(sg[1], km[8], 8)", "(sg[1], arr, 8)"};

	if (b->id == BUILTIN_SG_SET && b->how & HOW_OFFSET)
		return one_in(d, 2) ? "(sg[0], km, 8, 0)"
				    : "(sg[1], km, 8, v0)";
	switch (b->id) {
	case BUILTIN_MEMCPY:
		return DRAW(d, copies);
	case BUILTIN_DMA_WRITE:
	case BUILTIN_COPY_WRITE:
		return DRAW(d, stores);
	case BUILTIN_COPY_TO_SLICE:
	case BUILTIN_COPY_FROM_SLICE:
		return DRAW(d, slices);
	case BUILTIN_TRY_CAST:
		return DRAW(d, casts);
	case BUILTIN_COPY_TOIO:
		return "(nic.q, v0)";
	case BUILTIN_COPY_FROMIO:
		return "(v0, nic.q)";
	case BUILTIN_LOWER:
		return "(nic.y)";
	case BUILTIN_DATA_RACE:
		return one_in(d, 2) ? "(a)" : "(READ_ONCE(b))";
	case BUILTIN_COHERENT_INIT:
		return "(nic, s, { .x = 1, .y = v0 }, ZEROED)";
	case BUILTIN_SG_SET:
		return DRAW(d, entries);
	case BUILTIN_SG_MAP:
	case BUILTIN_SG_UNMAP:
	case BUILTIN_SG_SYNC:
		return list_args(d, b);
	case BUILTIN_DMA_MAP_RESOURCE:
		return one_in(d, 4) ? "(nic, km, 4, DMA_BIDIRECTIONAL, 0)"
				    : "(nic, gpu.r, 4, DMA_BIDIRECTIONAL, 0)";
	case BUILTIN_DMA_ALLOC_NONCOHERENT:
		return "(nic, 16, &v0, DMA_BIDIRECTIONAL, GFP_ATOMIC)";
	case BUILTIN_DMA_FREE_NONCOHERENT:
		return one_in(d, 2) ? "(nic, 16, km, lent, DMA_BIDIRECTIONAL)"
				    : "(nic, 16, km, v0, DMA_FROM_DEVICE)";
	case BUILTIN_DMA_MAPPING_ERROR:
		return one_in(d, 4) ? "(nic, v0)" : "(nic, lent)";
	default:
		return NULL;
	}
}

static inline const char *fitting_register(const struct builtin *b)
{
	switch (b->width) {
	case 1:
		return "nic.by";
	case 2:
		return "nic.wo";
	case 8:
		return "nic.q";
	default:
		return NULL;
	}
}

static inline void say_arg(struct draft *d, const struct builtin *b,
			   enum arg arg)
{
	const char *reg = NULL;

	if (arg == ARG_REG && !one_in(d, 8))
		reg = fitting_register(b);
	/* Where a struct may be read, whole ones are of no use to a number. */
	if (arg == ARG_DMA && b->result == RESULT_READ)
		reg = any_dma_scalar(d);
	say(d, reg ? reg : any_arg(d, arg));
}

static inline void say_call(struct draft *d, const struct builtin *b)
{
	static const char *const variants[] = {"", "_relaxed", "_acquire",
					       "_release"};
	const char *args = fitting_args(d, b);
	unsigned int nr = 0;

	say(d, b->name);
	if (is_mapping(b)) {
		say_mapping(d, b);
		return;
	}
	if (b->has_variants)
		say(d, DRAW(d, variants));
	if (args) {
		say(d, args);
		return;
	}
	while (nr < ARRAY_SIZE(b->args) && b->args[nr])
		nr++;
	if (nr > b->min_args)
		nr = b->min_args + draw(d, nr - b->min_args + 1);
	say(d, "(");
	for (unsigned int i = 0; i < nr; i++) {
		say(d, i ? ", " : "");
		say_arg(d, b, b->args[i]);
	}
	say(d, ")");
}

/* Many rows of the table are of one kind: one for each width and order. */
static inline unsigned int rarity(const struct builtin *b)
{
	if (b->is_pure)
		return 16;
	switch (b->id) {
	case BUILTIN_RMW:
		return 6;
	case BUILTIN_REG_READ:
	case BUILTIN_REG_WRITE:
		return 3;
	case BUILTIN_SHUTDOWN:
	case BUILTIN_REG_TRY_READ:
	case BUILTIN_REG_TRY_WRITE:
	case BUILTIN_SIZE:
	case BUILTIN_LEN:
	case BUILTIN_ERR:
	case BUILTIN_DMA_HANDLE:
	case BUILTIN_MASK_TRY_NEW:
		return 6;
	case BUILTIN_SET_MASK:
	case BUILTIN_SET_COHERENT_MASK:
	case BUILTIN_SET_MASK_AND_COHERENT:
	case BUILTIN_SET_MAX_SEG_SIZE:
	case BUILTIN_SET_SEG_BOUNDARY:
	case BUILTIN_BIND:
	case BUILTIN_UNBIND:
	case BUILTIN_RCU_UNLOCK:
	case BUILTIN_PUT_DEVICE:
	case BUILTIN_SPIN_UNLOCK:
	case BUILTIN_REVOCABLE_NEW:
	case BUILTIN_DEVRES_NEW:
	case BUILTIN_GUARD_PUT:
	case BUILTIN_IOUNMAP:
		return 3;
	default:
		return 1;
	}
}

static inline const struct builtin *any_builtin(struct draft *d, bool in_poll)
{
	unsigned int who = d->is_device ? WHO_DEVICE : WHO_CPU;

	for (;;) {
		const struct builtin *b =
			&builtins[draw(d, (unsigned int)nr_builtins)];

		if (b->who & who && (!in_poll || b->in_poll) &&
		    one_in(d, rarity(b)))
			return b;
	}
}

static inline bool gives_number(const struct builtin *b)
{
	return b->result >= RESULT_S32 && b->result <= RESULT_WORD;
}

static inline void statement(struct draft *d);

/* A new object that the call gives, and what is done with it. */
static inline void say_object(struct draft *d, const struct builtin *b)
{
	static const char *const kinds[] = {
		[RESULT_BOX] = "box",       [RESULT_COHERENT] = "coherent",
		[RESULT_HANDLE] = "handle", [RESULT_VIEW] = "view",
		[RESULT_WINDOW] = "window", [RESULT_KMEM] = "buffer",
		[RESULT_POOL] = "pool",
	};
	unsigned int name = d->names++;

	if (b->result == RESULT_COHERENT && one_in(d, 3)) {
		say(d, one_in(d, 2) ? "later = dma_alloc_coherent(nic, s[2]); "
				    : "later = expose(own); ");
		return;
	}
	cdma_text_addf(d->out, "%s o%u%s = ", kinds[b->result], name,
		       b->result == RESULT_HANDLE ? " of s" : "");
	say_call(d, b);
	if (b->can_fail && one_in(d, 4))
		say(d, "?");
	say(d, "; ");
	if (one_in(d, 2))
		statement(d);
	if (b->result == RESULT_WINDOW) {
		if (!one_in(d, 4))
			cdma_text_addf(d->out, "end(o%u); ", name);
	} else if (b->result != RESULT_VIEW && !one_in(d, 3)) {
		cdma_text_addf(d->out, "%s(o%u); ",
			       b->result == RESULT_POOL   ? "dma_pool_destroy"
			       : b->result == RESULT_KMEM ? "kfree"
							  : "free",
			       name);
	}
}

/* A reference, used and given back; maybe too late or never. */
static inline void say_window(struct draft *d)
{
	static const char *const at[] = {"ring[0]", "ring[0..2]", "ws[0]",
					 "own[0]", "ring[1]"};
	bool is_mut = one_in(d, 2);
	const char *part = DRAW(d, at);
	unsigned int name = d->names++;
	bool many = part[strlen(part) - 4] == '.';

	cdma_text_addf(d->out, "window o%u = %s(%s); ", name,
		       is_mut ? "as_mut" : "as_ref", part);
	if (is_mut)
		cdma_text_addf(d->out, "o%u%s.x = %s; ", name,
			       many ? "[1]" : "", any_number(d));
	else
		cdma_text_addf(d->out, "v0 = o%u%s.y; ", name,
			       many ? "[0]" : "");
	if (one_in(d, 4))
		statement(d);
	if (!one_in(d, 5))
		cdma_text_addf(d->out, "end(o%u); ", name);
}

static inline void call_statement(struct draft *d)
{
	const struct builtin *b = any_builtin(d, false);

	if (b->id == BUILTIN_END) {
		say_window(d);
	} else if (b->id == BUILTIN_ASSERT) {
		cdma_text_addf(d->out, "assert(v0 == %s); ", any_number(d));
	} else if (b->result == RESULT_NONE ||
		   (b->id == BUILTIN_RMW && one_in(d, 4))) {
		say_call(d, b);
		say(d, "; ");
	} else if (gives_number(b)) {
		bool is_if = one_in(d, 4);

		say(d, is_if ? "if (" : one_in(d, 2) ? "v0 = " : "v1 = ");
		say_call(d, b);
		if (!is_if && b->can_fail && one_in(d, 4))
			say(d, "?");
		say(d, is_if ? ") " : "; ");
		if (is_if)
			statement(d);
	} else {
		say_object(d, b);
	}
}

#endif /* TESTS_ANY_CALL_H */
