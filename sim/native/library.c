/* SPDX-License-Identifier: MIT */
#include "native/library.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cdma/site.h>

#include "base/image.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "native/arena.h"
#include "native/labels.h"
#include "native/needs.h"
#include "native/self.h"
#include "native/shared.h"
#include "native/switch.h"

/* A row of bytes that a run may change. */
struct data {
	unsigned char *at;
	size_t size;
	unsigned char *first; /* owned; what is there when it is loaded */
};

struct native_library {
	struct native_library *next;
	char *path; /* owned; as it was named first */
	dev_t dev;
	ino_t ino;
	void *handle;
	uintptr_t base, end;
	uint64_t hash;
	bool is_compiled; /* by the compiler pass */
	CDMA_VEC(struct data) data;
	/* Of the program itself: what among them is not the author's. */
	struct native_hole holes[NATIVE_HOLES_MAX];
	size_t nr_holes;
};

static struct native_library *libraries;

/* ---- the file ---- */

struct file {
	const unsigned char *at;
	size_t size;
};

static int file_open(const char *path, struct stat *st, struct file *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	void *at;

	if (fd < 0)
		return -errno;
	if (fstat(fd, st))
		err = -errno;
	else if (!S_ISREG(st->st_mode) || !st->st_size)
		err = -EINVAL;
	at = err ? MAP_FAILED
		 : mmap(NULL, (size_t)st->st_size, PROT_READ, MAP_PRIVATE, fd,
			0);
	if (!err && at == MAP_FAILED)
		err = -errno;
	close(fd);
	*out = (struct file){at, err ? 0 : (size_t)st->st_size};
	return err;
}

static uint64_t hash_of(const struct file *file)
{
	uint64_t h = file->size, word;
	size_t i = 0;

	for (; i + sizeof(word) <= file->size; i += sizeof(word)) {
		memcpy(&word, file->at + i, sizeof(word));
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	for (; i < file->size; i++)
		h = (h ^ file->at[i]) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

/* ---- what it needs ---- */

/* @nr entries of @size bytes at @offset of the file, or NULL. */
static const void *part(const struct file *file, uint64_t offset, uint64_t nr,
			size_t size)
{
	if (offset > file->size || nr > (file->size - offset) / size ||
	    offset % 8)
		return NULL;
	return file->at + offset;
}

static const ElfW(Shdr) * sections(const struct file *file, size_t *nr)
{
	const ElfW(Ehdr) *head = part(file, 0, 1, sizeof(*head));

	*nr = 0;
	if (!head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
	    head->e_type != ET_DYN)
		return NULL;
	*nr = head->e_shnum;
	return part(file, head->e_shoff, *nr, sizeof(ElfW(Shdr)));
}

/* Refuse what @symbols, a table of the file, name and is not fine. */
static bool check_symbols(const struct file *file, const ElfW(Shdr) * symbols,
			  const ElfW(Shdr) * names, bool *compiled,
			  struct cdma_text *why)
{
	size_t nr = symbols->sh_size / sizeof(ElfW(Sym));
	const ElfW(Sym) *at =
		part(file, symbols->sh_offset, nr, sizeof(ElfW(Sym)));
	const char *text = (const char *)file->at + names->sh_offset;

	if (!at || names->sh_offset > file->size ||
	    names->sh_size > file->size - names->sh_offset || !names->sh_size ||
	    text[names->sh_size - 1]) {
		cdma_text_add(why, "it is damaged");
		return false;
	}
	for (size_t i = 1; i < nr; i++) {
		if (ELF64_ST_TYPE(at[i].st_info) == STT_TLS) {
			cdma_text_add(why, "it has variables of a thread");
			return false;
		}
		if (at[i].st_shndx != SHN_UNDEF ||
		    ELF64_ST_BIND(at[i].st_info) == STB_WEAK ||
		    at[i].st_name >= names->sh_size)
			continue;
		if (!native_need_is_fine(text + at[i].st_name, why))
			return false;
		*compiled |= !strcmp(text + at[i].st_name, "__cdma_calls");
	}
	return true;
}

static bool check(const struct file *file, bool *compiled,
		  struct cdma_text *why)
{
	const ElfW(Shdr) * s;
	bool any = false;
	size_t nr;

	s = sections(file, &nr);
	for (size_t i = 0; s && i < nr; i++) {
		if (s[i].sh_type != SHT_DYNSYM || s[i].sh_link >= nr)
			continue;
		any = true;
		if (!check_symbols(file, &s[i], &s[s[i].sh_link], compiled,
				   why))
			return false;
	}
	if (!any)
		cdma_text_add(why, "it is no shared object; link it with "
				   "-shared -fPIC");
	return any;
}

/* ---- its variables ---- */

static void add_row(struct native_library *l, uintptr_t from, uintptr_t to)
{
	struct data data = {(unsigned char *)from, to - from, NULL};

	if (from >= to)
		return;
	data.first = cdma_xcalloc(data.size, 1);
	cdma_copy_guarded(data.first, data.at, data.size);
	if (l->is_compiled)
		native_cells_add(data.at, data.size);
	*cdma_vec_push(&l->data) = data;
}

static void add_data(struct native_library *l, uintptr_t from, uintptr_t to)
{
	for (size_t i = 0; i < l->nr_holes; i++) {
		const struct native_hole *hole = &l->holes[i];

		if (hole->end <= from || hole->at >= to)
			continue;
		add_row(l, from, hole->at);
		from = hole->end;
	}
	add_row(l, from, to);
}

static int find_data(struct dl_phdr_info *info, size_t size, void *aux)
{
	struct native_library *l = aux;
	uintptr_t fixed = 0, fixed_end = 0;

	(void)size;
	if (info->dlpi_addr != l->base)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t at = l->base + p->p_vaddr;

		if (p->p_type == PT_LOAD && at + p->p_memsz > l->end)
			l->end = at + p->p_memsz;
		/* Whole pages of it cannot be written any more. */
		if (p->p_type == PT_GNU_RELRO) {
			fixed = at;
			fixed_end = (at + p->p_memsz) & ~(uintptr_t)4095;
		}
	}
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t at = l->base + p->p_vaddr, end = at + p->p_memsz;

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_W))
			continue;
		if (fixed >= at && fixed_end <= end) {
			add_data(l, at, fixed);
			at = fixed_end;
		}
		add_data(l, at, end);
	}
	return 1;
}

