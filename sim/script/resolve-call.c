/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/macros.h"
#include "base/suggest.h"
#include "script/refuse.h"

#include <cdma/types.h>

#include <inttypes.h>
#include <string.h>

static bool is_scalar(struct type type)
{
	return type.scalar && type.scalar != SCALAR_STRUCT && !type.is_array;
}

/* An argument that is named and not read. */
static struct expr *resolve_named(struct resolver *r, const struct expr *call,
				  enum arg arg, const struct expr *e)
{
	bool failed = r->failed;
	struct expr *result;

	r->failed = false;
	result = arg == ARG_DEVICE ? resolve_device(r, e) : NULL;
	if (!result && r->failed)
		return NULL;
	r->failed |= failed;
	if (!result)
		result = resolve_expr(r, e);
	if (result && arg == ARG_REG && result->denotes != DENOTES_REG)
		result = resolve_mmio(r, result);
	if (result && (arg == ARG_MAPPED || arg == ARG_BUS) &&
	    is_pointer(result->type))
		result = resolve_bytes(r, result);
	if (!result)
		return NULL;
	if (result->denotes == DENOTES_SHARED && r->who == WHO_DEVICE &&
	    !place_may_read(r, result))
		return NULL;
	if (result->denotes == DENOTES_RAW && r->who == WHO_CPU &&
	    !place_may_read(r, result))
		return NULL;
	if (arg != ARG_SG && !resolve_one(r, result))
		return NULL;
	if (resolve_fits(arg, result)) {
		if (arg == ARG_IRQ)
			resolve_own_irq(r, call, result);
		return result;
	}
	/* A parameter of a function that nobody calls may be anything. */
	if (r->who == WHO_ANY && is_pointer(result->type))
		return NULL;
	resolve_error(r, e->span, "%s() takes %s here, not %s", call->name.text,
		      arg_name(arg),
		      result->denotes >= DENOTES_LOCAL &&
				      result->denotes <= DENOTES_RAW &&
				      result->type.scalar
			      ? type_text(r, result->type)
			      : place_name(result));
	return NULL;
}

static struct expr *resolve_type_arg(struct resolver *r, struct expr *e)
{
	struct type_ref *ref = resolve_new(r, struct type_ref);

	*ref = *e->ref;
	e->ref = ref;
	if (!resolve_type_len(r, ref, ref->len, RESOLVE_ANY_SIZE, &ref->type))
		return NULL;
	e->denotes = DENOTES_TYPE;
	e->type = ref->type;
	return e;
}

static struct expr *resolve_order(struct resolver *r, struct expr *e)
{
	static const char *const names[] = {
		[CDMA_ORDER_READ] = "Read",
		[CDMA_ORDER_WRITE] = "Write",
		[CDMA_ORDER_FULL] = "Full",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (e->kind == EXPR_NAME && !strcmp(e->name.text, names[i]))
			return fold_number(e, i, false);
	resolve_error(r, e->span, "expected %s", arg_name(ARG_ORDER));
	return NULL;
}

/* The type that an initialiser or a stored value must have: that of the
 * argument before it. */
static struct type wanted_type(const struct expr *call, const struct expr *args)
{
	const struct expr *type = args;

	while (type->next && type->denotes != DENOTES_TYPE)
		type = type->next;
	if (type->denotes != DENOTES_TYPE)
		type = args;
	return call->builtin->id == BUILTIN_INIT_AT ? type_element(type->type)
						    : type->type;
}

/* As that of a poll: it only looks. */
static struct expr *resolve_condition(struct resolver *r, const struct expr *e)
{
	struct expr *condition;

