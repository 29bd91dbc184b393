/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_RESOLVE_H
#define SCRIPT_RESOLVE_H

/*
 * Resolve: from the tree of a script to the unit of one variant.
 *
 * The tree of the parser is copied while it is checked, a function once for
 * every call of it, so that the copy can be written to.  This header is
 * private to the script directory.
 *
 * Errors: what is wrong is reported once, where it is seen first.  A function
 * that gives an expression then gives NULL, which whoever asked passes on
 * without another word; everything beside it is still checked.
 */

#include "base/vec.h"
#include "script/diag.h"
#include "script/keywords.h"
#include "script/private.h"

/* Calls in calls; all blocks and expressions around one place, over all
 * calls; nodes of all trees; elements of a loop; bytes of a variable. */
#define RESOLVE_CALLS_MAX  32
#define RESOLVE_DEPTH_MAX  1000
#define RESOLVE_NODES_MAX  (1u << 18)
#define RESOLVE_LOOP_MAX   (1u << 20)
#define RESOLVE_LOOP_TURNS 1000 /* of one that nothing is known of */
#define RESOLVE_LOCAL_MAX  (1u << 20)
#define RESOLVE_SHARED_MAX (16u << 20)
#define RESOLVE_FIELDS_MAX 1024
/* No limit: too large is what the run shall see. */
#define RESOLVE_ANY_SIZE UINT64_MAX

/* Where a name was bound: 0 in the file, 1 in setup, from 2 in a block. */
#define DEPTH_FILE  0
#define DEPTH_SETUP 1
#define DEPTH_BLOCK 2

struct binding {
	struct sym *sym;
	uint32_t depth;
	uint32_t id;
	struct binding *outer; /* what it hides */
	bool is_pointer;       /* it stands for what it points to */
	bool is_prelude;
};

/* A function whose body is being copied. */
struct frame {
	const struct frame *up;
	const struct item *fn;
	struct span call;
	bool has_value, is_unsigned; /* what its returns say */
	struct expr *result;         /* of the first return with an object */
};

/* A list of statements that is being copied. */
struct list {
	const struct list *up;
	const struct stmt *first, *at;
};

/* Constants are computed when they are first asked for, so that a variant may
 * set a param to one that is written below it. */
enum constant_state {
	CONSTANT_NEW,
	CONSTANT_BUSY, /* asked for again meanwhile: a circle */
	CONSTANT_DONE,
};

/* What is known of a word, apart from what it is bound to. */
struct word {
	struct span label;       /* where the label is; len 0: there is none */
	const struct stmt *body; /* ... and what it is in */
	bool is_repeated;        /* others are elsewhere */
	struct span object;      /* the first declaration of an object */
	struct span loop;        /* the first loop that has it as a variable */
	struct sym *typed;       /* an object of this name, if one is reached */
	struct span thread;      /* the thread or handler of this name */
	struct sym *tag;         /* the struct of this name, as in "struct x" */
	bool is_called;          /* a function that somebody calls */
	bool is_unknown;         /* which has been said */
	uint8_t constant;        /* enum constant_state */
	bool is_param;
	const struct expr *set; /* what the param is set to, or NULL */
	struct span variant;    /* the variant of this name */
};

/* A lock or the like in a struct that has been asked for. */
struct part {
	struct part *next;
	struct sym *sym;
	const struct layout *of;
};

/* Memory of a type with parts, or a part that was looked for in it. */
struct part_use {
	const struct part_use *next;
	struct type type;
	struct span span;
	const char *name;
};

/* A field that a struct does not have, and where that was said. */
struct missing {
	struct missing *next;
	const struct layout *layout;
	uint32_t id;
	uint32_t at;
};

/* A macro of the file that is being written out. */
struct macro_use {
	const struct macro_use *up;
	const struct macro_use *made_by; /* in whose text the use is */
	const struct item *macro;
	struct span span;
};

struct resolver {
	struct unit *unit;
	struct script *script;
	struct diag *diag;
	struct cdma_arena *arena;
	const struct item *variant; /* NULL: default */
	bool failed;

