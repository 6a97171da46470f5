"""What a program gets that must have somebody forgotten."""


def test_a_ticket_is_forgotten_and_the_proof_is_listed(client):
    """The answer is the proof; doing it again is no error, for what is asked for holds."""
    client.put("/v1/knowledge/a/1", json={"kind": "ticket", "body": "Drucker"})
    answer = client.delete("/v1/tickets/a/1")
    assert answer.status_code == 200
    assert answer.json()["counts"] == {"documents": 1}
    assert client.delete("/v1/tickets/a/1").json()["counts"] == {"documents": 0}
    proofs = client.get("/v1/forgettings").json()["forgettings"]
    assert [proof["subject"] for proof in proofs] == ["ticket", "ticket"]
    assert proofs[0] == answer.json()


def test_a_customer_and_a_person_are_forgotten(client):
    """The address stands in the body, never in a path that a log would keep."""
    assert client.delete("/v1/customers/Elmtal").json()["subject"] == "customer"
    answer = client.post("/v1/forgettings", json={"person": "s.k@example.org"})
    assert (answer.status_code, answer.json()["subject"]) == (200, "person")


def test_a_person_without_an_address_is_refused(client):
    """A name alone would erase what nobody meant."""
    answer = client.post("/v1/forgettings", json={"person": "Kowalczyk"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:stellwerk:problem:no-person"
