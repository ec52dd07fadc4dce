// Chainlit names months and says a few errors in the browser's language or in English: here they are in Spanish.
document.documentElement.lang = 'es-CL';
try { Object.defineProperty(navigator, 'language', { get: () => 'es-CL' }); } catch { /* the browser's own then */ }

// Light or dark as the device is, until the owner chooses.
try { if (!localStorage.getItem('vite-ui-theme')) localStorage.setItem('vite-ui-theme', 'system'); } catch { /* private mode */ }

// A page of ours may send a question along (`/chat?pregunta=…`). It is written into the box, and asked at once where the
// visitor comes from a page of ours; from anywhere else it waits for the visitor: others may propose, not ask.
(() => {
  const here = new URL(window.location.href);
  const question = (here.searchParams.get('pregunta') || '').trim().slice(0, 500);
  if (!question) return;
  here.searchParams.delete('pregunta');
  window.history.replaceState(window.history.state, '', here);  // once: a reload does not ask again
  const ours = () => {
    try {
      const from = new URL(document.referrer);
      return from.origin === here.origin && !/^\/(entrar|login|dev)/.test(from.pathname);
    } catch { return false; }
  };
  const write = (box) => {
    box.focus();
    if (box.isContentEditable) { document.execCommand('insertText', false, question); return; }
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), 'value').set.call(box, question);
    box.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const asks = ours();
  const until = Date.now() + 30000;
  let held = 0;
  const step = () => {
    const box = document.querySelector('#chat-input'), send = document.querySelector('#chat-submit');
    if (box) {
      const told = box.isContentEditable ? box.textContent : box.value;
      if (told.trim()) held += 1; else { held = 0; write(box); }  // the box is made anew while the page settles
      if (asks && held > 1 && send && !send.disabled) { send.click(); return; }
      if (!asks && held > 10) return;
    }
    if (Date.now() < until) window.setTimeout(step, 120);
  };
  step();
})();
