" Tells DevTime which file is worked on. For Vim 8 and Neovim; put here by `devtime connect`, which also removes it.
" The editor never waits: a job is started and forgotten, at most one in two minutes for the same file, and one a write.

if exists('g:loaded_devtime') || &compatible
  finish
endif
let g:loaded_devtime = 1

let s:program = get(g:, 'devtime_program', '@devtime@')
let s:tool = has('nvim') ? 'neovim' : 'vim'
let s:interval = 120
let s:told_file = ''
let s:told_at = 0
let s:seen_file = ''
let s:seen_at = 0

function! s:Run(words) abort
  if has('nvim')
    silent! call jobstart(a:words, {'detach': v:true})
  elseif has('job')
    silent! call job_start(a:words, {'stoponexit': '', 'in_io': 'null', 'out_io': 'null', 'err_io': 'null'})
  endif
endfunction

function! s:Tell(file, at, is_write) abort
  let l:words = [s:program, 'hook', 'editor', '--tool', s:tool, '--file', a:file, '--folder', getcwd(),
        \ '--language', &filetype, '--time', a:at]
  call s:Run(a:is_write ? l:words + ['--write'] : l:words)
  let s:told_file = a:file
  let s:told_at = a:at
endfunction

function! s:Beat(is_write) abort
  let l:file = expand('%:p')
  if l:file ==# '' || &buftype !=# '' || l:file =~# '^\a\a\+://'
    return
  endif
  let l:now = localtime()
  " What was done last in the file before is told too, so that its time ends where it was left.
  if s:seen_file !=# '' && s:seen_file !=# l:file && (s:seen_file !=# s:told_file || s:seen_at > s:told_at)
    call s:Tell(s:seen_file, s:seen_at, 0)
  endif
  let s:seen_file = l:file
  let s:seen_at = l:now
  if a:is_write || l:file !=# s:told_file || l:now - s:told_at >= s:interval
    call s:Tell(l:file, l:now, a:is_write)
  endif
endfunction

function! s:Leave() abort
  if s:seen_file !=# '' && (s:seen_file !=# s:told_file || s:seen_at > s:told_at)
    call s:Tell(s:seen_file, s:seen_at, 0)
  endif
endfunction

augroup devtime
  autocmd!
  autocmd BufEnter,VimEnter,FocusGained * call s:Beat(0)
  autocmd CursorMoved,CursorMovedI,TextChanged,TextChangedI * call s:Beat(0)
  autocmd BufWritePost * call s:Beat(1)
  autocmd VimLeavePre * call s:Leave()
augroup END
