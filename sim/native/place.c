/* SPDX-License-Identifier: MIT */
#include "native/place.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vec.h"
#include "base/xalloc.h"
#include "native/library.h"

/* All that were asked for, few as they are; they stay. */
static CDMA_VEC(struct cdma_site *) places;

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* @site's texts are copied. */
static const struct cdma_site *intern(const struct cdma_site *site)
{
	struct cdma_site *kept;

	for (size_t i = 0; i < places.nr; i++) {
		kept = places.at[i];
		if (kept->line == site->line && kept->col == site->col &&
		    same(kept->file, site->file) &&
		    same(kept->func, site->func))
			return kept;
	}
	kept = cdma_xcalloc(1, sizeof(*kept));
	*kept = *site;
	kept->file = cdma_xstrdup(site->file);
	kept->func = site->func ? cdma_xstrdup(site->func) : NULL;
	*cdma_vec_push(&places) = kept;
	return kept;
}

static const struct cdma_site *by_symbol(const struct native_library *l,
					 const void *pc)
{
	struct cdma_site site = {.file = native_library_path(l)};
	Dl_info info;

	if (dladdr(pc, &info))
		site.func = info.dli_sname;
	return intern(&site);
}

/* ---- names for files ---- */

static bool is_kept(const struct cdma_site *site)
{
	for (size_t i = 0; i < places.nr; i++)
		if (places.at[i] == site)
			return true;
	return false;
}

bool native_is_place(const struct cdma_site *site)
{
	return native_library_at(site) || is_kept(site);
}

/* A step's is where it is in the shared object; the others are what they are.
 */
void native_add_name(struct cdma_text *out, const struct cdma_site *site)
{
	const struct native_library *l = native_library_at(site);

	if (l)
		cdma_text_addf(out, "s %llx %llx",
			       (unsigned long long)native_library_hash(l),
			       (unsigned long long)((uintptr_t)site -
						    native_library_base(l)));
	else
		cdma_text_addf(out, "p %u %u %s %s", site->line, site->col,
			       site->func ? site->func : "-", site->file);
}

static const struct cdma_site *find_step(const char *name)
{
	unsigned long long hash, offset;
	const struct native_library *l;

	if (sscanf(name, "s %llx %llx", &hash, &offset) != 2)
		return NULL;
	l = native_library_of(hash);
	return l ? native_library_site(l, (uintptr_t)offset) : NULL;
}

static const struct cdma_site *find_place(const char *name)
{
	struct cdma_site site = {0};
	char func[256];
	int at = 0;

	if (sscanf(name, "p %u %u %255s %n", &site.line, &site.col, func,
		   &at) != 3 ||
	    !at)
		return NULL;
	site.func = strcmp(func, "-") != 0 ? func : NULL;
	site.file = name + at;
	return intern(&site);
}

const struct cdma_site *native_find_name(const char *name)
{
	const struct cdma_site *step = find_step(name);

	return step ? step : find_place(name);
}

/* ---- places of addresses ---- */

#if HAVE_LIBDW

#include <dwarf.h>
#include <elfutils/libdwfl.h>

/* What is known of an address. */
struct found {
	Dwfl *dwfl;
	Dwarf_Die *scopes; /* owned by the caller: free() */
	int nr;
	struct cdma_site site; /* without a function */
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* The unit that has the code at *@at, which is then where it is in there: clang
 * makes no table of that. */
static Dwarf_Die *find_unit(Dwfl_Module *module, Dwarf_Addr *at)
{
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;

	while ((unit = dwfl_module_nextcu(module, unit, &bias)))
		if (dwarf_haspc(unit, *at - bias) > 0) {
			*at -= bias;
			break;
		}
	return unit;
}

/* The scopes that the code at @at is in, as it was compiled. */
static void find_scopes(struct found *f, Dwarf_Die *unit, Dwarf_Addr at)
{
	Dwarf_Die *scopes = NULL, die;

	if (dwarf_getscopes(unit, at, &scopes) <= 0)
		return;
	die = scopes[0];
	free(scopes);
	f->nr = dwarf_getscopes_die(&die, &f->scopes);
}

static void find_line(struct found *f, Dwarf_Die *unit, Dwarf_Addr at)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, at);
	const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number = 0, col = 0;

	if (!file)
		return;
	dwarf_lineno(line, &number);
	dwarf_linecol(line, &col);
	f->site.file = file;
	f->site.line = (uint32_t)number;
	f->site.col = (uint32_t)col;
}

