"""Panadería La Espiga, the demo, and bakeries like it. None of them exists."""

from dataclasses import replace

import numpy as np

from ingest.demo.profile import Account, Branch, Product, Profile
from ingest.demo.stories import Story

PRODUCTS = (
    Product("Marraqueta", "Pan", 2_190, 980, 11.0, by_weight=True, most=3, wholesale=True),
    Product("Hallulla", "Pan", 2_290, 1_010, 9.0, by_weight=True, most=3, wholesale=True),
    Product("Pan amasado", "Pan", 2_690, 1_240, 4.5, season="frío", by_weight=True, wholesale=True),
    Product("Pan integral", "Pan", 3_290, 1_620, 2.6, by_weight=True),
    Product("Dobladita", "Pan", 350, 150, 4.0, most=6, wholesale=True),
    Product("Pan de molde", "Pan", 2_990, 1_380, 2.2, wholesale=True),
    Product("Empanada de pino", "Empanadas", 2_400, 1_060, 4.8, season="fiestas patrias", most=5, wholesale=True),
    Product("Empanada de queso", "Empanadas", 1_900, 800, 3.4, season="semana santa", most=4),
    Product("Empanada napolitana", "Empanadas", 2_100, 930, 1.6, most=3),
    Product("Berlín", "Pastelería", 1_190, 430, 3.2, most=4),
    Product("Medialuna", "Pastelería", 950, 340, 3.6, most=4, wholesale=True),
    Product("Alfajor", "Pastelería", 890, 310, 2.4, most=5, wholesale=True),
    Product("Chilenito", "Pastelería", 690, 230, 1.2, season="fiestas patrias", most=6),
    Product("Brazo de reina", "Pastelería", 8_490, 3_650, 0.8, most=1),
    Product("Torta de mil hojas", "Repostería", 18_900, 8_700, 0.75, most=1),
    Product("Torta tres leches", "Repostería", 17_900, 7_950, 0.95, most=1),
    Product("Kuchen de nuez", "Repostería", 13_900, 6_350, 0.75, most=1, wholesale=True),
    Product("Kuchen de frambuesa", "Repostería", 12_900, 5_800, 0.7, most=1, wholesale=True),
    Product("Pie de limón", "Repostería", 11_900, 4_900, 0.6, most=1),
    Product("Pan de pascua", "Temporada", 9_900, 4_300, 0.5, season="navidad"),
    Product("Ave palta", "Sándwiches", 3_990, 1_780, 1.6),
    Product("Barros Luco", "Sándwiches", 4_790, 2_250, 1.3),
    Product("Sándwich de jamón y queso", "Sándwiches", 2_890, 1_190, 1.9),
    Product("Café americano", "Cafetería", 1_590, 420, 3.0),
    Product("Café con leche", "Cafetería", 1_990, 620, 3.3, season="frío"),
    Product("Té", "Cafetería", 1_200, 240, 1.4, season="frío"),
    Product("Chocolate caliente", "Cafetería", 2_290, 880, 1.0, season="frío"),
    Product("Jugo natural", "Cafetería", 2_390, 940, 1.2, season="calor"),
)

ACCOUNTS = (
    Account("Cafetería 12", "Curicó", 3.2, 1.5),
    Account("Hotel 3", "Curicó", 2.6, 1.2),
    Account("Colegio 7", "Linares", 2.2, 1.0),
    Account("Casino 5", "Curicó", 2.2, 1.1),
    Account("Almacén 21", "Linares", 2.4, 0.7),
    Account("Almacén 34", "Curicó", 1.8, 0.6),
    Account("Restaurante 8", "Linares", 1.8, 0.8),
    Account("Hostal 4", "Curicó", 1.2, 0.6),
)

STORIES = (
    Story("talca-fell", "volume", "branch", "Talca", month=-5, factor=0.72),
    Story("nut-kuchen-rose", "volume", "product", "Kuchen de nuez", month=-4, factor=2.4),
    Story("tres-leches-cost", "cost", "product", "Torta tres leches", month=-7, factor=1.38),
    Story("cafeteria-stopped", "stopped", "customer", "Cafetería 12", month=-2),
    Story("sandwich-discounts", "discount", "category", "Sándwiches", month=-3, until=-3, factor=0.55),
)

LA_ESPIGA = Profile(
    name="Panadería La Espiga",
    seed=20,
    products=PRODUCTS,
    branches=(Branch("Curicó", 0.42, tills=3), Branch("Linares", 0.31), Branch("Talca", 0.27)),
    accounts=ACCOUNTS,
    stories=STORIES,
)

USUAL = LA_ESPIGA.lines / LA_ESPIGA.months
"""Lines a month that the accounts' sizes above belong to."""
TOWNS = ("Rancagua", "Chillán", "Temuco", "Osorno", "Los Ángeles", "Quillota", "Ovalle", "San Fernando")


def peers(count: int = 24, seed: int = 7, months: int = 14, lines: int = 12_000) -> tuple[Profile, ...]:
    """Bakeries to compare with: other sizes, prices, margins, mixes and growth, no stories. `lines` is their median."""
    chance = np.random.default_rng(seed)
    return tuple(_peer(number, chance, months, lines) for number in range(1, count + 1))


def _peer(number: int, chance: np.random.Generator, months: int, lines: int) -> Profile:
    towns = chance.choice(TOWNS, size=int(chance.integers(1, 4)), replace=False)
    mix = np.exp(chance.normal(0, 0.35, len(PRODUCTS)))
    size = float(np.exp(chance.normal(0, 0.3)))
    monthly = lines * size / months
    accounts = tuple(
        replace(account, branch=str(chance.choice(towns)), size=account.size * monthly / USUAL)
        for account in ACCOUNTS
        if chance.random() < 0.7
    )
    return Profile(
        name=f"Panadería generada {number:02}",
        seed=1_000 + number,
        products=tuple(replace(p, weight=p.weight * float(m)) for p, m in zip(PRODUCTS, mix, strict=True)),
        branches=tuple(Branch(str(town), float(chance.uniform(0.5, 1.5))) for town in towns),
        accounts=accounts,
        lines=int(lines * size),
        months=months,
        customers=int(monthly * chance.uniform(0.2, 0.45)),
        price_level=float(np.exp(chance.normal(0, 0.13))),
        cost_level=float(np.exp(chance.normal(0, 0.1))),
        growth=float(chance.normal(0.02, 0.07)),
        discounted=float(chance.uniform(0.01, 0.08)),
        returned=float(chance.uniform(0.002, 0.015)),
    )
