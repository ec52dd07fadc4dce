// Undo and redo in the builder: each state of the form is kept as its fields, and shown again by the server.
(() => {
  const { editor, say } = window.informe;
  const MOST = 100, REST = 400;
  const LEFT_OUT = /^(active|do|.*\.new)$/;
  const past = [], next = [], waiting = [];
  let now = "", timer = 0, showing = false;

  const read = () => {
    const fields = [...new FormData(editor())].filter(([name, value]) => !LEFT_OUT.test(name) && typeof value === "string");
    return new URLSearchParams(fields).toString();
  };
  const buttons = () => {
    document.getElementById("deshacer").setAttribute("aria-disabled", String(!past.length));
    document.getElementById("rehacer").setAttribute("aria-disabled", String(!next.length));
  };
  const keep = () => {
    clearTimeout(timer);
    timer = 0;
    const state = read();
    if (state === now) return;
    past.push(now);
    if (past.length > MOST) past.shift();
    next.length = 0;
    now = state;
    buttons();
  };
  const show = (from, to, said, none) => {
    if (showing) { waiting.push([from, to, said, none]); return; }
    if (timer) keep();
    if (!from.length) { say(none); return; }
    const state = from.pop();
    to.push(now);
    now = state;
    showing = true;
    const values = { do: "show", active: editor().elements.active.value };
    for (const [name, value] of new URLSearchParams(state)) (values[name] ||= []).push(value);
    for (const name of ["do", "active"]) values[name] = [values[name]].flat();
    window.htmx.ajax("POST", editor().action, { target: "#editor", swap: "outerHTML", values }).then(() => say(said));
  };
  const undo = () => show(past, next, "Deshice el último cambio.", "No hay nada que deshacer.");
  const redo = () => show(next, past, "Rehíce el cambio.", "No hay nada que rehacer.");

  document.addEventListener("informe:cambio", () => { clearTimeout(timer); timer = setTimeout(keep, REST); });
  document.addEventListener("input", (event) => {
    if (!event.target.closest("#editor")) return;
    clearTimeout(timer);
    timer = setTimeout(keep, REST);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "editor" && event.detail?.elt?.id !== "editor") return;
    if (!showing) { keep(); return; }
    showing = false;
    now = read();
    buttons();
    if (waiting.length) show(...waiting.shift());
  });
  for (const failed of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failed, () => { showing = false; waiting.length = 0; });
  }
  document.getElementById("deshacer").addEventListener("click", undo);
  document.getElementById("rehacer").addEventListener("click", redo);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.target.closest?.("textarea, input:not([type=radio], [type=checkbox])")) return;  // a text undoes its own letters
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) { event.preventDefault(); undo(); }
    else if (key === "y" || (key === "z" && event.shiftKey)) { event.preventDefault(); redo(); }
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector(".historia").hidden = false;
    now = read();
    buttons();
  });
})();
