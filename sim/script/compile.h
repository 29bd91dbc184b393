/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_COMPILE_H
#define SCRIPT_COMPILE_H

/*
 * Compile: what the parts of the compiler share.
 *
 *	compile.c        the unit: devices, sections, faults; registers, sites
 *	compile-stmt.c   statements
 *	compile-loop.c   ... that are loops
 *	compile-jump.c   ... that go elsewhere: goto, switch
 *	compile-expr.c   numbers
 *	compile-place.c  places, loads and stores
 *	compile-bytes.c  structs and arrays as a whole
 *	compile-call.c   calls that give a number or nothing
 *	compile-device.c ... those of devices, locks and interrupts
 *	compile-atomic.c ... those that read and write in one step
 *	compile-object.c calls and expressions that give an object
 *
 * Code is made in one walk over the tree.  A value that is computed goes to a
 * register: that of a variable when it is one, else a temporary, which is free
 * again when its statement ends.
 */

#include <errno.h>

#include "script/builtins.h"
#include "script/program.h"

/* Jumps that wait for their target: the index of the last one plus 1, whose
 * imm holds the one before it; 0 ends the row. */
typedef uint32_t jumps_t;

/* Where `break`, `continue` go. */
struct compile_loop {
	struct compile_loop *outer;
	jumps_t breaks, continues;
	bool is_switch; /* which has no continue of its own */
};

/* Where a list of statements is. */
struct compile_list {
	struct compile_list *outer;
	const struct stmt *at;
};

/* A statement that some goto goes to. */
struct compile_target {
	const struct stmt *stmt;
	jumps_t jumps;
};

/* Where `return` and a failing `?` go; NULL in a section's own block. */
struct compile_call {
	jumps_t returns;
	uint16_t result;  /* register of a number */
	uint16_t slot;    /* of an object; 0: it gives none */
	bool is_reaction; /* without a value, the result is what it was */
};

/* A hash table from numbers to numbers, which only grows. */
struct map {
	struct map_entry {
		uint64_t key;
		uint32_t value; /* plus 1; 0: free */
	} * at;                 /* owned */
	size_t nr, room;        /* room is 0 or a power of two */
};

/* The value of @key, made 0 when it is new; *@is_new tells. */
uint32_t *map_find(struct map *map, uint64_t key, bool *is_new);

/* A layout of the unit, and that of the program. */
struct kept_layout {
	const struct layout *from, *to;
};

struct compile {
	struct program *program; /* being made */
	const struct unit *unit;
	struct diag *diag;

	uint16_t *regs;    /* of a scalar local; of the reads of others */
	uint64_t *frames;  /* offset of a struct or array local */
	uint16_t *slots;   /* of an object */
	bool *has_storage; /* by index of the local or object */
	uint16_t *shareds; /* slot, by index of the kernel memory */

	CDMA_VEC(uint16_t) temps;
	size_t temp; /* how many are in use */
	CDMA_VEC(uint16_t) temp_slots, ref_slots;
	size_t temp_slot, ref_slot;

	CDMA_VEC(struct kept_layout) layouts;

	struct map sites;  /* place in the text -> site */
	struct map consts; /* value -> register */

	const struct section *section;
	bool is_device;            /* the code is an engine's */
	bool is_threaded;          /* others run beside it */
	bool race_ok;              /* inside data_race() */
	const struct expr *unused; /* the call whose value nobody uses */
	bool asserting;            /* inside assert(): values are noted */
	const char *func, *label;
	uint32_t scope, site;
	struct span span; /* what is being compiled */
	struct compile_loop *loop;
	struct compile_list *list;               /* in this function */
	CDMA_VEC(struct compile_target) targets; /* further on in the code */
	struct compile_call *call;
	bool overflow; /* something does not fit: reported once */
};

/* ---- compile.c ---- */

/* Append an instruction.  The pointer is good until the next one. */
struct insn *emit(struct compile *c, enum insn_op op);

/* Append a jump to nowhere yet, and add it to @jumps. */
struct insn *emit_jump(struct compile *c, enum insn_op op, jumps_t *jumps);

/* The same for one that looks at @value. */
void emit_jump_if(struct compile *c, enum insn_op op, uint16_t value,
		  jumps_t *jumps);

/* The same for one that only chooses what a value is. */
void emit_choice(struct compile *c, enum insn_op op, uint16_t value,
		 jumps_t *jumps);

/* Return @value from the function, the handler or the section. */
void emit_return(struct compile *c, uint16_t value);

