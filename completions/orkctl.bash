#!/bin/bash

__orkctl_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__orkctl_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__orkctl_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__orkctl_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_orkctl() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    status|health|events|audit|requests|explain|keys|clients|users|pools|accounts|quota|limits|budgets|credits|usage|reconcile|models|cleanup|config|daemon|shell|completion|version|help)
        # Offer subcommand argument completions
        "_orkctl_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'status health events audit requests explain keys clients users pools accounts quota limits budgets credits usage reconcile models cleanup config daemon shell completion version help' -- "${cur}"))
        ;;
    esac
}

_orkctl_status() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_health() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_events() {
    repeating_flags=()
    non_repeating_flags=(-f --follow --no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--since --until --cursor-file --columns --limit --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--cursor-file')
        __orkctl_add_completions -f
        return
        ;;
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion events -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion events -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_audit() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--since --until --actor --action --target --columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--actor')
        return
        ;;
    '--action')
        return
        ;;
    '--target')
        return
        ;;
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion audit -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion audit -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion audit -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_requests() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show)
        # Offer subcommand argument completions
        "_orkctl_requests_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show' -- "${cur}"))
        ;;
    esac
}

_orkctl_requests_list() {
    repeating_flags=()
    non_repeating_flags=(--failed --no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--since --until --client --user --key --model --code --by --columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--client')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion requests list -- --client "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--user')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion requests list -- --user "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--key')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion requests list -- --key "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--model')
        return
        ;;
    '--code')
        __orkctl_add_completions -W 'no-upstream-key'$'\n''all-keys-resting'$'\n''all-keys-exhausted'$'\n''key-rejected'$'\n''account-credits-out'$'\n''key-limit-reached'$'\n''upstream-rate-limited'$'\n''upstream-error'$'\n''upstream-unreachable'$'\n''upstream-slow'$'\n''upstream-truncated'$'\n''upstream-redirect'$'\n''upstream-protocol'$'\n''upstream-address-refused'$'\n''pool-floor-reached'$'\n''client-unknown'$'\n''client-disabled'$'\n''client-expired'$'\n''too-many-failures'$'\n''rate-limited'$'\n''credential-missing'$'\n''credential-conflict'$'\n''credential-in-query'$'\n''path-not-permitted'$'\n''path-unknown'$'\n''path-reserved'$'\n''credits-insufficient'$'\n''credits-exhausted'$'\n''budget-spent'$'\n''model-not-permitted'$'\n''address-not-permitted'$'\n''referrer-not-permitted'$'\n''request-cap-reached'$'\n''trial-over'$'\n''no-client'$'\n''open-mode'$'\n''bad-request'$'\n''bad-body'$'\n''bad-path'$'\n''bad-objective'$'\n''head-too-large'$'\n''body-too-large'$'\n''method-not-allowed'$'\n''expectation-failed'$'\n''version-not-supported'$'\n''request-timeout'$'\n''draining'$'\n''overloaded'$'\n''journal-behind'$'\n''storage-unavailable'$'\n''database-newer'$'\n''database-foreign'$'\n''database-corrupt'$'\n''master-key-missing'$'\n''master-key-wrong'$'\n''config-invalid'$'\n''certificate-invalid'$'\n''address-in-use'$'\n''already-running'$'\n''socket-path-too-long'$'\n''directory-unsafe'$'\n''file-unsafe'$'\n''internal-error'$'\n''key-exists'$'\n''key-not-found'$'\n''key-unchecked'$'\n''key-expired'$'\n''management-key'$'\n''illegal-transition'$'\n''client-exists'$'\n''client-not-found'$'\n''user-exists'$'\n''user-not-found'$'\n''budget-not-found'$'\n''pool-exists'$'\n''pool-not-found'$'\n''pool-in-use'$'\n''account-exists'$'\n''account-not-found'$'\n''model-not-found'$'\n''request-not-found'$'\n''incident-not-found'$'\n''code-unknown'$'\n''duplicate'$'\n''bad-format'$'\n''bad-value'$'\n''unknown-field'$'\n''route-unknown'$'\n''version-lost'$'\n''too-many'$'\n''not-confirmed'$'\n''forbidden'$'\n''protocol-mismatch'$'\n''secret-on-argv'$'\n''secret-would-be-lost'$'\n''daemon-absent'$'\n''timed-out'$'\n''usage'$'\n''input-unreadable'$'\n''cannot-create'$'\n''output-failed'$'\n''interrupted'
        return
        ;;
    '--by')
        __orkctl_add_completions -W 'code'$'\n''client'$'\n''key'$'\n''model'
        return
        ;;
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion requests list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion requests list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion requests list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_requests_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_explain() {
    repeating_flags=()
    non_repeating_flags=(--list --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--client --model --pool --session --objective --prompt-tokens --completion-tokens --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--client')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion explain -- --client "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--model')
        return
        ;;
    '--pool')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion explain -- --pool "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--session')
        return
        ;;
    '--objective')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion explain -- --objective "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--prompt-tokens')
        return
        ;;
    '--completion-tokens')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W 'no-upstream-key'$'\n''all-keys-resting'$'\n''all-keys-exhausted'$'\n''key-rejected'$'\n''account-credits-out'$'\n''key-limit-reached'$'\n''upstream-rate-limited'$'\n''upstream-error'$'\n''upstream-unreachable'$'\n''upstream-slow'$'\n''upstream-truncated'$'\n''upstream-redirect'$'\n''upstream-protocol'$'\n''upstream-address-refused'$'\n''pool-floor-reached'$'\n''client-unknown'$'\n''client-disabled'$'\n''client-expired'$'\n''too-many-failures'$'\n''rate-limited'$'\n''credential-missing'$'\n''credential-conflict'$'\n''credential-in-query'$'\n''path-not-permitted'$'\n''path-unknown'$'\n''path-reserved'$'\n''credits-insufficient'$'\n''credits-exhausted'$'\n''budget-spent'$'\n''model-not-permitted'$'\n''address-not-permitted'$'\n''referrer-not-permitted'$'\n''request-cap-reached'$'\n''trial-over'$'\n''no-client'$'\n''open-mode'$'\n''bad-request'$'\n''bad-body'$'\n''bad-path'$'\n''bad-objective'$'\n''head-too-large'$'\n''body-too-large'$'\n''method-not-allowed'$'\n''expectation-failed'$'\n''version-not-supported'$'\n''request-timeout'$'\n''draining'$'\n''overloaded'$'\n''journal-behind'$'\n''storage-unavailable'$'\n''database-newer'$'\n''database-foreign'$'\n''database-corrupt'$'\n''master-key-missing'$'\n''master-key-wrong'$'\n''config-invalid'$'\n''certificate-invalid'$'\n''address-in-use'$'\n''already-running'$'\n''socket-path-too-long'$'\n''directory-unsafe'$'\n''file-unsafe'$'\n''internal-error'$'\n''key-exists'$'\n''key-not-found'$'\n''key-unchecked'$'\n''key-expired'$'\n''management-key'$'\n''illegal-transition'$'\n''client-exists'$'\n''client-not-found'$'\n''user-exists'$'\n''user-not-found'$'\n''budget-not-found'$'\n''pool-exists'$'\n''pool-not-found'$'\n''pool-in-use'$'\n''account-exists'$'\n''account-not-found'$'\n''model-not-found'$'\n''request-not-found'$'\n''incident-not-found'$'\n''code-unknown'$'\n''duplicate'$'\n''bad-format'$'\n''bad-value'$'\n''unknown-field'$'\n''route-unknown'$'\n''version-lost'$'\n''too-many'$'\n''not-confirmed'$'\n''forbidden'$'\n''protocol-mismatch'$'\n''secret-on-argv'$'\n''secret-would-be-lost'$'\n''daemon-absent'$'\n''timed-out'$'\n''usage'$'\n''input-unreadable'$'\n''cannot-create'$'\n''output-failed'$'\n''interrupted'
        return
        ;;
    esac
}

