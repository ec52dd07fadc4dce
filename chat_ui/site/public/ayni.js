// Chainlit names months and says a few errors in the browser's language or in English: here they are in Spanish.
document.documentElement.lang = 'es-CL';
try { Object.defineProperty(navigator, 'language', { get: () => 'es-CL' }); } catch { /* the browser's own then */ }

// Light or dark as the device is, until the owner chooses.
try { if (!localStorage.getItem('vite-ui-theme')) localStorage.setItem('vite-ui-theme', 'system'); } catch { /* private mode */ }
