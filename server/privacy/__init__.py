"""Rights of the persons in a company's data (Ley 21.719): found everywhere, told, corrected, kept out, erased."""
