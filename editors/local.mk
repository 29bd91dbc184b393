# SPDX-License-Identifier: MIT
#
# For editors.  Vim finds what is in its directory for everybody.

vimdir = $(datadir)/vim/vimfiles
vimsyntaxdir = $(vimdir)/syntax
vimftdetectdir = $(vimdir)/ftdetect
vimftplugindir = $(vimdir)/ftplugin
dist_vimsyntax_DATA = %D%/vim/syntax/cdmasim.vim
dist_vimftdetect_DATA = %D%/vim/ftdetect/cdmasim.vim
dist_vimftplugin_DATA = %D%/vim/ftplugin/cdmasim.vim
