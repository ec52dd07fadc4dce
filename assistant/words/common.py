"""Words of grammar and courtesy. Knowing them keeps them from being 'corrected' or taken for names."""

ABBREVIATIONS = {
    "q": "que", "k": "que", "ke": "que", "d": "de", "x": "por", "xq": "por que", "pq": "por que", "porq": "por que",
    "xk": "por que", "porke": "por que", "vta": "venta", "vtas": "ventas", "vts": "ventas", "cto": "cuanto",
    "ctos": "cuantos", "ctas": "cuantas", "cta": "cuanta", "cnto": "cuanto", "cuant": "cuanto", "prod": "producto",
    "prods": "productos", "suc": "sucursal", "sucs": "sucursales", "sem": "semana", "prom": "promedio",
    "tkt": "ticket", "tk": "ticket", "cli": "cliente", "clis": "clientes", "trim": "trimestre", "sept": "septiembre",
    "setiembre": "septiembre", "ene": "enero", "feb": "febrero", "mar": "marzo", "abr": "abril", "may": "mayo",
    "jun": "junio", "jul": "julio", "ago": "agosto", "sep": "septiembre", "set": "septiembre", "oct": "octubre",
    "nov": "noviembre", "dic": "diciembre", "finde": "fin de semana", "findes": "fines de semana", "dsd": "desde",
    "hta": "hasta", "tmb": "tambien", "tb": "tambien", "xfa": "por favor", "porfa": "por favor", "pa": "para",
    "cta_cte": "cuenta", "versus": "vs", "v/s": "vs", "contra": "vs", "comparao": "comparado", "plis": "por favor",
    "aer": "ayer", "ayr": "ayer", "oy": "hoy", "hoi": "hoy", "antier": "anteayer", "antiayer": "anteayer",
    "jan": "enero", "dec": "diciembre", "revenues": "revenue", "sales": "ventas", "income": "ingresos",
    "profit": "ganancia", "mrgn": "margen", "marg": "margen", "dto": "descuento", "dcto": "descuento",
    "dsctos": "descuentos", "dscto": "descuento", "efvo": "efectivo", "uds": "unidades", "unid": "unidades",
    "un.": "unidades", "january": "enero", "february": "febrero", "march": "marzo", "april": "abril", "june": "junio",
    "july": "julio", "august": "agosto", "september": "septiembre", "october": "octubre", "november": "noviembre",
    "december": "diciembre", "yesterday": "ayer", "today": "hoy", "week": "semana", "month": "mes", "year": "ano",
    "last": "pasado", "this": "este", "sold": "vendi", "sell": "vendi", "best": "mejor", "worst": "peor",
    "customers": "clientes", "customer": "cliente", "products": "productos", "product": "producto", "by": "por",
    "how": "cuanto", "orders": "pedidos", "margin": "margen", "average": "promedio", "branches": "sucursales",
    "branch": "sucursal", "without": "sin", "and": "y", "were": "fueron", "was": "fue", "my": "mis", "did": "hice",
    "gross": "bruto", "dif": "diferencia", "ult": "ultimo", "und": "unidades", "unds": "unidades",
    "nro": "numero", "num": "numero", "cuales": "cuales", "stk": "stock",
}  # fmt: skip

NUMBERS = {
    "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "veinte": 20,
    "treinta": 30, "sesenta": 60, "noventa": 90, "cien": 100,
}  # fmt: skip

