/* SPDX-License-Identifier: MIT */
#include "litmus/parse.h"

#include <string.h>

#include "script/builtins.h"

/*
 * Calls: barriers, locks, RCU, atomic operations, and what is refused.
 */

/* ---- what is refused ---- */

static const char lock_state[] = "whether a lock is free cannot be asked for";
static const char srcu[] = "SRCU is not in the model";
static const char callback[] = "callbacks are not in the language";
static const char fence_kind[] = "this barrier is not in the language";
static const char loop[] = "a litmus test has no loops";
static const char jump[] = "a litmus test has no jumps";

static const char no_device[] =
	"LKMM has no such barrier, and there is no device";
static const char device_memory[] =
	"an atomic operation on memory that a device has is not in the "
	"language";

static const struct {
	const char *text, *why;
	bool whole; /* else the name begins so */
} refusals[] = {
	{"spin_trylock", lock_state, true},
	{"spin_is_locked", lock_state, true},
	{"srcu_", srcu, false},
	{"synchronize_srcu", srcu, false},
	{"call_rcu", callback, true},
	{"smp_mb__", fence_kind, false},
	{"while", loop, true},
	{"for", loop, true},
	{"do", loop, true},
	{"goto", jump, true},
	{"switch", jump, true},
	{"return", jump, true},
};

bool refused(struct parser *p)
{
	const struct lex_token *tok = p->tok;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		size_t len = strlen(refusals[i].text);

		if (tok->kind != LEX_NAME || tok->len < len ||
		    memcmp(tok->text, refusals[i].text, len) ||
		    (refusals[i].whole && tok->len != len))
			continue;
		parse_fail_at(p, tok->span, "'%.*s' is refused: %s",
			      (int)tok->len, tok->text, refusals[i].why);
		return true;
	}
	return false;
}

/* ---- barriers ---- */

/* The last access of the thread so far; NULL: none. */
static const struct reorder_event *last_access(const struct parser *p)
{
	const struct reorder *r = &p->test->reorder;

	for (size_t i = r->events.nr; i > p->first_event; i--)
		if (r->events.at[i - 1].kind < REORDER_MB)
			return &r->events.at[i - 1];
	return NULL;
}

enum where { ANYWHERE, BEFORE_ATOMIC, AFTER_ATOMIC, AFTER_LOCK };

/* Some are smp_mb() only where they stand next to what they are named for. */
static void check_place(struct parser *p, const struct lex_token *tok,
			enum where where)
{
	const struct reorder_event *last = last_access(p);
	bool is_there = last && last->side == p->side &&
			(where == AFTER_LOCK ? last->kind == REORDER_LOCK
					     : last->is_atomic);

	if (where > BEFORE_ATOMIC && !is_there)
		parse_fail_at(p, tok->span,
			      "'%.*s' is refused unless what stands before it "
			      "is %s",
			      (int)tok->len, tok->text,
			      where == AFTER_LOCK ? "spin_lock()"
						  : "an atomic operation");
}

static bool fence(struct parser *p)
{
	static const struct {
		const char *name, *as;
		enum reorder_kind kind;
		enum where where;
		bool is_smp;
	} fences[] = {
		{"smp_mb", "smp_mb", REORDER_MB, ANYWHERE, true},
		{"smp_mb__before_atomic", "smp_mb", REORDER_MB, BEFORE_ATOMIC,
		 true},
		{"smp_mb__after_atomic", "smp_mb", REORDER_MB, AFTER_ATOMIC,
		 true},
		{"smp_mb__after_spinlock", "smp_mb", REORDER_MB, AFTER_LOCK,
		 true},
		{"smp_wmb", "smp_wmb", REORDER_WMB, ANYWHERE, true},
		{"smp_rmb", "smp_rmb", REORDER_RMB, ANYWHERE, true},
		{"dma_mb", "dma_mb", REORDER_MB, ANYWHERE, false},
		{"dma_wmb", "dma_wmb", REORDER_WMB, ANYWHERE, false},
		{"dma_rmb", "dma_rmb", REORDER_RMB, ANYWHERE, false},
		{"mb", "mb", REORDER_MB, ANYWHERE, false},
		{"wmb", "wmb", REORDER_WMB, ANYWHERE, false},
		{"rmb", "rmb", REORDER_RMB, ANYWHERE, false},
	};
	const struct lex_token *tok = p->tok;

	for (size_t i = 0; i < sizeof(fences) / sizeof(fences[0]); i++) {
		if (!take(p, fences[i].name))
			continue;
		check_place(p, tok, fences[i].where);
		want(p, "(");
		want(p, ")");
		cdma_text_addf(&p->body, "%s();\n", fences[i].as);
		add_event(p, (struct reorder_event){
				     .kind = fences[i].kind,
				     .is_smp = fences[i].is_smp,
				     .span = tok->span,
			     });
		if (!fences[i].is_smp)
			not_without_device(p, tok->span, no_device);
		p->wants_atomic = fences[i].where == BEFORE_ATOMIC;
		return true;
	}
	return false;
}