_orkctl_keys() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|add|import|export|set|enable|disable|rotate|test|reset|undo|set-state|history|quota|remove|prune)
        # Offer subcommand argument completions
        "_orkctl_keys_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show add import export set enable disable rotate test reset undo set-state history quota remove prune' -- "${cur}"))
        ;;
    esac
}

_orkctl_keys_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--state --tag --filter)
    non_repeating_options=(--provider --columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--state')
        __orkctl_add_completions -W 'usable'$'\n''resting'$'\n''exhausted'$'\n''suspect'$'\n''broken'$'\n''invalid'$'\n''disabled'
        return
        ;;
    '--provider')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys list -- --provider "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--tag')
        return
        ;;
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys list -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_add() {
    repeating_flags=()
    non_repeating_flags=(--no-check --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--tag --meta)
    non_repeating_options=(--from-file --from-credential --provider --account --weight --pool --priority --max-in-flight --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--from-file')
        __orkctl_add_completions -f
        return
        ;;
    '--from-credential')
        return
        ;;
    '--provider')
        return
        ;;
    '--account')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys add -- --account "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--weight')
        return
        ;;
    '--pool')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys add -- --pool "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--priority')
        return
        ;;
    '--max-in-flight')
        return
        ;;
    '--tag')
        return
        ;;
    '--meta')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_keys_import() {
    repeating_flags=()
    non_repeating_flags=(--reactivate --check --restore --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--tag --tags)
    non_repeating_options=(--format --provider --account --pool --prefix --rejects --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--format')
        __orkctl_add_completions -W 'lines'$'\n''csv'$'\n''jsonl'$'\n''json'
        return
        ;;
    '--provider')
        return
        ;;
    '--account')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys import -- --account "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--pool')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys import -- --pool "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--tag'|'--tags')
        return
        ;;
    '--prefix')
        return
        ;;
    '--rejects')
        __orkctl_add_completions -f
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -f
        return
        ;;
    esac
}

