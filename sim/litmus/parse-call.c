/* SPDX-License-Identifier: MIT */
#include "litmus/parse.h"

#include <string.h>

#include "base/macros.h"
#include "script/builtins.h"

/*
 * Calls: what each does, by tags, as linux-kernel.def has it; and what is
 * refused, with the reason.
 *
 * The form of a call is a letter for each argument: `*' an lvalue, `p' a
 * pointer to a location, `v' a value, `o' the value that is compared with,
 * `r' a register of the device.
 */

enum who { BY_CPU = 1, BY_DEVICE = 2, BY_ANY = 3 };

/* Where a call belongs. */
enum where {
	WITH_DEVICE = 1,    /* it is for what a device shares */
	WITHOUT_DEVICE = 2, /* it is not */
	ANYWHERE = 3,
};

struct call {
	const char *name, *form;
	enum litmus_does does;
	uint64_t read, write;
	enum who who;
	enum where where;
};

#define ROW_LOAD(call, form, tags, who, where)                                 \
	{                                                                      \
		call, form, DOES_LOAD, tags, 0, who, where                     \
	}
#define ROW_STORE(call, form, tags, who, where)                                \
	{                                                                      \
		call, form, DOES_STORE, 0, tags, who, where                    \
	}
#define ROW_FENCE(call, tags, where)                                           \
	{                                                                      \
		call, "", DOES_FENCE, 0, tags, BY_CPU, where                   \
	}