_FILLERS = """
situacion importe importes deberia deberian debemos priorizar comercialmente economicamente impacta impactan impacto
hombre mujer gente persona personas semanalmente mensualmente diariamente rubro anterior anteriores previo previa
periodo periodos lapso rango plazo comienzo comienzos inicio final finales mitad principio curso corrido vigente
balance estado estados general generales especifico especifica completo completa completos completas ventas
compra compras venta orden ordenes pedido pedidos necesitamos requiero ocupo interesa gustaria gusta ocupa
buenisimo bacan filete crack estimado estimada saludos consulta pregunta duda tema asunto manera forma modo
efecto efectos comparativo comparativa comparacion resumida resumido rapidito porfavor plata lucas palos pesos peso
pais chile argentina moneda luca palo millon millones mil cien vez hubieron cuantificar medir mide ranking
quedaria serian seria seran sera podria podriamos haya hayan hubiera hubiese tendria tendrian
relacion base nivel niveles punto puntos foto vistazo pantallazo idea sentido hora ritmo marcha
generaron generando compraron comprado gastaron dejado dejando rindio rinde rinden vendieran anduvo ido
alguno alguna puro pura puras puros simple simples solo sola total
corresponden corresponde hacia paga pagan pucha separa separame peak tenido
recien reciente recientes recientemente nuevo nueva viejo vieja antiguo antigua
anteayer manana mananas mediodia madrugada atencion cerrar bien
a al algo algun alguna algunas alguno algunos ahi ahora alla alli ambas ambos ante antes aqui asi aun aunque bajo
bastante bien cada casi cierta ciertas cierto ciertos como con contra cosa cosas cual cuales cualquier cuando cuanta
cuantas cuanto cuantos cuyo da dame dan dar darme de debe del demas dentro desde despues di dice dicen dime donde dos
durante e el ella ellas ello ellos en encima entonces entre era eran es esa esas ese eso esos esta estaba estado
estamos estan estar estas este esten esto estos estoy estuvo etc fue fueron ha haber habia han hace hacen hacer hacia
has hasta hay haz he hemos hizo hubo incluso ir jamas junto la las le les lo los luego mas me menos mi mia mias
mientras mio mios mis misma mismas mismo mismos mucha muchas mucho muchos muy nada nadie ni ningun ninguna no nos
nosotros nuestra nuestras nuestro nuestros nunca o os otra otras otro otros para pero poca pocas poco pocos por porque
pues que quien quienes se sea sean segun ser si sido siempre sin sino sobre solamente solo somos son soy su sus suya
suyo tal tales tambien tampoco tan tanta tantas tanto tantos te tengo tenemos tener tenia tiene tienen tienes tuve
tuvo tuvimos toda todas todavia todo todos tu tus u un una unas uno unos usted ustedes va vamos van varios vaya veces
ver vez voy y ya yo nosotras hola holi buenas buenos buen buena dia dias tarde tardes noche noches gracias favor
porfavor porfis oye oiga oigan che bo po weon amigo amiga ayni bot asistente quiero quisiera queria necesito puedes
podes podria podrias puede pueden saber conocer decir decime dimelo digame muestra muestrame mostrame mostrar
mostrarme ensename listame lista listado listar calcula calculame calcular cuentame contame contar cuenta explica
explicame indica indicame entregame entrega damelo pasame mandame manda genera generar genere arma armame armar haceme
hazme saca sacame obtener busca buscame buscar revisa revisar analiza analizame analizar analisis reporte informe
detalle detalles detallado detallada info informacion dato datos numero numeros cifra cifras valor valores monto
montos total totales cantidad cantidades suma sumando global general resultado resultados desempeno rendimiento
movimiento negocio empresa local comercio emprendimiento pyme tienda actual actuales actualmente fecha fechas momento
rapido rapida breve corto corta realmente exactamente exacto exacta aproximadamente aprox fui fuimos anda andan anduvo
andamos ando andaba iba iban onda wea cachai plis porfi tipo tipos parte partes mayor mayores menor menores mejor
mejores peor peores alto alta altos altas baja bajos bajas grande grandes maximo maxima minimo minima primero primera
primeros primeras ultimo ultima ultimos ultimas top ranking rankea ordena ordename ordenados ordenadas ordenado
ordenada principal principales importante importantes comparado comparada comparados comparar compara comparame
comparalo comparala comparacion vs respecto frente diferencia distinto diferente igual iguales tasa porcentaje
porciento proporcion participacion peso pesa pesan aporta aportan aporte representa representan contribuye concentra
concentran corresponde corresponden reparten reparte distribuye distribuyen distribucion desglose desglosa desglosado
desglosadas separado separadas dividido evolucion evoluciono evolucionan evolucionaron evoluciona tendencia tendencias
historia historico historica historial serie grafico grafica graficame graficar tabla cuadro curva promedio promedios
media medio medias medios mediana acumulado acumulada crecimiento crecio crecieron crece crecen creci crecimos
creciendo subio subieron sube suben subiendo subi aumento aumentaron aumenta bajaron bajan bajando cayo cayeron cae
caen caida alza mejoro mejoraron mejora empeoro empeoraron cambio cambiaron cambia vario variacion variaron explican
explicacion causa causas razon motivo motivos deben debio generan generado generaron genero generada registra registro
registraron registrados registradas registrado hicieron hice hicimos hago hacemos realizaron realizado realizadas
realizados realizo tuvieron lleva llevo llevamos llevan quedo quedaron quedan queda dejan deja dejo dejaron dio dieron
entro entraron entra paso pasaron pasa sucedio ocurrio ocurrieron salio salieron fuera bruto bruta brutos neto neta
netos netas unidad vos vosotros eres sos sois dinero plata efectivamente ademas incluyendo incluye incluir excluyendo
excluye excluir descontando quitando salvo excepto considerar considerando tomar tomando ignora ignorar sacando
semanal mensual diario diaria diarias diarios semanales mensuales anual anuales trimestral trimestrales pico punta
demanda demandas horas hora horario horarios sale salen vino vienen viene llega llegaron hecho hechas fuerte fuertes
flojo flojos floja flojas debil debiles malo mala malos malas compran compra compraron comprar comprado compras
comprando vuelto volvio volvieron vuelven volver vuelve perdi perdido perdidos perdiendo pierdo gasta gastado gastaron
gastan seguido frecuencia frecuente frecuentes existe existen alguien hoy ayer muestralo muestramelo ponlo ponmelo
regale regalo regalamos di dimos otorgue otorgamos aplique aplicamos perdone normal tipico tipica corriente
dolor kiero kieres wena wenas wenos holaa aki ahii toy tamos rompio rompieron romper reventaron
reventado quede saben sabes
sabe
sabi sabemos vieras viste quieras quieren quiera queremos acuerdo favorcito gentil amable porfavorcito urgente
urgentemente
usado usada usados usadas usa usan usaron utilizado utilizada utilizados utilizadas elegido elegida solicitado
solicitada pedido pedida consumido consumida exitoso exitosa popular populares rentable exacto oficial reales real
verdad verdadera jefe jefa
socio socia hermano compadre compa loco che mano maestro profe
inclusive asciende ascienden ascendio ascendieron hicieran
verlo pidio pidieron piden juntos juntas conjunto sumados sumadas fijate mira mirando quizas creo parece the of and
for in by what how much show me i we our you
"""