_orkctl_keys_export() {
    repeating_flags=()
    non_repeating_flags=(--secrets --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--to --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--to')
        __orkctl_add_completions -f
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys export -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_set() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--tag --meta)
    non_repeating_options=(--rename --provider --account --weight --pool --priority --max-in-flight --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--rename')
        return
        ;;
    '--provider')
        return
        ;;
    '--account')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys set -- --account "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--weight')
        return
        ;;
    '--pool')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys set -- --pool "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--priority')
        return
        ;;
    '--max-in-flight')
        return
        ;;
    '--tag')
        return
        ;;
    '--meta')
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_enable() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys enable -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_disable() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--reason --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--reason')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys disable -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_rotate() {
    repeating_flags=()
    non_repeating_flags=(--no-check --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--from-file --from-credential --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--from-file')
        __orkctl_add_completions -f
        return
        ;;
    '--from-credential')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys rotate -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_test() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys test -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_reset() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys reset -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_undo() {
    repeating_flags=()
    non_repeating_flags=(--wave --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--since --incident --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--since')
        return
        ;;
    '--incident')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys undo -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_set-state() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--reason --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--reason')
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys set-state -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_history() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys history -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys history -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys history -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys history -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_quota() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|set|clear|refresh)
        # Offer subcommand argument completions
        "_orkctl_keys_quota_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show set clear refresh' -- "${cur}"))
        ;;
    esac
}

_orkctl_keys_quota_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys quota list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys quota list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys quota list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_keys_quota_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys quota show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_quota_set() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--requests --tokens --window --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--requests')
        return
        ;;
    '--tokens')
        return
        ;;
    '--window')
        __orkctl_add_completions -W 'hourly'$'\n''daily'$'\n''monthly'
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys quota set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_quota_clear() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys quota clear -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_quota_refresh() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys quota refresh -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_remove() {
    repeating_flags=()
    non_repeating_flags=(--if-exists --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion keys remove -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_keys_prune() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--state)
    non_repeating_options=(--older-than --max --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--state')
        __orkctl_add_completions -W 'usable'$'\n''resting'$'\n''exhausted'$'\n''suspect'$'\n''broken'$'\n''invalid'$'\n''disabled'
        return
        ;;
    '--older-than')
        return
        ;;
    '--max')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_clients() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|add|set|enable|disable|rotate|remove|prune)
        # Offer subcommand argument completions
        "_orkctl_clients_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show add set enable disable rotate remove prune' -- "${cur}"))
        ;;
    esac
}

