// The explorer's small comforts: a click on a mark opens what lies inside, a stretch drawn on a line sets the period,
// a column's head sorts, and the address is copied. Without any of it the page works as links and a form.
(() => {
  const HERE = "#explorador";
  const go = (href) => {
    if (!/^\/explorar(\?|$)/.test(href)) { window.location.assign(href); return; }
    window.htmx.ajax("GET", href, { target: HERE, select: HERE, swap: "outerHTML show:none" });
  };

  // On a finger's screen a stretch drawn over the chart would keep the page from scrolling.
  const coarse = window.matchMedia("(pointer: coarse)").matches;
  const unbrushed = (root) => {
    for (const script of root.querySelectorAll("#explorar-grafico script[type='application/json']")) {
      const spec = JSON.parse(script.textContent);
      delete spec.params;
      script.textContent = JSON.stringify(spec);
    }
  };

  document.addEventListener("chart:pick", (event) => {
    const href = event.detail?.href;
    if (!event.target.closest("#explorar-grafico") || typeof href !== "string") return;
    event.preventDefault();
    go(href);
  });

  const day = (instant) => {
    const at = new Date(instant);
    return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
  };
  document.addEventListener("chart:drawn", (event) => {
    const box = event.target.closest("[data-brush]"), view = event.detail;
    if (!box) return;
    for (const mark of event.target.querySelectorAll("svg [class*='tramo_brush']")) mark.setAttribute("aria-hidden", "true");
    let stretch = null;
    try { view.addSignalListener("tramo", (_, value) => { stretch = value?.at || null; }); } catch { return; }  // no time on this chart
    const done = () => {
      if (!stretch || stretch.length !== 2 || stretch[0] === stretch[1]) return;
      const start = document.getElementById("start"), end = document.getElementById("end");
      go(`${box.dataset.brush}&start=${start.value}&end=${end.value}&desde=${day(Math.min(...stretch))}&hasta=${day(Math.max(...stretch))}`);
      stretch = null;
    };
    event.target.querySelector(".chart-frame").addEventListener("pointerup", () => window.setTimeout(done, 0));
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const address = new URL(button.dataset.copy, window.location.href).href, said = document.getElementById("explorar-dicho");
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = "Enlace copiado. Solo lo abre quien entra a tu empresa.";
      button.textContent = "Enlace copiado";
    } catch {
      window.prompt("Copia este enlace:", address);
    }
  });

  const number = (cell) => (cell.dataset.v === "" || cell.dataset.v === undefined ? null : Number(cell.dataset.v));
  const sort = (table, column, button) => {
    const body = table.tBodies[0], up = button.parentElement.getAttribute("aria-sort") === "descending";
    const rows = [...body.rows].map((row) => ({ row, cell: row.cells[column] }));
    const way = up ? 1 : -1;
    rows.sort((a, b) => {
      if (column === 0) return way * a.cell.dataset.v.localeCompare(b.cell.dataset.v, "es", { numeric: true });
      const one = number(a.cell), other = number(b.cell);
      if (one === null || other === null) return (one === null) - (other === null);  // what is not told comes last
      return way * (one - other);
    });
    body.append(...rows.map((each) => each.row));
    for (const head of table.tHead.rows[0].cells) head.removeAttribute("aria-sort");
    button.parentElement.setAttribute("aria-sort", up ? "ascending" : "descending");
  };
  const sortable = (root) => {
    for (const table of root.querySelectorAll("table[data-sort]")) {
      if (table.tBodies[0].rows.length < 2) continue;
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button"; button.className = "sort"; button.textContent = head.textContent;
        button.addEventListener("click", () => sort(table, column, button));
        head.replaceChildren(button);
      });
      table.removeAttribute("data-sort");
    }
  };

  // On a phone what is chosen less often is folded away until it is asked for.
  let unfolded = window.innerWidth > 640;
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.more-fields")) unfolded = event.target.open;
  }, true);

  const dress = (root) => {
    for (const more of root.querySelectorAll("details.more-fields")) if (more.open !== unfolded) more.open = unfolded;
    if (coarse) unbrushed(root);
    sortable(root);
    for (const each of root.querySelectorAll(".js-only")) each.hidden = false;
  };
  dress(document);

  // A name ticked while a search was on its way stays ticked, found or not.
  let ticked = [];
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    if (target?.id === "miembros") ticked = [...target.querySelectorAll("input")].filter((each) => each.checked !== each.defaultChecked);
  });
  const tickAgain = () => {
    const list = document.getElementById("miembros"), boxes = list ? [...list.querySelectorAll("input")] : [];
    for (const was of ticked.splice(0)) {
      const now = boxes.find((each) => each.value === was.value);
      if (now) now.checked = was.checked; else if (was.checked) list?.append(was.closest("li"));
    }
  };
  document.addEventListener("htmx:afterSwap", () => {
    tickAgain();
    dress(document);
    const result = document.querySelector("[data-result]"), said = document.getElementById("explorar-dicho");
    if (result && said) said.textContent = result.dataset.result;
  });
})();