static const struct call calls[] = {
	ROW_LOAD("READ_ONCE", "*", TAGGED(ONCE), BY_ANY, ANYWHERE),
	ROW_LOAD("rcu_dereference", "*", TAGGED(ONCE), BY_CPU, ANYWHERE),
	ROW_LOAD("smp_load_acquire", "p", TAGGED(ACQUIRE), BY_CPU, ANYWHERE),
	ROW_LOAD("atomic_read", "p", TAGGED(ONCE), BY_CPU, ANYWHERE),
	ROW_LOAD("atomic_read_acquire", "p", TAGGED(ACQUIRE), BY_CPU, ANYWHERE),
	ROW_LOAD("srcu_read_lock", "p", TAGGED(SRCU_LOCK), BY_CPU,
		 WITHOUT_DEVICE),
	ROW_LOAD("srcu_down_read", "p", TAGGED(SRCU_LOCK), BY_CPU,
		 WITHOUT_DEVICE),
	ROW_LOAD("dma_read", "*", TAGGED(ONCE), BY_ANY, WITH_DEVICE),
	ROW_LOAD("readl", "r", TAGGED(ONCE) | TAGGED(MMIO) | TAGGED(ORDERED),
		 BY_CPU, WITH_DEVICE),
	ROW_LOAD("readl_relaxed", "r", TAGGED(ONCE) | TAGGED(MMIO), BY_CPU,
		 WITH_DEVICE),
	ROW_STORE("WRITE_ONCE", "*v", TAGGED(ONCE), BY_ANY, ANYWHERE),
	ROW_STORE("smp_store_release", "pv", TAGGED(RELEASE), BY_CPU, ANYWHERE),
	ROW_STORE("rcu_assign_pointer", "*v", TAGGED(RELEASE), BY_CPU,
		  ANYWHERE),
	ROW_STORE("smp_store_mb", "*v", TAGGED(ONCE), BY_CPU, ANYWHERE),
	ROW_STORE("atomic_set", "pv", TAGGED(ONCE), BY_CPU, ANYWHERE),
	ROW_STORE("atomic_set_release", "pv", TAGGED(RELEASE), BY_CPU,
		  ANYWHERE),
	ROW_STORE("srcu_read_unlock", "pv", TAGGED(SRCU_UNLOCK), BY_CPU,
		  WITHOUT_DEVICE),
	ROW_STORE("srcu_up_read", "pv", TAGGED(SRCU_UNLOCK), BY_CPU,
		  WITHOUT_DEVICE),
	ROW_STORE("dma_write", "*v", TAGGED(ONCE), BY_ANY, WITH_DEVICE),
	ROW_STORE("dma_write_relaxed", "*v", TAGGED(ONCE) | TAGGED(RELAXED),
		  BY_DEVICE, WITH_DEVICE),
	ROW_STORE("dma_write_unordered", "*v", TAGGED(ONCE) | TAGGED(UNORDERED),
		  BY_DEVICE, WITH_DEVICE),
	ROW_STORE("writel", "vr", TAGGED(ONCE) | TAGGED(MMIO) | TAGGED(ORDERED),
		  BY_CPU, WITH_DEVICE),
	ROW_STORE("writel_relaxed", "vr", TAGGED(ONCE) | TAGGED(MMIO), BY_CPU,
		  WITH_DEVICE),
	ROW_STORE("spin_unlock", "p", TAGGED(UL) | TAGGED(RELEASE), BY_CPU,
		  ANYWHERE),
	{"spin_lock", "p", DOES_LOCK, 0, 0, BY_CPU, ANYWHERE},
	{"complete", "p", DOES_COMPLETE, 0, TAGGED(UL) | TAGGED(RELEASE),
	 BY_CPU, ANYWHERE},
	{"wait_for_completion", "p", DOES_WAIT, 0, 0, BY_CPU, ANYWHERE},
	{"spin_trylock", "p", DOES_TRY_LOCK, 0, 0, BY_CPU, WITHOUT_DEVICE},
	{"spin_is_locked", "p", DOES_ASK_LOCK, 0, 0, BY_CPU, WITHOUT_DEVICE},
	ROW_FENCE("smp_mb", TAGGED(MB), ANYWHERE),
	ROW_FENCE("smp_wmb", TAGGED(WMB), ANYWHERE),
	ROW_FENCE("smp_rmb", TAGGED(RMB), ANYWHERE),
	ROW_FENCE("barrier", TAGGED(BARRIER), ANYWHERE),
	ROW_FENCE("smp_mb__before_atomic", TAGGED(BEFORE_ATOMIC), ANYWHERE),
	ROW_FENCE("smp_mb__after_atomic", TAGGED(AFTER_ATOMIC), ANYWHERE),
	ROW_FENCE("smp_mb__after_spinlock", TAGGED(AFTER_SPINLOCK), ANYWHERE),
	ROW_FENCE("smp_mb__after_unlock_lock", TAGGED(AFTER_UNLOCK_LOCK),
		  ANYWHERE),
	ROW_FENCE("smp_mb__after_srcu_read_unlock", TAGGED(AFTER_SRCU_UNLOCK),
		  WITHOUT_DEVICE),
	ROW_FENCE("rcu_read_lock", TAGGED(RCU_LOCK), ANYWHERE),
	ROW_FENCE("rcu_read_unlock", TAGGED(RCU_UNLOCK), ANYWHERE),
	ROW_FENCE("synchronize_rcu", TAGGED(SYNC_RCU), ANYWHERE),
	ROW_FENCE("synchronize_rcu_expedited", TAGGED(SYNC_RCU), ANYWHERE),
	{"synchronize_srcu", "p", DOES_FENCE, 0, TAGGED(SYNC_SRCU), BY_CPU,
	 WITHOUT_DEVICE},
	{"synchronize_srcu_expedited", "p", DOES_FENCE, 0, TAGGED(SYNC_SRCU),
	 BY_CPU, WITHOUT_DEVICE},
	ROW_FENCE("dma_mb", TAGGED(MB) | TAGGED(DMA), WITH_DEVICE),
	ROW_FENCE("dma_wmb", TAGGED(WMB) | TAGGED(DMA), WITH_DEVICE),
	ROW_FENCE("dma_rmb", TAGGED(RMB) | TAGGED(DMA), WITH_DEVICE),
	ROW_FENCE("mb", TAGGED(MB) | TAGGED(DMA) | TAGGED(IO), WITH_DEVICE),
	ROW_FENCE("wmb", TAGGED(WMB) | TAGGED(DMA) | TAGGED(IO), WITH_DEVICE),
	ROW_FENCE("rmb", TAGGED(RMB) | TAGGED(DMA) | TAGGED(IO), WITH_DEVICE),
	{"raise", "", DOES_STORE, 0, TAGGED(ONCE), BY_DEVICE, WITH_DEVICE},
};

