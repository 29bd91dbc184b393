/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/macros.h"

#include <string.h>

/*
 * Parts of a struct that are no numbers: locks, completions, timers, works.
 *
 * What they are is known before the run: a lock is one for each place where a
 * variable outside of blocks has one, a timer the section of that name.  So
 * who has but a pointer to the struct must leave no choice.
 */

struct part_kind {
	const char *name;
	bool is_struct;
	enum sym_kind kind;
	enum cdma_handler_kind handler;
	const char *word; /* what stands outside of blocks */
};

static const struct part_kind kinds[] = {
	{"spinlock_t", false, SYM_LOCK, 0, "spinlock"},
	{"raw_spinlock_t", false, SYM_LOCK, 0, "spinlock"},
	{"mutex", true, SYM_MUTEX, 0, "mutex"},
	{"completion", true, SYM_COMPLETION, 0, "completion"},
	{"wait_queue_head_t", false, SYM_WAITQUEUE, 0, "waitqueue"},
	{"timer_list", true, SYM_HANDLER, CDMA_HANDLER_TIMER, "timer"},
	{"work_struct", true, SYM_HANDLER, CDMA_HANDLER_WORK, "work"},
	{"delayed_work", true, SYM_HANDLER, CDMA_HANDLER_WORK, "work"},
	{"tasklet_struct", true, SYM_HANDLER, CDMA_HANDLER_TASKLET, "tasklet"},
	{"device", true, SYM_DEVICE, 0, "device"},
	{"napi_struct", true, SYM_HANDLER, CDMA_HANDLER_NAPI, "napi"},
};

bool is_part(struct type type)
{
	return type.scalar == SCALAR_PART;
}

bool resolve_part_type(struct resolver *r, const struct field_ref *field,
		       struct type *out)
{
	const struct type_ref *ref = field->ref;

	if (!ref || ref->stars || !ref->name.text)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (ref->is_struct != kinds[i].is_struct ||
		    strcmp(kinds[i].name, ref->name.text) != 0 ||
		    (ref->is_struct && r->words[ref->name.id].tag))
			continue;
		*out = type_scalar(SCALAR_PART);
		out->part = &kinds[i];
		return true;
	}
	return false;
}

/* ---- where one is ---- */

struct search {
	const struct layout *layout; /* what is looked for */
	const struct sym *root;      /* where one was found */
	uint64_t at, nr;
};

/* How many of them @type has, @at bytes into @root. */
static void count(struct search *s, const struct sym *root, struct type type,
		  uint64_t at)
{
	uint64_t nr = 1, before = s->nr;

	while (type.is_array) {
		nr *= type.len;
		type = type_element(type);
	}
	if (type.scalar != SCALAR_STRUCT)
		return;
	if (type.layout == s->layout) {
		s->root = root;
		s->at = at;
		s->nr += nr;
		return;
	}
	for (size_t i = 0; i < type.layout->nr_fields; i++)
		count(s, root, type.layout->fields[i].type,
		      at + type.layout->fields[i].offset);
	if (s->nr > before && nr != 1)
		s->nr += (s->nr - before) * (nr - 1);
}

static struct search search(const struct resolver *r,
			    const struct layout *layout)
{
	struct search s = {.layout = layout};

	for (size_t i = 0; i < r->unit->nr_shareds; i++)
		count(&s, r->unit->shareds[i], r->unit->shareds[i]->type, 0);
	for (const struct part_use *use = r->allocs; use; use = use->next)
		count(&s, NULL, use->type, 0);
	return s;
}

struct place_of {
	const struct sym
		*root; /* the variable; NULL: memory that is allocated */
	uint64_t at;
	const struct layout *among; /* the only one of these; NULL: no matter */
};

static bool find_pointer(struct resolver *r, const struct expr *e,
			 struct place_of *place);

/* Where @e is, as far as that is known before the run. */
static bool find_place(struct resolver *r, const struct expr *e,
		       struct place_of *place)
{
	struct search s;

	switch (e->kind) {
	case EXPR_NAME:
		place->root = e->sym;
		return e->denotes == DENOTES_SHARED && e->sym && !e->object;
	case EXPR_FIELD:
		place->at += e->offset;
		return find_place(r, e->a, place);
	case EXPR_INDEX:
		place->at += e->b->value * e->type.size;
		return e->b->is_const && find_place(r, e->a, place);
	case EXPR_POINTED:
		if (find_pointer(r, e->a, place))
			return true;
		if (e->type.scalar != SCALAR_STRUCT)
			return false;
		s = search(r, e->type.layout);
		place->root = s.root;
		place->at += s.at;
		place->among = e->type.layout;
		return true;
	default:
		return false;
	}
}

/* The same of what @e points to; nothing is changed when it is not known. */
static bool find_pointer(struct resolver *r, const struct expr *e,
			 struct place_of *place)
{
	struct place_of there = *place;
	bool found = false;

	if (e->kind == EXPR_ADDRESS)
		found = find_place(r, e->a, &there);
	else if (e->kind == EXPR_LOAD && e->a->kind == EXPR_NAME &&
		 e->a->denotes == DENOTES_LOCAL && e->a->sym->only)
		found = find_pointer(r, e->a->sym->only, &there);
	else if (e->kind == EXPR_BINARY && e->b->is_const &&
		 (e->op == OP_ADD || e->op == OP_SUB)) {
		there.at += e->op == OP_ADD ? e->b->value : -e->b->value;
		found = find_pointer(r, e->a, &there);
	}
	if (found)
		*place = there;
	return found;
}

