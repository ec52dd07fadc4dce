// Three things a page can't do without a script: a question before what can't be taken back, a choice that sends itself,
// and a menu that closes when one looks elsewhere. Loaded before the page is shown, not deferred: a press that comes early
// would go through without its question.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-send]")) event.target.form.requestSubmit();
});
const close = (event) => {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (event.key === "Escape" || !menu.contains(event.target)) menu.open = false;
  }
};
document.addEventListener("click", close);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(event); });