/* ---- what is refused ---- */

static const struct {
	const char *text, *why;
} refusals[] = {
	{"call_rcu", "callbacks are not in the language"},
	{"while", "a litmus test has no loops"},
	{"for", "a litmus test has no loops"},
	{"do", "a litmus test has no loops"},
	{"goto", "a litmus test has no jumps"},
	{"switch", "a litmus test has no jumps"},
	{"return", "a litmus test has no jumps"},
	{"atomic_load_explicit", "it is of C11, not of the kernel"},
	{"atomic_store_explicit", "it is of C11, not of the kernel"},
	{"atomic_thread_fence", "it is of C11, not of the kernel"},
};

static bool is_refused(struct parser *p)
{
	const struct lex_token *tok = p->tok;

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (lex_is(tok, refusals[i].text)) {
			parse_fail_at(p, tok->span, "'%s' is refused: %s",
				      refusals[i].text, refusals[i].why);
			return true;
		}
	return false;
}

/* ---- arguments ---- */

/* The register that a call of a CPU names. */
static const struct litmus_expr *want_register(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	const char *name = want_name(p, "a register of the device");
	const struct local *local = local_find(p, name);

	if (p->failed)
		return new_number(p, 0);
	if (!local || !local->is_param ||
	    !p->test->locs.at[local->loc].is_register) {
		parse_fail_at(p, tok->span,
			      "'%s' is not a parameter of type int __iomem *",
			      name);
		return new_number(p, 0);
	}
	return new_number(p, litmus_address(local->loc));
}

/* What a place that is written down is: a lock, a register. */
static void check_place(struct parser *p, const struct litmus_action *action,
			struct span span)
{
	bool of_completions =
		action->does == DOES_COMPLETE || action->does == DOES_WAIT;
	bool of_locks = action->does == DOES_LOCK ||
			action->does == DOES_TRY_LOCK ||
			action->does == DOES_ASK_LOCK ||
			action->write & TAGGED(UL) || of_completions;
	struct litmus_loc *loc;
	uint32_t at;

	if (p->failed || action->place->kind != LITMUS_NUMBER ||
	    !litmus_loc_at(p->test, action->place->number, &at))
		return;
	loc = &p->test->locs.at[at];
	if (loc->is_lock && of_locks && loc->is_completion != of_completions)
		parse_fail_at(p, span, "'%s' is a %s", loc->name,
			      of_completions ? "lock" : "completion");
	loc->is_lock |= of_locks;
	loc->is_completion |= of_completions;
	if (loc->is_lock && !of_locks)
		parse_fail_at(p, span, "'%s' is a lock", loc->name);
	if (loc->is_register && p->process != LITMUS_ENGINE &&
	    !((action->read | action->write) & TAGGED(MMIO)))
		parse_fail_at(p, span,
			      "'%s' is a register: a CPU has readl() and "
			      "writel() for it",
			      loc->name);
	if (loc->is_register && of_locks)
		parse_fail_at(p, span, "'%s' is a register", loc->name);
}

static void arguments(struct parser *p, const char *form,
		      struct litmus_action *action)
{
	struct span span = p->tok->span;

	want(p, "(");
	for (const char *f = form; *f && !p->failed; f++) {
		if (f > form)
			want(p, ",");
		if (strchr("*pr", *f))
			span = p->tok[lex_is(p->tok, "*")].span;
		if (*f == '*')
			action->place = parse_lvalue(p);
		else if (*f == 'p')
			action->place = parse_pointer(p);
		else if (*f == 'r')
			action->place = want_register(p);
		else if (*f == 'o')
			action->old = parse_expression(p);
		else
			action->value = parse_expression(p);
	}
	want(p, ")");
	if (action->place)
		check_place(p, action, span);
}