_orkctl_clients_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--state --filter)
    non_repeating_options=(--environment --env --user --columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--state')
        __orkctl_add_completions -W 'usable'$'\n''disabled'$'\n''expired'
        return
        ;;
    '--environment'|'--env')
        __orkctl_add_completions -W 'live'$'\n''test'$'\n''staging'$'\n''dev'
        return
        ;;
    '--user')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients list -- --user "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_clients_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_clients_add() {
    repeating_flags=()
    non_repeating_flags=(--primary --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--permission --tag --allow-model --allow-endpoint --allow-ip --allow-referrer)
    non_repeating_options=(--environment --env --user --pool --expires --note --max-requests --secret-file --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--environment'|'--env')
        __orkctl_add_completions -W 'live'$'\n''test'$'\n''staging'$'\n''dev'
        return
        ;;
    '--permission')
        __orkctl_add_completions -W 'inference'$'\n''catalogue'$'\n''user'$'\n''passthrough'$'\n''admin'$'\n''chat.completions'$'\n''completions'$'\n''responses'$'\n''messages'$'\n''embeddings'$'\n''images.generate'$'\n''audio'$'\n''inference.other'$'\n''read:user'$'\n''write:user'$'\n''models.list'$'\n''read'$'\n''write'
        return
        ;;
    '--user')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients add -- --user "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--pool')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients add -- --pool "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--expires')
        return
        ;;
    '--tag')
        return
        ;;
    '--note')
        return
        ;;
    '--allow-model')
        return
        ;;
    '--allow-endpoint')
        return
        ;;
    '--allow-ip')
        return
        ;;
    '--allow-referrer')
        return
        ;;
    '--max-requests')
        return
        ;;
    '--secret-file')
        __orkctl_add_completions -f
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_clients_set() {
    repeating_flags=()
    non_repeating_flags=(--primary --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--permission --tag --allow-model --allow-endpoint --allow-ip --allow-referrer)
    non_repeating_options=(--rename --user --pool --expires --note --max-requests --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--rename')
        return
        ;;
    '--permission')
        __orkctl_add_completions -W 'inference'$'\n''catalogue'$'\n''user'$'\n''passthrough'$'\n''admin'$'\n''chat.completions'$'\n''completions'$'\n''responses'$'\n''messages'$'\n''embeddings'$'\n''images.generate'$'\n''audio'$'\n''inference.other'$'\n''read:user'$'\n''write:user'$'\n''models.list'$'\n''read'$'\n''write'
        return
        ;;
    '--user')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients set -- --user "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--pool')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients set -- --pool "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--expires')
        return
        ;;
    '--tag')
        return
        ;;
    '--note')
        return
        ;;
    '--allow-model')
        return
        ;;
    '--allow-endpoint')
        return
        ;;
    '--allow-ip')
        return
        ;;
    '--allow-referrer')
        return
        ;;
    '--max-requests')
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_clients_enable() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients enable -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_clients_disable() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--reason --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--reason')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients disable -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_clients_rotate() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--grace --secret-file --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--grace')
        return
        ;;
    '--secret-file')
        __orkctl_add_completions -f
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients rotate -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_clients_remove() {
    repeating_flags=()
    non_repeating_flags=(--if-exists --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion clients remove -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_clients_prune() {
    repeating_flags=()
    non_repeating_flags=(--expired --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--older-than --max --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--older-than')
        return
        ;;
    '--max')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_users() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|create|set|enable|disable|remove)
        # Offer subcommand argument completions
        "_orkctl_users_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show create set enable disable remove' -- "${cur}"))
        ;;
    esac
}

_orkctl_users_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion users list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion users list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion users list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_users_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion users show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_users_create() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--tag)
    non_repeating_options=(--email --auth-method --metered --subscription --trial-ends --preferences --note --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--email')
        return
        ;;
    '--auth-method')
        __orkctl_add_completions -W 'email'$'\n''wallet'$'\n''google'
        return
        ;;
    '--metered')
        __orkctl_add_completions -W 'yes'$'\n''no'
        return
        ;;
    '--subscription')
        __orkctl_add_completions -W 'trial'$'\n''active'$'\n''ended'
        return
        ;;
    '--trial-ends')
        return
        ;;
    '--preferences')
        return
        ;;
    '--tag')
        return
        ;;
    '--note')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_users_set() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--tag)
    non_repeating_options=(--rename --email --auth-method --metered --subscription --trial-ends --preferences --note --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--rename')
        return
        ;;
    '--email')
        return
        ;;
    '--auth-method')
        __orkctl_add_completions -W 'email'$'\n''wallet'$'\n''google'
        return
        ;;
    '--metered')
        __orkctl_add_completions -W 'yes'$'\n''no'
        return
        ;;
    '--subscription')
        __orkctl_add_completions -W 'trial'$'\n''active'$'\n''ended'
        return
        ;;
    '--trial-ends')
        return
        ;;
    '--preferences')
        return
        ;;
    '--tag')
        return
        ;;
    '--note')
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion users set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_users_enable() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion users enable -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_users_disable() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--reason --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--reason')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion users disable -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_users_remove() {
    repeating_flags=()
    non_repeating_flags=(--if-exists --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion users remove -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_pools() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|add|set|remove)
        # Offer subcommand argument completions
        "_orkctl_pools_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list add set remove' -- "${cur}"))
        ;;
    esac
}

