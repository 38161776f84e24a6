// Copy buttons, and the focus after a form was answered.  Pages work without it.
"use strict";

function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return Promise.resolve();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  copy(from.value === undefined ? from.textContent.trim() : from.value).then(() => {
    document.getElementById("said").textContent = document.body.dataset.copied;
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1500);
  });
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const notice = event.target === document.body && document.getElementById("notice");
  if (notice) notice.focus();
});