/* ---- calls of the table ---- */

static void check_who(struct parser *p, const struct call *call,
		      struct span span)
{
	bool is_engine = p->process == LITMUS_ENGINE;

	if (call->who == BY_CPU && is_engine)
		parse_fail_at(p, span, "'%s' is for CPUs%s", call->name,
			      (call->read | call->write) & TAGGED(MMIO)
				      ? ": a device has READ_ONCE() and "
					"WRITE_ONCE() for its registers"
				      : ", and this is a device");
	if (call->who == BY_DEVICE && !is_engine)
		parse_fail_at(p, span, "'%s' is for devices", call->name);
	if (call->where == WITH_DEVICE)
		not_without_device(p, span,
				   call->does == DOES_FENCE
					   ? "LKMM has no such barrier, and "
					     "there is no device"
					   : "this is a call for memory that a "
					     "device has, and there is no "
					     "device");
	if (call->where == WITHOUT_DEVICE)
		not_with_device(p, span,
				"this call is not in the language of tests "
				"with a device");
}

static const struct litmus_expr *known_call(struct parser *p,
					    const struct call *call)
{
	struct litmus_action action = {
		.name = call->name,
		.does = call->does,
		.read = call->read,
		.write = call->write,
		.span = p->tok->span,
	};
	bool raises = lex_is(p->tok, "raise");

	p->tok++;
	check_who(p, call, action.span);
	arguments(p, call->form, &action);
	if (raises) {
		if (p->raises)
			parse_fail_at(p, action.span,
				      "there is another 'raise'");
		p->raises = true;
		action.place = new_number(p, litmus_address(interrupt_of(p)));
		action.value = new_number(p, 1);
		action.write |= TAGGED(IRQ);
	}
	return new_act(p, &action);
}

bool call_has_barrier(struct parser *p)
{
	return lex_is(p->tok, "smp_store_mb");
}

const struct litmus_expr *new_barrier(struct parser *p, struct span span)
{
	return new_act(p, &(struct litmus_action){.name = "smp_mb",
						  .does = DOES_FENCE,
						  .write = TAGGED(MB),
						  .span = span});
}

/* It is on its CPU only when it has been raised, so all of it comes after. */
const struct litmus_expr *new_interrupt(struct parser *p, struct span span)
{
	struct litmus_action action = {
		.name = "raised",
		.does = DOES_LOAD,
		.read = TAGGED(ACQUIRE) | TAGGED(IRQ),
		.place = new_number(p, litmus_address(interrupt_of(p))),
		.span = span,
	};

	return new_act(p, &action);
}

/* ---- atomic operations ---- */

/* The operations of LKMM are among the builtins of scenarios. */
static const struct builtin *atomic_at(const struct parser *p, char name[64])
{
	static const char *const prefixes[] = {"xchg", "cmpxchg", "atomic_"};
	const struct lex_token *tok = p->tok;
	const struct builtin *b;

	if (tok->len > 63)
		return NULL;
	memcpy(name, tok->text, tok->len);
	name[tok->len] = '\0';
	b = builtin_find(name);
	for (size_t i = 0; b && i < ARRAY_SIZE(prefixes); i++)
		if (b->rmw && !strncmp(name, prefixes[i], strlen(prefixes[i])))
			return b;
	return NULL;
}

