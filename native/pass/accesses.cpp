/* SPDX-License-Identifier: MIT */
#include "rewrite.h"

using namespace llvm;

unsigned Rewrite::bytes(Type *type) const
{
	return static_cast<unsigned>(layout.getTypeStoreSize(type));
}

/* What a hook can take as a number. */
bool Rewrite::is_word(Type *type) const
{
	unsigned bits;

	if (type->isPointerTy())
		return true;
	if (!type->isIntegerTy() && !type->isFloatTy() && !type->isDoubleTy() &&
	    !type->isHalfTy())
		return false;
	bits = type->getPrimitiveSizeInBits();
	return bits == 1 || bits == 8 || bits == 16 || bits == 32 || bits == 64;
}

Value *Rewrite::to_word(Builder &b, Value *value)
{
	Type *type = value->getType();

	if (type->isPointerTy())
		return b.CreatePtrToInt(value, hooks.I64);
	if (type->isFloatingPointTy())
		value = b.CreateBitCast(
			value, b.getIntNTy(type->getPrimitiveSizeInBits()));
	return b.CreateZExt(value, hooks.I64);
}

Value *Rewrite::from_word(Builder &b, Value *word, Type *type)
{
	if (type->isPointerTy())
		return b.CreateIntToPtr(word, type);
	if (!type->isFloatingPointTy())
		return b.CreateTrunc(word, type);
	word = b.CreateTrunc(word, b.getIntNTy(type->getPrimitiveSizeInBits()));
	return b.CreateBitCast(word, type);
}

/* A place on the stack that no hook knows. */
Value *Rewrite::room(Type *type)
{
	Builder b(&*function.getEntryBlock().getFirstInsertionPt());

	return b.CreateAlloca(type);
}

static unsigned order_of(AtomicOrdering order)
{
	unsigned how = 0;

	if (isAcquireOrStronger(order))
		how |= HOW_ACQUIRE;
	if (isReleaseOrStronger(order))
		how |= HOW_RELEASE;
	if (order == AtomicOrdering::SequentiallyConsistent)
		how |= HOW_FULL;
	return how;
}

static unsigned how_of(bool is_volatile, bool is_atomic, AtomicOrdering order)
{
	unsigned how = is_volatile ? HOW_VOLATILE : 0u;

	if (is_atomic)
		how |= HOW_ATOMIC | order_of(order);
	return how ? how : HOW_PLAIN;
}

/* A table that nobody can write to: there is no need to see that it is read. */
static bool is_constant(Value *pointer)
{
	auto *global = dyn_cast<GlobalVariable>(
		pointer->stripInBoundsConstantOffsets());

	return global && global->isConstant();
}

/* In a segment of its own: of a thread, or of a CPU. */
static bool is_elsewhere(const Value *pointer)
{
	return pointer->getType()->getPointerAddressSpace() != 0;
}

void Rewrite::load(LoadInst &insn)
{
	Value *from = insn.getPointerOperand(), *hooked, *value;
	unsigned how =
		how_of(insn.isVolatile(), insn.isAtomic(), insn.getOrdering());
	Builder b(&insn);

	if (is_elsewhere(from))
		return;
	if (is_constant(from)) {
		set_label(&insn, label(from));
		return;
	}
	if (!is_word(insn.getType())) {
		load_any(insn);
		return;
	}
	hooked = b.CreateCall(hooks.load,
			      {hooks.raw(b, from),
			       hooks.i32(how | bytes(insn.getType())),
			       site(insn), label(from)});
	value = from_word(b, b.CreateExtractValue(hooked, 0), insn.getType());
	set_label(value,
		  b.CreateTrunc(b.CreateExtractValue(hooked, 1), hooks.I32));
	replace(insn, value);
}

void Rewrite::load_any(LoadInst &insn)
{
	Value *from = insn.getPointerOperand(), *to = room(insn.getType());
	Value *value, *dep;
	Builder b(&insn);

	dep = b.CreateCall(hooks.load_any,
			   {hooks.raw(b, to), hooks.raw(b, from),
			    hooks.i64(bytes(insn.getType())), site(insn),
			    label(from)});
	value = b.CreateLoad(insn.getType(), to);
	set_label(value, dep);
	replace(insn, value);
}

void Rewrite::store(StoreInst &insn)
{
	Value *to = insn.getPointerOperand(), *value = insn.getValueOperand();
	unsigned how =
		how_of(insn.isVolatile(), insn.isAtomic(), insn.getOrdering());
	Builder b(&insn);

	if (is_elsewhere(to))
		return;
	if (!is_word(value->getType())) {
		store_any(insn);
		return;
	}
	b.CreateCall(hooks.store,
		     {hooks.raw(b, to),
		      hooks.i32(how | bytes(value->getType())), site(insn),
		      label(to), to_word(b, value), label(value)});
	replace(insn, nullptr);
}

void Rewrite::store_any(StoreInst &insn)
{
	Value *to = insn.getPointerOperand(), *value = insn.getValueOperand();
	Value *from = room(value->getType());
	Builder b(&insn);

	b.CreateStore(value, from);
	b.CreateCall(hooks.store_any,
		     {hooks.raw(b, to), hooks.raw(b, from),
		      hooks.i64(bytes(value->getType())), site(insn), label(to),
		      join(b, label(value), element(value, 1))});
	replace(insn, nullptr);
}