/* ---- loading ---- */

static struct native_library *known(const struct stat *st)
{
	struct native_library *l = libraries;

	while (l && (l->dev != st->st_dev || l->ino != st->st_ino))
		l = l->next;
	return l;
}

/* A name without a slash is looked for elsewhere. */
static char *explicit(const char *path)
{
	struct cdma_text text = {0};

	if (!strchr(path, '/'))
		cdma_text_add(&text, "./");
	cdma_text_add(&text, path);
	return text.at;
}

static struct native_library *load(const char *path, const struct stat *st,
				   const struct file *file, bool compiled,
				   struct cdma_text *why)
{
	struct native_library *l = cdma_xcalloc(1, sizeof(*l));
	struct link_map *map;

	*l = (struct native_library){
		.path = explicit(path),
		.dev = st->st_dev,
		.ino = st->st_ino,
		.hash = hash_of(file),
		.is_compiled = compiled,
	};
	/* All is bound at once, so that its tables stay as they are. */
	l->handle = dlopen(l->path, RTLD_NOW | RTLD_LOCAL);
	if (!l->handle || dlinfo(l->handle, RTLD_DI_LINKMAP, &map)) {
		cdma_text_add(why, dlerror());
		free(l->path);
		free(l);
		return NULL;
	}
	l->base = map->l_addr;
	dl_iterate_phdr(find_data, l);
	l->next = libraries;
	libraries = l;
	return l;
}

struct native_library *native_library_load(const char *path,
					   struct cdma_text *why)
{
	struct native_library *l = NULL;
	struct file file = {0};
	struct stat st;
	bool compiled = false;
	int err = file_open(path, &st, &file);

