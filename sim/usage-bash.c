/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include <string.h>

static bool is_file(const struct opt *opt)
{
	return !strcmp(opt->arg, "FILE") || !strcmp(opt->arg, "DIR");
}

/* What the argument of an option is completed with. */
static void argument(struct cdma_text *out, const struct opt *opt)
{
	const char *words = option_choices(opt);

	cdma_text_addf(out, "\t--%s) ", opt->name);
	if (words) {
		cdma_text_add(out, "COMPREPLY=($(compgen -W '");
		for (const char *c = words; *c; c++)
			cdma_text_addc(out, *c == '|' ? ' ' : *c);
		cdma_text_add(out, "' -- \"$word\")); return ;;\n");
	} else if (is_file(opt)) {
		cdma_text_add(out,
			      "COMPREPLY=($(compgen -f -- \"$word\")) ;;\n");
	} else {
		/* Files would be no help. */
		cdma_text_add(out, "return ;;\n");
	}
}

static void options(struct cdma_text *out, const struct command *command)
{
	const struct opt *opt;

	cdma_text_addf(out, "\t%s) options='", command->name);
	for (size_t i = 0; (opt = options_at(i)); i++)
		if (opt->commands & command->bit && opt->help[0])
			cdma_text_addf(out, "--%s%s ", opt->name,
				       opt->arg ? "=" : "");
	cdma_text_add(out, "' ;;\n");
}

/* Word 1 is the command; then options of it, and its operands. */
void usage_bash(struct cdma_text *out, const struct command *const *commands)
{
	const struct opt *opt;

	cdma_text_add(out, "# SPDX-License-Identifier: MIT\n"
			   "# Completion of cdmasim for bash.\n"
			   "_cdmasim() {\n"
			   "\tlocal word=$2 before=${COMP_WORDS[COMP_CWORD - "
			   "1]} options=\n"
			   "\tlocal command=${COMP_WORDS[1]}\n"
			   "\tCOMPREPLY=()\n"
			   "\tif [[ $COMP_CWORD -eq 1 ]]; then\n"
			   "\t\tCOMPREPLY=($(compgen -W '");
	for (const struct command *const *c = commands; *c; c++)
		cdma_text_addf(out, "%s ", (*c)->name);
	cdma_text_add(
		out,
		"' -- \"$word\"))\n\t\treturn\n\tfi\n"
		"\t[[ $before != = ]] || before=${COMP_WORDS[COMP_CWORD - 2]}\n"
		"\t[[ $word != = ]] || { word=; before=${COMP_WORDS[COMP_CWORD "
		"- "
		"1]}; }\n"
		"\tcase $before in\n");
	for (size_t i = 0; (opt = options_at(i)); i++)
		if (opt->arg && opt->help[0])
			argument(out, opt);
	cdma_text_add(out, "\t*) ;;\n\tesac\n\tcase $command in\n");
	for (const struct command *const *c = commands; *c; c++)
		options(out, *c);
	cdma_text_add(
		out,
		"\tesac\n"
		"\t[[ ${#COMPREPLY[@]} -eq 0 ]] || return\n"
		"\tcase $command:$word in\n"
		"\t*:-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
		"\t\t[[ $COMPREPLY != *= ]] || compopt -o nospace ;;\n"
		"\texplain:*) COMPREPLY=($(compgen -W \"$(cdmasim list "
		"--findings 2>/dev/null | awk '{print $1}')\" -- \"$word\")) "
		";;\n"
		"\thelp:*) COMPREPLY=($(compgen -W '");
	for (const struct command *const *c = commands; *c; c++)
		cdma_text_addf(out, "%s ", (*c)->name);
	cdma_text_add(out, "' -- \"$word\")) ;;\n"
			   "\t*) compopt -o filenames\n"
			   "\t\tCOMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
			   "\tesac\n}\n"
			   "complete -F _cdmasim cdmasim\n");
}