void resolve_note_alloc(struct resolver *r, struct type type)
{
	struct part_use *use = resolve_new(r, struct part_use);

	/* Nobody knows how often a loop goes round. */
	if (r->loops && !type.is_array) {
		type.is_array = true;
		type.len = 2;
		type.size *= 2;
	}
	*use = (struct part_use){.type = type, .next = r->allocs};
	if (r->who != WHO_ANY)
		r->allocs = use;
}

static void refuse_choice(struct resolver *r, const struct part_use *use)
{
	resolve_error(r, use->span,
		      "which '%s' this is cannot be known: there are several "
		      "of '%s'",
		      use->name, use->type.layout->name);
	diag_help(r->diag, "write '%s NAME;' for each, outside of any block",
		  use->type.part->word);
}

/* What is made later may make a choice of it. */
void resolve_parts(struct resolver *r)
{
	const struct part_use *first = NULL;

	for (const struct part_use *use = r->uses; use; use = use->next)
		if (search(r, use->type.layout).nr > 1)
			first = use;
	if (first)
		refuse_choice(r, first);
}

/* ---- what it is ---- */

static void append(struct resolver *r, struct sym ***all, size_t *nr,
		   struct sym *sym)
{
	struct sym **more = resolve_alloc(r, (*nr + 1) * sizeof(struct sym *));

	memcpy(more, *all, *nr * sizeof(struct sym *));
	sym->index = (uint32_t)*nr;
	more[(*nr)++] = sym;
	*all = more;
}

static void number(struct resolver *r, struct sym *sym)
{
	struct unit *u = r->unit;

	if (sym->kind == SYM_COMPLETION)
		append(r, &u->completions, &u->nr_completions, sym);
	else if (sym->kind == SYM_WAITQUEUE)
		append(r, &u->waitqueues, &u->nr_waitqueues, sym);
	else
		append(r, &u->locks, &u->nr_locks, sym);
}

/* The one that is at the same place. */
static struct sym *lock_at(struct resolver *r, const struct sym *like,
			   const struct layout *layout)
{
	struct part *p;

	for (p = r->parts; p; p = p->next)
		if (p->sym->kind == like->kind && p->sym->root == like->root &&
		    p->sym->at == like->at && (like->root || p->of == layout))
			return p->sym;
	p = resolve_new(r, struct part);
	p->sym = resolve_new(r, struct sym);
	*p->sym = *like;
	p->of = layout;
	p->next = r->parts;
	r->parts = p;
	number(r, p->sym);
	return p->sym;
}

/* The section of that name, or the only one of its kind. */
static struct sym *section_of(struct resolver *r, const struct expr *e,
			      const struct sym *like,
			      const struct part_kind *kind)
{
	const struct handler *found = NULL;
	struct sym *sym = resolve_new(r, struct sym);
	size_t nr = 0;

	for (size_t i = 0; i < r->unit->nr_handlers; i++) {
		const struct handler *h = r->unit->handlers[i];

		if (h->kind != kind->handler)
			continue;
		nr++;
		found = h;
		if (!strcmp(h->name, like->name)) {
			nr = 1;
			break;
		}
	}
	if (nr == 1) {
		*sym = *like;
		sym->handler = found;
		sym->index = found->index;
		return sym;
	}
	resolve_error(r, e->span,
		      nr ? "which %s '%s' is cannot be known"
			 : "there is no %s that '%s' could be",
		      kind->word, like->name);
	diag_help(r->diag, "write '%s %s { ... }' outside of any block",
		  kind->word, like->name);
	return NULL;
}

struct expr *resolve_part(struct resolver *r, struct expr *e)
{
	const struct expr *field = e->kind == EXPR_INDEX ? e->a : e;
	const struct part_kind *kind = e->type.part;
	const struct layout *layout;
	struct sym like = {
		.kind = kind->kind, .name = field->name.text, .span = e->span};
	struct place_of place = {0};
	struct part_use *use;

	if (kind->kind == SYM_DEVICE)
		return resolve_device(r, e);
	while (field->kind == EXPR_INDEX)
		field = field->a;
	layout = field->a->type.layout;
	if (field->a->denotes == DENOTES_LOCAL) {
		resolve_error(r, e->span, "a %s has no place in a block",
			      kind->word);
		diag_help(r->diag, "declare the struct outside of any block");
		return NULL;
	}
	if (!find_place(r, e, &place)) {
		place = (struct place_of){.among = layout};
		place.at = e->kind == EXPR_FIELD ? e->offset : 0;
	}
	if (place.among) {
		use = resolve_new(r, struct part_use);
		*use = (struct part_use){.type = e->type,
					 .span = e->span,
					 .name = like.name,
					 .next = r->uses};
		use->type.layout = place.among;
		r->uses = use;
	}
	like.root = place.root;
	like.at = place.at;
	e->sym = kind->kind == SYM_HANDLER ? section_of(r, e, &like, kind)
					   : lock_at(r, &like, place.among);
	e->denotes = DENOTES_SYM;
	e->type = (struct type){0};
	return e->sym ? e : NULL;
}
