-- Entries that no seal covers yet: written with the entry, taken away by the seal. A queue instead of "everything after
-- the last position": on PostgreSQL a lower position may be committed after a higher one was sealed.
CREATE TABLE unsealed (
  pos {int} NOT NULL PRIMARY KEY
) {strict};

-- Which entry is which leaf of the tree, from 0 without gaps; given out by the seal, never changed.
CREATE TABLE leaf (
  n {int} NOT NULL PRIMARY KEY,
  pos {int} NOT NULL UNIQUE
) {strict};

-- Hashes of the perfect subtrees of 2^8, 2^16 … leaves, so that a proof reads hundreds of hashes and not the whole record.
CREATE TABLE branch (
  level {int} NOT NULL,
  n {int} NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (level, n)
) {strict};

-- Signed heads of the tree. `day` is the date in China; the last one of a day is published.
CREATE TABLE seal (
  n {int} NOT NULL PRIMARY KEY,
  entries {int} NOT NULL UNIQUE,
  head {bytes} NOT NULL,
  before {bytes} NOT NULL,
  at {time} NOT NULL,
  day {text} NOT NULL,
  public_key {bytes} NOT NULL,
  signature {bytes} NOT NULL
) {strict};
CREATE INDEX seal_day ON seal (day, n);

-- A receipt is found by the hash of its entry.
CREATE INDEX journal_hash ON journal (hash);

-- A mark over the row, made with the key file: who writes into the database alone cannot change a copy unseen.
ALTER TABLE blob ADD COLUMN mark {text};

INSERT INTO unsealed (pos) SELECT pos FROM journal;
