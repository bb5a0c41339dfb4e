-- Plans that are put to consultation.
CREATE TABLE plan (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  number {text} NOT NULL,
  place {text} NOT NULL,
  status {text} NOT NULL,
  public {int} NOT NULL,
  next_at {time},
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX plan_number ON plan (street, number);
CREATE INDEX plan_next ON plan (next_at) WHERE next_at IS NOT NULL;

-- What people say to them, each answered.
CREATE TABLE plan_opinion (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  plan {id} NOT NULL,
  round {int} NOT NULL,
  kind {text} NOT NULL,
  status {text} NOT NULL,
  person {id},
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX plan_opinion_plan ON plan_opinion (street, plan, kind, status);
CREATE INDEX plan_opinion_person ON plan_opinion (street, person);
