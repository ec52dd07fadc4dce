"""What stands around the figures: peers and the economy."""

from retrieval.training.vocabulary.topic import Topic

BENCHMARKS = Topic(
    ("Tu {metric} está en el percentil {count} entre {days} {peers}: mejor que varios negocios como el tuyo",
     "Frente a {days} {peers}, tu {metric} es {pct} más que la mediana",
     "Comparado con {peers}, en {metric} estás en la parte baja: ahí hay espacio"),
    ("cómo estoy frente a otros en {metric}", "mi {metric} comparado con la competencia",
     "{metric} de negocios como el mío",
     "soy mejor o peor que otros en {metric}", "mi {metric} es mejor que el de la competencia",
     "{metric} contra el rubro",
        "cómo están los demás en {metric}", "le gano a la competencia en {metric}",
        "cómo ando contra el rubro en {metric}",
     "está bien mi {metric} para una {peer}",
     "en qué percentil estoy en {metric}", "qué {metric} tienen los demás"),
)  # fmt: skip
PEERS = (
    "panaderías", "cafeterías", "ferreterías", "tiendas de ropa", "restaurantes", "minimarkets", "farmacias",
    "librerías",
    "peluquerías", "florerías", "tiendas de mascotas", "botillerías", "pastelerías", "jugueterías",
)  # fmt: skip

MACRO = {
    "dollar": Topic(
        ("El dólar subió {pct} en tres meses: viento en contra para lo importado",
         "Dólar observado en {when}: {money}, {pct} más"),
        ("cómo me afecta el dólar", "a cuánto está el dólar", "el tipo de cambio", "qué pasa con lo importado",
         "la divisa"),
    ),
    "inflation": Topic(
        ("La inflación de {when} fue {pct} en 12 meses: tus ventas reales crecieron menos",
         "El IPC subió {pct}; descontada la inflación tus ventas son {points}"),
        ("le gané a la inflación", "cuánto crecí de verdad", "ventas en términos reales", "cuánto subió el ipc",
         "descontando la inflación", "subieron los precios en el país"),
    ),
    "rate": Topic(
        ("La tasa de política monetaria está en {pct}: el crédito está caro", "El Banco Central bajó la TPM a {pct}"),
        ("cómo me afecta la tasa de interés", "conviene pedir un crédito", "es buen momento para endeudarse", "la tpm",
         "están caros los préstamos"),
    ),
    "activity": Topic(
        ("El IMACEC creció {pct} en {when}: la demanda acompaña", "La actividad económica cayó {pct} en {when}"),
        ("cómo está la economía", "el imacec", "hay más consumo en el país", "la situación del país",
         "está mala la cosa"),
    ),
    "unemployment": Topic(
        ("El desempleo está en {pct}: menos gente con sueldo", "La desocupación subió a {pct} en {when}"),
        ("cómo está el desempleo", "hay mucha cesantía", "la desocupación me afecta", "hay gente sin pega"),
    ),
    "uf": Topic(
        ("La UF cerró {when} en {money}", "En UF, tus ventas de {when} fueron {count}"),
        ("cuánto vale la uf", "cuánto vendí en uf", "pasa mis ventas a uf", "el valor de la unidad de fomento"),
    ),
}  # fmt: skip
