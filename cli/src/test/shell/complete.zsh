# Usage: zsh -f complete.zsh SCRIPT LINE   Types LINE and Tab into a real zsh and prints the words that it offers.
zmodload zsh/zpty || exit 9
local script=$1 line=$2 out l
zpty z zsh -f -i
zpty -w z "PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; . $script"
zpty -w z 'compadd () { if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi; typeset -a __h; builtin compadd -A __h "$@"; print -rC1 -- ${(@)__h/#/CAND:}; builtin compadd "$@"; }'
zpty -w z 'complete-and-tell () { zle complete-word; print -r -- FINI"SHED" }; zle -N complete-and-tell; bindkey "^I" complete-and-tell; zstyle ":completion:*" completer _complete; print RE""ADY'
while zpty -r z l; do [[ $l == *READY* ]] && break; done
zpty -w -n z "$line"$'\t'
while zpty -r z l; do out+=$l; [[ $l == *FINISHED* ]] && break; done
print -r -- "$out" | tr -d '\r' | grep -o 'CAND:.*' | cut -c6- | sort -u
zpty -d z
