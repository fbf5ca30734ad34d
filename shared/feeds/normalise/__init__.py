"""Makes arrests of what a format read: one spelling for names, dates, codes and numbers, with flags where one is
doubtful."""
