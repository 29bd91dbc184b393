/* SPDX-License-Identifier: MIT */
#include "assembly.h"

using namespace llvm;

/* The text in one line, without spaces at its ends. */
static std::string squeezed(StringRef text)
{
	std::string out;

	for (char c : text.trim(" \t\n;")) {
		if (c == '\n' || c == '\t' || c == ';')
			c = ' ';
		if (c != ' ' || (!out.empty() && out.back() != ' '))
			out += c;
	}
	return out;
}

struct Known {
	const char *text;
	enum assembly_kind kind;
};

/* As the kernel writes them, for x86 and for arm64. */
static const Known all_known[] = {
	{"", ASSEMBLY_NOTHING},
	{"nop", ASSEMBLY_NOTHING},
	{"pause", ASSEMBLY_NOTHING},
	{"rep nop", ASSEMBLY_NOTHING},
	{"yield", ASSEMBLY_NOTHING},
	{"mfence", ASSEMBLY_MB},
	{"lfence", ASSEMBLY_RMB},
	{"sfence", ASSEMBLY_WMB},
	{"dsb sy", ASSEMBLY_MB},
	{"dsb ld", ASSEMBLY_RMB},
	{"dsb st", ASSEMBLY_WMB},
	{"dmb osh", ASSEMBLY_DMA_MB},
	{"dmb oshld", ASSEMBLY_DMA_RMB},
	{"dmb oshst", ASSEMBLY_DMA_WMB},
	{"dmb ish", ASSEMBLY_SMP_MB},
	{"dmb ishld", ASSEMBLY_SMP_RMB},
	{"dmb ishst", ASSEMBLY_SMP_WMB},
	{"lock addl $$0,-4(%rsp)", ASSEMBLY_SMP_MB},
	{"lock addl $$0,-4(%esp)", ASSEMBLY_SMP_MB},
};

static bool touches_memory(const InlineAsm &assembly)
{
	for (const auto &c : assembly.ParseConstraints()) {
		if (c.isIndirect)
			return true;
		for (const std::string &code : c.Codes)
			if (code == "m" || code == "{memory}" || code == "o" ||
			    code == "V" || code == "Q")
				return true;
	}
	return false;
}

enum assembly_kind assembly_kind(const InlineAsm &assembly)
{
	std::string text = squeezed(assembly.getAsmString());

	for (const Known &known : all_known)
		if (text == known.text)
			return known.kind;
	return touches_memory(assembly) ? ASSEMBLY_UNKNOWN : ASSEMBLY_NUMBERS;
}