	r->in_poll = true;
	condition = resolve_truth(r, e);
	r->in_poll = false;
	return condition;
}

/* What fills memory does so number by number. */
static void check_numbers(struct resolver *r, const struct expr *e)
{
	for (const struct init *i = e->inits; i; i = i->next)
		if (i->value->kind == EXPR_INIT) {
			check_numbers(r, i->value);
		} else if (i->value->denotes == DENOTES_AGGREGATE) {
			resolve_error(r, i->value->span,
				      "%s is filled field by field here",
				      type_text(r, i->type));
			diag_help(r->diag, "write { .field = value, ... }");
		}
}

/* A field at which @call can fail has to be one of what it fills. */
static struct expr *resolve_filled(struct resolver *r, const struct expr *call,
				   const struct expr *e, struct type type)
{
	struct fill *fill;
	struct expr *init;

	if (type.layout) {
		fill = resolve_new(r, struct fill);
		*fill = (struct fill){
			.site = call->builtin->id == BUILTIN_INIT_AT
					? CDMA_FAULT_INIT_AT
					: CDMA_FAULT_INIT,
			.layout = type.layout,
			.next = r->unit->fills,
		};
		r->unit->fills = fill;
	}
	init = resolve_stored(r, e, type, true);
	if (init)
		check_numbers(r, init);
	return init;
}

static struct expr *resolve_arg(struct resolver *r, const struct expr *call,
				enum arg arg, const struct expr *e,
				const struct expr *args)
{
	switch (arg) {
	case ARG_VALUE:
	case ARG_FLAGS:
	case ARG_ANY:
		return resolve_value(r, e);
	case ARG_FIXED:
		return resolve_fixed_arg(r, call, e);
	case ARG_TRUTH:
		return resolve_truth(r, e);
	case ARG_CONDITION:
		return resolve_condition(r, e);
	case ARG_THREAD:
		return resolve_thread_named(r, resolve_copy(r, e));
	case ARG_UNUSED:
		return fold_number(resolve_copy(r, e), 0, false);
	case ARG_ORDER:
		return resolve_order(r, resolve_copy(r, e));
	case ARG_TYPE:
		return resolve_type_arg(r, resolve_copy(r, e));
	case ARG_INIT:
		if (e->kind == EXPR_INIT)
			return resolve_filled(r, call, e,
					      wanted_type(call, args));
		resolve_error(r, e->span, "%s() takes %s here", call->name.text,
			      arg_name(arg));
		return NULL;
	case ARG_STORED:
		return resolve_stored(r, e, args->type, false);
	default:
		return resolve_named(r, call, arg, e);
	}
}

static bool check_count(struct resolver *r, const struct expr *call)
{
	const struct builtin *b = call->builtin;
	uint32_t max = 0;

	while (max < BUILTIN_ARGS_MAX && b->args[max])
		max++;
	if (call->nr_args >= b->min_args && call->nr_args <= max)
		return true;
	if (b->min_args == max)
		resolve_error(r, call->span, "%s() takes %u argument%s, not %u",
			      b->name, max, max == 1 ? "" : "s", call->nr_args);
	else
		resolve_error(r, call->span,
			      "%s() takes %u to %u arguments, not %u", b->name,
			      b->min_args, max, call->nr_args);
	diag_help(r->diag, "write %s", b->usage);
	return false;
}

/* Whether the call may be made by whoever is at work, where we are. */
static bool check_who(struct resolver *r, const struct expr *call)
{
	const struct builtin *b = call->builtin;

	if (!(b->who & r->who)) {
		if (r->who == WHO_DEVICE)
			resolve_error(r, call->name.span,
				      "%s() is a call of the CPU, and this "
				      "runs on '%s'",
				      b->name, r->device->name);
		else if (r->who == WHO_CPU)
			resolve_error(r, call->name.span,
				      "%s() is a call of a device, and this "
				      "runs on the CPU",
				      b->name);
		else
			resolve_error(r, call->name.span,
				      "%s() has no place in 'final', which "
				      "looks at memory as it is",
				      b->name);
		return false;
	}
	if (r->in_poll && !b->in_poll) {
		resolve_error(r, call->name.span,
			      "%s() has no place in the condition of a poll, "
			      "which only looks",
			      b->name);
		return false;
	}
	return resolve_reacts_with(r, call);
}

static struct expr *resolve_args(struct resolver *r, struct expr *call,
				 bool *ok)
{
	struct expr *args = NULL, **tail = &args;
	uint32_t i = 0;

	for (const struct expr *e = call->args; e; e = e->next, i++) {
		enum arg arg = call->builtin->args[i];

		/* Where its type comes from is wrong itself. */
		if (!*ok && (arg == ARG_STORED || arg == ARG_INIT))
			break;
		*tail = resolve_arg(r, call, arg, e, args);
		if (*tail)
			tail = &(*tail)->next;
		else
			*ok = false;
	}
	return args;
}

/* What a call writes to, when that may be a local of setup. */
static const struct expr *target(const struct expr *call)
{
	switch (call->builtin->id) {
	case BUILTIN_MEMSET:
	case BUILTIN_MEMCPY:
	case BUILTIN_COPY_FROMIO:
	case BUILTIN_WRITE_ONCE:
	case BUILTIN_STORE_RELEASE:
		return call->args;
	case BUILTIN_COPY_TO_SLICE:
	case BUILTIN_DEBUGFS_READ:
		return call->args->next;
	case BUILTIN_DMA_ALLOC_NONCOHERENT:
		return call->args->next->next;
	default:
		return NULL;
	}
}

/* Rules that are of one call alone. */
static bool check_special(struct resolver *r, const struct expr *call)
{
	const struct expr *to = target(call), *a = call->args;

	if (to && to->denotes == DENOTES_LOCAL && !place_may_write(r, to))
		return false;
	if (call->builtin->id == BUILTIN_MEMCPY && a->type.size &&
	    a->next->type.size && a->type.size != a->next->type.size) {
		resolve_error(r, call->span,
			      "memcpy() from %" PRIu64 " bytes to %" PRIu64
			      ": the sizes differ",
			      a->next->type.size, a->type.size);
		return false;
	}
	if (call->builtin->id == BUILTIN_LOWER && !a->sym->irq->level) {
		resolve_error(r, a->span, "'%s' is no level: it has no end",
			      a->sym->name);
		return false;
	}
	if (call->builtin->result == RESULT_READ && !a->type.scalar) {
		resolve_error(r, a->span, "what is there is not known yet");
		return false;
	}
	return resolve_register_is_quiet(r, call);
}

static struct expr *typed(struct expr *e, struct type type)
{
	e->denotes = DENOTES_VALUE;
	e->type = type;
	return e;
}

static struct expr *number(struct expr *e, bool is_unsigned)
{
	return typed(e, type_scalar(is_unsigned ? SCALAR_U64 : SCALAR_S64));
}

static struct expr *object(struct expr *e, enum object kind, struct type type)
{
	e->denotes = object_denotes(kind);
	e->object = kind;
	e->type = type;
	return e;
}

static struct type bytes(const struct expr *size)
{
	struct type type = type_scalar(SCALAR_U8);

