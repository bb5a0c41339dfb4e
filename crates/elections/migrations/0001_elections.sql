-- Elections.
CREATE TABLE election (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  number {text} NOT NULL,
  place {text} NOT NULL,
  status {text} NOT NULL,
  next_at {time},
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX election_number ON election (street, number);
CREATE INDEX election_next ON election (next_at) WHERE next_at IS NOT NULL;

-- Who has a part in them besides voting: members of committees, nominees, those who appealed.
CREATE TABLE election_person (
  street {id} NOT NULL,
  election {id} NOT NULL,
  part {text} NOT NULL,
  thing {id} NOT NULL,
  person {id} NOT NULL,
  PRIMARY KEY (street, election, part, thing)
) {strict};
CREATE INDEX election_person_person ON election_person (street, person);
