"""The second ten layouts, written when the command was there, by somebody who had not seen it."""
