/* SPDX-License-Identifier: MIT */
#include "natives.h"

#include "base/text.h"
#include "native/library.h"
#include "script/diag.h"
#include "script/program.h"
#include "script/script.h"

/* One that cannot be loaded is said once, whatever is called of it. */
static struct native_library *load(struct sources *sources,
				   const struct native_fn *fn, bool again,
				   struct diag *diag)
{
	struct cdma_text why = {0};
	struct native_library *library = native_library_load(fn->path, &why);

	if (!library && !again)
		diag_error(diag, sources, fn->span, "cannot load '%s': %s",
			   fn->path, cdma_text_str(&why));
	cdma_text_fini(&why);
	return library;
}

void natives_load(struct script *script, const struct unit *unit,
		  struct program *program, struct diag *diag)
{
	struct sources *sources = script_sources(script);
	const char *last = NULL;

	for (size_t i = 0; i < unit->nr_natives; i++) {
		const struct native_fn *fn = &unit->natives[i];
		bool again = fn->path == last;
		struct native_library *library = load(sources, fn, again, diag);

		last = fn->path;
		if (!library)
			continue;
		program->natives.at[i].fn =
			native_library_find(library, fn->name);
		if (!again)
			program->native_hash = program->native_hash * 31 +
					       native_library_hash(library);
		if (!program->natives.at[i].fn)
			diag_error(diag, sources, fn->span,
				   "'%s' has no function '%s'", fn->path,
				   fn->name);
	}
}
