/* SPDX-License-Identifier: MIT */
#include "build/making.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "build/cache.h"
#include "build/kernel.h"
#include "build/patch.h"

/*
 * A driver of a kernel: its file, with the compiler pass, and what of our
 * services and of the kernel's own lib/ it needs.  What nobody has is a
 * function that says its name.
 */

/* ---- the services, once for a tree ---- */

struct services {
	struct cdma_text dir, archive;
	struct args files; /* paths */
	struct made made;
};

/* Ours are all there are in native/kernel/; what of the tree, "files" there
 * says. */
static void list_services(const struct kernel *k, struct services *s)
{
	struct cdma_text path = {0};
	char *line = NULL;
	size_t room = 0;
	glob_t found;
	FILE *file;

	cdma_text_addf(&path, "%s/kernel/*.c", k->native.at);
	if (!glob(path.at, 0, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			args_add(&s->files, found.gl_pathv[i]);
		globfree(&found);
	}
	cdma_text_cut(&path, 0);
	cdma_text_addf(&path, "%s/kernel/files", k->native.at);
	file = fopen(path.at, "re");
	while (file && getline(&line, &room, file) > 0) {
		line[strcspn(line, " \t\n")] = 0;
		cdma_text_cut(&path, 0);
		cdma_text_addf(&path, "%s/%s", k->tree.at, line);
		if (*line && *line != '#' && !access(path.at, R_OK))
			args_add(&s->files, path.at);
	}
	free(line);
	if (file)
		fclose(file);
	cdma_text_fini(&path);
}

/* The command says all that is not in the files. */
static void services_command(const struct kernel *k, const struct services *s,
			     struct cdma_text *out)
{
	args_text(&k->flags, out);
	cdma_text_addc(out, ' ');
	args_text(&s->files, out);
}

static bool services_are_fresh(const struct services *s, const char *command)
{
	struct cdma_text path = {0};
	struct made made;
	bool fresh;

	cdma_text_addf(&path, "%s/made", s->dir.at);
	fresh = !made_read(path.at, &made);
	cdma_text_fini(&path);
	if (!fresh)
		return false;
	fresh = !strcmp(made.command, command) && made_is_there(&made) &&
		!made_is_old(&made);
	made_fini(&made);
	return fresh;
}

static enum build_result compile_services(struct making *m,
					  const struct kernel *k,
					  struct services *s,
					  struct args *archive)
{
	enum build_result result = BUILD_DONE;
	struct cdma_text text = {0};

	if (m->options->say) {
		cdma_text_addf(&text,
			       "compiling %zu services of the kernel, once",
			       s->files.list.nr);
		m->options->say(text.at);
	}
	for (size_t i = 0; result == BUILD_DONE && i < s->files.list.nr; i++) {
		struct args flags = {0};
		const char *path = s->files.list.at[i];

		kernel_unit_flags(k, path, path, &flags);
		args_add(&flags, "-w");
		args_addf(archive, "%s/%zu.o", s->dir.at, i);
		result = making_compile(m, &flags, path,
					archive->list.at[archive->list.nr - 1],
					k->dir.at, &s->made);
		args_fini(&flags);
	}
	/* What is wrong here is not the scenario's fault. */
	if (result == BUILD_WRONG) {
		cdma_text_add(m->why, "the services do not fit this kernel");
		result = BUILD_FAILED;
	}
	cdma_text_fini(&text);
	return result;
}

static enum build_result make_archive(struct making *m, const struct kernel *k,
				      struct services *s, const char *command)
{
	struct args args = {0};
	struct cdma_text path = {0};
	enum build_result result;
	int err;

	unlink(s->archive.at);
	args_add_words(&args, "ar rcs");
	args_add(&args, s->archive.at);
	result = compile_services(m, k, s, &args);
	if (result == BUILD_DONE)
		result = making_run(m, &args, NULL);
	for (size_t i = 3; i < args.list.nr; i++)
		unlink(args.list.at[i]);
	cdma_text_addf(&path, "%s/made", s->dir.at);
	s->made.command = cdma_xstrdup(command);
	err = made_add(&s->made, k->plugin.at);
	if (result == BUILD_DONE && !err)
		err = made_take_object(&s->made, s->archive.at);
	if (result == BUILD_DONE && !err)
		err = made_write(path.at, &s->made);
	if (result == BUILD_DONE && err)
		result = making_failed(m, path.at, err);
	args_fini(&args);
	cdma_text_fini(&path);
	return result;
}

static enum build_result make_services(struct making *m, const struct kernel *k,
				       struct cdma_text *archive)
{
	struct services s = {0};
	struct cdma_text command = {0};
	enum build_result result = BUILD_DONE;
	int err, lock;

	cdma_text_addf(&s.dir, "%s/cdmasim/services", k->dir.at);
	cdma_text_addf(&s.archive, "%s/services.a", s.dir.at);
	list_services(k, &s);
	services_command(k, &s, &command);
	err = cache_make_dir(s.dir.at);
	lock = err ? err : cache_lock(s.dir.at);
	if (lock < 0)
		result = making_failed(m, s.dir.at, lock);
	else if (!services_are_fresh(&s, command.at))
		result = make_archive(m, k, &s, command.at);
	cache_unlock(lock);
	cdma_text_add(archive, s.archive.at);
	args_fini(&s.files);
	made_fini(&s.made);
	cdma_text_fini(&s.dir);
	cdma_text_fini(&s.archive);
	cdma_text_fini(&command);
	return result;
}

/* ---- what the scenario says of the board ---- */

static enum build_result make_board(struct making *m, const struct kernel *k,
				    struct args *objects)
{
	const struct native_object *o = m->recipe->object;
	const struct native_pci *pci = &o->pci;
	struct cdma_text text = {0}, path = {0};
	struct args args = {0};
	enum build_result result;
	int err;

	cdma_text_addf(&text,
		       "#include <cdma-native.h>\n"
		       "const struct cdma_native_pci cdma_native_pci = {\n"
		       "\t.vendor = %u, .device = %u, .revision = %u,\n",
		       pci->vendor, pci->id, pci->rev);
	if (pci->device)
		cdma_text_addf(&text, "\t.model = \"%s\",\n",
			       pci->device->name);
	if (pci->irq)
		cdma_text_addf(&text, "\t.irq = \"%s.%s\",\n",
			       pci->irq->device->name, pci->irq->name);
	cdma_text_addf(&text, "};\nconst int cdma_nr_native_pci = %d;\n",
		       o->has_pci);
	cdma_text_addf(&path, "%s/board.c", m->dir.at);
	err = making_write(path.at, &text);
	args_add(&args, k->flags.list.at[0]);
	args_add_words(&args, "-O1 -fPIC");
	args_addf(&args, "-I%s/include", k->native.at);
	args_addf(objects, "%s/board.o", m->dir.at);
	result = err ? making_failed(m, path.at, err)
		     : making_compile(m, &args, path.at,
				      objects->list.at[objects->list.nr - 1],
				      m->dir.at, &m->made);
	args_fini(&args);
	cdma_text_fini(&text);
	cdma_text_fini(&path);
	return result;
}

/* ---- the driver's units ---- */

/* Functions that are called from the scenario are kept, static ones, too. */
static void add_keeps(const struct making *m, const struct c_sources *c,
		      struct cdma_text *out)
{
	for (size_t i = 0; i < m->recipe->wanted.nr; i++) {
		const char *name = m->recipe->wanted.at[i];
		bool here = false;

		for (size_t n = 0; n < c->list.nr; n++)
			here |= c->list.at[n].role != SOURCE_BESIDE &&
				patch_has_function(&c->list.at[n], name);
		if (here)
			cdma_text_addf(out,
				       "static void *const cdma_keep_%s "
				       "__attribute__((used)) = "
				       "(void *)%s;\n",
				       name, name);
	}
}

static enum build_result compile(struct making *m, const struct kernel *k,
				 const struct c_sources *c,
				 const struct c_source *s, const char *object)
{
	struct args flags = {0};
	struct cdma_text unit = {0}, keeps = {0};
	enum build_result result;
	bool is_main = s->role == SOURCE_MAIN;
	int err;

	if (is_main)
		add_keeps(m, c, &keeps);
	kernel_unit_flags(k, s->path, s->name, &flags);
	for (size_t i = 0; i < m->defines.list.nr; i++)
		args_add(&flags, m->defines.list.at[i]);
	err = making_unit(m, c, s, is_main ? cdma_text_str(&keeps) : NULL,
			  &unit);
	result = err ? making_failed(m, s->path, err)
		     : making_compile(m, &flags, unit.at, object, k->dir.at,
				      &m->made);
	if (is_main) {
		struct cdma_text command = {0};

		args_text(&flags, &command);
		m->made.command = cdma_xstrdup(command.at);
		cdma_text_fini(&command);
	}
	args_fini(&flags);
	cdma_text_fini(&unit);
	cdma_text_fini(&keeps);
	return result;
}

/* ---- putting them together ---- */

/* So that they are found from outside, static ones, too. */
static enum build_result globalize(struct making *m, const char *object)
{
	struct args args = {0};
	enum build_result result;

	args_add(&args, "objcopy");
	for (size_t i = 0; i < m->recipe->wanted.nr; i++)
		args_addf(&args, "--globalize-symbol=%s",
			  m->recipe->wanted.at[i]);
	args_add(&args, object);
	result = making_run(m, &args, NULL);
	args_fini(&args);
	return result;
}

/* Whether cdmasim has it. */
static bool is_ours(const char *name)
{
	static const char *const ours[] = {"snprintf", "vsnprintf", "sprintf",
					   "vsprintf", "_GLOBAL_OFFSET_TABLE_"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (!strcmp(name, ours[i]))
			return true;
	return !strncmp(name, "cdma_", 5) || !strncmp(name, "__cdma_", 7);
}

/* What @all needs and nobody has: functions that say so. */
static enum build_result make_stubs(struct making *m, const struct kernel *k,
				    const char *all, const char *object)
{
	struct cdma_text names = {0}, text = {0}, path = {0};
	struct args ask = {0}, args = {0}, words = {0};
	enum build_result result = BUILD_DONE;
	int err;

	args_add_words(&ask, "nm -u");
	args_add(&ask, all);
	err = tool_ask(&ask, &names);
	cdma_text_add(&text, "_Noreturn void cdma_driver_missing(const char "
			     "*);\n");
	args_add_words(&words, cdma_text_str(&names));
	for (size_t i = 0; i + 1 < words.list.nr; i += 2) {
		const char *name = words.list.at[i + 1];

		if (!strcmp(words.list.at[i], "U") && !is_ours(name))
			cdma_text_addf(&text,
				       "void %s(void)\n{\n\t"
				       "cdma_driver_missing(\"%s\");\n}\n",
				       name, name);
	}
	cdma_text_addf(&path, "%s/missing.c", m->dir.at);
	err = err ? err : making_write(path.at, &text);
	args_add(&args, k->flags.list.at[0]);
	args_add_words(&args, "-O1 -fPIC -w -fno-builtin -c -o");
	args_add(&args, object);
	args_add(&args, path.at);
	result = err ? making_failed(m, path.at, err)
		     : making_run(m, &args, NULL);
	args_fini(&ask);
	args_fini(&args);
	args_fini(&words);
	cdma_text_fini(&names);
	cdma_text_fini(&text);
	cdma_text_fini(&path);
	return result;
}

static enum build_result link_relocatable(struct making *m,
					  const struct args *objects,
					  const char *archive, const char *all)
{
	struct args args = {0};
	enum build_result result;

	args_add_words(&args, "ld -r -o");
	args_add(&args, all);
	for (size_t i = 0; i < m->recipe->wanted.nr; i++) {
		args_add(&args, "-u");
		args_add(&args, m->recipe->wanted.at[i]);
	}
	for (size_t i = 0; i < objects->list.nr; i++)
		args_add(&args, objects->list.at[i]);
	args_add(&args, "--start-group");
	args_add(&args, archive);
	args_add(&args, "--end-group");
	result = making_run(m, &args, NULL);
	args_fini(&args);
	return result;
}

static enum build_result link_shared(struct making *m, const struct kernel *k,
				     const char *all, const char *stubs)
{
	struct cdma_text script = {0}, path = {0}, temp = {0};
	struct args args = {0};
	enum build_result result;
	int err;

	cdma_text_add(&script, "{\nglobal:\n");
	for (size_t i = 0; i < m->recipe->wanted.nr; i++)
		cdma_text_addf(&script, "\t%s;\n", m->recipe->wanted.at[i]);
	cdma_text_add(&script, "local:\n\t*;\n};\n");
	cdma_text_addf(&path, "%s/symbols", m->dir.at);
	cdma_text_addf(&temp, "%s/object.new", m->dir.at);
	err = making_write(path.at, &script);
	args_add(&args, k->flags.list.at[0]);
	args_add_words(&args, "-shared -nostdlib -Wl,-Bsymbolic -o");
	args_add(&args, temp.at);
	args_addf(&args, "-Wl,--version-script=%s", path.at);
	args_add(&args, all);
	args_add(&args, stubs);
	result = err ? making_failed(m, path.at, err)
		     : making_run(m, &args, NULL);
	if (result == BUILD_DONE)
		result = making_take(m, temp.at);
	args_fini(&args);
	cdma_text_fini(&script);
	cdma_text_fini(&path);
	cdma_text_fini(&temp);
	return result;
}

static enum build_result link_all(struct making *m, const struct kernel *k,
				  const struct args *objects,
				  const char *archive)
{
	struct cdma_text all = {0}, stubs = {0};
	enum build_result result;

	cdma_text_addf(&all, "%s/all.o", m->dir.at);
	cdma_text_addf(&stubs, "%s/missing.o", m->dir.at);
	result = globalize(m, objects->list.at[0]);
	if (result == BUILD_DONE)
		result = link_relocatable(m, objects, archive, all.at);
	if (result == BUILD_DONE)
		result = make_stubs(m, k, all.at, stubs.at);
	if (result == BUILD_DONE)
		result = link_shared(m, k, all.at, stubs.at);
	unlink(all.at);
	unlink(stubs.at);
	cdma_text_fini(&all);
	cdma_text_fini(&stubs);
	return result;
}

/* Where the lines of places are. */
static void add_roots(struct making *m, const struct kernel *k,
		      const struct c_sources *c)
{
	*cdma_vec_push(&m->made.roots) = cdma_xstrdup(k->native.at);
	*cdma_vec_push(&m->made.roots) = cdma_xstrdup(k->tree.at);
	for (size_t i = 0; i < c->list.nr; i++) {
		struct cdma_text dir = {0};
		char *real;

		path_dir(c->list.at[i].path, &dir);
		real = realpath(dir.at, NULL);
		if (real && strncmp(real, k->tree.at, k->tree.len) != 0)
			*cdma_vec_push(&m->made.roots) = real;
		else
			free(real);
		cdma_text_fini(&dir);
	}
}

enum build_result driver_begin(struct making *m)
{
	struct kernel k = {0};
	enum build_result result = BUILD_FAILED;

	if (kernel_tree(m->options->kernel, &m->cache, &m->tree, m->why) &&
	    kernel_prepare(m, &k))
		result = make_services(m, &k, &m->archive);
	kernel_fini(&k);
	return result;
}

enum build_result make_driver(struct making *m, struct c_sources *c,
			      const char *dir)
{
	struct kernel k = {0};
	struct args objects = {0};
	const char *archive = m->archive.at;
	enum build_result result = BUILD_FAILED;

	if (kernel_prepare(m, &k))
		result = BUILD_DONE;
	for (size_t i = 0; result == BUILD_DONE && i < c->list.nr; i++) {
		if (c->list.at[i].role == SOURCE_BEHIND)
			continue;
		args_addf(&objects, "%s/%zu.o", m->dir.at, i);
		result = compile(m, &k, c, &c->list.at[i],
				 objects.list.at[objects.list.nr - 1]);
	}
	if (result == BUILD_DONE)
		result = make_board(m, &k, &objects);
	if (result == BUILD_DONE)
		result = link_all(m, &k, &objects, archive);
	if (result == BUILD_DONE) {
		int err = made_add(&m->made, archive);

		result = err ? making_failed(m, archive, err) : result;
		add_roots(m, &k, c);
	}
	for (size_t i = 0; i < objects.list.nr; i++)
		unlink(objects.list.at[i]);
	kernel_fini(&k);
	args_fini(&objects);
	return result;
}