/* The jumps go to the next instruction; to @pc. */
void land(struct compile *c, jumps_t jumps);
void land_at(struct compile *c, jumps_t jumps, uint32_t pc);
uint32_t here(const struct compile *c);

/* A register for good; until the end of the statement; a constant's. */
uint16_t new_reg(struct compile *c);
uint16_t temp_reg(struct compile *c);
uint16_t const_reg(struct compile *c, uint64_t value);

/* A slot for good; until the end of the statement. */
uint16_t new_slot(struct compile *c, enum slot_kind kind, const char *name);
uint16_t temp_slot(struct compile *c);

/* One that SELECT points elsewhere. */
uint16_t ref_slot(struct compile *c);

/* @size bytes of the frame for good. */
uint64_t new_frame(struct compile *c, uint64_t size);

/* The site at @span becomes that of what is emitted from now on. */
void set_site(struct compile *c, struct span span);
/* Whether @e is -ENOMEM and the like; what comes now leaves with such an error,
 * or goes to where that is done. */
bool compile_is_error(const struct expr *e);
void compile_error_exit(struct compile *c);
struct cdma_site site_at(struct compile *c, struct span span);

/* A copy of @s that lives as long as the program; NULL stays NULL. */
const char *keep(struct compile *c, const char *s);

/* Its storage, which it gets when it is first seen. */
uint16_t sym_reg(struct compile *c, const struct sym *sym);
uint64_t sym_frame(struct compile *c, const struct sym *sym);
uint16_t sym_slot(struct compile *c, const struct sym *sym);
bool sym_is_scalar(const struct sym *sym);
uint64_t sym_slots(const struct sym *sym); /* how many, of an object */

/* ---- compile-stmt.c ---- */

/* The text of a part of the scenario, with one blank for each row of them. */
const char *keep_span(struct compile *c, struct span span);
/* A type that lives as long as the program. */
struct type keep_type(struct compile *c, struct type type);
/* Devices, memory, locks, params, expectations, faults. */
void compile_declarations(struct compile *c);
void compile_block(struct compile *c, const struct stmt *block);
void compile_stmt(struct compile *c, const struct stmt *s);
/* A local has no value, or an object is nothing, from now on. */
void compile_undefine(struct compile *c, const struct sym *sym);

/* ---- compile-loop.c, compile-jump.c ---- */

void compile_for(struct compile *c, const struct stmt *s);
void compile_loop_of_c(struct compile *c, const struct stmt *s);
void compile_break(struct compile *c, const struct stmt *s);
void compile_goto(struct compile *c, const struct stmt *s);
void compile_switch(struct compile *c, const struct stmt *s);
/* What goes to @s comes here. */
void compile_target(struct compile *c, const struct stmt *s);
/* Variables whose declaration a goto in @list goes past have no value. */
void compile_jumped_over(struct compile *c, const struct stmt *list);

/* ---- compile-expr.c ---- */

/* The register that holds the value of @e. */
uint16_t value(struct compile *c, const struct expr *e);

/* The same in a register of its own choice, that is @dst. */
void value_to(struct compile *c, const struct expr *e, uint16_t dst);

/* Jump when @cond does not hold. */
void jump_unless(struct compile *c, const struct expr *cond, jumps_t *jumps);

/* dst = op(a, b); dst is a new temporary. */
uint16_t binary(struct compile *c, enum insn_op op, uint16_t a, uint16_t b);
/* The same for operators, of two values of @type; the result is one, too. */
uint16_t arithmetic(struct compile *c, enum op op, struct type type, uint16_t a,
		    uint16_t b);
/* What @op= computes in, and @e as a value of that. */
struct type operation(enum op op, struct type a, struct type b);
uint16_t value_as(struct compile *c, const struct expr *e, struct type type);
/* @right, an operand of @op which computes in @type: a shift takes it as it is.
 */
uint16_t operand(struct compile *c, enum op op, const struct expr *right,
		 struct type type);
/* @v, which was read from @from, as a value of @to. */
uint16_t as_type(struct compile *c, uint16_t v, struct type from,
		 struct type to);

/* Whether numbers of it can be beyond INT64_MAX, so that they are compared
 * without sign. */
bool is_unsigned(struct type type);

/* dst = src as a value of @type. */
void convert(struct compile *c, uint16_t dst, uint16_t src, struct type type);

/* The body of a function, with its arguments.  @slot: of the object that it
 * returns, or 0.  Returns the register of the number that it returns. */
uint16_t inline_call(struct compile *c, const struct expr *e, uint16_t slot);

/* After a call that can fail: go where its error is returned. */
void emit_try(struct compile *c);

