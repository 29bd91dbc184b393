/* SPDX-License-Identifier: MIT */
#ifndef CDMAPASS_SITES_H
#define CDMAPASS_SITES_H

/*
 * Sites: the places of a module, a constant `struct cdma_site' each.
 *
 * A place is the innermost line of the driver: what stands in a header, or in a
 * file of services, has none, and happens where it is called.
 */

#include <map>
#include <string>
#include <tuple>

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instruction.h"

#include "hooks.h"

class Sites
{
      public:
	Sites(llvm::Module &module, Hooks &hooks);

	/* Whether this module is no place at all. */
	bool is_services() const
	{
		return services;
	}

	/* Where @insn is; nullptr: in no line of the driver. */
	llvm::Constant *of(const llvm::Instruction &insn);
	/* A string, for whom no place has. */
	llvm::Constant *text(llvm::StringRef string);

      private:
	using Key = std::tuple<std::string, std::string, unsigned, unsigned>;

	llvm::Constant *at(const Key &key);

	llvm::Module &module;
	Hooks &hooks;
	bool services;
	std::map<Key, llvm::Constant *> known;
	std::map<std::string, llvm::Constant *> strings;
};

#endif /* CDMAPASS_SITES_H */
