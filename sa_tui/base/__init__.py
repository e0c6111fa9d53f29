"""What every room may use; it knows nothing of ours and imports nothing heavy.

text          text from outside, made safe to show
secrets       what a token looks like; text without it, a secret masked
times         ages, dates, lifetimes and waits
words         counts and ids in a sentence
private_file  files for their owner alone, and the lock that every sa-tui shares
address       one spelling of Konnect's address
label         what a token belongs to
installing    how an optional package is installed
"""
