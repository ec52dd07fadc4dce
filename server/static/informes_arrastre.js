// Dragging in the builder: fields into zones, kinds of chart onto a block or between two, blocks to their place. With a
// mouse or a pen at once; with a finger a field after it was held for a moment (a quick stroke scrolls the page), a handle
// at once. The menus of informes.js do the same without dragging.
(() => {
  const { ACCEPTS, say, blocks, lists, zone, label, kindOf, called, put, take, draw, add, move, shut } = window.informe;
  const FAR = 6, EDGE = 70, HOLD = 320, STEP = 12;
  let drag = null, dropped = false;

  const stop = () => {
    if (!drag) return;
    clearTimeout(drag.timer);
    cancelAnimationFrame(drag.frame);
    drag.ghost?.remove();
    document.body.classList.remove("arrastra", "arrastra-bloque");
    for (const each of document.querySelectorAll(".cabe, .sobre, .antes, .despues")) each.classList.remove("cabe", "sobre", "antes", "despues");
    drag = null;
  };

  // What a drop here would do: put a field in a zone, a chart on a block, or a block between others.
  const between = (y) => {
    const all = blocks().filter((each) => each !== drag.block), at = all.findIndex((each) => {
      const box = each.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    return { all, at: at < 0 ? all.length : at };
  };
  const under = () => {
    const found = document.elementFromPoint(drag.x, drag.y);
    const block = found?.closest("[data-block]");
    if (drag.block) return found?.closest(".armar") ? between(drag.y) : null;
    if (drag.kind === "chart") return block ? { block, fits: true } : found?.closest(".bloques") ? between(drag.y) : null;
    if (!block) return null;
    const accepts = ACCEPTS[drag.kind] || [], name = found.closest("[data-zone]")?.dataset.zone || accepts[0];
    const place = found.closest(".hueco"), all = name === "filter" ? [] : lists(block, name);
    const before = all.length > 1 && place ? all.findIndex((each) => each.parentElement === place) : -1;
    return { block, name, fits: accepts.includes(name), before: before < 0 || !all[before].value ? null : before };
  };
  const mark = () => {
    for (const each of document.querySelectorAll(".sobre, .antes, .despues")) each.classList.remove("sobre", "antes", "despues");
    const at = under();
    if (at?.all) {
      if (at.all[at.at]) at.all[at.at].classList.add("antes"); else at.all.at(-1)?.classList.add("despues");
    } else if (at?.fits) (drag.kind === "chart" ? at.block : zone(at.block, at.name)).classList.add("sobre");
  };

  const begin = () => {
    shut(false);
    drag.ghost = document.createElement("div");
    drag.ghost.className = "fantasma"; drag.ghost.textContent = drag.title;
    document.body.append(drag.ghost);
    document.body.classList.add("arrastra");
    if (drag.block) {
      // A row of heads to move among, the one in hand still under the pointer.
      document.body.classList.add("arrastra-bloque");
      window.scrollBy(0, drag.block.getBoundingClientRect().top - drag.y + 24);
    }
    for (const name of ACCEPTS[drag.kind] || []) for (const each of document.querySelectorAll(`[data-zone="${name}"]`)) each.classList.add("cabe");
    say(`Llevas «${drag.title}».`);
    follow();
    drag.frame = requestAnimationFrame(scroll);
  };
  const follow = () => {
    drag.ghost.style.transform = `translate(${drag.x + 12}px, ${drag.y + (drag.touch ? -44 : 8)}px)`;
    mark();
  };
  // At the edges the page comes along, also while the finger rests there; not before it has once been away from them.
  const scroll = () => {
    if (!drag?.ghost) return;
    const low = drag.y > window.innerHeight - EDGE, high = drag.y < EDGE;
    if (!low && !high) drag.free = true;
    if (drag.free && (low || high)) { window.scrollBy(0, low ? STEP : -STEP); mark(); }
    drag.frame = requestAnimationFrame(scroll);
  };

  document.addEventListener("pointerdown", (event) => {
    dropped = false;
    if (drag) return;
    const source = event.target.closest(".campo, [data-handle], [data-grip]");
    if (!source || event.button !== 0 || !event.isPrimary) return;
    const touch = event.pointerType === "touch", at = { x: event.clientX, y: event.clientY };
    drag = { ...at, from: null, start: at, touch, held: !touch || !source.matches(".campo"), ghost: null };
    if (source.matches("[data-grip]")) {
      const block = source.closest("[data-block]");
      Object.assign(drag, { block, title: called(block), kind: "block" });
    } else if (source.matches("[data-handle]")) {
      const from = source.parentElement.querySelector("select");
      Object.assign(drag, { from, id: from.value, kind: kindOf(from.value), title: label(from) });
    } else {
      const { field, kind, name } = source.dataset;
      Object.assign(drag, { id: field, kind, title: name });
    }
    if (!drag.held) drag.timer = setTimeout(() => { drag.held = true; window.navigator.vibrate?.(12); begin(); }, HOLD);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || !event.isPrimary) return;
    drag.x = event.clientX; drag.y = event.clientY;
    const far = Math.hypot(drag.x - drag.start.x, drag.y - drag.start.y) >= FAR;
    if (!drag.held) { if (far) stop(); return; }  // a stroke over the fields: the page scrolls
    if (!drag.ghost) { if (far) begin(); return; }
    event.preventDefault();
    follow();
  });
  document.addEventListener("touchmove", (event) => { if (drag?.ghost && event.cancelable) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (drag?.touch) event.preventDefault(); });
  document.addEventListener("pointerup", (event) => {
    if (!drag || !event.isPrimary) return;
    const { ghost, id, kind, title, from, block } = drag, at = ghost ? under() : null;
    const where = block && at ? at.at : -1, was = block ? blocks().indexOf(block) : -1;
    stop();
    if (!ghost) return;
    dropped = true;
    setTimeout(() => { dropped = false; }, 60);
    if (block) { if (at && where !== was) move(block, where); else say("No moví nada."); }
    else if (kind === "chart") { if (at?.block) draw(at.block, id, title); else if (at) add(id, at.at); else say("No moví nada."); }
    else if (at) put(at.block, at.name, id, title, from, at.before);
    else if (from) take(from);
    else say("No moví nada.");
  });
  document.addEventListener("pointercancel", stop);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.stopPropagation();
    stop();
    say("No moví nada.");
  }, true);
  // The click that a drop ends with opens no menu.
  window.addEventListener("click", (event) => {
    if (!dropped || !event.isTrusted) return;
    dropped = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
