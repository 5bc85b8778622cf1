# Tells DevTime, at most once a minute and in the background, that a command was entered here.
__devtime_beat() {
  (( SECONDS - ${__devtime_told:--60} >= 60 )) || return 0
  typeset -gi __devtime_told=$SECONDS
  @devtime@ hook shell --tool terminal --editor zsh --folder "$PWD" </dev/null >/dev/null 2>&1 &!
}
autoload -Uz add-zsh-hook && add-zsh-hook preexec __devtime_beat
