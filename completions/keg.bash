# bash completion for keg. Made by: keg completion bash

# Sets REPLY to a word as the shell would pass it on, and QUOTE to the quote that is still open in it.
_keg_unquote() {
    local c i
    REPLY='' QUOTE=''
    for ((i = 0; i < ${#1}; i++)); do
        c=${1:i:1}
        if [[ -z $QUOTE && $c == [\'\"] ]]; then
            QUOTE=$c
        elif [[ $c == "$QUOTE" ]]; then
            QUOTE=''
        elif [[ $c == \\ && $QUOTE != \' ]]; then
            ((++i))
            REPLY+=${1:i:1}
        else
            REPLY+=$c
        fi
    done
}

_keg() {
    local rest=${COMP_LINE:0:COMP_POINT} word i lines candidate current prefix='' REPLY QUOTE
    local -a words=()

    # Readline splits words at = and : too; keg wants them whole, as they were typed.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -eq 0 || ${#words[@]} -eq 0 || $rest == [[:blank:]]* ]]; then
            rest=${rest#"${rest%%[![:blank:]]*}"}
            words+=("$word")
        else
            words[-1]+=$word
        fi
        rest=${rest#"$word"}
    done

    # What readline replaces is only the part behind the last = or :.
    current=${words[-1]}
    word=${COMP_WORDS[COMP_CWORD]}
    case $word in
        = | :) prefix=$current ;;
        *) prefix=${current%"$word"} ;;
    esac

    _keg_unquote "$prefix"
    prefix=$REPLY
    for ((i = 1; i < ${#words[@]}; i++)); do
        _keg_unquote "${words[i]}"
        words[i]=$REPLY
    done
    current=${words[-1]}

    mapfile -t lines < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
    [[ ${#lines[@]} -gt 0 ]] || return
    COMPREPLY=()
    for ((i = 0; i < ${#lines[@]} - 1; i++)); do
        candidate=${lines[i]%%$'\t'*}
        candidate=${candidate#"$prefix"}
        # What follows an open quote stands there as it is; readline closes the quote.
        [[ -n $QUOTE ]] || printf -v candidate %q "$candidate"
        COMPREPLY+=("$candidate")
    done
    case ${lines[-1]} in
        :open) compopt -o nospace ;;
        :files)
            compopt -o filenames
            mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "${current#"$prefix"}")
            ;;
    esac
}
complete -F _keg keg
