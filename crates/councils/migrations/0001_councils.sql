-- Standing bodies.
CREATE TABLE council (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  kind {text} NOT NULL,
  name {text} NOT NULL,
  place {text} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX council_name ON council (street, place, name);

-- Who sits on them: by this a person's seats are found.
CREATE TABLE council_member (
  street {id} NOT NULL,
  council {id} NOT NULL,
  member {id} NOT NULL,
  person {id} NOT NULL,
  until_on {text},
  PRIMARY KEY (street, council, member)
) {strict};
CREATE INDEX council_member_person ON council_member (street, person);

-- Meetings of a body.
CREATE TABLE sitting (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  council {id} NOT NULL,
  number {int} NOT NULL,
  status {text} NOT NULL,
  place {text} NOT NULL,
  venue {text} NOT NULL,
  starts_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX sitting_number ON sitting (street, council, number);
CREATE INDEX sitting_when ON sitting (street, starts_at);

-- Items of an agenda: by this a matter is known to stand on one.
CREATE TABLE sitting_item (
  street {id} NOT NULL,
  sitting {id} NOT NULL,
  item {id} NOT NULL,
  matter {id},
  status {text} NOT NULL,
  PRIMARY KEY (street, sitting, item)
) {strict};
CREATE INDEX sitting_item_matter ON sitting_item (street, matter);

-- Who was there.
CREATE TABLE sitting_person (
  street {id} NOT NULL,
  sitting {id} NOT NULL,
  turn {int} NOT NULL,
  person {id} NOT NULL,
  PRIMARY KEY (street, sitting, turn)
) {strict};
CREATE INDEX sitting_person_person ON sitting_person (street, person);

-- What follows from a decision.
CREATE TABLE council_action (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  council {id} NOT NULL,
  sitting {id} NOT NULL,
  status {text} NOT NULL,
  due_on {text} NOT NULL,
  person {id},
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX council_action_open ON council_action (street, council, status, due_on);
CREATE INDEX council_action_sitting ON council_action (street, sitting);
CREATE INDEX council_action_person ON council_action (street, person);
