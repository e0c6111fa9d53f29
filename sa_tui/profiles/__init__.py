"""Which organisation, and where its token comes from; a token itself is never kept here.

model     Profile and the token sources; checked wherever they come from
store     profiles.toml, read whole and changed in place
sources   read_token: the token from where a profile says it is kept
discover  what other Konnect tools have configured already
"""
