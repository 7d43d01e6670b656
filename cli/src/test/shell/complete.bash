# Usage: bash --norc --noprofile complete.bash SCRIPT WORD...   The last word is the one being completed.
# Prints the completions of bash, called like readline does: words are also split at = and :.
compopt() { :; }
. "$1"
shift
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
COMP_WORDS=()
for word; do
    while [[ $word == *[=:]* && $word != [=:] ]]; do
        head=${word%%[=:]*}
        rest=${word#"$head"}
        [[ -z $head ]] || COMP_WORDS+=("$head")
        COMP_WORDS+=("${rest:0:1}")
        word=${rest:1}
        [[ -n $word ]] || continue 2
    done
    COMP_WORDS+=("$word")
done
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMPREPLY=()
_keg
printf '%s\n' "${COMPREPLY[@]}"
