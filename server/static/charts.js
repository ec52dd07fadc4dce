// Draws the charts of a page (html/grafico.html says how to write one). The drawing module is fetched when the first
// chart comes into view; nothing is evaluated and nothing else fetched.
(() => {
  const MODULE = "/chat/public/vega.js";
  const NARROW = 480;
  const refused = () => Promise.reject(new Error("a chart never fetches"));
  const closed = { load: refused, sanitize: refused, http: refused, file: refused };
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const NAMED = { calm: "--serie-soft" };
  for (let i = 1; i <= 8; i += 1) NAMED[i] = `--serie-${i}`;
  const colour = (text) => (typeof text === "string" && text.startsWith("@") ? token(NAMED[text.slice(1)] || `--${text.slice(1)}`) : text);

  // Colours by name become the theme's; data is left alone.
  const dyed = (node) => {
    if (Array.isArray(node)) return node.map(dyed);
    if (node === null || typeof node !== "object") return colour(node);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === "values" ? value : dyed(value)]));
  };
  const fetches = (node) => node !== null && typeof node === "object" && Object.entries(node).some(
    ([key, value]) => (key === "url" || (key !== "values" && key !== "datasets" && fetches(value))));

  const look = (narrow) => {
    const quiet = token("--quiet"), ink = token("--ink"), line = token("--line");
    return {
      background: "transparent", font: getComputedStyle(document.body).fontFamily, view: { stroke: "transparent" },
      locale: window.ayniLocale, mark: { color: token("--serie-1"), tooltip: true },
      bar: { cornerRadiusEnd: 3 }, line: { strokeWidth: 2.5 }, text: { color: ink },
      axis: { labelColor: quiet, titleColor: quiet, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12,
        titleFontSize: 12, titleFontWeight: "normal", labelOverlap: true, labelSeparation: 6 },
      axisXDiscrete: { labelAngle: 0, grid: false }, axisYDiscrete: { labelLimit: narrow ? 116 : 220, grid: false, labelOverlap: false },
      axisXTemporal: { grid: false }, axisYQuantitative: { tickCount: 4 },
      legend: { labelColor: ink, titleColor: quiet, orient: "bottom", labelFontSize: 12, titleFontSize: 12, gradientLength: narrow ? 160 : 220 },
      header: { labelColor: ink, titleColor: quiet, labelFontSize: 12 }, title: { color: ink },
      range: { category: [1, 2, 3, 4, 5, 6, 7, 8].map((i) => token(`--serie-${i}`)), heatmap: [token("--soft"), token("--serie-1")], ramp: [token("--soft"), token("--serie-1")] },
      padding: { left: 2, top: 6, right: narrow ? 10 : 14, bottom: 4 },
    };
  };

  const dressed = (spec, narrow) => {
    const ours = look(narrow), theirs = spec.config || {}, config = { ...theirs };
    for (const key of Object.keys(ours)) {
      const plain = typeof ours[key] === "object" && !Array.isArray(ours[key]);
      config[key] = plain && key !== "locale" ? { ...ours[key], ...(theirs[key] || {}) } : ours[key];
    }
    const many = ["hconcat", "vconcat", "concat", "facet", "repeat"].some((key) => key in spec);
    const height = spec.height || (narrow ? 200 : 240);
    const size = many ? {} : { width: "container", height, autosize: { type: "fit-x", contains: "padding" } };
    const whole = dyed({ ...spec, ...size, title: undefined, background: "transparent" });
    if (spec.data?.values?.some((row) => row.href)) config.mark = { ...config.mark, cursor: "pointer" };
    if (narrow && whole.encoding?.y?.axis?.labelLimit > 116) whole.encoding.y.axis.labelLimit = 116;
    return { ...whole, config };
  };

  // What a series is called and coloured, where one nominal colour tells them apart.
  const seriesOf = (spec) => {
    const by = spec.encoding?.color;
    if (!by?.field || by.legend === null || (by.type || "nominal") === "quantitative" || !spec.data?.values) return null;
    const seen = [...new Set(spec.data.values.map((row) => row[by.field]).filter((name) => name !== null && name !== undefined))];
    const names = by.scale?.domain || seen;
    return names.length < 2 ? null : { field: by.field, names, range: names.map((_, i) => by.scale?.range?.[i] || `@${(i % 8) + 1}`) };
  };

  class Drawn {
    constructor(figure) {
      this.figure = figure;
      this.frame = figure.querySelector(".chart-frame");
      this.spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
      this.series = seriesOf(this.spec);
      this.hidden = new Set();
      this.across = this.spec.encoding?.x?.field;
      this.steps = "zoom" in figure.dataset && this.across && this.spec.data?.values
        ? [...new Set(this.spec.data.values.map((row) => row[this.across]))] : [];
      this.tools = document.createElement("div");
      this.tools.className = "chart-tools";
      this.frame.before(this.tools);
      this.from = 0; this.until = this.steps.length;
      if (this.series) this.legend();
      if (this.steps.length > 6) this.zoom();
    }

    legend() {
      const row = document.createElement("div");
      row.className = "chart-legend"; row.setAttribute("role", "group"); row.setAttribute("aria-label", "Series que se ven");
      this.series.names.forEach((name, index) => {
        const button = document.createElement("button");
        button.type = "button"; button.className = "plain"; button.setAttribute("aria-pressed", "true");
        const swatch = document.createElement("i");
        swatch.dataset.colour = this.series.range[index];
        button.append(swatch, String(name));
        button.addEventListener("click", () => {
          if (this.hidden.has(name)) this.hidden.delete(name); else this.hidden.add(name);
          if (this.hidden.size === this.series.names.length) this.hidden.clear();
          [...row.children].forEach((each, i) => each.setAttribute("aria-pressed", String(!this.hidden.has(this.series.names[i]))));
          this.draw();
        });
        row.append(button);
      });
      this.tools.append(row);
    }

    zoom() {
      const row = document.createElement("div");
      row.className = "chart-zoom"; row.setAttribute("role", "group"); row.setAttribute("aria-label", "Acercar el gráfico");
      const add = (sign, name, move) => {
        const button = document.createElement("button");
        button.type = "button"; button.className = "plain"; button.textContent = sign; button.setAttribute("aria-label", name);
        button.addEventListener("click", () => { move(); this.draw(); });
        row.append(button);
        return button;
      };
      this.back = add("‹", "Antes", () => this.shift(-1));
      this.nearer = add("+", "Acercar", () => this.scale(0.5, 0.5));
      this.farther = add("−", "Alejar", () => this.scale(2, 0.5));
      this.on = add("›", "Después", () => this.shift(1));
      this.tools.append(row);
      this.frame.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;  // a bare wheel goes on scrolling the page
        event.preventDefault();
        const box = this.frame.getBoundingClientRect();
        this.scale(event.deltaY < 0 ? 0.75 : 1.34, (event.clientX - box.left) / box.width);
        this.draw();
      }, { passive: false });
    }

    shift(way) {
      const wide = this.until - this.from, by = Math.max(1, Math.round(wide / 2)) * way;
      this.from = Math.min(Math.max(0, this.from + by), this.steps.length - wide);
      this.until = this.from + wide;
    }

    scale(factor, around) {
      const wide = this.until - this.from, middle = this.from + wide * around;
      const now = Math.min(this.steps.length, Math.max(4, Math.round(wide * factor)));
      this.from = Math.min(Math.max(0, Math.round(middle - now * around)), this.steps.length - now);
      this.until = this.from + now;
    }

    seen() {
      const values = this.spec.data?.values;
      if (!values || (!this.hidden.size && this.until - this.from === this.steps.length)) return this.spec;
      const within = this.steps.length ? new Set(this.steps.slice(this.from, this.until)) : null;
      return { ...this.spec, data: { ...this.spec.data, values: values.filter((row) =>
        (!within || within.has(row[this.across])) && !(this.series && this.hidden.has(row[this.series.field]))) } };
    }

    async draw() {
      const narrow = this.frame.clientWidth < NARROW;
      let spec = this.seen();
      if (this.series) {
        const by = spec.encoding.color;
        spec = { ...spec, encoding: { ...spec.encoding, color: { ...by, legend: null,
          scale: { ...(by.scale || {}), domain: this.series.names, range: this.series.range } } } };
        for (const swatch of this.figure.querySelectorAll(".chart-legend i")) swatch.style.background = colour(swatch.dataset.colour);
      }
      const across = spec.encoding?.x, points = new Set(across?.field ? (spec.data?.values || []).map((row) => row[across.field]) : []);
      if (across?.type === "temporal" && across.axis !== null && points.size && points.size <= 14) {  // a tick a point, none twice
        const values = [...points].map((at) => new Date(at)).map((at) => ({ year: at.getFullYear(), month: at.getMonth() + 1, date: at.getDate() }));
        spec = { ...spec, encoding: { ...spec.encoding, x: { ...across, axis: { values, ...(across.axis || {}) } } } };
      }
      if (this.back) {
        this.back.disabled = this.from === 0; this.on.disabled = this.until === this.steps.length;
        this.farther.disabled = this.until - this.from === this.steps.length; this.nearer.disabled = this.until - this.from <= 4;
      }
      const mine = (this.turn = (this.turn || 0) + 1);
      try {
        if (fetches(spec)) throw new Error("a chart never fetches");
        await import(MODULE);
        const made = await window.ayniVega(this.frame, dressed(spec, narrow), {
          actions: false, renderer: "svg", loader: closed, ast: true, defaultStyle: false, tooltip: { theme: "ayni", disableDefaultStyle: true },
        });
        if (mine !== this.turn) { made.finalize(); return; }
        if (this.made) this.made.finalize();
        this.made = made;
        for (const drawing of this.frame.querySelectorAll("svg")) drawing.setAttribute("aria-hidden", "true");  // the frame says what it is, the table what it tells
        made.view.addEventListener("click", (event, item) => this.pick(item?.datum));
        this.figure.dispatchEvent(new CustomEvent("chart:drawn", { detail: made.view, bubbles: true }));
        this.figure.dataset.state = "ready";
      } catch (problem) {
        if (mine !== this.turn) return;
        this.figure.dataset.state = "failed";
        this.frame.textContent = "No pude dibujar el gráfico. Las cifras de la tabla valen igual.";
        this.frame.classList.add("failed");
        console.error(problem);
      }
    }

    pick(row) {
      if (!row) return;
      const told = this.figure.dispatchEvent(new CustomEvent("chart:pick", { detail: row, bubbles: true, cancelable: true }));
      if (told && typeof row.href === "string" && /^\/(?![/\\])/.test(row.href)) window.location.assign(row.href);
    }
  }

  const drawn = new Map();
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting || drawn.has(entry.target)) continue;
      near.unobserve(entry.target);
      const one = new Drawn(entry.target);
      drawn.set(entry.target, one);
      one.draw();
    }
  }, { rootMargin: "300px" });
  const watch = (root) => {
    for (const figure of root.querySelectorAll("figure[data-chart]")) if (!drawn.has(figure)) near.observe(figure);
  };
  const again = () => {
    for (const [figure, one] of drawn) {
      if (figure.isConnected) one.draw(); else { one.made?.finalize(); drawn.delete(figure); }
    }
  };
  document.addEventListener("DOMContentLoaded", () => watch(document));
  document.addEventListener("htmx:afterSettle", () => { for (const [figure] of drawn) if (!figure.isConnected) drawn.delete(figure); watch(document); });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  let narrow = window.innerWidth < NARROW;
  window.addEventListener("resize", () => { if (narrow !== window.innerWidth < NARROW) { narrow = !narrow; again(); } });
})();