/* ---- locks ---- */

static bool lock(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	bool takes = take(p, "spin_lock");
	struct local *local;

	if (!takes && !take(p, "spin_unlock"))
		return false;
	want(p, "(");
	tok = p->tok;
	local = want_local(p);
	want(p, ")");
	if (!local)
		return true;
	if (!local->is_param || !p->test->locs.at[local->loc].is_lock)
		parse_fail_at(p, tok->span,
			      "'%s' is not a parameter of type spinlock_t",
			      local->name);
	cdma_text_addf(&p->body, "%s(lock_%zu);\n",
		       takes ? "spin_lock" : "spin_unlock", local->loc);
	add_event(p, (struct reorder_event){
			     .kind = takes ? REORDER_LOCK : REORDER_UNLOCK,
			     .loc = (uint32_t)local->loc,
			     .span = tok->span,
		     });
	return true;
}

/* ---- RCU ---- */

/* Of sections that nest, the outermost counts. */
static void section(struct parser *p, struct span span, bool begins)
{
	if (begins ? p->sections++ : p->sections && --p->sections)
		return;
	cdma_text_add(&p->body,
		      begins ? "rcu_read_lock();\n" : "rcu_read_unlock();\n");
	add_event(p,
		  (struct reorder_event){.kind = begins ? REORDER_SECTION
							: REORDER_SECTION_END,
					 .span = span});
}

static void grace_period(struct parser *p, struct span span)
{
	if (p->sections)
		parse_fail_at(p, span,
			      "a grace period in a read-side section waits for "
			      "itself");
	cdma_text_add(&p->body, "synchronize_rcu();\n");
	add_event(p,
		  (struct reorder_event){.kind = REORDER_GRACE, .span = span});
}

static bool rcu(struct parser *p)
{
	struct span span = p->tok->span;
	bool begins = take(p, "rcu_read_lock");
	bool ends = !begins && take(p, "rcu_read_unlock");

	if (!begins && !ends && !take(p, "synchronize_rcu") &&
	    !take(p, "synchronize_rcu_expedited"))
		return false;
	want(p, "(");
	want(p, ")");
	if (ends && !p->sections)
		parse_fail_at(p, span,
			      "rcu_read_unlock() without rcu_read_lock()");
	if (begins || ends)
		section(p, span, begins);
	else
		grace_period(p, span);
	return true;
}

/* ---- atomic operations ---- */

