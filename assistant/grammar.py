"""Signs in a question, one pattern each, over the canonical text with times, names and figures already replaced."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re


def _sign(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@])(?:{pattern})(?!\w)")


GREETING = _sign(r"(?:hola|holi|buenas|buenos dias|buenas tardes|buenas noches|alo|que tal|hey|ola)")
THANKS = _sign(
    r"(?:(?:muchas |mil )?gracias|te pasaste|genial|perfecto|excelente|ok|vale|dale|bacan|buena|listo|chao|adios|nos vemos)"
)
HELP = _sign(
    r"ayuda|ayudame|que (?:puedes|sabes|podes|podrias) (?:hacer|responder|contarme|decirme)|como (?:funcionas|te uso|se usa|funciona esto)"
    r"|que (?:te )?puedo preguntar(?:te)?|que preguntas|para que sirves|que haces"
)
DEFINITION = _sign(
    r"que (?:es|son|significa|significan|quiere decir|quieren decir|entiendes por|se entiende por)(?! (?:lo|el producto|la|mi|mis|el que|que|mas|los|las)(?= |$))"
    r"|como (?:se )?(?:calcul\w+|mid\w+|defin\w+|obtien\w+|sacas|sacan)|de que se compone|definicion de|define|formula de|que incluyen?|que (?:es|son) (?:la|los|las) @m\d+(?: ,)*$|que (?:cuentas|consideras) (?:como|por)"
)
PROVENANCE = _sign(
    r"de donde (?:sale|salen|sacas|sacaste|viene|vienen|salio|obtuviste|obtienes)|(?:cual es |muestrame |ver |dame )?(?:la |las |tu )?(?:fuentes?|origen)(?: de)?"
    r"|como (?:lo )?(?:sabes|sacaste|llegaste)|en que te basas|muestrame (?:las )?lineas|ver (?:las )?lineas|respaldo"
)
WHY = _sign(
    r"por que(?! @d)|a que se debe\w*|a que se debio|que (?:explica|explico|causo|provoco|paso con|influyo)|cual(?:es)? (?:es|fue|son|fueron) (?:la |las |el |los )?(?:causas?|razon(?:es)?|motivos?)"
    r"|que hay detras|explicame (?:la|el) (?:baja|alza|caida|subida)"
)
CONTRIBUTION = _sign(
    r"que @d\d+ (?:explica|explico|explican|causo|provoco|aporto|contribuy\w+|empujo|arrastro|influyo|impulso|tira|tiro)"
    r"|(?:que|cual(?:es)?) @d\d+ (?:mas )?(?:subi\w+|baj\w+|crec\w+|cay\w+|aument\w+|disminuy\w+|perdi\w+|mejor\w+|empeor\w+)"
    r"|(?:que|cual(?:es)?) (?:fue|fueron|es|son)? ?(?:la |el |los |las )?@d\d+ que (?:mas )?(?:subi\w+|baj\w+|crec\w+|cay\w+|aument\w+|disminuy\w+|mejor\w+|empeor\w+)"
    r"|@d\d+ que (?:mas |menos )(?:subi\w+|baj\w+|crec\w+|cay\w+|aument\w+|disminuy\w+|empeor\w+)"
    r"|(?:quien|quienes) (?:mas )?(?:subi\w+|baj\w+|crec\w+|cay\w+)|@d\d+ con (?:mas|mayor) (?:crecimiento|caida|alza|baja)"
    r"|(?:explican?|detras de) (?:la |el )(?:baja|alza|caida|subida|aumento|crecimiento)"
)
SUMMARY = _sign(
    r"como (?:me |nos |te |le |les )?(?:fue|fueron|va|van|vamos|voy|ando|anda|andan|andamos|estuvo|estuvieron|esta|estan|estamos|viene|vienen|ha ido|han ido|iba|cerro|cerre|cerramos|termino|arranco|partio|anduvo|anduvieron|me ha ido|nos ha ido|anduvimos)"
    r"|que tal(?: (?:me |nos )?(?:fue|va|anduvo|estuvo|las?|el|los|ventas))?|resum\w+|resumen|panorama|estado (?:general|del negocio)|situacion (?:del|de mi) negocio|balance general|vision general"
    r"|cuentame (?:como|del|de|sobre)|reporte|informe|dame un (?:analisis|reporte|informe|resumen)|que paso"
)
LOST = _sign(
    r"(?:clientes?|@d\d+) (?:que )?(?:estoy |estamos |he |hemos )?(?:perdiendo|perdi|perdido|perdidos|perdimos|dej\w+ de (?:comprar\w*|venir)|(?:ya )?no (?:me |nos )?(?:han? )?(?:vuelto|volvi\w+|compr\w+|vuelven|vienen|venido)|se (?:fueron|fue|han ido|me fueron|estan yendo)|inactiv\w+|ya no compran?|abandon\w+)"
    r"|(?:quien|quienes) (?:dej\w+ de comprar\w*|(?:ya )?no (?:me |nos )?(?:compran?|vienen?|han? (?:comprado|venido|vuelto)|volvieron))"
)
PARETO = _sign(
    r"pareto|(?:concentr\w+|hacen|generan|representan?|explican?|suman?|aportan?|acumulan?|dan) (?:el |casi el |un )?\d+ ?(?:%|por ciento)|\d+ ?(?:%|por ciento) de (?:mis |las |los |la |el )?(?:@m\d+|total)"
    r"|80 ?[ /y]? ?20|concentracion|que tan concentrad\w+|tan concentrad\w+|depend\w+ (?:mucho )?de (?:pocos|un solo|un)|curva abc|analisis abc|abc"
)
NEW_VS = _sign(
    r"(?:nuevos|nuevas) (?:y|vs|o|e|frente a|contra|con|comparad\w+) .{0,12}(?:recurrentes|antiguos|habituales|que vuelven|frecuentes)|(?:recurrentes|antiguos|habituales) (?:y|vs|o|e) .{0,12}nuevos|@m\d+ (?:y|vs|o) (?:@m\d+|recurrentes|nuevos)(?= |$)(?<=recurrentes)"
)
TARGET = _sign(
    r"metas?|objetivos?|cuanto (?:me |nos )?falta\w*|presupuesto|cumpli\w*|voy a llegar|llegar a|necesito (?:\$ ?)?[\d]"
)
UNUSUAL = _sign(
    r"rar[oa]s?|inusual(?:es)?|anomal\w+|atipic\w+|fuera de lo (?:comun|normal)|alertas?|llam\w+ la atencion|necesita (?:mi |tu )?atencion|que (?:debo|deberia|debemos|hay que) (?:vigilar|mirar|revisar)"
    r"|extran\w+|sorprend\w+|algo (?:que )?(?:deba|deberia) saber|sospechos\w+|novedades|urgente"
)
RECORD = _sign(
    r"records?|mejor (?:marca|dia|mes|semana|ano|trimestre) (?:historic\w|de (?:todos|la historia)|de mi historia)|maximos? historicos?|nunca antes"
)
SHARE = _sign(
    r"(?:que|cual(?: es| fue)?(?: el| la)?) (?:porcentaje|proporcion|participacion|parte|peso|%|fraccion|cuota)|porcentaje de|participacion (?:de|por|del)|peso (?:de|del)|cuanto (?:pesa|pesan|aporta|aportan|aporto|aportaron|representa|representan|contribuye\w*)"
    r"|(?:en|como) porcentaje|% (?:de|del|en|con)|que tanto (?:pesa|aporta|representa)\w*|que parte"
)
BREAKDOWN = _sign(
    r"por (?:cada )?@d\d+|(?:en |para |de |a )?cada (?:una? de )?(?:mis |las |los )?@d\d+|segun (?:la |el |los |las )?@d\d+|entre (?:mis |las |los )?@d\d+|desglos\w+|mix|se (?:reparte|reparten|distribuye|distribuyen|divide|dividen|compone|componen)|reparticion|distribucion|separad\w+ por|dividid\w+ por|abiert\w+ por|@d\d+ por @d\d+"
)
TOP = re.compile(
    r"(?<![\w@])(?:top|ranking|rankea\w*|primer[oa]s?|mejores|peores|principales|mayores|menores|los|las|mis|tus|cuales son los|dame los|dame las) (?:de )?(?:(?:los|las|mis) )?(?P<n>\d{1,3}|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte)"
    r"(?! (?:dias|semanas|meses|anos|@t))(?=(?: \w+){0,2} (?:@d\d+|mejores|peores|mas|menos|principales|primer\w+|ultim\w+|que|con|clientes|@m))"
    r"|(?<![\w@])(?P<m>\d{1,3}|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte) (?:(?:mejores|peores|principales|primeros|primeras) )?(?=(?:@d\d+|mejores|peores|principales)(?:(?= mas| menos| que| con| top| mejor| peor)|(?= |$)))"
    r"|(?<![\w@])top ?(?P<k>\d{1,3})"
    r"|(?<![\w@])(?:mejores|peores|principales|primer[oa]s|ultim[oa]s|mas @m\d+|menos @m\d+) (?P<r>\d{1,2}|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)(?= |$)(?! (?:dias|semanas|meses|anos|trimestres|semestres))"
)
MOST = _sign(
    r"mas(?! (?:o menos|de \d|por|sobre|detalle))|mejor(?:es)?|mayor(?:es)?|top|ranking|rankea\w*|principal(?:es)?|maxim[oa]s?|lider\w*|estrella|fuertes?|alt[oa]s?|primer lugar|preferid[oa]s?|favorit[oa]s?|pico|punta|record"
    r"|empujar|priorizar\w*|ordena\w*"
)
LEAST = _sign(
    r"mas (?:baj|floj|mal|debil|chic|pequen)\w*|menos(?! de \d)|peor(?:es)?|menor(?:es)?|minim[oa]s?|baj[oa]s? (?=desempeno|venta|rendimiento)|floj[oa]s?|debil(?:es)?|ultim[oa]s? lugar(?:es)?|casi no se vend\w+|no se vend\w+|mal[oa]s?"
)
CHEAP = _sign(r"mas barat[oa]s?")
WORST_GROWTH = _sign(r"baj\w+|cay\w+|caida|disminuy\w+|perdi\w+|empeor\w+|retroced\w+|decrec\w+")
COMPARE = _sign(
    r"vs|compar\w+|frente (?:a|al)|respecto (?:a|al|de|del)|contra|diferencia (?:entre|con)|versus|en relacion (?:a|al|con)|que (?:el|la) (?=@t)|(?:mas|menos|mejor|peor)(?: (?:floj|fuert|baj|alt|mal|buen)\w*)? que|supere|superamos|ante"
)
LAST_YEAR = _sign(
    r"@ly|(?:con|vs|frente a|respecto (?:a|al|del)|que|contra|a)? ?(?:el |al |del )?(?:mismo (?:mes|periodo|dia|trimestre) del )?(?:ano pasado|ano anterior|hace un ano)|interanual|ano (?:contra|a|vs|sobre) ano|yoy"
)
PREVIOUS = _sign(
    r"(?:vs|con|que|contra|frente al?|respecto al?|respecto del)? ?(?:el |la |al |del |lo |los |las )?(?:periodo )?(?:anterior|anteriores|previo|previa)"
)
GROWTH = _sign(
    r"crec\w+|variacion|vari(?:o|aron|ado)|(?:han? )?(?:subi(?:o|eron|do|mos)|suben|sube|baj(?:o|aron|ado|amos|an)|aument\w+|disminuy\w+|cay(?:o|eron)|mejor(?:o|aron|ado|amos)|empeor\w+|cambi(?:o|aron|ado))(?= |$)"
)
AVERAGE_PER = _sign(
    r"(?:en )?(?:promedio|media|medio|normalmente|habitualmente|mas o menos) (?:de @m\d+ )?(?:@m\d+ )?(?:por|al|a la|cada) (?P<unit>dia|semana|mes|trimestre|ano)"
    r"|cuanto (?:estoy|estamos|vengo|venimos|ando|andamos) @m\d+(?: @t\d+)? (?:por|al|a la|cada) (?P<unit3>dia|semana|mes|trimestre|ano)"
    r"|(?:por|al|a la|cada) (?P<unit2>dia|semana|mes|trimestre|ano) (?:(?:en )?promedio|mas o menos)|promedio(?: de @m\d+)? (?P<adj>diari[oa]s?|semanal(?:es)?|mensual(?:es)?|anual(?:es)?|trimestral(?:es)?)|(?:@m\d+ )?(?P<adj2>diari[oa]s?|semanal(?:es)?|mensual(?:es)?|anual(?:es)?) promedio"
)
USUAL_DAY = _sign(r"(?:en )?un (?:@w\d+|dia) (?:normal|promedio|tipico|comun|cualquiera|corriente|habitual)")
BASE_FIRST = re.compile(
    r"^(?:,? ?)*(?:comparad\w+|compar\w+|(?:con )?respecto|frente|en relacion|versus|vs)(?: (?:con|a|al|de|del|el|la|lo de))* @t0 ,"
)
WHEN_MOST = re.compile(
    r"(?<![\w@])cuando (?:fue que |es que |se )?(?:@m\d+ (?:mas|menos)|(?:mas|menos) @m\d+)(?! (?:de|que))"
)
AVERAGE = _sign(r"promedio|media|normalmente|habitualmente|por lo general|tipicamente|suelo|solemos")
HEADLESS = _sign(
    r"(?:lo|los|las)(?: \d+)? (?:que )?(?:mas|menos) (?:se )?(?:@m\d+|sal\w+)|(?:lo|los|las)(?: \d+)? que (?:se )?(?:@m\d+|sal\w+) (?:mas|menos)"
    r"|que (?:se )?(?:@m\d+|sal\w+) (?:mas|menos)|top \d{1,2} (?:(?:en|de|por) )?@m\d+"
)
DAILY_PLAIN = _sign(r"(?:al|por|a la|cada) (?P<unit>dia|semana|mes|ano)")
IN_STOCK = re.compile(r"\b(?:inventarios?|stocks?|bodegas?|existencias)\b")
UNSOLD = re.compile(
    r"(?<![\w@])(?:(?:(?:de )?que|lo que|cual(?:es)?)(?: @d\d+)?|@d\d+(?: que)?) (?:no (?:(?:se|me|nos|le|han?|he|hemos|estan?|estoy|estamos|fueron|tuvieron|tuve|registr\w+|tuvimos) )*"
    r"(?:@m\d+|movi\w*|mueven?|sal\w+|rot\w+|vend\w+)(?! (?:mas|mucho|bien|tanto))"
    r"|sin (?:ningun[oa]? |una sola )?(?:@m\d+|movimientos?|salida|vender\w*)|(?:dej\w+|dejamos) de (?:vender\w*|salir|@m\d+))"
)
TREND = _sign(
    r"evoluc\w+|evolutiv[oa]s?|tendencias?|histori(?:a|co|al)|serie|(?:como )?(?:ha|han) (?:ido |cambiado|variado|evolucionado)|a lo largo|en el tiempo|mes a mes|dia a dia|dia por dia|semana a semana|mes por mes|semana por semana|ano a ano|curva|grafico de @m\d+|comportamiento|han ido|curva"
)
COUNTED = re.compile(r"(?<![\w@])cuant[oa]s (?:tipos de )?@d\d+(?! por @d| por cada)")
"""'Cuántos productos distintos vendí': how many there are, before what each sold."""
GRAIN = re.compile(
    r"(?<![\w@])(?:por (?:cada )?|cada |al |a la |segun (?:el |la )?)(?P<unit>dia|semana|mes|trimestre|ano)(?!\w)|(?<![\w@])(?P<adj>diari[oa]s?|diariamente|semanal(?:es|mente)?|mensual(?:es|mente)?|trimestral(?:es)?|anual(?:es)?)(?!\w)"
    r"|(?<![\w@])(?P<a>mes|dia|semana|ano|trimestre) (?:a|por) (?P=a)(?!\w)|(?<![\w@])por mes semana y dia(?!\w)"
)
BEST_UNIT = re.compile(
    r"(?:^|(?<![\w@])(?:que|cual(?:es)?|mejor(?:es)?|peor(?:es)?|el|la|los|las|mi|mis|top|ranking|del?)"
    r"(?: (?:es|son|fue|fueron|han sido|ha sido|el|la|los|las|mi|mis|nuestro|nuestra|mejor(?:es)?|peor(?:es)?|mayor(?:es)?"
    r"|de|\d+|@w\d+)){0,4} )(?P<unit>dias?|semanas?|mes(?:es)?|trimestres?|anos?|fechas?)(?!\w)"
)
WEEKEND_MORE = _sign(
    r"(?:@w\d+|fines? de semana|findes?)(?: se)? (?:@m\d+ )?(?:vend\w+ )?mas|(?:@m\d+ )?mas (?:@m\d+ )?(?:los )?(?:@w\d+)(?! que)"
)
ORDER = re.compile(
    r"(?<![\w@])(?:operacion|venta|pedido|boleta|factura|compra|transaccion|orden|ticket|comprobante)(?:e?s)?(?: individual(?:es)?)?"
    r"(?: que)? (?:mas (?:grandes?|car[oa]s?|alt[oa]s?|gord[oa]s?|chic[oa]s?|baj[oa]s?|pequen[oa]s?|barat[oa]s?)|de (?:mayor|menor) (?:monto|valor|importe))(?!\w)"
    r"|(?<![\w@])(?:la|mi|las|mis) (?:\d+ )?(?:mayor(?:es)?|menor(?:es)?) (?:venta|boleta|compra|transaccion|factura)s?(?: individual(?:es)?)?(?!\w)"
)
TOGETHER = _sign(r"junt[oa]s|sumad[oa]s|entre (?:l[oa]s dos|amb[oa]s)|en conjunto")
SMALL = re.compile(r"mas (?:chic|baj|pequen|barat)|menor")
CHART = _sign(r"graf\w+|en un grafico|chart|dibuj\w+")
TABLE = _sign(r"tabla|cuadro|planilla|en una lista|listado")
AND_START = re.compile(
    r"^(?:,? ?)*(?:y|e|ahora|pero|tambien|entonces|ademas|mejor)(?: (?:que hay de|que pasa con|que tal|como))? "
)
ONLY = re.compile(r"^(?:,? ?)*(?:solo|solamente|unicamente|nada mas|pero solo|y solo|ahora solo)(?!\w)")
CORRECTION = re.compile(
    r"^(?:(?:,? ?)*(?:no,? |no ,|nono|me refiero|me referia|quise decir|queria decir|digo|perdon|disculpa|en realidad)(?!\w))+"
)
EXCLUDE_WORDS = (
    r"sin(?: contar| considerar| incluir| tomar en cuenta)?|excluyendo|exceptuando|excepto|salvo|(?:a|con) excepcion|tod[oa]s?(?: \w+){0,3} menos"
    r"|descontando|quitando|restando|omitiendo|descartando|sacando|dejando (?:de lado|fuera|afuera|aparte)|excluye|excluir"
    r"|fuera|aparte|que no (?:sea|sean|es|son|fue|fueron|era|eran)|si (?:le )?(?:saco|sacamos|quito|quitamos|resto|restamos|excluyo|no cuento|no contamos)|no (?:incluyas|consideres|cuentes)"
)
EXCLUDE = re.compile(
    rf"(?<![\w@])(?:{EXCLUDE_WORDS})"
    r"(?: (?:el|la|los|las|lo|a|al|de|del|en|por|todo|toda|mi|vendido|ventas?|pedidos?|boletas?|compras?|ordenes))*"
    r"(?: (?:canal|sucursal|categoria|producto|local|cliente|tienda|vendedor|familia|caja)(?:es|s)?)?(?: de| del)?(?: la| el)? ?$"
)
EXCLUDED_AFTER = re.compile(r"^ ?,? ?(?:excluid[oa]s?|aparte|afuera|no (?:cuentan?|incluid[oa]s?))(?!\w)")
HOLIDAYS = _sign(r"(?:dias? )?(?:feriados?|festivos?)")
WITHOUT_HOLIDAYS = _sign(rf"(?:{EXCLUDE_WORDS})(?: (?:los|el|a|de))* (?:dias? )?(?:feriados?|festivos?)")
QUANTITY_OF = re.compile(r"(?<![\w@])(?:cuant[oa]s|cantidad(?: total)? de) (?=@n\d+)")
SOLD_ONES = re.compile(r"^(?:,? ?)*(?:las |los )?@n\d+ vendid[oa]s(?!\w)")
EACH = re.compile(r"(?:por|cada|que|cual|cuales|segun|otro|otra) (?:el |la |los |las )?$")

# -- what stands around the figures (on the plain text)

STANDING = re.compile(
    r"\b(?!que (?:rubro|sector|negocio))(?:percentil\w*|benchmark|parse|(?:frente|comparad\w+|compar\w+|respecto|vs|contra|que) (?:a |con |al |de |del )?"
    r"(?:(?:los |las |el |mi |mis |otros |otras |demas )*)(?:otros|otras|demas|mercado|rubro|sector|pares|panaderias|tiendas|negocios"
    r"|(?:negocios|empresas|locales|pymes) (?:como|parecid\w+|similares))|mi rubro|del rubro|mis pares|negocios como el mio"
    r"|negocios parecidos|en que (?:estoy|ando|estamos|andamos|soy|somos|voy|vamos) (?:mas )?(?:peor|mejor|debil|fuerte|baj[oa]|mal|bien)"
    r"|(?:estoy|estamos|voy|vamos) (?:en|dentro de) (?:el|mi) (?:rubro|mercado|sector))\b"
)
STRONG_OR_WEAK = re.compile(r"\ben que (?:\w+ )(?:mas )?(?:(?P<weak>peor|debil|baj[oa]|mal)|mejor|fuerte|bien)\b")
INFLATION = re.compile(
    r"\b(?:inflacion|ipc|ipca|terminos? reales|crecimiento real|crec\w+ real\w*|en pesos de hoy|descont\w+ (?:la )?inflacion)\b"
)
INTO = {
    "uf": re.compile(r"\b(?:en|a|de) uf\b|\bcuantas uf\b|\bunidades de fomento\b"),
    "usd": re.compile(r"\ben (?:dolares|usd|us\$)(?!\w)|\bcuantos dolares\b"),
}
INDICATOR = {
    "usd": re.compile(r"\b(?:dolar|usd|tipo de cambio)\b"),
    "policy_rate": re.compile(r"\b(?:tpm|tasas?(?: de interes)?|selic)\b"),
    "activity": re.compile(r"\bimacec\b"),
    "unemployment": re.compile(r"\b(?:desempleo|cesantia|desocupacion)\b"),
}
ECONOMY = re.compile(
    r"\b(?:la economia|economicos?|macro|dolar|tipo de cambio|tpm|tasas? de interes|selic|imacec|desempleo|cesantia|desocupacion"
    r"|vientos?|buffs?|debuffs?)\b"
)
ATTENTION = re.compile(
    r"\b(?:alertas?|insights?|vigilar|(?:mi|tu|la) atencion|preocupar\w*|a que (?:le )?(?:debo|deberia) (?:poner|prestar)"
    r"|que (?:es )?lo (?:mas )?importante|que debo (?:mirar|saber)|que deberia (?:mirar|saber)|hallazgos?|novedad(?:es)?)\b"
)
