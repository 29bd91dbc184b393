/* SPDX-License-Identifier: MIT */
#include "hooks.h"

using namespace llvm;

static GlobalVariable *global(Module &m, Type *type, const char *name)
{
	return new GlobalVariable(m, type, false, GlobalValue::ExternalLinkage,
				  nullptr, name);
}

Hooks::Hooks(Module &m)
{
	LLVMContext &c = m.getContext();
	auto hook = [&](const char *name, Type *result,
			std::initializer_list<Type *> args) {
		return m.getOrInsertFunction(
			name, FunctionType::get(result, ArrayRef<Type *>(args),
						false));
	};

	Void = Type::getVoidTy(c);
	I32 = Type::getInt32Ty(c);
	I64 = Type::getInt64Ty(c);
	Pointer = PointerType::getUnqual(Type::getInt8Ty(c));
	Site = StructType::create(
		c, {Pointer, Pointer, Pointer, Pointer, I32, I32}, "cdma_site");
	Hooked = StructType::get(c, {I64, I64});
	SitePointer = PointerType::getUnqual(Site);
	Calls = PointerType::getUnqual(SitePointer);

	Type *p = Pointer, *s = SitePointer;

	load = hook("__cdma_ld", Hooked, {p, I32, s, I32});
	store = hook("__cdma_st", Void, {p, I32, s, I32, I64, I32});
	load_any = hook("__cdma_load", I32, {p, p, I64, s, I32});
	store_any = hook("__cdma_store", Void, {p, p, I64, s, I32, I32});
	rmw = hook("__cdma_rmw", Hooked, {p, I32, s, I32, I64, I32, I32});
	cas = hook("__cdma_cas", Hooked, {p, I32, s, I32, I64, I64, I32, I32});
	fence = hook("__cdma_fence", Void, {I32, s});
	barrier = hook("__cdma_barrier", Void, {I32, I32, s});
	copy = hook("__cdma_copy", Void, {p, p, I64, s, I32, I32});
	fill = hook("__cdma_fill", Void, {p, I32, I64, s, I32, I32});
	local = hook("__cdma_local", Void, {p, I64});
	given = hook("__cdma_given", Void, {p, I64, I32});
	join = hook("__cdma_join", I32, {I32, I32});
	bound = hook("__cdma_bound", I32, {I32});
	branch = hook("__cdma_branch", Void, {I32, s});
	assembly = hook("__cdma_asm", Void, {p, s});
	arg_deps = global(m, ArrayType::get(I32, ARGUMENTS), "__cdma_arg_deps");
	result_dep = global(m, I32, "__cdma_result_dep");
	result_dep2 = global(m, I32, "__cdma_result_dep2");
	calls = global(m, Calls, "__cdma_calls");
}

ConstantInt *Hooks::i32(uint64_t value) const
{
	return cast<ConstantInt>(ConstantInt::get(I32, value));
}

ConstantInt *Hooks::i64(uint64_t value) const
{
	return cast<ConstantInt>(ConstantInt::get(I64, value));
}

Value *Hooks::raw(IRBuilder<> &b, Value *pointer) const
{
	return b.CreateBitCast(pointer, Pointer);
}

Value *Hooks::argument(IRBuilder<> &b, unsigned i) const
{
	return b.CreateConstInBoundsGEP2_32(arg_deps->getValueType(), arg_deps,
					    0, i);
}