/* The operations of LKMM are among the builtins of scenarios. */
static const struct builtin *atomic_at(const struct parser *p, char name[64])
{
	static const char *const prefixes[] = {"xchg", "cmpxchg", "atomic_"};
	const struct lex_token *tok = p->tok;
	const struct builtin *b;

	if (p->failed || tok->kind != LEX_NAME || tok->len > 63)
		return NULL;
	memcpy(name, tok->text, tok->len);
	name[tok->len] = '\0';
	b = builtin_find(name);
	for (size_t i = 0; b && i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (b->rmw && !strncmp(name, prefixes[i], strlen(prefixes[i])))
			return b;
	return NULL;
}

static void add_fence(struct parser *p, struct span span)
{
	add_event(p, (struct reorder_event){
			     .kind = REORDER_MB,
			     .is_atomic = true,
			     .span = span,
		     });
}

/* What orders one that can fail is counted only for its store. */
static uint64_t add_events(struct parser *p, const struct builtin *b,
			   const char *variant, struct reorder_event ev)
{
	bool can_fail = b->rmw == RMW_SET_IF || b->rmw == RMW_ADD_UNLESS;
	bool is_full = !*variant && b->gives != GIVES_NOTHING;
	uint64_t operands = ev.after, read;

	if (is_full && !can_fail)
		add_fence(p, ev.span);
	ev.is_atomic = true;
	ev.kind = REORDER_READ;
	ev.ordered = !can_fail && !strcmp(variant, "_acquire");
	ev.late_fence = is_full && can_fail;
	read = add_event(p, ev);
	ev.late_fence = false;
	ev.kind = REORDER_WRITE;
	ev.ordered = !strcmp(variant, "_release") || (is_full && can_fail);
	ev.after = operands | read;
	add_event(p, ev);
	cdma_vec_last(&p->test->reorder.events)->is_data =
		operands || (b->rmw != RMW_SET && b->rmw != RMW_SET_IF);
	if (is_full && !can_fail)
		add_fence(p, ev.span);
	return read;
}

bool parse_atomic(struct parser *p, uint64_t *after)
{
	struct reorder_event ev = {.span = p->tok->span};
	char name[64];
	const struct builtin *b = atomic_at(p, name);
	uint64_t operands = 0;

	if (!b)
		return false;
	not_with_device(p, p->tok->span, device_memory);
	p->tok++;
	want(p, "(");
	cdma_text_addf(&p->body, "%s(", name);
	for (int i = 0; i < BUILTIN_ARGS_MAX && b->args[i]; i++) {
		if (i) {
			want(p, ",");
			cdma_text_add(&p->body, ", ");
		}
		if (b->args[i] == ARG_SHARED)
			parse_place(p, false, &ev.loc, &ev.after);
		else
			parse_expression(p, &operands);
	}
	want(p, ")");
	cdma_text_add(&p->body, ")");
	ev.after |= operands;
	*after |= add_events(p, b, builtin_variant(b, name), ev);
	return true;
}

/* ---- devices ---- */

/* The register that a call of a CPU names. */
static uint32_t want_register(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	struct local *local = want_local(p);

	if (!local)
		return 0;
	if (!local->is_param || !p->test->locs.at[local->loc].is_register)
		parse_fail_at(p, tok->span,
			      "'%s' is not a parameter of type int __iomem *",
			      local->name);
	cdma_text_addf(&p->body, "dev.reg_%zu", local->loc);
	return (uint32_t)local->loc;
}

static bool take_register_call(struct parser *p, const char *name,
			       const char *relaxed, bool *is_relaxed)
{
	struct span span = p->tok->span;

	*is_relaxed = take(p, relaxed);
	if (!*is_relaxed && !take(p, name))
		return false;
	if (p->process == LITMUS_ENGINE)
		parse_fail_at(p, span,
			      "'%s' is for CPUs: a device has READ_ONCE() and "
			      "WRITE_ONCE() for its registers",
			      *is_relaxed ? relaxed : name);
	cdma_text_addf(&p->body, "%s(", *is_relaxed ? relaxed : name);
	return want(p, "(");
}

bool parse_register_read(struct parser *p, uint64_t *after)
{
	struct reorder_event ev = {.kind = REORDER_READ, .span = p->tok->span};
	bool is_relaxed;

	if (!take_register_call(p, "readl", "readl_relaxed", &is_relaxed))
		return p->failed;
	ev.loc = want_register(p);
	want(p, ")");
	cdma_text_add(&p->body, ")");
	*after |= add_event(p, ev);
	return true;
}

static bool register_write(struct parser *p)
{
	struct reorder_event ev = {.kind = REORDER_WRITE, .span = p->tok->span};
	bool is_relaxed;

	if (!take_register_call(p, "writel", "writel_relaxed", &is_relaxed))
		return p->failed;
	parse_expression(p, &ev.after);
	want(p, ",");
	cdma_text_add(&p->body, ", ");
	ev.loc = want_register(p);
	want(p, ")");
	cdma_text_add(&p->body, ");\n");
	ev.ordered = !is_relaxed;
	add_event(p, ev);
	return true;
}

/* The interrupt: a message stays behind the writes before it. */
static bool raise(struct parser *p)
{
	struct span span = p->tok->span;

	if (!take(p, "raise"))
		return false;
	want(p, "(");
	want(p, ")");
	if (p->process != LITMUS_ENGINE)
		parse_fail_at(p, span, "'raise' is for devices");
	if (p->raises)
		parse_fail_at(p, span, "there is another 'raise'");
	p->raises = true;
	cdma_text_add(&p->body, "raise(dev.line);\n");
	add_event(p, (struct reorder_event){.kind = REORDER_UNLOCK,
					    .loc = REORDER_LOC_IRQ,
					    .span = span});
	return true;
}

/* What an engine cannot do; reading and writing is looked at elsewhere. */
static bool is_for_cpus(struct parser *p)
{
	static const char *const prefixes[] = {
		"smp_", "dma_", "rmb",  "wmb",     "mb",     "spin_",
		"rcu_", "sync", "xchg", "cmpxchg", "atomic_"};
	const struct lex_token *tok = p->tok;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t len = strlen(prefixes[i]);

		if (tok->len < len || memcmp(tok->text, prefixes[i], len))
			continue;
		parse_fail_at(p, tok->span,
			      "'%.*s' is for CPUs, and this is a device",
			      (int)tok->len, tok->text);
		return true;
	}
	return false;
}

bool parse_call(struct parser *p)
{
	uint64_t after = 0;

	if (raise(p) || register_write(p))
		return true;
	if (p->process == LITMUS_ENGINE && lex_is(p->tok + 1, "("))
		return is_for_cpus(p);
	if (fence(p) || lock(p) || rcu(p))
		return true;
	if (lex_is(p->tok, "(") && lex_is(p->tok + 1, "void") && take(p, "(") &&
	    take(p, "void"))
		want(p, ")");
	if (!parse_atomic(p, &after))
		return false;
	cdma_text_add(&p->body, ";\n");
	return true;
}
