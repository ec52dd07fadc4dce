// The bytes' own progress while a file travels; from then on the server tells how its reading goes.
(() => {
  const bar = () => document.querySelector("#sending");
  const zone = document.querySelector(".drop");
  if (zone) {
    for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, () => zone.classList.add("over"));
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  }
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
})();
