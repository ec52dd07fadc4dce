// An answer's charts, sources and next questions. All of it comes from `props`, so a resumed chat shows it again.
import { useEffect, useRef, useState } from 'react'

const KINDS = {
  metric: 'Tus datos', upload: 'Tu archivo', definition: 'Definición', benchmark: 'Negocios como el tuyo',
  macro: 'Economía', insight: 'Hallazgo', forecast: 'Proyección'
}

const loadVega = () => {
  if (window.ayniVega) return Promise.resolve(window.ayniVega)
  if (!window.ayniVegaLoading) {
    window.ayniVegaLoading = new Promise((resolve, reject) => {
      const script = document.createElement('script')
      script.type = 'module'
      script.src = '/chat/public/vega.js'
      script.onload = () => resolve(window.ayniVega)
      script.onerror = () => { window.ayniVegaLoading = undefined; reject(new Error('vega')) }
      document.head.appendChild(script)
    })
  }
  return window.ayniVegaLoading
}

// A chart draws what it was given: it never fetches.
const closedLoader = {
  load: () => Promise.reject(new Error('closed')), sanitize: () => Promise.reject(new Error('closed')),
  http: () => Promise.reject(new Error('closed')), file: () => Promise.reject(new Error('closed'))
}

const color = (name) => `hsl(${getComputedStyle(document.documentElement).getPropertyValue(name).trim()})`

const look = () => ({
  background: 'transparent',
  font: getComputedStyle(document.body).fontFamily,
  view: { stroke: 'transparent' },
  axis: {
    labelColor: color('--muted-foreground'), titleColor: color('--muted-foreground'), gridColor: color('--border'),
    domainColor: color('--border'), tickColor: color('--border'), labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal'
  },
  legend: { labelColor: color('--foreground'), titleColor: color('--muted-foreground'), orient: 'bottom' },
  title: { color: color('--foreground') },
  header: { labelColor: color('--foreground'), titleColor: color('--muted-foreground') },
  text: { color: color('--foreground') }
})

// The host's colours win over the spec's, which was written for paper; its locale and formats win over ours.
const dressed = (spec) => {
  const config = spec.config || {}
  const ours = look()
  const merged = { ...config }
  Object.keys(ours).forEach((key) => {
    const mine = ours[key]
    merged[key] = typeof mine === 'object' ? { ...(config[key] || {}), ...mine } : mine
  })
  merged.locale = config.locale || window.ayniLocale
  merged.mark = { color: color('--primary'), ...(config.mark || {}) }
  merged.padding = { left: 4, top: 6, right: 14, bottom: 4 }
  const single = !['hconcat', 'vconcat', 'concat', 'facet', 'repeat'].some((key) => key in spec)
  const height = Math.min(typeof spec.height === 'number' ? spec.height : 240, window.innerWidth < 480 ? 220 : 360)
  const tall = typeof spec.height === 'object' ? {} : { height }
  const size = single ? { width: 'container', ...tall, autosize: { type: 'fit-x', contains: 'padding' } } : {}
  return { ...spec, ...size, title: undefined, background: 'transparent', config: merged }
}

function Chart({ chart, index }) {
  const frame = useRef(null)
  const [state, setState] = useState('loading')
  const [theme, setTheme] = useState(document.documentElement.className)
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(document.documentElement.className))
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] })
    return () => observer.disconnect()
  }, [])
  const drawn = JSON.stringify(chart.spec)
  useEffect(() => {
    let view
    let gone = false
    loadVega()
      .then((embed) => gone ? null : embed(frame.current, dressed(chart.spec), {
        actions: false, renderer: 'svg', loader: closedLoader, tooltip: { theme: 'ayni' }, ast: false
      }))
      .then((result) => { if (gone && result) result.finalize(); else if (result) { view = result; setState('ready') } })
      .catch(() => { if (!gone) setState('failed') })
    return () => { gone = true; if (view) view.finalize() }
  }, [drawn, theme])
  return (
    <figure className="ayni-chart" data-testid="chart" data-state={state} data-index={index}>
      {chart.title ? <figcaption>{chart.title}</figcaption> : null}
      <div ref={frame} className="ayni-chart-frame" role="img" aria-label={chart.title} />
      {state === 'failed' ? <p className="ayni-note">No pude dibujar el gráfico. Las cifras de arriba valen igual.</p> : null}
    </figure>
  )
}

// Several figures of one metric share a source: its definition once, then each figure's own period and filters.
const grouped = (citations) => {
  const groups = []
  citations.forEach((source) => {
    const known = groups.find((group) => group.kind === source.kind && group.title === source.title)
    if (known) known.sources.push(source)
    else groups.push({ kind: source.kind, title: source.title, sources: [source] })
  })
  return groups.map((group) => ({ ...group, ...shared(group.sources.map((source) => source.excerpt)) }))
}

// What all the texts begin with, whole sentences only, and what each says beyond it.
const shared = (texts) => {
  if (texts.length === 1) return { common: texts[0], rests: [''] }
  let length = 0
  while (texts.every((text) => length < text.length && text[length] === texts[0][length])) length += 1
  const cut = texts[0].slice(0, length).lastIndexOf('. ') + 1
  return { common: texts[0].slice(0, cut), rests: texts.map((text) => text.slice(cut).trim()) }
}

function Sources({ citations }) {
  return (
    <section className="ayni-sources" aria-label="Fuentes" data-testid="sources">
      <h4>{citations.length === 1 ? 'Fuente' : 'Fuentes'}</h4>
      {grouped(citations).map((group) => (
        <details key={group.kind + group.title} data-testid="citation" data-kind={group.kind}>
          <summary><span className="ayni-kind">{KINDS[group.kind] || 'Fuente'}</span>{group.title}</summary>
          <div className="ayni-source-body">
            {group.common ? <p>{group.common}</p> : null}
            {group.sources.map((source, index) => (
              <p key={source.id}>
                {group.rests[index] ? group.rests[index] + ' ' : ''}
                {source.href ? <a href={source.href} target="_blank" rel="noopener">Ver el detalle y las líneas</a> : null}
              </p>
            ))}
          </div>
        </details>
      ))}
    </section>
  )
}

function Answer({ charts = [], citations = [], followUps = [], status, ask }) {
  return (
    <div className="ayni-answer" data-testid="answer-extras" data-status={status}>
      {charts.map((chart, index) => <Chart key={index} index={index} chart={chart} />)}
      {citations.length ? <Sources citations={citations} /> : null}
      {followUps.length ? (
        <nav className="ayni-follow-ups" aria-label="Puedes seguir con" data-testid="follow-ups">
          {followUps.map((text) => <button key={text} type="button" onClick={() => ask(text)}>{text}</button>)}
        </nav>
      ) : null}
    </div>
  )
}

// The chat runs this file again for every answer on the page whenever it starts or ends waiting. A component declared anew
// is another one to React, which would draw each chart again and close each source that was open: the first one is kept.
const Kept = window.ayniAnswer || (window.ayniAnswer = Answer)

export default <Kept {...props} ask={sendUserMessage} />