	struct binding **bound; /* owned; by id of the name */
	struct word *words;     /* owned; by id of the name */
	size_t nr_words;
	CDMA_VEC(struct binding *) scope; /* all that is bound, in order */
	uint32_t depth;                   /* of the innermost block */
	uint32_t floor; /* blocks above it belong to a caller */

	/* Where we are. */
	enum section_kind section;
	unsigned int who; /* WHO_*; all: in a function nobody calls */
	const struct device *device;
	const struct reaction *reaction; /* of section REACTION */
	const struct frame *frame;
	struct frame *inner; /* the same, to be written to */
	unsigned int calls, nesting, loops;
	const struct list *lists; /* of this function; NULL: none */
	struct cases *cases;      /* of the switch; NULL: none */
	bool in_prelude; /* what is declared gives way to the scenario */
	bool in_poll;
	const char *holder; /* the pointer that is given a value, or NULL */
	const struct type *declared; /* of the holder, which is declared here */
	bool must_fold;              /* an overflow here is an error */
	size_t nr_nodes;

	const struct macro_use *macro; /* that we are in, or NULL */
	struct missing *missing;
	struct part *parts;
	const struct part_use *uses, *allocs;
};

/* resolve.c */
void resolve_error(struct resolver *r, struct span span, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void resolve_note(struct resolver *r, struct span span, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void *resolve_alloc(struct resolver *r, size_t size);
#define resolve_new(r, type) ((type *)resolve_alloc(r, sizeof(type)))
/* One more node; false, and an error, when there are too many or they are
 * nested too deeply.  In pairs with leave, also when false. */
bool resolve_enter(struct resolver *r, struct span span);
void resolve_leave(struct resolver *r);

/* scope.c */
void scope_open(struct resolver *r);
void scope_close(struct resolver *r);
/* What @id is here; NULL: nothing. */
struct sym *scope_find(const struct resolver *r, uint32_t id);
/* Whether @id is a parameter that was declared as a pointer, and stands for
 * what it points to. */
bool scope_is_pointer(const struct resolver *r, uint32_t id);
/* Bind @name to @sym, unless this block has it. */
void scope_bind(struct resolver *r, const struct name *name, struct sym *sym);
/* A symbol called @name, bound. */
struct sym *scope_add(struct resolver *r, const struct name *name,
		      enum sym_kind kind);
/* A local or object, with the next index. */
struct sym *scope_add_local(struct resolver *r, const struct name *name,
			    enum sym_kind kind, struct type type);
/* The symbol of @name, or NULL and "unknown ... @what". */
struct sym *scope_want(struct resolver *r, const struct name *name,
		       const char *what);
/* Declared things whose kind is in @kinds, to be offered instead.  Of a name
 * this is said once: a typo is one mistake. */
/* Whether it is news that @name is not known. */
bool scope_is_news(struct resolver *r, const struct name *name);
void scope_unknown(struct resolver *r, const struct name *name,
		   const char *what, unsigned int kinds);

/* resolve-type.c */
bool resolve_type(struct resolver *r, const struct type_ref *ref,
		  struct type *out);
/* @ref with the array of @len, if that is there; at most @max bytes. */
bool resolve_type_len(struct resolver *r, const struct type_ref *ref,
		      const struct expr *len, uint64_t max, struct type *out);
/* Whether @ref, which may be NULL, is "void". */
bool resolve_is_void(const struct type_ref *ref);
/* Make @type an array of @len of it, with the rows of @len->next inside. */
bool resolve_rows(struct resolver *r, const struct expr *len, uint64_t max,
		  struct type *type);
/* Fill in the layout of the struct or device @item. */
bool resolve_layout(struct resolver *r, const struct item *item, bool is_union,
		    struct layout *layout);
/* Whether it is news that @layout has no @name; a typo is one mistake. */
bool resolve_is_first(struct resolver *r, const struct layout *layout,
		      const struct name *name);
/* The field @name, or NULL and an error. */
const struct field *resolve_field(struct resolver *r,
				  const struct layout *layout,
				  const struct name *name);

/* fold.c */
/* Make a number of @e if its operands are; an error where it must fit. */
struct expr *fold_unary(struct resolver *r, struct expr *e);
struct expr *fold_binary(struct resolver *r, struct expr *e);
struct expr *fold_cond(struct resolver *r, struct expr *e);
struct expr *fold_cast(struct resolver *r, struct expr *e);
struct expr *fold_call(struct resolver *r, struct expr *e);
/* @e becomes a number of @type, or of 64 bits. */
struct expr *fold_typed(struct expr *e, uint64_t value, struct type type);
struct expr *fold_number(struct expr *e, uint64_t value, bool is_unsigned);
bool is_unsigned_type(struct type type);

/* resolve-expr.c */
/* As it stands: what it denotes is not read. */
struct expr *resolve_expr(struct resolver *r, const struct expr *e);
/* As a number: read if it is a place. */
struct expr *resolve_value(struct resolver *r, const struct expr *e);
/* -ENOMEM and the like, known now; 0 when it is something else. */
int resolve_error_value(struct resolver *r, const struct expr *e);
/* As a condition: an object is true when it is there. */
struct expr *resolve_truth(struct resolver *r, const struct expr *e);
/* A number that is known now. */
bool resolve_const(struct resolver *r, const struct expr *e, const char *what,
		   uint64_t *value, struct type *type);
/* The same, from @min to @max. */
bool resolve_count(struct resolver *r, const struct expr *e, const char *what,
		   uint64_t min, uint64_t max, uint64_t *value);
/* A value for a place of @type: a number, a struct, an initialiser. */
struct expr *resolve_stored(struct resolver *r, const struct expr *e,
			    struct type type, bool offsets);
struct expr *resolve_copy(struct resolver *r, const struct expr *e);

/* resolve-place.c */
struct expr *resolve_name(struct resolver *r, struct expr *e);
struct expr *resolve_index(struct resolver *r, struct expr *e);
struct expr *resolve_range(struct resolver *r, struct expr *e);
struct expr *resolve_field_of(struct resolver *r, struct expr *e);
/* DEVICE.REG or DEVICE.IRQ, where e->a is the device. */
struct expr *resolve_device_part(struct resolver *r, struct expr *e);
struct expr *resolve_raw(struct resolver *r, struct expr *e);
/* Read @e if it is a place; a number already stays as it is. */
struct expr *place_load(struct resolver *r, struct expr *e);
/* Whether who is at work may touch @e plainly. */
bool place_may_read(struct resolver *r, const struct expr *e);
bool place_may_write(struct resolver *r, const struct expr *e);
/* Whether @e is one object, and not all of box x[n]; else an error. */
bool resolve_one(struct resolver *r, const struct expr *e);
/* "a register"; for messages. */
const char *place_name(const struct expr *e);
/* "struct rx_desc[4]"; for messages.  Lives as long as the unit. */
const char *type_text(struct resolver *r, struct type type);

/* resolve-pointer.c */
bool is_pointer(struct type type);
/* What @pointer, or @index elements on from there, points to; @pointer may be
 * an array, too.  @index: resolved, or NULL. */
struct expr *resolve_pointed(struct resolver *r, struct expr *pointer,
			     struct expr *index);
/* @e as a pointer of @type: a place that & is before, an array, NULL ... */
struct expr *resolve_pointer_value(struct resolver *r, const struct expr *e,
				   struct type type);
/* The same of what is resolved already. */
struct expr *resolve_as_pointer(struct resolver *r, struct expr *e,
				struct span span, struct type type);
/* Whether it is known what a pointer of @type points to. */
bool resolve_points(struct resolver *r, struct type type);
/* A number, or a pointer. */
struct expr *resolve_operand(struct resolver *r, const struct expr *e);
/* An operator with a pointer on one of its sides. */
struct expr *resolve_pointer_sum(struct resolver *r, struct expr *e);
struct expr *resolve_pointer_cast(struct resolver *r, struct expr *e,
				  struct type_ref *ref);
/* By how many bytes "++" moves something of @type; 1 for a number. */
uint64_t resolve_stride(struct resolver *r, struct type type);
struct type resolve_pointer_at(struct resolver *r, struct type at);
/* container_of(), ioremap() */
struct expr *resolve_container(struct resolver *r, struct expr *call);
struct expr *resolve_ioremap(struct resolver *r, struct expr *call);
/* A register that a pointer points to; NULL: @e is none. */
struct expr *resolve_mmio(struct resolver *r, struct expr *e);
/* The device that @e, as written, stands for; NULL: none that is known. */
struct expr *resolve_device(struct resolver *r, const struct expr *e);

/* resolve-memory.c */
/* Calls of memory that the kernel has in another form, by size or by pointer:
 * kmalloc(size, gfp), kfree(p), memcpy(to, from, n).  *@is_one: this was. */
struct expr *resolve_memory_c(struct resolver *r, struct expr *call,
			      bool *is_one);
/* dma_free_coherent() */
struct expr *resolve_free_c(struct resolver *r, struct expr *call);
/* What the pointer @e points to; bytes, when nothing is said of it. */
struct expr *resolve_bytes(struct resolver *r, struct expr *e);
/* Whether @call allocates so many bytes, and not so many of a type. */
bool resolve_is_sized(const struct expr *call);

/* resolve-part.c: locks, completions, timers in a struct. */
bool is_part(struct type type);
/* Whether @field is one; then @out is its type. */
bool resolve_part_type(struct resolver *r, const struct field_ref *field,
		       struct type *out);
/* What the place @e, of such a type, stands for. */
struct expr *resolve_part(struct resolver *r, struct expr *e);
/* Memory of @type is allocated, which may have parts of its own. */
void resolve_note_alloc(struct resolver *r, struct type type);
/* At the end: whether each was the only one that it could be. */
void resolve_parts(struct resolver *r);

/* resolve-fits.c: whether @e is what @arg asks for, when it is taken as it
 * stands. */
bool resolve_fits(enum arg arg, const struct expr *e);

/* resolve-call.c, resolve-fn.c */
struct expr *resolve_call(struct resolver *r, struct expr *e);
struct expr *resolve_fn_call(struct resolver *r, struct expr *e,
			     const struct item *fn);
void resolve_uncalled(struct resolver *r);

/* resolve-native.c */
void resolve_natives(struct resolver *r, const struct item *items);
/* The same when all is declared: what their files are made of. */
void resolve_native_parts(struct resolver *r, const struct item *items);
/* resolve-section.c: @e as the name of a thread. */
struct expr *resolve_thread_named(struct resolver *r, struct expr *e);

/* @call is about interrupt @e: who requests or frees it says
 * how long its handler may run. */
void resolve_own_irq(struct resolver *r, const struct expr *call,
		     const struct expr *e);

/* resolve-revocable.c: what @call drops, if it does; what the driver core does
 * behind @section, which is setup or teardown. */
/* ... an argument that is known before the run. */
struct expr *resolve_fixed_arg(struct resolver *r, const struct expr *call,
			       const struct expr *e);
bool resolve_drops(struct resolver *r, struct expr *call);
void resolve_after(struct resolver *r, struct section *section);

struct expr *resolve_native_call(struct resolver *r, struct expr *e,
				 struct sym *sym);

/* resolve-macro.c: calls that stand for an expression, as BIT() does. */
struct macro;
const struct macro *macro_find(const char *name);
struct expr *resolve_macro(struct resolver *r, struct expr *call);
/* What only prints: it does nothing. */
struct expr *resolve_ignored(struct expr *call);
/* All their names, to be offered instead of one that is misspelt. */
const char *macro_name(size_t i); /* NULL behind the last */

/* resolve-endian.c: the call of a conversion; what is stored in a place of
 * @type; the two sides of an operator. */
struct expr *resolve_endian(struct resolver *r, struct expr *call);
struct expr *resolve_big_stored(struct resolver *r, struct expr *value,
				struct type type);
void resolve_big_pair(struct resolver *r, struct expr **a, struct expr **b);

/* resolve-loop.c: whether a call of @fn only looks, and computes. */
bool resolve_only_looks(const struct resolver *r, const struct item *fn);

/* resolve-define.c: a use of the macro @macro of the file. */
struct expr *resolve_define(struct resolver *r, const struct expr *call,
			    const struct item *macro);

/* resolve-assign.c */
struct expr *resolve_assign_expr(struct resolver *r, struct expr *e);
struct expr *resolve_step_expr(struct resolver *r, struct expr *e);
void resolve_assign(struct resolver *r, struct stmt *s);
void resolve_step(struct resolver *r, struct stmt *s);
/* Complain when C does not say what @e, as it is written, does: "x + x++".
 * @target: what its value goes to, or NULL. */
void resolve_check_order(struct resolver *r, const struct expr *e,
			 const struct expr *target);

/* resolve-loop.c */
void resolve_for(struct resolver *r, struct stmt *s);
void resolve_loop(struct resolver *r, struct stmt *s);
/* Whether nothing in @body, NULL: in this function, changes what was declared
 * as @name. */
bool resolve_is_fixed(const struct resolver *r, const struct stmt *body,
		      const struct name *name);
/* The number behind 'max', at most @most. */
struct expr *resolve_max(struct resolver *r, const struct expr *e,
			 uint64_t most);

/* resolve-jump.c */
void resolve_break(struct resolver *r, struct stmt *s);
void resolve_goto(struct resolver *r, struct stmt *s);
void resolve_switch(struct resolver *r, struct stmt *s);
void resolve_case(struct resolver *r, struct stmt *s);

/* resolve-stmt.c */
struct stmt *resolve_stmt(struct resolver *r, const struct stmt *s);
/* One inside another, in a scope of its own; NULL for none. */
struct stmt *resolve_inner(struct resolver *r, const struct stmt *s);
/* Make @sym, an object of @kind, refer to what @e gives. */
struct expr *resolve_object(struct resolver *r, struct sym *sym,
			    enum object kind, const struct expr *e);
struct stmt *resolve_block(struct resolver *r, const struct stmt *block);
/* The same without a scope of its own. */
struct stmt *resolve_list(struct resolver *r, const struct stmt *block);

/* resolve-item.c: declarations, in the order of the text. */
void resolve_declarations(struct resolver *r);
/* Compute the value of a constant or param; false: there was an error. */
bool resolve_constant(struct resolver *r, struct sym *sym);
/* What variants and command line set is there to be set. */
void resolve_settings(struct resolver *r);

/* resolve-reaction.c */
/* What the registers of @device do, as far as that is declared. */
void resolve_reactions(struct resolver *r, struct device *device,
		       const struct item *item);
void resolve_reaction_bodies(struct resolver *r);
/* The register, or interrupt, of the device that a reaction calls by its name
 * alone; NULL: @e is something else. */
struct expr *resolve_own_register(struct resolver *r, struct expr *e);
/* Whether, if that is where we are, what a register does may do that; else an
 * error. */
bool resolve_reacts_with(struct resolver *r, const struct expr *call);

/* Whether a register of that name does something when it is read. */
bool resolve_is_read_once(const struct resolver *r, const char *name);
/* Whether the read @call of a register can be a look of a poll; else an
 * error. */
bool resolve_register_is_quiet(struct resolver *r, const struct expr *call);

/* resolve-section.c */
void resolve_sections(struct resolver *r);
/* The device called @name, or NULL and an error. */
const struct device *resolve_device_named(struct resolver *r,
					  const struct name *name);

/* resolve-expect.c */
void resolve_labels(struct resolver *r);
void resolve_expects(struct resolver *r);
/* Complain when @name, which may be left out, is that of no buffer, or of no
 * label. */
void resolve_buffer_name(struct resolver *r, const struct name *name);
void resolve_label_name(struct resolver *r, const struct name *name);
/* resolve-attr.c: when a fault counts, and its attributes. */
void resolve_window(struct resolver *r, const struct fail_ref *ref,
		    struct fault *fault);
void resolve_attrs(struct resolver *r, const struct fail_ref *ref,
		   struct fault *fault);

/* resolve-fault.c */
void resolve_fault(struct resolver *r, const struct item *item, bool is_wanted);

#endif /* SCRIPT_RESOLVE_H */
