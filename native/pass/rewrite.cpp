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

static bool leads_to(const BasicBlock *from, const BasicBlock *to)
{
	return from == to || (from->getFirstNonPHIOrDbg()->isTerminator() &&
			      from->getSingleSuccessor() == to);
}

/* What a compare-and-exchange of C does when it fails: it stores what was there
 * where the expected value is.  That is in registers now, so that nothing is
 * left but to choose a number. */
static bool only_chooses(const BranchInst &insn)
{
	auto *by = dyn_cast<ExtractValueInst>(insn.getCondition());
	const BasicBlock *a = insn.getSuccessor(0), *b = insn.getSuccessor(1);

	return by && isa<InsertValueInst>(by->getAggregateOperand()) &&
	       (leads_to(a, b) || leads_to(b, a));
}

void Rewrite::branch(BranchInst &insn)
{
	if (insn.isConditional() && !only_chooses(insn))
		branch(insn, insn.getCondition());
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
		branch(*i);
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
