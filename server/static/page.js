// Four things a page can't do without a script: a question before what can't be taken back, a choice that sends itself,
// a menu that closes when one looks elsewhere, and a tab that follows to another company. Loaded before the page is
// shown, not deferred: a press that comes early would go through without its question.
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
// One login is in one company at a time: a tab left open in the one before would send its file or its form to the new one.
document.addEventListener("DOMContentLoaded", () => {
  const company = document.body.dataset.company;
  if (!company) return;
  localStorage.setItem("ayni.company", company);
  window.addEventListener("storage", (event) => {
    if (event.key === "ayni.company" && event.newValue && event.newValue !== company) window.location.reload();
  });
});
