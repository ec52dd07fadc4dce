"""What figures can be split and filtered by. Members are names as stored; hours read '13 h', weekdays 'lunes'."""

from core.periods import WEEKDAYS
from features.catalog.types import Dimension

HOURS = tuple(f"{hour} h" for hour in range(24))
_WEEKDAY = " ".join(f"WHEN {day} THEN '{name}'" for day, name in enumerate(WEEKDAYS, 1))

DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        id="product", name="producto", plural="productos", sql="d.name", unknown="(sin producto)",
        needs=("product_id",), table="dim_products", column="product_id",
        synonyms=("artículo", "artículos", "ítem", "ítems", "item", "items", "sku", "skus", "mercadería", "plato",
                  "platos", "referencia", "referencias", "product", "products"),
    ),
    Dimension(
        id="category", name="categoría", plural="categorías", sql="d.category", unknown="(sin categoría)",
        needs=("category",), table="dim_products", column="product_id", feminine=True,
        synonyms=("familia", "familias", "rubro", "rubros", "línea de productos", "líneas de productos",
                  "tipo de producto", "tipos de producto", "departamento", "departamentos", "category", "categories"),
    ),
    Dimension(
        id="branch", name="sucursal", plural="sucursales", sql="d.name", unknown="(sin sucursal)",
        needs=("store_id",), table="dim_stores", column="store_id", feminine=True,
        synonyms=("local", "locales", "tienda", "tiendas", "sede", "sedes", "punto de venta", "puntos de venta",
                  "almacén", "almacenes", "branch", "branches", "store", "stores"),
    ),
    Dimension(
        id="channel", name="canal", plural="canales", sql="d.name", unknown="(sin canal)",
        needs=("channel_id",), table="dim_channels", column="channel_id",
        synonyms=("canal de venta", "canales de venta", "plataforma", "plataformas", "vía de venta", "channel",
                  "channels"),
    ),
    Dimension(
        # Whoever objected to it, or was erased, is told by no name: their purchases count, as those of nobody.
        id="customer", name="cliente", plural="clientes",
        sql="CASE WHEN NOT d.reserved THEN coalesce(d.corrected_name, d.name) END", unknown="(sin cliente)",
        needs=("customer_id",), table="dim_customers", column="customer_id",
        synonyms=("comprador", "compradores", "clienta", "clientas", "customer", "customers"),
    ),
    Dimension(
        id="seller", name="vendedor", plural="vendedores", sql="f.seller", unknown="(sin vendedor)",
        needs=("seller",),
        synonyms=("vendedora", "vendedoras", "cajero", "cajera", "cajeros", "cajeras", "garzón", "garzones", "mozo",
                  "mozos", "ejecutivo de ventas", "empleado", "empleados", "seller", "sellers"),
    ),
    Dimension(
        id="payment_method", name="medio de pago", plural="medios de pago", sql="f.payment_method",
        unknown="(sin medio de pago)", needs=("payment_method",),
        synonyms=("forma de pago", "formas de pago", "método de pago", "métodos de pago", "tipo de pago",
                  "tipos de pago", "payment method", "payment methods"),
    ),
    Dimension(
        id="city", name="ciudad", plural="ciudades", sql="f.city", unknown="(sin ciudad)", needs=("city",),
        feminine=True, synonyms=("comuna", "comunas", "localidad", "localidades", "city", "cities"),
    ),
    Dimension(
        id="country", name="país", plural="países", sql="f.country", unknown="(sin país)", needs=("country",),
        synonyms=("country", "countries"),
    ),
    Dimension(
        id="weekday", name="día de la semana", plural="días de la semana",
        sql=f"CASE extract(isodow FROM f.sold_on)::int {_WEEKDAY} END", unknown="(sin día)", needs=(),
        order=WEEKDAYS, synonyms=("dia semanal", "weekday", "weekdays"),
    ),
    Dimension(
        id="hour", name="hora", plural="horas", sql="f.sold_hour::text || ' h'", unknown="(sin hora)",
        needs=("sold_hour",), feminine=True, order=HOURS,
        synonyms=("horario", "horarios", "hora del día", "horas del día", "hora punta", "hour", "hours"),
    ),
)  # fmt: skip
