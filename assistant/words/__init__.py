"""Spanish as owners type it, made canonical: tokens, abbreviations, numbers, typos."""
