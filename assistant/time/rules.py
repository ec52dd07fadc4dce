"""What times look like: each pattern with the rule that reads it, the most particular first."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Callable, Iterator
from datetime import date

from assistant.seasons import NAMES
from assistant.time import dated, moving
from assistant.time.dated import ORDINAL
from assistant.time.moving import PART
from assistant.time.said import DAY, MONTH, NUMBER, UNIT, year_part
from assistant.time.when import When, to_date
from core.periods import Grain

Rule = Callable[[re.Match[str], date, str], When | None]
_SINCE = r"(?P<since>desde (?:el |la )?(?:1o? de |primero de |mes de )?)?"


def _compile(*pairs: tuple[str, Rule]) -> Iterator[tuple[re.Pattern[str], Rule]]:
    for pattern, rule in pairs:
        yield re.compile(rf"(?<![\w@])(?:{pattern})(?!\w)"), rule


RULES = tuple(
    _compile(
        (
            rf"(?:los |en los )?primer(?:os|as) (?P<n>{NUMBER}) dias (?:de (?P<m>{MONTH}){year_part()}|del mes)",
            moving.first_days,
        ),
        (
            r"(?:la |en la )?semana (?:numero )?(?P<n>\d{1,2})(?: (?:de |del )?(?P<y>20\d\d))?(?! de)",
            moving.week_number,
        ),
        (rf"(?:la |en la )?semana del (?:dia )?(?P<d>\d{{1,2}}) de (?P<m>{MONTH}){year_part()}", moving.week_of),
        (
            rf"(?:el |del |este )?(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo) (?P<since>(?!))?(?P<d>\d{{1,2}}) (?:de )?"
            rf"(?P<m>{MONTH}){year_part()}",
            dated.one_day,
        ),
        (
            r"(?:el |del )?(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo) (?P<d>\d{1,2})(?! (?:unidades|productos|clientes))",
            moving.weekday_number,
        ),
        (
            rf"(?:entre|del?|desde)(?: el)?(?: dia)? (?P<d1>{DAY})(?: de (?P<m1>{MONTH}){year_part('y1')})?"
            rf" (?:y|al?|hasta)(?: el)?(?: dia)? (?P<d2>{DAY}) de (?P<m2>{MONTH}){year_part('y2')}",
            dated.dates,
        ),
        (
            rf"(?:entre el|del|desde el)(?: dia)? (?P<d1>{DAY})(?P<m1>)?(?P<y1>)? (?:y el|al|hasta el)"
            rf"(?: dia)? (?P<d2>{DAY})(?: (?:de|del) (?:este )?mes)?(?! de)(?P<m2>(?!))?(?P<y2>(?!))?",
            dated.dates,
        ),
        (
            r"(?:entre|del?|desde)?(?: ?el)? ?(?P<a>\d+[/-]\d+(?:[/-]\d+)?) (?:y|al?|hasta)(?: el)? (?P<b>\d+[/-]\d+(?:[/-]\d+)?)",
            dated.numeric_range,
        ),
        (
            rf"(?:entre|desde)(?: el mes de)? (?P<m1>{MONTH}){year_part('y1')} (?:y|al?|hasta)(?: el mes de)? (?P<m2>{MONTH}){year_part('y2')}",
            dated.months,
        ),
        (rf"(?:de )?(?P<m1>{MONTH}){year_part('y1')} (?:al?|hasta) (?P<m2>{MONTH}){year_part('y2')}", dated.months),
        (
            rf"(?:la |en la )?(?P<n>primera|segunda|tercera|cuarta|ultima) semana (?:(?:de )?(?P<m>{MONTH}){year_part()}|del mes)",
            dated.week_of_month,
        ),
        (
            rf"(?:(?P<short>antes del?)|hasta)(?: el)?(?: mes de)?(?: dia)?(?: (?P<d>{DAY}) de)? (?P<m>{MONTH}){year_part()}",
            dated.until,
        ),
        (rf"(?:despues|pasad[oa]) del?(?: dia)?(?: (?P<d>{DAY}) de)? (?P<m>{MONTH}){year_part()}", dated.after),
        (
            rf"(?:la |en la )?(?P<n>primera|segunda|1ra|2da|1a|2a) mitad (?:de (?P<m>{MONTH}){year_part()}|de(?:l ano)? (?P<yy>20\d\d)|del ano)",
            dated.half_of,
        ),
        (
            rf"(?:a |en )?(?P<part>principios?|comienzos?|inicios?|mediados|fines|finales) de (?P<m>{MONTH}){year_part()}",
            dated.third_of,
        ),
        (
            rf"(?:los |en los )?ultimos (?P<n>{NUMBER}) dias (?:de|del mes de) (?P<m>{MONTH}){year_part()}",
            dated.last_days_of,
        ),
        (rf"(?:el )?(?P<d1>\d{{1,2}}) y (?:el )?(?P<d2>\d{{1,2}}) de (?P<m>{MONTH}){year_part()}", dated.two_days),
        (
            rf"(?:(?P<since>desde )|(?:el )?)(?:el )?(?:dia )?(?P<d>{DAY}) (?:de )?(?P<m>{MONTH}){year_part()}",
            dated.one_day,
        ),
        (r"(?:(?P<since>desde )|(?:el )?)(?:el )?(?P<a>\d{1,4}[/-]\d{1,2}[/-]\d{1,4})", dated.numeric_one),
        (r"(?P<n>0?[1-9]|1[0-2])[/-](?P<y>20\d\d)", dated.month_before_year),
        (r"(?:(?P<since>desde )|(?:el )?)(?:el )?(?P<a>\d{1,2}[/-]\d{1,2})", dated.numeric_one),
        (
            rf"(?:la )?(?P<which>primera|segunda|1(?: ?(?:ra|a))?|2(?: ?(?:da|a))?) quincena"
            rf"(?: de (?P<m>{MONTH}){year_part()}| (?P<of>(?:de|del) (?:este )?mes(?: pasado| anterior)?))?",
            dated.fortnight,
        ),
        (r"(?:en |de )?(?:esta|la|ultima|la ultima) quincena(?: pasada| anterior)?", dated.this_fortnight),
        (
            rf"{ORDINAL} (?P<unit>trimestre|semestre|cuatrimestre|bimestre){year_part()}",
            dated.part_of_year,
        ),
        (rf"(?:q|t|trimestre )(?P<n>[1-4]){year_part()}", dated.quarter_code),
        (rf"(?P<unit>semestre|cuatrimestre|bimestre) (?P<n>[1-6]|iv|i{{1,3}}){year_part()}", dated.part_of_year),
        (r"(?:este|del|el) semestre(?: pasado| anterior)?|ultimo semestre", dated.semester),
        (rf"(?P<s>{'|'.join(NAMES)}){year_part()}", dated.in_season),
        (rf"(?:el )?(?:mes de )?{_SINCE}(?:mes de )?(?P<m>{MONTH}){year_part()}", dated.whole_month),
        (
            r"(?:del|desde el) (?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo) (?:al|hasta el) (?P<v>lunes|martes|miercoles|jueves|viernes|sabado|domingo)"
            r"(?: pasados?|(?: de la semana (?P<which>pasada|anterior|antepasada)))?(?! \d)",
            moving.weekdays,
        ),
        (
            r"(?:el |del |este )?(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo) de (?:la semana (?P<which>pasada|anterior|antepasada)|esta semana)",
            moving.weekday_of_week,
        ),
        (
            r"desde (?:el )?(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo)(?: pasado)?(?! hasta| al? )",
            moving.since_weekday,
        ),
        (r"desde ayer(?! hasta| a )", moving.since_yesterday),
        (
            r"^(?:(?:,|y) )*(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo)(?= (?:,|cuanto|como|que tal|ventas?|plata)|$)",
            moving.weekday,
        ),
        (r"(?:el |este |del )?fin de semana(?: pasado| anterior)?|(?:el )?ultimo fin de semana", moving.weekend),
        (rf"(?:ayer|anoche)(?: (?:en|por|a) la| a)? {PART}", moving.yesterday),
        (rf"hoy (?:en|por|a) (?:la )?{PART}", moving.on_today),
        (rf"(?:esta|la) {PART}", moving.on_today),
        (r"antes de ayer|anteayer|antes ayer", moving.yesterday),
        (r"ayer|anoche|dia anterior", moving.yesterday),
        (
            r"(?:en )?lo que (?:va|vamos|llevamos|llevo|lleva) (?:de |del |de la |de este |de esta )(?P<unit>mes|ano|semana|trimestre)",
            moving.so_far,
        ),
        (
            r"(?:(?:el )?dia de )?hoy(?: dia)?|(?:cerrar (?:bien )?|termina |resumen )(?:el|del) dia|ahora mismo",
            moving.on_today,
        ),
        (
            r"(?:est[ae]|presente|actual) (?P<unit>semana|mes|trimestre|ano)(?: actual)?|(?:el |la )?(?P<unit2>(?!))",
            moving.this_one,
        ),
        (r"(?:el |la |del |de la )?(?P<unit>semana|mes|trimestre|ano) (?:actual|en curso|corriente)", moving.this_one),
        (r"(?:mtd)(?P<unit>(?!))?", lambda m, t, c: to_date(Grain.month, t)),
        (r"ytd", lambda m, t, c: to_date(Grain.year, t)),
        (
            r"(?:el |la |del )?(?P<unit>semana|mes|trimestre|ano) (?:antepasad[oa]|trasanterior)|(?:antepasad[oa]) (?P<u2>(?!))",
            moving.before_last,
        ),
        (
            r"(?:el |la |del )?(?P<unit>semana|mes|trimestre|ano) (?:pasad[oa]|anterior|previ[oa]|que (?:paso|recien paso|termino|acaba de pasar))",
            moving.last_one,
        ),
        (r"(?:el |la )?(?:pasad[oa]) (?P<unit>semana|mes|trimestre|ano)", moving.last_one),
        (r"(?:el |la )?ultimo medio ano", moving.half_year),
        (rf"(?:el |los |las |la )?(?:ultim[oa]s?|pasad[oa]s) (?P<n>{NUMBER}) (?P<unit>{UNIT})", moving.rolling),
        (rf"(?:los |las )?(?P<n>{NUMBER}) (?P<unit>{UNIT}) mas recientes", moving.rolling),
        (r"(?:(?<=venta )|(?<=ventas )|(?<=cierre ))del dia(?! (?:con|de|que|en|mas))", moving.on_today),
        (r"(?:el |la )?(?P<n>)?ultim[oa] (?P<unit>semana|mes|trimestre|ano|dia)", moving.rolling),
        (rf"(?:de )?hace (?P<n>{NUMBER}) (?P<unit>{UNIT})(?: atras)?|(?P<z>(?!))", moving.ago),
        (
            rf"(?:el |este |del )(?:dia )?(?:ultimo )?(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo)(?: pasado| anterior)?(?: (?:en|por|a) la {PART})?",
            moving.weekday,
        ),
        (r"(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo) (?:pasado|anterior)", moving.weekday),
        (
            r"(?:en |de )?todos (?:los|mis) (?:anos|datos|tiempos|meses)|todo el (?:historial|tiempo|periodo)|desde siempre|historic[oa](?:mente)?|desde el (?:inicio|principio|comienzo)|en total|hasta (?:ahora|la fecha|hoy)|en toda la historia|toda (?:la|mi) historia",
            moving.everything,
        ),
        (r"(?:en |de )?(?:todo (?:el|este) (?P<unit>mes|ano|trimestre))", moving.whole),
        (
            r"(?:del|en el|durante el|de la|en la) (?P<unit>mes|ano|trimestre|semana)(?! (?:con|que|mas|menos|en|de))(?<!dia de la semana)(?<!dias de la semana)",
            moving.whole,
        ),
        (
            r"(?:(?P<since>desde (?:el )?(?:ano )?)|(?:el )?(?:ano )?)(?P<y>(?:19|20)\d\d)(?! (?:unidades|clientes|ventas|productos))",
            dated.plain_year,
        ),
    )
)


def patterns() -> tuple[re.Pattern[str], ...]:
    """What times look like; their words are known to the speller."""
    return tuple(pattern for pattern, _ in RULES)
