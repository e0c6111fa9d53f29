"""System accounts of a Kong Konnect organisation, in a terminal.

cli        arguments; the only place where objects are wired together
ui         the terminal application (the only importer of Textual)
access     who can do what, by which path; pure functions over a snapshot
org        what one organisation is: one snapshot, every load, every change
api        Konnect's Identity API over HTTP; usable on its own
profiles   which organisation, and where its token comes from (never the token itself)
handover   getting a fresh secret out safely: clipboard, file, command, journal
demo       a believable Konnect, in process and on a loopback socket

Imports point down the list `cli, ui, access, org, api`; profiles, handover and demo import no other
room.
"""

__version__ = "0.1.0"
