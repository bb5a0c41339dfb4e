-- For which day of the body's rhythm a sitting is: planned once, also when two plan at the same time.
ALTER TABLE sitting ADD COLUMN occurrence {text};
CREATE UNIQUE INDEX sitting_occurrence ON sitting (street, council, occurrence);
-- Actions that are over, in every street.
CREATE INDEX council_action_over ON council_action (status, due_on, street, id);
