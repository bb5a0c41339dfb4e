-- Motions that members hand in between sittings.
CREATE TABLE council_motion (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  council {id} NOT NULL,
  status {text} NOT NULL,
  person {id} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX council_motion_council ON council_motion (street, council, id);
CREATE INDEX council_motion_person ON council_motion (street, person);
