"""Recall and rank over a company's chunks, asked in words that neither the chunks nor the training pairs use."""

from hypothesis import given
from hypothesis import strategies as st

from core import db
from core.periods import MONTHS, Period, label
from core.tenancy import Scope
from retrieval import Chunk, index, measure, quality

METRICS = {
    "sales": "Ventas netas",
    "average_ticket": "Ticket promedio",
    "gross_margin": "Margen bruto",
    "transactions": "Transacciones",
    "new_customers": "Clientes nuevos",
    "returns": "Devoluciones",
}
BRANCHES = ("Talca", "Curicó", "Linares")
DEFINITIONS = {
    "average_ticket": "Ticket promedio: ventas divididas por transacciones.",
    "gross_margin": "Margen bruto: ganancia bruta dividida por ventas.",
    "churn_rate": "Pérdida de clientes: parte de los clientes de antes que no volvió a comprar.",
    "repurchase_rate": "Tasa de recompra: parte de los clientes que compró más de una vez.",
    "customer_lifetime_value": "Valor de vida del cliente: ticket por frecuencia por permanencia.",
    "returns": "Devoluciones: lo que se devolvió o anuló con nota de crédito.",
}
INSIGHTS = {
    "talca-down": "Talca bajó 23 % en mayo 2026: casi todo es menos boletas, no tickets más chicos.",
    "masa-madre-up": "El pan de masa madre creció 41 % desde marzo 2026.",
    "hotel": "Hotel Plaza es el 18 % de tus ventas: perder ese cliente dolería.",
    "slipping": "9 clientes habituales no compran hace 60 días.",
    "dead": "7 productos llevan 90 días sin venta, el primero el alfajor de maicena.",
    "margin": "El margen de las empanadas de pino bajó 4,2 puntos: subió el costo y no el precio.",
    "discount": "Los descuentos del delivery subieron y las unidades no crecieron.",
    "hours": "La mejor hora es entre las 18 y las 19: 14 % de la venta.",
    "saturday": "El sábado es el mejor día de la semana.",
    "target": "Llevas el 92 % de la meta de octubre 2026.",
    "basket": "Las compras de un solo producto son el 62 %: ofrecer café con el pan sube el ticket.",
}
OTHERS = {
    "rejected": ("quality", "12 líneas de octubre.xlsx quedaron apartadas: fecha ilegible."),
    "duplicates": ("quality", "38 líneas idénticas a otras: posibles duplicados, se contaron."),
    "peers-ticket": ("benchmark", "Tu ticket promedio está en el percentil 62 entre 14 panaderías pequeñas de Chile."),
    "peers-margin": ("benchmark", "Tu margen bruto está en el percentil 31 entre 14 panaderías pequeñas de Chile."),
    "dollar": ("macro", "El dólar subió 6,2 % en tres meses: viento en contra para lo importado."),
    "ipc": ("macro", "Inflación de 4,1 % en 12 meses: en términos reales tus ventas crecieron 1,8 %."),
    "rate": ("macro", "La tasa de política monetaria está en 4,5 %: el crédito sigue caro."),
}
CASES = [
    ("¿cuánta plata entró en agosto?", "sales:2026-08"),
    ("facturación de marzo", "sales:2026-03"),
    ("cuanto vendi en talca en junio", "sales:2026-06:Talca"),
    ("vtas curico feb", "sales:2026-02:Curicó"),
    ("el gasto por compra en abril", "average_ticket:2026-04"),
    ("rentabilidad de enero", "gross_margin:2026-01"),
    ("cuántas boletas hice en julio", "transactions:2026-07"),
    ("gente nueva que llegó en septiembre en Linares", "new_customers:2026-09:Linares"),
    ("¿cuánto me devolvieron en mayo?", "returns:2026-05"),
    ("notas de crédito de octubre en curicó", "returns:2026-10:Curicó"),
    ("¿cómo calculás el ticket?", "average_ticket"),
    ("qué significa churn", "churn_rate"),
    ("qué es el CLV", "customer_lifetime_value"),
    ("fórmula de la rentabilidad", "gross_margin"),
    ("cómo se mide cuántos vuelven a comprar", "repurchase_rate"),
    ("¿por qué anduvo mal talca?", "talca-down"),
    ("por que se vino abajo la sucursal talca", "talca-down"),
    ("qué producto va para arriba", "masa-madre-up"),
    ("¿dependo demasiado de un solo comprador?", "hotel"),
    ("a quién debería llamar porque dejó de venir", "slipping"),
    ("¿qué saco del mostrador porque nadie lo lleva?", "dead"),
    ("a qué le subo el precio", "margin"),
    ("¿sirvieron las rebajas?", "discount"),
    ("¿cuándo pongo más gente a atender? hora punta", "hours"),
    ("qué día es el más fuerte", "saturday"),
    ("¿alcanzo el objetivo del mes?", "target"),
    ("¿qué harías para subir el ticket?", "basket"),
    ("qué combos podría armar para que lleven más", "basket"),
    ("¿quedó algo afuera al cargar el archivo?", "rejected"),
    ("hay ventas contadas dos veces", "duplicates"),
    ("¿mi boleta es mejor que la de la competencia?", "peers-ticket"),
    ("cómo ando en rentabilidad contra el rubro", "peers-margin"),
    ("¿me pega el tipo de cambio?", "dollar"),
    ("¿le estoy ganando a la inflación?", "ipc"),
    ("conviene endeudarse ahora", "rate"),
]


def company() -> list[Chunk]:
    chunks = [Chunk("definition", key, text.split(":")[0], text) for key, text in DEFINITIONS.items()]
    chunks += [Chunk("insight", key, "Hallazgo", text) for key, text in INSIGHTS.items()]
    chunks += [Chunk(kind, key, "", text) for key, (kind, text) in OTHERS.items()]
    for metric, name in METRICS.items():
        for month in range(1, 11):
            period = Period.month(2026, month)
            for branch in ("", *BRANCHES):
                key = f"{metric}:2026-{month:02}" + (f":{branch}" if branch else "")
                place = f" · sucursal {branch}" if branch else ""
                text = f"{name} de {label(period)}{place}: {month * 7}.{month}00, frente a {MONTHS[month - 2]}."
                chunks.append(
                    Chunk("metric", key, f"{name}{place} · {label(period)}", text, "", period.start, period.end)
                )
    return chunks


def test_fused_search_finds_the_paraphrased(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        index(company(), scope, connection)
        found = measure(CASES, scope, connection)
    assert found["fused"].questions == len(CASES)
    assert found["fused"].recall >= 0.95, found
    assert found["fused"].recall >= max(found["full_text"].recall, found["vectors"].recall), found
    assert found["fused"].mrr >= found["full_text"].mrr, found


def test_quality_of_nothing_is_nothing() -> None:
    assert quality([]).questions == 0


@given(st.lists(st.none() | st.integers(1, 5), min_size=1, max_size=30))
def test_a_better_place_never_lowers_quality(places: list[int | None]) -> None:
    found = quality(places)
    assert 0 <= found.mrr <= found.recall <= 1
    better = quality([1, *places[1:]])
    assert better.recall >= found.recall
    assert better.mrr >= found.mrr
