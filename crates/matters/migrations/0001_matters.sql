-- A matter: `state` is what the journal's events give; the columns are taken from it, for lists and figures.
CREATE TABLE matter (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  number {text} NOT NULL,
  community {text} NOT NULL,
  place {text} NOT NULL,
  status {text} NOT NULL,
  is_open {bool} NOT NULL,
  since {time} NOT NULL,
  raised_at {time} NOT NULL,
  channel {text} NOT NULL,
  category {text},
  nature {text},
  urgency {text} NOT NULL,
  tier {text},
  lead {id},
  round {int} NOT NULL,
  due_at {time},
  -- The deadline, or the end of time: what lists are sorted by.
  sort_at {time} NOT NULL,
  due_start {time},
  due_kind {text},
  next_at {time},
  accepted_at {time},
  accept_by {time},
  closed_at {time},
  answered_at {time},
  outcome {text},
  voices {int} NOT NULL,
  urges {int} NOT NULL,
  photos {int} NOT NULL,
  asked {text},
  street_decides {bool} NOT NULL,
  suspended {bool} NOT NULL,
  suspended_since {time},
  waiting {bool} NOT NULL,
  supervised {bool} NOT NULL,
  agenda {bool} NOT NULL,
  whistled {bool} NOT NULL,
  onsite {bool} NOT NULL,
  hidden {bool} NOT NULL,
  imported {bool} NOT NULL,
  ledger_key {text},
  -- The reply's time in the old ledger, and how long it took there.
  replied_at {time},
  reply_minutes {int},
  lat {int},
  lon {int},
  -- Clear copies of committed words, for lists: checked against their commitments.
  title {text},
  body {text},
  public_title {text},
  state {json} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX matter_ledger ON matter (street, ledger_key);
CREATE INDEX matter_place ON matter (street, place);
CREATE INDEX matter_open_due ON matter (street, is_open, sort_at, id);
CREATE INDEX matter_due ON matter (street, sort_at, id);
CREATE INDEX matter_raised ON matter (street, raised_at, id);
CREATE INDEX matter_closed ON matter (street, closed_at);
CREATE INDEX matter_next ON matter (next_at);
CREATE INDEX matter_lead ON matter (street, lead, status);

-- What staff began to register and will finish later; only its author sees it.
CREATE TABLE matter_draft (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  author {id},
  status {text} NOT NULL,
  state {json} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX matter_draft_author ON matter_draft (street, author, status);

-- Who raised it and who met with it too; every voice has a number of its own.
CREATE TABLE matter_voice (
  street {id} NOT NULL,
  matter {id} NOT NULL,
  voice {id} NOT NULL,
  number {text} NOT NULL,
  person {id},
  secret {text} NOT NULL,
  at {time} NOT NULL,
  on_behalf {bool} NOT NULL,
  withdrawn {bool} NOT NULL,
  PRIMARY KEY (street, matter, voice)
) {strict};
CREATE UNIQUE INDEX matter_voice_number ON matter_voice (street, number);
CREATE INDEX matter_voice_person ON matter_voice (street, person, at);

-- One row per round, for figures.
CREATE TABLE matter_round (
  street {id} NOT NULL,
  matter {id} NOT NULL,
  round {int} NOT NULL,
  lead {id},
  leads {int} NOT NULL,
  dispatched_at {time} NOT NULL,
  sign_by {time},
  signed_at {time},
  sign_minutes {int},
  contacted_at {time},
  contact_minutes {int},
  judged_by {time} NOT NULL,
  deadline {time} NOT NULL,
  extensions {int} NOT NULL,
  handled_at {time},
  handle_minutes {int},
  answered_at {time},
  closed_at {time},
  outcome {text},
  reworks {int} NOT NULL,
  suspended {bool} NOT NULL,
  PRIMARY KEY (street, matter, round)
) {strict};

-- Requests for return, extension, suspension, whistle.
CREATE TABLE matter_request (
  street {id} NOT NULL,
  matter {id} NOT NULL,
  request {id} NOT NULL,
  kind {text} NOT NULL,
  unit {id},
  at {time} NOT NULL,
  street_decides {bool} NOT NULL,
  granted {bool},
  decided_at {time},
  PRIMARY KEY (street, matter, request)
) {strict};
CREATE INDEX matter_request_open ON matter_request (street, decided_at);

-- Tasks of supporting units.
CREATE TABLE matter_task (
  street {id} NOT NULL,
  matter {id} NOT NULL,
  task {id} NOT NULL,
  unit {id} NOT NULL,
  at {time} NOT NULL,
  ended_at {time},
  waived {bool} NOT NULL,
  PRIMARY KEY (street, matter, task)
) {strict};
CREATE INDEX matter_task_unit ON matter_task (street, unit, ended_at);

-- Verdicts.
CREATE TABLE matter_evaluation (
  street {id} NOT NULL,
  matter {id} NOT NULL,
  voice {id} NOT NULL,
  round {int} NOT NULL,
  contacted {bool} NOT NULL,
  solved {bool} NOT NULL,
  satisfied {text} NOT NULL,
  by_staff {bool} NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (street, matter, voice, round)
) {strict};

-- Attachments, so that a file is shown only to those who may see its matter.
CREATE TABLE matter_attachment (
  street {id} NOT NULL,
  matter {id} NOT NULL,
  blob {id} NOT NULL,
  kind {text} NOT NULL,
  purpose {text} NOT NULL,
  public {bool} NOT NULL,
  redactions {int} NOT NULL,
  PRIMARY KEY (street, matter, blob)
) {strict};
CREATE INDEX matter_attachment_blob ON matter_attachment (street, blob);
