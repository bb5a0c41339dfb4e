-- What residents think of an action that was done: one evaluation a person, the later one counts.
CREATE TABLE action_evaluation (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  action {id} NOT NULL,
  person {id} NOT NULL,
  grade {text} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX action_evaluation_action ON action_evaluation (street, action, grade);
CREATE INDEX action_evaluation_person ON action_evaluation (street, person);
