"""What the builder's buttons and drops do to a draft, before it is saved: 'add:bar', 'up:b2', 'move:b2:0', 'filter:b1'.
Pure."""

from core.errors import BadInput
from server.reports.form import new_id
from server.reports.spec import MOST_BLOCKS, MOST_FILTERS, Block, Draft, Only
from server.views.view import Chart


def apply(draft: Draft, action: str, dimension: str = "") -> tuple[Draft, str]:
    """The draft after the action, and the id of the block that it is about. What is no action ('show'), or is about a
    block that has gone, changes nothing. BadInput where there is no room. `dimension` is a new filter's."""
    what, _, about = action.partition(":")
    name, _, number = about.partition(":")
    place = int(number) if number.isdecimal() and len(number) < 4 else None
    blocks = list(draft.spec.blocks)
    if what == "add" and name in Chart.__members__:
        _room(draft)
        made = Block(id=new_id(draft), chart=Chart(name))
        blocks.insert(len(blocks) if place is None else place, made)
        return _with(draft, blocks), made.id
    at = next((i for i, b in enumerate(blocks) if b.id == name), None)
    if at is None:
        return draft, ""
    match what:
        case "up" | "down":
            to = min(len(blocks) - 1, max(0, at + (1 if what == "down" else -1)))
            blocks.insert(to, blocks.pop(at))
        case "move" if place is not None:
            blocks.insert(place, blocks.pop(at))
        case "copy":
            _room(draft)
            blocks.insert(at + 1, blocks[at].model_copy(update={"id": new_id(draft)}))
            name = blocks[at + 1].id
        case "remove":
            del blocks[at]
            name = blocks[min(at, len(blocks) - 1)].id if blocks else ""
        case "filter" if dimension:
            blocks[at] = _filtered(blocks[at], dimension)
        case "unfilter" if place is not None:
            kept = tuple(f for n, f in enumerate(blocks[at].filters) if n != place)
            blocks[at] = blocks[at].model_copy(update={"filters": kept})
    return _with(draft, blocks), name


def _filtered(block: Block, dimension: str) -> Block:
    if any(f.dimension == dimension for f in block.filters):
        return block
    if len(block.filters) >= MOST_FILTERS:
        raise BadInput("filters", f"Un bloque lleva hasta {MOST_FILTERS} filtros.", "Quita alguno.")
    return block.model_copy(update={"filters": (*block.filters, Only(dimension=dimension))})


def _room(draft: Draft) -> None:
    if len(draft.spec.blocks) >= MOST_BLOCKS:
        raise BadInput("blocks", f"Un informe lleva hasta {MOST_BLOCKS} bloques.", "Quita alguno, o haz otro informe.")


def _with(draft: Draft, blocks: list[Block]) -> Draft:
    return draft.model_copy(update={"spec": draft.spec.model_copy(update={"blocks": tuple(blocks)})})
