// Files: dropped anywhere on the page, sent with the bytes' own progress, and watched over one stream of events.
// Without events the page asks every second by itself (htmx); without scripts the form is sent as any other.
(() => {
  const bar = () => document.querySelector("#sending");
  const input = document.querySelector("#send input[type=file]");
  let live = false;

  // A file may land anywhere: a near miss must not make the browser leave for it.
  let depth = 0;
  const carries = (event) => input && event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  document.addEventListener("dragenter", (event) => { if (carries(event)) { depth += 1; document.body.classList.add("dropping"); } });
  document.addEventListener("dragleave", (event) => { if (carries(event) && (depth -= 1) <= 0) { depth = 0; document.body.classList.remove("dropping"); } });
  document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    document.body.classList.remove("dropping");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // A file chosen while the scripts were still on their way was heard by nobody: it goes as soon as htmx listens.
  document.addEventListener("DOMContentLoaded", () => {
    if (input && input.files.length) input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  document.body.addEventListener("htmx:xhr:progress", (event) => {
    if (!bar() || !event.detail.lengthComputable) return;
    bar().hidden = false;
    bar().querySelector("progress").value = event.detail.loaded / event.detail.total;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (bar()) bar().hidden = true;
    if (event.target.id === "send") event.target.reset();
  });
  // A refused file is told in the page too: htmx would drop the body of a 4xx.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 400 && event.detail.xhr.status !== 401) {
      event.detail.shouldSwap = true;
      event.detail.target = document.querySelector("#problems") || event.detail.target;
      event.detail.swapOverride = "innerHTML";
    }
  });

  // While events come, nobody needs to ask.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (live && event.detail.elt.hasAttribute("data-poll")) event.preventDefault();
  });
  const replace = (old, html) => {
    const held = document.createElement("template");
    held.innerHTML = html.trim();
    const fresh = held.content.firstElementChild;
    if (old.outerHTML === fresh.outerHTML) return;  // a hand may be on it
    old.replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
  };
  const page = document.querySelector("#carga");
  if (!window.EventSource || !(page || document.querySelector("#lista"))) return;

  // A file may be done between the page and its stream, or between one stream and the next: the stream is told which
  // files look unfinished here, and says how these stand before it says what changes.
  const MOST = 50;
  let stream = null, asked = new Set();
  const unfinished = () => [...document.querySelectorAll("[data-upload]")]
    .filter((each) => each.querySelector(".tag.received, .tag.working")).map((each) => each.dataset.upload).slice(0, MOST);
  const connect = () => {
    stream?.close();
    asked = new Set(unfinished());
    const about = new URLSearchParams([...asked].map((id) => ["espera", id]));
    if (page) about.set("carga", page.dataset.upload);
    stream = new EventSource(`/datos/eventos?${about}`);
    stream.addEventListener("open", () => { live = true; caughtUp(); });
    stream.addEventListener("error", () => { live = false; });
    stream.addEventListener("upload", told);
  };
  const caughtUp = () => { if (unfinished().some((id) => !asked.has(id))) connect(); };
  const told = (event) => {
    const news = JSON.parse(event.data), id = CSS.escape(news.id);
    asked.delete(news.id);
    const row = document.querySelector(`li[data-upload="${id}"]`);
    const list = document.querySelector("#lista .files");
    if (row) replace(row, news.row);
    else if (list && news.busy) { list.prepend(document.createElement("li")); replace(list.firstElementChild, news.row); }
    const body = document.querySelector(`#carga[data-upload="${id}"]`);
    // What somebody is correcting in the page is not taken from under their hands.
    if (body && news.body && !(body.contains(document.activeElement) && document.activeElement.matches("select, input, textarea"))) replace(body, news.body);
    document.body.dataset.live = "true";
  };
  // An answer may bring files as they stood before the stream last spoke.
  document.body.addEventListener("htmx:afterSettle", caughtUp);
  connect();
  window.addEventListener("pagehide", () => stream.close());
})();
