"""The command: run the cases, write the report, and fail where the quality is below the thresholds."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from core import db
from core.settings import settings
from core.tenancy import Scope
from eval import case, questions, report, runner, stage, stories
from retrieval import Quality


def main(argv: Sequence[str]) -> int:
    """0 where every threshold is kept, 1 where one is not."""
    options = _options(argv)
    home = (options.home or settings().data_dir / "eval").resolve()
    home.mkdir(parents=True, exist_ok=True)
    cases = [c for c in case.load() if _wanted(c, options)]
    if not cases:
        print("Ningún caso calza con lo pedido.", file=sys.stderr)
        return 1
    with stage.staged(home, {c.company for c in cases}) as scopes:
        asked = asyncio.run(runner.run(cases, scopes, home, 1 if options.once else runner.RUNS, _tell))
        found = _retrieval(scopes["demo"]) if options.category is None and "demo" in scopes else {}
    result = report.make(asked.verdicts, found, asked.skipped)
    whole = options.company is None and options.category is None
    told = report.write(result, home) if whole else report.markdown(result, None)
    found_stories = stories.measure() if whole else None
    if options.json:
        extra = {"stories": stories.as_json(found_stories)} if found_stories else {}
        print(json.dumps({**result.json(), **extra}, ensure_ascii=False, indent=1))
    else:
        print("\n".join([told, *(stories.told(found_stories) if found_stories else ())]))
    if options.failures:
        print(report.failures(result))
    return 1 if result.below or (found_stories is not None and not found_stories.good) else 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ayni eval", description="Mide qué tan bien responde Ayni.")
    parser.add_argument("--company", help="solo los casos de esta empresa")
    parser.add_argument("--category", help="solo los de esta categoría")
    parser.add_argument("--failures", action="store_true", help="muestra los casos que fallaron (nunca los apartados)")
    parser.add_argument("--json", action="store_true", help="el informe en JSON")
    parser.add_argument("--once", action="store_true", help="pregunta una vez cada caso, sin medir si se repite igual")
    parser.add_argument("--home", type=Path, help="carpeta de trabajo (por omisión, eval/ en la de datos)")
    return parser.parse_args(argv)


def _wanted(one: case.Case, options: argparse.Namespace) -> bool:
    return options.company in (None, one.company) and options.category in (None, one.category)


def _retrieval(scope: Scope) -> dict[str, Quality]:
    """How well the search finds the chunk that a paraphrase asks for."""
    with db.tenant(scope) as connection:
        return questions.measure(scope, connection)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
