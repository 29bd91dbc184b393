/* SPDX-License-Identifier: MIT */
#include "rewrite.h"

#include "llvm/ADT/PostOrderIterator.h"

using namespace llvm;

Rewrite::Rewrite(Function &f, Hooks &h, Sites &s)
    : function(f), hooks(h), sites(s), layout(f.getParent()->getDataLayout()),
      calls(nullptr), caller(nullptr)
{
}

/* In a header, or in services, it is that of the call that led there. */
Value *Rewrite::site(Instruction &insn)
{
	Constant *here = sites.of(insn);

	return here ? static_cast<Value *>(here) : caller;
}

void Rewrite::replace(Instruction &insn, Value *by)
{
	if (by)
		insn.replaceAllUsesWith(by);
	dead.push_back(&insn);
}

/* What it does next depends on @by. */
void Rewrite::branch(Instruction &insn, Value *by)
{
	Builder b(&insn);

	if (!is_none(label(by)))
		b.CreateCall(hooks.branch, {label(by), site(insn)});
}

void Rewrite::visit(Instruction &insn)
{
	if (auto *i = dyn_cast<LoadInst>(&insn))
		load(*i);
	else if (auto *i = dyn_cast<StoreInst>(&insn))
		store(*i);
	else if (auto *i = dyn_cast<AtomicRMWInst>(&insn))
		rmw(*i);
	else if (auto *i = dyn_cast<AtomicCmpXchgInst>(&insn))
		cas(*i);
	else if (auto *i = dyn_cast<FenceInst>(&insn))
		fence(*i);
	else if (auto *i = dyn_cast<AllocaInst>(&insn))
		local(*i);
	else if (auto *i = dyn_cast<CallBase>(&insn))
		call(*i);
	else if (auto *i = dyn_cast<ReturnInst>(&insn))
		give_back(*i);
	else if (auto *i = dyn_cast<SwitchInst>(&insn))
		branch(insn, i->getCondition());
	else if (auto *i = dyn_cast<IndirectBrInst>(&insn))
		branch(insn, i->getAddress());
	else if (auto *i = dyn_cast<BranchInst>(&insn))
		i->isConditional() ? branch(insn, i->getCondition()) : void();
	else if (!isa<PHINode>(insn))
		compute(insn);
}

void Rewrite::run()
{
	std::vector<Instruction *> work;
	ReversePostOrderTraversal<Function *> order(&function);
	Builder b(&*function.getEntryBlock().getFirstInsertionPt());

	for (BasicBlock *block : order)
		for (Instruction &insn : *block)
			work.push_back(&insn);
	calls = b.CreateLoad(hooks.Calls, hooks.calls);
	caller = b.CreateLoad(
		hooks.SitePointer,
		b.CreateConstGEP1_32(hooks.SitePointer, calls, -1u));
	arguments();
	begin_phis(work);
	for (Instruction *insn : work)
		visit(*insn);
	end_phis();
	for (Instruction *insn : dead)
		insn->eraseFromParent();
}
