/* SPDX-License-Identifier: MIT */
#include "native/self.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdlib.h>

#include "base/macros.h"
#include "base/text.h"

/* What the archive has of variables, by names that the linker makes of those of
 * their sections; not there when it was linked in another way. */
extern char __start_cdma_run_data[] __attribute__((weak));
extern char __stop_cdma_run_data[] __attribute__((weak));
extern char __start_cdma_run_bss[] __attribute__((weak));
extern char __stop_cdma_run_bss[] __attribute__((weak));

#if defined(__x86_64__)
#define RELOC_COPY R_X86_64_COPY
#elif defined(__aarch64__)
#define RELOC_COPY R_AARCH64_COPY
#else
#define RELOC_COPY UINT32_MAX
#endif

struct holes {
	struct native_hole *at;
	size_t nr;
	bool is_full;
};

static void add(struct holes *holes, uintptr_t at, uintptr_t end)
{
	if (at >= end)
		return;
	if (holes->nr == NATIVE_HOLES_MAX)
		holes->is_full = true;
	else
		holes->at[holes->nr++] = (struct native_hole){at, end};
}

/* Some loaders leave addresses of the table as they are in the file. */
static uintptr_t place(const struct link_map *map, const ElfW(Dyn) * entry)
{
	uintptr_t at = entry->d_un.d_ptr;

	return at < map->l_addr ? at + map->l_addr : at;
}

/* False: it has no table of what it takes from shared objects. */
static bool add_copies(struct holes *holes, const struct link_map *map)
{
	const ElfW(Rela) *rela = NULL;
	const ElfW(Sym) *symbols = NULL;
	size_t size = 0;

	for (const ElfW(Dyn) *d = map->l_ld; d && d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_RELA)
			rela = (const void *)place(map, d);
		else if (d->d_tag == DT_RELASZ)
			size = d->d_un.d_val;
		else if (d->d_tag == DT_SYMTAB)
			symbols = (const void *)place(map, d);
	}
	for (size_t i = 0; rela && symbols && i < size / sizeof(*rela); i++) {
		uintptr_t at = map->l_addr + rela[i].r_offset;

		if (ELF64_R_TYPE(rela[i].r_info) == RELOC_COPY)
			add(holes, at,
			    at + symbols[ELF64_R_SYM(rela[i].r_info)].st_size);
	}
	return symbols;
}

/* Whether AddressSanitizer's own variables are among those of the program, as
 * clang has it when it is not told otherwise. */
static bool has_runtime(void)
{
	void *runtime = dlsym(RTLD_DEFAULT, "__asan_init");
	Dl_info of_runtime, own;

	return runtime && dladdr(runtime, &of_runtime) &&
	       dladdr(__start_cdma_run_bss, &own) &&
	       of_runtime.dli_fbase == own.dli_fbase;
}

static int by_place(const void *a, const void *b)
{
	const struct native_hole *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

size_t native_self_holes(const struct link_map *map,
			 struct native_hole out[static NATIVE_HOLES_MAX],
			 struct cdma_text *why)
{
	struct holes holes = {.at = out};

	if (!__start_cdma_run_bss) {
		cdma_text_add(why, "it is not linked with libcdma-run");
		return 0;
	}
	if (has_runtime()) {
		cdma_text_add(why, "AddressSanitizer is linked into it, and "
				   "would be put back with its variables; link "
				   "it with -shared-libsan");
		return 0;
	}
	add(&holes, (uintptr_t)__start_cdma_run_bss,
	    (uintptr_t)__stop_cdma_run_bss);
	if (__start_cdma_run_data)
		add(&holes, (uintptr_t)__start_cdma_run_data,
		    (uintptr_t)__stop_cdma_run_data);
	if (!add_copies(&holes, map)) {
		cdma_text_add(why, "it is linked statically, so that variables "
				   "of the C library are among its own; link "
				   "it without -static");
		return 0;
	}
	if (holes.is_full) {
		cdma_text_add(why, "it has copies of too many variables of "
				   "shared objects; compile it with -fPIC");
		return 0;
	}
	qsort(out, holes.nr, sizeof(*out), by_place);
	return holes.nr;
}
