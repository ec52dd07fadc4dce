"""From verdicts to the scores, their thresholds, and the report that people and programs read."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from eval.case import Case
from eval.score import Verdict
from retrieval import Quality

Scores = dict[str, float]

THRESHOLDS: dict[str, tuple[str, float]] = {
    "figures": ("≥", 0.98),
    "wrong_figure": ("≤", 0.005),
    "refusal": ("≥", 0.95),
    "citations": ("≥", 1.0),
    "chart": ("≥", 1.0),
    "recall_at_5": ("≥", 0.95),
    "fused_over_each": ("≥", 0.0),
}
NAMES = {
    "passed": "todo bien",
    "status": "estado",
    "metric": "métrica",
    "period": "período",
    "figures": "cifras exactas",
    "names": "nombres",
    "says": "dice lo debido",
    "reading": "lectura",
    "recomputed": "recalculadas",
    "citations": "citas abren",
    "chart": "gráfico = cifras",
    "text": "texto = cifras",
    "repeatable": "repetible",
    "refusal": "negativas bien",
    "wrong_figure": "cifra equivocada",
    "refused_wrongly": "negó lo respondible",
    "recall_at_5": "recall@5 (fusión)",
    "fused_over_each": "fusión menos la mejor",
}


@dataclass(frozen=True, slots=True)
class Report:
    """`open` are the cases anyone may look at, `held_out` the tenth that nobody tunes on."""

    everything: Scores
    open: Scores
    held_out: Scores
    categories: dict[str, Scores]
    companies: dict[str, Scores]
    retrieval: dict[str, Quality]
    latency: dict[str, float]
    skipped: dict[str, int]
    counts: dict[str, int]
    failures: Sequence[Verdict]

    @property
    def below(self) -> list[str]:
        """The thresholds missed, in words; empty where the quality is as it should be."""
        return [
            f"{NAMES[name]}: {self.everything[name]:.4f}, debe ser {sign} {bound}"
            for name, (sign, bound) in THRESHOLDS.items()
            if name in self.everything and not _keeps(self.everything[name], sign, bound)
        ]

    def json(self) -> dict[str, Any]:
        return {
            "counts": self.counts,
            "everything": self.everything,
            "open": self.open,
            "held_out": self.held_out,
            "categories": self.categories,
            "companies": self.companies,
            "retrieval": {
                way: {"recall_at_5": q.recall, "mrr": q.mrr, "queries": q.questions}
                for way, q in self.retrieval.items()
            },
            "latency_ms": self.latency,
            "skipped": self.skipped,
            "below": self.below,
            "failures": [_failure(verdict) for verdict in self.failures],
        }


def make(verdicts: Sequence[Verdict], retrieval: dict[str, Quality], skipped: Iterable[tuple[Case, str]]) -> Report:
    """The report on these verdicts."""
    visible = [v for v in verdicts if not v.case.held_out]
    hidden = [v for v in verdicts if v.case.held_out]
    everything = scores(verdicts)
    if retrieval:
        fused = retrieval["fused"].recall
        everything["recall_at_5"] = fused
        everything["fused_over_each"] = fused - max(q.recall for way, q in retrieval.items() if way != "fused")
    reasons: defaultdict[str, int] = defaultdict(int)
    for case, reason in skipped:
        reasons[f"{case.company}: {reason}"] += 1
    return Report(
        everything=everything,
        open=scores(visible),
        held_out=scores(hidden),
        categories=_each(verdicts, lambda v: v.case.category),
        companies=_each(verdicts, lambda v: v.case.company),
        retrieval=retrieval,
        latency=latency([v.took_ms for v in verdicts]),
        skipped=dict(reasons),
        counts={
            "cases": len(verdicts),
            "groups": len({v.case.group for v in verdicts}),
            "held_out": len(hidden),
            "listed": sum(v.case.listed for v in verdicts),
        },
        failures=[v for v in visible if not v.passed or v.wrong_figure],
    )


def scores(verdicts: Sequence[Verdict]) -> Scores:
    """Each measure's mean over groups, a group being the mean of its paraphrases."""
    tally: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for verdict in verdicts:
        group = verdict.case.group
        tally["passed"][group].append(float(verdict.passed))
        tally["wrong_figure"][group].append(float(verdict.wrong_figure))
        if verdict.case.status == ("answered",):
            tally["refused_wrongly"][group].append(float(not verdict.measures["status"]))
        for measure, good in verdict.measures.items():
            tally[measure][group].append(float(good))
    return {
        measure: sum(sum(marks) / len(marks) for marks in groups.values()) / len(groups)
        for measure, groups in sorted(tally.items())
    }


