# Tells DevTime, at most once a minute and in the background, that a command was entered here.
function __devtime_beat --on-event fish_preexec
    set -l now (date +%s)
    set -q __devtime_told; or set -g __devtime_told 0
    if test (math $now - $__devtime_told) -ge 60
        set -g __devtime_told $now
        @devtime@ hook shell --tool terminal --editor fish --folder "$PWD" </dev/null >/dev/null 2>&1 &
        disown 2>/dev/null
    end
end
