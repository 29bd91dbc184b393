/* SPDX-License-Identifier: MIT */
#include "build/kernel.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/xalloc.h"
#include "build/cache.h"
#include "build/making.h"

/* The clang that the pass was built for, unless DRIVER_CC says another. */
#ifndef DRIVER_CC
#define DRIVER_CC "clang-14"
#endif

static const char *compiler(void)
{
	const char *cc = getenv("DRIVER_CC");

	return cc && *cc ? cc : DRIVER_CC;
}

static bool has(const struct cdma_text *dir, const char *name)
{
	struct cdma_text path = {0};
	bool is_there;

	cdma_text_addf(&path, "%s/%s", cdma_text_str(dir), name);
	is_there = !access(path.at, R_OK);
	cdma_text_fini(&path);
	return is_there;
}

/* ---- the tree ---- */

static bool read_line(const char *path, struct cdma_text *out)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	bool ok = file && getline(&line, &room, file) > 0;

	if (ok)
		cdma_text_addn(out, line, strcspn(line, "\n"));
	free(line);
	if (file)
		fclose(file);
	return ok;
}

static void last_path(const struct cdma_text *cache, struct cdma_text *out)
{
	cdma_text_addf(out, "%s/kernel/last", cdma_text_str(cache));
}

bool kernel_tree(const char *given, const struct cdma_text *cache,
		 struct cdma_text *out, struct cdma_text *why)
{
	struct cdma_text last = {0}, name = {0};
	char *real;

	last_path(cache, &last);
	if (given)
		cdma_text_add(&name, given);
	else if (!read_line(last.at, &name))
		cdma_text_add(why, "which kernel is it of? --kernel=TREE says "
				   "where its sources are; Debian has some in "
				   "linux-source");
	cdma_text_fini(&last);
	real = name.len ? realpath(name.at, NULL) : NULL;
	if (real)
		cdma_text_add(out, real);
	if (name.len && (!real || !has(out, "arch/um/Makefile") ||
			 !has(out, "include/linux/dma-mapping.h"))) {
		cdma_text_addf(why, "'%s' is no tree of Linux sources",
			       name.at);
		cdma_text_cut(out, 0);
	}
	free(real);
	cdma_text_fini(&name);
	return out->len;
}

/* ---- what has to be there ---- */

static bool find_plugin(struct cdma_text *out)
{
	static const char *const places[] = {
		"native/pass/cdmapass.so",
		"../lib/cdmasim/cdmapass.so",
		"../lib/*/cdmasim/cdmapass.so",
		"../lib64/cdmasim/cdmapass.so",
	};
	struct cdma_text dir = {0}, path = {0};
	glob_t found;

	if (!tool_program_dir(&dir))
		return false;
	for (size_t i = 0; !out->len && i < ARRAY_SIZE(places); i++) {
		cdma_text_cut(&path, 0);
		cdma_text_addf(&path, "%s/%s", dir.at, places[i]);
		if (glob(path.at, 0, NULL, &found))
			continue;
		cdma_text_add(out, found.gl_pathv[0]);
		globfree(&found);
	}
	cdma_text_fini(&dir);
	cdma_text_fini(&path);
	return out->len;
}

static bool find_tools(struct making *m, struct kernel *k)
{
	static const char *const tools[] = {"make", "flex", "bison", "bc",
					    "gcc",  "ld",   "nm",    "objcopy"};

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (!tool_is_there(tools[i])) {
			cdma_text_addf(m->why,
				       "there is no '%s'; a kernel is prepared "
				       "with make, gcc, binutils, flex, bison "
				       "and bc",
				       tools[i]);
			return false;
		}
	if (!tool_is_there(compiler())) {
		cdma_text_addf(m->why,
			       "there is no '%s', which compiles drivers: "
			       "install it (Debian: clang-14), or say another "
			       "in DRIVER_CC",
			       compiler());
		return false;
	}
	if (!tool_native_dir(&k->native)) {
		cdma_text_add(m->why, "the services of the kernel, native/, "
				      "are not where they were installed");
		return false;
	}
	if (!find_plugin(&k->plugin)) {
		cdma_text_add(m->why, "the compiler pass was not built: it "
				      "takes the headers of LLVM (Debian: "
				      "llvm-14-dev), when cdmasim is built");
		return false;
	}
	return true;
}

/* ---- preparing ---- */

static void say(struct making *m, const char *fmt, const char *what)
{
	struct cdma_text text = {0};

	if (m->options->say) {
		cdma_text_addf(&text, "%s%s", fmt, what);
		m->options->say(text.at);
	}
	cdma_text_fini(&text);
}

/* The last lines of a log, for who cannot look. */
static void add_tail(struct cdma_text *out, const char *log)
{
	FILE *file = fopen(log, "re");
	char line[512], kept[4][512] = {{0}};
	size_t nr = 0;

	while (file && fgets(line, sizeof(line), file))
		if (line[0] != '\n')
			snprintf(kept[nr++ % 4], sizeof(kept[0]), "%s", line);
	if (file)
		fclose(file);
	for (size_t i = nr > 4 ? nr - 4 : 0; i < nr; i++)
		cdma_text_addf(out, "\n    %.*s",
			       (int)strcspn(kept[i % 4], "\n"), kept[i % 4]);
}

