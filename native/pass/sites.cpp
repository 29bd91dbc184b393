/* SPDX-License-Identifier: MIT */
#include "sites.h"

using namespace llvm;

Sites::Sites(Module &m, Hooks &h)
    : module(m), hooks(h),
      services(m.getNamedGlobal("__cdma_services") != nullptr)
{
}

static bool ends_with(StringRef s, StringRef end)
{
	return s.size() >= end.size() && s.substr(s.size() - end.size()) == end;
}

static bool begins_with(StringRef s, StringRef begin)
{
	return s.substr(0, begin.size()) == begin;
}

/* Not the driver's: a header, or of a language's library. */
static bool is_foreign(const DILocation *at)
{
	StringRef file = at->getFilename(), dir = at->getDirectory();

	return ends_with(file, ".h") || begins_with(file, "/usr/") ||
	       begins_with(file, "/rustc/") || begins_with(dir, "/usr/") ||
	       begins_with(dir, "/rustc/");
}

static std::string function_of(const DILocation *at, const Function *f)
{
	const DISubprogram *sp = at ? at->getScope()->getSubprogram() : nullptr;

	return (sp ? sp->getName() : f->getName()).str();
}

Constant *Sites::of(const Instruction &insn)
{
	const Function *f = insn.getFunction();
	const DILocation *at = insn.getDebugLoc();

	if (services)
		return nullptr;
	/* What has no line is of its function, if that is the driver's. */
	if (!at && !f->getSubprogram())
		return this->at(
			{module.getSourceFileName(), f->getName().str(), 0, 0});
	if (!at) {
		const DISubprogram *sp = f->getSubprogram();

		if (ends_with(sp->getFilename(), ".h"))
			return nullptr;
		return this->at({sp->getFilename().str(), sp->getName().str(),
				 sp->getLine(), 0});
	}
	while (at && is_foreign(at))
		at = at->getInlinedAt();
	if (!at)
		return nullptr;
	return this->at({at->getFilename().str(), function_of(at, f),
			 at->getLine(), at->getColumn()});
}

Constant *Sites::text(StringRef string)
{
	Constant *&found = strings[string.str()];

	if (!found) {
		Constant *bytes = ConstantDataArray::getString(
			hooks.Void->getContext(), string);
		auto *global = new GlobalVariable(
			module, bytes->getType(), true,
			GlobalValue::PrivateLinkage, bytes, "cdma.text");

		found = ConstantExpr::getPointerCast(global, hooks.Pointer);
	}
	return found;
}

Constant *Sites::at(const Key &key)
{
	Constant *&found = known[key], *none;

	if (found)
		return found;
	none = ConstantPointerNull::get(hooks.Pointer);
	found = new GlobalVariable(
		module, hooks.Site, true, GlobalValue::PrivateLinkage,
		ConstantStruct::get(hooks.Site,
				    {text(std::get<0>(key)),
				     text(std::get<1>(key)), none, none,
				     hooks.i32(std::get<2>(key)),
				     hooks.i32(std::get<3>(key))}),
		"cdma.site");
	return found;
}
