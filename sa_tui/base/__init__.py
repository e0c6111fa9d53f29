"""What every room may use; it knows nothing of ours and imports nothing heavy.

text     text from outside, made safe to show
secrets  what a token looks like, and text without it
locks    the lock on a file that every sa-tui shares
"""