static struct found find(const struct native_library *l, const void *pc)
{
	struct found f = {.dwfl = dwfl_begin(&callbacks)};
	Dwfl_Module *module;
	Dwarf_Die *unit;
	Dwarf_Addr start;

	if (!f.dwfl)
		return f;
	dwfl_report_begin(f.dwfl);
	module = dwfl_report_offline(f.dwfl, "", native_library_path(l), -1);
	dwfl_report_end(f.dwfl, NULL, NULL);
	if (!module)
		return f;
	dwfl_module_info(module, NULL, &start, NULL, NULL, NULL, NULL, NULL);
	start += (uintptr_t)pc - native_library_base(l);
	unit = find_unit(module, &start);
	if (unit) {
		find_scopes(&f, unit, start);
		find_line(&f, unit, start);
	}
	return f;
}

static void found_fini(struct found *f)
{
	free(f->scopes);
	dwfl_end(f->dwfl);
}

static Dwarf_Word number_of(Dwarf_Die *die, unsigned int what)
{
	Dwarf_Attribute attr;
	Dwarf_Word v = 0;

	if (dwarf_attr_integrate(die, what, &attr))
		dwarf_formudata(&attr, &v);
	return v;
}

/* Where the function that was put into another is called there. */
static struct cdma_site called_at(const struct found *f, Dwarf_Die *die)
{
	Dwarf_Word file = number_of(die, DW_AT_call_file);
	Dwarf_Files *files;
	Dwarf_Die unit;
	size_t nr;

	if (!dwarf_diecu(die, &unit, NULL, NULL) ||
	    dwarf_getsrcfiles(&unit, &files, &nr) || file >= nr)
		return f->site;
	return (struct cdma_site){
		.file = dwarf_filesrc(files, file, NULL, NULL),
		.line = (uint32_t)number_of(die, DW_AT_call_line),
		.col = (uint32_t)number_of(die, DW_AT_call_column),
	};
}

size_t native_places(const void *pc, const struct cdma_site **out, size_t max)
{
	const struct native_library *l = native_library_at(pc);
	struct cdma_site site;
	struct found f;
	size_t nr = 0;

	if (!l || !max)
		return 0;
	f = find(l, pc);
	site = f.site;
	for (int i = 0; i < f.nr && site.file && nr < max; i++) {
		Dwarf_Die *die = &f.scopes[i];
		int tag = dwarf_tag(die);

		if (tag != DW_TAG_subprogram &&
		    tag != DW_TAG_inlined_subroutine)
			continue;
		site.func = dwarf_diename(die);
		out[nr++] = intern(&site);
		if (tag == DW_TAG_subprogram)
			break;
		site = called_at(&f, die);
	}
	found_fini(&f);
	if (!nr)
		out[nr++] = by_symbol(l, pc);
	return nr;
}

const struct cdma_site *native_function(const void *pc)
{
	const struct native_library *l = native_library_at(pc);
	const struct cdma_site *site = NULL;
	struct found f;

	if (!l)
		return NULL;
	f = find(l, pc);
	for (int i = 0; i < f.nr && !site && f.site.file; i++)
		if (dwarf_tag(&f.scopes[i]) == DW_TAG_subprogram)
			site = intern(&(struct cdma_site){
				.file = f.site.file,
				.func = dwarf_diename(&f.scopes[i]),
				.line = (uint32_t)number_of(&f.scopes[i],
							    DW_AT_decl_line),
			});
	found_fini(&f);
	return site ? site : by_symbol(l, pc);
}

#else

size_t native_places(const void *pc, const struct cdma_site **out, size_t max)
{
	const struct native_library *l = native_library_at(pc);

	if (!l || !max)
		return 0;
	out[0] = by_symbol(l, pc);
	return 1;
}

const struct cdma_site *native_function(const void *pc)
{
	const struct native_library *l = native_library_at(pc);

	return l ? by_symbol(l, pc) : NULL;
}

#endif
