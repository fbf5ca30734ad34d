"""Which criteria an arrest meets: `criteria` are what may be watched, `rules` what meets them, `linkage` compares
persons."""