	if (!NATIVE_IS_POSSIBLE)
		err = -ENOSYS;
	if (!err)
		err = native_arena_open();
	if (err)
		cdma_text_add(why, strerror(-err));
	else
		l = known(&st);
	if (!err && !l && check(&file, &compiled, why))
		l = load(path, &st, &file, compiled, why);
	if (file.size)
		munmap((void *)file.at, file.size);
	return l;
}

/* ---- the program itself ---- */

static const char self_path[] = "/proc/self/exe";

static struct native_library *load_self(const struct file *file,
					struct cdma_text *why)
{
	struct native_library *l = cdma_xcalloc(1, sizeof(*l));
	struct link_map *map;

	l->path = realpath(self_path, NULL);
	l->hash = hash_of(file);
	l->handle = dlopen(NULL, RTLD_NOW);
	if (!l->path || !l->handle ||
	    dlinfo(l->handle, RTLD_DI_LINKMAP, &map)) {
		cdma_text_add(why, "the program cannot be found in memory");
	} else {
		l->base = map->l_addr;
		l->nr_holes = native_self_holes(map, l->holes, why);
	}
	if (!l->nr_holes) {
		free(l->path);
		free(l);
		return NULL;
	}
	dl_iterate_phdr(find_data, l);
	l->next = libraries;
	libraries = l;
	return l;
}

struct native_library *native_library_self(struct cdma_text *why)
{
	static struct native_library *self;
	struct file file = {0};
	struct stat st;
	int err = 0;

	if (self)
		return self;
	err = NATIVE_IS_POSSIBLE ? file_open(self_path, &st, &file) : -ENOSYS;
	if (!err)
		err = native_arena_open();
	if (err)
		cdma_text_add(why, strerror(-err));
	else
		self = load_self(&file, why);
	if (file.size)
		munmap((void *)file.at, file.size);
	return self;
}

void native_library_note(struct native_library *l)
{
	for (size_t i = 0; i < l->data.nr; i++)
		cdma_copy_guarded(l->data.at[i].first, l->data.at[i].at,
				  l->data.at[i].size);
}

void *native_library_find(const struct native_library *l, const char *name)
{
	void *fn = dlsym(l->handle, name);

	/* What an actor does that the driver's functions are bound to. */
	if (!fn && !strcmp(name, "cdma_driver_run"))
		fn = dlsym(RTLD_DEFAULT, name);
	return fn;
}

uint64_t native_library_hash(const struct native_library *l)
{
	return l->hash;
}

const struct native_library *native_library_of(uint64_t hash)
{
	const struct native_library *l = libraries;

	while (l && l->hash != hash)
		l = l->next;
	return l;
}

const struct cdma_site *native_library_site(const struct native_library *l,
					    uintptr_t offset)
{
	if (offset > l->end - l->base - sizeof(struct cdma_site) ||
	    offset % _Alignof(struct cdma_site))
		return NULL;
	return (const struct cdma_site *)(l->base + offset);
}

const char *native_library_path(const struct native_library *l)
{
	return l->path;
}

uintptr_t native_library_base(const struct native_library *l)
{
	return l->base;
}

const struct native_library *native_library_at(const void *pc)
{
	const struct native_library *l = libraries;

	while (l && ((uintptr_t)pc < l->base || (uintptr_t)pc >= l->end))
		l = l->next;
	return l;
}

static void reset(const struct native_library *l)
{
	for (size_t i = 0; i < l->data.nr; i++) {
		const struct data *data = &l->data.at[i];

		cdma_copy_guarded(data->at, data->first, data->size);
		if (l->is_compiled)
			native_shared_add(data->at, data->size, "data");
	}
}

void native_libraries_reset(void)
{
	for (const struct native_library *l = libraries; l; l = l->next)
		reset(l);
}

void native_libraries_mark(struct cdma_image *image)
{
	for (const struct native_library *l = libraries; l; l = l->next)
		for (size_t i = 0; i < l->data.nr; i++)
			cdma_image_add_guarded(image, l->data.at[i].at,
					       l->data.at[i].size);
}
