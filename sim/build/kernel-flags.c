/* SPDX-License-Identifier: MIT */
#include "build/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "build/making.h"

/*
 * The flags that kbuild would compile with, but for those that are not for a
 * shared object.
 */

static bool begins(const char *word, const char *with)
{
	return !strncmp(word, with, strlen(with));
}

/* What of kbuild's flags is not for us: of a program at a fixed place, of its
 * bookkeeping, and names that keep UML's libc apart. */
static bool is_dropped(const char *word)
{
	static const char *const dropped[] = {
		"-Wp,",
		"-mcmodel=",
		"-fno-PI",
		"-fno-pi",
		"-O",
		"-DKBUILD_",
		"-D__KBUILD_",
		"-Wframe-larger",
		"-Werror=date-time",
		"-fmacro-prefix",
		"-pg",
		"-fsanitize",
		"-fpatchable",
		"-g",
	};

	for (size_t i = 0; i < ARRAY_SIZE(dropped); i++)
		if (begins(word, dropped[i]))
			return true;
	return begins(word, "-D") && strstr(word, "=kernel_");
}

/* Of "cmd_lib/crc32.o := clang ... -c -o ...". */
static void take_flags(struct kernel *k, const char *line)
{
	struct args words = {0};
	bool first = true;

	args_add_words(&words, line);
	for (size_t i = 1; i < words.list.nr; i++) {
		const char *word = words.list.at[i];

		if (!strcmp(word, "-c"))
			break;
		if (!strcmp(word, "-I")) {
			i++;
			continue;
		}
		if (is_dropped(word))
			continue;
		if (first && begins(word, "-I")) {
			args_addf(&k->flags, "-I%s/include", k->native.at);
			args_addf(&k->flags, "-I%s/cdmasim/include", k->dir.at);
			first = false;
		}
		args_add(&k->flags, word);
	}
	args_fini(&words);
}

bool kernel_read_flags(struct making *m, struct kernel *k, const char *cc)
{
	struct cdma_text path = {0};
	char *line = NULL;
	size_t room = 0;
	FILE *file;
	bool found = false;

	args_add_words(&k->flags, cc);
	cdma_text_addf(&path, "%s/lib/.crc32.o.cmd", k->dir.at);
	file = fopen(path.at, "re");
	while (file && !found && getline(&line, &room, file) > 0) {
		const char *is = strstr(line, "lib/crc32.o := ");

		found = is &&
			(begins(line, "cmd_") || begins(line, "savedcmd_"));
		if (found)
			take_flags(k, is + strlen("lib/crc32.o := "));
	}
	free(line);
	if (file)
		fclose(file);
	if (!found)
		cdma_text_addf(m->why, "kbuild did not say its flags in %s",
			       path.at);
	cdma_text_fini(&path);
	args_add_words(&k->flags, "-O1 -g -fPIC -DMODULE");
	args_addf(&k->flags, "-ffile-prefix-map=%s/=", k->tree.at);
	args_addf(&k->flags, "-ffile-prefix-map=%s/=", k->native.at);
	args_addf(&k->flags, "-fpass-plugin=%s", k->plugin.at);
	return found;
}

/* ---- flags of one unit ---- */

/* "$(srctree)" and "$(src)" in a flag; false: something else is in it. */
static bool expand(const struct kernel *k, const char *dir, const char *word,
		   struct cdma_text *out)
{
	for (; *word; word++) {
		if (begins(word, "$(srctree)")) {
			cdma_text_add(out, k->tree.at);
			word += strlen("$(srctree)") - 1;
		} else if (begins(word, "$(src)")) {
			cdma_text_addf(out, "%s/%s", k->tree.at, dir);
			word += strlen("$(src)") - 1;
		} else if (begins(word, "$(obj)")) {
			cdma_text_add(out, dir);
			word += strlen("$(obj)") - 1;
		} else if (*word == '$') {
			return false;
		} else {
			cdma_text_addc(out, *word);
		}
	}
	return true;
}

static void add_makefile(const struct kernel *k, const char *dir,
			 struct args *out)
{
	struct cdma_text path = {0}, flag = {0};
	char *line = NULL;
	size_t room = 0;
	FILE *file;

	cdma_text_addf(&path, "%s/%s/Makefile", k->tree.at, dir);
	file = fopen(path.at, "re");
	while (file && getline(&line, &room, file) > 0) {
		const char *is = strchr(line, '=');
		struct args words = {0};

		if (is && (begins(line, "ccflags-y") ||
			   begins(line, "subdir-ccflags-y")))
			args_add_words(&words, is + 1);
		for (size_t i = 0; i < words.list.nr; i++) {
			cdma_text_cut(&flag, 0);
			if (expand(k, dir, words.list.at[i], &flag))
				args_add(out, flag.at);
		}
		args_fini(&words);
	}
	free(line);
	if (file)
		fclose(file);
	cdma_text_fini(&path);
	cdma_text_fini(&flag);
}

/* "8139cp" for "drivers/net/ethernet/realtek/8139cp.c". */
static void module_name(const char *path, struct cdma_text *out)
{
	const char *base = path_base(path);
	size_t len = strcspn(base, ".");

	for (size_t i = 0; i < len; i++)
		cdma_text_addc(out, base[i] == '-' ? '_' : base[i]);
}

void kernel_unit_flags(const struct kernel *k, const char *path,
		       const char *name, struct args *out)
{
	struct cdma_text dir = {0}, module = {0};
	size_t tree = k->tree.len;

	for (size_t i = 0; i < k->flags.list.nr; i++)
		args_add(out, k->flags.list.at[i]);
	path_dir(path, &dir);
	args_addf(out, "-I%s", dir.at);
	if (begins(dir.at, k->tree.at) && dir.at[tree] == '/') {
		args_addf(out, "-I%s", dir.at + tree + 1);
		add_makefile(k, dir.at + tree + 1, out);
	} else {
		args_addf(out, "-ffile-prefix-map=%s/=", dir.at);
	}
	module_name(name, &module);
	args_addf(out, "-DKBUILD_BASENAME=\"%s\"", module.at);
	args_addf(out, "-DKBUILD_MODNAME=\"%s\"", module.at);
	args_addf(out, "-DKBUILD_MODFILE=\"%s\"", module.at);
	args_addf(out, "-D__KBUILD_MODNAME=kmod_%s", module.at);
	cdma_text_fini(&dir);
	cdma_text_fini(&module);
}
