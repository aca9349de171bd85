/**
 * For bash 3.2 and newer, without the package bash-completion, and harmless when it is sourced again. What is typed is
 * evaluated nowhere. Bash cuts words at `=` and `:`, and replaces only what comes after.
 */
export const BASH_COMPLETION = String.raw`# bash completion for vkeys
__vkeys_complete() {
    local line="\${COMP_LINE:0:COMP_POINT}" word="\${COMP_WORDS[COMP_CWORD]}" directive=0 IFS=$' \t\n'
    local current prefix typed out entry value
    local -a words
    read -r -a words <<< "$line"
    case "$line" in *[[:space:]]) words+=("") ;; esac
    current="\${words[\${#words[@]} - 1]}"
    case "$word" in [=:]|::) word="" ;; esac
    prefix="\${current%"$word"}"
    typed="$current"
    case "$current" in --*=*) typed="$word" prefix="" ;; esac
    COMPREPLY=()
    out="$(vkeys complete -- "\${words[@]:1}" 2>/dev/null)" || return 0
    while IFS= read -r entry; do
        case "$entry" in :[0-9]*) directive="\${entry#:}"; continue ;; esac
        value="\${entry%%$'\t'*}"
        [[ -n $value && $value == "$typed"* ]] && COMPREPLY+=("\${value#"$prefix"}")
    done <<< "$out"
    if (( directive & 4 )) && type compopt >/dev/null 2>&1; then compopt +o default; fi
    return 0
}
complete -o default -F __vkeys_complete vkeys
`.replaceAll('\\${', '${');