/* ---- atomic operations ---- */

/* CDMA_HOOK_XCHG and so on; -1: there is none. */
static int operation(AtomicRMWInst::BinOp op)
{
	switch (op) {
	case AtomicRMWInst::Xchg:
		return 0;
	case AtomicRMWInst::Add:
		return 1;
	case AtomicRMWInst::Sub:
		return 2;
	case AtomicRMWInst::And:
		return 3;
	case AtomicRMWInst::Nand:
		return 4;
	case AtomicRMWInst::Or:
		return 5;
	case AtomicRMWInst::Xor:
		return 6;
	case AtomicRMWInst::Max:
		return 7;
	case AtomicRMWInst::Min:
		return 8;
	case AtomicRMWInst::UMax:
		return 9;
	case AtomicRMWInst::UMin:
		return 10;
	default:
		return -1;
	}
}

void Rewrite::rmw(AtomicRMWInst &insn)
{
	Value *to = insn.getPointerOperand(), *with = insn.getValOperand();
	int op = operation(insn.getOperation());
	unsigned how = HOW_ATOMIC | order_of(insn.getOrdering());
	Value *hooked, *value;
	Builder b(&insn);

	if (is_elsewhere(to))
		return;
	if (op < 0 || !is_word(with->getType())) {
		b.CreateCall(hooks.assembly,
			     {sites.text("an atomic operation of this kind"),
			      site(insn)});
		return;
	}
	if (insn.use_empty())
		how |= HOW_UNUSED;
	hooked = b.CreateCall(
		hooks.rmw,
		{hooks.raw(b, to), hooks.i32(how | bytes(with->getType())),
		 site(insn), label(to), to_word(b, with), label(with),
		 hooks.i32(static_cast<unsigned>(op))});
	value = from_word(b, b.CreateExtractValue(hooked, 0), with->getType());
	set_label(value,
		  b.CreateTrunc(b.CreateExtractValue(hooked, 1), hooks.I32));
	replace(insn, value);
}

void Rewrite::cas(AtomicCmpXchgInst &insn)
{
	Value *to = insn.getPointerOperand(), *want = insn.getCompareOperand(),
	      *with = insn.getNewValOperand(), *hooked, *value, *dep, *pair;
	unsigned how = HOW_ATOMIC | order_of(insn.getSuccessOrdering());
	Builder b(&insn);

	if (is_elsewhere(to))
		return;
	if (!is_word(with->getType())) {
		b.CreateCall(hooks.assembly,
			     {sites.text("an atomic operation of 16 bytes"),
			      site(insn)});
		return;
	}
	hooked = b.CreateCall(
		hooks.cas,
		{hooks.raw(b, to), hooks.i32(how | bytes(with->getType())),
		 site(insn), label(to), to_word(b, want), to_word(b, with),
		 label(with), hooks.i32(order_of(insn.getFailureOrdering()))});
	value = from_word(b, b.CreateExtractValue(hooked, 0), with->getType());
	dep = b.CreateTrunc(b.CreateExtractValue(hooked, 1), hooks.I32);
	pair = b.CreateInsertValue(UndefValue::get(insn.getType()), value, 0);
	pair = b.CreateInsertValue(pair, b.CreateICmpEQ(value, want), 1);
	labels[pair] = dep;
	seconds[pair] = join(b, dep, label(want));
	replace(insn, pair);
}

void Rewrite::fence(FenceInst &insn)
{
	Builder b(&insn);

	/* barrier() */
	if (insn.getSyncScopeID() == SyncScope::SingleThread)
		return;
	b.CreateCall(hooks.fence,
		     {hooks.i32(order_of(insn.getOrdering())), site(insn)});
}

/* ---- rows of bytes ---- */

void Rewrite::copy(Instruction &insn, Value *to, Value *from, Value *size)
{
	Builder b(&insn);

	b.CreateCall(hooks.copy, {hooks.raw(b, to), hooks.raw(b, from),
				  b.CreateZExtOrTrunc(size, hooks.I64),
				  site(insn), label(to), label(from)});
}

void Rewrite::fill(Instruction &insn, Value *to, Value *byte, Value *size)
{
	Builder b(&insn);

	b.CreateCall(hooks.fill,
		     {hooks.raw(b, to), b.CreateZExtOrTrunc(byte, hooks.I32),
		      b.CreateZExtOrTrunc(size, hooks.I64), site(insn),
		      label(to), label(byte)});
}

/* What was there before is none of its business. */
void Rewrite::local(AllocaInst &insn)
{
	Builder b(insn.getNextNode());
	Value *size = hooks.i64(static_cast<uint64_t>(
		layout.getTypeAllocSize(insn.getAllocatedType())));

	if (insn.isArrayAllocation())
		size = b.CreateMul(
			size,
			b.CreateZExtOrTrunc(insn.getArraySize(), hooks.I64));
	b.CreateCall(hooks.local, {hooks.raw(b, &insn), size});
}
