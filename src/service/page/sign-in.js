// Exchanges a key for a session, which the browser keeps where no script can read it.

const form = document.getElementById("sign-in");
const refusal = document.getElementById("refusal");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  refusal.hidden = true;
  const response = await fetch("session", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ key: form.elements.key.value }),
  }).catch(() => null);
  if (response?.ok) return location.reload();
  const problem = await response?.json().catch(() => null);
  refusal.textContent = problem?.detail ?? form.dataset.failed;
  refusal.hidden = false;
  form.elements.key.select();
});
