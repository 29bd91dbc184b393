/* SPDX-License-Identifier: MIT */
#include "rewrite.h"

using namespace llvm;

bool Rewrite::is_none(const Value *label)
{
	auto *number = dyn_cast<ConstantInt>(label);

	return number && number->isZero();
}

bool Rewrite::has_label(const Type *type)
{
	return type->isFirstClassType() && !type->isTokenTy() &&
	       !type->isLabelTy() && !type->isMetadataTy();
}

Value *Rewrite::label(Value *value)
{
	auto it = labels.find(value);

	return it == labels.end() ? hooks.i32(0) : it->second;
}

Value *Rewrite::element(Value *value, unsigned i)
{
	auto it = seconds.find(value);

	return i == 1 && it != seconds.end() ? it->second : label(value);
}

void Rewrite::set_label(Value *value, Value *label)
{
	if (!isa<Constant>(value) && !is_none(label))
		labels[value] = label;
}

Value *Rewrite::join(Builder &b, Value *a, Value *c)
{
	if (is_none(a) || a == c)
		return c;
	return is_none(c) ? a : b.CreateCall(hooks.join, {a, c});
}

Value *Rewrite::join_all(Builder &b, Instruction &insn)
{
	Value *all = hooks.i32(0);

	for (Value *operand : insn.operands()) {
		all = join(b, all, label(operand));
		all = join(b, all, element(operand, 1));
	}
	return all;
}

/* A number that is kept within bounds: by what comes from no read. */
void Rewrite::mask(BinaryOperator &insn)
{
	Value *by = label(insn.getOperand(1)), *of = label(insn.getOperand(0));
	Builder b(&insn);

	if (insn.getOpcode() == Instruction::And && is_none(of))
		std::swap(of, by);
	if (is_none(by) && !is_none(of))
		set_label(&insn, b.CreateCall(hooks.bound, {of}));
	else
		set_label(&insn, join_all(b, insn));
}

/* The two elements of a structure, as functions return them, are told apart. */
static bool is_pair(const Type *type)
{
	auto *s = dyn_cast<StructType>(type);

	return s && s->getNumElements() == 2;
}

void Rewrite::compute(Instruction &insn)
{
	Builder b(&insn);

	if (!has_label(insn.getType()))
		return;
	if (auto *i = dyn_cast<SelectInst>(&insn)) {
		/* As if it were written with a branch. */
		branch(insn, i->getCondition());
		set_label(&insn, join(b, label(i->getTrueValue()),
				      label(i->getFalseValue())));
	} else if (auto *i = dyn_cast<ExtractValueInst>(&insn)) {
		Value *of = i->getAggregateOperand();

		set_label(&insn, is_pair(of->getType())
					 ? element(of, i->getIndices()[0])
					 : label(of));
	} else if (auto *i = dyn_cast<InsertValueInst>(&insn)) {
		Value *of = i->getAggregateOperand(),
		      *with = label(i->getInsertedValueOperand());

		if (is_pair(of->getType()) && i->getIndices().size() == 1) {
			bool second = i->getIndices()[0] == 1;

			labels[&insn] = second ? label(of) : with;
			seconds[&insn] = second ? with : element(of, 1);
		} else {
			set_label(&insn, join_all(b, insn));
		}
	} else if (insn.getOpcode() == Instruction::And ||
		   insn.getOpcode() == Instruction::URem ||
		   insn.getOpcode() == Instruction::SRem) {
		mask(cast<BinaryOperator>(insn));
	} else {
		set_label(&insn, join_all(b, insn));
	}
}

/* They may come from what is further down. */
void Rewrite::begin_phis(const std::vector<Instruction *> &work)
{
	for (Instruction *insn : work) {
		auto *phi = dyn_cast<PHINode>(insn);

		if (!phi || !has_label(phi->getType()))
			continue;
		Builder b(phi);

		labels[phi] =
			b.CreatePHI(hooks.I32, phi->getNumIncomingValues());
		if (is_pair(phi->getType()))
			seconds[phi] = b.CreatePHI(hooks.I32,
						   phi->getNumIncomingValues());
		phis.push_back(phi);
	}
}

void Rewrite::end_phis()
{
	for (PHINode *phi : phis)
		for (unsigned i = 0; i < phi->getNumIncomingValues(); i++) {
			Value *from = phi->getIncomingValue(i);
			BasicBlock *block = phi->getIncomingBlock(i);

			cast<PHINode>(labels[phi])
				->addIncoming(label(from), block);
			if (seconds.count(phi))
				cast<PHINode>(seconds[phi])
					->addIncoming(element(from, 1), block);
		}
}
