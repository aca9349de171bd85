/**
 * Works sourced, also where nothing has started zsh's completion yet and a second time, and as a file `_vkeys` of `$fpath`. What
 * is typed is evaluated nowhere. `_describe` splits at colons, which aliases have.
 */
export const ZSH_COMPLETION = String.raw`#compdef vkeys
# zsh completion for vkeys
_vkeys() {
    local out line directive=0
    local -a entries
    out="$(vkeys complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)" || return 1
    for line in "\${(@f)out}"; do
        case "$line" in
            (:[0-9]*) directive="\${line#:}" ;;
            (?*) entries+=("\${\${line%%$'\t'*}//:/\\:}:\${line#*$'\t'}") ;;
        esac
    done
    [[ $PREFIX == --*=* ]] && compset -P '*='
    if (( $#entries )); then _describe -t vkeys vkeys entries
    elif ! (( directive & 4 )); then _files
    fi
}
if [[ $funcstack[1] == _vkeys ]]; then
    _vkeys "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
    compdef _vkeys vkeys
fi
`.replaceAll('\\${', '${');
