-- On which days members of a body receive residents.
CREATE TABLE council_rota (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  council {id} NOT NULL,
  status {text} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX council_rota_council ON council_rota (street, council);
-- A member is there for residents at a time; planned once for a day of a rota, also when two plan at the same time.
CREATE TABLE council_duty (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  council {id} NOT NULL,
  rota {id},
  occurrence {text},
  slot {int} NOT NULL,
  seat {id} NOT NULL,
  person {id} NOT NULL,
  asked {id},
  status {text} NOT NULL,
  place {text} NOT NULL,
  starts_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  reminded {int} NOT NULL,
  people {int} NOT NULL,
  answered {int} NOT NULL,
  raised {int} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX council_duty_occurrence ON council_duty (street, rota, occurrence, slot);
CREATE INDEX council_duty_council ON council_duty (street, council, starts_at, id);
CREATE INDEX council_duty_when ON council_duty (street, starts_at, id);
CREATE INDEX council_duty_person ON council_duty (street, person, starts_at);
CREATE INDEX council_duty_asked ON council_duty (street, asked);
CREATE INDEX council_duty_remind ON council_duty (status, reminded, starts_at);