	type.is_array = true;
	type.len = type.size = size->is_const ? size->value : 0;
	return type;
}

/* The type of the memory that a call gives. */
static struct type memory_type(const struct expr *e)
{
	switch (e->builtin->id) {
	case BUILTIN_EXPOSE:
	case BUILTIN_AS_REF:
	case BUILTIN_AS_MUT:
	case BUILTIN_KMALLOC:
	case BUILTIN_POOL_ALLOC:
		return e->args->type;
	case BUILTIN_DMA_ALLOC_NONCOHERENT:
		return bytes(e->args->next);
	default:
		return e->args->next->type;
	}
}

/* The word of an atomic operation. */
static const struct expr *word_of(const struct expr *call)
{
	const struct expr *e = call->args;

	for (int i = 0; call->builtin->args[i] != ARG_SHARED; i++)
		e = e->next;
	return e;
}

static struct expr *result_of(struct expr *e)
{
	const struct expr *a = e->args;

	switch (e->builtin->result) {
	case RESULT_S32:
		return typed(e, type_scalar(SCALAR_S32));
	case RESULT_U32:
		return typed(e, type_scalar(SCALAR_U32));
	case RESULT_S64:
		return number(e, false);
	case RESULT_U64:
		return number(e, true);
	case RESULT_SAME:
		return typed(e, type_promoted(a->type));
	case RESULT_JOIN:
		return typed(e, type_common(a->type, a->next->type));
	case RESULT_READ:
		if (is_pointer(a->type)) {
			e->denotes = DENOTES_VALUE;
			e->type = a->type;
			return e;
		}
		if (is_scalar(a->type))
			return typed(e, type_promoted(a->type));
		e->denotes = DENOTES_AGGREGATE;
		e->type = a->type;
		return e;
	case RESULT_WORD:
		return typed(e, type_promoted(word_of(e)->type));
	case RESULT_BOX:
		return object(e, OBJECT_BOX, memory_type(e));
	case RESULT_COHERENT:
		return object(e, OBJECT_COHERENT, memory_type(e));
	case RESULT_HANDLE:
		return object(e, OBJECT_HANDLE, bytes(a->next));
	case RESULT_VIEW:
		return object(e, OBJECT_VIEW, memory_type(e));
	case RESULT_WINDOW:
		return object(e, OBJECT_WINDOW, memory_type(e));
	case RESULT_POOL:
		return object(e, OBJECT_POOL, memory_type(e));
	case RESULT_KMEM:
		return object(e, OBJECT_KMEM, memory_type(e));
	default:
		e->denotes = DENOTES_NOTHING;
		return e;
	}
}

/* Names that mean something of the same kind, and are not just spelt alike. */
static void offer_calls(struct cdma_suggest *s)
{
	for (size_t i = 0; i < nr_builtins; i++)
		if (suggest_means(s->word, builtins[i].name))
			cdma_suggest_offer(s, builtins[i].name);
	for (size_t i = 0; macro_name(i); i++)
		if (suggest_means(s->word, macro_name(i)))
			cdma_suggest_offer(s, macro_name(i));
}

static void unknown_call(struct resolver *r, const struct name *name)
{
	const struct refusal *refusal = refuse_find(REFUSE_CALL, name->text);
	const struct sym *sym = scope_find(r, name->id);
	struct cdma_suggest s = cdma_suggest_for(name->text);

	if (refusal) {
		resolve_error(r, name->span, "'%s' %s", refusal->word,
			      refusal->why);
		diag_help(r->diag, "%s", refusal->instead);
		return;
	}
	if (sym && sym->span.len) {
		resolve_error(r, name->span, "'%s' is no function", name->text);
		resolve_note(r, sym->span, "it is declared here");
		return;
	}
	offer_calls(&s);
	if (!s.best) {
		scope_unknown(r, name, "call", 1u << SYM_FN | 1u << SYM_NATIVE);
		return;
	}
	if (scope_is_news(r, name))
		resolve_error(r, name->span,
			      "unknown call '%s'; did you mean '%s'?",
			      name->text, s.best);
}

struct expr *resolve_call(struct resolver *r, struct expr *e)
{
	struct sym *sym = scope_find(r, e->name.id);
	bool ok = true, is_of_kernel;
	struct expr *made;

