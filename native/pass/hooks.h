/* SPDX-License-Identifier: MIT */
#ifndef CDMAPASS_HOOKS_H
#define CDMAPASS_HOOKS_H

/*
 * Hooks: what the code calls that the pass makes, cdma/driver.h, as LLVM has
 * it.
 */

#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

/* CDMA_HOOK_* */
enum How : unsigned {
	HOW_PLAIN = 0x100,
	HOW_VOLATILE = 0x200,
	HOW_ATOMIC = 0x400,
	HOW_ACQUIRE = 0x800,
	HOW_RELEASE = 0x1000,
	HOW_FULL = 0x2000,
	HOW_UNUSED = 0x4000,
};

struct Hooks {
	explicit Hooks(llvm::Module &module);

	llvm::ConstantInt *i32(uint64_t value) const;
	llvm::ConstantInt *i64(uint64_t value) const;
	/* A pointer, as the hooks want it. */
	llvm::Value *raw(llvm::IRBuilder<> &b, llvm::Value *pointer) const;

	/* Where the label of argument @i is handed over. */
	llvm::Value *argument(llvm::IRBuilder<> &b, unsigned i) const;
	static constexpr unsigned ARGUMENTS = 16;
	static constexpr uint64_t UNKNOWN = 0xffffffff;

	llvm::Type *Void, *I32, *I64;
	llvm::PointerType *Pointer; /* to anything */
	llvm::StructType *Site, *Hooked;
	llvm::PointerType *SitePointer, *Calls; /* Calls: to a SitePointer */

	llvm::FunctionCallee load, store, load_any, store_any, rmw, cas, fence,
		barrier, copy, fill, local, given, join, bound, branch,
		assembly;
	llvm::GlobalVariable *arg_deps, *result_dep, *result_dep2, *calls;
};

#endif /* CDMAPASS_HOOKS_H */
