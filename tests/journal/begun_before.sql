BEGIN TRANSACTION;
CREATE TABLE journal_audit (
	classification_id VARCHAR(255) NOT NULL, 
	model VARCHAR(255) NOT NULL, 
	time DATETIME NOT NULL, 
	wrong BOOLEAN, 
	PRIMARY KEY (classification_id), 
	FOREIGN KEY(classification_id) REFERENCES journal_decision (id) ON DELETE CASCADE
);
INSERT INTO "journal_audit" VALUES('c_1','m','2026-03-02 12:00:00.123456',1);
CREATE TABLE journal_correction (
	id INTEGER NOT NULL, 
	classification_id VARCHAR(255) NOT NULL, 
	time DATETIME NOT NULL, 
	labels JSON NOT NULL, 
	source VARCHAR(255), 
	PRIMARY KEY (id), 
	FOREIGN KEY(classification_id) REFERENCES journal_decision (id)
);
INSERT INTO "journal_correction" VALUES(1,'c_1','2026-03-02 12:00:00.123456','{"level": "3"}','ada');
CREATE TABLE journal_decision (
	id VARCHAR(255) NOT NULL, 
	time DATETIME NOT NULL, 
	ticket_id VARCHAR(255), 
	customer VARCHAR(255), 
	ticket JSON NOT NULL, 
	predictions JSON NOT NULL, 
	action VARCHAR(16) NOT NULL, 
	labels JSON NOT NULL, 
	reasons JSON NOT NULL, 
	model VARCHAR(255), 
	PRIMARY KEY (id)
);
INSERT INTO "journal_decision" VALUES('c_1','2026-03-02 12:00:00.123456','4711','Depot Grünwald','{"subject": "Drucker streikt", "body": "Etikett 7 wird gr\u00fcn.", "id": "4711", "language": "de", "channel": null, "product": null, "customer": "Depot Gr\u00fcnwald", "created_at": null}','{"level": {"label": "2", "confidence": 0.7, "probabilities": {"1": 0.3, "2": 0.7}}}','auto','{"level": "2"}','[]','m');
CREATE TABLE journal_document (
	kind VARCHAR(16) NOT NULL, 
	id VARCHAR(512) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	customer VARCHAR(255), 
	time DATETIME NOT NULL, 
	source TEXT, 
	file TEXT, 
	content JSON, 
	PRIMARY KEY (kind, id)
);
INSERT INTO "journal_document" VALUES('article','a-1','d',NULL,'2026-11-29 00:29:29.405950',NULL,NULL,'{"title": "Drucker"}');
CREATE TABLE journal_document_home (
	id INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE journal_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "journal_version" VALUES(1);
CREATE TABLE journal_vote (
	id INTEGER NOT NULL, 
	time DATETIME NOT NULL, 
	"query" TEXT NOT NULL, 
	hit_id VARCHAR(255) NOT NULL, 
	helpful BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "journal_vote" VALUES(1,'2026-03-02 12:00:00.123456','Drucker','a-1',1);
CREATE TABLE journal_withdrawal (
	model VARCHAR(255) NOT NULL, 
	time DATETIME NOT NULL, 
	PRIMARY KEY (model)
);
INSERT INTO "journal_withdrawal" VALUES('m','2026-11-29 00:29:29.404358');
CREATE INDEX ix_journal_decision_time ON journal_decision (time);
CREATE INDEX ix_journal_decision_customer ON journal_decision (customer);
CREATE INDEX ix_journal_decision_ticket_id ON journal_decision (ticket_id);
CREATE INDEX ix_journal_document_customer ON journal_document (customer);
CREATE INDEX ix_journal_vote_hit_id ON journal_vote (hit_id);
CREATE INDEX ix_journal_correction_classification_id ON journal_correction (classification_id);
CREATE INDEX ix_journal_correction_time ON journal_correction (time);
CREATE INDEX ix_journal_audit_model ON journal_audit (model);
COMMIT;