_orkctl_pools_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_pools_add() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--strategy --objective --floor --fallback --note --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--strategy')
        __orkctl_add_completions -W 'sticky'$'\n''lru'$'\n''round-robin'$'\n''weighted'$'\n''random'$'\n''least-used'$'\n''health'
        return
        ;;
    '--objective')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools add -- --objective "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--floor')
        return
        ;;
    '--fallback')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools add -- --fallback "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--note')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_pools_set() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--rename --strategy --objective --floor --fallback --note --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--rename')
        return
        ;;
    '--strategy')
        return
        ;;
    '--objective')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools set -- --objective "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--floor')
        return
        ;;
    '--fallback')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools set -- --fallback "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--note')
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_pools_remove() {
    repeating_flags=()
    non_repeating_flags=(--if-exists --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion pools remove -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_accounts() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|set)
        # Offer subcommand argument completions
        "_orkctl_accounts_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show set' -- "${cur}"))
        ;;
    esac
}

_orkctl_accounts_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion accounts list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion accounts list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion accounts list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_accounts_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion accounts show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_accounts_set() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--name --note --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--name')
        return
        ;;
    '--note')
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion accounts set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_quota() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|set|clear|refresh)
        # Offer subcommand argument completions
        "_orkctl_quota_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show set clear refresh' -- "${cur}"))
        ;;
    esac
}

_orkctl_quota_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion quota list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion quota list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion quota list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_quota_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion quota show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_quota_set() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--requests --tokens --window --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--requests')
        return
        ;;
    '--tokens')
        return
        ;;
    '--window')
        __orkctl_add_completions -W 'hourly'$'\n''daily'$'\n''monthly'
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion quota set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_quota_clear() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion quota clear -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_quota_refresh() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion quota refresh -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_limits() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    show|set|clear)
        # Offer subcommand argument completions
        "_orkctl_limits_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'show set clear' -- "${cur}"))
        ;;
    esac
}

_orkctl_limits_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion limits show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_limits_set() {
    repeating_flags=()
    non_repeating_flags=(--shadow --no-shadow --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--rpm --rph --rpd --tpm --tph --tpd --burst --concurrency --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--rpm')
        return
        ;;
    '--rph')
        return
        ;;
    '--rpd')
        return
        ;;
    '--tpm')
        return
        ;;
    '--tph')
        return
        ;;
    '--tpd')
        return
        ;;
    '--burst')
        return
        ;;
    '--concurrency')
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion limits set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_limits_clear() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion limits clear -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_budgets() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|set|remove)
        # Offer subcommand argument completions
        "_orkctl_budgets_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show set remove' -- "${cur}"))
        ;;
    esac
}