static void set_meaning(struct litmus_action *action, const struct builtin *b,
			const char *variant)
{
	static const enum litmus_does does[] = {
		[RMW_SET] = DOES_SET, [RMW_SET_IF] = DOES_SET_IF,
		[RMW_ADD] = DOES_OP,  [RMW_ADD_UNLESS] = DOES_ADD_UNLESS,
		[RMW_SUB] = DOES_OP,  [RMW_AND] = DOES_OP,
		[RMW_OR] = DOES_OP,   [RMW_XOR] = DOES_OP,
	};
	static const enum litmus_op op[] = {
		[RMW_ADD] = LITMUS_OP_ADD, [RMW_SUB] = LITMUS_OP_SUB,
		[RMW_AND] = LITMUS_OP_AND, [RMW_OR] = LITMUS_OP_OR,
		[RMW_XOR] = LITMUS_OP_XOR,
	};

	action->does = does[b->rmw];
	if (action->does == DOES_OP)
		action->op = op[b->rmw];
	action->gives = b->gives == GIVES_OLD ? GIVES_THE_OLD : GIVES_THE_NEW;
	action->is_full = !*variant && b->gives != GIVES_NOTHING;
	action->read = action->write = TAGGED(RMW) | TAGGED(ONCE);
	if (!strcmp(variant, "_acquire"))
		action->read = TAGGED(RMW) | TAGGED(ACQUIRE);
	if (!strcmp(variant, "_release"))
		action->write = TAGGED(RMW) | TAGGED(RELEASE);
	if (b->gives == GIVES_NOTHING)
		action->read = TAGGED(RMW) | TAGGED(NORETURN);
}

static void set_form(const struct builtin *b, char form[BUILTIN_ARGS_MAX + 1])
{
	int nr = 0;

	for (; nr < BUILTIN_ARGS_MAX && b->args[nr]; nr++) {
		bool is_old = b->rmw == RMW_SET_IF       ? nr == 1
			      : b->rmw == RMW_ADD_UNLESS ? nr == 2
							 : false;

		form[nr] = b->args[nr] == ARG_SHARED ? 'p' : is_old ? 'o' : 'v';
	}
	form[nr] = '\0';
}

static const struct litmus_expr *
atomic_call(struct parser *p, const struct builtin *b, const char *name)
{
	struct litmus_action action = {.span = p->tok->span};
	char form[BUILTIN_ARGS_MAX + 1];
	const struct litmus_expr *e;

	if (p->process == LITMUS_ENGINE)
		parse_fail_at(p, action.span,
			      "'%s' is for CPUs, and this is a device", name);
	set_meaning(&action, b, builtin_variant(b, name));
	set_form(b, form);
	action.name = want_name(p, "a call");
	arguments(p, form, &action);
	if (b->by)
		action.value = new_number(p, b->by);
	e = new_act(p, &action);
	if (b->gives == GIVES_ZERO)
		return new_op(p, LITMUS_OP_EQ, e, new_number(p, 0));
	if (b->gives == GIVES_NEGATIVE)
		return new_op(p, LITMUS_OP_LT, e, new_number(p, 0));
	return e;
}

/* ---- all calls ---- */

static bool gives_value(const struct litmus_expr *e)
{
	const struct litmus_action *action = e->action;

	return e->kind != LITMUS_ACTION ||
	       (action->does != DOES_STORE && action->does != DOES_FENCE &&
		action->does != DOES_LOCK && action->does != DOES_COMPLETE &&
		action->does != DOES_WAIT &&
		!(action->read & TAGGED(NORETURN)));
}

static const struct litmus_expr *any_call(struct parser *p)
{
	const struct builtin *b;
	char name[64];

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (lex_is(p->tok, calls[i].name))
			return known_call(p, &calls[i]);
	b = atomic_at(p, name);
	return b ? atomic_call(p, b, name) : NULL;
}

const struct litmus_expr *parse_call(struct parser *p, bool is_statement)
{
	const struct lex_token *tok = p->tok;
	const struct litmus_expr *e;

	if (p->failed || tok->kind != LEX_NAME || is_refused(p) ||
	    !lex_is(tok + 1, "("))
		return NULL;
	e = any_call(p);
	if (!e)
		parse_fail_at(p, tok->span, "unknown call '%.*s'",
			      (int)tok->len, tok->text);
	else if (!p->failed && !is_statement && !gives_value(e))
		parse_fail_at(p, tok->span, "'%.*s' gives no value",
			      (int)tok->len, tok->text);
	return e ? e : new_number(p, 0);
}