	if (sym && sym->kind == SYM_FN && sym->item->kind == ITEM_MACRO)
		return resolve_define(r, e, sym->item);
	if (sym && sym->kind == SYM_FN)
		return resolve_fn_call(r, e, sym->item);
	if (sym && sym->kind == SYM_NATIVE)
		return resolve_native_call(r, e, sym);
	if (e->is_ignored)
		return resolve_ignored(e);
	if (macro_find(e->name.text))
		return resolve_macro(r, e);
	e->builtin = builtin_find(e->name.text);
	if (!e->builtin && e->has_text)
		return resolve_ignored(e);
	if (!e->builtin) {
		unknown_call(r, &e->name);
		return NULL;
	}
	made = resolve_memory_c(r, e, &is_of_kernel);
	if (is_of_kernel)
		return check_who(r, e) ? made : NULL;
	if (!check_count(r, e))
		return NULL;
	ok = check_who(r, e);
	e->args = resolve_args(r, e, &ok);
	if (!ok || !check_special(r, e))
		return NULL;
	e = result_of(e);
	if (!resolve_drops(r, e))
		return NULL;
	if (e->builtin->id == BUILTIN_ENDIAN)
		return resolve_endian(r, e);
	return e->builtin->is_pure ? fold_call(r, e) : e;
}
