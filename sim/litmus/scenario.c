/* SPDX-License-Identifier: MIT */
#include "litmus/scenario.h"

#include <string.h>

#define FIRST_PLACE                                                            \
	65536 /* what stands for the address of the first location */

struct writer {
	struct cdma_text *out;
	const struct litmus *test;
	enum litmus_process process;
	unsigned int sections; /* of RCU that are open */
	const char *missing;
};

/* ---- expressions ---- */

static void expression(struct writer *w, const struct litmus_expr *e);

static void miss(struct writer *w, const char *what)
{
	if (!w->missing)
		w->missing = *what ? what : "a plain access";
}

static void number(struct writer *w, int64_t n)
{
	uint32_t loc;

	if (litmus_loc_at(w->test, n, &loc))
		cdma_text_addf(w->out, "%u", FIRST_PLACE + 2 * loc);
	else
		cdma_text_addf(w->out, "%lld", (long long)n);
}

static void place(struct writer *w, const struct litmus_expr *e)
{
	uint32_t loc;

	if (e->kind != LITMUS_NUMBER) {
		cdma_text_add(w->out, "mem[");
		expression(w, e);
		cdma_text_addf(w->out, " - %d]", FIRST_PLACE);
	} else if (!litmus_loc_at(w->test, e->number, &loc)) {
		miss(w, "a pointer that is a number");
	} else if (w->test->locs.at[loc].is_register) {
		cdma_text_addf(w->out, "dev.reg_%u", loc);
	} else if (w->test->locs.at[loc].is_completion) {
		cdma_text_addf(w->out, "done_%u", loc);
	} else if (w->test->locs.at[loc].is_lock) {
		cdma_text_addf(w->out, "lock_%u", loc);
	} else {
		cdma_text_addf(w->out, "mem[%u]", 2 * loc);
	}
}

static void binary(struct writer *w, const struct litmus_expr *e)
{
	static const char *const words[] = {
		[LITMUS_OP_ADD] = "+",     [LITMUS_OP_SUB] = "-",
		[LITMUS_OP_MUL] = "*",     [LITMUS_OP_DIV] = "/",
		[LITMUS_OP_AND] = "&",     [LITMUS_OP_OR] = "|",
		[LITMUS_OP_XOR] = "^",     [LITMUS_OP_SHL] = "<<",
		[LITMUS_OP_SHR] = ">>",    [LITMUS_OP_EQ] = "==",
		[LITMUS_OP_NE] = "!=",     [LITMUS_OP_LT] = "<",
		[LITMUS_OP_LE] = "<=",     [LITMUS_OP_GT] = ">",
		[LITMUS_OP_GE] = ">=",     [LITMUS_OP_ALSO] = "&&",
		[LITMUS_OP_EITHER] = "||",
	};

	cdma_text_addc(w->out, '(');
	expression(w, e->a);
	cdma_text_addf(w->out, " %s ", words[e->op]);
	expression(w, e->b);
	cdma_text_addc(w->out, ')');
}

/* ---- atomic operations ---- */

static const char *variant(const struct litmus_action *action)
{
	if (action->is_full || action->read & TAGGED(NORETURN))
		return "";
	if (action->read & TAGGED(ACQUIRE))
		return "_acquire";
	return action->write & TAGGED(RELEASE) ? "_release" : "_relaxed";
}

static void operation(struct writer *w, const struct litmus_action *action)
{
	static const char *const words[] = {
		[LITMUS_OP_ADD] = "add", [LITMUS_OP_SUB] = "sub",
		[LITMUS_OP_AND] = "and", [LITMUS_OP_OR] = "or",
		[LITMUS_OP_XOR] = "xor",
	};
	bool gives = !(action->read & TAGGED(NORETURN));
	bool fetches = gives && action->gives == GIVES_THE_OLD;

	cdma_text_addf(w->out, "atomic_%s%s%s%s(", fetches ? "fetch_" : "",
		       words[action->op], gives && !fetches ? "_return" : "",
		       variant(action));
	expression(w, action->value);
	cdma_text_add(w->out, ", ");
	place(w, action->place);
	cdma_text_addc(w->out, ')');
}

static void exchange(struct writer *w, const struct litmus_action *action)
{
	const struct litmus_expr *second = action->value, *third = NULL;
	const char *name = "xchg";

	if (action->does == DOES_SET_IF) {
		name = "cmpxchg";
		second = action->old;
		third = action->value;
	} else if (action->does == DOES_ADD_UNLESS) {
		name = "atomic_add_unless";
		third = action->old;
	}
	cdma_text_addf(w->out, "%s%s(", name, variant(action));
	place(w, action->place);
	cdma_text_add(w->out, ", ");
	expression(w, second);
	if (third) {
		cdma_text_add(w->out, ", ");
		expression(w, third);
	}
	cdma_text_addc(w->out, ')');
}

/* ---- accesses ---- */

