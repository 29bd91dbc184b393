/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

/*
 * Calls about handlers.  What each does is a line of sync-calls.h.
 */

/* The argument that the call is about. */
static const struct expr *subject(const struct expr *call)
{
	const struct expr *e = call->args;

	while (e->denotes != DENOTES_SYM)
		e = e->next;
	return e;
}

static uint16_t handler_of(const struct expr *subject)
{
	return (uint16_t)(subject->sym->kind == SYM_IRQ
				  ? subject->sym->irq->index
				  : subject->sym->handler->index);
}

static void await(struct compile *c, uint16_t handler,
		  enum cdma_handler_wait wait, uint8_t after, uint16_t dst)
{
	struct insn *in = emit(c, INSN_AWAIT);

	in->a = handler;
	in->size = (uint8_t)wait;
	in->aux = after;
	in->dst = dst;
}

/* Who waits for the handler of an interrupt waits for its thread as well. */
static void await_thread(struct compile *c, const struct expr *subject)
{
	const struct irq *irq = subject->sym->irq;

	if (irq && irq->thread && irq->thread != irq->handler)
		await(c, (uint16_t)irq->thread->handler->index,
		      CDMA_HANDLER_REST, 0, 0);
}

uint16_t call_handler(struct compile *c, const struct expr *e)
{
	const struct builtin_handler *how = &e->builtin->handler;
	uint16_t handler = handler_of(subject(e)), dst = temp_reg(c);
	struct insn *in;

	if (how->arms || how->begin) {
		in = emit(c, how->arms ? INSN_ARM : INSN_CHANGE);
		in->a = handler;
		in->dst = dst;
		in->how = how->gives;
		in->aux = how->arms ? how->arms : how->begin;
	}
	if (how->waits) {
		await(c, handler, (enum cdma_handler_wait)(how->waits - 1),
		      how->after, how->begin ? 0 : dst);
		await_thread(c, subject(e));
	}
	return dst;
}

/* All works, one after the other: on which queue they are does not matter. */
uint16_t call_flush_all(struct compile *c, const struct expr *e)
{
	(void)e;
	for (size_t i = 0; i < c->unit->nr_handlers; i++) {
		const struct handler *h = c->unit->handlers[i];
		uint16_t dst = temp_reg(c);
		struct insn *in;

		if (h->kind != CDMA_HANDLER_WORK)
			continue;
		in = emit(c, INSN_CHANGE);
		in->a = (uint16_t)h->index;
		in->dst = dst;
		in->aux = CDMA_HANDLER_WANT;
		await(c, (uint16_t)h->index, CDMA_HANDLER_OVER, 0, 0);
	}
	return 0;
}

/* dst = what is known of a handler. */
static uint16_t ask(struct compile *c, enum insn_op op, const struct expr *e)
{
	uint16_t dst = temp_reg(c);
	struct insn *in = emit(c, op);

	in->dst = dst;
	in->a = handler_of(e->args);
	return dst;
}

uint16_t call_armed(struct compile *c, const struct expr *e)
{
	return ask(c, INSN_ARMED, e);
}

uint16_t call_poll_done(struct compile *c, const struct expr *e)
{
	if (e->nr_args > 1)
		value(c, call_arg(e, 1));
	set_site(c, e->span);
	return ask(c, INSN_POLL_DONE, e);
}

uint16_t call_raise(struct compile *c, const struct expr *e)
{
	bool is_raise = e->builtin->id == BUILTIN_RAISE;

	emit(c, is_raise ? INSN_RAISE : INSN_LOWER)->a = handler_of(e->args);
	return 0;
}

uint16_t call_shutdown(struct compile *c, const struct expr *e)
{
	(void)e;
	emit(c, INSN_SHUTDOWN);
	return 0;
}

/* Its number among those of the program: setup, final and teardown have
 * none. */
static uint16_t number_of(const struct compile *c, const struct section *thread)
{
	uint16_t nr = 0;

	for (const struct section *s = c->unit->sections; s != thread; s++)
		nr += s->kind == SECTION_THREAD || s->kind == SECTION_HANDLER;
	return nr;
}

uint16_t call_kthread_stop(struct compile *c, const struct expr *e)
{
	uint16_t thread = number_of(c, e->args->sym->thread), dst = temp_reg(c);
	struct insn *in;

	emit(c, INSN_THREAD_STOP)->a = thread;
	in = emit(c, INSN_THREAD_STOPPED);
	in->a = thread;
	in->dst = dst;
	return dst;
}

uint16_t call_should_stop(struct compile *c, const struct expr *e)
{
	uint16_t dst = temp_reg(c);

	(void)e;
	emit(c, INSN_SHOULD_STOP)->dst = dst;
	return dst;
}
