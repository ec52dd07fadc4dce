// The builder of a report: fields are put by their menu, or dragged (informes_arrastre.js), into a block's zones. The form
// is what the report is; this only sets its lists and has the block drawn again. informes_historia.js undoes.
(() => {
  const NAMES = { metric: "medidas", rows: "filas", columns: "columnas", filter: "filtros" };
  const ACCEPTS = { metric: ["metric"], dimension: ["rows", "columns", "filter"], grain: ["rows", "columns"], chart: [] };
  const DONE = { add: "Bloque agregado.", up: "Bloque subido.", down: "Bloque bajado.", copy: "Bloque duplicado.",
    move: "Bloque movido.", remove: "Bloque quitado.", filter: "Filtro agregado. Marca los nombres.", unfilter: "Filtro quitado." };

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
    block.setAttribute("aria-busy", "true");
    timers.set(block, setTimeout(() => {
      timers.delete(block);
      const view = block.querySelector(".vista");
      if (view?.isConnected) window.htmx.trigger(view, "refrescar");
    }, after));
  };
  document.addEventListener("htmx:afterRequest", ({ detail: { elt } }) => {
    const view = elt.closest?.(".vista"), block = elt.closest?.("[data-block]");
    if (view && !view.classList.contains("htmx-request") && !timers.has(block)) block.removeAttribute("aria-busy");
  });
  const changed = (block) => {
    editor().dataset.dirty = "";
    tidy(block);
    redraw(block);
    editor().dispatchEvent(new CustomEvent("informe:cambio", { bubbles: true }));
  };

  // Lists of several close up, one empty one waits for the next, and what holds nothing has no handle.
  const tidy = (block) => {
    for (const name of ["metric", "rows"]) {
      const all = lists(block, name), held = all.map((each) => each.value).filter(Boolean);
      all.forEach((each, i) => { each.value = held[i] || ""; each.parentElement.hidden = i > held.length; });
    }
    for (const each of [...lists(block, "metric"), ...lists(block, "rows"), ...lists(block, "columns")]) {
      const handle = each.parentElement.querySelector("[data-handle]");
      if (handle) handle.hidden = !each.value;
    }
    const put = [...block.querySelectorAll(".mas select, .mas input")].filter((each) => each.selectedIndex !== 0 && each.value)
      .map((each) => each.matches("select") ? label(each) : each.type === "number" ? `${each.value} ${each.value === "1" ? "fila" : "filas"}` : `«${each.value}»`);
    block.querySelector(".puesto").textContent = put.map((one) => ` · ${one}`).join("");
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
    const target = lists(block, name), several = target.length > 1;
    const held = target.map((each) => each.value).filter((value) => value && value !== id);
    if (several && held.length === target.length) {
      say(`Caben ${target.length} ${name === "rows" ? "campos en filas" : "medidas"}. Quita ${name === "rows" ? "uno" : "una"}.`);
      return false;
    }
    if (several) {
      const at = target.findIndex((each) => each.value === id);
      held.splice(before === null ? (at >= 0 ? at : held.length) : before, 0, id);
      target.forEach((each, i) => { each.value = held[i] || ""; });
      if (name === "rows") for (const each of lists(block, "columns")) if (each.value === id) each.value = "";
    } else {
      const was = target[0].value, leaves = lists(block, "rows").find((each) => each.value === id);
      if (leaves) leaves.value = leaves === from ? was : "";
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
  // A measure moves among its own; rows and columns also change places.
  const shift = (select, way, across = false) => {
    const block = select.closest("[data-block]"), name = select.closest("[data-zone]").dataset.zone, title = label(select);
    const all = lists(block, name), held = all.filter((each) => each.value), at = held.indexOf(select), to = at + way;
    if (name !== "metric" && (across || held.length < 2)) {
      const other = name === "rows" ? "columns" : "rows", id = select.value;
      put(block, other, id, title, select);
      return lists(block, other).find((each) => each.value === id) || select;
    }
    if (to < 0 || to >= held.length) { say(`«${title}» ya está ${way < 0 ? "al comienzo" : "al final"}.`); return select; }
    [held[at].value, held[to].value] = [held[to].value, held[at].value];
    changed(block);
    say(`«${title}» es ${name === "metric" ? "la medida" : "el campo"} ${to + 1} de ${held.length}.`);
    return held[to];
  };
  // ---- kinds of blocks, and their order: the form's own buttons do it
  const submit = (action) => {
    const button = editor().querySelector("button[hidden][name=do]") || editor().appendChild(document.createElement("button"));
    button.name = "do"; button.value = action; button.hidden = true;
    button.click();
  };
  const draw = (block, kind, title) => {
    const radio = block.querySelector(`.tipo input[value="${kind}"]`);
    mark(block);
    radio.checked = true;
    changed(block);
    say(`El ${called(block)} ahora es: ${title.toLowerCase()}.`);
  };
  const add = (kind, at = blocks().length) => submit(`add:${kind}:${at}`);
  const move = (block, at) => submit(`move:${block.dataset.block}:${at}`);

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
    if (kind === "chart") {
      const here = block ? [[`Usar en el ${called(block)}`, () => draw(block, id, name)]] : [];
      open(field, [...here, ["Agregar un bloque así", () => add(id)]]);
      return;
    }
    if (!block) { say("Agrega primero un bloque."); return; }
    open(field, ACCEPTS[kind].map((where) => [`Poner en ${NAMES[where]} del ${called(block)}`, () => put(block, where, id, name)]));
  };
  const ofHandle = (handle) => {
    const select = handle.parentElement.querySelector("select"), block = handle.closest("[data-block]");
    const here = handle.closest("[data-zone]").dataset.zone, id = select.value, title = label(select);
    const several = lists(block, here).filter((each) => each.value).length > 1;
    const order = here === "metric" || several
      ? [["Mover antes", () => focusHandle(shift(select, -1))], ["Mover después", () => focusHandle(shift(select, 1))]] : [];
    const away = (ACCEPTS[kindOf(id)] || []).filter((where) => where !== here)
      .map((where) => [`Poner en ${NAMES[where]}`, () => put(block, where, id, title, select)]);
    open(handle, [...order, ...away, ["Quitar", () => take(select)]]);
  };

  document.addEventListener("click", (event) => {
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
    const handle = event.target.closest?.("[data-handle]");
    if (!handle) return;
    const select = handle.parentElement.querySelector("select");
    const way = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (way) { event.preventDefault(); focusHandle(shift(select, way, event.key === "ArrowLeft" || event.key === "ArrowRight")); }
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); take(select); select.focus(); }
  });

  // ---- the form
  document.addEventListener("pointerdown", (event) => mark(event.target.closest?.("[data-block]")));
  document.addEventListener("focusin", (event) => mark(event.target.closest?.("[data-block]")));
  document.addEventListener("change", (event) => {
    if (!event.target.closest("#editor")) return;
    const block = event.target.closest("[data-block]");
    if (event.target.matches("[data-add]")) {
      if (event.target.value) document.getElementById(event.target.dataset.add).click();
    } else if (block) changed(block);
    else { editor().dataset.dirty = ""; editor().dispatchEvent(new CustomEvent("informe:cambio", { bubbles: true })); if (event.target.matches("#span, #start, #end")) for (const each of blocks()) redraw(each); }
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
    leaving = asked === "save" && !window.htmx;
  }, true);
  // Whoever leaves before the answer came would lose what was written: only its end lets go without a question.
  document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => { if (asked === "save" && xhr.getResponseHeader("HX-Redirect")) leaving = true; });
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
    document.documentElement.classList.add("con-script");
    for (const block of blocks()) tidy(block);
  };
  // What was chosen or written while the scripts were still on their way was heard by nobody.
  const differs = (each) => (each.matches("select") ? each.selectedIndex !== Math.max(0, [...each.options].findIndex((one) => one.defaultSelected))
    : each.matches("[type=checkbox], [type=radio]") ? each.checked !== each.defaultChecked
      : each.matches("input, textarea") && each.value !== each.defaultValue);
  document.addEventListener("DOMContentLoaded", () => {
    const early = [...editor().elements].filter(differs);
    ready();
    window.setTimeout(() => { for (const each of early) each.dispatchEvent(new Event("change", { bubbles: true })); });
  });
  window.informe = { ACCEPTS, editor, say, blocks, lists, zone, label, kindOf, called, put, take, draw, add, move, shut };
})();
