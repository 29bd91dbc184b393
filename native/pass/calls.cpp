/* SPDX-License-Identifier: MIT */
#include "rewrite.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

#include "assembly.h"

using namespace llvm;

/* ---- what a function is given, and gives back ---- */

void Rewrite::arguments()
{
	Builder b(&*function.getEntryBlock().getFirstInsertionPt());

	b.SetInsertPoint(cast<Instruction>(caller)->getNextNode());
	for (Argument &arg : function.args()) {
		unsigned i = arg.getArgNo();
		Value *at;

		if (!has_label(arg.getType()) || i >= Hooks::ARGUMENTS)
			continue;
		at = hooks.argument(b, i);
		labels[&arg] = b.CreateLoad(hooks.I32, at);
		b.CreateStore(hooks.i32(0), at);
		/* The bytes are its own copy; its address comes from nowhere.
		 */
		if (arg.hasByValAttr()) {
			b.CreateCall(hooks.given,
				     {hooks.raw(b, &arg),
				      hooks.i64(bytes(arg.getParamByValType())),
				      labels[&arg]});
			labels.erase(&arg);
		}
	}
}

void Rewrite::give_back(ReturnInst &insn)
{
	Value *value = insn.getReturnValue();
	Builder b(&insn);

	/* A call that this is the end of has given it already. */
	if (!value || insn.getParent()->getTerminatingMustTailCall())
		return;
	b.CreateStore(label(value), hooks.result_dep);
	if (value->getType()->isStructTy())
		b.CreateStore(element(value, 1), hooks.result_dep2);
}

/* ---- calls ---- */

/* The backend copies what is handed over by value, and nobody sees that: it is
 * copied before. */
void Rewrite::by_value(Builder &b, CallBase &insn, unsigned i)
{
	Type *type = insn.getParamByValType(i);
	Value *from = insn.getArgOperand(i), *to = room(type);

	if (auto *a = dyn_cast<AllocaInst>(to))
		a->setAlignment(std::max(a->getAlign(),
					 insn.getParamAlign(i).valueOrOne()));
	b.CreateStore(
		b.CreateCall(hooks.load_any,
			     {hooks.raw(b, to), hooks.raw(b, from),
			      hooks.i64(bytes(type)), site(insn), label(from)}),
		hooks.argument(b, i));
	insn.setArgOperand(i, b.CreateBitCast(to, from->getType()));
}

/* Before a call.  *@all: what all arguments come from. */
void Rewrite::hand_over(Builder &b, CallBase &insn, Value **all)
{
	std::vector<std::pair<unsigned, Value *>> given;

	*all = hooks.i32(0);
	for (unsigned i = 0; i < insn.arg_size(); i++) {
		Value *l = label(insn.getArgOperand(i));

		*all = join(b, *all, l);
		if (i < Hooks::ARGUMENTS && insn.isByValArgument(i))
			by_value(b, insn, i);
		else if (i < Hooks::ARGUMENTS && !is_none(l))
			given.push_back({i, l});
	}
	for (auto &g : given)
		b.CreateStore(g.second, hooks.argument(b, g.first));
	if (has_label(insn.getType()))
		b.CreateStore(hooks.i32(Hooks::UNKNOWN), hooks.result_dep);
	if (sites.of(insn)) {
		b.CreateStore(site(insn), calls);
		b.CreateStore(b.CreateConstGEP1_32(hooks.SitePointer, calls, 1),
			      hooks.calls);
	}
}

/* Behind it. */
static Instruction *next_of(CallBase &insn)
{
	if (auto *i = dyn_cast<InvokeInst>(&insn)) {
		BasicBlock *to = i->getNormalDest();

		if (!to->getSinglePredecessor())
			to = SplitEdge(i->getParent(), to);
		return &*to->getFirstInsertionPt();
	}
	return insn.isTerminator() ? nullptr : insn.getNextNode();
}

