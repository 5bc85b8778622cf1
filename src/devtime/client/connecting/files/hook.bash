# Tells DevTime, at most once a minute and in the background, that a command was entered here.
__devtime_beat() {
  local status=$? number
  number=$(HISTTIMEFORMAT='' builtin history 1)
  if [[ $number != "${__devtime_command-$number}" ]] && ((SECONDS - ${__devtime_told:--60} >= 60)); then
    __devtime_told=$SECONDS
    (@devtime@ hook shell --tool terminal --editor bash --folder "$PWD" </dev/null >/dev/null 2>&1 &)
  fi
  __devtime_command=$number
  return $status
}
if [[ ${PROMPT_COMMAND[*]} != *__devtime_beat* ]]; then
  PROMPT_COMMAND="__devtime_beat${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
fi
