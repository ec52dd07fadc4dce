"""Dimensions and their members, rankings, and how people write: chatter, abbreviations, voseo, syllables."""

DIMENSIONS = {
    "branch": ("sucursal", "local", "tienda"),
    "product": ("producto", "artículo", "ítem"),
    "category": ("categoría", "familia", "línea"),
    "channel": ("canal", "canal de venta"),
    "customer": ("cliente", "comprador"),
    "seller": ("vendedor", "vendedora", "cajero"),
    "payment_method": ("medio de pago", "forma de pago"),
}
MEMBERS = {
    "branch": (
        "Talca", "Curicó", "Linares", "Centro", "Providencia", "Ñuñoa", "Maipú", "Rancagua", "Temuco", "La Serena",
        "Mall Plaza", "Casa Matriz", "Viña del Mar", "Concepción", "Antofagasta", "Palermo", "Rosario", "Córdoba",
        "Mendoza", "Barrio Italia", "Estación", "Las Condes", "Chillán", "Osorno", "Puerto Montt", "Iquique",
    ),
    "product": (
        "marraqueta", "hallulla", "kuchen de nuez", "kuchen de frambuesa", "empanada de pino", "empanada de queso",
        "pan amasado", "torta de mil hojas", "café americano", "café latte", "jugo natural", "queque", "alfajor",
        "sándwich barros luco", "polera básica", "pantalón jeans", "zapatilla urbana", "cemento 25 kg",
        "tornillo 2 pulgadas",
        "pintura látex", "taladro", "shampoo", "corte de pelo", "cuaderno universitario", "lápiz pasta",
        "alimento perro 15 kg",
        "arena gato", "ramo de rosas", "pisco 35", "cerveza lager", "vino tinto", "aceite de oliva", "arroz grado 1",
        "harina",
        "leche descremada", "yerba mate", "medialunas", "pizza napolitana", "hamburguesa doble", "papas fritas",
        "paracetamol",
        "silla de escritorio", "lámpara led", "audífonos", "cargador usb", "muñeca", "rompecabezas", "dulce de leche",
        "chocolate", "pan de pascua", "galletas", "helado artesanal", "ensalada césar", "completo italiano", "té verde",
    ),
    "category": (
        "pan", "pastelería", "empanadas", "bebidas", "cafetería", "ropa", "calzado", "herramientas", "pinturas", "aseo",
        "abarrotes", "lácteos", "congelados", "mascotas", "papelería", "electrónica", "juguetes", "muebles", "licores",
        "verduras", "carnes", "belleza", "servicios", "accesorios", "decoración",
    ),
    "channel": ("local", "delivery", "web", "rappi", "pedidosya", "uber eats", "mercadolibre", "whatsapp",
    "mayorista", "instagram"),
    "customer": (
        "Hotel Plaza", "Casino Central", "Comercial Rojas", "Colegio San José", "María Soto", "Juan Pérez",
        "Oficina Norte",
        "Constructora Maule", "Café Luna", "Ana Muñoz", "Distribuidora Sur", "Pedro González",
    ),
    "seller": ("Camila", "Rodrigo", "Valentina", "Matías", "Josefa", "Ignacio", "Fernanda", "Diego", "Carolina",
    "Sebastián"),
    "payment_method": ("efectivo", "débito", "crédito", "transferencia", "cheque", "mercado pago"),
}  # fmt: skip

RANKINGS = {
    "branch": ("sucursal", "sucursales"), "product": ("producto", "productos"), "category": ("categoría", "categorías"),
    "channel": ("canal", "canales"), "seller": ("vendedor", "vendedores"), "weekday": ("día de la semana",
    "días de la semana"),
    "hour": ("hora", "horas"), "payment_method": ("medio de pago", "medios de pago"),
    "customer": ("cliente", "clientes"),
}  # fmt: skip
RANKED = {
    "weekday": ("qué día vendo más", "cuál es el mejor día de la semana", "qué día de la semana es el más fuerte"),
    "hour": ("a qué hora vendo más", "cuáles son las horas punta", "en qué horario hay más venta",
    "a qué hora viene más gente"),
    "payment_method": ("cómo pagan mis clientes", "con qué me pagan más", "efectivo o tarjeta, qué usan más"),
    "branch": ("qué local vendió más", "qué tienda anda mejor", "cuál sucursal es la peor"),
    "product": ("qué es lo que más sale", "mis más vendidos", "qué se vende más", "los productos estrella",
    "lo más vendido"),
    "category": ("qué familia vende más", "qué tipo de producto anda mejor", "qué línea pesa más"),
    "channel": ("por dónde vendo más", "delivery o local, cuál vende más", "qué canal me sirve más"),
    "seller": ("quién vendió más", "mi mejor cajero", "quién es el vendedor estrella"),
    "customer": ("quiénes me compran más", "mis mejores clientes", "clientes más grandes"),
}  # fmt: skip

CHATTER = (
    "",
    "",
    "",
    "",
    "oye ",
    "hola, ",
    "porfa ",
    "dime ",
    "quiero saber ",
    "muéstrame ",
    "necesito ",
    "cuéntame ",
    "a ver ",
)
SHORT = {
    "que": "q", "qué": "q", "por qué": "xq", "por": "x", "de": "d", "ventas": "vtas", "también": "tb", "cuánto": "cto",
    "para": "pa", "mes": "ms", "promedio": "prom", "porcentaje": "%", "sucursal": "suc", "cliente": "cte",
}  # fmt: skip
VOSEO = {
    "tienes": "tenés", "puedes": "podés", "dime": "decime", "muéstrame": "mostrame", "cuéntame": "contame",
    "quieres": "querés",
    "resúmeme": "resumime", "harías": "harías vos", "plata": "guita", "boleta": "ticket", "vendiste": "vendiste vos",
}  # fmt: skip
SYLLABLES = (
    "ba", "be", "bri", "ca", "ce", "co", "cha", "da", "di", "do", "fa", "fle", "fo", "ga", "gri", "ja", "ju", "la",
    "le", "lo",
    "lla", "ma", "me", "mi", "na", "no", "ña", "pa", "pe", "pla", "qui", "ra", "ri", "ro", "sa", "se", "so", "ta",
    "te", "tro",
    "tu", "va", "ve", "vi", "ya", "za", "zo",
)  # fmt: skip
