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

/* Variables that nobody has the address of. */
void into_registers(Module &m, FunctionAnalysisManager &analyses)
{
	for (Function &f : m) {
		if (f.isDeclaration())
			continue;
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
			if (!f.isDeclaration() &&
			    !f.hasFnAttribute(Attribute::Naked))
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
