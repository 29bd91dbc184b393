/* SPDX-License-Identifier: MIT */
#include <cdma/machine.h>

#include "base/macros.h"

#include <stdlib.h>
#include <string.h>

#define LOW                                                                    \
	{                                                                      \
		0x100000, 0x7fffffff                                           \
	}
#define HIGH                                                                   \
	{                                                                      \
		0x100000000, 0x27fffffff                                       \
	}

static const struct cdma_machine table[] = {
	{.name = NULL, .about = "what holds on every machine"},
	{
		.name = "x86",
		.about = "a PC with 2 GiB",
		.ram = {LOW},
		.nr_ram = 1,
	},
	{
		.name = "x86_high",
		.about = "a PC with memory above 4 GiB, bounced where the mask "
			 "asks for it",
		.swiotlb = CDMA_SWIOTLB_MASK,
		.ram = {LOW, HIGH},
		.nr_ram = 2,
	},
	{
		.name = "x86_iommu",
		.about = "the same with an IOMMU that is flushed late",
		.iommu = CDMA_IOMMU_LAZY,
		.ram = {LOW, HIGH},
		.nr_ram = 2,
	},
	{
		.name = "sev",
		.about = "a guest with encrypted memory: all is bounced",
		.swiotlb = CDMA_SWIOTLB_ALWAYS,
		.ram = {LOW, HIGH},
		.nr_ram = 2,
	},
	{
		.name = "arm64",
		.about = "caches that are not coherent, lines of 128 bytes",
		.incoherent = true,
		.line = 128,
		.swiotlb = CDMA_SWIOTLB_MASK,
		.ram = {{0x40000000, 0xbfffffff}, HIGH},
		.nr_ram = 2,
	},
	{
		.name = "arm64_smmu",
		.about = "the same with an IOMMU that is flushed at once",
		.incoherent = true,
		.line = 128,
		.iommu = CDMA_IOMMU_STRICT,
		.ram = {{0x40000000, 0xbfffffff}, HIGH},
		.nr_ram = 2,
	},
	{
		.name = "arm32",
		.about = "caches that are not coherent, lines of 32 bytes; "
			 "devices see memory at 0xc0000000",
		.incoherent = true,
		.line = 32,
		.offset = 0xc0000000,
		.ram = {{0, 0x3bffffff}},
		.nr_ram = 1,
	},
};

const struct cdma_machine *cdma_machine_at(size_t i)
{
	return i < ARRAY_SIZE(table) ? &table[i] : NULL;
}

/* ---- as text ---- */

static bool is_word(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(text, word, len);
}

static const char *read_name(const char *text, size_t len,
			     struct cdma_machine *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (is_word(text, len, table[i].name ? table[i].name : "any")) {
			*out = table[i];
			return NULL;
		}
	return "no machine has that name";
}

/* The number at @text, which ends where @end is. */
static bool read_number(const char *text, const char *end, uint64_t *out)
{
	bool hex = end - text > 2 && text[0] == '0' && text[1] == 'x';
	const char *digits = hex ? text + 2 : text;
	char *stop;

	if (strspn(digits, "0123456789abcdefABCDEF") < (size_t)(end - digits) ||
	    digits == end || end - digits > (hex ? 16 : 19))
		return false;
	*out = strtoull(digits, &stop, hex ? 16 : 10);
	return stop == end;
}

/* Which of the words "a|b|c" it is; -1: none. */
static int read_word(const char *text, size_t len, const char *words)
{
	for (int i = 0;; i++, words++) {
		size_t size = strcspn(words, "|");

		if (size == len && !strncmp(text, words, len))
			return i;
		words += size;
		if (!*words)
			return -1;
	}
}

static const char *read_line(const char *text, size_t len,
			     struct cdma_machine *out)
{
	uint64_t line;

	if (!read_number(text, text + len, &line) || line < 8 || line > 4096 ||
	    line & (line - 1))
		return "a line has 8, 16, ... 4096 bytes";
	out->line = (uint32_t)line;
	return NULL;
}

static const char *read_coherent(const char *text, size_t len,
				 struct cdma_machine *out)
{
	int word = read_word(text, len, "yes|no");

	if (word < 0)
		return "expected yes or no";
	out->incoherent = word;
	if (word && !out->line)
		out->line = 64;
	return NULL;
}

