// The builder of a report: fields are dragged, or put by their menu, into a block's zones. The form is what the report
// is; this only sets its lists and has the block drawn again.
(() => {
  const NAMES = { metric: "medidas", rows: "filas", columns: "columnas", filter: "filtros" };
  const ACCEPTS = { metric: ["metric"], dimension: ["rows", "columns", "filter"], grain: ["rows", "columns"] };
  const DONE = { add: "Bloque agregado.", up: "Bloque subido.", down: "Bloque bajado.", copy: "Bloque duplicado.",
    remove: "Bloque quitado.", filter: "Filtro agregado. Marca los nombres.", unfilter: "Filtro quitado." };
  const FAR = 6, EDGE = 60;

  const editor = () => document.getElementById("editor");
  const say = (text) => { document.getElementById("aviso").textContent = text; };
  const blocks = () => [...document.querySelectorAll("[data-block]")];
  const active = () => document.querySelector("[data-block].activo") || blocks()[0];
  const called = (block) => block.querySelector("h2").textContent.toLowerCase();
  const zone = (block, name) => block.querySelector(`[data-zone="${name}"]`);
  const lists = (block, name) => [...zone(block, name).querySelectorAll("select:not([data-add])")];
  const label = (select) => select.selectedOptions[0]?.textContent.trim() || "";
  const kindOf = (id) => document.querySelector(`.campo[data-field="${CSS.escape(id)}"]`)?.dataset.kind;

  // ---- what a block shows
  const timers = new Map();
  const redraw = (block, after = 200) => {
    clearTimeout(timers.get(block));
    timers.set(block, setTimeout(() => {
      const view = block.querySelector(".vista");
      if (view?.isConnected) window.htmx.trigger(view, "refrescar");
    }, after));
  };
  const changed = (block) => { editor().dataset.dirty = ""; tidy(block); redraw(block); };

  // Measures close up, one empty list waits for the next, and what holds nothing has no handle.
  const tidy = (block) => {
    const measures = lists(block, "metric"), held = measures.map((each) => each.value).filter(Boolean);
    measures.forEach((each, i) => { each.value = held[i] || ""; each.parentElement.hidden = i > held.length; });
    for (const each of [...measures, ...lists(block, "rows"), ...lists(block, "columns")]) {
      const handle = each.parentElement.querySelector("[data-handle]");
      if (handle) handle.hidden = !each.value;
    }
  };
  const mark = (block) => {
    if (!block || block.classList.contains("activo")) return;
    for (const each of blocks()) each.classList.toggle("activo", each === block);
    editor().elements.active.value = block.dataset.block;
  };

  // ---- putting a field somewhere; `from` is the list that it leaves
  const put = (block, name, id, title, from = null, before = null) => {
    if (!(ACCEPTS[kindOf(id)] || []).includes(name)) {
      say(`«${title}» no va en ${NAMES[name]}.`);
      return false;
    }
    mark(block);
    if (name === "filter") {
      const add = zone(block, "filter").querySelector("[data-add]");
      add.value = id;
      document.getElementById(add.dataset.add).click();
      return true;
    }
    const target = lists(block, name);
    if (name === "metric") {
      const held = target.map((each) => each.value).filter((value) => value && value !== id);
      const known = target.some((each) => each.value === id);
      if (!known && held.length === target.length) { say(`Caben ${target.length} medidas. Quita una.`); return false; }
      held.splice(before === null ? (known ? target.findIndex((each) => each.value === id) : held.length) : before, 0, id);
      target.forEach((each, i) => { each.value = held[i] || ""; });
    } else {
      const other = lists(block, name === "rows" ? "columns" : "rows")[0], was = target[0].value;
      if (other.value === id) other.value = from === other ? was : "";
      target[0].value = id;
    }
    if (from && !target.includes(from) && from.value === id) from.value = "";
    changed(block);
    if (from && from.closest("[data-block]") !== block) changed(from.closest("[data-block]"));
    say(`«${title}» está en ${NAMES[name]} del ${called(block)}.`);
    return true;
  };
  const take = (select) => {
    const title = label(select), block = select.closest("[data-block]");
    select.value = "";
    changed(block);
    say(`Quité «${title}».`);
  };
  const shift = (select, way) => {
    const block = select.closest("[data-block]"), name = select.closest("[data-zone]").dataset.zone, title = label(select);
    if (name !== "metric") {
      put(block, name === "rows" ? "columns" : "rows", select.value, title, select);
      return lists(block, name === "rows" ? "columns" : "rows")[0];
    }
    const all = lists(block, "metric"), held = all.filter((each) => each.value), at = held.indexOf(select), to = at + way;
    if (to < 0 || to >= held.length) { say(`«${title}» ya está ${way < 0 ? "al comienzo" : "al final"}.`); return select; }
    [held[at].value, held[to].value] = [held[to].value, held[at].value];
    changed(block);
    say(`«${title}» es la medida ${to + 1} de ${held.length}.`);
    return held[to];
  };
  const focusHandle = (select) => { select?.parentElement.querySelector("[data-handle]")?.focus(); };

  // ---- the menu of a field or of a handle
  let menu = null;
  const shut = (back = true) => {
    if (!menu) return;
    const { box, opener } = menu;
    menu = null;
    box.remove();
    opener.setAttribute("aria-expanded", "false");
    if (back && opener.isConnected) opener.focus();
  };
  const open = (opener, items) => {
    shut(false);
    const box = document.createElement("div");
    box.className = "menu-campo card"; box.setAttribute("role", "menu"); box.setAttribute("aria-label", opener.getAttribute("aria-label") || opener.textContent);
    for (const [text, act] of items) {
      const item = document.createElement("button");
      item.type = "button"; item.setAttribute("role", "menuitem"); item.tabIndex = -1; item.textContent = text;
      item.addEventListener("click", () => { shut(); act(); });
      box.append(item);
    }
    document.body.append(box);
    const at = opener.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - box.offsetWidth - 8)) + window.scrollX}px`;
    const below = at.bottom + box.offsetHeight + 8 < window.innerHeight;
    box.style.top = `${(below ? at.bottom + 4 : Math.max(8, at.top - box.offsetHeight - 4)) + window.scrollY}px`;
    opener.setAttribute("aria-expanded", "true");
    menu = { box, opener };
    box.firstElementChild.focus();
  };
  const ofField = (field) => {
    const { field: id, kind, name } = field.dataset, block = active();
    if (!block) { say("Agrega primero un bloque."); return; }
    open(field, ACCEPTS[kind].map((where) => [`Poner en ${NAMES[where]} del ${called(block)}`, () => put(block, where, id, name)]));
  };
  const ofHandle = (handle) => {
    const select = handle.parentElement.querySelector("select"), block = handle.closest("[data-block]");
    const here = handle.closest("[data-zone]").dataset.zone, id = select.value, title = label(select);
    const items = here === "metric"
      ? [["Mover antes", () => focusHandle(shift(select, -1))], ["Mover después", () => focusHandle(shift(select, 1))]]
      : (ACCEPTS[kindOf(id)] || []).filter((where) => where !== here).map((where) => [`Poner en ${NAMES[where]}`, () => put(block, where, id, title, select)]);
    open(handle, [...items, ["Quitar", () => take(select)]]);
  };

  document.addEventListener("click", (event) => {
    if (dropped && event.isTrusted) { dropped = false; event.preventDefault(); event.stopPropagation(); return; }
    const opener = event.target.closest(".campo, [data-handle]");
    if (!opener) { if (menu && !menu.box.contains(event.target)) shut(false); return; }
    if (menu?.opener === opener) shut(); else if (opener.matches(".campo")) ofField(opener); else ofHandle(opener);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (menu) {
      const items = [...menu.box.children], at = items.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
      if (to !== undefined) { event.preventDefault(); items[(to + items.length) % items.length].focus(); }
      else if (event.key === "Escape") { event.preventDefault(); shut(); }
      else if (event.key === "Tab") shut(false);
      return;
    }
    if (event.key === "Escape" && drag) { stop(); say("No moví nada."); return; }
    const handle = event.target.closest?.("[data-handle]");
    if (!handle) return;
    const select = handle.parentElement.querySelector("select");
    const way = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (way) { event.preventDefault(); focusHandle(shift(select, way)); }
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); take(select); select.focus(); }
  });

  // ---- dragging, with a mouse or a pen; a finger scrolls the page and has the menus
  let drag = null, dropped = false;
  const stop = () => {
    if (!drag) return;
    drag.ghost?.remove();
    document.body.classList.remove("arrastra");
    for (const each of document.querySelectorAll(".cabe, .sobre")) each.classList.remove("cabe", "sobre");
    drag = null;
  };
  const under = (x, y) => {
    const found = document.elementFromPoint(x, y), block = found?.closest("[data-block]");
    if (!block) return null;
    const accepts = ACCEPTS[drag.kind] || [], name = found.closest("[data-zone]")?.dataset.zone || accepts[0];
    const place = found.closest(".hueco"), all = name === "metric" ? lists(block, "metric") : [];
    const before = place && name === "metric" ? all.findIndex((each) => each.parentElement === place) : null;
    return { block, name, fits: accepts.includes(name), before: before === null || before < 0 || !all[before].value ? null : before };
  };
  document.addEventListener("pointerdown", (event) => {
    dropped = false;
    const block = event.target.closest("[data-block]");
    if (block) mark(block);
    const source = event.target.closest(".campo, [data-handle]");
    if (!source || event.button !== 0 || event.pointerType === "touch") return;
    const from = source.matches("[data-handle]") ? source.parentElement.querySelector("select") : null;
    const id = from ? from.value : source.dataset.field;
    drag = { id, from, kind: kindOf(id), title: from ? label(from) : source.dataset.name, x: event.clientX, y: event.clientY, ghost: null };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
      shut(false);
      drag.ghost = document.createElement("div");
      drag.ghost.className = "fantasma"; drag.ghost.textContent = drag.title;
      document.body.append(drag.ghost);
      document.body.classList.add("arrastra");
      for (const name of ACCEPTS[drag.kind] || []) for (const each of document.querySelectorAll(`[data-zone="${name}"]`)) each.classList.add("cabe");
      say(`Llevas «${drag.title}».`);
    }
    event.preventDefault();
    drag.ghost.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 8}px)`;
    if (event.clientY < EDGE) window.scrollBy(0, -14); else if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 14);
    const at = under(event.clientX, event.clientY);
    for (const each of document.querySelectorAll(".sobre")) each.classList.remove("sobre");
    if (at?.fits) zone(at.block, at.name).classList.add("sobre");
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { ghost, id, title, from } = drag, at = ghost ? under(event.clientX, event.clientY) : null;
    stop();
    if (!ghost) return;
    dropped = true;
    setTimeout(() => { dropped = false; }, 0);
    if (at) put(at.block, at.name, id, title, from, at.before); else if (from) take(from); else say("No moví nada.");
  });
  document.addEventListener("pointercancel", stop);

  // ---- the form
  document.addEventListener("focusin", (event) => mark(event.target.closest?.("[data-block]")));
  document.addEventListener("change", (event) => {
    if (!event.target.closest("#editor")) return;
    const block = event.target.closest("[data-block]");
    if (event.target.matches("[data-add]")) {
      if (event.target.value) document.getElementById(event.target.dataset.add).click();
    } else if (block) changed(block);
    else { editor().dataset.dirty = ""; if (event.target.matches("#span, #start, #end")) for (const each of blocks()) redraw(each); }
  });
  document.addEventListener("input", (event) => {
    const block = event.target.closest("#editor [data-block]");
    if (!block || !event.target.matches("textarea")) return;
    editor().dataset.dirty = "";
    redraw(block, 500);
  });
  let leaving = false, asked = "";
  document.addEventListener("submit", (event) => {
    if (event.target !== editor()) return;
    asked = (event.submitter?.value || "save").split(":")[0];
    leaving = asked === "save";
  }, true);
  window.addEventListener("beforeunload", (event) => { if (!leaving && editor() && "dirty" in editor().dataset) event.preventDefault(); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "editor" || event.detail?.elt?.id === "editor") { ready(); if (DONE[asked]) say(DONE[asked]); asked = ""; }
  });
  document.addEventListener("htmx:responseError", () => { leaving = false; say("No pude guardar. Tus cambios siguen aquí: prueba otra vez."); });
  document.addEventListener("htmx:sendError", () => { leaving = false; say("Sin conexión. Tus cambios siguen aquí: prueba otra vez."); });

  const ready = () => {
    const aside = document.querySelector(".campos");
    aside.hidden = false;
    if (window.innerWidth < 900) aside.querySelector("details").open = false;
    editor().classList.add("con-script");
    for (const block of blocks()) tidy(block);
  };
  document.addEventListener("DOMContentLoaded", ready);
})();
