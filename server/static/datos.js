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
    old.replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
  };
  const page = document.querySelector("#carga");
  if (!window.EventSource || !(page || document.querySelector("#lista"))) return;
  const stream = new EventSource(page ? `/datos/eventos?carga=${encodeURIComponent(page.dataset.upload)}` : "/datos/eventos");
  stream.addEventListener("open", () => { live = true; });
  stream.addEventListener("error", () => { live = false; });
  stream.addEventListener("upload", (event) => {
    const told = JSON.parse(event.data);
    const id = CSS.escape(told.id);
    const row = document.querySelector(`li[data-upload="${id}"]`);
    const list = document.querySelector("#lista .files");
    if (row) replace(row, told.row);
    else if (list && told.busy) { list.prepend(document.createElement("li")); replace(list.firstElementChild, told.row); }
    const body = document.querySelector(`#carga[data-upload="${id}"]`);
    // What somebody is correcting in the page is not taken from under their hands.
    if (body && told.body && !(body.contains(document.activeElement) && document.activeElement.matches("select, input, textarea"))) replace(body, told.body);
    document.body.dataset.live = "true";
  });
  window.addEventListener("pagehide", () => stream.close());
})();
