"""Makes the built-in series (`series.csv.gz`) from a folder of tidy `date,indicator,value,unit,source` files.

    python -m features.macro.build FOLDER

Keeps what INDICATORS name, from 2010 on; a later source's value replaces an earlier one's for the same day. The
figures are official ones, republished in public repositories; each row keeps where it was taken from.
"""

import sys
from pathlib import Path

import polars as pl

SERIES = Path(__file__).with_name("series.csv.gz")

# country -> our id -> the names of that series in the source, the later ones taking precedence
TAKEN: dict[str, dict[str, tuple[str, ...]]] = {
    "CL": {
        "cpi": ("ipc_var_mensual",),
        "uf": ("uf",),
        "usd": ("dolar_observado",),
        "policy_rate": ("tpm",),
        "activity": ("imacec_var_12m",),
        "unemployment": ("tasa_desempleo",),
    },
    "AR": {"cpi": ("ipc_var_mensual",), "usd": ("dolar_blue_promedio_mensual",)},
    "BR": {
        "cpi": ("ipca_var_mensual",),
        "usd": ("usd_brl_promedio_mensual",),
        "policy_rate": ("selic_efetiva_mensal", "selic_meta"),
    },
}


def build(folder: Path) -> pl.DataFrame:
    """Columns country, indicator, day, value (as written), source; one row a country, indicator and day."""
    parts = []
    for country, wanted in TAKEN.items():
        raw = pl.read_csv(folder / f"{country.lower()}.csv", infer_schema=False)
        for ours, theirs in wanted.items():
            for rank, name in enumerate(theirs):
                parts.append(
                    raw.filter(pl.col("indicator") == name).select(
                        pl.lit(country).alias("country"),
                        pl.lit(ours).alias("indicator"),
                        pl.col("date").alias("day"),
                        "value",
                        "source",
                        pl.lit(rank).alias("rank"),
                    )
                )
    frame = pl.concat(parts).filter(pl.col("day") >= "2010-01-01")
    frame = frame.sort("rank", maintain_order=True).unique(
        ["country", "indicator", "day"], keep="last", maintain_order=True
    )
    frame = frame.sort("country", "indicator", "day").drop("rank")
    # A rate that stands still says nothing new: only its changes are kept.
    same = (pl.col("value") == pl.col("value").shift(1).over("country", "indicator")).fill_null(False)
    daily_rate = (pl.col("country") == "CL") & (pl.col("indicator") == "policy_rate")
    first_of_month = pl.col("day").str.ends_with("-01")
    return frame.filter(~(daily_rate & same & ~first_of_month))


if __name__ == "__main__":
    import gzip

    made = build(Path(sys.argv[1]))
    SERIES.write_bytes(gzip.compress(made.write_csv().encode(), mtime=0))
    print(f"{SERIES.name}: {made.height} values, {SERIES.stat().st_size // 1024} KB")
