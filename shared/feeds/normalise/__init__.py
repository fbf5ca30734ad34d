"""Normalisation: makes an arrest or a command of each raw record. One spelling for names, dates, codes and numbers;
what is doubtful becomes a flag."""
