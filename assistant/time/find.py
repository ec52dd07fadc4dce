"""When: from Spanish to periods. Pure; 'today' is passed in, and what was assumed is said in the label."""

from datetime import date

from assistant.time.rules import RULES
from assistant.time.when import Found, When
from assistant.words.canonical import canonical, words


def parse_period(text: str, today: date, country: str = "CL") -> tuple[When, ...]:
    """The periods named in `text`, in the order they stand there; empty where it names none. Never raises."""
    return tuple(f.when for f in find(canonical(words(text)), today, country) if f.when)


def find(text: str, today: date, country: str = "CL") -> list[Found]:
    """All stretches of time in canonical `text`, longest first where they overlap, in reading order."""
    taken: list[Found] = []
    for pattern, read in RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < f.end and f.start < end for f in taken):
                continue
            try:
                found = read(match, today, country)
            except (ValueError, OverflowError):  # 31 de febrero, year 0
                taken.append(Found(start, end, None, match.group().strip()))
                continue
            if found is not None:
                taken.append(Found(start, end, found))
    return sorted(taken, key=lambda f: f.start)
