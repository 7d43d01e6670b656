# fish completion for keg. Made by: keg completion fish
function __keg_complete
    set -l current (commandline -ct)
    test -n "$current"; and set current (string replace -r '^["\']' '' -- $current)
    set -l words (commandline -opc) "$current"
    set -l lines ($words[1] __complete -- $words[2..-1] 2>/dev/null)
    test (count $lines) -gt 0; or return
    test (count $lines) -gt 1; and printf '%s\n' $lines[1..-2]
    test $lines[-1] = :files; and __fish_complete_path (commandline -ct)
end
complete -c keg -f -a '(__keg_complete)'
