/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/macros.h"

/* Bytes that nothing else is kept in. */
static struct bytes new_bytes(struct compile *c, uint64_t size)
{
	struct bytes bytes = {.at = const_reg(c, new_frame(c, size))};

	/* One after the other: the numbers go into the program's hash. */
	bytes.len = const_reg(c, size);
	bytes.dep = new_reg(c);
	return bytes;
}

static struct bytes place_bytes(struct compile *c, const struct place *p)
{
	struct bytes bytes = {.dep = p->reg, .is_part = !p->is_whole};

	bytes.at = place_offset(c, p);
	bytes.len = place_size(c, p);
	return bytes;
}

static struct place bytes_place(const struct bytes *bytes, struct type type)
{
	return (struct place){
		.kind = PLACE_FRAME,
		.reg = bytes->dep,
		.off = bytes->at,
		.type = type,
	};
}

struct bytes bytes_of(struct compile *c, const struct expr *e)
{
	struct place in_frame, p = place_of(c, e);
	struct bytes b;

	if (p.kind == PLACE_FRAME)
		return place_bytes(c, &p);
	b = new_bytes(c, p.type.size);
	b.scalar = p;
	in_frame = bytes_place(&b, p.type);
	emit(c, INSN_MOV)->dst = b.dep;
	store(c, &in_frame, p.reg, HOW_PLAIN, STORE_NORMAL);
	return b;
}

void bytes_back(struct compile *c, const struct bytes *b)
{
	struct place in_frame;

	if (!b->scalar.type.size)
		return;
	in_frame = bytes_place(b, b->scalar.type);
	store(c, &b->scalar, load(c, &in_frame, HOW_PLAIN), HOW_PLAIN,
	      STORE_NORMAL);
}

/* The reads of register @from, which say where all of it was stored, become
 * those of @b. */
static void set_dep(struct compile *c, const struct bytes *b, uint16_t from)
{
	struct insn *in = emit(c, b->is_part ? INSN_OR : INSN_MOV);

	in->dst = b->dep;
	in->a = from;
	in->b = b->is_part ? b->dep : 0;
}

static void emit_bulk(struct compile *c, bool is_write, const struct place *p,
		      uint16_t frame, uint16_t len, enum insn_how how,
		      unsigned int flags)
{
	bool quiet = place_is_quiet(c, p);
	uint16_t size = place_size(c, p);
	struct insn *in;

	if (is_write)
		in = emit(c, quiet ? INSN_BULK_WRITE_Q : INSN_BULK_WRITE);
	else
		in = emit(c, quiet ? INSN_BULK_READ_Q : INSN_BULK_READ);
	in->dst = frame;
	in->a = p->slot;
	in->b = p->off;
	in->c = size;
	in->imm = p->imm;
	in->aux = len ? len : size;
	in->how = (uint8_t)how;
	if (p->kind == PLACE_RAW || (c->is_device && p->kind == PLACE_MEMORY))
		flags |= INSNF_DMA;
	if (c->race_ok)
		flags |= INSNF_RACE_OK;
	in->flags = (uint8_t)flags;
	if (!quiet)
		emit(c, INSN_BULK_MORE);
}

void bytes_read(struct compile *c, const struct bytes *to,
		const struct place *from, enum insn_how how)
{
	emit_bulk(c, false, from, to->at, to->len, how, 0);
	set_dep(c, to, 0);
}

void bytes_write(struct compile *c, const struct place *to,
		 const struct bytes *from, enum insn_how how)
{
	emit(c, INSN_BULK_DATA)->a = from->dep;
	emit_bulk(c, true, to, from->at, from->len, how, 0);
}

static void copy_local(struct compile *c, const struct bytes *to,
		       const struct bytes *from)
{
	struct insn *in = emit(c, INSN_LOCAL_COPY);

	in->dst = to->at;
	in->a = from->at;
	in->c = to->len;
	in->aux = from->len;
	set_dep(c, to, from->dep);
}

static struct insn *fill_local(struct compile *c, const struct bytes *to,
			       uint16_t byte)
{
	struct insn *in = emit(c, INSN_LOCAL_FILL);

	in->dst = to->at;
	in->a = byte;
	in->c = to->len;
	return in;
}

static void fill_place(struct compile *c, const struct place *p,
		       unsigned int flags)
{
	struct bytes b = place_bytes(c, p);
	struct insn *in = fill_local(c, &b, 0);

	in->flags = (uint8_t)flags;
	set_dep(c, &b, 0);
}

void bytes_undefine(struct compile *c, const struct place *p)
{
	fill_place(c, p, INSNF_UNDEF);
}

/* From @from to @to of @p there is no member: an initialiser leaves it out. */
static void pad(struct compile *c, const struct place *p, uint64_t from,
		uint64_t to)
{
	struct place gap = *p;

	if (from >= to)
		return;
	gap.imm += from;
	gap.type = type_scalar(SCALAR_U8);
	gap.type.is_array = true;
	gap.type.len = gap.type.size = to - from;
	gap.is_whole = false;
	fill_place(c, &gap, INSNF_UNDEF);
}

/* The padding of @p; of arrays that of each element. */
static void undefine_padding(struct compile *c, const struct place *p)
{
	const struct layout *layout = p->type.layout;
	uint64_t end = 0;

	for (uint64_t i = 0; p->type.is_array && layout && i < p->type.len;
	     i++) {
		struct place element = *p;

		element.type = type_element(p->type);
		element.imm += i * element.type.size;
		undefine_padding(c, &element);
	}
	if (p->type.is_array || !layout)
		return;
	for (size_t i = 0; i < layout->nr_fields; i++) {
		struct place field = *p;

		pad(c, p, end, layout->fields[i].offset);
		field.imm += layout->fields[i].offset;
		field.type = layout->fields[i].type;
		field.is_whole = false;
		undefine_padding(c, &field);
		/* The fields of a union lie beside each other. */
		if (layout->fields[i].offset + field.type.size > end)
			end = layout->fields[i].offset + field.type.size;
	}
	pad(c, p, end, layout->size);
}