void Rewrite::take_back(CallBase &insn, Value *all)
{
	Instruction *next = next_of(insn);
	Value *result, *unknown;

	if (!next)
		return;
	Builder b(next);

	if (sites.of(insn))
		b.CreateStore(calls, hooks.calls);
	for (unsigned i = 0; i < insn.arg_size() && i < Hooks::ARGUMENTS; i++)
		if (insn.isByValArgument(i) ||
		    !is_none(label(insn.getArgOperand(i))))
			b.CreateStore(hooks.i32(0), hooks.argument(b, i));
	if (!has_label(insn.getType()))
		return;
	result = b.CreateLoad(hooks.I32, hooks.result_dep);
	unknown = b.CreateICmpEQ(result, hooks.i32(Hooks::UNKNOWN));
	labels[&insn] = b.CreateSelect(unknown, all, result);
	if (insn.getType()->isStructTy())
		seconds[&insn] = b.CreateSelect(
			unknown, all,
			b.CreateLoad(hooks.I32, hooks.result_dep2));
}

void Rewrite::plain_call(CallBase &insn)
{
	Builder b(&insn);
	Value *all;

	if (!insn.getCalledFunction())
		branch(insn, insn.getCalledOperand());
	hand_over(b, insn, &all);
	if (!insn.isMustTailCall())
		take_back(insn, all);
}

static bool begins_with(StringRef s, StringRef begin)
{
	return s.substr(0, begin.size()) == begin;
}

/* Functions of C that do what a hook does; and those that look at memory, which
 * the runtime has under another name. */
bool Rewrite::known(CallBase &insn, StringRef name)
{
	static const char *const lookers[] = {
		"memcmp",  "memchr", "strlen", "strnlen", "strcmp",
		"strncmp", "strchr", "strcpy", "strncpy", "bcmp",
	};

	if (begins_with(name, KEPT_COPY)) {
		copy(insn, insn.getArgOperand(0), insn.getArgOperand(1),
		     insn.getArgOperand(2));
		replace(insn, nullptr);
		return true;
	}
	if (begins_with(name, KEPT_FILL)) {
		fill(insn, insn.getArgOperand(0), insn.getArgOperand(1),
		     insn.getArgOperand(2));
		replace(insn, nullptr);
		return true;
	}
	if (insn.arg_size() == 3 && (name == "memcpy" || name == "memmove")) {
		copy(insn, insn.getArgOperand(0), insn.getArgOperand(1),
		     insn.getArgOperand(2));
		replace(insn, insn.getArgOperand(0));
		return true;
	}
	if (insn.arg_size() == 3 && name == "memset") {
		fill(insn, insn.getArgOperand(0), insn.getArgOperand(1),
		     insn.getArgOperand(2));
		replace(insn, insn.getArgOperand(0));
		return true;
	}
	for (const char *looker : lookers)
		if (name == looker)
			insn.setCalledFunction(
				function.getParent()->getOrInsertFunction(
					("__cdma_" + name).str(),
					insn.getFunctionType()));
	return false;
}

void Rewrite::intrinsic(IntrinsicInst &insn)
{
	Builder b(&insn);

	if (auto *i = dyn_cast<MemTransferInst>(&insn)) {
		copy(insn, i->getRawDest(), i->getRawSource(), i->getLength());
		replace(insn, nullptr);
	} else if (auto *i = dyn_cast<MemSetInst>(&insn)) {
		fill(insn, i->getRawDest(), i->getValue(), i->getLength());
		replace(insn, nullptr);
	} else if (has_label(insn.getType()) && !isa<DbgInfoIntrinsic>(insn)) {
		set_label(&insn, join_all(b, insn));
	}
}

/* ---- assembly ---- */

void Rewrite::assembly(CallBase &insn)
{
	auto *text = cast<InlineAsm>(insn.getCalledOperand());
	unsigned kind = assembly_kind(*text);
	Builder b(&insn);

	if (kind == ASSEMBLY_UNKNOWN)
		b.CreateCall(hooks.assembly,
			     {sites.text(text->getAsmString()), site(insn)});
	else if (kind >= ASSEMBLY_SMP_RMB)
		b.CreateCall(hooks.barrier,
			     {hooks.i32((kind - ASSEMBLY_SMP_RMB) / 3),
			      hooks.i32((kind - ASSEMBLY_SMP_RMB) % 3),
			      site(insn)});
	if (has_label(insn.getType()))
		set_label(&insn, join_all(b, insn));
}

void Rewrite::call(CallBase &insn)
{
	Function *f = insn.getCalledFunction();

	if (insn.isInlineAsm())
		assembly(insn);
	else if (auto *i = dyn_cast<IntrinsicInst>(&insn))
		intrinsic(*i);
	else if (!f || !f->isDeclaration() || !known(insn, f->getName()))
		plain_call(insn);
}
