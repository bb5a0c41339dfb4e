-- Questions put to a sitting, each answered, promised or refused with a reason.
CREATE TABLE sitting_question (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  sitting {id} NOT NULL,
  place {text} NOT NULL,
  status {text} NOT NULL,
  person {id},
  due_on {text},
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX sitting_question_sitting ON sitting_question (street, sitting, status);
CREATE INDEX sitting_question_person ON sitting_question (street, person);
CREATE INDEX sitting_question_due ON sitting_question (street, status, due_on, id);
