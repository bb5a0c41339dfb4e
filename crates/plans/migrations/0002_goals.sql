-- What works build, in numbers.
CREATE TABLE plan_goal (
  street {id} NOT NULL,
  plan {id} NOT NULL,
  n {int} NOT NULL,
  place {text} NOT NULL,
  what {text} NOT NULL,
  unit {text} NOT NULL,
  planned {int} NOT NULL,
  built {int} NOT NULL,
  PRIMARY KEY (street, plan, n)
) {strict};
CREATE INDEX plan_goal_what ON plan_goal (street, what, unit);
