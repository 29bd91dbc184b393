/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/macros.h"

#include <string.h>

/*
 * Macros of the kernel, which stand for an expression: they are written out
 * before they are checked, so that nothing behind this file knows them.
 */

struct macro {
	const char *name;
	uint32_t nr_args;
	const char *usage;
	struct expr *(*make)(struct resolver *r, struct expr *call);
};

static struct expr *node(struct resolver *r, const struct expr *call,
			 enum expr_kind kind, enum op op)
{
	struct expr *e = resolve_new(r, struct expr);

	*e = (struct expr){
		.kind = kind, .op = op, .span = call->span, .height = 1};
	return e;
}

static struct expr *number(struct resolver *r, const struct expr *call,
			   uint64_t value, bool is_unsigned)
{
	return fold_number(node(r, call, EXPR_NUMBER, OP_NONE), value,
			   is_unsigned);
}

static struct expr *unary(struct resolver *r, const struct expr *call,
			  enum op op, struct expr *a)
{
	struct expr *e = node(r, call, EXPR_UNARY, op);

	e->a = a;
	return e;
}

static struct expr *binary(struct resolver *r, const struct expr *call,
			   enum op op, struct expr *a, struct expr *b)
{
	struct expr *e = node(r, call, EXPR_BINARY, op);

	e->a = a;
	e->b = b;
	return e;
}

/* Argument @i, by itself. */
static struct expr *arg(struct resolver *r, const struct expr *call,
			unsigned int i)
{
	const struct expr *e = call->args;

	while (i--)
		e = e->next;
	return resolve_copy(r, e);
}

/* A call of the language, of one or two arguments. */
static struct expr *call_of(struct resolver *r, const struct expr *call,
			    const char *name, struct expr *a, struct expr *b)
{
	struct expr *e = node(r, call, EXPR_CALL, OP_NONE);

	e->name = call->name;
	e->name.text = name;
	e->name.id = UINT32_MAX; /* no function of the scenario */
	e->args = a;
	a->next = b;
	e->nr_args = 1 + (b != NULL);
	return e;
}

/* ---- bits ---- */

/* 1 << nr */
static struct expr *make_bit(struct resolver *r, struct expr *call)
{
	return binary(r, call, OP_SHL, number(r, call, 1, true),
		      arg(r, call, 0));
}

/* Ones from bit l to bit h: (~0 >> (63 - h)) & ~((1 << l) - 1) */
static struct expr *make_genmask(struct resolver *r, struct expr *call)
{
	struct expr *all = number(r, call, UINT64_MAX, true);
	struct expr *one = number(r, call, 1, true);
	struct expr *up = binary(r, call, OP_SUB, number(r, call, 63, false),
				 arg(r, call, 0));
	struct expr *low = binary(r, call, OP_SUB,
				  binary(r, call, OP_SHL, one, arg(r, call, 1)),
				  number(r, call, 1, true));

	return binary(r, call, OP_AND, binary(r, call, OP_SHR, all, up),
		      unary(r, call, OP_COMPL, low));
}

/* The mask of FIELD_GET() and FIELD_PREP(), a row of ones that is known. */
static struct expr *field_mask(struct resolver *r, struct expr *call,
			       uint64_t *shift)
{
	struct type type;
	uint64_t mask;

	if (!resolve_const(r, call->args, "the mask of a field", &mask, &type))
		return NULL;
	*shift = mask ? (uint64_t)__builtin_ctzll(mask) : 0;
	if (mask && !((mask >> *shift) & ((mask >> *shift) + 1)))
		return fold_typed(node(r, call, EXPR_NUMBER, OP_NONE), mask,
				  type);
	resolve_error(r, call->args->span,
		      "a field is a row of ones, as "
		      "GENMASK() gives it");
	return NULL;
}

/* (value & mask) >> shift */
static struct expr *make_field_get(struct resolver *r, struct expr *call)
{
	uint64_t shift;
	struct expr *mask = field_mask(r, call, &shift);

	return mask ? binary(r, call, OP_SHR,
			     binary(r, call, OP_AND, arg(r, call, 1), mask),
			     number(r, call, shift, false))
		    : NULL;
}

