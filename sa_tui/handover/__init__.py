"""Getting a fresh secret out safely: to a file, a command or a clipboard, with a journal beside it.

delivery   what a secret belongs to, and what became of handing it over
file       a new file that only its owner can read
command    another program's standard input
clipboard  the operator's clipboard, through tmux, screen, the terminal or a tool of the desktop
tmux       a buffer of tmux's, which tmux deletes at its time
journal    what was begun and not yet acknowledged
batches    changes that were confirmed together and are not all sent yet
records    what the files of records share: private, forgiving, and one lock
address    whether two addresses lead to the same Konnect
masked     a secret as the screen may show it
harden     no core dumps

A secret is unwrapped only in the line that hands it over. This room imports no other room.
"""