_orkctl_budgets_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion budgets list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion budgets list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion budgets list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion budgets list -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_budgets_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion budgets show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_budgets_set() {
    repeating_flags=()
    non_repeating_flags=(--hard --soft --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--warn-at)
    non_repeating_options=(--limit --time-zone --if-version --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--limit')
        return
        ;;
    '--time-zone')
        return
        ;;
    '--warn-at')
        return
        ;;
    '--if-version')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion budgets set -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_budgets_remove() {
    repeating_flags=()
    non_repeating_flags=(--if-exists --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion budgets remove -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_credits() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|add|deduct|refund|history)
        # Offer subcommand argument completions
        "_orkctl_credits_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list add deduct refund history' -- "${cur}"))
        ;;
    esac
}

_orkctl_credits_list() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits list -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_credits_add() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--note --key --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--note')
        return
        ;;
    '--key')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits add -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_credits_deduct() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--note --key --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--note')
        return
        ;;
    '--key')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits deduct -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_credits_refund() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--note --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--note')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_credits_history() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits history -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits history -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits history -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion credits history -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_usage() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--by --since --until --columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--by')
        __orkctl_add_completions -W 'user'$'\n''client'$'\n''key'$'\n''account'$'\n''model'$'\n''environment'$'\n''day'$'\n''hour'$'\n''user,model'
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion usage -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion usage -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion usage -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_reconcile() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--window --tolerance --least --socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--window')
        __orkctl_add_completions -W 'daily'$'\n''weekly'$'\n''monthly'
        return
        ;;
    '--tolerance')
        return
        ;;
    '--least')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion reconcile -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_models() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|providers|refresh|cache)
        # Offer subcommand argument completions
        "_orkctl_models_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show providers refresh cache' -- "${cur}"))
        ;;
    esac
}

_orkctl_models_list() {
    repeating_flags=()
    non_repeating_flags=(--free --no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--provider --columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--provider')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models list -- --provider "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models list -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models list -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models list -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models list -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_models_show() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models show -- positional@0 "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_orkctl_models_providers() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models providers -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models providers -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion models providers -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_models_refresh() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_models_cache() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_cleanup() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--class)
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--class')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_config() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    show|check|set)
        # Offer subcommand argument completions
        "_orkctl_config_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'show check set' -- "${cur}"))
        ;;
    esac
}

_orkctl_config_show() {
    repeating_flags=()
    non_repeating_flags=(--no-header --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=(--filter)
    non_repeating_options=(--columns --sort --limit --watch --socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--columns')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion config show -- --columns "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion config show -- --sort "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--filter')
        __orkctl_add_completions -W "$(__orkctl_custom_complete ---completion config show -- --filter "${COMP_CWORD}" "$(__orkctl_cursor_index_in_current_word)")"
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_config_check() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -f
        return
        ;;
    esac
}

_orkctl_config_set() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    strategy)
        # Offer subcommand argument completions
        "_orkctl_config_set_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'strategy' -- "${cur}"))
        ;;
    esac
}

_orkctl_config_set_strategy() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W 'sticky'$'\n''lru'$'\n''round-robin'$'\n''weighted'$'\n''random'$'\n''least-used'$'\n''health'
        return
        ;;
    esac
}

_orkctl_daemon() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    drain|resume|version)
        # Offer subcommand argument completions
        "_orkctl_daemon_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'drain resume version' -- "${cur}"))
        ;;
    esac
}

_orkctl_daemon_drain() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_daemon_resume() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_daemon_version() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_shell() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_completion() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __orkctl_add_completions -W 'bash'$'\n''zsh'$'\n''fish'
        return
        ;;
    esac
}

_orkctl_version() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --yes -y -n --dry-run --no-input --no-color --no-pager --show-request --version -h --help)
    repeating_options=()
    non_repeating_options=(--socket -o --output --color --timeout)
    __orkctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--socket')
        __orkctl_add_completions -f
        return
        ;;
    '-o'|'--output')
        __orkctl_add_completions -W 'table'$'\n''wide'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''tsv'$'\n''name'
        return
        ;;
    '--color')
        __orkctl_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--timeout')
        return
        ;;
    esac
}

_orkctl_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __orkctl_offer_flags_options -1
}

complete -o filenames -F _orkctl orkctl
