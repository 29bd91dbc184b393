" SPDX-License-Identifier: MIT
" Scenarios of cdmasim: :make runs the one at hand, gq formats it.
setlocal noexpandtab tabstop=8 shiftwidth=8 commentstring=//\ %s
setlocal makeprg=cdmasim\ run\ --color=never\ %:S
setlocal errorformat=%f:%l:%c:\ %trror:\ %m,%\\s%#%f:%l:%c:\ not\ %m
setlocal errorformat+=%\\s%#%f:%l:%c:\ expected\ %m,%-G%.%#
setlocal formatprg=cdmasim\ fmt\ -
