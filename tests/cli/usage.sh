#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What can be said to cdmasim, and what it says about itself.
. "${srcdir:-.}/tests/tap.sh"

commands='run new check fmt list show explain help version'

ok '--version' "$CDMASIM" --version
has '--version names the program' "$out" 'cdmasim '
if [ -e "$srcdir/.git" ] && command -v git >/dev/null; then
	has '--version has the commit' "$out" \
		"($(git -C "$srcdir" describe --always --abbrev=12 --match=)"
fi
version=$(echo "$out" | sed 's/^cdmasim //; s/ .*//')
has 'of which the packages are, too' "$(head -n 1 "$srcdir/debian/changelog")" \
	"cdmasim ($version)"
version=$out
ok 'version' "$CDMASIM" version
same 'both say the same' "$out" "$version"

exits 2 'nothing at all' "$CDMASIM"
has 'and the commands are listed' "$out" '  run '
exits 2 'no such command' "$CDMASIM" rnu
has 'a near one is suggested' "$out" "did you mean 'run'"
exits 2 'a file in place of the command' "$CDMASIM" x.dma
has 'run is suggested' "$out" "did you mean 'cdmasim run x.dma'"
exits 2 'nothing to run' "$CDMASIM" run
has 'it says what to name' "$out" 'FILE|DIR'

ok 'help' "$CDMASIM" help
program=$out
ok '--help' "$CDMASIM" --help
same 'both say the same' "$out" "$program"
"$CDMASIM" help --man >"$tmp/man"
for command in $commands; do
	has "help lists $command" "$program" "  $command "
	ok "$command --help" "$CDMASIM" "$command" --help
	text=$out
	has "$command has examples" "$text" "
examples:
  cdmasim $command"
	ok "help $command" "$CDMASIM" help "$command"
	same 'says the same' "$out" "$text"
	long=$(printf '%s\n' "$text" | awk 'length > 80')
	same "help of $command fits 80 columns" "$long" ''
	exits 2 "$command refuses unknown options" "$CDMASIM" "$command" --wrong

	# Every option of the help is one that the parser takes, and is in the
	# man page.
	printf '%s\n' "$text" |
		sed -n 's/^ \{2,6\}\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' >"$tmp/options"
	while read -r option; do
		"$CDMASIM" "$command" "$option=" >/dev/null 2>"$tmp/err" || :
		result "$(grep -c 'unknown option' "$tmp/err")" \
			"$command takes $option"
		escaped=$(printf '%s' "$option" | sed 's/-/\\\\-/g')
		result "$(grep -q -e "$escaped" "$tmp/man"; echo $?)" \
			"$option of $command is in the man page"
	done <"$tmp/options"
done
for status in 0 1 2 3 4 5; do
	has "help explains exit status $status" "$program" "
  $status  "
done

exits 2 'a wrong name' "$CDMASIM" run --sede=1 x.dma
has 'of an option: a near one is suggested' "$out" "did you mean '--seed'"
exits 2 'a misspelt finding' "$CDMASIM" explain unorderd_read
has 'a near one is suggested' "$out" "did you mean 'unordered_read'"
ok '_ and - are one' "$CDMASIM" explain unordered-read

# new: something that runs, whatever it is called.
cd "$tmp" || exit
kinds=$("$CDMASIM" new --help | tr -s ' \n' ' ' |
	sed 's/.*start from: \([a-z, -]*(the default)[a-z, -]*\)\..*/\1/
		s/(the default)//; s/,//g; s/ or / /')
same 'new: the kinds' "$(echo $kinds)" 'nic-ring nvme-queue mailbox streaming-rx'
for kind in $kinds; do
	ok "new --from=$kind" "$CDMASIM" new --from="$kind" "my $kind.dma"
	has 'says what next' "$out" "try: cdmasim run 'my $kind.dma'"
	ok 'is as it says' "$CDMASIM" run "my $kind.dma"
	has 'and is called as the file is' "$out" "ok    my_$(echo "$kind" | tr - _)/"
	ok 'is formatted' "$CDMASIM" fmt --check "my $kind.dma"
	same 'and is what is printed without a file' \
		"$("$CDMASIM" new --from="$kind" | sed 's/^scenario [^ ]*//')" \
		"$(sed 's/^scenario [^ ]*//' "my $kind.dma")"
done
exits 4 'new does not overwrite' "$CDMASIM" new 'my mailbox.dma'
has 'and says so' "$out" 'my mailbox.dma: File exists'
exits 2 'new of no kind' "$CDMASIM" new --from=mailbx x.dma
has 'suggests one' "$out" "did you mean 'mailbox'"
exits 2 'new of two files' "$CDMASIM" new a.dma b.dma
exits 2 'run of C' "$CDMASIM" run driver.c
has 'says what to do instead' "$out" "'cdmasim new'"
cd "$OLDPWD" || exit

if command -v man >/dev/null && command -v groff >/dev/null; then
	ok 'the man page has no errors' env LC_ALL=C MANROFFSEQ='' \
		man --warnings -E ascii -l "$tmp/man"
	has 'it has all sections' "$out" 'EXIT STATUS'
else
	skip 'the man page has no errors' 'no man or groff'
fi

if command -v bash >/dev/null; then
	"$CDMASIM" help --completion >"$tmp/completion"
	cat >"$tmp/complete.bash" <<-'END'
	# complete.bash WORD...: what the last word is completed to.
	compopt() { :; }
	. "$(dirname "$0")/completion"
	COMP_WORDS=(cdmasim "$@")
	COMP_CWORD=$#
	_cdmasim cdmasim "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	echo "${COMPREPLY[*]}"
	END
	complete() {
		out=$(PATH=$(dirname "$CDMASIM"):$PATH \
			bash "$tmp/complete.bash" "$@")
	}
	complete che
	same 'a command is completed' "$out" check
	complete run --sch
	same 'an option is completed' "$out" '--schedules='
	complete fmt --sch
	same 'of this command only' "$out" ''
	complete run --color a
	same 'a choice is completed' "$out" 'auto always'
	complete run --strategy = p
	same 'so is a strategy' "$out" 'pct:1 pct:2 pct:3'
	complete run --format j
	same 'and a format' "$out" 'json jsonl junit'
	: >"$tmp/a-file"
	out=$(cd "$tmp" && PATH=$(dirname "$CDMASIM"):$PATH \
		bash "$tmp/complete.bash" run --seed = a)
	same 'a number is not completed with files' "$out" ''
	out=$(cd "$tmp" && PATH=$(dirname "$CDMASIM"):$PATH \
		bash "$tmp/complete.bash" run --journal = a-f)
	same 'a file is' "$out" 'a-file'
	complete run --color = al
	same 'after =, too' "$out" 'always'
	complete help sh
	same 'a command after help' "$out" show
	complete explain data
	same 'a finding is completed' "$out" data_race
else
	skip 'completion' 'no bash'
fi

# README's table has every command that does something.
readme=$(cat "$srcdir/README.md")
for command in $("$CDMASIM" --help |
	sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	case $command in
	help | version) continue ;;
	esac
	has "README knows $command" "$readme" "| \`cdmasim $command "
done

done_testing