static void load(struct writer *w, const struct litmus_action *action)
{
	const char *name = action->read & TAGGED(MMIO)      ? action->name
			   : action->read & TAGGED(ACQUIRE) ? "smp_load_acquire"
			   : action->read & TAGGED(ONCE)    ? "READ_ONCE"
							    : "";

	if (action->read & TAGGED(SRCU_LOCK))
		miss(w, action->name);
	if (w->process == LITMUS_ENGINE)
		name = "";
	cdma_text_addf(w->out, "%s(", name);
	place(w, action->place);
	cdma_text_addc(w->out, ')');
}

/* What a device writes, or a plain store. */
static void assignment(struct writer *w, const struct litmus_action *action)
{
	if (action->write & TAGGED(RELAXED))
		cdma_text_add(w->out, "relaxed ");
	if (action->write & TAGGED(UNORDERED))
		cdma_text_add(w->out, "unordered ");
	place(w, action->place);
	cdma_text_add(w->out, " = ");
	expression(w, action->value);
}

static void store(struct writer *w, const struct litmus_action *action)
{
	if (action->write & TAGGED(SRCU_UNLOCK)) {
		miss(w, action->name);
	} else if (action->write & TAGGED(IRQ)) {
		cdma_text_add(w->out, "raise(dev.line)");
	} else if (action->write & TAGGED(UL)) {
		cdma_text_add(w->out, "spin_unlock(");
		place(w, action->place);
		cdma_text_addc(w->out, ')');
	} else if (action->write & TAGGED(MMIO)) {
		cdma_text_addf(w->out, "%s(", action->name);
		expression(w, action->value);
		cdma_text_add(w->out, ", ");
		place(w, action->place);
		cdma_text_addc(w->out, ')');
	} else if (w->process == LITMUS_ENGINE ||
		   action->write & TAGGED(PLAIN)) {
		assignment(w, action);
	} else {
		cdma_text_addf(w->out, "%s(",
			       action->write & TAGGED(RELEASE)
				       ? "smp_store_release"
				       : "WRITE_ONCE");
		place(w, action->place);
		cdma_text_add(w->out, ", ");
		expression(w, action->value);
		cdma_text_addc(w->out, ')');
	}
}

/* Of sections that nest, the outermost counts. */
static void fence(struct writer *w, const struct litmus_action *action)
{
	static const uint64_t next_to = TAGGED(BEFORE_ATOMIC) |
					TAGGED(AFTER_ATOMIC) |
					TAGGED(AFTER_SPINLOCK);

	if (action->write & next_to)
		cdma_text_add(w->out, "smp_mb()");
	else if (action->write & TAGGED(RCU_LOCK) && w->sections++)
		return;
	else if (action->write & TAGGED(RCU_UNLOCK) &&
		 (!w->sections || --w->sections))
		return;
	else if (action->write & TAGGED(SYNC_RCU))
		cdma_text_add(w->out, "synchronize_rcu()");
	else if (action->write &
		 (TAGGED(AFTER_UNLOCK_LOCK) | TAGGED(AFTER_SRCU_UNLOCK) |
		  TAGGED(SYNC_SRCU) | TAGGED(BARRIER)))
		miss(w, action->name);
	else
		cdma_text_addf(w->out, "%s()", action->name);
}

static void act(struct writer *w, const struct litmus_action *action)
{
	switch (action->does) {
	case DOES_LOAD:
		load(w, action);
		break;
	case DOES_STORE:
		store(w, action);
		break;
	case DOES_OP:
		operation(w, action);
		break;
	case DOES_SET:
	case DOES_SET_IF:
	case DOES_ADD_UNLESS:
		exchange(w, action);
		break;
	case DOES_FENCE:
		fence(w, action);
		break;
	case DOES_LOCK:
		cdma_text_add(w->out, "spin_lock(");
		place(w, action->place);
		cdma_text_addc(w->out, ')');
		break;
	case DOES_COMPLETE:
	case DOES_WAIT:
		cdma_text_addf(w->out, "%s(", action->name);
		place(w, action->place);
		cdma_text_addc(w->out, ')');
		break;
	case DOES_TRY_LOCK:
	case DOES_ASK_LOCK:
		miss(w, action->name);
		break;
	}
}

static void expression(struct writer *w, const struct litmus_expr *e)
{
	switch (e->kind) {
	case LITMUS_NUMBER:
		number(w, e->number);
		break;
	case LITMUS_REG:
		cdma_text_addf(w->out, "r_%s", w->test->regs.at[e->reg].name);
		break;
	case LITMUS_OP:
		binary(w, e);
		break;
	case LITMUS_ACTION:
		act(w, e->action);
		break;
	}
}

/* ---- statements ---- */

