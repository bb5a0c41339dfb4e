-- The record: append-only; the pair (stream, seq) is the optimistic lock.
CREATE TABLE journal (
  pos {serial},
  street {id} NOT NULL,
  room {text} NOT NULL,
  stream {id} NOT NULL,
  seq {int} NOT NULL,
  kind {text} NOT NULL,
  person {id},
  body {text} NOT NULL,
  at {time} NOT NULL,
  prev {bytes} NOT NULL,
  hash {bytes} NOT NULL,
  UNIQUE (stream, seq)
) {strict};
CREATE INDEX journal_street_pos ON journal (street, pos);

-- Clear values of committed words, encrypted; erasing a row leaves the chain whole.
CREATE TABLE words (
  street {id} NOT NULL,
  commitment {text} NOT NULL,
  subject {id},
  sealed {bytes},
  PRIMARY KEY (street, commitment)
) {strict};
CREATE INDEX words_subject ON words (street, subject);

CREATE TABLE idempotency (
  scope {text} NOT NULL,
  key {text} NOT NULL,
  print {text} NOT NULL,
  answer {text},
  at {time} NOT NULL,
  PRIMARY KEY (scope, key)
) {strict};
CREATE INDEX idempotency_at ON idempotency (at);

-- Numbers given out, never reused.
CREATE TABLE series (
  street {id} NOT NULL,
  name {text} NOT NULL,
  last {int} NOT NULL,
  PRIMARY KEY (street, name)
) {strict};

-- Photos, recordings and papers. The original is encrypted; the public copy has no metadata.
CREATE TABLE blob (
  street {id} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  mime {text} NOT NULL,
  sha256 {text} NOT NULL,
  size {int} NOT NULL,
  width {int},
  height {int},
  taken_at {time},
  original {bytes},
  public {bytes},
  thumb {bytes},
  at {time} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};

-- What goes out to people's phones and other systems, with retries and a dead letter.
CREATE TABLE outbox (
  street {id} NOT NULL,
  id {id} NOT NULL,
  channel {text} NOT NULL,
  sealed {bytes} NOT NULL,
  state {text} NOT NULL,
  tries {int} NOT NULL,
  due_at {time} NOT NULL,
  error {text},
  at {time} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX outbox_due ON outbox (state, due_at);

-- Notices inside the product.
CREATE TABLE inbox (
  street {id} NOT NULL,
  id {id} NOT NULL,
  person {id} NOT NULL,
  key {text} NOT NULL,
  args {json} NOT NULL,
  link {text} NOT NULL,
  at {time} NOT NULL,
  -- Nobody is rung up before this: outside duty hours only what is urgent rings.
  due_at {time} NOT NULL,
  read_at {time},
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX inbox_person ON inbox (street, person, id);
CREATE INDEX inbox_unread ON inbox (street, person, due_at) WHERE read_at IS NULL;

CREATE TABLE setting (
  street {id} NOT NULL,
  name {text} NOT NULL,
  value {json} NOT NULL,
  PRIMARY KEY (street, name)
) {strict};

-- Chinese search: bigrams cut by our own code.
CREATE TABLE search_doc (
  doc {serial},
  street {id} NOT NULL,
  kind {text} NOT NULL,
  ref {id} NOT NULL,
  -- only: postgres
  words tsvector NOT NULL,
  -- end
  UNIQUE (street, kind, ref)
) {strict};
-- only: sqlite
CREATE VIRTUAL TABLE search_fts USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
-- end
-- only: postgres
CREATE INDEX search_words ON search_doc USING gin (words);
-- end