/* (value << shift) & mask */
static struct expr *make_field_prep(struct resolver *r, struct expr *call)
{
	uint64_t shift;
	struct expr *mask = field_mask(r, call, &shift);

	return mask ? binary(r, call, OP_AND,
			     binary(r, call, OP_SHL, arg(r, call, 1),
				    number(r, call, shift, false)),
			     mask)
		    : NULL;
}

/* (READ_ONCE(lv) >> nr) & 1 */
static struct expr *make_test_bit(struct resolver *r, struct expr *call)
{
	struct expr *word =
		call_of(r, call, "READ_ONCE", arg(r, call, 1), NULL);

	return binary(r, call, OP_AND,
		      binary(r, call, OP_SHR, word, arg(r, call, 0)),
		      number(r, call, 1, false));
}

/* Whoever follows the pointer depends on it. */
static struct expr *make_once(struct resolver *r, struct expr *call)
{
	return call_of(r, call, "READ_ONCE", arg(r, call, 0), NULL);
}

static struct expr *make_release(struct resolver *r, struct expr *call)
{
	return call_of(r, call, "smp_store_release", arg(r, call, 0),
		       arg(r, call, 1));
}

/* ---- numbers ---- */

/* !!x: a compiler's hint. */
static struct expr *make_likely(struct resolver *r, struct expr *call)
{
	return unary(r, call, OP_NOT, unary(r, call, OP_NOT, arg(r, call, 0)));
}

/* min((type)a, (type)b) */
static struct expr *make_typed(struct resolver *r, struct expr *call,
			       const char *name)
{
	struct expr *a = node(r, call, EXPR_CAST, OP_NONE);
	struct expr *b = node(r, call, EXPR_CAST, OP_NONE);

	a->ref = b->ref = call->args->ref;
	a->a = arg(r, call, 1);
	b->a = arg(r, call, 2);
	return call_of(r, call, name, a, b);
}

static struct expr *make_min_t(struct resolver *r, struct expr *call)
{
	return make_typed(r, call, "min");
}

static struct expr *make_max_t(struct resolver *r, struct expr *call)
{
	return make_typed(r, call, "max");
}

/* min(max(value, low), high) */
static struct expr *make_clamp(struct resolver *r, struct expr *call)
{
	return call_of(
		r, call, "min",
		call_of(r, call, "max", arg(r, call, 0), arg(r, call, 1)),
		arg(r, call, 2));
}

/* (a + b - 1) / b */
static struct expr *make_round_up_div(struct resolver *r, struct expr *call)
{
	struct expr *sum =
		binary(r, call, OP_ADD, arg(r, call, 0), arg(r, call, 1));

	return binary(r, call, OP_DIV,
		      binary(r, call, OP_SUB, sum, number(r, call, 1, false)),
		      arg(r, call, 1));
}

/* (x + a - 1) & ~(a - 1) */
static struct expr *make_align(struct resolver *r, struct expr *call)
{
	struct expr *rest = binary(r, call, OP_SUB, arg(r, call, 1),
				   number(r, call, 1, false));

	return binary(r, call, OP_AND,
		      binary(r, call, OP_ADD, arg(r, call, 0), rest),
		      unary(r, call, OP_COMPL, resolve_copy(r, rest)));
}

static struct expr *make_array_size(struct resolver *r, struct expr *call)
{
	struct expr *a = resolve_expr(r, call->args);
	uint64_t nr;

	if (!a)
		return NULL;
	nr = a->sym && a->kind == EXPR_NAME && a->sym->nr_objects
		     ? a->sym->nr_objects
	     : a->type.is_array ? a->type.len
				: 0;
	if (nr)
		return number(r, call, nr, true);
	resolve_error(r, call->args->span,
		      "this is no array whose length is known");
	return NULL;
}

/* ---- memory ---- */

/* kzalloc(n * size, flags) */
static struct expr *make_kcalloc(struct resolver *r, struct expr *call)
{
	struct expr *size =
		binary(r, call, OP_MUL, arg(r, call, 0), arg(r, call, 1));

	return call_of(r, call, "kzalloc", size, arg(r, call, 2));
}

static struct expr *make_kmalloc_array(struct resolver *r, struct expr *call)
{
	struct expr *size =
		binary(r, call, OP_MUL, arg(r, call, 0), arg(r, call, 1));

