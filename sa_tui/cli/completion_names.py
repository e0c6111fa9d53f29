"""How each shell asks for names while a line is typed: `candidates` prints them.

The rule it keeps: the names come from the last snapshot, without a network; what the shell gets is
one name on each line, and the shell quotes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shtab

if TYPE_CHECKING:
    from argparse import Action, ArgumentParser

_BY_METAVAR = {
    "ACCOUNT": "accounts",
    "ACCOUNT|QUERY": "accounts",
    "TEAM": "teams",
    "TOKEN": "tokens",
}
_NAMES_OF = {
    "account delete": "accounts",
    "role list": "accounts",
    "role give": "accounts",
    "role take": "accounts",
    "team delete": "teams",
    "team join": "accounts",
    "team leave": "accounts",
    "compare": "members",
    "profiles test": "profiles",
    "profiles remove": "profiles",
}
"""What NAME is an argument of these commands; elsewhere it is a new name."""
_PATHS = {"FILE": shtab.FILE, "PATH": shtab.FILE, "DIR": shtab.DIRECTORY}

_BASH = r"""
# Prints the names of a kind, for the profile and the account that are on the line.
_sa_tui_ask() {
  local -a options=()
  local at word account=
  for (( at = 1; at < COMP_CWORD; at++ )); do
    word=${COMP_WORDS[at]}
    case $word in
      --profile | --config | --from)
        [[ ${COMP_WORDS[at + 1]} == "=" ]] && (( at++ ))
        (( ++at < COMP_CWORD )) && options+=("$word" "${COMP_WORDS[at]//\\/}")
        ;;
      -*) ;;
      *) account=${word//\\/} ;;
    esac
  done
  command sa-tui "${options[@]}" __complete "$1" "$account" 2>/dev/null
}

_sa_tui_names() {
  local name
  while IFS= read -r name; do
    printf -v name %q "$name"
    [[ $name == "$2"* ]] && printf '%s\n' "$name"
  done < <(_sa_tui_ask "$1")
}
_sa_tui_accounts() { _sa_tui_names accounts "$1"; }
_sa_tui_teams() { _sa_tui_names teams "$1"; }
_sa_tui_tokens() { _sa_tui_names tokens "$1"; }
_sa_tui_members() { _sa_tui_names members "$1"; }
_sa_tui_profiles() { _sa_tui_names profiles "$1"; }
"""

_ZSH = r"""
# Offers the names of a kind, for the profile and the account that are on the line.
_sa_tui_names() {
  local -a line options names
  local word account=
  line=("${(@Q)${(z)LBUFFER}}")
  [[ $LBUFFER == *" " ]] || line[-1]=()
  shift line
  while (( $#line )); do
    word=$line[1]
    shift line
    case $word in
      --profile | --config | --from)
        (( $#line )) && options+=("$word" "$line[1]") && shift line
        ;;
      -*) ;;
      *) account=$word ;;
    esac
  done
  names=("${(@f)$(command sa-tui $options __complete $1 "$account" 2>/dev/null)}")
  names=(${names:#})
  compadd -a names
}
_sa_tui_accounts() { _sa_tui_names accounts }
_sa_tui_teams() { _sa_tui_names teams }
_sa_tui_tokens() { _sa_tui_names tokens }
_sa_tui_members() { _sa_tui_names members }
_sa_tui_profiles() { _sa_tui_names profiles }
"""

_FISH = r"""
# Prints the names of a kind, for the profile and the account that are on the line.
function __sa_tui_names
  set -l line (commandline -opc)
  set -l options
  set -l account ''
  set -l at 2
  while test $at -le (count $line)
    switch $line[$at]
      case --profile --config --from
        set at (math $at + 1)
        test $at -le (count $line); and set -a options $line[(math $at - 1)] $line[$at]
      case '-*'
      case '*'
        set account $line[$at]
    end
    set at (math $at + 1)
  end
  command sa-tui $options __complete $argv[1] $account 2>/dev/null
end
"""
PREAMBLES = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def complete_names(parser: ArgumentParser, words: tuple[str, ...] = ()) -> None:
    """Says for every argument that takes a name or a path how it is completed."""
    for action in parser._actions:  # noqa: SLF001 - argparse lists them nowhere else
        if isinstance(action.choices, dict):
            for name, command in action.choices.items():
                complete_names(command, (*words, name))
        elif action.metavar in _PATHS:
            action.complete = _PATHS[str(action.metavar)]  # type: ignore[attr-defined]
        elif kind := _kind(action, " ".join(words)):
            action.complete = {  # type: ignore[attr-defined]
                "bash": f"_sa_tui_{kind}",
                "zsh": f"_sa_tui_{kind}",
                "fish": f"(__sa_tui_names {kind})",
                "tcsh": "",
            }


def _kind(action: Action, command: str) -> str | None:
    if action.metavar == "NAME" and not action.option_strings:
        return _NAMES_OF.get(command)
    if "--profile" in action.option_strings:
        return "profiles"
    return _BY_METAVAR.get(str(action.metavar))
