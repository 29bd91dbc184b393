/* SPDX-License-Identifier: MIT */
#ifndef CDMAPASS_REWRITE_H
#define CDMAPASS_REWRITE_H

/*
 * Rewrite: one function, with a hook for each access, and a label for each
 * value.
 *
 * A label is a number beside a value: the reads that it comes from, 0: none.
 * Those of values that never come from a read are constants, and cost nothing.
 *
 *	labels.cpp   what a label is made of
 *	accesses.cpp loads, stores, atomic operations, copies
 *	calls.cpp    calls, arguments, results, assembly
 */

#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

#include "hooks.h"
#include "sites.h"

/* Calls that stand for copies and fills, up to where they are rewritten: more
 * may follow the name. */
#define KEPT_COPY "cdma.copy"
#define KEPT_FILL "cdma.fill"

class Rewrite
{
      public:
	Rewrite(llvm::Function &function, Hooks &hooks, Sites &sites);

	void run();

      private:
	using Builder = llvm::IRBuilder<>;

	/* ---- labels.cpp ---- */
	llvm::Value *label(llvm::Value *value);
	/* Of element @i of a structure. */
	llvm::Value *element(llvm::Value *value, unsigned i);
	void set_label(llvm::Value *value, llvm::Value *label);
	llvm::Value *join(Builder &b, llvm::Value *a, llvm::Value *c);
	llvm::Value *join_all(Builder &b, llvm::Instruction &insn);
	void compute(llvm::Instruction &insn);
	void mask(llvm::BinaryOperator &insn);
	void begin_phis(const std::vector<llvm::Instruction *> &work);
	void end_phis();
	static bool is_none(const llvm::Value *label);
	static bool has_label(const llvm::Type *type);

	/* ---- accesses.cpp ---- */
	void load(llvm::LoadInst &insn);
	void store(llvm::StoreInst &insn);
	void rmw(llvm::AtomicRMWInst &insn);
	void cas(llvm::AtomicCmpXchgInst &insn);
	void fence(llvm::FenceInst &insn);
	void copy(llvm::Instruction &insn, llvm::Value *to, llvm::Value *from,
		  llvm::Value *size);
	void fill(llvm::Instruction &insn, llvm::Value *to, llvm::Value *byte,
		  llvm::Value *size);
	void local(llvm::AllocaInst &insn);
	void load_any(llvm::LoadInst &insn);
	void store_any(llvm::StoreInst &insn);
	bool is_word(llvm::Type *type) const;
	unsigned bytes(llvm::Type *type) const;
	llvm::Value *to_word(Builder &b, llvm::Value *value);
	llvm::Value *from_word(Builder &b, llvm::Value *word, llvm::Type *type);
	llvm::Value *room(llvm::Type *type);

	/* ---- calls.cpp ---- */
	void arguments();
	void call(llvm::CallBase &insn);
	bool known(llvm::CallBase &insn, llvm::StringRef name);
	void intrinsic(llvm::IntrinsicInst &insn);
	void assembly(llvm::CallBase &insn);
	void plain_call(llvm::CallBase &insn);
	void hand_over(Builder &b, llvm::CallBase &insn, llvm::Value **all);
	void take_back(llvm::CallBase &insn, llvm::Value *all);
	void by_value(Builder &b, llvm::CallBase &insn, unsigned i);
	void give_back(llvm::ReturnInst &insn);

	void visit(llvm::Instruction &insn);
	void branch(llvm::Instruction &insn, llvm::Value *by);
	void branch(llvm::BranchInst &insn);
	llvm::Value *site(llvm::Instruction &insn);
	/* @insn is gone; what used it uses @by. */
	void replace(llvm::Instruction &insn, llvm::Value *by);

	llvm::Function &function;
	Hooks &hooks;
	Sites &sites;
	const llvm::DataLayout &layout;
	llvm::DenseMap<llvm::Value *, llvm::Value *> labels;
	/* Of the second element of a structure, where that has its own. */
	llvm::DenseMap<llvm::Value *, llvm::Value *> seconds;
	std::vector<llvm::PHINode *> phis;
	std::vector<llvm::Instruction *> dead;
	llvm::Value *calls;  /* behind those that lead here */
	llvm::Value *caller; /* where this function is called */
};

#endif /* CDMAPASS_REWRITE_H */