static const char *read_swiotlb(const char *text, size_t len,
				struct cdma_machine *out)
{
	int word = read_word(text, len, "none|mask|always");

	if (word < 0)
		return "expected none, mask or always";
	out->swiotlb = (enum cdma_swiotlb)word;
	return NULL;
}

static const char *read_iommu(const char *text, size_t len,
			      struct cdma_machine *out)
{
	int word = read_word(text, len, "none|strict|lazy");

	if (word < 0)
		return "expected none, strict or lazy";
	out->iommu = (enum cdma_iommu)word;
	return NULL;
}

static const char *read_offset(const char *text, size_t len,
			       struct cdma_machine *out)
{
	return read_number(text, text + len, &out->offset)
		       ? NULL
		       : "expected a number";
}

static const char *read_map_max(const char *text, size_t len,
				struct cdma_machine *out)
{
	return read_number(text, text + len, &out->map_max)
		       ? NULL
		       : "expected a number of bytes";
}

/* The first replaces what the machine had. */
static const char *read_ram(const char *text, size_t len,
			    struct cdma_machine *out)
{
	const char *dash = memchr(text, '-', len);
	struct cdma_ram ram;

	if (!dash || !read_number(text, dash, &ram.first) ||
	    !read_number(dash + 1, text + len, &ram.last) ||
	    ram.last < ram.first || ram.last - ram.first < 0xffff)
		return "expected FIRST-LAST, 64 KiB or more";
	if (out->nr_ram == CDMA_RAM_MAX)
		return "so many ranges are too many";
	if (out->nr_ram && ram.first <= out->ram[out->nr_ram - 1].last)
		return "ranges are said by address";
	out->ram[out->nr_ram++] = ram;
	return NULL;
}

static const struct {
	const char *name;
	const char *(*read)(const char *text, size_t len,
			    struct cdma_machine *out);
} keys[] = {
	{"coherent", read_coherent}, {"line", read_line},
	{"swiotlb", read_swiotlb},   {"iommu", read_iommu},
	{"offset", read_offset},     {"map_max", read_map_max},
	{"ram", read_ram},
};

/* "KEY=VALUE", of @len bytes; moves @text to what is wrong. */
static const char *read_key(const char **text, size_t len,
			    struct cdma_machine *out, bool *has_ram)
{
	const char *is = memchr(*text, '=', len);
	size_t name = is ? (size_t)(is - *text) : len;

	for (size_t i = 0; is && i < ARRAY_SIZE(keys); i++) {
		if (!is_word(*text, name, keys[i].name))
			continue;
		if (keys[i].read == read_ram && !*has_ram)
			out->nr_ram = 0;
		*has_ram |= keys[i].read == read_ram;
		*text = is + 1;
		return keys[i].read(*text, len - name - 1, out);
	}
	return "expected coherent=, line=, swiotlb=, iommu=, offset=, "
	       "map_max= or ram=";
}

/* What does not go together. */
static const char *check(const struct cdma_machine *machine)
{
	if (machine->iommu && machine->swiotlb)
		return "behind an IOMMU nothing is bounced: say swiotlb=none";
	if (machine->nr_ram && machine->ram[machine->nr_ram - 1].last >
				       UINT64_MAX - machine->offset)
		return "the offset is too large for the memory";
	return NULL;
}

const char *cdma_machine_parse(const char *text, struct cdma_machine *out,
			       size_t *at)
{
	const char *word = text, *end = text + strcspn(text, ",");
	struct cdma_machine machine;
	const char *wrong = read_name(text, (size_t)(end - text), &machine);
	bool has_ram = false;

	while (!wrong && *end) {
		/* Whoever changes something has a machine in mind. */
		if (!machine.name) {
			machine.ram[0] = (struct cdma_ram)LOW;
			machine.nr_ram = 1;
		}
		machine.name = text;
		machine.about = NULL;
		word = end + 1;
		end = word + strcspn(word, ",");
		wrong = read_key(&word, (size_t)(end - word), &machine,
				 &has_ram);
	}
	if (!wrong && machine.name == text)
		wrong = check(&machine);
	if (at)
		*at = (size_t)(word - text);
	if (!wrong)
		*out = machine;
	return wrong;
}