/* All members are 0 at first. */
static void bytes_clear(struct compile *c, const struct place *p)
{
	struct place whole = *p;

	whole.is_whole = true;
	fill_place(c, &whole, 0);
	undefine_padding(c, p);
}

static void aggregate_in(struct compile *c, const struct place *to,
			 const struct expr *e);

/* The parts of { .f = v, ... } at @p, which is in the frame. */
static void fill_in(struct compile *c, const struct place *p,
		    const struct expr *e)
{
	for (const struct init *i = e->inits; i; i = i->next) {
		struct place part = *p;

		part.imm += i->offset;
		part.type = i->type;
		part.is_whole = false;
		if (i->value->kind == EXPR_INIT)
			fill_in(c, &part, i->value);
		else if (i->value->denotes == DENOTES_AGGREGATE)
			aggregate_in(c, &part, i->value);
		else
			store(c, &part, value(c, i->value), HOW_PLAIN,
			      STORE_NORMAL);
	}
}

/* The memory that a struct is read from, and how; NULL: it is a local's. */
static const struct expr *source_of(const struct expr *e, enum insn_how *how)
{
	*how = HOW_PLAIN;
	if (e->kind == EXPR_CALL) {
		*how = e->builtin->id == BUILTIN_LOAD_ACQUIRE ? HOW_ORDERED
							      : HOW_MARKED;
		return e->args;
	}
	if (e->kind == EXPR_LOAD)
		e = e->a;
	return e->denotes == DENOTES_LOCAL ? NULL : e;
}

/* The value of @e goes to @to, in the frame. */
static void aggregate_in(struct compile *c, const struct place *to,
			 const struct expr *e)
{
	struct bytes bytes, from;
	enum insn_how how;
	const struct expr *source;
	struct place memory;

	if (e->kind == EXPR_INIT) {
		bytes_clear(c, to);
		fill_in(c, to, e);
		return;
	}
	bytes = place_bytes(c, to);
	source = source_of(e, &how);
	if (source) {
		memory = place_of(c, source);
		set_site(c, e->span);
		bytes_read(c, &bytes, &memory, how);
	} else {
		from = bytes_of(c, e->kind == EXPR_LOAD ? e->a : e);
		copy_local(c, &bytes, &from);
	}
}

struct bytes aggregate(struct compile *c, const struct expr *e)
{
	enum insn_how how;
	struct bytes bytes;
	struct place p;

	if (e->kind != EXPR_INIT && !source_of(e, &how))
		return bytes_of(c, e->kind == EXPR_LOAD ? e->a : e);
	bytes = new_bytes(c, e->type.size);
	p = bytes_place(&bytes, e->type);
	p.is_whole = true;
	aggregate_in(c, &p, e);
	return bytes;
}

void aggregate_to(struct compile *c, const struct place *to,
		  const struct expr *e, enum insn_how how)
{
	struct bytes bytes;

	if (to->kind == PLACE_FRAME) {
		aggregate_in(c, to, e);
		return;
	}
	bytes = aggregate(c, e);
	bytes_write(c, to, &bytes, how);
}

void compile_memset(struct compile *c, const struct expr *e)
{
	const struct expr *lv = e->args;
	uint16_t byte = value(c, lv->next);
	struct bytes b;
	struct place p;
	struct insn *in;

	if (lv->denotes == DENOTES_LOCAL) {
		b = bytes_of(c, lv);
		fill_local(c, &b, byte);
		set_dep(c, &b, 0);
		bytes_back(c, &b);
		return;
	}
	p = place_of(c, lv);
	set_site(c, e->span);
	b.len = place_size(c, &p);
	in = emit(c, INSN_SCRATCH_FILL);
	in->a = byte;
	in->c = b.len;
	emit_bulk(c, true, &p, 0, 0, HOW_COPY, INSNF_SCRATCH);
}

/* Between two places in memory, by way of the scratch bytes. */
static void copy_memory(struct compile *c, const struct expr *e)
{
	struct place to = place_of(c, e->args);
	struct place from = place_of(c, e->args->next);
	uint16_t len = place_size(c, &to);

	set_site(c, e->span);
	emit_bulk(c, false, &from, 0, len, HOW_COPY, INSNF_SCRATCH);
	emit_bulk(c, true, &to, 0, len, HOW_COPY, INSNF_SCRATCH);
}

void compile_memcpy(struct compile *c, const struct expr *e)
{
	const struct expr *to = e->args, *from = to->next;
	struct bytes a, b;
	struct place p;

	if (to->denotes != DENOTES_LOCAL && from->denotes != DENOTES_LOCAL) {
		copy_memory(c, e);
	} else if (to->denotes != DENOTES_LOCAL) {
		p = place_of(c, to);
		b = bytes_of(c, from);
		set_site(c, e->span);
		bytes_write(c, &p, &b, HOW_COPY);
	} else if (from->denotes != DENOTES_LOCAL) {
		a = bytes_of(c, to);
		p = place_of(c, from);
		set_site(c, e->span);
		bytes_read(c, &a, &p, HOW_COPY);
		bytes_back(c, &a);
	} else {
		a = bytes_of(c, to);
		b = bytes_of(c, from);
		copy_local(c, &a, &b);
		bytes_back(c, &a);
	}
}
