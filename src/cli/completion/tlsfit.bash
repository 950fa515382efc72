# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of `tlsfit` for bash: subcommands, options, devices, rules, chains, files. It asks the command itself, so that
# it knows what is there: options from --help, ids from its lists.

# The options of a subcommand, one a line.
_tlsfit_options() {
    tlsfit "$1" --help 2>/dev/null | sed -n 's/^  *\(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

_tlsfit_commands() {
    tlsfit --help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\)  *[a-z].*/\1/p'
}

_tlsfit_devices() {
    tlsfit devices list 2>/dev/null | sed 's/ .*//'
}

_tlsfit_rules() {
    tlsfit explain 2>/dev/null | sed 's/ .*//'
}

_tlsfit_chains() {
    tlsfit check --chain list 2>/dev/null | sed 's/ .*//'
    echo list
}

# The words that begin with what is there; a list with commas is completed at its end.
_tlsfit_words() {
    local current=$1 words=$2 before=
    case $current in
    *,*)
        before=${current%,*},
        current=${current##*,}
        ;;
    esac
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$words" -- "$current")
}

_tlsfit_files() {
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
    compopt -o filenames 2>/dev/null
}

# What an option takes; status 1 for one that takes nothing that is known here.
_tlsfit_value() {
    local command=$1 option=$2 current=$3
    case $option in
    -d | --device | --peer)
        case $command in
        annotate) _tlsfit_words "$current" "auto advertised $(_tlsfit_devices)" ;;
        *) _tlsfit_words "$current" "all $(_tlsfit_devices)" ;;
        esac
        ;;
    --chain) _tlsfit_words "$current" "$(_tlsfit_chains)" ;;
    --version) _tlsfit_words "$current" "TLS1.3 TLS1.2 TLS1.1 TLS1.0 DTLS1.2 DTLS1.0" ;;
    --format) _tlsfit_words "$current" "text csv json html" ;;
    --kind) _tlsfit_words "$current" "wifi-module modem rtos-stack tls-library secure-element legacy-client service" ;;
    -o | --output | --report | --keylog | --device-path | --path | -p | --into | --anchors | --tshark)
        _tlsfit_files "$current"
        ;;
    *) return 1 ;;
    esac
}

_tlsfit_arguments() {
    local command=$1 current=$2
    case $command in
    explain) _tlsfit_words "$current" "$(_tlsfit_rules)" ;;
    devices)
        case " ${COMP_WORDS[*]:2:COMP_CWORD-2} " in
        *" show "*) _tlsfit_words "$current" "$(_tlsfit_devices)" ;;
        *" list "*) _tlsfit_words "$current" "all $(_tlsfit_devices)" ;;
        *" lint "*) _tlsfit_files "$current" ;;
        *) _tlsfit_words "$current" "list show lint table" ;;
        esac
        ;;
    doctor) ;;
    help) _tlsfit_words "$current" "$(_tlsfit_commands)" ;;
    *) _tlsfit_files "$current" ;;
    esac
}

_tlsfit() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        _tlsfit_words "$current" "$(_tlsfit_commands) help --help --version"
    elif [ "$previous" = "=" ] && [ "${COMP_WORDS[COMP_CWORD - 2]}" = --color ]; then
        _tlsfit_words "$current" "auto always never"
    elif _tlsfit_value "$command" "$previous" "$current"; then
        :
    elif [ "${current#-}" != "$current" ]; then
        _tlsfit_words "$current" "$(_tlsfit_options "$command")"
    else
        _tlsfit_arguments "$command" "$current"
    fi
}

complete -F _tlsfit tlsfit