	return call_of(r, call, "kmalloc", size, arg(r, call, 2));
}

/* ---- what is said aloud ---- */

/* assert(!condition) */
static struct expr *make_bug_on(struct resolver *r, struct expr *call)
{
	return call_of(r, call, "assert",
		       unary(r, call, OP_NOT, arg(r, call, 0)), NULL);
}

static struct expr *make_yes(struct resolver *r, struct expr *call)
{
	return number(r, call, 1, false);
}

static const struct macro macros[] = {
	{"BIT", 1, "BIT(nr)", make_bit},
	{"BIT_ULL", 1, "BIT_ULL(nr)", make_bit},
	{"GENMASK", 2, "GENMASK(high, low)", make_genmask},
	{"GENMASK_ULL", 2, "GENMASK_ULL(high, low)", make_genmask},
	{"FIELD_GET", 2, "FIELD_GET(mask, value)", make_field_get},
	{"FIELD_PREP", 2, "FIELD_PREP(mask, value)", make_field_prep},
	{"test_bit", 2, "test_bit(nr, lv)", make_test_bit},
	{"likely", 1, "likely(condition)", make_likely},
	{"unlikely", 1, "unlikely(condition)", make_likely},
	{"min_t", 3, "min_t(type, a, b)", make_min_t},
	{"max_t", 3, "max_t(type, a, b)", make_max_t},
	{"clamp", 3, "clamp(value, low, high)", make_clamp},
	{"DIV_ROUND_UP", 2, "DIV_ROUND_UP(a, b)", make_round_up_div},
	{"ALIGN", 2, "ALIGN(value, to)", make_align},
	{"ARRAY_SIZE", 1, "ARRAY_SIZE(array)", make_array_size},
	{"BUG_ON", 1, "BUG_ON(condition)", make_bug_on},
	{"container_of", 3, "container_of(pointer, struct T, member)",
	 resolve_container},
	{"ioremap", 1, "ioremap(device)", resolve_ioremap},
	{"pci_iomap", 3, "pci_iomap(device, bar, len)", resolve_ioremap},
	{"dma_free_coherent", 4,
	 "dma_free_coherent(device, size, pointer, handle)", resolve_free_c},
	{"kcalloc", 3, "kcalloc(n, size, flags)", make_kcalloc},
	{"kmalloc_array", 3, "kmalloc_array(n, size, flags)",
	 make_kmalloc_array},
	{"rcu_dereference", 1, "rcu_dereference(pointer)", make_once},
	{"rcu_access_pointer", 1, "rcu_access_pointer(pointer)", make_once},
	{"rcu_assign_pointer", 2, "rcu_assign_pointer(pointer, value)",
	 make_release},
	{"net_ratelimit", 0, "net_ratelimit()", make_yes},
};

const struct macro *macro_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(macros); i++)
		if (!strcmp(macros[i].name, name))
			return &macros[i];
	return NULL;
}

const char *macro_name(size_t i)
{
	return i < ARRAY_SIZE(macros) ? macros[i].name : NULL;
}

struct expr *resolve_macro(struct resolver *r, struct expr *call)
{
	const struct macro *macro = macro_find(call->name.text);
	struct expr *made;

	if (call->nr_args != macro->nr_args) {
		resolve_error(r, call->span, "%s() takes %u argument%s, not %u",
			      macro->name, macro->nr_args,
			      macro->nr_args == 1 ? "" : "s", call->nr_args);
		diag_help(r->diag, "write %s%s", macro->usage,
			  macro->make == resolve_free_c && call->nr_args == 1
				  ? ", or free(x) of what has a name"
				  : "");
		return NULL;
	}
	made = macro->make(r, call);
	if (!made || made->is_const || made->denotes || made->builtin)
		return made;
	return resolve_expr(r, made);
}

struct expr *resolve_ignored(struct expr *call)
{
	static const struct builtin nothing = {.name = "printk",
					       .id = BUILTIN_PAUSE,
					       .who = WHO_ANY,
					       .in_poll = true};

	call->builtin = &nothing;
	call->args = NULL;
	call->nr_args = 0;
	call->denotes = DENOTES_NOTHING;
	return call;
}
