#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What editors know of the language is what the language has.
. "${srcdir:-.}/tests/tap.sh"
srcdir=$(cd "$srcdir" && pwd)
vim=$srcdir/editors/vim

sed -n 's/^syn keyword dma[A-Z][a-z]* //p' "$vim/syntax/cdmasim.vim" |
	tr ' ' '\n' >"$tmp/known"
for word in $(sed -n 's/^	X([A-Z_]*, "\([a-z_]*\)").*/\1/p' \
	"$srcdir/sim/script/keywords.h") $(sed -n \
	's/^	X([A-Z_0-9]*, "\([a-z_0-9]*\)", .*/\1/p' \
	"$srcdir/sim/script/type.h"); do
	case $word in
	_relaxed) continue ;; # the end of a name
	esac
	ok "vim knows $word" grep -qxF "$word" "$tmp/known"
done

if command -v vim >/dev/null && vim --version | grep -q '+syntax'; then
	cp "$srcdir/scenarios/start/nic-ring.dma" "$tmp/x.dma"
	cat >"$tmp/ask.vim" <<-END
	set rtp=$vim,\$VIMRUNTIME
	filetype plugin on
	syntax on
	edit $tmp/x.dma
	redir! > $tmp/answer
	silent echo &filetype
	for word in ['scenario', 'expect unordered', 'dma_rmb();', 'le32', 'coherent']
		call cursor(1, 1)
		call search('\\V' . word)
		silent echo synIDattr(synID(line('.'), col('.'), 1), 'name')
	endfor
	redir END
	qa!
	END
	ok 'vim reads it' vim -N -u NONE -i NONE -n -es -S "$tmp/ask.vim"
	same 'and knows what is what' "$(tr -s '\n' ' ' <"$tmp/answer")" \
		' cdmasim dmaItem dmaExpect dmaBarrier dmaType dmaHandle'
else
	skip 'vim reads it' 'no vim with syntax'
fi

done_testing