_TELLING = """
primer tercer
hombre mujer nuevo nueva viejo vieja antiguo antigua reciente recientes recien vigente especifico especifica seguido
frecuencia frecuente frecuentes popular populares exitoso exitosa rentable chile argentina pais moneda puro pura puros
puras simple simples corta corto fuerte fuertes flojo flojos floja flojas debil debiles malo mala malos malas grande
grandes alta alto altas altos baja bajas bajos minimo minima maximo maxima mayor mayores menor menores mejor mejores
peor peores primero primera primeros primeras ultimo ultima ultimos ultimas top ranking rankea principal principales
semanal semanales semanalmente mensual mensuales mensualmente diario diaria diarios diarias diariamente anual anuales
trimestral trimestrales manana mananas tarde tardes noche noches madrugada mediodia hora horas horario horarios mitad
principio inicio inicios final finales comienzo comienzos media medio medias medios mediana promedio promedios cada
porcentaje porciento proporcion participacion tasa peso pesa pesan aporta aportan aporte representa representan
contribuye concentra concentran distribuyen distribuye distribucion reparten reparte desglose desglosa desglosado
desglosadas separado separadas dividido crecimiento crecio crecieron crece crecen creci crecimos creciendo subio
subieron sube suben subiendo subi aumento aumentaron aumenta bajaron bajan bajando cayo cayeron cae caen caida alza
mejoro mejoraron mejora empeoro empeoraron cambio cambiaron vario variacion comparado comparada comparados comparar
comparativo comparativa comparacion vs respecto diferencia distinto diferente igual iguales evolucion evoluciono
evolucionan evolucionaron evoluciona tendencia tendencias historia historico historica historial serie curva acumulado
acumulada pico punta demanda demandas real reales oficial consumido consumida solicitado solicitada elegido elegida
usado usada usados usadas utilizado utilizada utilizados utilizadas anterior anteriores previo previa nadie ningun
ninguna nunca jamas otro otra otros otras corriente normal tipico tipica
"""

TELLING = frozenset(_TELLING.split())
"""Everyday words that narrow, compare or order: known, but a plan must account for them."""
FILLERS = frozenset(_FILLERS.split()) - TELLING
"""Words that tell nothing of what is asked."""
EVERYDAY = FILLERS | TELLING
_PLACES = """
arica iquique calama copiapo vallenar serena coquimbo ovalle illapel quillota limache quilpue valparaiso santiago maipu
renca macul lampa colina buin paine talagante melipilla rancagua rengo machali pichilemu curico talca linares parral
cauquenes chillan concepcion talcahuano coronel lota tome angol temuco villarrica pucon valdivia osorno ancud castro
quellon coyhaique aysen natales mendoza cordoba rosario salta
"""
PLACES = frozenset(_PLACES.split())
"""Towns, which are no slip of a word that they look like: «Talca» is no «talla»."""
_GOODS = """
alimento aro auto bota buzo calzado camisa carne carta casa cemento cerdo clavo collar computador corte crema cuaderno
falda flor fruta funda galleta gato gorra gorro hoja huevo jarabe jugo lata lata leche libro llanta lomo luna madera
malla manta mantel manzana masa mate media menu mesa miel mora moto muneca olla palta pan panal papa papel pasa pasta
patata pato pelota pelo pera perro pescado pez pila pisco pizza planta plaza platano pollo pomada postre pulsera queso
ramo raton regla reloj remedio revista rosa salame salsa semilla silla sopa suela taco tabla tallo tapa taza tela tinta
tinto toalla tomate torta tragos traje uva vaso vela vestido vino yogurt zapato
"""
GOODS = frozenset(w + tail for w in _GOODS.split() for tail in ("", "s", "es"))
"""What shops sell, and no slip either: «pizzas» are no «piezas», «gatos» no «gastos»."""

PEOPLE = frozenset(
    """maria mario mara marcia marcial marco marcos marta martin mariana marina margarita julia julian agustina
    diana dario""".split()  # noqa: SIM905
)
"""First names near words of the grammar: 'María', whom no file names, is no slip of 'marca'."""