static bool run_logged(struct making *m, const struct args *args,
		       const char *log)
{
	int err = tool_run(args, NULL, log);

	if (!err)
		return true;
	cdma_text_addf(m->why, "'%s' cannot be prepared; %s ends with",
		       m->tree.at, log);
	add_tail(m->why, log);
	if (has(&m->tree, ".config"))
		cdma_text_add(m->why, "\nIt has been built in. Another "
				      "directory can be prepared of a clean "
				      "one alone: `make mrproper', or `git "
				      "worktree add' beside it");
	return false;
}

static bool make_in(struct making *m, const struct kernel *k,
		    const char *targets, const char *log)
{
	struct args args = {0};
	bool ok;

	args_add_words(&args, "make -s -C");
	args_add(&args, k->tree.at);
	args_add(&args, "ARCH=um");
	args_addf(&args, "O=%s", k->dir.at);
	args_addf(&args, "CC=%s", compiler());
	args_addf(&args, "-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
	args_add_words(&args, targets);
	ok = run_logged(m, &args, log);
	args_fini(&args);
	return ok;
}

/* What drivers need that a UML has not as a rule: a bus of PCI, locks that are
 * calls, and checks of mappings that are calls. */
static bool configure(struct making *m, const struct kernel *k, const char *log)
{
	struct args args = {0};
	bool ok;

	args_addf(&args, "%s/scripts/config", k->tree.at);
	args_add(&args, "--file");
	args_addf(&args, "%s/.config", k->dir.at);
	args_add_words(&args, "-e MODULES -e VIRTIO_UML "
			      "-e UML_PCI_OVER_VIRTIO "
			      "--set-val UML_PCI_OVER_VIRTIO_DEVICE_ID 1234 "
			      "-e DEBUG_SPINLOCK -e DMA_API_DEBUG");
	ok = run_logged(m, &args, log);
	args_fini(&args);
	return ok;
}

/* Our headers of libcdma, without those beside them. */
static bool link_headers(struct making *m, const struct kernel *k)
{
	struct cdma_text include = {0}, dir = {0};
	bool ok = tool_include_dir(&include);

	cdma_text_addf(&dir, "%s/cdmasim/include", k->dir.at);
	ok = ok && !cache_make_dir(dir.at);
	cdma_text_add(&dir, "/cdma");
	cdma_text_add(&include, "/cdma");
	if (ok) {
		unlink(dir.at);
		ok = !symlink(include.at, dir.at);
	}
	if (!ok)
		making_failed(m, dir.at, errno ? -errno : -ENOENT);
	cdma_text_fini(&include);
	cdma_text_fini(&dir);
	return ok;
}

static bool prepare(struct making *m, const struct kernel *k)
{
	struct cdma_text log = {0}, mark = {0}, text = {0};
	bool ok;

	cdma_text_addf(&log, "%s/cdmasim.log", k->dir.at);
	cdma_text_addf(&mark, "%s/cdmasim.prepared", k->dir.at);
	ok = !access(mark.at, R_OK);
	if (!ok) {
		unlink(log.at);
		say(m, "preparing the kernel, once; it takes a minute; log: ",
		    log.at);
		ok = make_in(m, k, "defconfig", log.at) &&
		     configure(m, k, log.at) &&
		     make_in(m, k, "olddefconfig", log.at) &&
		     make_in(m, k, "prepare modules_prepare lib/crc32.o",
			     log.at) &&
		     !making_write(mark.at, &text);
	}
	cdma_text_fini(&log);
	cdma_text_fini(&mark);
	return ok && link_headers(m, k);
}

bool kernel_prepare(struct making *m, struct kernel *k)
{
	struct cdma_text last = {0}, line = {0};
	uint64_t hash;
	bool ok;
	int lock, err;

	*k = (struct kernel){0};
	if (!find_tools(m, k))
		return false;
	cdma_text_add(&k->tree, m->tree.at);
	hash = recipe_hash(recipe_hash(1, m->tree.at, m->tree.len), compiler(),
			   strlen(compiler()));
	cdma_text_addf(&k->dir, "%s/kernel/%016" PRIx64, m->cache.at, hash);
	err = cache_make_dir(k->dir.at);
	if (err) {
		making_failed(m, k->dir.at, err);
		return false;
	}
	lock = cache_lock(k->dir.at);
	ok = prepare(m, k);
	cache_unlock(lock);
	ok = ok && kernel_read_flags(m, k, compiler());
	last_path(&m->cache, &last);
	cdma_text_addf(&line, "%s\n", m->tree.at);
	if (ok)
		making_write(last.at, &line);
	cdma_text_fini(&last);
	cdma_text_fini(&line);
	return ok;
}

void kernel_fini(struct kernel *k)
{
	cdma_text_fini(&k->tree);
	cdma_text_fini(&k->dir);
	cdma_text_fini(&k->native);
	cdma_text_fini(&k->plugin);
	args_fini(&k->flags);
}
