/* SPDX-License-Identifier: MIT */

/*
 * The compiler pass of cdmasim: doc/native.md.
 *
 *	clang -fpass-plugin=cdmapass.so -O1 -g -c driver.c
 *
 * It runs before anything is optimised, so that each access of the source is an
 * access, but for variables that need no memory, which are brought into
 * registers first.
 */

#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"
#include "llvm/Transforms/IPO/AlwaysInliner.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/Mem2Reg.h"

#include "rewrite.h"

using namespace llvm;

namespace
{

/* A function that was said to look at no memory calls hooks now. */
void forget_promises(Function &f)
{
#if LLVM_VERSION_MAJOR >= 16
	f.removeFnAttr(Attribute::Memory);
#else
	f.removeFnAttr(Attribute::ReadNone);
	f.removeFnAttr(Attribute::ReadOnly);
	f.removeFnAttr(Attribute::ArgMemOnly);
#endif
	f.removeFnAttr(Attribute::NoSync);
	f.removeFnAttr(Attribute::NoFree);
}

void forget_promises(CallBase &call)
{
#if LLVM_VERSION_MAJOR >= 16
	call.removeFnAttr(Attribute::Memory);
#else
	call.removeFnAttr(Attribute::ReadNone);
	call.removeFnAttr(Attribute::ReadOnly);
	call.removeFnAttr(Attribute::ArgMemOnly);
#endif
}

void forget_promises(Module &m)
{
	for (Function &f : m) {
		if (!f.isIntrinsic())
			forget_promises(f);
		for (BasicBlock &block : f)
			for (Instruction &insn : block)
				if (auto *call = dyn_cast<CallBase>(&insn))
					forget_promises(*call);
	}
}

/* Whether that is a variable of the function itself. */
bool is_local(const Value *pointer)
{
	return isa<AllocaInst>(pointer->stripInBoundsOffsets());
}

void become(CallBase &insn, const char *name)
{
	Module &m = *insn.getModule();
	std::vector<Value *> args(insn.arg_begin(), insn.arg_begin() + 3);
	std::vector<Type *> types;

	for (Value *arg : args)
		types.push_back(arg->getType());
	auto *type = FunctionType::get(insn.getType(), types, false);
	auto *f = Function::Create(type, GlobalValue::ExternalLinkage, name, m);

	IRBuilder<>(&insn).CreateCall(type, f, args);
}

/*
 * A copy from or to memory that others may see is one of the source.  What
 * brings variables into registers would cut it into what it needs of it: so
 * that does not see it.
 */
void keep_copies(Function &f)
{
	std::vector<CallBase *> gone;

	for (BasicBlock &block : f)
		for (Instruction &insn : block) {
			if (auto *copy = dyn_cast<MemTransferInst>(&insn)) {
				if (is_local(copy->getRawDest()) &&
				    is_local(copy->getRawSource()))
					continue;
				become(*copy, KEPT_COPY);
				gone.push_back(copy);
			} else if (auto *fill = dyn_cast<MemSetInst>(&insn)) {
				if (is_local(fill->getRawDest()))
					continue;
				become(*fill, KEPT_FILL);
				gone.push_back(fill);
			}
		}
	for (CallBase *insn : gone)
		insn->eraseFromParent();
}

/* Variables that nobody has the address of. */
void into_registers(Module &m, FunctionAnalysisManager &analyses)
{
	for (Function &f : m) {
		if (f.isDeclaration())
			continue;
		keep_copies(f);
		analyses.invalidate(f, PreservedAnalyses::none());
#if LLVM_VERSION_MAJOR >= 16
		SROAPass(SROAOptions::ModifyCFG).run(f, analyses);
#else
		SROAPass().run(f, analyses);
#endif
		PromotePass().run(f, analyses);
		analyses.invalidate(f, PreservedAnalyses::none());
	}
}

bool is_wanted(const Function &f)
{
	return !f.hasFnAttribute(Attribute::Naked) &&
	       !f.hasFnAttribute(Attribute::DisableSanitizerInstrumentation);
}

class CdmaPass : public PassInfoMixin<CdmaPass>
{
      public:
	static bool isRequired()
	{
		return true;
	}

	PreservedAnalyses run(Module &m, ModuleAnalysisManager &analyses)
	{
		auto &functions =
			analyses.getResult<FunctionAnalysisManagerModuleProxy>(
					m)
				.getManager();
		std::vector<Function *> all;

		AlwaysInlinerPass(false).run(m, analyses);
		into_registers(m, functions);
		forget_promises(m);
		Hooks hooks(m);
		Sites sites(m, hooks);

		for (Function &f : m)
			if (!f.isDeclaration() && is_wanted(f))
				all.push_back(&f);
		for (Function *f : all)
			Rewrite(*f, hooks, sites).run();
		return PreservedAnalyses::none();
	}
};

void add(ModulePassManager &passes)
{
	passes.addPass(CdmaPass());
}

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo()
{
	return {LLVM_PLUGIN_API_VERSION, "cdmapass", "1",
		[](PassBuilder &builder) {
			builder.registerPipelineStartEPCallback(
				[](ModulePassManager &passes, auto) {
					add(passes);
				});
		}};
}
