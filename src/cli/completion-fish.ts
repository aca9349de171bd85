/** Works sourced, also a second time, and as a file of fish's own folder. */
export const FISH_COMPLETION = String.raw`# fish completion for vkeys
function __vkeys_complete
    set -l typed (commandline -opc)
    set -l word (commandline -ct)
    set -l option (string match -r -- '^--[^=]+=' "$word")
    set -l directive 0
    set -l entries
    for line in (vkeys complete -- $typed[2..-1] "$word" 2>/dev/null)
        if string match -qr -- '^:[0-9]+$' "$line"
            set directive (string sub -s 2 -- "$line")
        else if test -n "$line"
            set -a entries "$option$line"
        end
    end
    if set -q entries[1]
        printf '%s\n' $entries
    else if test $directive -eq 0
        __fish_complete_path "$word"
    end
end
complete -c vkeys -e
complete -c vkeys -f -a '(__vkeys_complete)'
`;
