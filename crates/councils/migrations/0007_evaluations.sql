-- What residents think of an action that was done: one evaluation a person, the later one counts.
CREATE TABLE council_evaluation (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  action {id} NOT NULL,
  person {id} NOT NULL,
  grade {text} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX council_evaluation_action ON council_evaluation (street, action, grade);
CREATE INDEX council_evaluation_person ON council_evaluation (street, person);
