"""Getting a fresh secret out safely: to a file, a command or a clipboard.

delivery   what became of handing a secret over, and the places that take one
presets    named destinations that are known to work, and where a named one leads
filling    the names of account, token and organisation in a path or a command
file       a new file that only its owner can read
command    another program's standard input, and a second one that proves what arrived
process    runs such a program, without a shell
formats    a secret as the text of a file or of an item
clipboard  the operator's clipboard, through tmux, screen, the terminal or a tool of the desktop
tmux       a buffer of tmux's, which tmux deletes at its time
harden     no core dumps

A secret is unwrapped only in the line that hands it over. This room imports `base` alone.
"""