/* ---- compile-place.c ---- */

enum place_kind {
	PLACE_REG,    /* a scalar local: reg */
	PLACE_FRAME,  /* in the frame: off + imm; dep */
	PLACE_MEMORY, /* slot, off + imm */
	PLACE_RAW,    /* slot 0: a DMA address */
	PLACE_MMIO,   /* a register of a device: slot, off + imm */
};

struct place {
	enum place_kind kind;
	enum object object; /* of the memory; NONE: kernel memory */
	uint16_t reg;       /* of REG; of FRAME: with the reads */
	uint16_t slot;
	uint16_t off; /* 0: none */
	uint64_t imm;
	uint16_t len;   /* register: bytes; 0: as type says */
	uint32_t point; /* 1 + the instruction that follows a pointer, or 0 */
	bool is_whole;  /* the whole object, by its name */
	struct type type;
};

struct place place_of(struct compile *c, const struct expr *e);
struct place place_of_sym(struct compile *c, const struct sym *sym);

/* Register with the size of a place in bytes; with its offset. */
uint16_t place_size(struct compile *c, const struct place *place);
uint16_t place_offset(struct compile *c, const struct place *place);

/* The scalar at @place; how matters to memory on the CPU's side. */
uint16_t load(struct compile *c, const struct place *place, enum insn_how how);
void store(struct compile *c, const struct place *place, uint16_t value,
	   enum insn_how how, enum store travel);
/* The same of what was just loaded from there and changed.  A device changes
 * its own register in one step: it is all logic. */
void store_back(struct compile *c, const struct place *place, uint16_t value,
		enum store travel);
/* What "@a = @b" stores at @place, which is that of @a; with @op "@a op= @b".
 */
uint16_t assigned_value(struct compile *c, enum op op, const struct expr *a,
			const struct expr *b, const struct place *place);

/* An access, by @op, to one scalar at @place, with its width. */
struct insn *emit_access(struct compile *c, enum insn_op op,
			 const struct place *place, enum insn_how how);

/* Whether an access to it is no step. */
bool place_is_quiet(const struct compile *c, const struct place *place);

/* ---- compile-pointer.c ---- */

/* A pointer to a place, or to what a call allocates. */
uint16_t pointer_value(struct compile *c, const struct expr *e);
/* The memory, or the register, that a pointer points to. */
struct place pointed_place(struct compile *c, const struct expr *e);
struct place mmio_place(struct compile *c, const struct expr *e);
/* The slot of the memory that it points to. */
uint16_t pointed_slot(struct compile *c, const struct expr *e);
/* The address of what was allocated in @slot goes to @to, if it was. */
void tell_handle(struct compile *c, const struct expr *to, uint16_t slot);
/* dma_alloc_coherent(device, size, &handle, flags) */
void alloc_c(struct compile *c, const struct expr *e, uint16_t dst);

/* ---- compile-bytes.c ---- */

/* Bytes in the frame. */
struct bytes {
	uint16_t at;         /* register: offset in the frame */
	uint16_t len;        /* register: how many */
	uint16_t dep;        /* register with the reads that they come from */
	bool is_part;        /* ... and that others come from */
	struct place scalar; /* a local that is in a register, whose bytes they
				are a copy of; type.size 0: none */
};

/* The bytes of a local, for a call that reads them or writes them. */
struct bytes bytes_of(struct compile *c, const struct expr *e);
/* They were written: a scalar has a new value. */
void bytes_back(struct compile *c, const struct bytes *bytes);

/* Copy between memory and the frame. */
void bytes_read(struct compile *c, const struct bytes *to,
		const struct place *from, enum insn_how how);
void bytes_write(struct compile *c, const struct place *to,
		 const struct bytes *from, enum insn_how how);

/* Evaluate a struct or array into bytes; into a place. */
struct bytes aggregate(struct compile *c, const struct expr *e);
void aggregate_to(struct compile *c, const struct place *to,
		  const struct expr *e, enum insn_how how);

/* A struct or array local has no value yet. */
void bytes_undefine(struct compile *c, const struct place *place);

void compile_memset(struct compile *c, const struct expr *e);
void compile_memcpy(struct compile *c, const struct expr *e);

/* ---- compile-call.c ---- */

/* A call of a builtin that gives a number, or nothing: its register. */
uint16_t builtin_call(struct compile *c, const struct expr *e);

/* Argument @i of a call; NULL when it has fewer. */
const struct expr *call_arg(const struct expr *call, unsigned int i);