static void statements(struct writer *w, const struct litmus_stmt *s)
{
	for (; s; s = s->next) {
		size_t start = w->out->len;

		if (s->kind == LITMUS_IF) {
			cdma_text_add(w->out, "if (");
			expression(w, s->expr);
			cdma_text_add(w->out, ") {\n");
			statements(w, s->yes);
			cdma_text_add(w->out, s->no ? "} else {\n" : "");
			statements(w, s->no);
			cdma_text_add(w->out, "}\n");
			continue;
		}
		if (s->kind == LITMUS_SET_REG)
			cdma_text_addf(w->out, "r_%s = ",
				       w->test->regs.at[s->reg].name);
		expression(w, s->expr);
		if (w->out->len > start)
			cdma_text_add(w->out, ";\n");
	}
}

/* ---- the whole ---- */

static void add_memory(struct writer *w)
{
	const struct litmus *test = w->test;
	struct cdma_text *out = w->out;

	cdma_text_addf(out, "shared s32 fin[%zu];\n", 2 * test->regs.nr + 1);
	for (size_t i = 0; i < test->locs.nr; i++)
		if (test->locs.at[i].is_completion)
			cdma_text_addf(out, "completion done_%zu;\n", i);
		else if (test->locs.at[i].is_lock)
			cdma_text_addf(out, "spinlock lock_%zu;\n", i);
	if (!test->has_device) {
		cdma_text_addf(out, "shared s32 mem[%zu];\n",
			       2 * test->locs.nr + 1);
		return;
	}
	cdma_text_add(out, "device dev {\nregs { u32 go;");
	for (size_t i = 0; i < test->locs.nr; i++)
		if (test->locs.at[i].is_register)
			cdma_text_addf(out, " u32 reg_%zu;", i);
	cdma_text_addf(out, " }\nirq line: %s;\n};\n",
		       test->handler == LITMUS_INTX ? "intx" : "msi");
}

/* An engine begins when setup rings for it, so it comes after the first values.
 */
static void add_setup(struct writer *w)
{
	const struct litmus *test = w->test;
	struct cdma_text *out = w->out;

	cdma_text_add(out, "setup {\n");
	if (test->has_device)
		cdma_text_addf(
			out,
			"coherent mem = dma_alloc_coherent(dev, s32[%zu], "
			"ZEROED);\n"
			"coherent told = dma_alloc_coherent(dev, s32[%zu], "
			"ZEROED);\n",
			2 * test->locs.nr + 1, 2 * test->regs.nr + 1);
	for (size_t i = 0; i < test->locs.nr; i++) {
		if (!test->locs.at[i].init)
			continue;
		cdma_text_addf(out,
			       test->has_device ? "WRITE_ONCE(mem[%zu], "
						: "mem[%zu] = ",
			       2 * i);
		number(w, test->locs.at[i].init);
		cdma_text_add(out, test->has_device ? ");\n" : ";\n");
	}
	if (test->has_device)
		cdma_text_add(out, "writel(1, dev.go);\n");
	cdma_text_add(out, "}\n");
}

static void add_thread(struct writer *w, unsigned int nr)
{
	static const char *const on[] = {
		[LITMUS_CPU] = "cpu",
		[LITMUS_ENGINE] = "dev",
		[LITMUS_MSI] = "dev.line",
		[LITMUS_INTX] = "dev.line",
	};
	const struct litmus *test = w->test;
	const struct litmus_thread *thread = &test->threads.at[nr];
	bool is_engine = thread->process == LITMUS_ENGINE;
	bool is_handler = thread->process >= LITMUS_MSI;
	struct cdma_text *out = w->out;

	w->process = thread->process;
	w->sections = 0;
	cdma_text_addf(out, "%s P%u on %s {\n", is_handler ? "irq" : "thread",
		       nr, on[thread->process]);
	for (size_t i = 0; i < test->regs.nr; i++)
		if (test->regs.at[i].thread == nr) {
			cdma_text_addf(out,
				       "s32 r_%s = ", test->regs.at[i].name);
			number(w, test->regs.at[i].init);
			cdma_text_add(out, ";\n");
		}
	if (is_engine)
		cdma_text_add(out, "poll (dev.go) max 1000 else return;\n");
	statements(w, is_handler ? thread->body->yes : thread->body);
	for (size_t i = 0; i < test->regs.nr; i++)
		if (test->regs.at[i].thread == nr)
			cdma_text_addf(
				out,
				is_engine ? "told[%zu] = r_%s;\n"
					  : "WRITE_ONCE(fin[%zu], r_%s);\n",
				2 * i, test->regs.at[i].name);
	cdma_text_add(out, "}\n");
}

const char *litmus_scenario(struct cdma_text *out, const struct litmus *test,
			    const char *memory)
{
	struct writer w = {.out = out, .test = test};

	cdma_text_addf(out, "scenario litmus;\nmemory = %s;\n", memory);
	add_memory(&w);
	add_setup(&w);
	for (unsigned int i = 0; i < test->threads.nr; i++)
		add_thread(&w, i);
	return w.missing;
}
