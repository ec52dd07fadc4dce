// One file on its way: where it is, how many lines were read, kept and set aside, and how its columns were understood.
const count = (n) => new Intl.NumberFormat('es-CL').format(n || 0)

const TITLES = {
  received: 'Recibido', working: 'Leyendo tu archivo', ready: 'Listo', failed: 'No pude usar este archivo', undone: 'Carga deshecha'
}

// The stages that the reading names; what comes after it is named in Spanish already.
const STAGES = {
  reading: 'Leyendo las líneas', mapping: 'Entendiendo las columnas', cleaning: 'Revisando fechas y montos', saving: 'Guardando',
  computing: 'Calculando tus cifras', undoing: 'Deshaciendo la carga'
}

const stageName = (stage) => STAGES[stage] || (stage ? stage.charAt(0).toUpperCase() + stage.slice(1) : 'En espera')

function Count({ label, value, id }) {
  return <div data-testid={id}><dt>{label}</dt><dd>{count(value)}</dd></div>
}

function Mapping({ mapping, page }) {
  return (
    <details className="ayni-mapping" data-testid="mapping">
      <summary>Así entendí tus columnas</summary>
      <table>
        <thead><tr><th>En tu archivo</th><th>Lo leí como</th></tr></thead>
        <tbody>
          {mapping.map((pair) => (
            <tr key={pair.header}><td>{pair.header}</td><td className={pair.field ? '' : 'ayni-unused'}>{pair.field || 'no lo uso'}</td></tr>
          ))}
        </tbody>
      </table>
      <a href={page} target="_blank" rel="noopener">Corregir las columnas</a>
    </details>
  )
}

function Upload({ state, stage, filename, mapping = [], ...props }) {
  const busy = state === 'received' || state === 'working'
  return (
    <section className="ayni-upload" data-testid="upload" data-state={state} aria-live="polite" aria-busy={busy}>
      <header>
        <strong>{TITLES[state] || state}</strong>
        <span className="ayni-file">{filename}</span>
      </header>
      {busy ? <div className="ayni-progress" role="progressbar" aria-label={stageName(stage)}><i /></div> : null}
      {busy ? <p className="ayni-stage" data-testid="stage">{stageName(stage)}…</p> : null}
      {state === 'failed' ? <p className="ayni-problem" data-testid="problem">{props.message}</p> : null}
      {props.read || props.accepted ? (
        <dl>
          <Count id="rows-read" label="Líneas leídas" value={props.read} />
          <Count id="rows-accepted" label="Aceptadas" value={props.accepted} />
          <Count id="rows-set-aside" label="Apartadas" value={props.setAside} />
          {props.alreadyKnown ? <Count id="rows-known" label="Ya las tenía" value={props.alreadyKnown} /> : null}
        </dl>
      ) : null}
      {props.period && !busy ? <p className="ayni-stage" data-testid="period">Ventas del {props.period}.</p> : null}
      {props.duplicates ? <p className="ayni-note">{props.duplicates === 1 ? '1 línea parece repetida dentro del archivo. La conté como una venta distinta.' : `${count(props.duplicates)} líneas parecen repetidas dentro del archivo. Las conté como ventas distintas.`}</p> : null}
      {mapping.length ? <Mapping mapping={mapping} page={props.page} /> : null}
      {!busy ? (
        <footer>
          {props.rejectedHref && props.setAside ? <a href={props.rejectedHref} data-testid="rejected" download>Descargar las apartadas</a> : null}
          <a href={props.page} data-testid="upload-page" target="_blank" rel="noopener">Ver la carga</a>
        </footer>
      ) : null}
    </section>
  )
}

// Run again at each step of the reading: the first component is kept, so that what was opened stays open (see AyniAnswer).
const Kept = window.ayniUpload || (window.ayniUpload = Upload)

export default <Kept {...props} />