def latency(times: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile, in milliseconds."""
    if len(times) < 2:
        return {}
    cuts = quantiles(times, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}


def markdown(report: Report, last: dict[str, Any] | None) -> str:
    """The report as people read it, beside the last one."""
    before = (last or {}).get("everything", {})
    lines = [
        "# Calidad de las respuestas",
        "",
        f"{report.counts['cases']} casos en {report.counts['groups']} grupos; "
        f"{report.counts['held_out']} casos apartados, {report.counts['listed']} de la lista de preguntas reales.",
        "",
        "| medida | todos | antes | a la vista | apartados | umbral |",
        "|---|---|---|---|---|---|",
    ]
    for name in (n for n in NAMES if n in report.everything):
        sign, bound = THRESHOLDS.get(name, ("", 0.0))
        told = (report.everything.get(name), before.get(name), report.open.get(name), report.held_out.get(name))
        lines.append(
            f"| {NAMES[name]} | {' | '.join(_score(t) for t in told)} | {f'{sign} {bound:g}' if sign else ''} |"
        )
    lines += ["", *_tables(report)]
    lines += ["", "Tiempo de respuesta: " + ", ".join(f"{k} {v} ms" for k, v in report.latency.items())]
    lines += [f"Sin correr: {count} casos ({reason})" for reason, count in report.skipped.items()]
    lines += ["", "**Bajo el umbral:** " + "; ".join(report.below) if report.below else "Todo sobre los umbrales."]
    return "\n".join(lines) + "\n"


def _tables(report: Report) -> list[str]:
    lines = ["| búsqueda | recall@5 | MRR | preguntas |", "|---|---|---|---|"]
    lines += [f"| {way} | {q.recall:.3f} | {q.mrr:.3f} | {q.questions} |" for way, q in report.retrieval.items()]
    shown = ("passed", "status", "metric", "period", "figures", "names", "says", "wrong_figure")
    for title, table in (("categoría", report.categories), ("empresa", report.companies)):
        lines += ["", f"| {title} | {' | '.join(NAMES[s] for s in shown)} |", "|---" * (len(shown) + 1) + "|"]
        lines += [f"| {name} | {' | '.join(_score(row.get(s)) for s in shown)} |" for name, row in table.items()]
    return lines


def failures(report: Report) -> str:
    """What went wrong in the cases at view, grouped by category; the held-out ones are never told."""
    lines = []
    for verdict in sorted(report.failures, key=lambda v: (v.case.category, v.case.id)):
        case = verdict.case
        asked = " → ".join(case.turns)
        lines.append(f"- [{case.category}] {case.id} ({case.company}, {case.as_of}): {asked}")
        lines += [f"    {note}" for note in verdict.notes]
    return "\n".join(lines)


def write(report: Report, home: Path) -> str:
    """Keep the report beside the last one's figures; returns the Markdown."""
    path = home / "report.json"
    last = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    told = markdown(report, last)
    path.write_text(json.dumps(report.json(), ensure_ascii=False, indent=1), encoding="utf-8")
    (home / "report.md").write_text(told, encoding="utf-8")
    return told


def _failure(verdict: Verdict) -> dict[str, Any]:
    case = verdict.case
    return {"id": case.id, "category": case.category, "turns": list(case.turns), "notes": verdict.notes}


def _each(verdicts: Sequence[Verdict], key: Callable[[Verdict], str]) -> dict[str, Scores]:
    return {name: scores([v for v in verdicts if key(v) == name]) for name in sorted({key(v) for v in verdicts})}


def _keeps(score: float, sign: str, bound: float) -> bool:
    return score >= bound - 1e-12 if sign == "≥" else score <= bound + 1e-12


def _score(score: float | None) -> str:
    return "" if score is None else f"{score:.3f}"
