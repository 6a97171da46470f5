"""Who did what, told to whoever may ask."""


def test_acts_are_told_with_who_did_them_and_how_it_went(client, desk):
    """A promotion, one that was refused, and a deletion, the last first."""
    client.post("/v1/models/v1/promote")
    client.post("/v1/models/v9/promote")
    client.put("/v1/knowledge/a-1", json={"kind": "article", "title": "t", "body": "b"})
    client.delete("/v1/knowledge/a-1")
    told = client.get("/v1/audit-trail").json()
    assert [
        (one["actor"], one["act"], one["subject"], one["outcome"]) for one in told["acts"] if one["actor"] == "trial"
    ] == [
        ("trial", "delete document", "a-1", "done"),
        ("trial", "promote", "v9", "refused"),
        ("trial", "promote", "v1", "done"),
    ]
    assert told["before"] is None


def test_acts_come_in_pages(client):
    """``before`` of one answer asks for the next, until there is none."""
    for _ in range(5):
        client.post("/v1/models/v1/promote")
    ids, before = [], None
    while True:
        page = client.get("/v1/audit-trail", params={"limit": 2} | ({"before": before} if before else {})).json()
        ids += [one["id"] for one in page["acts"] if one["actor"] == "trial"]
        if (before := page["before"]) is None:
            break
    assert len(ids) == 5
    assert ids == sorted(ids, reverse=True)


def test_since_leaves_older_ones_out(client):
    """None has been done after tomorrow; a time that is none is refused."""
    client.post("/v1/models/v1/promote")
    assert client.get("/v1/audit-trail?since=2999-01-01").json()["acts"] == []
    assert client.get("/v1/audit-trail?since=soon").status_code == 422