/* op of the place @lv, whose length is in c. */
struct insn *emit_place(struct compile *c, enum insn_op op,
			const struct expr *call, const struct expr *lv,
			uint16_t dst);

/* Rows of an initialiser; index into program.init_lists. */
uint32_t init_list(struct compile *c, const struct expr *e, uint64_t size);

/* ---- compile-device.c: calls of the table in compile-call.c ---- */

uint16_t call_set_mask(struct compile *c, const struct expr *e);
uint16_t call_device(struct compile *c, const struct expr *e);
/* compile-revocable.c */
uint16_t call_revocable(struct compile *c, const struct expr *e);
uint16_t call_revoke(struct compile *c, const struct expr *e);
uint16_t call_devres_free(struct compile *c, const struct expr *e);
uint16_t call_unbind(struct compile *c, const struct expr *e);
/* The end of @section, which returns @result. */
void compile_after(struct compile *c, const struct section *section,
		   uint16_t result);
uint16_t call_lease(struct compile *c, const struct expr *e);

/* ---- compile-register.c: the same ---- */

uint16_t call_register_read(struct compile *c, const struct expr *e);
uint16_t call_register_write(struct compile *c, const struct expr *e);
uint16_t call_register_poll(struct compile *c, const struct expr *e);
uint16_t call_register_try_read(struct compile *c, const struct expr *e);
uint16_t call_register_try_write(struct compile *c, const struct expr *e);

/* ---- compile-mapping.c ---- */

uint16_t call_map(struct compile *c, const struct expr *e);
void alloc_noncoherent(struct compile *c, const struct expr *e, uint16_t dst);
uint16_t call_free_noncoherent(struct compile *c, const struct expr *e);
uint16_t call_unmap(struct compile *c, const struct expr *e);
uint16_t call_dma_sync(struct compile *c, const struct expr *e);
uint16_t call_mapping_error(struct compile *c, const struct expr *e);
uint16_t call_dma_ask(struct compile *c, const struct expr *e);
uint16_t call_pool_free(struct compile *c, const struct expr *e);
uint16_t call_pool_destroy(struct compile *c, const struct expr *e);
uint16_t call_sg_set(struct compile *c, const struct expr *e);
uint16_t call_sg(struct compile *c, const struct expr *e);
uint16_t call_sg_part(struct compile *c, const struct expr *e);

/* ---- compile-sync.c: the same ---- */

uint16_t call_sync(struct compile *c, const struct expr *e);
uint16_t call_wait_event(struct compile *c, const struct expr *e);
/* Before the call @e, if it may sleep. */
void emit_might_sleep(struct compile *c, const struct expr *e);
uint16_t call_irqs(struct compile *c, const struct expr *e);
uint16_t call_rcu(struct compile *c, const struct expr *e);
uint16_t call_request_irq(struct compile *c, const struct expr *e);

/* ---- compile-fault.c ---- */

/* The sections of faults that come at a time of their own. */
void compile_faults(struct compile *c);

/* ---- compile-native.c ---- */

void compile_natives(struct compile *c);
uint16_t call_native(struct compile *c, const struct expr *e);

/* ---- compile-reaction.c ---- */

/* What registers do; and a return from there without a value. */
void compile_reactions(struct compile *c);
/* compile.c: what follows is the code of @section. */
void compile_begin_section(struct compile *c, const struct section *section);

/* ---- compile-handler.c: the same ---- */

uint16_t call_handler(struct compile *c, const struct expr *e);
uint16_t call_flush_all(struct compile *c, const struct expr *e);
uint16_t call_armed(struct compile *c, const struct expr *e);
uint16_t call_poll_done(struct compile *c, const struct expr *e);
uint16_t call_raise(struct compile *c, const struct expr *e);
uint16_t call_shutdown(struct compile *c, const struct expr *e);
uint16_t call_kthread_stop(struct compile *c, const struct expr *e);
uint16_t call_should_stop(struct compile *c, const struct expr *e);

/* ---- compile-atomic.c ---- */

uint16_t call_rmw(struct compile *c, const struct expr *e);

/* ---- compile-object.c ---- */

/* Make slot @dst what @e gives. */
void object_to(struct compile *c, const struct expr *e, uint16_t dst);

/* The slot of an object that @e names, a part of an array of them too. */
uint16_t object_slot(struct compile *c, const struct expr *e);

/* What all allocating instructions have. */
struct insn *emit_alloc(struct compile *c, enum insn_op op,
			const struct expr *call, enum object object);

/* Whether @e gives an object. */
bool gives_object(const struct expr *e);

#endif /* SCRIPT_COMPILE_H */
