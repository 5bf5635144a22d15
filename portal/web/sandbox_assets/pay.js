// The payment page: shows the total of the chosen method, and sends a form once.
"use strict";

const form = document.getElementById("pay");
const words = document.getElementById("go-words");
const button = document.getElementById("go");

function show(choice) {
  const fee = document.getElementById("fee");
  const total = document.getElementById("total");
  if (fee) fee.textContent = choice.dataset.fee;
  if (total) total.textContent = choice.dataset.total;
  if (button && button.dataset.verb) words.textContent = button.dataset.verb + choice.dataset.total;
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.name === "method") show(event.target);
  });
  form.addEventListener("submit", (event) => {
    if (form.classList.contains("sent")) {
      event.preventDefault();
      return;
    }
    form.classList.add("sent");
    if (words) words.textContent = "One moment …";
  });
}

// A page that the back button brings back from memory asks the server how things stand.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
  const chosen = document.querySelector("input[name=method]:checked");
  if (chosen) show(chosen);
});
