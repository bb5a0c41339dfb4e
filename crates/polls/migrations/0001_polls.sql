-- Polls.
CREATE TABLE poll (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  number {text} NOT NULL,
  place {text} NOT NULL,
  status {text} NOT NULL,
  next_at {time},
  origin {id},
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX poll_number ON poll (street, number);
CREATE INDEX poll_next ON poll (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX poll_origin ON poll (street, origin) WHERE origin IS NOT NULL;

-- The published texts: rolls by version, the file of the result. Their hashes stand in the journal.
CREATE TABLE poll_text (
  street {id} NOT NULL,
  poll {id} NOT NULL,
  name {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (street, poll, name)
) {strict};

-- Heads of the roll that stands, to be found by telephone, person or unit; made from the roll's texts.
CREATE TABLE poll_head (
  street {id} NOT NULL,
  poll {id} NOT NULL,
  head {int} NOT NULL,
  units {text} NOT NULL,
  area {int} NOT NULL,
  blind {text},
  person {id},
  PRIMARY KEY (street, poll, head)
) {strict};
CREATE INDEX poll_head_blind ON poll_head (street, blind) WHERE blind IS NOT NULL;
CREATE INDEX poll_head_person ON poll_head (street, person) WHERE person IS NOT NULL;

-- Heads to whom something happened; a named ballot is the one that counts.
CREATE TABLE poll_voter (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  poll {id} NOT NULL,
  head {int} NOT NULL,
  area {int} NOT NULL,
  person {id},
  reached {text},
  agent {int},
  unsettled {bool} NOT NULL,
  vote {text},
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX poll_voter_head ON poll_voter (street, poll, head);
CREATE INDEX poll_voter_vote ON poll_voter (street, poll, vote, area) WHERE vote IS NOT NULL;
CREATE INDEX poll_voter_person ON poll_voter (street, person) WHERE person IS NOT NULL;

-- Who took part so far and how deliveries went, so that a page need not count a hundred thousand rows.
CREATE TABLE poll_turnout (
  street {id} NOT NULL,
  poll {id} NOT NULL,
  heads {int} NOT NULL,
  area {int} NOT NULL,
  served {int} NOT NULL,
  posted {int} NOT NULL,
  unserved {int} NOT NULL,
  unsettled {int} NOT NULL,
  PRIMARY KEY (street, poll)
) {strict};

-- Secret polls: who was handed a ballot, to the day and no finer.
CREATE TABLE poll_handed (
  street {id} NOT NULL,
  poll {id} NOT NULL,
  head {int} NOT NULL,
  day {text} NOT NULL,
  way {text} NOT NULL,
  PRIMARY KEY (street, poll, head)
) {strict};

-- Secret polls: how many ballots say what. No row is a person's.
CREATE TABLE poll_box (
  street {id} NOT NULL,
  poll {id} NOT NULL,
  vote {text} NOT NULL,
  n {int} NOT NULL,
  PRIMARY KEY (street, poll, vote)
) {strict};

-- Codes handed out for the booth and not used yet; only their keyed hashes.
CREATE TABLE poll_pass (
  street {id} NOT NULL,
  poll {id} NOT NULL,
  pass {text} NOT NULL,
  PRIMARY KEY (street, poll, pass)
) {strict};
