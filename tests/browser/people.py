"""Names that pages must bear. Nobody has them."""

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmo"  # 60 characters
MARKUP_NAME = "<b>Bold</b><script>alert(1)</script>"
RIGHT_TO_LEFT_NAME = "כהן"
